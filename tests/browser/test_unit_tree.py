"""The tree of units in a real browser: branches open and close, on a phone and a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Watched
from tests.personas import PASSWORD, World, unit
from units.models import Account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def branched(transactional_db: None, monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """Return the world with a branch below the school."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    world.leader.set_password(PASSWORD)
    world.leader.save(update_fields=["password"])
    unit("S1A", "\u202e一中分校𬭸", "school", world.school)
    return world


@pytest.mark.parametrize("width", [390, 1440])
def test_branch_opens_closes_and_leads_to_the_unit(
    branched: World,
    page_at: Callable[[int], Watched],
    sign_in_by_form: Callable[[Watched, Account], None],
    width: int,
) -> None:
    watched = page_at(width)
    page = watched.page
    sign_in_by_form(watched, branched.leader)
    page.goto("/units/")
    arrow = page.locator(f"[data-branch=branch-{branched.school.pk}]")
    below = page.locator(f"#branch-{branched.school.pk} > li")
    arrow.click()
    expect(below).to_have_count(1)
    expect(arrow).to_have_attribute("aria-expanded", "true")
    watched.check("tree, open")
    arrow.press("Enter")
    expect(below.first).to_be_hidden()
    arrow.press("Enter")
    expect(below.first).to_be_visible()
    below.locator("a").first.click()
    page.wait_for_url("**/units/*/")
    watched.check("unit")
    page.goto(reverse("units:unit-list", query={"q": "bhsdyzx"}))
    expect(page.locator("[data-unit]")).to_have_count(1)
    watched.check("search")


def test_session_that_ended_leads_to_sign_in(
    branched: World, page_at: Callable[[int], Watched], sign_in_by_form: Callable[[Watched, Account], None]
) -> None:
    watched = page_at(1440)
    sign_in_by_form(watched, branched.leader)
    watched.page.goto("/units/")
    watched.page.context.clear_cookies()
    watched.page.locator(f"[data-branch=branch-{branched.school.pk}]").click()
    watched.page.wait_for_url("**/sign-in/**")


def test_without_scripts_every_arrow_is_a_link(
    branched: World,
    live_server: LiveServer,
    chromium: object,
    page_at: Callable[[int], Watched],
    sign_in_by_form: Callable[[Watched, Account], None],
) -> None:
    watched = page_at(1440)
    sign_in_by_form(watched, branched.leader)
    watched.page.route("**/*.js", lambda route: route.abort())
    watched.page.goto("/units/")
    watched.page.locator(f"[data-branch=branch-{branched.school.pk}]").click()
    watched.page.wait_for_url(f"**/units/{branched.school.pk}/#below")
    expect(watched.page.locator("#below [data-unit]")).to_have_count(1)
