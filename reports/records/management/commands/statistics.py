"""`manage.py statistics verify` and `… rebuild`: compare every total with the records, or count anew."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign
from reports.records.counting import count_all
from reports.statistics.following import behind_campaign_ids
from reports.statistics.tallying import lock
from reports.statistics.verifying import Difference, rebuild, verify, waiting_keys
from units import audit
from units.models import Deed

SHOWN_DIFFERENCES = 50


class Command(BaseCommand):
    """Verifies and rebuilds the totals."""

    help = "Compare all totals with the approved records, or count them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do, and for which campaign."""
        parser.add_argument("action", choices=["verify", "rebuild"])
        parser.add_argument("--campaign", default="", help="Code of the campaign; without it, all of them.")

    def handle(self, *, action: str, campaign: str, **_options: object) -> None:
        """Run the action on each campaign. Raises: CommandError where a total is wrong."""
        # A campaign without its whole-campaign period has not begun and holds no total.
        campaigns = Campaign.objects.filter(periods__number=0)
        if campaign:
            campaigns = campaigns.filter(code=campaign)
            if not campaigns:
                raise CommandError(_("There is no campaign “%(code)s” with periods.") % {"code": campaign})
        run = self._rebuild if action == "rebuild" else self._verify
        n_wrong = sum(run(each) for each in campaigns)
        if n_wrong:
            message = _(
                "%(count)d totals are not what the records say; “statistics rebuild” counts them anew."
            )
            raise CommandError(message % {"count": n_wrong})

    @transaction.atomic
    def _rebuild(self, campaign: Campaign) -> int:
        """Count one campaign anew; nothing is wrong afterwards."""
        lock(campaign.pk)
        n_cells = rebuild(campaign, count_all(campaign))
        audit.record(Deed.REPAIR, actor=None, subject=campaign, changes={"written": n_cells})
        message = _("%(campaign)s: %(count)d totals written.")
        self.stdout.write(message % {"campaign": campaign, "count": n_cells})
        return 0

    @transaction.atomic
    def _verify(self, campaign: Campaign) -> int:
        """Name the cells of one campaign that differ and do not merely wait; return how many."""
        lock(campaign.pk)
        differences = verify(campaign, count_all(campaign))
        if differences and campaign.pk in behind_campaign_ids():
            message = _(
                "%(campaign)s: units were moved and the totals have yet to follow; verify again later."
            )
            raise CommandError(message % {"campaign": campaign})
        # Read after the count: what was approved meanwhile has its mark.
        waiting = waiting_keys(campaign)
        wrong = [difference for difference in differences if difference.key not in waiting]
        for difference in wrong[:SHOWN_DIFFERENCES]:
            self.stderr.write(_described(difference))
        message = _("%(campaign)s: %(wrong)d totals are wrong, %(waiting)d more wait for the tally.")
        counts = {"wrong": len(wrong), "waiting": len(differences) - len(wrong)}
        self.stdout.write(message % {"campaign": campaign, **counts})
        return len(wrong)


def _described(difference: Difference) -> str:
    """Return one difference as a line: unit, period and type by number, what is stored, what is right."""
    unit, period, activity_type = difference.key
    place = f"unit {unit}, period {period}, type {activity_type or '*'}"
    stored = f"own {difference.stored_own} total {difference.stored_total}"
    return f"{place}: {stored} → own {difference.own} total {difference.total}"
