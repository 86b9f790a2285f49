"""The import in the admin: preview, confirm once, and only for those who may."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.personas import World, person
from units.importing import uploads
from units.importing.plan import Options
from units.models import Account, AuditEntry, Deed, Unit, Upload
from units.roles import ADMINISTRATOR
from units.rules import RuleError

SAMPLES = settings.BASE_DIR / "tests" / "samples"
PAGE = "/admin/units/unit/import/"
SignIn = Callable[[Account], Client]


def hand_in(browser: Client, path: Path, **options: object) -> str:
    """Hand a sample in and return the address of its preview."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    response = browser.post(PAGE, {"file": file, **options})
    assert response.status_code == 302, response.context["form"].errors
    return str(response.headers["Location"])


def test_list_is_previewed_and_then_imported(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    before = Unit.objects.count()
    preview = hand_in(browser, SAMPLES / "ministry_list.xlsx", parent=world.bureau.pk)
    page = browser.get(preview)
    assert page.status_code == 200
    assert b'data-import="ready"' in page.content
    assert page.content.count(b'<tr data-fate="new"') == 3
    assert Unit.objects.count() == before
    done = browser.post(preview + "confirm/")
    assert done.headers["Location"] == reverse("admin:units_unit_changelist")
    assert Unit.objects.filter(parent=world.bureau, code__startswith="41990").count() == 3
    entry = AuditEntry.objects.get(deed=Deed.IMPORT)
    assert (entry.actor, entry.changes["file"]) == (world.administrator, "ministry_list.xlsx")
    assert not Upload.objects.exists()


def test_second_click_imports_nothing(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    preview = hand_in(browser, SAMPLES / "ministry_list.xlsx")
    browser.post(preview + "confirm/")
    second = browser.post(preview + "confirm/")
    assert second.headers["Location"] == PAGE
    assert AuditEntry.objects.filter(deed=Deed.IMPORT).count() == 1


def test_click_that_comes_second_to_the_claim_gets_a_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SAMPLES / "ministry_list.xlsx"
    upload = uploads.keep(path.name, path.read_bytes(), Options(), actor=world.administrator)
    read = uploads.table_of

    def table_while_the_other_click_wins(upload: Upload) -> object:
        table = read(upload)
        Upload.objects.all().delete()
        return table

    monkeypatch.setattr(uploads, "table_of", table_while_the_other_click_wins)
    with pytest.raises(RuleError) as refused:
        uploads.carry_out_upload(upload.key, actor=world.administrator)
    assert refused.value.code == "gone"
    assert not Unit.objects.filter(code__startswith="41990").exists()


def test_errors_are_shown_by_cell_and_cannot_be_confirmed(
    world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("代码,名称,类型\nA,甲,school\nB,,school\n", encoding="utf-8")
    browser = sign_in(world.administrator)
    preview = hand_in(browser, path)
    page = browser.get(preview)
    assert b'data-import="refused"' in page.content
    assert b'data-problem="name_missing"' in page.content
    assert b"B3" in page.content
    refused = browser.post(preview + "confirm/")
    assert refused.headers["Location"] == preview
    assert not Unit.objects.filter(code="A").exists()


def test_imported_list_has_nothing_left_to_import(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    browser.post(hand_in(browser, SAMPLES / "ministry_list.ods") + "confirm/")
    page = browser.get(hand_in(browser, SAMPLES / "ministry_list.ods"))
    assert b'data-import="unchanged"' in page.content


def test_changes_are_shown_field_by_field(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("代码,名称,所在地\nS1,滨海一中,城西区\n", encoding="utf-8")
    page = sign_in(world.administrator).get(hand_in(sign_in(world.administrator), path))
    told = page.content.decode()
    assert f"<del>{world.school.name}</del>" in told
    assert "<ins>滨海一中</ins>" in told
    assert "<ins>城西区</ins>" in told


@pytest.mark.parametrize("name", ["broken.xlsx", "words.csv", "page.html"])
def test_file_that_cannot_be_read_comes_back_with_an_error_at_the_field(
    world: World, sign_in: SignIn, name: str
) -> None:
    file = SimpleUploadedFile(name, b"PK" if name.endswith("x") else b"a,b\n")
    response = sign_in(world.administrator).post(PAGE, {"file": file})
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not Upload.objects.exists()


def test_list_button_leads_to_the_import(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.administrator).get(reverse("admin:units_unit_changelist"))
    assert PAGE.encode() in page.content


@pytest.mark.parametrize("who", ["newcomer", "reviewer", "liaison", "leader", "auditor"])
def test_nobody_else_may_import(world: World, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(world, who))
    address = f"{PAGE}{uuid.uuid4()}/"
    file = SimpleUploadedFile("list.csv", b"a,b\n")
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {"file": file}).status_code == 403
    assert browser.get(address).status_code == 403
    assert browser.post(address + "confirm/").status_code == 403


def test_visitor_is_led_to_sign_in(client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 302


def test_upload_is_bound_to_its_person_and_replaced_by_the_next(world: World, sign_in: SignIn) -> None:
    colleague = person("administrator2", "系统管理员乙", (ADMINISTRATOR, None), unit=world.bureau)
    browser = sign_in(world.administrator)
    preview = hand_in(browser, SAMPLES / "ministry_list.xlsx")
    assert sign_in(colleague).get(preview).headers["Location"] == PAGE
    assert sign_in(colleague).post(preview + "confirm/").headers["Location"] == PAGE
    hand_in(browser, SAMPLES / "ministry_list.ods")
    assert browser.get(preview).headers["Location"] == PAGE
    assert not Unit.objects.filter(code__startswith="41990").exists()


def test_upload_expires_within_the_hour(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.administrator)
    preview = hand_in(browser, SAMPLES / "ministry_list.xlsx")
    Upload.objects.update(created_at=timezone.now() - uploads.LIFETIME - dt.timedelta(seconds=1))
    assert browser.post(preview + "confirm/").headers["Location"] == PAGE
    assert uploads.expire() == 1
    assert uploads.expire() == 0


def test_confirming_takes_a_post(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.administrator).get(f"{PAGE}{uuid.uuid4()}/confirm/").status_code == 405
