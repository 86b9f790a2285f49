"""Planting units: where a unit stands is written by the verb alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.personas import World, unit
from units import paths
from units.models import AuditEntry, Deed, Unit, UnitKind
from units.tree import move, plant, plant_many


def new(code: str, parent: Unit | None = None, **facts: object) -> Unit:
    """Return an unsaved school."""
    kind = UnitKind.objects.get(code="school")
    return Unit(**({"code": code, "name": f"学校{code}", "kind": kind, "parent": parent} | facts))


def test_a_planted_unit_stands_under_its_parent(world: World) -> None:
    branch = unit("S11", "东校区", "school", world.school)
    assert branch.path == paths.join(world.school.path, branch.pk)
    assert branch.depth == 3
    assert list(Unit.objects.under(world.school)) == [world.school, branch]
    assert Unit.objects.get(pk=branch.pk).path == branch.path


def test_planting_leaves_one_audit_row(world: World) -> None:
    planted = plant(new("S11", world.school), actor=world.administrator)
    entry = AuditEntry.objects.get(object_type="units.unit", object_id=str(planted.pk))
    assert (entry.deed, entry.actor, entry.unit) == (Deed.CREATE, world.administrator, planted)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"code": "S1"}, "code"), ({"code": ""}, "code"), ({"name": ""}, "name"), ({"n_staff": -1}, "n_staff")],
)
def test_a_wrong_unit_is_refused_at_its_field_and_leaves_nothing(
    world: World, facts: dict[str, object], field: str
) -> None:
    before = (Unit.objects.count(), AuditEntry.objects.count())
    with pytest.raises(ValidationError) as refused:
        plant(new(str(facts.pop("code", "S11")), world.school, **facts), actor=world.administrator)
    assert field in refused.value.message_dict
    assert (Unit.objects.count(), AuditEntry.objects.count()) == before


def test_many_are_planted_like_one(world: World) -> None:
    schools = plant_many((new(f"N{n}", world.bureau) for n in range(30)), actor=world.administrator)
    assert [school.path for school in schools] == [paths.join(world.bureau.path, s.pk) for s in schools]
    assert Unit.objects.under(world.bureau).filter(code__startswith="N").count() == 30
    entries = AuditEntry.objects.filter(object_type="units.unit", actor=world.administrator)
    assert {int(entry.object_id) for entry in entries} == {school.pk for school in schools}


def test_siblings_with_like_numbers_are_not_below_one_another(world: World) -> None:
    """Unit 1 and unit 12 share a first digit; fixed widths keep their subtrees apart."""
    schools = plant_many((new(f"N{n}", world.bureau) for n in range(120)), actor=None)
    for school in schools:
        assert list(Unit.objects.under(school)) == [school]


def test_a_parent_that_was_read_before_it_moved_is_read_again(world: World) -> None:
    stale = Unit.objects.get(pk=world.other_school.pk)
    move(world.other_school, world.school, actor=None)
    one = plant(new("N1", stale), actor=None)
    other = plant_many([new("N2", stale)], actor=None)[0]
    moved = Unit.objects.get(pk=stale.pk).path
    assert [one.path, other.path] == [paths.join(moved, one.pk), paths.join(moved, other.pk)]
