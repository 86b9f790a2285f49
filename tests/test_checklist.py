"""The checklist of docs/security.md: each item has its row, and each row its test or its reason."""

from __future__ import annotations

import re

import pytest

from tests.test_house import ROOT, files, functions, parsed, short

ROW = re.compile(r"^\| (C\d\d) \|.*\| (.+?) \|$", re.M)
NAMED = re.compile(r"`(tests/\S+\.py)::(test_\w+)`")
ROWS = ROW.findall((ROOT / "docs" / "security.md").read_text())
# Identity, access control and audit: the part that may have no gap without a reason.
MUST = [f"C{number:02}" for number in range(1, 38)]


@pytest.fixture(scope="module")
def tests() -> set[tuple[str, str]]:
    """Return every test as (file, name)."""
    return {
        (short(path), function.name)
        for path in files("test_*.py")
        for function in functions(parsed(path))
        if function.name.startswith("test_")
    }


def numbers(name: str) -> set[str]:
    """Return the items that a test shows, by its name: `test_c38_c39_…` shows two."""
    carried = re.match(r"test_((?:c\d\d_)+)", name)
    return set(carried[1].upper().split("_")) - {""} if carried else set()


def test_every_item_has_one_row() -> None:
    assert [item for item, _shown in ROWS] == [f"C{number:02}" for number in range(1, 73)]


def test_every_test_that_a_row_names_exists(tests: set[tuple[str, str]]) -> None:
    named = [(item, one) for item, shown in ROWS for one in NAMED.findall(shown)]
    assert len(named) > 40
    assert [f"{item}: {one[0]}::{one[1]}" for item, one in named if one not in tests] == []


def test_every_number_in_a_tests_name_is_an_item(tests: set[tuple[str, str]]) -> None:
    known = {item for item, _shown in ROWS}
    assert {name for _file, name in tests if numbers(name) - known} == set()


@pytest.mark.parametrize("item", MUST)
def test_item_has_a_test_of_its_name_or_a_reason(item: str, tests: set[tuple[str, str]]) -> None:
    shown = dict(ROWS)[item]
    if shown.startswith(("Not yet: ", "Not here: ")):
        showing = [f"{file}::{name}" for file, name in tests if item in numbers(name)]
        assert showing == [], f"docs/security.md says “not”; name one of these in the row of {item}"
        return
    named = [name for _file, name in NAMED.findall(shown)]
    assert named, f"docs/security.md, row {item}: name a test as `tests/…py::test_{item.lower()}_…`"
    assert [name for name in named if item not in numbers(name)] == [], "the name lacks the number"
