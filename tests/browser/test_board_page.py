"""The board, urging and the meeting sheet in a real browser: by keyboard, on a telephone, without scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from reports.weekly.models import MeetingDecision, Urging, WeeklyReport
from tests.browser.conftest import Watched
from tests.personas import World, make_world
from units.models import Account, Unit
from units.tree import plant_many

BOARD = "/weekly/board/"
N_UNITS = 120
HOUR = dt.timedelta(hours=1)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
PageAt = Callable[[int], Watched]
SignIn = Callable[[Watched, Account], None]


@pytest.fixture
def world(transactional_db: None) -> World:
    """Return a world with many schools that all owe the report of this week since an hour ago."""
    made = make_world()
    kind, now = made.school.kind, timezone.now()
    schools = [
        Unit(code=f"X{n:03}", name=f"第{n}小学", kind=kind, parent=made.bureau) for n in range(N_UNITS)
    ]
    plant_many(schools, actor=None)
    WeeklyReport.objects.bulk_create(
        WeeklyReport(unit=at, period=week, due_at=week.due_at, close_at=week.close_at)
        for at in Unit.objects.filter(code__startswith="X")
        for week in made.campaign.periods.weekly()
    )
    WeeklyReport.objects.update(due_at=now - HOUR, close_at=now + 24 * HOUR)
    return made


@pytest.fixture
def board(page_at: PageAt, world: World, sign_in_by_form: SignIn) -> Callable[[int], Watched]:
    """Return a function that opens the board as the reviewer."""

    def open_at(width: int) -> Watched:
        watched = page_at(width)
        sign_in_by_form(watched, world.reviewer)
        watched.page.goto(BOARD)
        expect(watched.page.locator("[data-board][data-ready]")).to_be_visible()
        return watched

    return open_at


@pytest.mark.parametrize("width", [390, 1440])
def test_board_draws_what_is_in_sight_and_bars_nobody(board: Callable[[int], Watched], width: int) -> None:
    watched = board(width)
    page = watched.page
    expect(page.locator("[data-board] table")).to_have_attribute("aria-rowcount", str(N_UNITS + 4))
    assert page.locator("[data-board-rows] tr[data-index]").count() < N_UNITS / 2
    watched.check(f"board at {width}")
    page.evaluate("document.querySelector('[data-board]').scrollTop = 1e6")
    expect(page.get_by_role("rowheader", name=f"第{N_UNITS - 1}小学")).to_be_visible()
    watched.check(f"end of the board at {width}")


def test_keys_walk_through_the_cells_and_open_a_report(board: Callable[[int], Watched], world: World) -> None:
    watched = board(1440)
    page = watched.page
    page.locator("[data-board-rows] [tabindex='0']").focus()
    stops = page.locator("[data-board] [tabindex='0']")
    expect(stops).to_have_count(1)
    expect(page.locator("[data-board-story]")).to_contain_text(world.school.name)
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_have_text(f"第{N_UNITS - 1}小学")
    page.keyboard.press("PageUp")
    page.keyboard.press("Control+Home")
    expect(page.locator(":focus")).to_have_text(world.school.name)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    report = WeeklyReport.objects.get(unit=world.school, period__number=1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/weekly/{report.pk}/")


def test_hover_tells_the_story_of_a_cell(board: Callable[[int], Watched], world: World) -> None:
    watched = board(1440)
    page = watched.page
    row = page.locator("tr", has=page.get_by_role("rowheader", name=world.other_school.name))
    with page.expect_response(f"**/weekly/board/{world.other_school.pk}/1/story/"):
        row.locator("td").first.hover()
    expect(page.locator("[data-board-story] .standing")).to_be_visible()
    watched.check("board with a story")


def test_without_scripts_the_board_comes_in_pages(
    chromium: Browser, live_server: LiveServer, board: Callable[[int], Watched]
) -> None:
    cookies = board(1440).page.context.cookies()
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(BOARD)
    expect(page.locator("[data-board-rows] tr")).to_have_count(20)
    page.locator("[data-board-pages] a").last.click()
    expect(page.get_by_role("rowheader", name="第20小学")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_urging_from_the_board_by_keyboard_alone(
    board: Callable[[int], Watched], world: World, width: int
) -> None:
    watched = board(width)
    page = watched.page
    page.goto(f"{BOARD}?unit={world.school.pk}&week=3")
    page.locator("a[href^='/weekly/urging/']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-urged='1']")).to_be_visible()
    watched.check(f"urging at {width}")
    page.locator("form [type=submit]").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{BOARD}**")
    expect(page.locator(".message-success")).to_be_visible()
    assert Urging.objects.get().report.unit == world.school


@pytest.mark.parametrize("width", [390, 1440])
def test_decision_is_noted_on_the_meeting_sheet(
    board: Callable[[int], Watched], world: World, width: int
) -> None:
    watched = board(width)
    page = watched.page
    page.goto("/weekly/meeting/")
    watched.check(f"meeting sheet at {width}")
    page.fill("[name=text]", "周三前补报")
    page.fill("[name=in_charge]", world.school.name)
    page.locator(".decision-form [type=submit]").press("Enter")
    expect(page.locator(".decided")).to_contain_text("周三前补报")
    assert MeetingDecision.objects.get().owner == world.school
    page.locator(".decided a").click()
    watched.check(f"page of a decision at {width}")
