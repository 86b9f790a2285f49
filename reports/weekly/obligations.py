"""The verb that writes down who owes what."""

import datetime as dt

from django.db import transaction

from reports.campaigns.models import Campaign, Period
from reports.weekly.models import WeeklyReport
from units.models import Unit


@transaction.atomic
def ensure_reports(campaign: Campaign, *, now: dt.datetime) -> int:
    """Make the report that each reporting unit owes for each opened period; return how many are new.

    A unit owes the periods in which it was open on at least one day. Twice is once.
    """
    before = WeeklyReport.objects.filter(period__campaign=campaign).count()
    for period in campaign.periods.weekly().filter(starts_on__lte=campaign.today(now)):
        WeeklyReport.objects.bulk_create(_missing(period), batch_size=1000, ignore_conflicts=True)
    return WeeklyReport.objects.filter(period__campaign=campaign).count() - before


def _missing(period: Period) -> list[WeeklyReport]:
    """Return the unsaved reports of the units that owe this period and have no row yet."""
    owing = Unit.objects.reporting().open_between(period.starts_on, period.ends_on)
    new = owing.exclude(pk__in=WeeklyReport.objects.filter(period=period).values("unit"))
    return [WeeklyReport(unit_id=pk, period=period) for pk in new.order_by().values_list("pk", flat=True)]
