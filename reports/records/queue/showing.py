"""What the page of the queue shows: the list at the left, one record with its evidence at the right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from reports.campaigns.current import current
from reports.records.models import ActivityRecord, ReturnReason
from reports.records.queue import addresses
from reports.records.queue.asked import STATUSES, Asked, read_query
from reports.records.queue.evidence import measured
from reports.records.queue.facets import Counts, counts_of, facets_of
from reports.records.queue.forms import DecisionForm
from reports.records.queue.listing import MOST_COUNTED, Line, Page, Viewer, counted, page_of, rows_of
from reports.records.queue.pace import pace_of
from reports.records.reviewing import Step, decisions_for, following, is_own, steps_of
from reports.records.states import Status, Verb
from units import scope
from units.models import Account


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list with its address."""

    line: Line
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One status to choose."""

    status: str
    query: str
    is_chosen: bool


def list_context(
    request: HttpRequest, asked: Asked, viewer: Viewer, place: str, record: ActivityRecord | None = None
) -> dict[str, Any]:
    """Return the list with its filters; with a record, the page of the list that holds it."""
    counts = counts_of(asked, viewer) if asked.is_queue else None
    page = page_of(asked, viewer, place, around=record)
    here = addresses.with_place(asked.query(), place)
    return {
        "asked": asked,
        "tabs": [Tab(status, Asked(status=status).query(), status == asked.status) for status in STATUSES],
        "facets": facets_of(asked, viewer, counts, current(request)),
        "counts": counts,
        "most_counted": MOST_COUNTED,
        "rows": rows_with(page, here),
        "before": addresses.list_url(addresses.with_place(asked.query(), page.before)) if page.before else "",
        "after": addresses.list_url(addresses.with_place(asked.query(), page.after)) if page.after else "",
        "first_url": addresses.list_url(asked.query()),
        "last_url": addresses.list_url(addresses.with_place(asked.query(), "last")),
        "list_query": here,
        "colleagues": colleagues_of(viewer) if asked.is_queue and not viewer.review.is_empty else None,
        "is_reviewer": not viewer.review.is_empty,
    }


def rows_with(page: Page, query: str) -> list[Row]:
    """Return the lines of a page with their addresses."""
    return [Row(line, addresses.record_url(line.record.pk, query)) for line in page.lines]


def record_context(
    record: ActivityRecord, viewer: Viewer, query: str, form: DecisionForm | None = None, seen: int = 0
) -> dict[str, Any]:
    """Return one record with its evidence; `seen` is the version that was looked at, where it moved on."""
    actor, is_reviewer = viewer.person, viewer.review.covers(record.unit.path)
    decisions = decisions_for(record, actor) if is_reviewer else []
    steps = steps_of(record)
    is_waiting = is_reviewer and record.state is Status.SUBMITTED
    return {
        "record": record,
        "numbers": measured(record),
        "steps": steps,
        "n_rounds": sum(step.verb == Verb.SUBMIT for step in steps),
        "news": news_in(steps, seen) if seen else [],
        "decisions": [verb.value for verb in decisions],
        "is_own": is_reviewer and is_own(record, actor),
        "is_endorser": is_waiting and record.endorsed_by_id == actor.pk,
        "is_reviewer": is_reviewer,
        "form": form or DecisionForm(initial={"version": record.version}),
        "ready_reasons": list(ReturnReason.objects.filter(is_retired=False)) if decisions else [],
        "record_colleagues": colleagues_for(record) if is_waiting else [],
        "query": query,
        "list_url": addresses.list_url(query),
        "next_url": _next_url(record, viewer, query),
    }


def progress_of(viewer: Viewer, asked: Asked, counts: Counts | None = None) -> dict[str, Any]:
    """Return how many the person approved today, and how many are left under what they asked for.

    Queries: two, one where what is left was counted; the first reads no more than the day's approvals.
    """
    n_left = counts.n_rows + counts.is_capped if counts else counted(rows_of(asked, viewer))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    approved = ActivityRecord.objects.approved().filter(decided_at__gte=today, decided_by=viewer.person)
    return {
        "n_approved": approved.count(),
        "n_left": n_left,
        "most_counted": MOST_COUNTED,
    }


def done_context(viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """Return what stands where no record is open: how many wait, how long it takes. Queries: two or three."""
    n_all = counted(rows_of(Asked(), viewer)) if asked.narrows else None
    return {"pace": pace_of(viewer.seen), "n_elsewhere": n_all}


def news_in(steps: Iterable[Step], seen: int) -> list[Step]:
    """Return what happened since the version that somebody had on screen."""
    return [step for step in steps if step.version > seen]


def colleagues_of(viewer: Viewer) -> list[Account]:
    """Return who reviews anything. Queries: one."""
    return list(scope.grantees(scope.REVIEW).order_by("name", "pk"))


def colleagues_for(record: ActivityRecord) -> list[Account]:
    """Return who may decide on a record. Queries: one."""
    apart = Q(pk=record.submitted_by_id) | Q(pk=record.endorsed_by_id)
    return list(scope.holders(record.unit, scope.REVIEW).exclude(apart).order_by("name", "pk"))


def _next_url(record: ActivityRecord, viewer: Viewer, query: str) -> str:
    """Return the address of what follows in the queue, for whoever has no list beside the record."""
    asked = read_query(query)
    if not asked.is_queue or record.submitted_at is None or viewer.review.is_empty:
        return ""
    upcoming = following(rows_of(asked, viewer), record)
    return addresses.record_url(upcoming.pk, query) if upcoming else ""
