"""The review queue: what it counts, how it is paged and filtered, and what it costs."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.records import workflow
from reports.records.assigning import assign
from reports.records.models import ActivityRecord
from reports.records.queue import listing
from reports.records.queue.asked import Asked, read_query
from reports.records.queue.pace import days_between, pace_of
from tests.personas import World
from tests.reports.review_queue import QUEUE, SignIn, shown
from units import teams
from units.models import Team
from units.scope import EVERYTHING


@pytest.fixture
def client(world: World, sign_in: SignIn) -> Client:
    """Return the reviewer's browser."""
    return sign_in(world.reviewer)


def look(client: Client, **asked: str | int) -> list[int]:
    """Return the numbers of the records that the queue shows."""
    return shown(client.get(reverse(QUEUE), asked))


def counted(client: Client, facet: str, **asked: str | int) -> dict[str, int | None]:
    """Return the numbers of one menu by their labels."""
    facets = {one.name: one for one in client.get(reverse(QUEUE), asked).context["facets"]}
    return {choice.label: choice.n for choice in facets[facet].choices} if facet in facets else {}


def test_menus_count_what_waits_under_all_other_filters(world: World, client: Client) -> None:
    world.submitted()
    world.submitted()
    world.foreign()
    world.draft()
    world.approved()
    assert counted(client, "type") == {"宣讲": 3}
    assert counted(client, "unit") == {"滨海市第一中学": 2, "滨海市第二中学": 1}
    assert counted(client, "type", unit=world.other_school.pk) == {"宣讲": 1}
    assert counted(client, "unit", unit=world.other_school.pk) == {"滨海市第一中学": 2, "滨海市第二中学": 1}
    assert counted(client, "week", q="没有") == {}


def test_flags_and_assignments_are_filters(world: World, client: Client) -> None:
    plain, again, explained = world.submitted(), world.submitted(), world.submitted()
    workflow.send_back(again, actor=world.second_reviewer, note="请补")
    workflow.submit(again, actor=world.liaison)
    ActivityRecord.objects.filter(pk=explained.pk).update(reasons={"twin": "两校合办"})
    assign(plain, actor=world.second_reviewer, to=world.reviewer)
    assert look(client, mark="again") == [again.pk]
    assert look(client, mark="explained") == [explained.pk]
    assert look(client, mark="second") == []
    assert look(client, assigned="me") == [plain.pk]
    assert sorted(look(client, assigned="nobody")) == sorted([again.pk, explained.pk])
    assert counted(client, "mark") == {"有说明": 1, "曾被退回": 1}
    assert counted(client, "assigned") == {"指派给我": 1, "未指派": 2}


def test_second_review_is_a_flag_for_the_colleague(world: World, client: Client) -> None:
    world.lecture.needs_second_review = True
    world.lecture.save()
    endorsed, own = world.submitted(), world.submitted()
    workflow.approve(endorsed, actor=world.second_reviewer)
    workflow.approve(own, actor=world.reviewer)
    assert look(client) == [endorsed.pk]
    assert look(client, mark="second") == [endorsed.pk]


def test_a_team_and_a_units_name_narrow_the_list(world: World, client: Client) -> None:
    record, foreign = world.submitted(), world.foreign()
    team = Team.objects.get()
    assert look(client, team=team.pk) == [record.pk]
    teams.cover(team, [world.other_school], actor=None)
    assert len(look(client, team=team.pk)) == 2
    assert look(client, q="第二中学") == [foreign.pk]
    assert look(client, q="面向全体 第一") == [record.pk]


@pytest.mark.parametrize(
    "query", ["status=x&type=9999999999&mark=y&assigned=z&at=>x_1", "at=<2026_x", "unit=-1"]
)
def test_nonsense_in_the_address_asks_for_nothing(world: World, client: Client, query: str) -> None:
    record = world.submitted()
    assert shown(client.get(f"{reverse(QUEUE)}?{query}")) == [record.pk]
    assert read_query(query) == Asked()


