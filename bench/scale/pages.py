"""What is asked of each bureau: a name, who asks, and the address or the query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench.scale.tree import Shape
from reports.records.models import ActivityRecord
from reports.records.reviewing import queue_of
from reports.weekly.models import WeeklyReport
from units import scope
from units.models import Account, Unit

UNITS, ACCOUNTS = "/admin/units/unit/", "/admin/units/account/"
RECORDS = "/admin/records/activityrecord/"


@dataclass(frozen=True, slots=True)
class Page:
    """One address; `{area}` and its like are filled in with the looked-at units."""

    name: str
    person: str
    address: str


PAGES = (
    Page("start page, liaison", "liaison", "/"),
    Page("start page, reviewer", "reviewer", "/"),
    Page("start page, leader", "leader", "/"),
    Page("units, leader", "leader", "/units/"),
    Page("units, liaison", "liaison", "/units/"),
    Page("units, team member", "member", "/units/"),
    Page("children of a unit", "leader", "/units/{district}/children/"),
    Page("a unit", "leader", "/units/{area}/"),
    Page("search: one name", "leader", "/units/?q={name}"),
    Page("search: a common word", "leader", f"/units/?q={quote('教研组')}"),
    Page("search: common word, team member", "member", f"/units/?q={quote('教研组')}"),
    Page("search: nothing found", "leader", f"/units/?q={quote('乌有')}"),
    Page("search: one code", "leader", "/units/?q={code}"),
    Page("search: begin of a code", "leader", "/units/?q=U00"),
    Page("search: initials", "leader", "/units/?q={initials}"),
    Page("search: begin of initials", "leader", "/units/?q=dc"),
    Page("who may do what here", "administrator", "/units/{school}/people/"),
    Page("admin: units", "administrator", UNITS),
    Page("admin: units, second page", "administrator", f"{UNITS}?p=2"),
    Page("admin: units, one name", "administrator", UNITS + "?q={name}"),
    Page("admin: units, a common word", "administrator", f"{UNITS}?q={quote('教研组')}"),
    Page("admin: units of a kind", "administrator", UNITS + "?kind__id__exact={kind}"),
    Page("admin: open units", "administrator", f"{UNITS}?open=yes"),
    Page("admin: closed units", "administrator", f"{UNITS}?open=no"),
    Page("admin: units to pick a parent from", "administrator", "/admin/autocomplete/?app_label=units"
         f"&model_name=unit&field_name=parent&term={quote('教研组')}"),
    Page("admin: accounts", "administrator", ACCOUNTS),
    Page("admin: accounts, search", "administrator", f"{ACCOUNTS}?q=p000017"),
    Page("admin: accounts, search a name", "administrator", f"{ACCOUNTS}?q={quote('王伟伟')}"),
    Page("admin: unused accounts", "administrator", f"{ACCOUNTS}?unused=yes"),
    Page("what may this person do", "administrator", ACCOUNTS + "{person}/change/"),
    Page("admin: teams", "administrator", "/admin/units/team/"),
    Page("records, liaison", "liaison", "/records/"),
    Page("records, team member", "member", "/records/"),
    Page("records, leader", "leader", "/records/"),
    Page("records, leader, returned", "leader", "/records/?status=returned"),
    Page("review queue", "reviewer", RECORDS),
    Page("review queue, last page", "reviewer", f"{RECORDS}?at=last"),
    Page("review queue, approved", "reviewer", f"{RECORDS}?status=approved"),
    Page("review queue, search", "reviewer", f"{RECORDS}?q={quote('第12次')}"),
    Page("statistics, leader", "leader", "/statistics/"),
    Page("statistics, team member", "member", "/statistics/"),
    Page("weekly reports, leader", "leader", "/weekly/"),
    Page("weekly reports, team member", "member", "/weekly/"),
)  # fmt: skip

# Behind the day before all days there is nothing newer: the page before it is the last one.
LIST, LAST = "/records/", "before=0001-01-01-1"
RECORD_PAGES = (
    *(
        Page(f"list, {person}{suffix}", person, address)
        for person in ("leader", "reviewer")
        for suffix, address in (
            (", first page", LIST),
            (", last page", f"{LIST}?{LAST}"),
            (", returned, first page", f"{LIST}?status=returned"),
            (", returned, last page", f"{LIST}?status=returned&{LAST}"),
        )
    ),
    Page("list, leader, search", "leader", f"{LIST}?words={quote('第12次')}"),
    Page("queue, first page", "office", RECORDS),
    Page("queue, last page", "office", f"{RECORDS}?at=last"),
    Page("queue, of an area, first page", "reviewer", RECORDS),
    Page("queue, of an area, last page", "reviewer", f"{RECORDS}?at=last"),
    Page("queue, approved, first page", "office", f"{RECORDS}?status=approved"),
    Page("queue, approved, last page", "office", f"{RECORDS}?status=approved&at=last"),
    Page("queue, all, first page", "office", f"{RECORDS}?status=all"),
    Page("queue, all, last page", "office", f"{RECORDS}?status=all&at=last"),
    Page("queue, search", "office", f"{RECORDS}?q={quote('第12次')}"),
)

Query = Callable[[Account], Any]
QUERIES: tuple[tuple[str, str, Query], ...] = (
    ("reach, liaison", "liaison", lambda user: scope.reach(user, *scope.READ)),
    ("reach, team member", "member", lambda user: scope.reach(user, *scope.READ)),
    ("held, team member", "member", scope.held),
    ("units, team member", "member", lambda user: list(scope.units(user, *scope.READ)[:50])),
    ("units, leader", "leader", lambda user: list(scope.units(user, *scope.READ)[:50])),
    ("topmost, team member", "member", lambda user: list(scope.topmost(user, *scope.READ))),
    ("records visible to a liaison", "liaison",
     lambda user: list(ActivityRecord.objects.visible_to(user).latest_first()[:20])),
    ("records visible to a team member", "member",
     lambda user: list(ActivityRecord.objects.visible_to(user).latest_first()[:20])),
    ("reports visible to a team member", "member",
     lambda user: list(WeeklyReport.objects.visible_to(user).latest_first()[:50])),
    ("what waits for a reviewer", "reviewer", lambda user: list(queue_of(user)[:50])),
)  # fmt: skip


def facts(n_units: int) -> dict[str, object]:
    """Return what fills the braces of the addresses: the units of the looked-at part."""
    firsts = Shape.of(n_units).firsts
    school = Unit.objects.get(pk=firsts[3])
    return {
        "district": firsts[1],
        "area": firsts[2],
        "school": school.pk,
        "name": quote(school.name),
        "code": school.code,
        "initials": school.initials,
        "kind": school.kind_id,
        "person": Account.objects.get(username="liaison").pk,
    }
