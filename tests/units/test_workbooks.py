"""Reading foreign files: cells as people see them, and every hostile file refused in time."""

from __future__ import annotations

import datetime as dt
import io
import struct
import time
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook

from tests.units.workbook_files import cell, packed, xlsx
from units.workbooks import reading
from units.workbooks.limits import MAX_BYTES, MAX_COLUMNS, MAX_ENTRIES
from units.workbooks.passwords import is_protected
from units.workbooks.reading import Cell, WorkbookError, column_letters, read, read_path, text

SAMPLES = settings.BASE_DIR / "tests" / "samples"
NASTY = settings.BASE_DIR.parent / "shared" / "data" / "nasty" / "poi"
SECONDS = 5

# What each published hostile or odd file gives: an error's code, or the rows of its visible sheets.
PUBLISHED: dict[str, str | list[int]] = {
    "1904DateWindowing.xls": [1, 0, 0],
    "54084 - Greek - beyond BMP.txt": "not_a_workbook",
    "54084 - Greek - beyond BMP.xlsx": [1, 0, 0],
    "57893-many-merges.xlsx": [0],
    "59746_NoRowNums.xlsx": [71],
    "BrNotClosed.xlsx": [0, 0, 0],
    "DBCSHeader.xls": [0, 0, 0],
    "DBCSSheetName.xls": [0, 0, 0],
    "DateFormatTests.xlsx": [4, 46],
    "ExcelWithAttachments.xlsm": [17, 0, 0],
    "InlineStrings.xlsx": [7, 0, 0],
    "MalformedSSTCount.xlsx": [3],
    "NewlineInFormulas.xlsx": [10, 0, 0],
    "SampleSS.strict.xlsx": [4, 7, 0],
    "SampleSS.xlsx": [4, 7, 0],
    "SimpleWithComments.xlsx": [3, 0, 0],
    "TwoSheetsOneHidden.xlsx": [1],
    "chinese-provinces.xls": [4],
    # A Word document under the name of a workbook.
    "clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx": "not_a_workbook",
    # Made from a protected file, and damaged after that.
    "clusterfuzz-testcase-minimized-POIHSSFFuzzer-4651309315719168.xls": "password",
    "clusterfuzz-testcase-minimized-POIHSSFFuzzer-4657005060816896.xls": "damaged",
    "clusterfuzz-testcase-minimized-POIHSSFFuzzer-4819588401201152.xls": "damaged",
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-4828727001088000.xlsx": "damaged",
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-5089447305609216.xlsx": "damaged",
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-5185049589579776.xlsx": "damaged",
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-5265527465181184.xlsx": "damaged",
    "clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5025401116950528.xlsx": "damaged",
    "clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5542865479270400.xlsx": "damaged",
    "crash-274d6342e4842d61be0fb48eaadad6208ae767ae.xlsx": "damaged",
    "duplicate-filename.xlsx": [0],
    "link-external-workbook-a.xlsx": [1],
    "noSharedStringTable.xlsx": [1],
    "password.xls": "password",
    "poc-xmlbomb.xlsx": "unsafe",
    "protected_passtika.xlsx": "password",
    "right-to-left.xlsx": [4, 4],
    "testEXCEL_95.xls": [22, 0, 0],
    "unicodeSheetName.xlsx": [9],
    "xlsx-corrupted.xlsx": "damaged",
    "xxe_in_schema.xlsx": [10],
}


def outcome(content: bytes, name: str) -> str | list[int]:
    try:
        return [len(sheet.rows) for sheet in read(content, name)]
    except WorkbookError as error:
        return error.code if name in error.message else "another file's name"


@pytest.mark.skipif(not NASTY.exists(), reason="the published odd workbooks are not on this machine")
@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_published_file_is_read_right_or_refused_in_time(name: str) -> None:
    content = (NASTY / name).read_bytes()
    began = time.monotonic()
    assert outcome(content, name) == PUBLISHED[name]
    assert time.monotonic() - began < SECONDS


@pytest.mark.skipif(not NASTY.exists(), reason="the published odd workbooks are not on this machine")
def test_every_published_file_has_its_expectation() -> None:
    assert {path.name for path in NASTY.iterdir()} == set(PUBLISHED)


def test_dates_of_the_1904_system_are_not_shifted() -> None:
    path = NASTY / "1904DateWindowing.xls"
    if not path.exists():
        pytest.skip("the published odd workbooks are not on this machine")
    assert read_path(path)[0].rows[0][0] == dt.date(2000, 1, 1)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (f'<row r="1048576">{cell("XFD1048576")}</row>', "rows"),
        (f'<row r="1">{cell("XFD1")}</row>', "columns"),
        (f"<row>{cell() * (MAX_COLUMNS + 1)}</row>", "columns"),
        (f'<row r="1">{cell("A1")}</row><row r="200000">{cell("CC200000")}</row>', "cells"),
        ('<x:row r="9"><x:c a="&gt;" b=">" r="XFD9"><x:v>1</x:v></x:c></x:row>', "columns"),
        (f"<!-- <c a=' --><row r='1048576'>{cell('A1048576')}</row>", "rows"),
        ("<row><c><v>" + "1" * 60_000_000 + "</v></c></row>", "unpacked"),
    ],
    ids=["far corner", "far column", "cells without reference", "two corners", "hidden", "comment", "long"],
)
def test_c63_c66_small_file_that_would_unfold_is_refused_in_time(rows: str, what: str) -> None:
    content = xlsx(rows)
    assert len(content) < 100_000
    began = time.monotonic()
    with pytest.raises(WorkbookError) as refused:
        read(content, "list.xlsx")
    assert (refused.value.code, refused.value.what) == ("too_large", what)
    assert time.monotonic() - began < SECONDS


