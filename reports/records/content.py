"""What a person enters into a record, and the rules it has to obey. The only place of these rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.campaigns.models import ActivityType, Indicator, Period
from reports.records.models import ActivityRecord
from units.models import Unit
from units.rules import RuleError

VALUE_PREFIX = "value_"
# Sums of a million such values still fit into 64 bits' worth of every reader of an export.
LARGEST = 10**12
# What a draft may still lack: it is completed later, or the day is yet to come.
INCOMPLETE = frozenset({"required", "future"})


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a record that its author writes; `values` in each indicator's smallest unit."""

    held_on: dt.date
    title: str = ""
    place: str = ""
    text: str = ""
    values: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, record: ActivityRecord) -> Content:
        """Return the content that `record` holds."""
        return cls(record.held_on, record.title, record.place, record.text, dict(record.values))

    def as_json(self) -> dict[str, object]:
        """Return the content as a step keeps it."""
        return {
            "held_on": self.held_on.isoformat(),
            "title": self.title,
            "place": self.place,
            "text": self.text,
            "values": self.values,
        }


def period_of(activity_type: ActivityType, unit: Unit, held_on: dt.date) -> Period:
    """Return the period that a day belongs to, if the unit may report for that day.

    Raises: RuleError as `admitted`.
    """
    period: Period | None = (
        Period.objects.filter(campaign=activity_type.campaign_id)
        .containing(held_on)
        .select_related("campaign")
        .first()
    )
    return admitted(period, unit, held_on)


def admitted(period: Period | None, unit: Unit, held_on: dt.date) -> Period:
    """Return the period found for a day, if there is one and the unit may report for that day.

    Raises: RuleError on field `held_on`: `outside_periods` where no opened period holds the day,
    `unit_inactive` where the unit did not exist on it.
    """
    if period is None:
        message = _("%(day)s lies in no open reporting period of this campaign; choose a day within one.")
        raise RuleError("outside_periods", message % {"day": held_on.isoformat()}, field="held_on")
    if not unit.is_open_on(held_on):
        message = _("%(unit)s was not active on %(day)s; choose a day on which it was, or ask the bureau.")
        raise RuleError(
            "unit_inactive", message % {"unit": unit, "day": held_on.isoformat()}, field="held_on"
        )
    return period


def check_values(content: Content, codes: Iterable[str]) -> None:
    """Refuse what no form of ours sends, even for a draft: one such value would stop or falsify the tally.

    Raises: RuleError `unknown_indicator`, `not_a_number`, `too_large`.
    """
    known = set(codes)
    for code, value in content.values.items():
        if code not in known:
            message = _("“%(code)s” is no number that this type of activity asks for.") % {"code": code}
            raise RuleError("unknown_indicator", message)
        if type(value) is not int:  # a bool is an int to isinstance
            raise RuleError("not_a_number", _("Write a whole number."), field=VALUE_PREFIX + code)
        if abs(value) > LARGEST:
            raise RuleError("too_large", _("This number is too large."), field=VALUE_PREFIX + code)


def gaps(content: Content, indicators: Iterable[Indicator], *, today: dt.date) -> list[RuleError]:
    """Return all that stands between this content and a submission, field by field, in the form's order."""
    found = []
    if not content.title.strip():
        found.append(RuleError("required", _("Give the activity a title."), field="title"))
    if content.held_on > today:
        message = _("%(day)s has not come yet; report the activity once it has taken place.")
        found.append(RuleError("future", message % {"day": content.held_on.isoformat()}, field="held_on"))
    return found + [
        gap for indicator in indicators for gap in value_gaps(indicator, content.values.get(indicator.code))
    ]


def problems(
    content: Content, activity_type: ActivityType, unit: Unit, *, today: dt.date, is_final: bool
) -> list[RuleError]:
    """Return everything that is wrong at once, for a form; a draft may be incomplete.

    Queries: two.
    """
    found = gaps(content, activity_type.indicators.asked(), today=today)
    if not is_final:
        found = [gap for gap in found if gap.code not in INCOMPLETE]
    try:
        period_of(activity_type, unit, content.held_on)
    except RuleError as refused:
        found = [gap for gap in found if gap.field != refused.field] + [refused]
    return found


def value_gaps(indicator: Indicator, value: int | None) -> list[RuleError]:
    """Return what is wrong with one value: missing although required, below or above the hard limits."""
    name, field_name = indicator.name, VALUE_PREFIX + indicator.code
    if value is None:
        message = _("Enter %(name)s; write 0 if there was none.") % {"name": name}
        return [RuleError("required", message, field=field_name)] if indicator.is_required else []
    if value < indicator.minimum:
        message = _("%(name)s cannot be less than %(limit)s.")
        return [
            RuleError(
                "too_small",
                message % {"name": name, "limit": shown(indicator.minimum, indicator)},
                field=field_name,
            )
        ]
    if value > indicator.maximum:
        message = _("%(name)s cannot be more than %(limit)s.")
        return [
            RuleError(
                "too_large",
                message % {"name": name, "limit": shown(indicator.maximum, indicator)},
                field=field_name,
            )
        ]
    return []


def shown(value: int, indicator: Indicator) -> str:
    """Return a stored integer as people read it, with the indicator's decimals."""
    if not indicator.decimals:
        return str(value)
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).zfill(indicator.decimals + 1)
    return f"{sign}{digits[: -indicator.decimals]}.{digits[-indicator.decimals :]}"
