"""The verb that changes a campaign: what has opened stays as it is, the whole follows a new end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.campaigns.periods import midnight_after
from units import registry
from units.models import Account
from units.rules import RuleError


@transaction.atomic
def amend(campaign: Campaign, fields: Iterable[str], *, actor: Account | None) -> Campaign:
    """Store the named fields of a campaign; a new end moves the period that stands for the whole.

    Periods that have opened keep their days and deadlines, so a campaign ends no earlier than the last of
    them; one that the former end had cut stays cut, and the next begins behind it.
    Raises: RuleError `ends_too_early`; ValidationError.
    """
    names = set(fields)
    if "ends_on" in names:
        _check_end(campaign)
    registry.amend(campaign, names, actor=actor)
    if "ends_on" in names:
        over = midnight_after(campaign.ends_on, campaign.zone)
        campaign.periods.filter(number=0).update(ends_on=campaign.ends_on, due_at=over, close_at=over)
    return campaign


def _check_end(campaign: Campaign) -> None:
    """Refuse an end before the last day of a period that has opened."""
    last = Period.objects.weekly().filter(campaign=campaign).order_by("-number").first()
    if last is not None and campaign.ends_on < last.ends_on:
        message = _("%(period)s has opened and ends on %(day)s; the campaign cannot end before that.")
        raise RuleError("ends_too_early", message % {"period": last, "day": last.ends_on}, field="ends_on")