def test_pages_go_forth_and_back_by_keyset(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    records = [world.submitted().pk for _number in range(5)]
    moment = timezone.now()
    # The same moment for two of them: the number decides.
    for place, pk in enumerate(records):
        ActivityRecord.objects.filter(pk=pk).update(submitted_at=moment + dt.timedelta(hours=place // 2))
    first = client.get(reverse(QUEUE))
    assert (shown(first), first.context["before"]) == (records[:2], "")
    second = client.get(first.context["after"])
    assert shown(second) == records[2:4]
    third = client.get(second.context["after"])
    assert (shown(third), third.context["after"]) == (records[4:], "")
    assert shown(client.get(third.context["before"])) == records[2:4]
    last = client.get(first.context["last_url"])
    assert (shown(last), last.context["after"]) == (records[3:], "")
    workflow.approve(ActivityRecord.objects.get(pk=records[0]), actor=world.reviewer)
    assert shown(client.get(first.context["after"])) == records[2:4]


def test_decided_records_are_paged_by_day(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    records = [world.approved().pk for _number in range(3)][::-1]
    first = client.get(reverse(QUEUE), {"status": "approved"})
    assert shown(first) == records[:2]
    assert shown(client.get(first.context["after"])) == records[2:]


def test_counts_end_at_a_thousand_and_say_so(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("listing", "facets", "showing"):
        monkeypatch.setattr(f"reports.records.queue.{module}.MOST_COUNTED", 2)
    for _number in range(4):
        world.submitted()
    response = client.get(reverse(QUEUE))
    assert response.context["counts"].is_capped
    assert response.context["n_left"] == 3
    assert "2+" in response.content.decode()
    assert counted(client, "type") == {"宣讲": 2}


def test_days_to_approve_run_from_the_first_submission(world: World, client: Client) -> None:
    assert days_between(dt.date(2026, 11, 20), dt.date(2026, 11, 23)) == 3
    assert pace_of(EVERYTHING).days is None
    for days in (1, 2, 6):
        record = world.approved()
        waited = timezone.now() - dt.timedelta(days=days)
        ActivityRecord.objects.filter(pk=record.pk).update(first_submitted_at=waited)
    loaded = world.approved()
    ActivityRecord.objects.filter(pk=loaded.pk).update(first_submitted_at=None)
    found = pace_of(EVERYTHING)
    assert (found.days, found.by_type, found.n_records) == (2.0, [("宣讲", 2.0)], 3)
    assert client.get(reverse(QUEUE)).context["pace"] == found
    assert b"data-pace" not in client.get(reverse("admin:index")).content
    world.submitted()
    assert b"data-pace" in client.get(reverse("admin:index")).content


def test_progress_counts_todays_own_approvals_and_what_is_left(world: World, client: Client) -> None:
    world.approved()
    yesterday = world.approved()
    moment = timezone.now() - dt.timedelta(days=1)
    ActivityRecord.objects.filter(pk=yesterday.pk).update(decided_at=moment)
    workflow.approve(world.submitted(), actor=world.second_reviewer)
    world.submitted()
    context = client.get(reverse(QUEUE)).context
    assert (context["n_approved"], context["n_left"]) == (1, 1)


@pytest.mark.parametrize("who", ["liaison", "head", "stranger", "auditor", "newcomer"])
def test_whoever_reviews_nothing_has_no_queue(world: World, sign_in: SignIn, who: str) -> None:
    assert sign_in(getattr(world, who)).get(reverse(QUEUE)).status_code in {302, 403}


def test_an_overseer_sees_the_list_without_buttons(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    response = sign_in(world.administrator).get(reverse(QUEUE))
    assert shown(response) == [record.pk]
    assert b'name="ticked"' not in response.content


def test_pages_cost_the_same_for_5_and_50(world: World, client: Client) -> None:
    counts: dict[str, list[int]] = {}
    client.get(reverse(QUEUE))
    for total in (5, 50):
        while ActivityRecord.objects.filter(status="submitted").count() < total:
            world.submitted()
        record = ActivityRecord.objects.filter(status="submitted").latest("pk")
        change = reverse("admin:records_activityrecord_change", args=[record.pk])
        asked = urlencode({"_changelist_filters": "mark=again"})
        for name, url in {"queue": reverse(QUEUE), "record": change, "kept": f"{change}?{asked}"}.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.setdefault(name, []).append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(change, headers={"HX-Request": "true"})
        counts.setdefault("part", []).append(len(queries))
    assert all(small == large for small, large in counts.values()), counts
    assert counts["queue"][0] <= 24
    assert counts["part"][0] <= 17
    assert counts["record"][0] <= 34
