"""The verb that finds wrong totals and mends them, with a trace in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from reports.campaigns.models import Campaign
from reports.statistics.following import behind_campaign_ids, follow
from reports.statistics.ledger import Key, Values
from reports.statistics.tallying import lock
from reports.statistics.verifying import rebuild, verify, waiting_keys
from units import audit
from units.models import Deed

# Counts a whole campaign from nothing, on the floor that holds the records.
CountAll = Callable[[Campaign], Mapping[Key, Values]]


def repair(campaign: Campaign, *, count_all: CountAll) -> int:
    """Compare every total with the records and rebuild the campaign where one is wrong; return how many were.

    The first look takes no lock and so may see a tally half done; only what a second look under the
    campaign's lock confirms is wrong. What merely waits for the tally is not.
    """
    if not campaign.periods.filter(number=0).exists():
        return 0
    if campaign.pk not in behind_campaign_ids() and not verify(campaign, count_all(campaign)):
        return 0
    return _repair(campaign, count_all)


@transaction.atomic
def _repair(campaign: Campaign, count_all: CountAll) -> int:
    """Look again while no tally runs, and mend."""
    lock(campaign.pk)
    follow(campaign.pk)
    counted = count_all(campaign)
    differences = verify(campaign, counted)
    # Read after the count: what was approved meanwhile has its mark.
    waiting = waiting_keys(campaign)
    wrong = [difference.key for difference in differences if difference.key not in waiting]
    if wrong:
        rebuild(campaign, counted)
        audit.record(Deed.REPAIR, actor=None, subject=campaign, changes={"cells": len(wrong)})
    return len(wrong)
