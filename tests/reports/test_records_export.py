"""The export of records from the admin."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from reports.campaigns.models import ActivityType, Indicator
from reports.records import workflow
from tests.personas import World, person
from units.models import Account, AuditEntry, Deed
from units.roles import REVIEWER

SignIn = Callable[[Account], Client]
EXPORT = "admin:records_activityrecord_export"
Rows = list[dict[str, object]]


def export(client: Client, kind: str = "xlsx", **filters: object) -> Any:
    """Ask for a file of the list under `filters`."""
    return client.post(reverse(EXPORT, query=filters), {"format": kind})


def workbook_rows(response: Any) -> Rows:
    """Return the rows of a workbook by heading; columns in the order of the file."""
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip((str(name) for name in headings), row, strict=True)) for row in rows]


def titles(response: Any) -> list[object]:
    """Return the titles in a workbook, sorted."""
    return sorted(list(row.values())[7] for row in workbook_rows(response))  # type: ignore[type-var]


@pytest.fixture(autouse=True)
def english(world: World) -> None:
    """Let everybody read English, so that headings can be named."""
    Account.objects.update(language="en")


@pytest.fixture
def reviewer(world: World, sign_in: SignIn) -> Client:
    """Return the reviewer's browser, in English."""
    client = sign_in(world.reviewer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_workbook_holds_the_filtered_list(world: World, reviewer: Client) -> None:
    world.submitted(title="待审")
    world.approved(title="已过")
    world.draft(title="草稿")
    assert titles(export(reviewer)) == ["待审"]
    assert titles(export(reviewer, status="approved")) == ["已过"]
    assert titles(export(reviewer, status="all")) == sorted(["待审", "已过"])
    assert titles(export(reviewer, status="all", q="已")) == ["已过"]


def test_row_says_everything_with_numbers_as_numbers(world: World, reviewer: Client) -> None:
    record = world.submitted()
    (row,) = workbook_rows(export(reviewer))
    assert row["unit code"] == "S1"
    assert row["unit"] == world.school.name
    assert row["activity type"] == "宣讲"
    assert (row["场次 (场)"], row["线下人次 (人次)"], row["线上人次 (人次)"]) == (1, 120, 300)
    assert row["record number"] == record.pk
    assert row["submitted by"] == "一中联络员"


def test_types_share_a_column_and_keep_their_decimals(world: World, reviewer: Client) -> None:
    world.submitted()
    course = ActivityType.objects.create(campaign=world.campaign, code="course", name="读书班")
    Indicator.objects.create(activity_type=course, code="hours", name="学时", decimals=1)
    Indicator.objects.create(activity_type=course, code="onsite", name="人次", unit_of_measure="人次")
    content = world.content(values={"hours": 125, "onsite": 40})
    record = workflow.create(world.school, course, content, actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    first, second = workbook_rows(export(reviewer))
    assert (first["学时"], second["学时"]) == (None, 12.5)
    assert (first["人次 (人次)"], second["人次 (人次)"]) == (120, 40)


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "＝1+1", "-2+3", "@SUM(1)", "\t=1", "好\x0b坏"])
def test_c60_no_text_becomes_a_formula(world: World, reviewer: Client, evil: str) -> None:
    world.submitted(title=evil, place=evil, text=evil)
    response = export(reviewer)
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for row in csv.reader(io.StringIO(export(reviewer, "csv").content.decode("utf-8-sig"))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def test_csv_opens_in_excel(world: World, reviewer: Client) -> None:
    world.submitted(title='带“引号”,逗号\n换行"')
    response = export(reviewer, "csv")
    assert response.content.startswith("\ufeff".encode())
    _headings, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row[7] == '带“引号”,逗号\n换行"'


def test_file_has_a_name(world: World, reviewer: Client) -> None:
    world.submitted()
    world.campaign.name = '主题/教育"'
    world.campaign.save()
    header = export(reviewer, week=world.period.pk)["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''")
    name = unquote(header.partition("''")[2])
    assert name.startswith("主题_教育_")
    assert name.endswith(".xlsx")


def test_export_reaches_as_far_as_the_review(world: World, sign_in: SignIn) -> None:
    world.submitted(title="一中")
    world.foreign()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    assert titles(export(sign_in(narrow), status="all")) == ["一中"]
    assert titles(export(sign_in(narrow), status="all", q="二中")) == []


def test_what_is_only_overseen_is_not_exported(world: World, sign_in: SignIn) -> None:
    world.submitted(title="巡回看得见")
    Account.objects.filter(pk=world.team_member.pk).update(is_staff=True)
    assert export(sign_in(world.team_member)).status_code == 403
    person("both", "两可", (REVIEWER, world.other_school))
    world.team_member.groups.first().user_set.add(Account.objects.get(username="both"))  # type: ignore[union-attr]
    assert titles(export(sign_in(Account.objects.get(username="both")), status="all")) == []


def test_injected_numbers_change_nothing(world: World, sign_in: SignIn) -> None:
    world.submitted(title="一中")
    foreign = world.foreign()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    data = {"format": "xlsx", "export_items": [foreign.pk], "resource": 0}
    response = sign_in(narrow).post(reverse(EXPORT), data)
    assert titles(response) == ["一中"]


@pytest.mark.parametrize("who", ["newcomer", "auditor", "liaison", "leader"])
def test_c55_without_the_role_there_is_no_file(world: World, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who))
    assert client.get(reverse(EXPORT)).status_code == 403
    assert export(client).status_code == 403


def test_administrator_exports_everything(world: World, sign_in: SignIn) -> None:
    world.submitted()
    world.foreign()
    assert len(workbook_rows(export(sign_in(world.administrator)))) == 2


def test_export_is_written_down_and_a_look_is_not(world: World, reviewer: Client) -> None:
    world.submitted()
    reviewer.get(reverse(EXPORT))
    assert not AuditEntry.objects.filter(deed=Deed.EXPORT).exists()
    export(reviewer, "csv", type=world.lecture.pk)
    entry = AuditEntry.objects.get(deed=Deed.EXPORT)
    assert entry.actor == world.reviewer
    assert entry.changes == {"format": "csv", "n_rows": 1, "filter": {"type": [str(world.lecture.pk)]}}


def test_unknown_format_gives_the_page_again(world: World, reviewer: Client) -> None:
    response = export(reviewer, "xls")
    assert response.status_code == 200
    assert "attachment" not in response.get("Content-Disposition", "")


def test_records_cannot_be_imported(world: World) -> None:
    for name in ("import", "process_import"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:records_activityrecord_{name}")


def test_too_many_rows_ask_for_a_narrower_list(
    world: World, reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.records.handing_out.MAX_ROWS", 0)
    world.submitted()
    response = export(reviewer, status="all")
    assert (response.status_code, response["Location"]) == (302, "../?status=all")
