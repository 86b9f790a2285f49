"""Pinyin initials: how they are read, and how the search finds units by them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from tests.personas import World, unit
from units import lifecycle
from units.models import Unit
from units.pinyin import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("滨海市第一中学", "bhsdyzx"),
        ("重庆大学", "cqdx"),
        ("滨海SOS学校(东校区)", "bhsosxxdxq"),
        ("第１２３中学", "d123zx"),
        ("\u202e滨海\u200b中学", "bhzx"),
        ("𬭸县中学", "lxzx"),
        ("Ωμέγα", ""),
        ("中" * 300, "z" * 200),
    ],
)
def test_initials_are_small_letters_and_digits(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_initials_follow_planting_and_renaming(world: World) -> None:
    assert Unit.objects.get(code="S1").initials == "bhsdyzx"
    world.school.name = "滨海市育英中学"
    lifecycle.amend(world.school, ["name"], actor=world.administrator)
    assert Unit.objects.get(code="S1").initials == "bhsyyzx"


def test_stored_units_get_their_initials_by_the_migration(world: World) -> None:
    Unit.objects.update(initials="")
    import_module("units.migrations.0012_initials_of_stored_units").fill(apps, None)
    assert set(Unit.objects.values_list("code", "initials")) >= {("S1", "bhsdyzx"), ("S2", "bhsdezx")}


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("第一", {"S1"}),
        ("bhsdy", {"S1"}),
        ("BHSDY", {"S1"}),
        ("s1", {"S1"}),
        ("滨海 中学", {"S1", "S2"}),
        ("滨海 s2", {"S2"}),
        ("%", set()),
        ("_", set()),
        ("'; DROP TABLE units_unit; --", set()),
        ("\u202e", set()),
        ("𬭸", {"R"}),
    ],
)
def test_search_matches_names_codes_and_initials(world: World, words: str, codes: set[str]) -> None:
    unit("R", "𬭸县实验学校", "school", world.bureau)
    assert set(Unit.objects.matching(words).values_list("code", flat=True)) == codes
