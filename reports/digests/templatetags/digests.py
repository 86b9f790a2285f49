"""Say figures and absolute links in a mail."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from reports.digests.contents import whole
from reports.statistics.reading import ONLINE, ONSITE, SESSIONS
from units.models import Unit

register = template.Library()

N_NAMES = 12
NAMES: dict[str, Promise] = {
    SESSIONS: _("Sessions"),
    ONSITE: _("Onsite attendances"),
    ONLINE: _("Online attendances"),
}


@register.simple_tag
def portal_url(name: str, *args: object) -> str:
    """Return the absolute address of a page: mail is read outside the portal."""
    return settings.BASE_URL + reverse(name, args=args)


@register.filter
def figure_name(code: str) -> Promise:
    """Return what a figure is called."""
    return NAMES[code]


@register.filter
def figure(value: int | None) -> str:
    """Return a number with its thousands set apart; — where nothing was reported."""
    return "—" if value is None else f"{value:,}"


@register.filter
def pct(share: Decimal | None) -> str:
    """Return a share in whole percent; — where nothing was owed."""
    rounded = whole(share)
    return "—" if rounded is None else f"{rounded}%"


@register.filter
def change(value: int | None) -> str:
    """Return a difference with its sign; — where there is nothing to compare with."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{abs(value):,}"


@register.filter
def names(units: list[Unit]) -> str:
    """Return the names in a row; of many the first, and how many more there are."""
    listed = pgettext("between names", ", ").join(str(unit) for unit in units[:N_NAMES])
    n_more = len(units) - N_NAMES
    if n_more <= 0:
        return listed
    more = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", n_more)
    return more % {"names": listed, "count": n_more}
