"""The pages on which people are invited, and the letter that lets one in."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.personas import World, person
from tests.portal.identity_steps import NEW_PASSWORD, attempt
from tests.units.test_inviting import line
from units import accounts
from units.inviting import uploads
from units.inviting.carrying_out import invite
from units.inviting.letters import account_of, token_of
from units.inviting.slips import Slip
from units.inviting.table import HEADINGS, find_people
from units.inviting.template import template
from units.models import Account, AuditEntry, Deed, Mail, Upload
from units.roles import ADMINISTRATOR
from units.rules import RuleError
from units.workbooks.reading import read

SignIn = Callable[[Account], Client]
LIST = "/admin/units/account/import/"
HEAD_LINE = "姓名,单位代码,角色,手机号,邮箱,登录名"


def people_file(*rows: str) -> SimpleUploadedFile:
    """Return a list of people as a csv file."""
    return SimpleUploadedFile("people.csv", "\n".join([HEAD_LINE, *rows]).encode())


def hand_in(browser: Client, *rows: str) -> str:
    """Hand a list in and return the address of its preview."""
    response = browser.post(LIST, {"file": people_file(*rows)})
    assert response.status_code == 302, response.context["form"].errors
    return str(response.headers["Location"])


def test_template_is_read_back_as_an_empty_list(world: World) -> None:
    with translation.override("zh-hans"):
        people = find_people(read(template(), "people.xlsx"))
    assert people.lines == []
    assert list(people.columns.values()) == [{field: column for column, field in enumerate(HEADINGS)}]


def test_list_is_previewed_confirmed_once_and_told_on_slips(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    preview = hand_in(browser, "王小明,S1,联络员,13800001234,,", "李雷,B,审核员,,li@example.org,lilei")
    page = browser.get(preview)
    assert b'data-import="ready"' in page.content
    assert b"138\xe2\x80\xa2" in page.content
    assert b"13800001234" not in page.content
    assert not Account.objects.filter(username="lilei").exists()
    done = browser.post(preview + "confirm/")
    assert done.status_code == 200
    assert "no-store" in done["Cache-Control"]
    slips: list[Slip] = done.context["slips"]
    assert {slip.account.username for slip in slips} == {"lilei", "wangxiaoming"}
    assert all(slip.password.encode() in done.content for slip in slips)
    assert not Upload.objects.exists()
    assert Account.objects.get(username="lilei").is_staff
    again = browser.post(preview + "confirm/")
    assert again.headers["Location"] == LIST
    assert Account.objects.filter(name="王小明").count() == 1
    assert AuditEntry.objects.get(deed=Deed.IMPORT).changes == {"file": "people.csv", "people": 2}


def test_errors_are_shown_by_cell_and_nothing_is_saved(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    preview = hand_in(browser, "王小明,S1,联络员,,,", "李雷,S9,审核员,,,")
    page = browser.get(preview)
    assert b'data-import="refused"' in page.content
    assert b'data-problem="unit_unknown"' in page.content
    assert b"B3" in page.content
    assert browser.post(preview + "confirm/").headers["Location"] == preview
    assert not Account.objects.filter(name="王小明").exists()


@pytest.mark.parametrize("rows", ["a,b\n1,2", ""])
def test_file_that_is_no_list_comes_back_with_an_error(world: World, sign_in: SignIn, rows: str) -> None:
    file = SimpleUploadedFile("people.csv", rows.encode())
    response = sign_in(world.administrator).post(LIST, {"file": file})
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not Upload.objects.exists()


def test_list_is_bound_to_its_person_and_to_an_hour(world: World, sign_in: SignIn) -> None:
    other = person("administrator2", "系统管理员乙", (ADMINISTRATOR, None), unit=world.bureau)
    preview = hand_in(sign_in(world.administrator), "王小明,S1,联络员,,,")
    assert sign_in(other).get(preview).headers["Location"] == LIST
    assert sign_in(other).post(preview + "confirm/").headers["Location"] == LIST
    Upload.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    assert sign_in(world.administrator).get(preview).headers["Location"] == LIST
    assert not Account.objects.filter(name="王小明").exists()


def test_two_confirmations_at_once_invite_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "\n".join([HEAD_LINE, "王小明,S1,联络员,,,"]).encode()
    upload = uploads.keep("people.csv", content, actor=world.administrator)
    lines = uploads.people_of(upload).lines
    invite(lines, actor=world.administrator, using_up=upload)
    Account.objects.filter(name="王小明").update(name="王", username="w")
    upload.pk = 999
    with pytest.raises(RuleError) as refused:
        invite(lines, actor=world.administrator, using_up=upload)
    assert refused.value.code == "gone"
    assert Account.objects.filter(username__startswith="w").count() == 1


@pytest.mark.parametrize("who", ["newcomer", "reviewer", "liaison", "leader", "auditor"])
def test_nobody_else_invites(world: World, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(world, who))
    one = f"{LIST}{uuid.uuid4()}/"
    for url in (LIST, LIST + "template/", reverse("admin:units_account_add"), one):
        assert browser.get(url).status_code == 403
    forged = {"name": "甲", "unit": world.school.pk, "role": "liaison"}
    assert browser.post(reverse("admin:units_account_add"), forged).status_code == 403
    assert browser.post(LIST, {"file": people_file()}).status_code == 403
    assert browser.post(one + "confirm/").status_code == 403
    assert not Account.objects.filter(name="甲").exists()


def test_template_is_handed_out(world: World, sign_in: SignIn) -> None:
    response = sign_in(world.administrator).get(LIST + "template/")
    assert response.status_code == 200
    assert io.BytesIO(response.content).read(2) == b"PK"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"unit": 99999}, "unit"),
        ({"role": "administrator"}, "role"),
        ({"phone": "x"}, "phone"),
        ({"email": "x"}, "email"),
        ({"username": "liaison"}, "username"),
    ],
)
def test_form_for_one_names_the_wrong_field(
    world: World, sign_in: SignIn, changed: dict[str, object], field: str
) -> None:
    data = {"name": "王小明", "unit": world.school.pk, "role": "liaison"} | changed
    response = sign_in(world.administrator).post(reverse("admin:units_account_add"), data)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert not Account.objects.filter(name="王小明").exists()


def test_forged_fields_of_an_account_change_nothing(world: World, sign_in: SignIn) -> None:
    forged = dict.fromkeys(("is_staff", "is_superuser", "groups", "user_permissions", "password"), "1")
    data = {"name": "王小明", "unit": world.school.pk, "role": "liaison"} | forged
    [slip] = sign_in(world.administrator).post(reverse("admin:units_account_add"), data).context["slips"]
    account = Account.objects.get(pk=slip.account.pk)
    assert (account.is_staff, account.is_superuser) == (False, False)
    assert (account.groups.count(), account.user_permissions.count()) == (0, 0)
    assert not account.check_password("1")


def test_letter_lets_the_person_set_a_password_once(world: World) -> None:
    [slip] = invite([line(email="wang@example.org")], actor=None)
    [url] = re.findall(r"/account/invitation/\S+", Mail.objects.get(person=slip.account).text)
    page = Client().get(url)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    wrong = Client().post(url, {"new_password1": "short", "new_password2": "short"})
    assert wrong.context["form"].errors
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert Client().post(url, new).headers["Location"] == reverse("sign-in")
    assert attempt(Client(), "wangxiaoming", NEW_PASSWORD).status_code == 302
    assert Client().get(url).status_code == 410
    assert Client().post(url, new).status_code == 410


def test_letter_is_over_once_the_slip_was_used_replaced_or_too_old(world: World) -> None:
    [slip] = invite([line(email="wang@example.org")], actor=None)
    token = token_of(slip.account)
    assert account_of(token) == slip.account
    attempt(Client(), slip.account.username, slip.password)
    assert account_of(token) is None
    account = Account.objects.get(pk=slip.account.pk)
    accounts.set_initial_password(account, actor=None)
    assert account_of(token) is None
    fresh = token_of(account)
    Account.objects.update(password_expires_at=timezone.now())
    assert account_of(fresh) is None


@pytest.mark.parametrize("token", ["x", "x:y:z", "W10:1:x"])
def test_made_up_letter_is_as_over_as_an_old_one(db: None, token: str) -> None:
    assert Client().get(reverse("invitation", args=[token])).status_code == 410


def test_disabled_account_is_not_opened_by_its_letter(world: World) -> None:
    [slip] = invite([line(email="wang@example.org")], actor=None)
    token = token_of(slip.account)
    Account.objects.filter(pk=slip.account.pk).update(is_active=False)
    assert account_of(token) is None
