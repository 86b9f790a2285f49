"""Lists of any length: counted up to a limit, searched by parts of names of any length."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.personas import World
from units import paging
from units.models import Account, Unit
from units.paging import CappedPaginator
from units.querysets import subtrees


@pytest.mark.django_db
def test_a_list_beyond_the_limit_is_paged_up_to_it_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, n_units = Unit.objects.in_tree_order(), Unit.objects.count()
    monkeypatch.setattr(paging, "MOST", n_units)
    whole = CappedPaginator(everything, 2)
    assert (whole.count, whole.is_capped) == (n_units, False)
    monkeypatch.setattr(paging, "MOST", n_units - 1)
    with CaptureQueriesContext(connection) as asked:
        cut = CappedPaginator(everything, 2)
        assert (cut.count, cut.is_capped) == (n_units - 1, True)
    assert len(asked) == 1


def test_a_plain_list_is_counted_without_a_question() -> None:
    assert CappedPaginator([1, 2, 3], 2).num_pages == 2


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["一", "一中", "第一中", "滨海市第一中学", "FIRST", "first", "%", "_", "'"])
def test_a_part_of_a_name_is_found_as_a_plain_search_finds_it(world: World, part: str) -> None:
    Unit.objects.filter(pk=world.other_school.pk).update(name="First 一中 100%_'s")
    plain = set(Unit.objects.filter(name__icontains=part).values_list("pk", flat=True))
    assert plain
    assert set(Unit.objects.filter(name__holds=part).values_list("pk", flat=True)) == plain


@pytest.mark.django_db
def test_pairs_that_stand_apart_are_no_part(world: World) -> None:
    Unit.objects.filter(pk=world.school.pk).update(name="甲乙丁乙丙")
    assert not Unit.objects.filter(name__holds="甲乙丙").exists()
    assert Unit.objects.filter(name__holds="丁乙丙").exists()
    assert Account.objects.filter(name__holds=world.liaison.name[1:3]).exists()


@pytest.mark.django_db
def test_subtrees_side_by_side_are_asked_for_as_one_range(world: World) -> None:
    first, second = world.school.path, world.other_school.path
    touching = subtrees(["000000001", "000000002", "000000004"])
    assert str(touching).count("path__gte") == 3  # two ranges, and the one that holds both
    found = Unit.objects.filter(subtrees([first, second]))
    assert set(found) == {world.school, world.other_school}
    assert not Unit.objects.filter(subtrees([])).exists()
