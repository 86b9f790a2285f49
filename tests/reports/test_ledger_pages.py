"""The pages of the ledger: hand in, look, import once; each ledger is its person's own."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from reports.records import workflow
from reports.records.ledgers.preview import seen_in
from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.ledger_files import HEADINGS, row
from units.accounts import dismiss
from units.importing.uploads import LIFETIME, expire
from units.models import Account, Upload
from units.roles import LIAISON
from units.workbooks.reading import Cell

SignIn = Callable[[Account], Client]
PAGE = "/records/ledger/"


def block(*rows: list[Cell]) -> str:
    """Return rows as a spreadsheet puts them on the clipboard."""
    return "\n".join("\t".join("" if cell is None else str(cell) for cell in cells) for cells in rows)


def paste(client: Client, world: World, *rows: list[Cell], deed: str = "final", query: str = "") -> str:
    """Hand a pasted block in and return the address of its preview."""
    sent = {"kind": world.lecture.pk, "block": block(list(HEADINGS), *rows), "is_final": deed}
    response = client.post(f"{PAGE}paste/{query}", sent)
    assert response.status_code == 302, response.context["sent"].errors
    return str(response["Location"])


def confirm(client: Client, preview: str) -> object:
    """Press the button of a preview."""
    seen = client.get(preview).context["preview"].seen
    return client.post(f"{preview}confirm/", {"seen": seen})


def test_file_is_looked_at_and_imported_once(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    content = block(list(HEADINGS), row(world, "一"), row(world, "二")).replace("\t", ",").encode("gb18030")
    file = SimpleUploadedFile("台账.csv", content)
    response = client.post(PAGE, {"file": file, "kind": world.lecture.pk, "is_final": "final"})
    preview = response["Location"]
    page = client.get(preview)
    assert b'data-import="ready"' in page.content
    assert ActivityRecord.objects.count() == 0
    assert client.post(f"{preview}confirm/", {"seen": ""})["Location"] == "/records/"
    assert client.post(f"{preview}confirm/", {"seen": ""})["Location"] == PAGE
    assert ActivityRecord.objects.filter(status="submitted").count() == 2
    assert Upload.objects.count() == 0


def test_preview_shows_old_and_new_of_what_changes(world: World, sign_in: SignIn) -> None:
    world.draft(title="一", place="操场")
    client = sign_in(world.liaison)
    preview = paste(client, world, row(world, "一", onsite=7), row(world, "二"), deed="drafts")
    page = client.get(preview)
    assert [(tab.code, tab.count) for tab in page.context["preview"].tabs] == [
        ("errors", 0),
        ("new", 1),
        ("changed", 1),
        ("unchanged", 0),
    ]
    changed = client.get(f"{preview}?show=changed").context["preview"].rows[0]
    assert [(change.old, change.new) for change in changed.changes] == [("操场", "报告厅"), ("120", "7")]
    confirm(client, preview)
    assert ActivityRecord.objects.get(title="一").values["onsite"] == 7


def test_every_error_is_shown_with_sheet_cell_and_heading_and_can_be_taken_away(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.liaison)
    rows = [row(world, f"第{number}场", onsite="=1+1") for number in range(60)]
    preview = paste(client, world, *rows)
    page = client.get(preview)
    assert b'data-import="refused"' in page.content
    assert page.content.count(b'data-problem="not_a_number"') == 50
    assert client.get(f"{preview}?show=errors&page=2").content.count(b"data-problem") == 10
    assert "E2" in page.content.decode()
    assert "线下人次" in page.content.decode()
    refused = client.post(f"{preview}confirm/", {"seen": ""})
    assert (refused.status_code, ActivityRecord.objects.count()) == (409, 0)
    book = load_workbook(io.BytesIO(client.get(f"{preview}errors/").content))
    assert book.worksheets[0].max_row == 61
    assert book.worksheets[0]["C2"].value == "E"


def test_record_that_moved_on_is_named_and_the_preview_stays(world: World, sign_in: SignIn) -> None:
    draft = world.draft(title="一")
    client = sign_in(world.liaison)
    preview = paste(client, world, row(world, "一", onsite=7))
    seen = client.get(preview).context["preview"].seen
    workflow.edit(draft, world.content(title="一", text="改过"), actor=world.liaison)
    refused = client.post(f"{preview}confirm/", {"seen": seen})
    assert refused.status_code == 409
    assert b'data-code="stale"' in refused.content
    assert "“一”" in refused.content.decode()
    assert confirm(client, preview).status_code == 302  # type: ignore[attr-defined]
    assert ActivityRecord.objects.get().values["onsite"] == 7


@pytest.mark.parametrize("way", ["", "errors/"])
def test_ledger_is_its_own_persons_for_an_hour(world: World, sign_in: SignIn, way: str) -> None:
    preview = paste(sign_in(world.liaison), world, row(world))
    assert sign_in(world.stranger).get(preview + way).status_code == 302
    assert sign_in(world.stranger).post(f"{preview}confirm/").status_code == 302
    assert sign_in(world.liaison).get(f"{PAGE}{uuid.uuid4()}/{way}").status_code == 302
    Upload.objects.update(created_at=timezone.now() - LIFETIME)
    assert sign_in(world.liaison).get(preview + way).status_code == 302
    assert ActivityRecord.objects.count() == 0
    assert expire() == 1


def test_who_lost_the_role_since_the_upload_imports_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    preview = paste(client, world, row(world))
    dismiss(world.liaison, LIAISON, actor=None, unit=world.school)
    assert client.post(f"{preview}confirm/", {"seen": ""}).status_code in {302, 403}
    assert ActivityRecord.objects.count() == 0


@pytest.mark.parametrize("name", ["reviewer", "head", "leader", "administrator", "auditor", "team_member"])
def test_who_reports_for_no_unit_finds_no_ledger(world: World, sign_in: SignIn, name: str) -> None:
    client = sign_in(getattr(world, name))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}paste/", {}).status_code == 403


def test_ledger_for_a_foreign_unit_is_missing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    assert client.get(f"{PAGE}?unit={world.other_school.pk}").status_code == 404
    assert client.post(f"{PAGE}paste/?unit={world.other_school.pk}", {}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK\x03\x04 nothing"), ("a.xlsx", b"%PDF-1.7\x00"), ("a.exe", b"MZ"), ("a.csv", b"")],
)
def test_file_that_cannot_be_read_comes_back_with_the_reason(
    world: World, sign_in: SignIn, name: str, content: bytes
) -> None:
    file = SimpleUploadedFile(name, content)
    response = sign_in(world.liaison).post(PAGE, {"file": file, "is_final": "drafts"})
    assert response.status_code == 422
    assert response.context["file_form"].errors["file"]
    assert Upload.objects.count() == 0


def test_paste_without_cells_comes_back_open(world: World, sign_in: SignIn) -> None:
    response = sign_in(world.liaison).post(f"{PAGE}paste/", {"kind": world.lecture.pk, "block": " "})
    assert response.status_code == 422
    assert response.context["paste_form"].errors["block"]


def test_pages_of_records_lead_to_the_ledger(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    world.draft()
    for name in ("records:record-list", "records:record-new"):
        assert PAGE in client.get(reverse(name)).content.decode()
    assert PAGE not in sign_in(world.reviewer).get(reverse("records:record-list")).content.decode()


def test_versions_that_nobody_sent_are_not_seen() -> None:
    assert seen_in("1:2,3:4") == {1: 2, 3: 4}
    assert seen_in("") == {}
    assert seen_in("x:1,5,7:y,²:1,8:9") == {8: 9}
