"""Importing units: the plan, carrying it out, and the commands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.personas import unit
from units import paths
from units.importing.carrying_out import carry_out
from units.importing.plan import Fate, Options, Plan, make_plan
from units.importing.table import Table, find_table
from units.models import AuditEntry, Deed, Unit
from units.rules import RuleError
from units.texts import tidy, tidy_line
from units.workbooks.reading import Cell, Sheet, read_path

SAMPLES = settings.BASE_DIR / "tests" / "samples"
MINISTRY = settings.BASE_DIR.parent / "shared" / "data" / "units" / "全国高等学校名单.xls"
HEADER: list[Cell] = ["单位代码", "单位名称", "类型", "上级代码"]


def table(*rows: list[Cell], header: list[Cell] | None = None) -> Table:
    return find_table([Sheet("名单", [header or HEADER, *rows])])


def plan(*rows: list[Cell], options: Options | None = None, header: list[Cell] | None = None) -> Plan:
    return make_plan(table(*rows, header=header), options or Options())


def problems(found: Plan) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in found.problems]


def bring(*rows: list[Cell], options: Options | None = None) -> Plan:
    return carry_out(table(*rows), options or Options(), actor=None, source="list.xlsx")


@pytest.mark.parametrize("name", ["ministry_list.xlsx", "ministry_list.ods"])
def test_list_under_titles_and_bands_is_read_as_units(db: None, name: str) -> None:
    found = find_table(read_path(SAMPLES / name))
    result = carry_out(found, Options(), actor=None, source=name)
    assert (found.header_row, len(found.lines), result.count(Fate.NEW)) == (3, 3, 3)
    assert [(band.name, band.n_declared, band.n_found) for band in found.bands] == [
        ("东滨市", 2, 2),
        ("西滨市", 1, 1),
    ]
    stored = Unit.objects.order_by("code").values_list(
        "code", "name", "kind__code", "level", "place", "authority"
    )
    assert list(stored) == [
        ("4199010001", "东滨大学", "university", "本科", "东滨市", "滨海省"),
        ("4199010002", "东滨城市学院", "private_university", "本科", "东滨市", "滨海省教育厅"),
        ("4199010003", "西滨职业技术学院", "university", "专科", "西滨市", "滨海省"),
    ]


@pytest.mark.skipif(not MINISTRY.exists(), reason="the ministry's list is not on this machine")
def test_ministry_list_gives_every_school_once(db: None) -> None:
    sheets = read_path(MINISTRY)
    found = find_table(sheets)
    result = carry_out(found, Options(), actor=None, source=MINISTRY.name)
    assert Unit.objects.count() == 2919
    assert Unit.objects.filter(kind__code="private_university").count() == 829
    assert not Unit.objects.exclude(code__regex=r"^[0-9]{10}$").exists()
    assert not Unit.objects.filter(name__contains="所）").exists()
    assert Unit.objects.filter(name="渤海船舶职业学院").exists()
    # Counted from the cells by another rule than the import's.
    declared: dict[str, int] = {}
    for row in sheets[0].rows:
        heading = re.fullmatch(r"(.+)（(\d+)所）", str(row[0] or ""))
        if heading:
            declared[heading[1]] = int(heading[2])
    assert len(declared) == 31
    assert Counter(item.band for item in result.items) == declared
    assert declared["海南省"] == 28
    hainan = [item.unit for item in result.items if item.band == "海南省"]
    assert sum(unit.place == "海口市" for unit in hainan) == 15
    assert sum(unit.kind.code == "private_university" for unit in hainan) == 11


@pytest.mark.skipif(not MINISTRY.exists(), reason="the ministry's list is not on this machine")
def test_ministry_list_twice_changes_nothing(db: None) -> None:
    found = find_table(read_path(MINISTRY))
    carry_out(found, Options(), actor=None, source=MINISTRY.name)
    before = (list(Unit.objects.values()), AuditEntry.objects.count())
    with CaptureQueriesContext(connection) as queries:
        again = carry_out(found, Options(), actor=None, source=MINISTRY.name)
    assert again.count(Fate.UNCHANGED) == 2919
    assert (list(Unit.objects.values()), AuditEntry.objects.count()) == before
    assert len(queries) < 10


def test_children_find_their_parents_in_the_same_file_in_any_order(db: None) -> None:
    bureau = unit("B", "教育局", "bureau")
    rows = find_table(read_path(SAMPLES / "schools_gb18030.csv"))
    carry_out(rows, Options(parent="B"), actor=None, source="schools.csv")
    centre, school, campus = (Unit.objects.get(code=code) for code in ("B-D", "B-S1", "B-S1a"))
    assert (centre.parent, school.parent, campus.parent) == (bureau, centre, school)
    assert campus.path == paths.join(school.path, campus.pk)
    assert campus.kind.code == "school"


def test_import_leaves_an_audit_row_per_unit_and_one_for_the_file(db: None) -> None:
    bring(["A", "甲", "school", ""], ["B", "乙", "school", "A"])
    assert AuditEntry.objects.filter(deed=Deed.CREATE, object_type="units.unit").count() == 2
    assert AuditEntry.objects.get(deed=Deed.IMPORT).changes == {
        "file": "list.xlsx",
        "new": 2,
        "changed": 0,
        "unchanged": 0,
    }


def test_changed_fields_are_shown_and_written_one_by_one(db: None) -> None:
    bring(["A", "甲", "school", ""], ["B", "乙", "school", ""])
    changed = bring(["A", "甲校", "affiliated", ""], ["B", "乙", "school", ""])
    assert [(item.fate, item.changes) for item in changed.items] == [
        (Fate.CHANGED, {"name": ["甲", "甲校"], "kind": ["school", "affiliated"]}),
        (Fate.UNCHANGED, {}),
    ]
    stored = Unit.objects.get(code="A")
    assert (stored.name, stored.kind.code) == ("甲校", "affiliated")
    entry = AuditEntry.objects.get(deed=Deed.CHANGE)
    assert entry.changes == {"name": ["甲", "甲校"], "kind": ["school", "affiliated"]}


def test_column_that_the_file_lacks_is_left_alone(db: None) -> None:
    unit("A", "甲", "school", place="城东区")
    result = plan(["A", "甲"], header=["代码", "名称"])
    assert result.count(Fate.UNCHANGED) == 1


def test_new_parent_moves_the_unit_with_its_subtree(db: None) -> None:
    bring(
        ["A", "甲", "office", ""],
        ["B", "乙", "office", ""],
        ["C", "丙", "school", "A"],
        ["D", "丁", "school", "C"],
    )
    bring(["C", "丙", "school", "B"])
    child, top = Unit.objects.get(code="D"), Unit.objects.get(code="B")
    assert child.path.startswith(top.path)
    bring(["C", "丙", "school", ""])
    assert Unit.objects.get(code="C").parent == top


def test_unit_cannot_move_below_itself_and_then_nothing_is_imported(db: None) -> None:
    bring(["A", "甲", "office", ""], ["B", "乙", "office", "A"])
    with pytest.raises(RuleError) as refused:
        bring(["A", "甲", "office", "B"], ["C", "丙", "school", ""])
    assert refused.value.code == "into_itself"
    assert not Unit.objects.filter(code="C").exists()


def test_all_errors_are_told_at_once_with_row_and_column(db: None) -> None:
    result = plan(
        ["A", "甲", "school", ""],
        ["", "乙", "school", ""],
        ["C", "", "school", ""],
        ["A", "丁", "海盗船", ""],
        ["E", "戊", "海盗船", ""],
        ["F", "己", "", ""],
        ["G", "庚", "school", "nobody"],
        ["H", "辛", "school", "H"],
        ["I", "壬" * 201, "school", ""],
        [4111010001411101000.0, "癸", "school", ""],
    )
    assert problems(result) == [
        (3, "A", "code_missing"),
        (4, "B", "name_missing"),
        (5, "A", "code_twice"),
        (5, "C", "kind_unknown"),
        (6, "C", "kind_unknown"),
        (7, "C", "kind_missing"),
        (8, "D", "parent_unknown"),
        (9, "D", "own_parent"),
        (10, "B", "refused"),
        (11, "A", "code_rounded"),
    ]


def test_one_error_and_nothing_is_imported(db: None) -> None:
    with pytest.raises(RuleError) as refused:
        bring(["A", "甲", "school", ""], ["B", "", "school", ""])
    assert refused.value.code == "problems"
    assert not Unit.objects.exists()


def test_parents_in_a_circle_are_refused(db: None) -> None:
    result = plan(["A", "甲", "school", "B"], ["B", "乙", "school", "A"], ["C", "丙", "school", ""])
    assert problems(result) == [(2, "D", "circle"), (3, "D", "circle")]


@pytest.mark.parametrize(
    ("options", "code"),
    [(Options(parent="nobody"), "parent_unknown"), (Options(kind="pirates"), "kind_unknown")],
)
def test_unknown_option_is_an_error_of_the_file(db: None, options: Options, code: str) -> None:
    assert (0, "", code) in problems(plan(["A", "甲", "", ""], options=options))


@pytest.mark.parametrize(
    ("header", "row", "options", "kind"),
    [
        (["代码", "名称", "类型"], ["A", "甲", "直属单位"], Options(kind="school"), "affiliated"),
        (["代码", "名称", "类型"], ["A", "甲", ""], Options(kind="school"), "school"),
        (["代码", "名称", "办学层次", "备注"], ["A", "甲", "本科", "民办"], Options(), "private_university"),
        (["代码", "名称", "办学层次", "备注"], ["A", "甲", "本科", ""], Options(), "university"),
        (["代码", "名称", "办学层次", "备注"], ["A", "甲", "本科", "民办"], Options(kind="school"), "school"),
    ],
)
def test_kind_comes_from_the_column_then_the_option_then_the_note(
    db: None, header: list[Cell], row: list[Cell], options: Options, kind: str
) -> None:
    (item,) = plan(row, header=header, options=options).items
    assert item.unit.kind.code == kind


def test_band_that_declares_another_number_is_shown(db: None) -> None:
    found = table(["甲省（2所）"], ["A", "甲", "school", ""])
    assert [band.is_right for band in found.bands] == [False]


def test_notes_and_repeated_headers_are_passed_over(db: None) -> None:
    found = table(
        ["A", "甲", "school", ""], [None], HEADER, ["注:以上为截至日期的名单"], ["B", "乙", "school", ""]
    )
    assert ([line.row for line in found.lines], found.n_skipped) == ([2, 6], 2)


def test_workbook_without_a_list_of_units_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        find_table([Sheet("a", [["学校名称", "所在地"], ["甲", "乙"]]), Sheet("b", [])])
    assert refused.value.code == "no_header"


def test_header_without_rows_is_an_error(db: None) -> None:
    assert problems(plan()) == [(0, "", "no_rows")]


def test_text_is_composed_trimmed_and_free_of_control_characters() -> None:
    assert tidy_line("  Cafe\u0301\x00 \n 甲\u202e校\u3000 ") == "Café 甲校"
    assert tidy("a\r\nb\x07\rc ") == "a\nb\nc"


def test_command_shows_by_default_and_imports_when_told(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(SAMPLES / "ministry_list.xlsx")
    call_command("units", "import", path)
    assert not Unit.objects.exists()
    assert "4199010002" in capsys.readouterr().out
    call_command("units", "import", path, "--commit")
    call_command("units", "import", path, "--commit")
    assert Unit.objects.count() == 3


def test_command_names_the_wrong_rows_and_fails(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("代码,名称,类型\nA,甲,school\nB,,school\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("units", "import", str(path), "--commit")
    assert "B3" in capsys.readouterr().err
    assert not Unit.objects.exists()


@pytest.mark.parametrize("name", ["none.xlsx", "words.csv", "broken.xlsx"])
def test_command_fails_on_a_file_that_is_no_list(db: None, tmp_path: Path, name: str) -> None:
    (tmp_path / "words.csv").write_text("甲,乙\n", encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK broken")
    with pytest.raises(CommandError):
        call_command("units", "import", str(tmp_path / name))


def test_check_names_wrong_paths_and_repairs_them(db: None) -> None:
    bureau = unit("B", "教育局", "bureau")
    school = unit("S", "学校", "school", bureau)
    call_command("units", "check")
    Unit.objects.filter(pk=school.pk).update(path="000000009")
    with pytest.raises(CommandError):
        call_command("units", "check")
    call_command("units", "check", "--repair")
    school.refresh_from_db()
    assert school.path == paths.join(bureau.path, school.pk)
