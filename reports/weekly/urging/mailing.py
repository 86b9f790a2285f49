"""The mail that asks a person for the reports that their units owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from units.models import Account, Mail

if TYPE_CHECKING:
    from reports.weekly.urging.owing import Debtor


def urging_mail(person: Account, owed: list[Debtor], *, key: str) -> Mail:
    """Return the unsaved mail to one person about all that they were urged for, in their language."""
    campaign = owed[0].report.period.campaign
    with translation.override(person.language), timezone.override(campaign.zone):
        context = {
            "person": person.name,
            "portal": settings.PORTAL_NAME,
            "campaign": campaign,
            "owed": [(one, settings.BASE_URL + _address(one)) for one in owed],
            "start": settings.BASE_URL + reverse("start"),
        }
        return Mail(
            key=key,
            person=person,
            address=person.email,
            subject=_subject(owed)[:200],
            text=render_to_string("digests/urging.txt", context).strip() + "\n",
            html=render_to_string("digests/urging.html", context).strip(),
        )


def _address(one: Debtor) -> str:
    """Return where the report is filed."""
    return reverse("weekly:report-detail", args=[one.report.pk])


def _subject(owed: list[Debtor]) -> str:
    """Return what is asked for, on one line."""
    report = owed[0].report
    if len(owed) == 1:
        place = f"{report.unit.name} · {report.period.label}"
        asked = _("Please file: %(place)s") % {"place": place}
    else:
        asked = ngettext(
            "Please file %(number)d weekly report", "Please file %(number)d weekly reports", len(owed)
        ) % {"number": len(owed)}
    return " ".join(f"{asked} · {report.period.campaign}".split())
