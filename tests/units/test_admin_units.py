"""Units, accounts, teams, mail and the audit trail in the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.personas import World, person
from units import accounts, mail, scope
from units.models import Account, AuditEntry, Deed, Mail, Team, TeamMember, TeamUnit, Unit, UnitKind
from units.roles import LIAISON

SignIn = Callable[[Account], Client]


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """Return the administrator's browser."""
    return sign_in(world.administrator)


@pytest.fixture
def delegate(world: World, sign_in: SignIn) -> Client:
    """Return the browser of a person with every model permission of units, and oversight of one school."""
    account = person("delegate", "片区管理员")
    wanted = Permission.objects.filter(
        content_type__app_label="units", content_type__model__in=["unit", "account"]
    )
    account.user_permissions.set(wanted.filter(codename__regex="^(view|add|change)_"))
    Account.objects.filter(pk=account.pk).update(is_staff=True)
    scope.grant(account, scope.OVERSEE, world.school)
    return sign_in(Account.objects.get(pk=account.pk))


def form(response: Any) -> dict[str, object]:
    """Return what a change form would post if nothing were touched."""
    page = response.context["adminform"].form
    data = {
        name: field.initial if page.initial.get(name) is None else page.initial[name]
        for name, field in page.fields.items()
    }
    for inline in response.context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {management.add_prefix(name): value for name, value in management.initial.items()}
        for row in inline.formset.initial_forms:
            data |= {row.add_prefix(name): row[name].initial for name in row.fields}
    return {name: value for name, value in data.items() if value is not None and value is not False}


def test_unit_is_planted_and_its_parent_fixed_from_then_on(world: World, admin: Client) -> None:
    kind = UnitKind.objects.get(code="school")
    data = {"code": "N1", "name": "新学校", "kind": kind.pk, "parent": world.bureau.pk, "path": "1"}
    assert admin.post(reverse("admin:units_unit_add"), data).status_code == 302
    new = Unit.objects.get(code="N1")
    assert new.path.startswith(world.bureau.path)
    url = reverse("admin:units_unit_change", args=[new.pk])
    admin.post(url, data | {"name": "更名", "parent": world.school.pk})
    new.refresh_from_db()
    assert (new.name, new.parent) == ("更名", world.bureau)
    entry = AuditEntry.objects.filter(deed=Deed.CHANGE, object_id=str(new.pk)).get()
    assert entry.changes == {"name": ["新学校", "更名"]}
    assert entry.actor == world.administrator


def test_nothing_is_deleted(world: World, admin: Client) -> None:
    for name, row in (("unit", world.school), ("account", world.liaison), ("team", Team.objects.get())):
        assert (
            admin.post(reverse(f"admin:units_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
            == 403
        )
    assert Unit.objects.filter(pk=world.school.pk).exists()


def test_delegate_sees_and_forges_nothing_outside(world: World, delegate: Client) -> None:
    listed = delegate.get(reverse("admin:units_unit_changelist")).context["cl"].result_list
    assert list(listed) == [world.school]
    for name, foreign in (("unit", world.other_school), ("account", world.stranger)):
        for page in ("change", "history"):
            hidden = delegate.get(reverse(f"admin:units_{name}_{page}", args=[foreign.pk]))
            missing = delegate.get(reverse(f"admin:units_{name}_{page}", args=[10**8]))
            assert (hidden.status_code, missing.status_code) == (404, 404)
    kind = UnitKind.objects.get(code="school")
    data = {"code": "F1", "name": "越权", "kind": kind.pk, "parent": world.other_school.pk}
    response = delegate.post(reverse("admin:units_unit_add"), data)
    assert response.context["adminform"].form.errors["parent"]
    assert not Unit.objects.filter(code="F1").exists()


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("units", "unit", "parent"),
        ("units", "account", "unit"),
        ("units", "teamunit", "unit"),
        ("records", "activityrecord", "unit"),
        ("weekly", "weeklyreport", "unit"),
        ("records", "activityrecord", "author"),
        ("units", "teammember", "account"),
    ],
)
def test_autocomplete_reaches_no_further_than_the_list(
    world: World, sign_in: SignIn, delegate: Client, app: str, model: str, field: str
) -> None:
    query = {"app_label": app, "model_name": model, "field_name": field}
    url = reverse("admin:autocomplete", query=query)
    inside = (
        {str(world.school.pk)} if field in {"parent", "unit"} else {str(world.liaison.pk), str(world.head.pk)}
    )
    found = {row["id"] for row in delegate.get(url).json()["results"]}
    assert found == inside
    for who in ("newcomer", "reviewer", "auditor"):
        assert sign_in(getattr(world, who)).get(url).status_code == 403


