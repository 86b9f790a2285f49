"""Which units take part in a campaign."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign
from units import audit
from units.models import Account, Deed, Unit, UnitKind
from units.querysets import UnitQuerySet
from units.rules import RuleError

MAY_CHANGE = "campaigns.change_campaign"


def taking_part(campaign: Campaign) -> UnitQuerySet:
    """Return the units that owe reports: the chosen ones and those of chosen kinds, else every reporting one.

    Queries: two, and one where the result is read.
    """
    kinds = list(campaign.covered_kinds.values_list("pk", flat=True))
    units = campaign.covered_units.values("pk")
    if not kinds and not units.exists():
        return Unit.objects.reporting()
    return Unit.objects.filter(Q(kind__in=kinds) | Q(pk__in=units))


@transaction.atomic
def cover(
    campaign: Campaign, *, kinds: Iterable[UnitKind], units: Iterable[Unit], actor: Account | None
) -> Campaign:
    """Store who takes part from the next period on, and write down who did before.

    Raises: RuleError `not_yours`.
    """
    if actor is not None and not actor.has_perm(MAY_CHANGE):
        raise RuleError("not_yours", _("You may not change a campaign; ask an administrator."))
    chosen = {"covered_kinds": kinds, "covered_units": units}
    changes: dict[str, object] = {}
    for name, rows in chosen.items():
        relation = getattr(campaign, name)
        was, becomes = sorted(relation.values_list("pk", flat=True)), sorted(row.pk for row in rows)
        if was != becomes:
            relation.set(becomes)
            changes[name] = [was, becomes]
    if changes:
        campaign.covers_since = campaign.today(timezone.now())
        campaign.save(update_fields=["covers_since"])
        audit.record(Deed.CHANGE, actor=actor, subject=campaign, changes=changes)
    return campaign
