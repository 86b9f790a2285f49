"""Accounts that come and go: disabled, enabled, unused, handed over."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.records import workflow
from tests.personas import PASSWORD, World, person
from tests.portal.identity_steps import attempt, is_in, signed_in
from units import accounts, scope, standing, teams
from units.models import Account, AuditEntry, Deed, Team, TeamMember
from units.roles import ADMINISTRATOR, AUDITOR, LIAISON, REVIEWER
from units.rules import RuleError

SignIn = Callable[[Account], Client]


def page(name: str, account: Account) -> str:
    """Return the address of one of an account's pages."""
    return reverse(f"admin:units_account_{name}", args=[account.pk])


def test_c10_disabling_ends_every_session_at_its_next_request(world: World) -> None:
    phone, office = signed_in(world.liaison), signed_in(world.liaison)
    assert is_in(phone)
    assert is_in(office)
    standing.disable(world.liaison, actor=world.administrator)
    assert not is_in(phone)
    assert not is_in(office)
    assert not attempt(Client(), "liaison", PASSWORD).headers.get("Location")
    assert not scope.units(Account.objects.get(pk=world.liaison.pk), *scope.READ).exists()
    entry = AuditEntry.objects.get(deed=Deed.DISABLE)
    assert (entry.actor, entry.object_id) == (world.administrator, str(world.liaison.pk))


def test_enabling_gives_a_first_password_and_revives_no_session(world: World) -> None:
    browser = signed_in(world.liaison)
    standing.disable(world.liaison, actor=world.administrator)
    password = standing.enable(world.liaison, actor=world.administrator)
    assert not is_in(browser)
    assert attempt(Client(), "liaison", password).status_code == 302
    assert accounts.held(world.liaison)[0].role == LIAISON


def test_second_disabling_or_enabling_is_told(world: World) -> None:
    standing.disable(world.liaison, actor=None)
    with pytest.raises(RuleError) as refused:
        standing.disable(world.liaison, actor=None)
    assert refused.value.code == "stale"
    standing.enable(world.liaison, actor=None)
    with pytest.raises(RuleError) as refused:
        standing.enable(world.liaison, actor=None)
    assert refused.value.code == "stale"
    assert AuditEntry.objects.filter(deed__in=[Deed.DISABLE, Deed.ENABLE]).count() == 2


def test_nobody_shuts_themselves_or_the_last_administrator(world: World) -> None:
    for actor, code in ((world.administrator, "own_account"), (None, "last_administrator")):
        with pytest.raises(RuleError) as refused:
            standing.disable(world.administrator, actor=actor)
        assert refused.value.code == code
    second = person("administrator2", "系统管理员乙", (ADMINISTRATOR, None), unit=world.bureau)
    standing.disable(world.administrator, actor=second)
    assert not Account.objects.get(pk=world.administrator.pk).is_active


def test_delegate_takes_hold_of_nobody_who_may_more(world: World) -> None:
    delegate = person("delegate", "片区管理员")
    allowed = Permission.objects.get(content_type__app_label="units", codename="change_account")
    delegate.user_permissions.add(allowed)
    scope.grant(delegate, scope.OVERSEE, world.school)
    strong = person("strong", "审计员乙", (AUDITOR, None), unit=world.school)
    for verb in (standing.disable, accounts.set_initial_password):
        with pytest.raises(RuleError) as refused:
            verb(strong, actor=delegate)
        assert refused.value.code == "out_of_reach"
    for role, unit in ((ADMINISTRATOR, None), (REVIEWER, world.bureau), (LIAISON, world.other_school)):
        with pytest.raises(RuleError) as refused:
            accounts.appoint(world.liaison, role, actor=delegate, unit=unit)
        assert refused.value.code == "out_of_reach"
    assert [one.role for one in accounts.held(world.liaison)] == [LIAISON]


