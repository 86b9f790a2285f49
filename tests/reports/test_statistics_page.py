"""The statistics page: who sees which figures, and how they are shown."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.templatetags.signs import figure
from reports.campaigns.models import Campaign, Period
from reports.statistics.models import Cell
from reports.statistics.sorting import Sort
from tests.personas import World, person, unit
from units import teams
from units.models import Account, Team, Unit
from units.roles import LEADER

SignIn = Callable[[Account], Client]
Tally = Callable[[], None]


def url(**asked: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('statistics:overview')}?{query}"


def shown_figures(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-figure="(\w+)">([^<]*)<', html))


def listed_units(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-unit="(\d+)"', html)]


def page(client: Client, **asked: object) -> str:
    response = client.get(url(**asked))
    assert response.status_code == 200
    return response.content.decode()


def grow(world: World, number: int, letter: str = "G") -> list[Unit]:
    """Plant more schools with a cell each, as a tally would leave them."""
    whole = Period.objects.get(campaign=world.campaign, number=0)
    schools = [unit(f"{letter}{i:03}", f"第{i}小学", "school", world.bureau) for i in range(number)]
    total = [{"records": 1, "sessions": i + 1, "onsite": 10} for i in range(number)]
    Cell.objects.bulk_create(
        Cell(unit=school, period=whole, activity_type=None, own=total[i], total=total[i])
        for i, school in enumerate(schools)
    )
    return schools


def test_liaison_sees_the_figures_of_the_own_unit(world: World, sign_in: SignIn, run_tally: Tally) -> None:
    world.approved()
    run_tally()
    html = page(sign_in(world.liaison))
    assert shown_figures(html) == {"sessions": "1", "onsite": "120", "online": "300", "attendances": "420"}
    assert 'data-scope="unit"' in html
    assert listed_units(html) == []


@pytest.mark.parametrize("name", ["leader", "reviewer", "administrator"])
def test_bureau_sees_the_whole_system(world: World, sign_in: SignIn, run_tally: Tally, name: str) -> None:
    world.approved()
    run_tally()
    html = page(sign_in(getattr(world, name)))
    assert shown_figures(html)["attendances"] == "420"
    assert 'data-scope="whole"' in html
    assert listed_units(html) == [world.school.pk, world.other_school.pk, world.closed_school.pk]


def test_team_member_sees_the_covered_units_together(world: World, sign_in: SignIn, run_tally: Tally) -> None:
    teams.cover(Team.objects.get(), [world.other_school], actor=None)
    world.approved()
    run_tally()
    html = page(sign_in(world.team_member))
    assert shown_figures(html)["onsite"] == "120"
    assert 'data-scope="together"' in html
    assert listed_units(html) == [world.school.pk, world.other_school.pk]


def test_stranger_reads_nothing_of_another_unit(world: World, sign_in: SignIn, run_tally: Tally) -> None:
    world.approved()
    run_tally()
    html = page(sign_in(world.stranger))
    assert set(shown_figures(html).values()) == {"—"}


def test_foreign_unit_is_as_missing_as_a_missing_one(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.stranger)
    answers = [client.get(url(unit=pk)) for pk in (world.school.pk, world.bureau.pk, 10**9)]
    assert [answer.status_code for answer in answers] == [404] * 3
    # What differs by nature: the address that the language switch leads back to, and the form's proof.
    bodies = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize("name", ["auditor", "newcomer"])
def test_person_without_any_unit_is_refused(world: World, sign_in: SignIn, name: str) -> None:
    assert sign_in(getattr(world, name)).get(url()).status_code == 403


def test_signed_out_person_is_led_to_the_sign_in(world: World, client: Client) -> None:
    assert client.get(url()).headers["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("raw", ["x", "-1", "²", "1e3", "9" * 30, "1 OR 1"])
def test_nonsense_for_a_unit_is_not_found(world: World, sign_in: SignIn, raw: str) -> None:
    assert sign_in(world.leader).get(reverse("statistics:overview"), {"unit": raw}).status_code == 404


@pytest.mark.parametrize("asked", [{"sort": "-secret.so_far"}, {"sort": "--"}, {"page": "x"}, {"page": "-3"}])
def test_nonsense_for_sorting_and_paging_shows_the_plain_table(
    world: World, sign_in: SignIn, asked: dict[str, str]
) -> None:
    listed = listed_units(page(sign_in(world.leader), **asked))
    assert listed == [world.school.pk, world.other_school.pk, world.closed_school.pk]


def test_drill_down_names_the_visible_units_above(world: World, sign_in: SignIn) -> None:
    department = unit("S1A", "一中初中部", "school", world.school)
    link = r'<a href="/statistics/\?unit=(\d+)">'
    above = re.findall(link, page(sign_in(world.leader), unit=department.pk))
    assert above == [str(world.bureau.pk), str(world.school.pk)]
    assert re.findall(link, page(sign_in(world.liaison), unit=department.pk)) == [str(world.school.pk)]


def test_silent_units_print_a_dash_and_zero_prints_zero(
    world: World, sign_in: SignIn, run_tally: Tally
) -> None:
    world.approved(values={"sessions": 1, "onsite": 0, "online": 0})
    run_tally()
    html = page(sign_in(world.leader))
    rows = dict(re.findall(r'<tr data-unit="(\d+)">(.*?)</tr>', html, re.DOTALL))
    cells = {pk: re.findall(r'<td class="number[^"]*">([^<]*)</td>', row) for pk, row in rows.items()}
    assert cells[str(world.school.pk)] == ["1", "0", "1", "0", "—", "—"]
    assert cells[str(world.other_school.pk)] == ["—"] * 6


def test_finished_week_is_compared_with_the_one_before_and_a_running_week_with_none(
    world: World, sign_in: SignIn, run_tally: Tally
) -> None:
    last = world.period.starts_on - dt.timedelta(days=1)
    world.approved(held_on=last - dt.timedelta(days=7), values={"sessions": 4, "onsite": 10, "online": 0})
    world.approved(held_on=last, values={"sessions": 1, "onsite": 30, "online": 0})
    world.approved(held_on=world.today, values={"sessions": 50, "onsite": 50, "online": 50})
    run_tally()
    html = page(sign_in(world.leader))
    assert re.findall(r'data-change="(-?\d*)"', html) == ["-3", "20", "0", "20"]
    assert (html.count("▼"), html.count("▲")) == (1, 2)


def test_units_are_sorted_and_cut_at_fifty(world: World, sign_in: SignIn) -> None:
    best_first = [school.pk for school in reversed(grow(world, 55))]
    client = sign_in(world.leader)
    silent = [world.school.pk, world.other_school.pk, world.closed_school.pk]
    assert listed_units(page(client, sort="-sessions.so_far")) == best_first[:50]
    assert listed_units(page(client, sort="-sessions.so_far", page=2)) == best_first[50:] + silent


def test_page_costs_the_same_for_five_and_for_fifty_units(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    grow(world, 5)
    with CaptureQueriesContext(connection) as few:
        page(client, sort="-sessions.so_far")
    grow(world, 45, letter="H")
    with CaptureQueriesContext(connection) as many:
        page(client, sort="-sessions.so_far")
    assert len(many) == len(few)
    assert len(many) <= 25


def test_waiting_marks_are_owned_up_to(world: World, sign_in: SignIn, run_tally: Tally) -> None:
    world.approved()
    assert 'data-waiting="1"' in page(sign_in(world.leader))
    assert 'data-waiting="0"' in page(sign_in(world.stranger))
    run_tally()
    assert 'data-waiting="0"' in page(sign_in(world.leader))


def test_chart_and_table_hold_the_same_figures(world: World, sign_in: SignIn, run_tally: Tally) -> None:
    world.approved()
    run_tally()
    html = page(sign_in(world.leader))
    block = re.search(r'<script id="weeks" type="application/json">(.*?)</script>', html)
    assert block is not None
    chart = json.loads(block.group(1))
    onsite, online = (series["values"] for series in chart["columns"])
    rows = re.findall(r'<tr data-week="(\d+)">(.*?)</tr>', html, re.DOTALL)
    cells = [re.findall(r'<td class="number[^"]*">([^<]*)</td>', row) for _number, row in reversed(rows)]
    assert [row[1] for row in cells] == [figure(value) for value in onsite]
    assert [row[2] for row in cells] == [figure(value) for value in online]
    assert [row[0] for row in cells] == [figure(value) for value in chart["lines"][0]["values"]]
    assert 'role="img"' in html


def test_without_a_record_the_page_says_so_instead_of_drawing(world: World, sign_in: SignIn) -> None:
    html = page(sign_in(world.leader))
    assert "data-chart-empty" in html
    assert "echarts" not in html


def test_without_a_campaign_the_page_says_so(db: None, sign_in: SignIn) -> None:
    leader = person("leader", "局领导", (LEADER, None), unit=unit("B", "滨海市教育局", "bureau"))
    assert Campaign.objects.count() == 0
    assert shown_figures(page(sign_in(leader))) == {}


@pytest.mark.parametrize(
    "raw", ["sessions.so_far", "-sessions.latest", "attendances.before", "unit", "-unit"]
)
def test_sorting_reads_what_it_writes(raw: str) -> None:
    assert str(Sort.of(raw)) == raw


def test_a_second_click_turns_the_order_round() -> None:
    once = Sort().toggled("sessions", 0)
    assert (str(once), str(once.toggled("sessions", 0))) == ("-sessions.so_far", "sessions.so_far")
    assert str(once.toggled("", 0)) == "unit"
