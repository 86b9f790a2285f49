"""Loading a ledger of past activities: every line once, or nothing; totals as the csv module counts them."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports.campaigns.models import ActivityType, Campaign
from reports.campaigns.opening import ensure_periods
from reports.records.ledger import Entry, Reader, Reading
from reports.records.loading import load
from reports.records.models import ActivityRecord, Transition
from reports.records.workflow import reopen
from reports.statistics.models import StaleCell
from reports.statistics.reading import by_unit, by_week, so_far
from tests.personas import World, lecture_type, person, unit
from units.models import AuditEntry, Deed, Unit
from units.roles import REVIEWER
from units.rules import RuleError
from units.workbooks.reading import Cell, Sheet

BARNET = settings.BASE_DIR.parent / "shared" / "data" / "events" / "events_barnet_2018.csv"
COLUMNS = {"unit": "Unit", "held_on": "Day", "title": "Title", "onsite": "Heads"}
MAPPED = [f"--map={field}={heading}" for field, heading in COLUMNS.items()]
HEADER = "Unit,Day,Title,Heads\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a ledger of the given lines."""

    def write(lines: str) -> Path:
        path = tmp_path / "ledger.csv"
        path.write_text(HEADER + lines, encoding="utf-8")
        return path

    return write


def load_file(path: Path, *arguments: str) -> None:
    call_command(
        "records",
        "load",
        str(path),
        "--campaign=study",
        "--type=lecture",
        *MAPPED,
        "--set=sessions=1",
        *arguments,
    )


def reader(world: World) -> Reader:
    return Reader(Reading(world.lecture, "ledger.csv", COLUMNS, {"sessions": "1"}), today=world.today)


def entries(world: World, *rows: list[Cell]) -> list[Entry]:
    return reader(world).read([Sheet("", [list(COLUMNS.values()), *rows])])


def test_each_line_becomes_an_approved_record_with_its_step_audit_row_and_mark(
    world: World, ledger: Callable[[str], Path]
) -> None:
    load_file(ledger(f"滨海市第一中学,{world.today},宣讲一,120\nS2,{world.today:%Y/%m/%d},宣讲二,0\n"))
    first, second = ActivityRecord.objects.order_by("pk")
    assert (first.unit, first.status, first.source) == (world.school, "approved", "ledger.csv:2")
    assert second.values == {"sessions": 1, "onsite": 0}
    assert second.unit == world.other_school
    assert first.author is None
    assert list(
        Transition.objects.order_by("id").values_list("verb", "from_status", "to_status", "note")
    ) == [
        ("load", "", "approved", "ledger.csv:2"),
        ("load", "", "approved", "ledger.csv:3"),
    ]
    assert AuditEntry.objects.filter(deed=Deed.IMPORT, object_type="records.activityrecord").count() == 2
    assert set(StaleCell.objects.values_list("unit", flat=True)) == {world.school.pk, world.other_school.pk}


def test_second_load_changes_nothing(world: World, ledger: Callable[[str], Path]) -> None:
    path = ledger(f"S1,{world.today},宣讲一,120\nS1,{world.today},宣讲一,120\n")
    load_file(path)
    rows = [model.objects.count() for model in (ActivityRecord, Transition, AuditEntry, StaleCell)]
    load_file(path)
    assert rows == [model.objects.count() for model in (ActivityRecord, Transition, AuditEntry, StaleCell)]
    assert ActivityRecord.objects.count() == 2


def test_second_load_leaves_a_reopened_record_as_it_is(world: World, ledger: Callable[[str], Path]) -> None:
    path = ledger(f"S1,{world.today},宣讲一,120\n")
    load_file(path)
    reopen(ActivityRecord.objects.get(), actor=world.reviewer, note="人次有误")
    load_file(path)
    assert ActivityRecord.objects.get().status == "returned"


def test_other_content_under_the_same_name_and_line_is_refused(
    world: World, ledger: Callable[[str], Path]
) -> None:
    load_file(ledger(f"S1,{world.today},宣讲一,120\n"))
    path = ledger(f"S1,{world.today},宣讲一,121\nS2,{world.today},宣讲二,5\n")
    with pytest.raises(CommandError):
        load_file(path)
    assert ActivityRecord.objects.get().values["onsite"] == 120


def test_lines_added_later_are_loaded_alone(world: World, ledger: Callable[[str], Path]) -> None:
    load_file(ledger(f"S1,{world.today},宣讲一,120\n"))
    load_file(ledger(f"S1,{world.today},宣讲一,120\nS2,{world.today},宣讲二,5\n"))
    assert list(ActivityRecord.objects.order_by("pk").values_list("source", flat=True)) == [
        "ledger.csv:2",
        "ledger.csv:3",
    ]