def test_formatting_far_away_from_the_table_does_no_harm() -> None:
    rows = f'<row r="1">{cell("A1")}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert outcome(xlsx(rows), "list.xlsx") == [1]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (xlsx("", prolog='<!DOCTYPE x [<!ENTITY a "b">]>'), "list.xlsx", "unsafe"),
        (xlsx("", more={f"x/{n}.xml": b"<x/>" for n in range(MAX_ENTRIES)}), "list.xlsx", "too_large"),
        (packed({"word/document.xml": b"<w/>"}), "list.xlsx", "not_a_workbook"),
        (packed({"xl/workbook.bin": b"\x01"}), "list.xlsx", "unsupported"),
        (xlsx("")[:-30], "list.xlsx", "damaged"),
        (b"PK", "list.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list.xls", "damaged"),
        (b"%PDF-1.7\x00\x01", "list.xlsx", "not_a_workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "list.xls", "unsupported"),
        (b"a,b\n", "list.txt", "not_a_workbook"),
        (b"", "list.csv", "empty"),
        (b"a" * (MAX_BYTES + 1), "list.csv", "too_large"),
        (b"a," * (MAX_COLUMNS + 1), "list.csv", "too_large"),
        (b"a\n" * 260_000, "list.csv", "too_large"),
        (b'"' + b"a" * 200_000, "list.csv", "damaged"),
    ],
)
def test_each_case_has_its_own_refusal(content: bytes, name: str, code: str) -> None:
    assert outcome(content, name) == code


def test_endless_reading_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.001)
    with pytest.raises(WorkbookError) as refused:
        read(xlsx(""), "list.xlsx")
    assert refused.value.what == "time"


def test_reader_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    assert "canary" not in str(reading._environment())


def test_password_of_an_old_workbook_is_told_from_damage() -> None:
    begin = struct.pack("<HH", 0x0809, 16) + b"\x00\x06" + bytes(14)
    locked = bytes(512) + begin + struct.pack("<HH", 0x2F, 2) + bytes(2)
    assert is_protected(locked)
    assert not is_protected(bytes(512) + begin + struct.pack("<HH", 0x0A, 0))
    assert not is_protected(bytes(512) + begin)


def test_cells_come_with_their_types_at_their_places() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C3"], sheet["D3"] = 4111010001, "0012", dt.date(2026, 11, 23)
    sheet["E3"], sheet["F3"] = 2.5, True
    file = io.BytesIO()
    book.save(file)
    (read_sheet,) = read(file.getvalue(), "list.xlsx")
    assert read_sheet.rows[0] == [None] * 6
    assert [text(value) for value in read_sheet.rows[2][:5]] == [
        "",
        "4111010001",
        "0012",
        "2026-11-23",
        "2.5",
    ]
    assert read_sheet.rows[2][5] is True


@pytest.mark.parametrize("name", ["schools_utf8.csv", "schools_bom.csv", "schools_gb18030.csv"])
def test_csv_reads_alike_in_every_encoding(name: str) -> None:
    (sheet,) = read_path(SAMPLES / name)
    assert sheet.rows[0] == ["单位代码", "单位名称", "类型", "上级代码", "所在地"]
    assert sheet.rows[1][:2] == ["B-S1", "滨海市第三中学"]


@pytest.mark.parametrize("line", ["a;b;c", "a\tb\tc", "a,b,c"])
def test_csv_reads_with_the_delimiter_that_it_has(line: str) -> None:
    assert read(f"{line}\n1,5{line[1:]}\n".encode(), "list.csv")[0].rows[0] == ["a", "b", "c"]


def test_csv_of_utf_16_is_read() -> None:
    assert read("学校,代码".encode("utf-16"), "list.csv")[0].rows == [["学校", "代码"]]


@pytest.mark.parametrize("name", ["ministry_list.xlsx", "ministry_list.ods"])
def test_hidden_sheets_are_left_out_and_both_formats_read_alike(name: str) -> None:
    (sheet,) = read_path(SAMPLES / name)
    assert sheet.name == "名单"
    assert [text(value) for value in sheet.rows[4][:3]] == ["1", "东滨大学 ", "4199010001"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (4111010001.0, "4111010001"),
        (0.5, "0.5"),
        (None, ""),
        (dt.datetime.combine(dt.date(2026, 1, 2), dt.time.min), "2026-01-02"),
        ("x", "x"),
    ],
)
def test_cell_reads_as_text(value: Cell, shown: str) -> None:
    assert text(value) == shown


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]


def test_missing_file_is_no_workbook_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_path(tmp_path / "none.xlsx")
