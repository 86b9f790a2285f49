"""The two verbs behind the form: write a record, or write it anew; each as a draft or straight to review.

They answer a form that arrives twice, and one that was open while the record moved on.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from reports.campaigns.models import ActivityType
from reports.records import workflow
from reports.records.content import Content
from reports.records.models import ActivityRecord
from units.models import Account, Unit
from units.rules import RuleError

# What a form meets when the record has moved on while it was open.
CONFLICTS = frozenset({"stale", "wrong_state"})


@dataclass(frozen=True, slots=True)
class Sending:
    """How a form was sent: by which tab, over which stored version, and whether straight to review.

    `version` is 0 where the person has seen nothing stored.
    """

    is_final: bool
    version: int = 0
    key: uuid.UUID | None = None
    tab: uuid.UUID | None = None


@transaction.atomic
def write(
    unit: Unit, activity_type: ActivityType, content: Content, *, actor: Account, sending: Sending
) -> ActivityRecord:
    """Store a new record; the same form sent again changes the draft that it made, or finds its record done.

    Raises: RuleError as `workflow.create` and `workflow.submit`, `stale` and `wrong_state` where the
    form comes back with other content after its record has moved on or from another tab, `key_used` where
    it made another one.
    """
    key, tab = sending.key, sending.tab
    record = workflow.create(unit, activity_type, content, actor=actor, key=key, tab=tab)
    if (record.unit_id, record.activity_type_id) != (unit.pk, activity_type.pk):
        raise RuleError("key_used", _("This form has been sent already; open a new one."))
    if not sending.version and record.tab != tab and Content.of(record) != content:
        message = _("This form has been stored from another window with other content.")
        raise RuleError("stale", message)
    # A version that there never was comes from no form of ours, and turns no new record into a conflict.
    seen = sending.version if 0 < sending.version <= record.version else 1
    return _bring(record, content, seen, actor, sending.is_final)


@transaction.atomic
def rewrite(record: ActivityRecord, content: Content, *, actor: Account, sending: Sending) -> ActivityRecord:
    """Replace the content of a record that was on screen in the version of the sending.

    Raises: RuleError as `workflow.edit` and `workflow.submit`.
    """
    return _bring(record, content, sending.version, actor, sending.is_final)


def _bring(
    record: ActivityRecord, content: Content, version: int, actor: Account, is_final: bool
) -> ActivityRecord:
    """Bring a record to the content and the status that its author asked for, unless it is there already."""
    is_same = Content.of(record) == content
    if is_same and _is_where(record, version, is_final):
        return record
    if not is_same or record.version != version:
        # The claim compares with the version that the author saw, not with the one just read.
        record.version = version
        record = workflow.edit(record, content, actor=actor)
    return workflow.submit(record, actor=actor) if is_final else record


def _is_where(record: ActivityRecord, version: int, is_final: bool) -> bool:
    """Say whether nothing is left to do for this content."""
    if is_final:
        return not record.is_editable
    return record.is_editable or record.version != version
