"""Hostile texts on their way: refused with a message, or stored, shown, exported and mailed unchanged."""

from __future__ import annotations

import csv
import email
import email.policy
import io
from html import escape

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reports.records import workflow
from reports.records.models import ActivityRecord
from reports.weekly.models import WeeklyReport
from tests.hostile import OWN, naughty
from tests.personas import World, person, unit
from tests.reports.record_forms import CREATE, SignIn, typed
from units import mail
from units.cells import safe_text
from units.models import Account, Mail, Unit
from units.texts import tidy, tidy_line

TEXTS = ("title", "place", "text")
STRINGS = list(dict.fromkeys([*OWN, *naughty()]))


def is_shown(text: str, page: str) -> bool:
    """Say whether a page shows a text as a text, wherever it breaks the lines."""
    lines = [line.strip() for line in escape(text).splitlines()]
    return all(line in page for line in lines)


def enter(client: Client, world: World, text: str) -> ActivityRecord | None:
    """Send a record that holds the text everywhere; None where it was refused with a message."""
    answer = client.post(CREATE, typed(world, title=text, place=text, text=text, reason_identity_text=text))
    assert answer.status_code in {302, 422}, text
    if answer.status_code == 422:
        assert answer.context["form"].errors, text
        return None
    record = ActivityRecord.objects.latest("pk")
    for name in TEXTS:
        tidied = tidy(text) if name == "text" else tidy_line(text)
        assert getattr(record, name) == tidied, (name, text)
    return record


def test_a_record_holds_and_shows_every_string_or_says_why_not(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    records = [record for text in STRINGS if (record := enter(client, world, text))]
    assert len(records) > 0.8 * len(STRINGS)
    for record in records:
        page = client.get(reverse("records:record-detail", args=[record.pk])).content.decode()
        assert is_shown(record.title, page), record.title
        assert is_shown(record.text, page), record.text
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page


def _first_sheet(raw: bytes) -> list[tuple[object, ...]]:
    """Return the rows of a workbook's first sheet."""
    return list(load_workbook(io.BytesIO(raw)).worksheets[0].values)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_every_string(world: World, sign_in: SignIn, kind: str) -> None:
    made = [world.submitted(title=tidy_line(text)[:120] or "空", text=tidy(text)) for text in STRINGS]
    answer = sign_in(world.reviewer).post(reverse("admin:records_activityrecord_export"), {"format": kind})
    assert answer.status_code == 200
    raw = b"".join(answer) if answer.streaming else answer.content
    rows = (
        list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        if kind == "csv"
        else [
            [str(cell or "") for cell in row] for row in load_workbook(io.BytesIO(raw)).worksheets[0].values
        ]
    )
    title, text, number = (rows[0].index(name) for name in ("标题", "正文", "记录编号"))
    found = {int(row[number]): (row[title], row[text].replace("\r\n", "\n")) for row in rows[1:]}
    for record in made:
        assert found[record.pk] == (safe_text(record.title), safe_text(record.text)), record.title


def test_a_mail_says_every_string(world: World) -> None:
    for text in STRINGS:
        words = tidy(text) or "空"
        row = Mail(
            key=f"k{hash(text)}",
            address="a@example.org",
            subject=tidy_line(text)[:120],
            text=words,
            html=escape(words),
        )
        sent = mail.message(row).message().as_bytes()
        read = email.message_from_bytes(sent, policy=email.policy.default)
        body = read.get_body(("plain",))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n").strip("\n") == words.strip("\n"), text
        assert str(read["subject"]).split() == row.subject.split(), text


@pytest.mark.parametrize("text", OWN)
def test_every_other_text_takes_it_or_says_why_not(world: World, sign_in: SignIn, text: str) -> None:
    liaison, reviewer, administrator = (
        sign_in(who) for who in (world.liaison, world.reviewer, world.administrator)
    )
    record = world.submitted()
    url = reverse("admin:records_activityrecord_decide", args=[record.pk, "return"])
    assert reviewer.post(url, {"version": record.version, "note": text}).status_code == 302
    record.refresh_from_db()
    page = liaison.get(reverse("records:record-detail", args=[record.pk])).content.decode()
    assert record.status == "returned"
    assert is_shown(tidy(text), page)
    owed, last = WeeklyReport.objects.filter(unit=world.school).order_by("-period__number")[:2]
    for report, deed, fields in (
        (owed, "file", {"progress": text, "plan": text}),
        (last, "zero", {"reason": text}),
    ):
        path = reverse(f"weekly:report-{deed}", args=[report.pk])
        answer = liaison.post(path, {"version": report.version, **fields})
        assert answer.status_code == 302, answer.status_code
        shown = liaison.get(reverse("weekly:report-detail", args=[report.pk])).content.decode()
        assert is_shown(tidy(text), shown)
    form = {"code": "H1", "name": text, "kind": world.school.kind_id, "parent": world.bureau.pk}
    assert administrator.post(reverse("admin:units_unit_add"), form).status_code in {200, 302}
    named = Unit.objects.filter(code="H1").first()
    assert named is None or named.name == tidy_line(text)


@pytest.mark.parametrize("text", OWN)
def test_names_are_shown_as_names(world: World, sign_in: SignIn, text: str) -> None:
    name = tidy_line(text)[:60]
    at = unit("H2", name, "school", world.bureau)
    somebody = person("somebody", name, unit=at)
    client = sign_in(world.administrator)
    for path in (
        reverse("units:unit-detail", args=[at.pk]),
        reverse("admin:units_account_change", args=[somebody.pk]),
        reverse("admin:units_unit_change", args=[at.pk]),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert is_shown(name, answer.content.decode()), path
    assert Account.objects.get(pk=somebody.pk).name == name


SEARCHED = [
    ("liaison", "/records/?words={}"),
    ("liaison", "/records/?status={0}&type={0}&week={0}&page={0}&after={0}"),
    ("liaison", "/records/new/?unit={}"),
    ("leader", "/units/?q={}"),
    ("leader", "/statistics/?unit={0}&week={0}&type={0}"),
    ("reviewer", "/admin/records/activityrecord/?q={}"),
    ("administrator", "/admin/units/unit/?q={}"),
    ("administrator", "/admin/units/account/?q={}"),
    ("auditor", "/admin/units/auditentry/?q={}"),
]


@pytest.mark.parametrize(("who", "path"), SEARCHED)
def test_no_box_to_search_in_breaks(world: World, sign_in: SignIn, who: str, path: str) -> None:
    client = sign_in(getattr(world, who))
    route, query = path.split("?")
    names = [part.split("=")[0] for part in query.split("&")]
    for text in OWN:
        answer = client.get(route, dict.fromkeys(names, text))
        assert answer.status_code in {200, 302, 400, 403, 404}, text
        assert b"<script>alert(1)" not in answer.content, text
        assert b"onerror=alert(1)>" not in answer.content, text
    assert workflow.submit(world.draft(), actor=world.liaison).status == "submitted"
