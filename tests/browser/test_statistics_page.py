"""The statistics page in a real browser: the chart is drawn, saved, and read by everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.personas import World
from units.models import Account

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    # The server of the session starts before STATIC_ROOT is set; it serves from the finders.
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, world: World, run_tally: Callable[[], None]) -> World:
    """Return the world with one approved record that is counted."""
    # Playwright keeps an event loop in this thread, which Django then takes for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    world.approved()
    run_tally()
    return world


@pytest.fixture
def opened(
    counted: World, live_server: LiveServer, sign_in: Callable[[Account], Client]
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page as the leader, in a window of a given width."""
    cookie = sign_in(counted.leader).cookies[settings.SESSION_COOKIE_NAME].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)

        def open_at(width: int, *, has_scripts: bool = True, is_dark: bool = False) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                java_script_enabled=has_scripts,
                color_scheme="dark" if is_dark else "light",
            )
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
            page = context.new_page()
            page.goto(f"{live_server.url}/statistics/")
            return page

        yield open_at
        browser.close()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or worse, as “rule: element”."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("is_dark", [False, True])
def test_chart_is_drawn_and_axe_finds_nothing_serious(
    opened: Callable[..., Page], width: int, is_dark: bool
) -> None:
    page = opened(width, is_dark=is_dark)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    expect(page.locator(".chart-fallback")).to_be_hidden()
    assert page.locator("[data-chart] [role=img]").get_attribute("aria-label")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_asks_nobody_else_and_obeys_its_policy(
    opened: Callable[..., Page], live_server: LiveServer
) -> None:
    page = opened(1440)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert said == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_pointer_over_a_column_tells_its_figures(opened: Callable[..., Page]) -> None:
    page = opened(1440)
    canvas = page.locator(".chart-canvas")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 60, box["y"] + 150)
    expect(page.locator(".chart-tip")).to_contain_text("300")
    page.mouse.move(5, 5)
    expect(page.locator(".chart-tip")).to_be_hidden()


def test_chart_is_saved_as_an_image(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(1440)
    with page.expect_download() as download:
        page.locator("[data-chart-save]").click()
    saved = tmp_path / "chart.png"
    download.value.save_as(saved)
    assert download.value.suggested_filename == "study-weeks.png"
    assert saved.read_bytes().startswith(PNG)
    assert saved.stat().st_size > 10_000


def test_without_scripts_words_and_table_stand_there(opened: Callable[..., Page]) -> None:
    page = opened(1440, has_scripts=False)
    expect(page.locator(".chart-fallback")).to_be_visible()
    expect(page.locator("[data-chart-save]")).to_be_hidden()
    expect(page.locator(".figure-table-weeks")).to_be_visible()


def test_chart_that_cannot_be_drawn_leaves_the_words(opened: Callable[..., Page]) -> None:
    page = opened(1440)
    page.route("**/echarts.simple.min.js", lambda route: route.abort())
    page.reload()
    expect(page.locator(".chart-fallback")).to_be_visible()
    expect(page.locator("[data-chart-save]")).to_be_hidden()