def test_c24_unused_accounts_are_listed_and_disabled_by_command(world: World) -> None:
    long_ago = timezone.now() - dt.timedelta(days=100)
    Account.objects.filter(username__in=["liaison", "head", "administrator"]).update(
        date_joined=long_ago, last_login=long_ago
    )
    Account.objects.filter(username="head").update(last_login=timezone.now())
    told, refused = io.StringIO(), io.StringIO()
    call_command("accounts", "review", stdout=told)
    assert "liaison " in told.getvalue()
    assert "head " not in told.getvalue()
    assert Account.objects.get(username="liaison").is_active
    call_command("accounts", "review", "--disable", stdout=told, stderr=refused)
    active = set(Account.objects.filter(is_active=True).values_list("username", flat=True))
    assert "liaison" not in active
    assert {"head", "administrator"} <= active
    assert "administrator" in refused.getvalue()
    assert AuditEntry.objects.get(deed=Deed.DISABLE).changes["why"] == "unused for 90 days"


def test_one_that_was_enabled_again_is_not_unused(world: World) -> None:
    long_ago = timezone.now() - dt.timedelta(days=100)
    Account.objects.update(date_joined=long_ago, last_login=long_ago)
    standing.disable(world.liaison, actor=None)
    standing.enable(world.liaison, actor=None)
    assert world.liaison not in standing.unused(timezone.now())


def test_hand_over_moves_roles_and_work_and_keeps_the_old_name(world: World) -> None:
    draft = world.draft()
    returned = workflow.send_back(world.submitted(title="又一场"), actor=world.reviewer, note="照片不清楚")
    successor = person("successor", "新联络员")
    accounts.appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    moved = accounts.hand_over(world.liaison, successor, actor=world.administrator)
    assert {one.unit for one in moved} == {world.school, world.other_school}
    assert not accounts.held(world.liaison)
    assert not scope.units(world.liaison, *scope.READ).exists()
    successor.refresh_from_db()
    assert successor.unit == world.school
    for record in (draft, returned):
        record.refresh_from_db()
        assert record.transitions.earliest("id").actor == world.liaison
        sent = workflow.submit(record, actor=successor)
        assert sent.submitted_by == successor
    entry = AuditEntry.objects.get(deed=Deed.HAND_OVER)
    assert (entry.object_id, entry.changes["successor"]) == (str(world.liaison.pk), "successor")


def test_hand_over_leaves_teams_and_roles_of_everything(world: World) -> None:
    accounts.appoint(world.liaison, AUDITOR, actor=None)
    teams.enlist(TeamMember(team=Team.objects.get(), account=world.liaison, name="一中联络员"), actor=None)
    successor = person("successor", "新联络员")
    accounts.hand_over(world.liaison, successor, actor=world.administrator)
    assert [one.role for one in accounts.held(world.liaison)] == [AUDITOR]
    assert scope.sees(world.liaison, world.school)
    assert [one.role for one in accounts.held(successor)] == [LIAISON]


def test_second_hand_over_finds_nothing(world: World) -> None:
    first, second = person("first", "甲"), person("second", "乙")
    accounts.hand_over(world.liaison, first, actor=world.administrator)
    with pytest.raises(RuleError) as refused:
        accounts.hand_over(world.liaison, second, actor=world.administrator)
    assert refused.value.code == "nothing_to_hand_over"
    assert not accounts.held(second)


@pytest.mark.parametrize(
    ("old", "new", "actor", "code"),
    [
        ("liaison", "liaison", "administrator", "same_person"),
        ("liaison", "administrator", "administrator", "own_roles"),
        ("reviewer", "head", "reviewer", "own_roles"),
    ],
)
def test_hand_over_that_would_help_oneself_is_refused(
    world: World, old: str, new: str, actor: str, code: str
) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(RuleError) as refused:
        accounts.hand_over(getattr(world, old), getattr(world, new), actor=getattr(world, actor))
    assert refused.value.code == code
    assert AuditEntry.objects.count() == before
    assert accounts.held(getattr(world, old))


def test_disabled_successor_is_refused(world: World) -> None:
    standing.disable(world.stranger, actor=None)
    with pytest.raises(RuleError) as refused:
        accounts.hand_over(world.liaison, world.stranger, actor=None)
    assert refused.value.code == "not_active"


def test_hand_over_page_shows_first_and_acts_once(world: World, sign_in: SignIn) -> None:
    browser, url = sign_in(world.administrator), page("hand_over", world.liaison)
    successor = person("successor", "新联络员", unit=world.school)
    shown = browser.get(f"{url}?new={successor.pk}&disables=on")
    assert [one.unit for one in shown.context["moving"]] == [world.school]
    assert accounts.held(world.liaison)
    done = browser.post(url, {"new": successor.pk, "disables": "on"})
    assert done.headers["Location"] == page("roles", successor)
    world.liaison.refresh_from_db()
    assert not world.liaison.is_active
    again = browser.post(url, {"new": world.stranger.pk})
    assert again.context["form"].non_field_errors()


