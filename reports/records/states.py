"""The life of a record, pure: which verb leads from which status to which."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a record stands; the values are stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    VOID = "void"


class Verb(StrEnum):
    """What a person may do to a record."""

    EDIT = "edit"
    SUBMIT = "submit"
    ENDORSE = "endorse"
    APPROVE = "approve"
    RETURN = "return"
    REOPEN = "reopen"
    VOID = "void"


# One line per verb: from → to. What is not here is refused.
TABLE: dict[Verb, dict[Status, Status]] = {
    Verb.EDIT: {Status.DRAFT: Status.DRAFT, Status.RETURNED: Status.RETURNED},
    Verb.SUBMIT: {Status.DRAFT: Status.SUBMITTED, Status.RETURNED: Status.SUBMITTED},
    # The first of two reviewers; what type needs two says `ActivityType.needs_second_review`.
    Verb.ENDORSE: {Status.SUBMITTED: Status.SUBMITTED},
    Verb.APPROVE: {Status.SUBMITTED: Status.APPROVED},
    Verb.RETURN: {Status.SUBMITTED: Status.RETURNED},
    Verb.REOPEN: {Status.APPROVED: Status.RETURNED},
    Verb.VOID: {Status.DRAFT: Status.VOID, Status.RETURNED: Status.VOID},
}

# The unit's own deeds; all others are the reviewer's.
BY_UNIT = frozenset({Verb.EDIT, Verb.SUBMIT, Verb.VOID})
NEEDS_REASON = frozenset({Verb.RETURN, Verb.REOPEN})


def after(verb: Verb, status: Status) -> Status | None:
    """Return the status that `verb` leads to, None when the verb is not allowed in `status`."""
    return TABLE[verb].get(status)


def verbs_in(status: Status) -> list[Verb]:
    """Return the verbs that `status` allows, in the order of the table."""
    return [verb for verb, moves in TABLE.items() if status in moves]


def counts(status: Status) -> bool:
    """Say whether records in this status are part of the statistics."""
    return status is Status.APPROVED
