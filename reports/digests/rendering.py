"""Turn a digest into a mail, in the reader's language."""

from __future__ import annotations

import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.campaigns.wording import span
from reports.digests.contents import Digest
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
    with translation.override(person.language):
        return Mail(
            key=key,
            person=person,
            address=person.email,
            subject=_subject(digest)[:200],
            text=_tidy(render_to_string("digests/mail.txt", context)),
            html=render_to_string("digests/mail.html", context).strip(),
            unsubscribe_url=leave,
        )


def _subject(digest: Digest) -> str:
    """Return campaign and week on one line, and what is to be corrected."""
    period = digest.period
    week = _("%(campaign)s · %(week)s (%(days)s)") % {
        "campaign": period.campaign,
        "week": period.label,
        "days": span(period.starts_on, period.ends_on),
    }
    n_returned = digest.n_returned
    if n_returned:
        todo = ngettext("%(count)d record to correct", "%(count)d records to correct", n_returned)
        week = f"{week} · {todo % {'count': n_returned}}"
    return " ".join(week.split())


def _tidy(text: str) -> str:
    """Take out the blank lines and indents that the template's tags leave behind."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
