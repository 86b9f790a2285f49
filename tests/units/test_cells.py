"""Texts as cells of a spreadsheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from units.cells import Cell, safe, safe_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "==1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠A",
        "−1",
        "\t=1",
        "\r=1",
        "\n1",
        "\x00=1",
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == "'" + text.replace("\x00", "")


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0", "\ufeff", "\u200b", "\x07", "\u202e"])
def test_blanks_in_front_hide_no_formula(blank: str) -> None:
    assert safe_text(f"{blank}=1").startswith("'")


@pytest.mark.parametrize("text", ["", "宣讲", "1=1", "a-b", "'", "100%", "a\nb", "😀", "𠮷"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize("value", [0, -5, Decimal("-1.5"), None, dt.date(2026, 12, 28)])
def test_numbers_and_days_stay_what_they_are(value: Cell) -> None:
    assert safe(value) is value


@given(st.text())
def test_c60_no_text_is_a_formula_or_breaks_a_workbook(text: str) -> None:
    cell = safe_text(text)
    assert not ILLEGAL_CHARACTERS_RE.search(cell)
    assert not cell.lstrip("\u3000 \t\r\n\u00a0\ufeff").startswith(tuple("=+-@＝＋－＠"))
