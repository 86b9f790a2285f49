"""The cells of a ledger as people write them: what is read and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.campaigns.designs import Ask
from reports.records.ledgers.values import (
    CellError,
    day_of,
    line_of,
    number_of,
    option_of,
    tags_of,
    text_of,
    yes_no_of,
)
from units.workbooks.reading import Cell

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2027, 3, 31)
HEADS = Ask("onsite", "线下人次", unit_of_measure="人次")
RATE = Ask("rate", "参与率", unit_of_measure="%", decimals=2)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (dt.date(2026, 11, 19), dt.date(2026, 11, 19)),
        (dt.datetime(2026, 11, 19, 14, 30), dt.date(2026, 11, 19)),  # noqa: DTZ001 - as a spreadsheet holds it
        ("2026-11-19", dt.date(2026, 11, 19)),
        (" 2026/11/9 ", dt.date(2026, 11, 9)),
        ("2026.11.19", dt.date(2026, 11, 19)),
        ("２０２６年１１月１９日", dt.date(2026, 11, 19)),
        ("2026-11-19 00:00:00", dt.date(2026, 11, 19)),
        ("20261119", dt.date(2026, 11, 19)),
        (20261119, dt.date(2026, 11, 19)),
        (20261119.0, dt.date(2026, 11, 19)),
        ("11月19日", dt.date(2026, 11, 19)),
        ("1月5日", dt.date(2027, 1, 5)),
        (None, None),
        ("  ", None),
    ],
)
def test_day_is_read_as_people_write_it(written: Cell, day: dt.date | None) -> None:
    assert day_of(written, FIRST, LAST) == day


@pytest.mark.parametrize("written", ["19/11/2026", "2026-02-30", "8月1日", "上周五", "2026", 46345, True])
def test_what_is_no_day_or_could_be_two_is_refused(written: Cell) -> None:
    with pytest.raises(CellError) as refused:
        day_of(written, FIRST, LAST)
    assert refused.value.code == "not_a_day"


@pytest.mark.parametrize(
    ("written", "asked", "value"),
    [
        (120, HEADS, 120),
        (120.0, HEADS, 120),
        ("120", HEADS, 120),
        ("１２０", HEADS, 120),
        ("1,260", HEADS, 1260),
        ("１，２６０", HEADS, 1260),
        ("120人次", HEADS, 120),
        (" 1 260 ", HEADS, 1260),
        (0, HEADS, 0),
        (-3, HEADS, -3),
        (0.1 + 0.2, RATE, 30),
        (98.5, RATE, 9850),
        ("98.5%", RATE, 9850),
        ("98.5％", RATE, 9850),
        (98, RATE, 9800),
        (None, HEADS, None),
        ("", HEADS, None),
    ],
)
def test_number_is_read_as_people_write_it(written: Cell, asked: Ask, value: int | None) -> None:
    assert number_of(written, asked) == value


@pytest.mark.parametrize(
    ("written", "asked", "code"),
    [
        ("约120", HEADS, "not_a_number"),
        ("1万", HEADS, "not_a_number"),
        ("85%", HEADS, "not_a_number"),
        ("12,34", HEADS, "not_a_number"),
        ("1e5", HEADS, "not_a_number"),
        ("٣", HEADS, "not_a_number"),
        (True, HEADS, "not_a_number"),
        (float("inf"), HEADS, "not_a_number"),
        (1e300, HEADS, "not_a_number"),
        (dt.date(2026, 11, 19), HEADS, "not_a_number"),
        ("#REF!", HEADS, "not_a_number"),
        (12.5, HEADS, "too_many_decimals"),
        ("98.555", RATE, "too_many_decimals"),
    ],
)
def test_what_is_no_number_is_refused(written: Cell, asked: Ask, code: str) -> None:
    with pytest.raises(CellError) as refused:
        number_of(written, asked)
    assert refused.value.code == code


def test_yes_and_no_are_read_in_many_words() -> None:
    assert [yes_no_of(written) for written in ("是", "YES", True, 1, "√", "有")] == [1] * 6
    assert [yes_no_of(written) for written in ("否", "No", False, 0, "×", "无")] == [0] * 6
    assert yes_no_of(None) is None
    with pytest.raises(CellError, match="“也许”"):
        yes_no_of("也许")


def test_option_is_found_whatever_its_width_and_blanks() -> None:
    assert option_of(" 线上 （腾讯会议） ", ("线上(腾讯会议)", "线下")) == "线上(腾讯会议)"
    with pytest.raises(CellError, match="线下"):
        option_of("空中", ("线上", "线下"))


def test_texts_are_tidied_freed_of_the_sign_against_formulas_and_measured() -> None:
    assert line_of("a\u202eb\x00 \n c", 10) == "ab c"
    assert text_of("一\r\n二 ", 10) == "一\n二"
    assert line_of("'=1+1", 10) == "=1+1"
    assert line_of(2026.0, 10) == "2026"
    assert tags_of("支部，教师 支部") == ("支部", "教师")
    with pytest.raises(CellError, match="3"):
        line_of("字" * 4, 3)
    with pytest.raises(CellError):
        tags_of(" ".join(str(number) for number in range(11)))
