"""The auditor reads, filters and exports the trail, and can change nothing anywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.personas import World
from tests.portal.test_addresses import ALL, FORGED, filled, numbers_of, rows
from units import audit
from units.models import Account, AuditEntry, Deed

SignIn = Callable[[Account], Client]
URL = "/admin/units/auditentry/"


def shown(client: Client, **asked: str) -> list[int]:
    """Return the numbers of the rows that the list shows."""
    response = client.get(URL, asked)
    assert response.status_code == 200
    return [entry.pk for entry in response.context["cl"].result_list]


def content(response: HttpResponseBase) -> bytes:
    """Return the whole of a streamed file."""
    parts: Any = response.streaming_content  # type: ignore[attr-defined]
    return b"".join(parts)


@pytest.fixture
def row(world: World) -> AuditEntry:
    """Return one row of today about a school."""
    made = audit.entry(
        Deed.EXPORT,
        actor=world.stranger,
        subject=world.other_school,
        unit=world.other_school,
        changes={"a": 1},
    )
    made.address = "203.0.113.9"
    made.object_name = "=1+1"
    made.save()
    return made


def test_filters_find_the_row(world: World, sign_in: SignIn, row: AuditEntry) -> None:
    client, today = sign_in(world.auditor), timezone.localdate().isoformat()
    for asked in (
        {"deed__exact": "export"},
        {"person": "Stranger"},
        {"person": world.stranger.name},
        {"below": "S2"},
        {"below": "B"},
        {"below": world.bureau.name},
        {"kind": "units.unit"},
        {"since": today, "until": today},
        {"from": "203.0.113.9"},
        {"q": str(world.other_school.pk)},
    ):
        assert row.pk in shown(client, **asked), asked


def test_filters_leave_out_what_does_not_fit(world: World, sign_in: SignIn, row: AuditEntry) -> None:
    client, tomorrow = sign_in(world.auditor), "2999-01-01"
    for asked in (
        {"deed__exact": "merge"},
        {"person": "nobody"},
        {"below": "S1"},
        {"below": "nowhere"},
        {"kind": "units.account"},
        {"since": tomorrow},
        {"until": "2001-01-01"},
        {"since": "nonsense"},
        {"until": "9999-12-31", "since": "9999-12-31"},
        {"from": "203.0.113.10"},
        {"from": "nonsense"},
    ):
        assert row.pk not in shown(client, **asked), asked


def test_one_page_costs_the_same_however_long_the_trail_is(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(world.auditor)
    audit.record_many(
        audit.entry(Deed.CHANGE, actor=world.liaison, unit=world.school) for _number in range(300)
    )
    with django_assert_max_num_queries(13):
        assert len(shown(client)) == 50


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_export_holds_the_filtered_rows_escaped_and_is_written_down(
    world: World, sign_in: SignIn, row: AuditEntry, name: str
) -> None:
    response = sign_in(world.auditor).post(
        f"{URL}export/?person=stranger&deed__exact=export", {"format": name}
    )
    assert "no-store" in response["Cache-Control"]
    body = content(response)
    if name == "csv":
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(body)).active
        assert sheet is not None
        lines = [["" if cell is None else str(cell) for cell in line] for line in sheet.values]
    assert len(lines) == 2
    assert lines[1][0] == str(row.pk)
    assert lines[1][1].endswith("+00:00")
    assert "'=1+1" in lines[1]
    told = AuditEntry.objects.latest("pk")
    assert (told.deed, told.actor, told.changes["n_rows"]) == (Deed.EXPORT, world.auditor, 1)


def test_c32_export_that_cannot_be_written_down_is_not_handed_out(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError

    client = sign_in(world.auditor)
    client.raise_request_exception = False
    monkeypatch.setattr(AuditEntry, "save", refuse)
    assert client.post(f"{URL}export/", {"format": "csv"}).status_code == 500


def test_export_is_the_auditors_alone(world: World, sign_in: SignIn) -> None:
    for who in (world.administrator, world.reviewer, world.newcomer, world.liaison):
        client = sign_in(who)
        assert client.get(f"{URL}export/").status_code == 403
        assert client.post(f"{URL}export/", {"format": "csv"}).status_code == 403


def test_c30_auditor_changes_nothing_anywhere(world: World, sign_in: SignIn) -> None:
    client, numbers = sign_in(world.auditor), numbers_of(world)
    numbers["auditentry"] = [AuditEntry.objects.latest("pk").pk]
    # Signing out and the choice of a language are the person's own.
    asked = [one for one in ALL if one.route not in {"/sign-out/", "/language/"}]
    before = rows()
    trail = list(AuditEntry.objects.order_by("pk").values())
    n_asked = 0
    for address in asked:
        for path in filled(address, numbers):
            client.post(path, FORGED)
            n_asked += 1
    assert n_asked > 60
    assert rows() == before
    assert list(AuditEntry.objects.filter(pk__lte=trail[-1]["id"]).order_by("pk").values()) == trail
    deeds = set(AuditEntry.objects.filter(pk__gt=trail[-1]["id"]).values_list("deed", flat=True))
    # Whoever forgot a password may ask for a new one, an auditor as anybody.
    assert deeds <= {Deed.REFUSED, Deed.EXPORT, Deed.PASSWORD_ASK}


def test_kinds_to_choose_from_are_those_that_rows_can_name(world: World, sign_in: SignIn) -> None:
    [choice] = [
        spec
        for spec in sign_in(world.auditor).get(URL).context["cl"].filter_specs
        if getattr(spec, "parameter_name", "") == "kind"
    ]
    kinds = dict(choice.lookup_choices)
    assert {"units.account", "units.unit", "records.activityrecord"} <= set(kinds)
    assert not [kind for kind in kinds if "permission" in kind]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("web", "网页"),
        ("command units import", "命令 units import"),
        ("task tasks.tally", "后台任务 tasks.tally"),
        ("", "—"),
        ("elsewhere 7", "elsewhere 7"),
    ],
)
def test_channel_is_shown_in_words(
    world: World, sign_in: SignIn, row: AuditEntry, channel: str, words: str
) -> None:
    row.channel, row.pk = channel, None
    row.save(force_insert=True)
    client = sign_in(world.auditor)
    listed = client.get(URL, {"kind": "units.unit", "deed__exact": "export"}).content.decode()
    assert f'<td class="field-way">{words}</td>' in listed
    assert words in client.get(f"{URL}{row.pk}/change/").content.decode()
