"""Say the numbers of a record in templates."""

from __future__ import annotations

from django import template

from reports.records.models import ActivityRecord
from reports.records.numbers import Fact, Number, numbers_of, parts_of

register = template.Library()


@register.filter
def numbers(record: ActivityRecord) -> list[Number]:
    """Return the numbers that were entered, in the form's order."""
    return [number for number in numbers_of(record) if number.shown]


@register.simple_tag
def parts(record: ActivityRecord) -> list[Fact]:
    """Return the parts of a record's form with what was entered."""
    return parts_of(record)
