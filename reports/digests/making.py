"""The verb that makes the digests of a week, once per person."""

from __future__ import annotations

import datetime as dt

from reports.campaigns.models import Campaign, Period
from reports.digests.building import build
from reports.digests.facts import gather
from reports.digests.readers import Reader, readers, willing
from reports.digests.rendering import render
from units import mail
from units.models import Account, Mail, Unit

# A digest that could not go out for this long is no news any more.
STAYS_NEWS = dt.timedelta(days=7)
# Mails are stored in lots, so that no transaction holds the database while others wait.
LOT = 100


def due_period(campaign: Campaign, now: dt.datetime) -> Period | None:
    """Return the latest week whose digest is due and still news at the aware moment `now`."""
    # A digest comes within a week after the end of its period.
    oldest = campaign.today(now) - 2 * STAYS_NEWS
    weeks = Period.objects.weekly().filter(campaign=campaign, ends_on__gte=oldest)
    period: Period
    for period in weeks.select_related("campaign").order_by("-number"):
        if now - STAYS_NEWS < period.digest_at <= now:
            return period
    return None


def ensure_digests(campaign: Campaign, *, now: dt.datetime) -> int:
    """Queue the mail of everybody who should read about the week that is due; return how many are new.

    The key of a mail makes it once per person and week, whoever runs this and however often. After an
    outage of up to a week the latest digest goes out late; older ones do not.
    Queries: seven when all is done already.
    """
    period = due_period(campaign, now)
    if period is None:
        return 0
    owed = {key_of(period, person): person for person in willing()}
    for key in Mail.objects.filter(key__in=owed).values_list("key", flat=True):
        del owed[key]
    found = readers(owed.values()) if owed else []
    return _make(period, found, now) if found else 0


def key_of(period: Period, person: Account) -> str:
    """Return the key that makes a digest once per person and week."""
    return f"digest:{period.pk}:{person.pk}"


def _make(period: Period, found: list[Reader], now: dt.datetime) -> int:
    """Read the facts once, then render and queue lot by lot."""
    roots = list(Unit.objects.filter(parent=None))
    own = [unit for reader in found for unit in reader.reports_for]
    overseen = [unit for reader in found for units in reader.teams.values() for unit in units]
    facts = gather(period, own, now=now, overseen=overseen)
    n_new = 0
    for start in range(0, len(found), LOT):
        lot = [build(reader, facts, roots) for reader in found[start : start + LOT]]
        n_new += mail.enqueue([render(digest, key=key_of(period, digest.person)) for digest in lot])
    return n_new
