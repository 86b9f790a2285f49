"""Urging: exactly those who owe, once within a day, by those who steer their units."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from reports.campaigns.models import Period
from reports.weekly import filing
from reports.weekly.board.asking import Asked
from reports.weekly.models import Urging, WeeklyReport
from reports.weekly.urging.claiming import urge
from reports.weekly.urging.owing import preview
from tests.personas import World, make_world, person, unit
from units import scope
from units.accounts import appoint
from units.models import Account, AuditEntry, Deed, Mail, Unit
from units.roles import LIAISON, REVIEWER
from units.rules import RuleError
from units.tree import plant_many

SignIn = Callable[[Account], Client]
URGING = "/weekly/urging/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def owed(world: World) -> WeeklyReport:
    """Return the school's report of this week, the only one that is owed, due an hour ago."""
    WeeklyReport.objects.exclude(unit=world.school, period=world.period).delete()
    now = timezone.now()
    WeeklyReport.objects.update(due_at=now - HOUR, close_at=now + 24 * HOUR)
    report: WeeklyReport = WeeklyReport.objects.select_related("unit").get()
    return report


def urged(world: World, *reports: WeeklyReport, actor: Account | None = None) -> list[Urging]:
    return urge([report.pk for report in reports], actor=actor or world.reviewer)


