"""Inviting, handing over and looking at who may do what, in a real browser, on a phone and a desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Watched
from tests.personas import World
from tests.portal.identity_steps import signed_in, with_app
from units.inviting.carrying_out import invite
from units.inviting.letters import token_of
from units.inviting.table import Line, Place
from units.models import Account

PageAt = Callable[[int], Watched]
SignIn = Callable[[Watched, Account], None]
LIST = """姓名,单位代码,角色,手机号,邮箱,登录名
王小明,S1,联络员,13800001234,wang@example.org,
李雷,B,审核员,,,lilei
"""
WRONG = "姓名,单位代码,角色\n王小明,S9,皇帝\n"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def look(watched: Watched, name: str) -> None:
    """Check the page, and keep a picture where PICTURES names a folder."""
    watched.check(name)
    if folder := os.environ.get("PICTURES"):
        width = watched.page.viewport_size or {"width": 0}
        watched.page.screenshot(path=Path(folder) / f"{name}-{width['width']}.png", full_page=True)


def hand_in(watched: Watched, content: str) -> None:
    """Hand a list of people in."""
    watched.page.goto(reverse("admin:units_account_import"))
    file = FilePayload(name="people.csv", mimeType="text/csv", buffer=content.encode())
    watched.page.set_input_files("[name=file]", files=[file])
    watched.page.click("#content-main form [type=submit]")


@pytest.mark.parametrize("width", [390, 1440])
def test_administrator_invites_and_hands_over(
    world: World, page_at: PageAt, sign_in_by_form: SignIn, width: int
) -> None:
    watched = page_at(width)
    # The search box of Django's admin sets styles that the policy stops; axe stumbles over them in turn.
    watched.tolerated = ("Applying inline style violates", "Couldn't load preload assets")
    page = watched.page
    sign_in_by_form(watched, world.administrator)
    page.goto(reverse("admin:units_account_changelist"))
    look(watched, "accounts")
    page.goto(reverse("admin:units_account_add"))
    look(watched, "invite")
    page.goto(reverse("admin:units_account_import"))
    look(watched, "import")
    hand_in(watched, WRONG)
    expect(page.locator("[data-problem]")).to_have_count(2)
    look(watched, "import-wrong")
    hand_in(watched, LIST)
    look(watched, "import-preview")
    page.click("form[action$='confirm/'] [type=submit]")
    expect(page.locator("[data-password]")).to_have_count(2)
    look(watched, "slips")
    if folder := os.environ.get("PICTURES"):
        page.emulate_media(media="print")
        page.screenshot(path=Path(folder) / f"slips-print-{width}.png", full_page=True)
        page.emulate_media(media="screen")
    page.goto(reverse("admin:units_account_change", args=[world.liaison.pk]))
    look(watched, "account")
    page.goto(reverse("admin:units_account_roles", args=[world.liaison.pk]))
    look(watched, "roles")
    hand_over = reverse("admin:units_account_hand_over", args=[world.liaison.pk])
    page.goto(hand_over)
    look(watched, "hand-over-first")
    page.goto(f"{hand_over}?new={Account.objects.get(name='王小明').pk}&disables=on")
    look(watched, "hand-over")
    page.click("form.hand-over [type=submit]")
    expect(page).to_have_url(
        f"{page.url.split('/admin')[0]}{reverse('admin:units_account_changelist')}"
        f"{Account.objects.get(name='王小明').pk}/roles/"
    )
    assert not Account.objects.get(pk=world.liaison.pk).is_active


UNITS = """单位名称,单位代码,类型,上级代码
滨海市第九中学,S9,局直属学校,B
滨海市第一高级中学,S1,局直属学校,B
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_administrator_looks_at_a_list_of_units(
    world: World, page_at: PageAt, sign_in_by_form: SignIn, width: int
) -> None:
    watched = page_at(width)
    sign_in_by_form(watched, world.administrator)
    for name, content in (("units-preview", UNITS), ("units-wrong", UNITS.replace("学校,B", "学校,没有"))):
        watched.page.goto(reverse("admin:units_unit_import"))
        file = FilePayload(name="units.csv", mimeType="text/csv", buffer=content.encode())
        watched.page.set_input_files("[name=file]", files=[file])
        watched.page.click("#content-main form [type=submit]")
        expect(watched.page.locator("[data-import]")).to_be_visible()
        look(watched, name)


@pytest.mark.parametrize("width", [390, 1440])
def test_head_sees_who_may_do_what_and_their_own_account(
    world: World, page_at: PageAt, sign_in_by_form: SignIn, width: int
) -> None:
    watched = page_at(width)
    sign_in_by_form(watched, world.head)
    watched.page.goto(reverse("unit-people", args=[world.school.pk]))
    look(watched, "people")
    watched.page.goto(reverse("account"))
    look(watched, "own-account")


@pytest.mark.parametrize("width", [390, 1440])
def test_invited_person_sets_a_password(world: World, page_at: PageAt, width: int) -> None:
    texts = {"name": "王小明", "unit": "S1", "role": "liaison", "phone": "", "username": ""}
    [slip] = invite([Line(Place(), texts | {"email": "wang@example.org"})], actor=None)
    watched, url = page_at(width), reverse("invitation", args=[token_of(slip.account)])
    watched.page.goto(url)
    look(watched, "invitation")
    for name in ("new_password1", "new_password2"):
        watched.page.fill(f"[name={name}]", "four quiet black cats")
    watched.page.click("form:has([name=new_password1]) [type=submit]")
    watched.page.wait_for_url("**/sign-in/")
    watched.page.goto(url)
    watched.complaints.clear()  # the browser reports the 410 itself
    look(watched, "invitation-over")


@pytest.mark.parametrize("width", [390, 1440])
def test_person_sets_up_each_second_factor(
    world: World, page_at: PageAt, sign_in_by_form: SignIn, width: int
) -> None:
    watched = page_at(width)
    page = watched.page
    sign_in_by_form(watched, world.liaison)
    page.goto(reverse("mfa_index"))
    look(watched, "factors-none")
    page.goto(reverse("mfa_activate_totp"))
    look(watched, "app")
    page.fill("[name=code]", "000000")
    page.click("form:has([name=code]) [type=submit]")
    look(watched, "app-wrong")
    page.goto(reverse("mfa_add_webauthn"))
    look(watched, "passkey")
    with_app(browser := signed_in(world.liaison))
    assert browser.get(reverse("mfa_index")).status_code == 200
    page.goto(reverse("mfa_index"))
    look(watched, "factors")
    page.goto(reverse("mfa_view_recovery_codes"))
    look(watched, "codes")
