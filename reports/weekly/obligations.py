"""The verbs that write down who owes what, and take back what is no longer owed."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.campaigns.taking_part import taking_part
from reports.weekly.models import ReportStep, Step, WeeklyReport
from reports.weekly.stepping import NO_REQUEST, Move, move_many
from units import audit
from units.models import Account, Deed
from units.querysets import UnitQuerySet


@transaction.atomic
def ensure_reports(campaign: Campaign, *, now: dt.datetime, looks_back: bool = False) -> int:
    """Make the report that each unit that takes part owes for each opened period; return how many are new.

    A unit owes the periods in which it was open on at least one day. Periods that are closed are looked at
    where the clock stood still all the time, and once a night (`looks_back`): a unit may have been entered or
    opened again with a day in the past. What had begun before others came to take part is asked of nobody
    anew. Twice is once. Queries: four, and one for each period looked at.
    """
    made = WeeklyReport.objects.filter(period=OuterRef("pk"))
    begun = campaign.periods.weekly().filter(starts_on__lte=campaign.today(now))
    since = campaign.covers_since or campaign.starts_on
    asked = Q(starts_on__gte=since) if looks_back else Q(starts_on__gte=since, close_at__gte=now)
    to_look_at = list(begun.filter(asked | ~Exists(made)))
    if not to_look_at:
        return 0
    units = taking_part(campaign)
    return sum(_insert(period, units) for period in to_look_at)


@transaction.atomic
def withdraw_reports(campaign: Campaign) -> int:
    """Take back what units do not owe any more, as after a closing with a day in the past; return how many.

    What was filed stays, and so does what is missing from the unit's own days. Twice is once; a unit that is
    opened again owes them again.
    """
    is_closed = Q(unit__closed_on__lte=F("period__starts_on"))
    not_owed = is_closed | Q(unit__opened_on__gt=F("period__ends_on"))
    rows = WeeklyReport.objects.open().of_campaign(campaign).filter(not_owed).select_related("unit", "period")
    # Held, so that nobody files one between the look and the deed.
    reports = list(rows.select_for_update(of=("self",)).order_by("pk"))
    let_go(reports, actor=None)
    audit.record_many(
        audit.entry(Deed.VOID, actor=None, subject=report, unit=report.unit, changes=_why(report))
        for report in reports
        if report.excused_at is None
    )
    return len(reports)


def let_go(reports: list[WeeklyReport], *, actor: Account | None) -> None:
    """Drop locked reports that are owed no more; what has a history stays, and is excused.

    Call it inside the transaction that decides so.
    """
    keys = [report.pk for report in reports]
    stay = set(ReportStep.objects.filter(report__in=keys).values_list("report", flat=True))
    reason = _("The unit owes nothing for this period.")
    excused = {"excused_by": actor, "excused_at": timezone.now(), "excuse": reason} | NO_REQUEST
    moves = [Move(report, excused, reason) for report in reports if report.pk in stay]
    move_many(Step.EXCUSE, moves, actor=actor)
    WeeklyReport.objects.filter(pk__in=set(keys) - stay).delete()


def _why(report: WeeklyReport) -> dict[str, object]:
    """Return on which days the unit exists: outside them it owes nothing."""
    days = {"opened_on": report.unit.opened_on, "closed_on": report.unit.closed_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _insert(period: Period, units: UnitQuerySet) -> int:
    """Write the reports that are not there yet and return how many.

    One statement inside the database: 500,000 rows would otherwise travel to and fro.
    """
    known = WeeklyReport.objects.filter(period=period, unit=OuterRef("pk"))
    owing = units.open_between(period.starts_on, period.ends_on).filter(~Exists(known)).order_by()
    chosen, chosen_by = owing.values(owes=F("pk")).query.sql_with_params()
    row = WeeklyReport(period=period, due_at=period.due_at, close_at=period.close_at)
    same = [one for one in row._meta.concrete_fields if not one.primary_key and one.name != "unit"]
    values = [one.get_db_prep_save(one.pre_save(row, True), connection) for one in same]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(name)) for name in ("unit_id", *(one.column for one in same)))
    marks = ", ".join(["%s"] * len(values))
    # Names of our own columns; a second clock may have written the same rows meanwhile.
    statement = (
        f"INSERT INTO {quote(str(row._meta.db_table))} ({columns}) SELECT owing.owes, {marks}"  # noqa: S608
        f" FROM ({chosen}) AS owing WHERE true ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *chosen_by])
        return int(cursor.rowcount)