def test_hand_over_page_refuses_what_is_no_account_in_reach(world: World, sign_in: SignIn) -> None:
    browser, url = sign_in(world.administrator), page("hand_over", world.liaison)
    for new in (999999, world.liaison.pk, "x"):
        assert browser.post(url, {"new": new}).context["form"].errors["new"]
    assert accounts.held(world.liaison)


def test_pages_do_what_they_say(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    for name in ("disable", "enable"):
        assert browser.get(page(name, world.liaison)).status_code == 302
    browser.post(page("disable", world.liaison))
    assert not Account.objects.get(pk=world.liaison.pk).is_active
    [slip] = browser.post(page("enable", world.liaison)).context["slips"]
    assert Account.objects.get(pk=world.liaison.pk).check_password(slip.password)
    browser.post(page("disable", world.administrator))
    assert Account.objects.get(pk=world.administrator.pk).is_active


@pytest.mark.parametrize("name", ["roles", "dismiss", "password", "disable", "enable", "hand_over"])
def test_pages_of_an_account_are_closed_to_others(world: World, sign_in: SignIn, name: str) -> None:
    for who in ("reviewer", "newcomer", "auditor", "liaison", "leader"):
        browser = sign_in(getattr(world, who))
        assert browser.get(page(name, world.stranger)).status_code == 403
        assert browser.post(page(name, world.stranger), {"role": "administrator"}).status_code == 403
    missing = reverse(f"admin:units_account_{name}", args=[999999])
    assert sign_in(world.administrator).post(missing).status_code == 404
    assert Account.objects.get(pk=world.stranger.pk).is_active


def test_form_of_an_account_changes_declared_fields_only(world: World, sign_in: SignIn) -> None:
    browser, url = sign_in(world.administrator), page("change", world.liaison)
    forged = {"is_superuser": "on", "is_staff": "on", "is_active": "", "groups": [1], "password": "x"}
    data = {"username": "liaison", "name": "改名", "unit": world.school.pk, "language": "zh-hans"}
    assert browser.post(url, data | forged).status_code == 302
    account = Account.objects.get(pk=world.liaison.pk)
    assert (account.name, account.is_active, account.is_staff, account.is_superuser) == (
        "改名",
        True,
        False,
        False,
    )
    assert account.groups.count() == 0
    assert account.check_password(PASSWORD)


def test_c24_c43_list_masks_phones_and_finds_the_unused(world: World, sign_in: SignIn) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(phone="13812345678")
    browser = sign_in(world.administrator)
    listed = browser.get(reverse("admin:units_account_changelist"))
    assert b"13812345678" not in listed.content
    assert "138••••5678" in listed.content.decode()
    assert b"13812345678" in browser.get(page("change", world.liaison)).content
    long_ago = timezone.now() - dt.timedelta(days=100)
    Account.objects.filter(pk=world.liaison.pk).update(last_login=long_ago)
    found = browser.get(reverse("admin:units_account_changelist"), {"unused": "yes"})
    assert list(found.context["cl"].result_list) == [world.liaison]


def test_c12_slip_is_told_once_and_loading_it_again_makes_no_second_password(
    world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.administrator)
    form = browser.get(page("change", world.liaison)).content.decode()
    [seen] = re.findall(r'name="seen"\s+value="([^"]+)"', form)
    told = browser.post(page("password", world.liaison), {"seen": seen})
    [slip] = told.context["slips"]
    assert "no-store" in told.headers["Cache-Control"]
    again = browser.post(page("password", world.liaison), {"seen": seen}, follow=True)
    assert slip.password not in again.content.decode()
    assert "仅显示一次" in again.content.decode()
    account = Account.objects.get(pk=world.liaison.pk)
    assert account.check_password(slip.password)
    assert slip.password not in browser.get(page("change", account)).content.decode()
    assert slip.password not in str(list(AuditEntry.objects.values_list("changes", flat=True)))