@pytest.mark.parametrize(
    "lookup",
    [
        "password__startswith",
        "unit__accounts__password__startswith",
        "email__contains",
        "groups__name",
        "unit__path__startswith",
        "is_superuser__exact",
        "user_permissions__codename",
    ],
)
def test_lookups_are_no_oracle(world: World, admin: Client, lookup: str) -> None:
    for value in ("md5", "zzz"):
        assert admin.get(reverse("admin:units_account_changelist"), {lookup: value}).status_code == 400


def test_popup_and_to_field_are_no_oracle(world: World, admin: Client) -> None:
    url = reverse("admin:units_account_changelist")
    assert admin.get(url, {"_popup": "1", "_to_field": "password"}).status_code == 400


def test_account_is_opened_with_a_password_that_is_told_once(world: World, admin: Client) -> None:
    data = {"username": "new", "name": "新联络员", "unit": world.school.pk}
    forged = {"password": "x", "is_staff": "on", "is_superuser": "on", "groups": [1]}
    response = admin.post(reverse("admin:units_account_add"), data | forged)
    account = Account.objects.get(username="new")
    [slip] = response.context["slips"]
    assert account.check_password(slip.password)
    assert "no-store" in response["Cache-Control"]
    assert (account.is_staff, account.is_superuser, account.groups.count()) == (False, False, 0)
    page = admin.get(reverse("admin:units_account_change", args=[account.pk])).content.decode()
    assert account.password not in page
    assert account.password.split("$")[-1] not in page


def test_new_password_is_audited_without_itself(world: World, admin: Client) -> None:
    url = reverse("admin:units_account_password", args=[world.liaison.pk])
    assert admin.get(url).status_code == 302
    [slip] = admin.post(url).context["slips"]
    world.liaison.refresh_from_db()
    assert world.liaison.check_password(slip.password)
    entry = AuditEntry.objects.filter(deed=Deed.PASSWORD_CHANGE).latest("id")
    assert slip.password not in str(entry.changes)


def test_roles_are_given_and_taken_by_verbs(world: World, admin: Client) -> None:
    roles = reverse("admin:units_account_roles", args=[world.newcomer.pk])
    assert admin.post(roles, {"role": "liaison"}).context["form"].errors["unit"]
    assert admin.post(roles, {"role": "liaison", "unit": world.school.pk}).status_code == 302
    assert [(one.role, one.unit) for one in accounts.held(world.newcomer)] == [(LIAISON, world.school)]
    dismiss = reverse("admin:units_account_dismiss", args=[world.newcomer.pk])
    admin.post(dismiss, {"role": "liaison", "unit": world.other_school.pk})
    assert accounts.held(world.newcomer)
    admin.post(dismiss, {"role": "liaison", "unit": world.school.pk})
    assert not accounts.held(world.newcomer)


def test_nobody_changes_their_own_roles(world: World, admin: Client) -> None:
    response = admin.post(
        reverse("admin:units_account_roles", args=[world.administrator.pk]), {"role": "auditor"}
    )
    assert response.context["form"].non_field_errors()
    assert [one.role.code for one in accounts.held(world.administrator)] == ["administrator"]


