"""The administration's pages for mergers and splits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from reports.records.models import ActivityRecord
from reports.reorganisation import merging
from tests.personas import World, person
from units import scope
from units.models import Account, AuditEntry, Deed, Unit, UnitKind
from units.rules import RuleError

SignIn = Callable[[Account], Client]


def address(deed: str, one: Unit) -> str:
    return reverse(f"reorganisation:unit-{deed}", args=[one.pk])


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.administrator)


@pytest.fixture
def delegate(world: World, sign_in: SignIn) -> Client:
    """Return the browser of somebody who manages one school and nothing above it."""
    account = person("delegate", "片区管理员")
    wanted = Permission.objects.filter(content_type__app_label="units", content_type__model="unit")
    account.user_permissions.set(wanted.filter(codename__regex="^(view|add|change)_"))
    Account.objects.filter(pk=account.pk).update(is_staff=True)
    scope.grant(account, scope.OVERSEE, world.school)
    return sign_in(Account.objects.get(pk=account.pk))


def test_merger_shows_what_will_move_and_then_moves_it(world: World, admin: Client) -> None:
    world.approved()
    data = {"new": world.other_school.pk, "on": world.today.isoformat()}
    asked = admin.post(address("merge", world.school), data)
    told = {fact.code: fact.value for fact in asked.context["facts"]}
    assert (told["records"], told["to"]) == (1, world.other_school)
    # Liaison, head, the team's grant and its coverage.
    assert told["grants"] == 4
    assert ActivityRecord.objects.filter(unit=world.school).count() == 1
    assert admin.post(address("merge", world.school), data | {"confirmed": "1"}).status_code == 302
    assert ActivityRecord.objects.filter(unit=world.other_school).count() == 1
    assert Unit.objects.get(code="S1").merged_into == world.other_school


@pytest.mark.parametrize("days_ahead", [0, 1, 30])
def test_second_click_merges_nothing(world: World, admin: Client, days_ahead: int) -> None:
    day = world.today + dt.timedelta(days=days_ahead)
    data = {"new": world.other_school.pk, "on": day.isoformat(), "confirmed": "1"}
    assert admin.post(address("merge", world.school), data).status_code == 302
    again = admin.post(address("merge", world.school), data)
    assert again.context["form"].non_field_errors()
    assert AuditEntry.objects.filter(deed=Deed.MERGE).count() == 2


def test_refusals_stand_at_their_fields(world: World, admin: Client) -> None:
    day = {"on": world.today.isoformat(), "confirmed": "1"}
    for new in (world.school, world.closed_school):
        told = admin.post(address("merge", world.school), day | {"new": new.pk})
        assert told.context["form"].errors["new"]
    told = admin.post(address("merge", world.bureau), day | {"new": world.school.pk})
    assert told.context["form"].non_field_errors()
    told = admin.post(address("merge", world.school), {"new": "x", "on": "x", "confirmed": "1"})
    assert {"new", "on"} <= told.context["form"].errors.keys()


def test_merger_on_the_day_of_the_opening_is_refused(world: World) -> None:
    Unit.objects.filter(pk=world.school.pk).update(opened_on=world.today)
    with pytest.raises(RuleError) as refused:
        merging.merge(world.school, world.other_school, on=world.today, actor=world.administrator)
    assert (refused.value.code, refused.value.field) == ("before_opening", "on")


def test_old_records_stay_visible_to_who_may(world: World, admin: Client, sign_in: SignIn) -> None:
    record = world.approved()
    data = {"new": world.other_school.pk, "on": world.today.isoformat(), "confirmed": "1"}
    admin.post(address("merge", world.school), data)
    page = reverse("records:record-detail", args=[record.pk])
    for who in ("stranger", "liaison", "leader", "team_member"):
        assert sign_in(getattr(world, who)).get(page).status_code == 200


def split_data(world: World, **changed: object) -> dict[str, object]:
    kind = UnitKind.objects.get(code="school")
    facts: dict[str, object] = {"code": "S1B", "name": "一中东校区", "kind": kind.pk}
    return {**facts, "opened_on": world.today.isoformat(), "people": [world.liaison.pk], **changed}


def test_split_plants_a_unit_beside_and_takes_people_along(world: World, admin: Client) -> None:
    asked = admin.post(address("split", world.school), split_data(world))
    assert {fact.code: fact.value for fact in asked.context["facts"]}["people"] == 1
    assert not Unit.objects.filter(code="S1B").exists()
    admin.post(address("split", world.school), split_data(world, confirmed="1"))
    new = Unit.objects.get(code="S1B")
    assert (new.parent, new.initials) == (world.bureau, "yzdxq")
    assert scope.may(world.liaison, scope.REPORT, new)


def test_second_click_splits_nothing(world: World, admin: Client) -> None:
    data = split_data(world, confirmed="1", people=[])
    admin.post(address("split", world.school), data)
    assert admin.post(address("split", world.school), data).context["form"].errors["code"]
    assert Unit.objects.filter(code="S1B").count() == 1


def test_people_of_other_units_cannot_be_taken_along(world: World, admin: Client) -> None:
    told = admin.post(
        address("split", world.school), split_data(world, people=[world.stranger.pk], confirmed="1")
    )
    assert told.context["form"].errors["people"]
    assert not Unit.objects.filter(code="S1B").exists()


@pytest.mark.parametrize("deed", ["merge", "split"])
@pytest.mark.parametrize("who", ["newcomer", "reviewer", "auditor", "liaison", "leader"])
def test_only_administrators_come_in(world: World, sign_in: SignIn, deed: str, who: str) -> None:
    browser = sign_in(getattr(world, who))
    for method in (browser.get, browser.post):
        assert method(address(deed, world.school)).status_code == 403


def test_delegate_merges_and_splits_nothing_outside(world: World, delegate: Client) -> None:
    data = {"new": world.other_school.pk, "on": world.today.isoformat(), "confirmed": "1"}
    told = delegate.post(address("merge", world.school), data)
    assert told.context["form"].errors["new"]
    assert delegate.post(address("merge", world.other_school), data).status_code == 404
    assert delegate.post(address("split", world.school), split_data(world)).status_code == 403
    assert not AuditEntry.objects.filter(deed__in=[Deed.MERGE, Deed.SPLIT]).exists()
