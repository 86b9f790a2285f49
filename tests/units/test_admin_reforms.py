"""Moving, closing and opening again in the admin: ask, show, do; and only within one's reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from reports.records.counting import count_all
from reports.statistics.verifying import verify
from tests.personas import World, person, unit
from units import scope, tree
from units.models import Account, AuditEntry, Deed, Unit, UnitKind

SignIn = Callable[[Account], Client]


def address(deed: str, one: Unit) -> str:
    return reverse(f"admin:units_unit_{deed}", args=[one.pk])


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.administrator)


@pytest.fixture
def delegate(world: World, sign_in: SignIn) -> Client:
    """Return the browser of somebody who manages units below one district alone."""
    account = person("delegate", "片区管理员")
    wanted = Permission.objects.filter(content_type__app_label="units", content_type__model="unit")
    account.user_permissions.set(wanted.filter(codename__regex="^(view|add|change|import|export)_"))
    Account.objects.filter(pk=account.pk).update(is_staff=True)
    scope.grant(account, scope.OVERSEE, world.school)
    return sign_in(Account.objects.get(pk=account.pk))


def test_move_shows_what_will_happen_and_then_does_it(world: World, admin: Client) -> None:
    unit("S1A", "一中分校", "school", world.school)
    data = {"parent": world.other_school.pk}
    asked = admin.post(address("move", world.school), data)
    assert {fact.code: fact.value for fact in asked.context["facts"]} == {
        "units": 2,
        "from": world.bureau,
        "to": world.other_school,
    }
    assert Unit.objects.get(code="S1").parent == world.bureau
    done = admin.post(address("move", world.school), data | {"confirmed": "1"})
    assert done.status_code == 302
    assert Unit.objects.get(code="S1").parent == world.other_school
    assert tree.wrong_paths() == []
    assert AuditEntry.objects.get(deed=Deed.CHANGE, unit=world.school).actor == world.administrator


def test_refused_move_stands_at_its_field(world: World, admin: Client) -> None:
    branch = unit("S1A", "一中分校", "school", world.school)
    refused = admin.post(address("move", world.school), {"parent": branch.pk, "confirmed": "1"})
    assert refused.context["form"].errors["parent"]
    assert Unit.objects.get(code="S1").parent == world.bureau


def test_move_while_totals_wait_leaves_them_right(
    world: World, admin: Client, run_tally: Callable[[], None]
) -> None:
    world.approved()
    admin.post(address("move", world.school), {"parent": world.other_school.pk, "confirmed": "1"})
    world.school.refresh_from_db()
    world.approved(values={"sessions": 1, "onsite": 5, "online": 0})
    run_tally()
    assert verify(world.campaign, count_all(world.campaign)) == []


def test_unit_is_closed_and_opened_again(world: World, admin: Client) -> None:
    day = world.today.isoformat()
    asked = admin.post(address("close", world.bureau), {"on": day})
    assert {fact.code: fact.value for fact in asked.context["facts"]} == {"on": day, "open_below": 2}
    admin.post(address("close", world.school), {"on": day, "confirmed": "1"})
    assert Unit.objects.get(code="S1").closed_on == world.today
    again = admin.post(address("close", world.school), {"on": day, "confirmed": "1"})
    assert again.context["form"].non_field_errors()
    admin.post(address("reopen", world.school), {"confirmed": "1"})
    assert Unit.objects.get(code="S1").closed_on is None


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30"])
def test_day_that_is_none_is_refused_at_its_field(world: World, admin: Client, day: str) -> None:
    told = admin.post(address("close", world.school), {"on": day, "confirmed": "1"})
    assert told.context["form"].errors["on"]


def test_day_before_the_opening_is_refused_at_its_field(world: World, admin: Client) -> None:
    young = unit("Y", "新校", "school", world.bureau, opened_on=world.today)
    told = admin.post(address("close", young), {"on": world.today.isoformat(), "confirmed": "1"})
    assert told.context["form"].errors["on"]


@pytest.mark.parametrize("deed", ["move", "close", "reopen"])
@pytest.mark.parametrize("who", ["newcomer", "reviewer", "auditor", "liaison", "leader"])
def test_only_administrators_come_in(world: World, sign_in: SignIn, deed: str, who: str) -> None:
    browser = sign_in(getattr(world, who))
    for method in (browser.get, browser.post):
        assert method(address(deed, world.school)).status_code == 403


@pytest.mark.parametrize("deed", ["move", "close", "reopen"])
def test_foreign_unit_is_as_missing_as_a_missing_one(world: World, delegate: Client, deed: str) -> None:
    data = {"parent": world.school.pk, "on": "2026-01-01", "confirmed": "1"}
    for one in (world.other_school, Unit(pk=10**8)):
        assert delegate.post(address(deed, one), data).status_code == 404
    assert Unit.objects.get(code="S2").closed_on is None


@pytest.mark.parametrize("target", ["bureau", "other_school", None])
def test_delegate_moves_nothing_out_of_reach(world: World, delegate: Client, target: str | None) -> None:
    branch = unit("S1A", "一中分校", "school", world.school)
    data = {"parent": getattr(world, target).pk if target else "", "confirmed": "1"}
    told = delegate.post(address("move", branch), data)
    assert told.context["form"].errors["parent"]
    assert Unit.objects.get(code="S1A").parent == world.school


def test_delegate_plants_nothing_at_the_top_and_imports_nothing(world: World, delegate: Client) -> None:
    kind = UnitKind.objects.get(code="school")
    data = {"code": "T", "name": "顶层学校", "kind": kind.pk, "parent": ""}
    told = delegate.post(reverse("admin:units_unit_add"), data)
    assert told.context["adminform"].form.errors["parent"]
    assert not Unit.objects.filter(code="T").exists()
    assert delegate.get(reverse("admin:units_unit_import")).status_code == 403


def test_form_takes_only_its_own_fields(world: World, admin: Client) -> None:
    url = reverse("admin:units_unit_change", args=[world.school.pk])
    data = {"code": "S1", "name": "更名学校", "kind": world.school.kind_id, "opened_on": "2020-09-01"}
    forged = {
        "parent": world.other_school.pk,
        "path": "1",
        "initials": "x",
        "closed_on": "2026-01-01",
        "merged_into": world.other_school.pk,
    }
    assert admin.post(url, data | forged).status_code == 302
    stored = Unit.objects.get(code="S1")
    assert (stored.name, stored.initials, stored.opened_on) == ("更名学校", "gmxx", dt.date(2020, 9, 1))
    assert (stored.parent, stored.path, stored.closed_on, stored.merged_into) == (
        world.bureau,
        world.school.path,
        None,
        None,
    )


def test_form_asks_for_the_day_of_new_heads(world: World, admin: Client) -> None:
    url = reverse("admin:units_unit_change", args=[world.school.pk])
    data = {"code": "S1", "name": "一中", "kind": world.school.kind_id, "n_students": 900}
    assert admin.post(url, data).context["adminform"].form.errors["counted_on"]
    assert admin.post(url, data | {"counted_on": "2026-09-01"}).status_code == 302
    assert Unit.objects.get(code="S1").n_students == 900


@pytest.mark.parametrize("name", ["\u202e\u202c", "\u2066\u2069"])
def test_name_of_nothing_readable_is_refused(world: World, admin: Client, name: str) -> None:
    url = reverse("admin:units_unit_change", args=[world.school.pk])
    told = admin.post(url, {"code": "S1", "name": name, "kind": world.school.kind_id})
    assert told.context["adminform"].form.errors["name"]


def test_admin_search_knows_initials(world: World, admin: Client) -> None:
    listed = admin.get(reverse("admin:units_unit_changelist"), {"q": "bhsdy"}).context["cl"].result_list
    assert list(listed) == [world.school]
    query = {"app_label": "units", "model_name": "unit", "field_name": "parent", "term": "bhsde"}
    found = admin.get(reverse("admin:autocomplete", query=query)).json()["results"]
    assert [row["id"] for row in found] == [str(world.other_school.pk)]


def test_unit_page_of_the_admin_leads_to_every_deed(world: World, admin: Client) -> None:
    told = admin.get(reverse("admin:units_unit_change", args=[world.school.pk])).content.decode()
    for deed in ("move", "close"):
        assert address(deed, world.school) in told
    for deed in ("merge", "split"):
        assert reverse(f"reorganisation:unit-{deed}", args=[world.school.pk]) in told
    closed = admin.get(reverse("admin:units_unit_change", args=[world.closed_school.pk])).content.decode()
    assert address("reopen", world.closed_school) in closed
