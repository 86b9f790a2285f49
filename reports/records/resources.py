"""Records as rows of a spreadsheet: one table of columns for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from reports.campaigns.designing import ask_of
from reports.campaigns.designs import Ask, Kind
from reports.campaigns.models import Indicator
from reports.records.asked import entry_shown
from reports.records.explaining import doubts_of
from reports.records.models import ActivityRecord
from reports.records.querysets import RecordQuerySet
from units.cells import Cell, safe, safe_text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and how a record fills it."""

    heading: str | Promise
    read: Callable[[ActivityRecord], Cell]


# The order of the file; the numbers stand between BEFORE and AFTER.
BEFORE = (
    Column(_("unit code"), lambda record: record.unit.code),
    Column(_("unit"), lambda record: record.unit.name),
    Column(_("kind of unit"), lambda record: str(record.unit.kind)),
    Column(_("campaign"), lambda record: record.period.campaign.name),
    Column(_("week"), lambda record: record.period.label),
    Column(_("day"), lambda record: record.held_on),
    Column(_("activity type"), lambda record: record.activity_type.name),
    Column(_("title"), lambda record: record.title),
    Column(_("place"), lambda record: record.place),
    Column(_("speaker"), lambda record: record.speaker),
    Column(_("mode"), lambda record: record.mode),
    Column(_("topic"), lambda record: record.topic),
    Column(_("tags"), lambda record: "，".join(record.tags)),
    Column(_("text"), lambda record: record.text),
)
AFTER = (
    Column(
        _("explanations"),
        lambda record: "\n".join(f"{one.message} {one.explanation}" for one in doubts_of(record)),
    ),
    Column(_("status"), lambda record: record.get_status_display()),
    Column(_("submitted by"), lambda record: _name(record.submitted_by)),
    Column(_("submitted at"), lambda record: _moment(record.submitted_at)),
    Column(_("decided by"), lambda record: _name(record.decided_by)),
    Column(_("decided at"), lambda record: _moment(record.decided_at)),
    Column(_("record number"), lambda record: record.pk),
)


def number_columns(indicators: Iterable[Indicator]) -> list[Column]:
    """Return one column per code among `indicators`, in their order, under the first one's name.

    Types that share a code share its column; each value is read with its own type's decimals.
    """
    asks = {(one.activity_type_id, one.code): ask_of(one) for one in indicators}
    headings: dict[str, str] = {}
    for indicator in indicators:
        measure = f" ({indicator.unit_of_measure})" if indicator.unit_of_measure else ""
        headings.setdefault(indicator.code, indicator.name + measure)
    return [Column(heading, _reader(code, asks)) for code, heading in headings.items()]


class RecordResource(ModelResource):  # type: ignore[misc]
    """The rows of an export; nothing is ever imported through it."""

    def __init__(self, rows: RecordQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        indicators = Indicator.objects.none()
        if rows is not None:
            types = rows.order_by().values_list("activity_type", flat=True).distinct()
            indicators = Indicator.objects.filter(activity_type__in=types).order_by("position", "id")
        self.columns = [*BEFORE, *number_columns(list(indicators)), *AFTER]

    class Meta:
        model = ActivityRecord
        fields = ()

    def get_import_fields(self) -> list[Any]:
        """Return none: records come in through the portal and the ledger command alone."""
        return []

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return [safe_text(str(column.heading)) for column in self.columns]

    def export_resource(
        self, instance: ActivityRecord, selected_fields: Any = None, **kwargs: Any
    ) -> list[Cell]:
        """Return one row; every text in it is safe, whatever the format."""
        return [safe(column.read(instance)) for column in self.columns]


def _reader(code: str, asks: dict[tuple[int, str], Ask]) -> Callable[[ActivityRecord], Cell]:
    """Return the function that reads one entry of a record: a number, or a word."""

    def read(record: ActivityRecord) -> Cell:
        stored, ask = record.values.get(code), asks.get((record.activity_type_id, code))
        if stored is None or ask is None:
            return str(record.answers.get(code, ""))
        if ask.kind == Kind.YES_NO:
            return entry_shown(ask, stored, "")
        return Decimal(stored).scaleb(-ask.decimals) if ask.decimals else stored

    return read


def _name(account: object) -> str:
    """Return a person's name; empty for nobody."""
    return str(account) if account else ""


def _moment(moment: Any) -> str:
    """Return a moment as local time to the minute, which a spreadsheet sorts as it stands."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
