"""Inviting people: one by a form, many by a list; slips, letters, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import logging
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from tests.personas import World, person
from tests.portal.identity_steps import NEW_PASSWORD, attempt, is_in
from units import accounts, scope
from units.inviting import uploads
from units.inviting.carrying_out import invite
from units.inviting.letters import account_of, token_of
from units.inviting.names import NameGiver, Wanted, pinyin
from units.inviting.plan import MOST_PEOPLE, make_plan
from units.inviting.slips import Slip
from units.inviting.table import HEADINGS, Line, Place, find_people
from units.inviting.template import template
from units.models import Account, AuditEntry, Deed, Mail, Upload
from units.roles import ADMINISTRATOR, HEAD, LEADER, LIAISON
from units.rules import RuleError
from units.workbooks.reading import read

SignIn = Callable[[Account], Client]
LIST = "/admin/units/account/import/"
HEAD_LINE = "姓名,单位代码,角色,手机号,邮箱,登录名"


def line(row: int = 2, **texts: str) -> Line:
    """Return a row of a list: a liaison of the first school unless it says otherwise."""
    facts = {"name": "王小明", "unit": "S1", "role": "联络员", "phone": "", "email": "", "username": ""}
    return Line(Place("", row), facts | texts)


def people_file(*rows: str) -> SimpleUploadedFile:
    """Return a list of people as a csv file."""
    return SimpleUploadedFile("people.csv", "\n".join([HEAD_LINE, *rows]).encode())


def hand_in(browser: Client, *rows: str) -> str:
    """Hand a list in and return the address of its preview."""
    response = browser.post(LIST, {"file": people_file(*rows)})
    assert response.status_code == 302, response.context["form"].errors
    return str(response.headers["Location"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("王小明", "wangxiaoming"), ("吕布", "lvbu"), ("Anna Smith", "annasmith"), ("·", "user")],
)
def test_names_are_written_in_plain_letters(name: str, expected: str) -> None:
    assert pinyin(name) == expected


def test_each_name_is_given_once_whatever_the_case(world: World) -> None:
    person("WangXiaoming", "王晓明")
    person("wangxiaoming-s1", "王晓鸣")
    wanted = Wanted("王小明", "S1", "13800001234")
    giver = NameGiver([wanted] * 4)
    given = [giver.give(wanted) for _person in range(3)]
    assert given == ["wangxiaoming1234", "wangxiaoming2", "wangxiaoming3"]


def test_list_opens_accounts_with_roles_slips_and_letters(world: World) -> None:
    lines = [
        line(2, phone="138 0000 1234", email="wang@example.org"),
        line(3, phone="13800001234", email="wang@example.org", role="单位负责人", unit="S2"),
        line(4, name="李雷", role="leader", unit="B", username="lilei"),
    ]
    slips = invite(lines, actor=world.administrator)
    wang, li = (Account.objects.get(username=name) for name in ("wangxiaoming", "lilei"))
    assert {(one.role, one.unit) for one in accounts.held(wang)} == {
        (LIAISON, world.school),
        (HEAD, world.other_school),
    }
    assert [one.role for one in accounts.held(li)] == [LEADER]
    assert {slip.account for slip in slips} == {wang, li}
    assert all(Account.objects.get(pk=one.account.pk).check_password(one.password) for one in slips)
    assert (wang.phone, wang.is_staff, wang.is_superuser, wang.password_is_initial) == (
        "13800001234",
        False,
        False,
        True,
    )
    letter = Mail.objects.get(person=wang)
    assert letter.address == "wang@example.org"
    assert not Mail.objects.filter(person=li).exists()


def test_c12_password_stands_nowhere_but_on_the_slip(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    [slip] = invite([line(email="wang@example.org")], actor=world.administrator)
    letter = Mail.objects.get(person=slip.account)
    trail = str(list(AuditEntry.objects.values_list("changes", "object_name")))
    for text in (letter.text, letter.html, trail, caplog.text, repr(slip), slip.account.password):
        assert slip.password not in text
    deeds = AuditEntry.objects.filter(object_id=str(slip.account.pk), actor=world.administrator)
    assert [entry.deed for entry in deeds.order_by("id")] == [Deed.CREATE, Deed.PASSWORD_CHANGE, Deed.GRANT]


def test_first_password_leads_through_the_forced_change(world: World) -> None:
    [slip] = invite([line()], actor=None)
    browser = Client()
    assert attempt(browser, slip.account.username, slip.password).status_code == 302
    assert browser.get("/").headers["Location"].startswith("/account/password/")
    change = {"oldpassword": slip.password, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    browser.post("/account/password/", change)
    assert is_in(browser)
    assert not attempt(Client(), slip.account.username, slip.password).headers.get("Location")


def test_c13_a_try_at_a_first_password_costs_a_run_of_the_default_hasher(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [slip] = invite([line()], actor=None)
    runs: list[str] = []
    slow = get_hasher("default")
    encode = slow.encode

    def noted(password: str, salt: str) -> str:
        runs.append(password)
        return encode(password, salt)

    monkeypatch.setattr(slow, "encode", noted)
    assert not slip.account.check_password("wrong")
    assert runs == ["wrong"]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"name": ""}, "refused"),
        ({"name": "长" * 61}, "refused"),
        ({"unit": "NONE"}, "unit_unknown"),
        ({"unit": ""}, "unit_missing"),
        ({"role": "皇帝"}, "role_unknown"),
        ({"role": ""}, "role_unknown"),
        ({"role": "administrator"}, "role_unknown"),
        ({"role": "审计员"}, "role_unknown"),
        ({"phone": "abc"}, "phone_wrong"),
        ({"email": "no address"}, "refused"),
        ({"username": "a b"}, "refused"),
        ({"username": "LIAISON"}, "username_taken"),
        ({"email": "liaison@example.org"}, "person_known"),
        ({"name": "一中联络员"}, "person_known"),
    ],
)
def test_each_error_is_named_and_nothing_is_saved(world: World, texts: dict[str, str], code: str) -> None:
    lines = [line(2, name="张三"), line(3, **texts)]
    before = Account.objects.count()
    problems = make_plan(lines, actor=world.administrator).problems
    assert (code, 3) in {(problem.code, problem.place.row) for problem in problems}
    with pytest.raises(RuleError) as refused:
        invite(lines, actor=world.administrator)
    assert refused.value.code == "problems"
    assert Account.objects.count() == before


def test_two_errors_of_one_row_are_told_at_once(world: World) -> None:
    codes = {problem.code for problem in make_plan([line(unit="NONE", role="皇帝")], actor=None).problems}
    assert codes == {"unit_unknown", "role_unknown"}


def test_rows_that_contradict_are_refused(world: World) -> None:
    twice = [line(2, phone="13800001234"), line(3, phone="13800001234")]
    other = [line(2, phone="13800001234"), line(3, phone="13800001234", name="李雷")]
    assert [problem.code for problem in make_plan(twice, actor=None).problems] == ["row_twice"]
    assert [problem.code for problem in make_plan(other, actor=None).problems] == ["contact_twice"]
    assert [p.code for p in make_plan([], actor=None).problems] == ["no_rows"]
    many = [line(row) for row in range(MOST_PEOPLE + 1)]
    assert [problem.code for problem in make_plan(many, actor=None).problems] == ["too_many"]


def test_delegate_invites_in_their_own_units_only(world: World) -> None:
    delegate = person("delegate", "片区管理员")
    scope.grant(delegate, scope.OVERSEE, world.school)
    assert make_plan([line()], actor=delegate).problems == []
    foreign = make_plan([line(unit="S2")], actor=delegate).problems
    missing = make_plan([line(unit="S9")], actor=delegate).problems
    assert [one.message.replace("S2", "S9") for one in foreign] == [one.message for one in missing]
    assert {one.code for one in make_plan([line(role="leader")], actor=delegate).problems} == {"out_of_reach"}


def test_many_people_cost_as_many_queries_as_few(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [line(row, name=f"王{row}", phone=f"1380000{row:04}") for row in range(2, 102)]
    with django_assert_max_num_queries(24):
        invite(lines, actor=world.administrator)


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
    url = reverse("invitation", args=[token_of(slip.account)])
    assert url in Mail.objects.get(person=slip.account).text
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
