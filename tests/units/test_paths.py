"""Arithmetic of materialised paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from units import paths

LINES = st.lists(st.integers(1, 999_999_998), min_size=1, max_size=8, unique=True)


def path_of(line: list[int]) -> str:
    """Return the path of the last unit of a line that begins at the root."""
    path = ""
    for unit_id in line:
        path = paths.join(path, unit_id)
    return path


@given(LINES)
def test_a_path_tells_its_line_from_the_root(line: list[int]) -> None:
    path = path_of(line)
    assert paths.ancestor_ids(path) == line
    assert paths.depth(path) == len(line)


@given(LINES, LINES)
def test_range_and_prefix_agree_on_what_lies_below(one: list[int], other: list[int]) -> None:
    path, maybe_below = path_of(one), path_of(other)
    in_range = path <= maybe_below < paths.end(path)
    assert in_range == paths.covers(path, maybe_below) == (other[: len(one)] == one)


@given(LINES, st.lists(st.integers(1, 999_999_998), max_size=4))
def test_everything_below_lies_in_the_range(line: list[int], further: list[int]) -> None:
    path, below = path_of(line), path_of(line + further)
    assert path <= below < paths.end(path)
    assert paths.covers(path, below)


@given(LINES)
def test_the_end_of_a_subtree_has_the_width_of_its_path(line: list[int]) -> None:
    assert len(paths.end(path_of(line))) == len(path_of(line))


@pytest.mark.parametrize("unit_id", [0, -5, 999_999_999, 10**9, 10**12])
def test_an_id_that_does_not_fit_is_refused(unit_id: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        paths.join("", unit_id)


def test_no_path_covers_nothing() -> None:
    """A unit that was never planted has no path; a grant on it must not reach every unit."""
    assert not paths.covers("", "000000001")
    assert not paths.covers("000000001", "")
