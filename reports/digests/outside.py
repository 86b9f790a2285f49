"""The weekly report for people outside: nothing in it asks for an account."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string

from reports.campaigns.models import Campaign, Period
from reports.digests.building import overview
from reports.digests.contents import LeaderDigest
from reports.digests.facts import gather
from reports.digests.letters import SpeakingTo, tidy
from reports.digests.making import due_period
from reports.digests.models import OutsideRecipient
from reports.digests.posting import post
from reports.digests.rendering import week_words
from reports.digests.subscribing import unsubscribe_url
from units.models import Mail, Unit


def ensure_outside_mails(campaign: Campaign, *, now: dt.datetime) -> int:
    """Queue the weekly report of each outside recipient; return how many are new. Twice is once.

    Queries: four when all is done already.
    """
    period = due_period(campaign, now)
    if period is None:
        return 0
    wanting = OutsideRecipient.objects.filter(campaign=campaign, is_active=True, wants_digest=True)
    owed = {f"outside:{period.pk}:{recipient.pk}": recipient for recipient in wanting}
    for key in Mail.objects.filter(key__in=owed).values_list("key", flat=True):
        del owed[key]
    if not owed:
        return 0
    part = whole_system(period, now=now)
    return post({key: partial(outside_mail, one, period, part, key=key) for key, one in owed.items()})


def whole_system(period: Period, *, now: dt.datetime) -> LeaderDigest:
    """Return how the week went everywhere."""
    return overview("", list(Unit.objects.filter(parent=None)), gather(period, (), now=now))


def outside_mail(recipient: OutsideRecipient, period: Period, part: LeaderDigest, *, key: str) -> Mail:
    """Return the unsaved mail to one recipient, in their language."""
    leave = unsubscribe_url(recipient)
    facts = {
        "recipient": recipient,
        "campaign": period.campaign,
        "period": period,
        "part": part,
        "portal": settings.PORTAL_NAME,
        "unsubscribe_url": leave,
    }
    with SpeakingTo(recipient.language, period.campaign.zone):
        return Mail(
            key=key,
            address=recipient.address,
            subject=week_words(period)[:200],
            text=tidy(render_to_string("digests/outside.txt", facts)),
            html=render_to_string("digests/outside.html", facts).strip(),
            unsubscribe_url=leave,
        )