def test_reviewer_previews_and_urges(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    client = sign_in(world.reviewer)
    html = client.get(URGING).content.decode()
    assert 'data-urged="1"' in html
    assert world.school.name in html
    assert str(world.liaison) in html
    answer = client.post(f"{URGING}?kind=school", {"reports": str(owed.pk)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/weekly/board/?kind=school")
    urging = Urging.objects.get()
    assert (urging.report, urging.urged_by, urging.n_mailed) == (owed, world.reviewer, 1)
    mail = Mail.objects.get()
    assert (mail.person, mail.address) == (world.liaison, world.liaison.email)
    assert f"/weekly/{owed.pk}/" in mail.text
    assert f"/weekly/{owed.pk}/" in mail.html
    entry = AuditEntry.objects.get(deed=Deed.URGE)
    assert (entry.actor, entry.unit, entry.changes["standing"]) == (world.reviewer, world.school, "missing")


@pytest.mark.parametrize(
    "who", ["liaison", "head", "stranger", "team_member", "leader", "auditor", "newcomer"]
)
def test_who_steers_nothing_is_refused(world: World, sign_in: SignIn, owed: WeeklyReport, who: str) -> None:
    client = sign_in(getattr(world, who))
    assert client.get(URGING).status_code == 403
    assert client.post(URGING, {"reports": str(owed.pk)}).status_code == 403
    sees = who in {"liaison", "head", "team_member", "leader"}
    assert client.post(f"/weekly/{owed.pk}/urge/").status_code == (403 if sees else 404)
    assert not Urging.objects.exists()


def test_administrator_urges_too(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    assert sign_in(world.administrator).post(f"/weekly/{owed.pk}/urge/").status_code == 302
    assert Urging.objects.get().urged_by == world.administrator


def test_reviewer_urges_only_units_in_reach(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    narrow = person("narrow", "二中审核员", (REVIEWER, world.other_school))
    client = sign_in(narrow)
    assert 'data-urged="0"' in client.get(URGING).content.decode()
    client.post(URGING, {"reports": str(owed.pk)})
    assert client.post(f"/weekly/{owed.pk}/urge/").status_code == 404
    assert not Urging.objects.exists()


@pytest.mark.parametrize("reports", ["", "x,²,-1", "9" * 30, "987654321"])
def test_nonsense_urges_nobody(world: World, sign_in: SignIn, owed: WeeklyReport, reports: str) -> None:
    assert sign_in(world.reviewer).post(URGING, {"reports": reports}).status_code == 302
    assert not Urging.objects.exists()


def test_who_was_left_out_is_left_out(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    sign_in(world.reviewer).post(URGING, {"reports": str(owed.pk), "not": str(owed.pk)})
    assert not Urging.objects.exists()


@pytest.mark.parametrize(
    ("facts", "is_urged"),
    [
        ({}, True),
        ({"returned_at": True, "return_reason": "人次不符", "n_returns": 1}, True),
        ({"due_at": 24, "close_at": 48}, True),
        ({"due_at": 24 * 3 + 1, "close_at": 24 * 9}, False),
        ({"filed_at": True}, False),
        ({"excused_at": True, "excuse": "停课"}, False),
        ({"close_at": -1}, False),
    ],
)
def test_exactly_what_is_owed_and_open_is_urged(
    world: World, owed: WeeklyReport, facts: dict[str, object], is_urged: bool
) -> None:
    now = timezone.now()
    moments = {"due_at", "close_at", "returned_at", "filed_at", "excused_at"}
    given = {
        name: now + value * HOUR if name in moments and not isinstance(value, bool) else value  # type: ignore[operator]
        for name, value in facts.items()
    }
    given |= {name: now for name, value in facts.items() if value is True}
    if facts == {"close_at": -1}:
        given["due_at"] = now - 2 * HOUR
    WeeklyReport.objects.update(**given)
    if is_urged:
        assert len(urged(world, owed)) == 1
    else:
        with pytest.raises(RuleError) as refused:
            urged(world, owed)
        assert refused.value.code == "nobody_owes"
        assert not Mail.objects.exists()


def test_nobody_is_urged_twice_within_a_day(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    urged(world, owed)
    found = preview(world.campaign, Asked(), actor=world.reviewer, now=timezone.now())
    assert ([], [owed]) == (found.urged, [one.report for one in found.quiet])
    with pytest.raises(RuleError):
        urged(world, owed, actor=world.administrator)
    Urging.objects.update(at=timezone.now() - 24 * HOUR)
    assert len(urged(world, owed)) == 1
    assert Mail.objects.count() == 2


def test_closed_reports_are_named_and_left_out(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    now = timezone.now()
    WeeklyReport.objects.update(due_at=now - 2 * HOUR, close_at=now - HOUR)
    html = sign_in(world.reviewer).get(URGING).content.decode()
    assert 'data-closed="1"' in html
    assert 'data-urged="0"' in html


def test_preview_follows_the_filters_of_the_board(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    client = sign_in(world.reviewer)
    for query, number in (
        ("state=missing", 1),
        ("state=due", 0),
        ("week=1", 0),
        (f"unit={world.school.pk}", 1),
    ):
        assert f'data-urged="{number}"' in client.get(f"{URGING}?{query}").content.decode()
    assert client.get(f"{URGING}?kind=none").status_code == 404


def test_one_person_gets_one_mail_about_all_in_their_language(world: World, owed: WeeklyReport) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(language="en")
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    second = WeeklyReport.objects.create(
        unit=world.other_school, period=world.period, due_at=owed.due_at, close_at=owed.close_at
    )
    with translation.override("zh-hans"):
        assert len(urged(world, owed, second)) == 2
    mail = Mail.objects.get(person=world.liaison)
    assert mail.subject.startswith("Please file 2 weekly reports")
    assert world.school.name in mail.text
    assert world.other_school.name in mail.text
    assert Mail.objects.exclude(person=world.liaison).get().person == world.stranger


def test_who_has_no_address_and_who_is_disabled_get_no_mail(
    world: World, sign_in: SignIn, owed: WeeklyReport
) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(email="")
    gone = person("gone", "离任者", (LIAISON, world.school))
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    urged(world, owed)
    assert not Mail.objects.exists()
    assert Urging.objects.get().n_unmailed == 1
    page = sign_in(world.liaison).get("/").content.decode()
    assert "data-urged" in page
    assert f"/weekly/{owed.pk}/" in page


def test_notice_stands_until_the_report_is_filed(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    urged(world, owed)
    client = sign_in(world.liaison)
    assert "data-urged" in client.get("/").content.decode()
    filing.file_zero(owed, actor=world.liaison, reason="停课")
    assert "data-urged" not in client.get("/").content.decode()


def test_page_of_the_report_offers_to_urge_once(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    client, address = sign_in(world.reviewer), f"/weekly/{owed.pk}/"
    assert f'action="{address}urge/"' in client.get(address).content.decode()
    client.post(f"{address}urge/")
    page = client.get(address).content.decode()
    assert f'action="{address}urge/"' not in page
    assert "data-urging" in page
    assert client.get(f"{address}urge/").status_code == 405


def test_people_of_many_units_are_those_of_each(world: World) -> None:
    below = unit("S9", "附属小学", "school", world.school)
    person("two", "兼任", (LIAISON, below), (LIAISON, world.other_school))
    places = [world.bureau, world.school, world.other_school, below]
    for permission in (scope.REPORT, scope.OVERSEE, scope.REVIEW):
        found = scope.holders_at(places, permission)
        for at in places:
            assert {one.pk for one in found[at.pk]} == {one.pk for one in scope.holders(at, permission)}


def test_queries_of_page_and_deed_do_not_grow(world: World, sign_in: SignIn, owed: WeeklyReport) -> None:
    client = sign_in(world.reviewer)

    def n_queries(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            ask()
        return len(asked)

    first = n_queries(lambda: client.get(URGING))
    deed = n_queries(lambda: urged(world, owed))
    names = [
        Unit(code=f"X{n}", name=f"第{n}小学", kind=world.school.kind, parent=world.bureau) for n in range(40)
    ]
    plant_many(names, actor=None)
    for n, at in enumerate(Unit.objects.filter(code__startswith="X")):
        person(f"x{n}", f"联络员{n}", (LIAISON, at))
    WeeklyReport.objects.bulk_create(
        WeeklyReport(unit=at, period=world.period, due_at=owed.due_at, close_at=owed.close_at)
        for at in Unit.objects.filter(code__startswith="X")
    )
    Urging.objects.all().delete()
    assert n_queries(lambda: client.get(URGING)) == first <= 26
    assert (
        n_queries(lambda: urge(list(WeeklyReport.objects.values_list("pk", flat=True)), actor=world.reviewer))
        <= deed + 1
    )
    assert Mail.objects.count() == 1 + 41


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_urge_once() -> None:
    world = make_world()
    now = timezone.now()
    WeeklyReport.objects.update(due_at=now - HOUR, close_at=now + HOUR)
    numbers = list(WeeklyReport.objects.values_list("pk", flat=True))
    start = threading.Barrier(2)
    outcomes: list[int | str] = []

    def press(actor: Account) -> None:
        try:
            start.wait(timeout=30)
            outcomes.append(len(urge(numbers, actor=actor)))
        except RuleError as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=press, args=[one]) for one in (world.reviewer, world.second_reviewer)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes, key=str) == [len(numbers), "nobody_owes"]
    assert Urging.objects.count() == len(numbers)
    assert Mail.objects.values("person").distinct().count() == Mail.objects.count()
    assert Period.objects.exists()