def test_delegate_appoints_nobody_outside(world: World, delegate: Client) -> None:
    foreign = reverse("admin:units_account_roles", args=[world.stranger.pk])
    assert delegate.post(foreign, {"role": "liaison", "unit": world.school.pk}).status_code == 404
    own = reverse("admin:units_account_roles", args=[world.liaison.pk])
    assert (
        delegate.post(own, {"role": "liaison", "unit": world.other_school.pk}).context["form"].errors["unit"]
    )


def test_team_lets_members_and_units_in_and_out(world: World, admin: Client) -> None:
    team = Team.objects.get()
    url = reverse("admin:units_team_change", args=[team.pk])
    data = form(admin.get(url)) | {
        "members-TOTAL_FORMS": 2,
        "members-0-DELETE": "on",
        "members-1-name": "新职员",
        "members-1-role": "member",
        "members-1-account": world.newcomer.pk,
        "coverage-TOTAL_FORMS": 2,
        "coverage-0-DELETE": "on",
        "coverage-1-unit": world.other_school.pk,
    }
    assert admin.post(url, data).status_code == 302
    assert [member.account for member in TeamMember.objects.all()] == [world.newcomer]
    assert [row.unit for row in TeamUnit.objects.all()] == [world.other_school]
    assert scope.units(world.newcomer, scope.OVERSEE).get() == world.other_school
    assert not scope.units(Account.objects.get(pk=world.team_member.pk), scope.OVERSEE).exists()


def test_only_failed_mail_is_sent_again(world: World, admin: Client, quiet_world: list[str]) -> None:
    row = {
        "person": world.liaison,
        "address": "a@example.org",
        "subject": "周报",
        "text": "t",
        "html": "<p>h</p>",
    }
    mail.enqueue([Mail(key=key, **row) for key in "ab"])
    Mail.objects.filter(key="a").update(state=Mail.State.FAILED, n_attempts=12, error="550")
    Mail.objects.filter(key="b").update(state=Mail.State.SENDING)
    data = {
        "action": "send_again",
        "index": 0,
        "_selected_action": list(Mail.objects.values_list("pk", flat=True)),
    }
    admin.post(reverse("admin:units_mail_changelist"), data)
    assert dict(Mail.objects.values_list("key", "state")) == {"a": "waiting", "b": "sending"}
    assert AuditEntry.objects.filter(object_type="units.mail", actor=world.administrator).count() == 1


def test_mail_preview_has_no_rights(world: World, admin: Client, sign_in: SignIn) -> None:
    mail.enqueue([Mail(key="a", address="a@example.org", subject="s", text="t", html="<script>1</script>")])
    url = reverse("admin:units_mail_html", args=[Mail.objects.get().pk])
    response = admin.get(url)
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert sign_in(world.reviewer).get(url).status_code == 403


def test_auditor_reads_and_changes_nothing(world: World, sign_in: SignIn, admin: Client) -> None:
    entry = AuditEntry.objects.earliest("id")
    url = reverse("admin:units_auditentry_change", args=[entry.pk])
    auditor = sign_in(world.auditor)
    assert auditor.get(url).status_code == 200
    assert auditor.post(url, {"actor_name": "forged"}).status_code == 403
    assert admin.get(url).status_code == 403


def test_history_says_what_was_and_became(world: World, admin: Client) -> None:
    url = reverse("admin:units_unit_change", args=[world.school.pk])
    admin.post(url, form(admin.get(url)) | {"name": "一中新名"})
    page = admin.get(reverse("admin:units_unit_history", args=[world.school.pk]))
    assert next(entry.deed for entry in page.context["entries"]) == Deed.CHANGE
    assert "一中新名" in page.content.decode()


def test_accounts_list_costs_the_same_for_few_and_many(
    world: World, admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        person(f"p{number}", f"人{number}", (LIAISON, world.school), unit=world.school)
    with django_assert_max_num_queries(22):
        admin.get(reverse("admin:units_account_changelist"))
