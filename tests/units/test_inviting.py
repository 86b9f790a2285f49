"""Inviting people: names, plans, the verb, and what is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.personas import World, person
from tests.portal.identity_steps import NEW_PASSWORD, attempt, is_in
from units import accounts, scope
from units.inviting.carrying_out import invite
from units.inviting.names import NameGiver, Wanted, pinyin
from units.inviting.plan import MOST_PEOPLE, make_plan
from units.inviting.table import Line, Place
from units.models import Account, AuditEntry, Deed, Mail
from units.roles import HEAD, LEADER, LIAISON
from units.rules import RuleError

SignIn = Callable[[Account], Client]
LIST = "/admin/units/account/import/"
HEAD_LINE = "姓名,单位代码,角色,手机号,邮箱,登录名"


def line(row: int = 2, **texts: str) -> Line:
    """Return a row of a list: a liaison of the first school unless it says otherwise."""
    facts = {"name": "王小明", "unit": "S1", "role": "联络员", "phone": "", "email": "", "username": ""}
    return Line(Place("", row), facts | texts)


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
