"""A reviewer's morning in a real browser: sign in, return one, approve one, approve the rest, export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from reports.records import workflow
from reports.records.models import ActivityRecord
from tests.personas import PASSWORD, World

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """Return the world with five records that wait."""
    # Playwright keeps an event loop in this thread, which Django then takes for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    for number in range(5):
        world.submitted(title=f"宣讲之{number}")
    return world


@pytest.fixture
def said() -> list[str]:
    """Return what the console has said; a breach of the content policy is among it."""
    return []


@pytest.fixture
def page(queue: World, said: list[str]) -> Iterator[Page]:
    """Return a window of an office PC."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        opened = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        opened.on("console", lambda message: said.append(f"{opened.url}: {message.text}"))
        opened.on("pageerror", lambda error: said.append(f"{opened.url}: {error}"))
        yield opened
        browser.close()


def sign_in(page: Page, live_server: LiveServer, username: str) -> None:
    """Walk through the sign-in page to the admin."""
    page.goto(f"{live_server.url}/admin/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("form:has(input[name=password]) button[type=submit]")
    expect(page).to_have_url(f"{live_server.url}/admin/")


def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or worse, as “rule: element”; half a page proves nothing."""
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text())
    # select2 comes with Django and names its own box by what is chosen, which may be nothing.
    # The search box is Django's too: its label is a picture with a text, its help is ours.
    # Without its preload: it would write what Django's forms.css imports into a style of its own.
    left_out = "{exclude: ['.select2', '#searchbar']}"
    found = page.evaluate(f"async () => (await axe.run({left_out}, {{preload: false}})).violations")
    return [
        f"{page.url} {one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def statuses() -> list[str]:
    """Return how the five records stand, in their order."""
    return list(ActivityRecord.objects.order_by("pk").values_list("status", flat=True))


def test_reviewer_works_the_queue(
    page: Page, live_server: LiveServer, said: list[str], tmp_path: Path
) -> None:
    sign_in(page, live_server, "reviewer")
    expect(page.locator("[data-waiting='5']")).to_be_visible()
    page.click("[data-waiting] a.button-main")
    page.click("text=宣讲之0")
    page.click("form[action*='/decide/return/'] button")
    expect(page.locator(".decision .errorlist")).to_be_visible()
    page.fill("textarea[name=note]", "线下人次与照片不符")
    page.click("form[action*='/decide/return/'] button")
    expect(page.locator("#record-title")).to_have_text("宣讲之1")
    page.click("form[action*='/decide/approve/'] button")
    expect(page.locator("#record-title")).to_have_text("宣讲之2")
    assert statuses() == ["returned", "approved", "submitted", "submitted", "submitted"]
    page.check("[data-all]")
    page.click("[data-many] >> nth=0")
    expect(page.locator("[data-candidate]")).to_have_count(3)
    page.uncheck("[data-candidate] input >> nth=2")
    page.click("form[action*='/decide/approve/'] button")
    expect(page.locator("[data-left='1']")).to_be_visible()
    assert sorted(statuses()[2:]) == ["approved", "approved", "submitted"]
    page.goto(f"{live_server.url}/admin/records/activityrecord/?status=approved")
    page.click("a.export_link")
    with page.expect_download() as download:
        page.click("button[value=xlsx]")
    download.value.save_as(tmp_path / "records.xlsx")
    sheet = load_workbook(tmp_path / "records.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 1 + 3
    assert said == []


def test_five_records_are_worked_by_keyboard_alone(
    page: Page, live_server: LiveServer, said: list[str]
) -> None:
    sign_in(page, live_server, "reviewer")
    page.goto(f"{live_server.url}/admin/records/activityrecord/")
    title, keys = page.locator("#record-title"), page.keyboard
    keys.press("j")
    expect(title).to_have_text("宣讲之0")
    keys.press("j")
    expect(title).to_have_text("宣讲之1")
    keys.press("k")
    expect(title).to_have_text("宣讲之0")
    expect(page.locator(".is-busy")).to_have_count(0)
    keys.press("a")
    expect(title).to_have_text("宣讲之1")
    expect(page.locator("[data-left='4']")).to_be_visible()
    expect(page.locator(".line")).to_have_count(4)
    expect(page.locator(".is-busy")).to_have_count(0)
    keys.press("r")
    keys.press("Space")
    keys.press("Control+Enter")
    expect(title).to_have_text("宣讲之2")
    keys.press("?")
    expect(page.locator("#review-keys")).to_be_visible()
    keys.press("a")
    keys.press("Escape")
    keys.press("x")
    expect(page.locator("[name=ticked] >> nth=0")).to_be_checked()
    for left in ("宣讲之3", "宣讲之4"):
        expect(page.locator(".is-busy")).to_have_count(0)
        keys.press("a")
        expect(title).to_have_text(left)
    expect(page.locator(".is-busy")).to_have_count(0)
    keys.press("a")
    expect(page.locator("[data-all-done]")).to_be_visible()
    expect(page.locator(".pace")).to_contain_text("0")
    assert statuses() == ["approved", "returned", "approved", "approved", "approved"]
    assert said == []


def test_whoever_was_slower_sees_it_without_losing_the_page(
    page: Page, live_server: LiveServer, said: list[str], queue: World
) -> None:
    sign_in(page, live_server, "reviewer")
    page.goto(f"{live_server.url}/admin/records/activityrecord/")
    page.keyboard.press("j")
    expect(page.locator("#record-title")).to_have_text("宣讲之0")
    first = ActivityRecord.objects.select_related("unit", "activity_type").earliest("pk")
    workflow.send_back(first, actor=queue.second_reviewer, note="同事先退回了")
    expect(page.locator(".is-busy")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator("[data-news]")).to_contain_text("同事先退回了")
    page.go_back()
    expect(page.locator(".line")).to_have_count(4)
    # The browser's own note of a 409.
    assert [one for one in said if "409" not in one] == []


def test_phone_goes_from_list_to_record_and_back(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, live_server, "reviewer")
    page.goto(f"{live_server.url}/admin/records/activityrecord/")
    page.click("text=宣讲之0")
    expect(page.locator(".review-list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.click("form[action*='/decide/approve/'] button")
    expect(page.locator("#record-title")).to_have_text("宣讲之1")
    page.click("[data-back]")
    expect(page.locator(".line")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_reviewer_are_accessible(
    page: Page, live_server: LiveServer, said: list[str], scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(page, live_server, "reviewer")
    first = ActivityRecord.objects.earliest("pk").pk
    base = f"{live_server.url}/admin/records/activityrecord"
    found = violations(page)
    for url in (f"{base}/", f"{base}/?status=all", f"{base}/{first}/change/", f"{base}/export/"):
        page.goto(url)
        found += violations(page)
    page.goto(f"{base}/")
    page.click("[data-facet=type] summary")
    found += violations(page)
    page.click("[name=everything]", force=True)
    expect(page.locator("[data-candidate]")).to_have_count(5)
    found += violations(page)
    assert (found, said) == ([], [])


def test_pages_of_the_administrator_obey_the_content_policy(
    page: Page, live_server: LiveServer, said: list[str]
) -> None:
    sign_in(page, live_server, "administrator")
    found = violations(page)
    links = page.locator(".room-list a").evaluate_all("all => all.map(one => one.href)")
    assert len(links) >= 10
    for url in links:
        page.goto(url)
        found += violations(page)
        row = page.locator("#result_list tbody th a, #result_list tbody td a").first
        if row.count():
            row.click()
            found += violations(page)
    page.goto(f"{live_server.url}/admin/units/unit/add/")
    page.click(".select2-selection")
    expect(page.locator(".select2-results__option").first).to_contain_text(re.compile("滨海"))
    assert (found, said) == ([], [])
