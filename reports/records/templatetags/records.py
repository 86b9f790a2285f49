"""Say the numbers of a record in templates."""

from __future__ import annotations

from django import template
from django.forms import BoundField

from reports.records.explaining import Explained, doubts_of
from reports.records.forms import RecordForm
from reports.records.models import ActivityRecord, Attachment
from reports.records.numbers import Fact, Number, numbers_of, parts_of

register = template.Library()


@register.filter
def numbers(record: ActivityRecord) -> list[Number]:
    """Return the numbers that were entered, in the form's order."""
    return [number for number in numbers_of(record) if number.shown]


@register.inclusion_tag("records/_gallery.html")
def gallery(record: ActivityRecord) -> dict[str, object]:
    """Show a record's photos in a light box, and its files. Queries: one."""
    return {"attachments": list(Attachment.objects.of_record(record))}


@register.simple_tag
def parts(record: ActivityRecord) -> list[Fact]:
    """Return the parts of a record's form with what was entered."""
    return parts_of(record)


@register.simple_tag
def doubts(record: ActivityRecord) -> list[Explained]:
    """Return what was doubtful when the record was handed in, each with its explanation."""
    return doubts_of(record)


@register.filter
def reasons(field: BoundField) -> list[BoundField]:
    """Return the boxes for explanations that belong under a field."""
    return field.form.reasons_at(field.name) if isinstance(field.form, RecordForm) else []