def test_all_unknown_units_are_named_and_nothing_is_saved(
    world: World, ledger: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = ledger(
        f"S1,{world.today},宣讲,1\n甲校,{world.today},宣讲,1\n乙校,{world.today},宣讲,1\n甲校,{world.today},,1\n"
    )
    with pytest.raises(CommandError):
        load_file(path)
    told = capsys.readouterr().err
    assert told.count("甲校") == 1
    assert "乙校" in told
    assert not ActivityRecord.objects.exists()


def test_dry_run_writes_nothing(world: World, ledger: Callable[[str], Path]) -> None:
    load_file(ledger(f"S1,{world.today},宣讲,1\n"), "--dry-run")
    assert not ActivityRecord.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (["S1", "{today}", "宣讲", ""], "onsite", "required"),
        (["S1", "{today}", "宣讲", "-1"], "onsite", "too_small"),
        (["S1", "{today}", "宣讲", "1000001"], "onsite", "too_large"),
        (["S1", "{today}", "宣讲", "多"], "onsite", "not_a_number"),
        (["S1", "{today}", "宣讲", "1,200"], "onsite", "not_a_number"),
        (["S1", "{today}", "宣讲", "1.5"], "onsite", "too_many_decimals"),
        (["S1", "{today}", "", "1"], "title", "required"),
        (["S1", "{today}", "宣" * 121, "1"], "title", "too_long"),
        (["S1", "", "宣讲", "1"], "held_on", "required"),
        (["S1", "01/02/2018", "宣讲", "1"], "held_on", "not_a_day"),
        (["S1", "2018-02-30", "宣讲", "1"], "held_on", "not_a_day"),
        (["S1", "2018-01-03", "宣讲", "1"], "held_on", "outside_periods"),
        (["S1", "{tomorrow}", "宣讲", "1"], "held_on", "future"),
        (["S3", "{today}", "宣讲", "1"], "held_on", "unit_inactive"),
        (["", "{today}", "宣讲", "1"], "unit", "required"),
    ],
)
def test_wrong_line_is_named_with_field_and_reason(
    world: World, row: list[str], field: str, code: str
) -> None:
    days = {"today": world.today, "tomorrow": world.today + dt.timedelta(days=1)}
    reads = reader(world)
    reads.read([Sheet("", [list(COLUMNS.values()), [cell.format(**days) for cell in row]])])
    assert (2, field, code) in [(problem.line, problem.field, problem.code) for problem in reads.problems]


def test_unit_name_that_two_units_bear_is_refused(world: World) -> None:
    unit("S9", world.school.name, "school", world.bureau)
    reads = reader(world)
    reads.read([Sheet("", [list(COLUMNS.values()), [world.school.name, f"{world.today}", "宣讲", "1"]])])
    assert [problem.code for problem in reads.problems] == ["unit_ambiguous"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({**COLUMNS, "weather": "Heads"}, "unknown_field"),
        ({"unit": "Unit", "title": "Title"}, "field_missing"),
        ({**COLUMNS, "online": "Clicks"}, "no_header"),
    ],
)
def test_mapping_that_does_not_fit_is_refused(world: World, columns: dict[str, str], code: str) -> None:
    reading = Reading(world.lecture, "ledger.csv", columns, {})
    with pytest.raises(RuleError) as refused:
        Reader(reading, today=world.today).read([Sheet("", [list(COLUMNS.values())])])
    assert refused.value.code == code


def test_person_loads_only_for_units_within_reach(world: World) -> None:
    reading = Reading(world.lecture, "ledger.csv", COLUMNS, {})
    lines = entries(world, ["S1", f"{world.today}", "宣讲", "1"], ["S2", f"{world.today}", "宣讲", "1"])
    partial = person("partial", "审核员丙", (REVIEWER, world.school))
    with pytest.raises(RuleError) as refused:
        load(reading, lines, actor=partial)
    assert refused.value.code == "not_yours"
    outcome = load(reading, lines, actor=world.reviewer)
    assert {record.decided_by for record in outcome.records} == {world.reviewer}


@pytest.fixture
def libraries(db: None) -> ActivityType:
    """Return the type of a campaign of 2018 with all its weeks; units are planted by the test."""
    campaign = Campaign.objects.create(
        code="study", name="Libraries 2018", starts_on=dt.date(2018, 1, 1), ends_on=dt.date(2018, 12, 31)
    )
    ensure_periods(campaign, now=timezone.now())
    return lecture_type(campaign)


@pytest.mark.skipif(not BARNET.exists(), reason="the published ledger is not on this machine")
def test_published_ledger_gives_the_totals_that_the_csv_module_counts(
    libraries: ActivityType, run_tally: Callable[[], None]
) -> None:
    with BARNET.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    borough = unit("BAR", "Barnet", "bureau")
    for number, name in enumerate(sorted({line["Library name"] for line in lines})):
        unit(f"L{number:02d}", name, "other", borough)
    arguments = ["unit=Library name", "held_on=Event date", "title=Name", "onsite=Attendees"]
    mapped = [f"--map={pair}" for pair in arguments]
    call = ["records", "load", str(BARNET), "--campaign=study", "--type=lecture", "--set=sessions=1", *mapped]
    call_command(*call)
    call_command(*call)
    run_tally()
    call_command("statistics", "verify", "--campaign=study")

    campaign = libraries.campaign
    totals = so_far(campaign, [borough])
    assert (totals.n_records, totals.sessions, totals.onsite, totals.attendances) == (
        2070,
        2070,
        31987,
        31987,
    )
    units = list(Unit.objects.filter(parent=borough))
    heads, weeks = Counter[str](), Counter[dt.date]()
    for line in lines:
        day = dt.date.fromisoformat(line["Event date"])
        heads[line["Library name"]] += int(line["Attendees"])
        weeks[day - dt.timedelta(days=day.weekday())] += int(line["Attendees"])
    assert len(units) == 14
    whole = campaign.periods.get(number=0)
    assert {row.unit.name: row.totals.onsite for row in by_unit(whole, units)} == heads
    told = by_week(campaign, [borough], today=dt.date(2018, 12, 31))
    assert {
        week.period.starts_on: week.totals.onsite for week in told if week.totals.onsite is not None
    } == weeks
