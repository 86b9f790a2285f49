"""What counts once in a joint event stands in the host's record alone. Pure."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from reports.campaigns.designs import Design
from reports.records.asked import VALUE_PREFIX
from reports.records.content import Content
from reports.records.models import ActivityRecord
from units.rules import RuleError


def companion_design(design: Design) -> Design:
    """Return the form of a unit that is not the host: without what counts once."""
    return replace(design, asks=tuple(ask for ask in design.asks if not ask.is_shared))


def fitting(design: Design, record: ActivityRecord | None) -> Design:
    """Return the form that fits a record; `design` is the type's full form."""
    return companion_design(design) if record is not None and record.is_companion else design


def without_shared(content: Content, design: Design) -> Content:
    """Return the content without what counts once, as `design`, the type's full form, says."""
    shared = {ask.code for ask in design.asks if ask.is_shared}
    return replace(
        content,
        values={code: value for code, value in content.values.items() if code not in shared},
        answers={code: answer for code, answer in content.answers.items() if code not in shared},
    )


def check_shared(content: Content, design: Design) -> None:
    """Refuse in a companion's record what the host's record counts; `design` is the type's full form.

    Raises: RuleError `counted_by_host` at the first such field.
    """
    for ask in design.asks:
        if ask.is_shared and (ask.code in content.values or ask.code in content.answers):
            message = _("%(name)s counts once for the whole event, in the host's record; leave it out here.")
            raise RuleError("counted_by_host", message % {"name": ask.name}, field=VALUE_PREFIX + ask.code)
