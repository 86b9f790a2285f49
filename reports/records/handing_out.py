"""Hand records out as a file: the same columns and the same rules from the list and from the admin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.records.querysets import RecordQuerySet
from reports.records.resources import RecordResource
from units import audit, scope
from units.models import Account, Deed
from units.rules import RuleError
from units.spreadsheets import Table, Workbook

# A workbook of this many rows takes the web server about 20 seconds.
MAX_ROWS = 100_000
FORMATS: dict[str, Any] = {"xlsx": Workbook, "csv": Table}
EXPORT = "records.export_activityrecord"
# Whoever only oversees reads on the page, and takes nothing away.
TAKERS = frozenset({scope.REPORT, scope.SIGN, scope.REVIEW})
# With the mark in front by which Excel knows that a csv is UTF-8.
ENCODING = "utf-8-sig"


def may_export(user: Account, held: frozenset[str]) -> bool:
    """Say whether the person, who holds the permissions `held` on units, may take any record away."""
    return bool(held & TAKERS) or user.has_perm(EXPORT)


def takable(rows: RecordQuerySet, user: Account, *permissions: str) -> RecordQuerySet:
    """Keep what the person may take away by any of `permissions`, all where they may export everything."""
    if user.has_perm(EXPORT):
        return rows
    return rows.filter(scope.reach(user, *(permissions or TAKERS)).condition("unit__path"))


def checked(n_rows: int) -> int:
    """Return the number of rows again. Raises: RuleError `too_many` past what one file takes."""
    if n_rows > MAX_ROWS:
        note = _("%(count)d records are too many for one file; narrow the list down, to a week for example.")
        raise RuleError("too_many", note % {"count": n_rows})
    return n_rows


@transaction.atomic
def handed_out(
    rows: RecordQuerySet, campaign: Campaign, asked: Mapping[str, object], name: str, *, actor: Account
) -> HttpResponse:
    """Return the rows as a file of the format `name`; `asked` is written down as the filter.

    Raises: RuleError `too_many`.
    """
    taken = takable(rows, actor).with_names().latest_first()
    checked(taken.order_by().count())
    data = RecordResource(taken).export(taken, force_native_type=name == "xlsx")
    data.title = str(_("activity records"))[:31]
    return response_of(data, name, asked, file_name(campaign, None, name), actor=actor)


def response_of(
    data: Any, name: str, asked: Mapping[str, object], called: str, *, actor: Account
) -> HttpResponse:
    """Return the file and write down who took how many rows of what; no audit, no file."""
    file_format = FORMATS[name]()
    audit.record(
        Deed.EXPORT, actor=actor, changes={"format": name, "n_rows": len(data), "filter": dict(asked)}
    )
    content = file_format.export_data(data)
    if isinstance(content, str):
        content = content.encode(ENCODING)
    response = HttpResponse(content, content_type=file_format.get_content_type())
    response["Content-Disposition"] = content_disposition_header(True, called)
    response["Cache-Control"] = "no-store"
    return response


def file_name(campaign: Campaign | None, week: Period | None, extension: str) -> str:
    """Return “campaign-week-day.xlsx” in the person's language, without what file systems refuse."""
    parts = [campaign, _("activity records"), week, timezone.localdate().isoformat()]
    name = "-".join(str(part) for part in parts if part)
    return re.sub(r'[\s\\/:*?"<>|\x00-\x1f]+', "_", name)[:120] + f".{extension}"
