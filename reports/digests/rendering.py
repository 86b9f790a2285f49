"""Turn a digest into a mail, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.campaigns.models import Period
from reports.campaigns.wording import span
from reports.digests.contents import Digest
from reports.digests.letters import SpeakingTo, tidy
from reports.digests.subscribing import unsubscribe_url
from units.models import Mail


def render(digest: Digest, *, key: str) -> Mail:
    """Return the unsaved mail of one digest: subject, text and HTML with absolute links."""
    person = digest.person
    leave = unsubscribe_url(person)
    context = {
        "digest": digest,
        "unsubscribe_url": leave,
        "portal": settings.PORTAL_NAME,
        "campaign": digest.period.campaign,
    }
    with SpeakingTo(person.language, digest.period.campaign.zone):
        return Mail(
            key=key,
            person=person,
            address=person.email,
            subject=_subject(digest)[:200],
            text=tidy(render_to_string("digests/mail.txt", context)),
            html=render_to_string("digests/mail.html", context).strip(),
            unsubscribe_url=leave,
        )


def _subject(digest: Digest) -> str:
    """Return campaign and week on one line, and what is to be corrected."""
    week = week_words(digest.period)
    n_returned = digest.n_returned
    if n_returned:
        todo = ngettext("%(count)d record to correct", "%(count)d records to correct", n_returned)
        week = f"{week} · {todo % {'count': n_returned}}"
    return " ".join(week.split())


def week_words(period: Period) -> str:
    """Return campaign, week and days on one line."""
    words = _("%(campaign)s · %(week)s (%(days)s)") % {
        "campaign": period.campaign,
        "week": period.label,
        "days": span(period.starts_on, period.ends_on),
    }
    return " ".join(words.split())
