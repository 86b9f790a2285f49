"""Load the demonstration into an empty database, once."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.demonstration.accounts import first_password
from portal.demonstration.activity import SEED, Stage, all_lives
from portal.demonstration.campaign import first_day, make_campaign
from portal.demonstration.history import write
from portal.demonstration.joint import bind, joint_lives
from portal.demonstration.people import make_people
from portal.demonstration.reports import file_reports
from portal.demonstration.sharing import share_out
from portal.demonstration.units import make_units
from reports.campaigns.periods import local_day
from reports.records.counting import count_all
from reports.statistics.verifying import rebuild
from units.models import Unit
from units.rules import RuleError

ZONE = ZoneInfo("Asia/Shanghai")


def ensure_demonstration() -> None:
    """Load the demonstration where the embedded database is empty; otherwise change nothing."""
    if not settings.IS_SERVER and not Unit.objects.exists():
        load_demonstration(now=timezone.now())


@transaction.atomic
def load_demonstration(*, now: dt.datetime, is_forced: bool = False) -> None:
    """Store units, people, the campaign and ten weeks of history that end in the week of `now`.

    Raises: RuleError `server_database` (unless forced), `not_empty`.
    """
    if settings.IS_SERVER and not is_forced:
        raise RuleError(
            "server_database",
            _(
                "This is a server's database and the demonstration is made for the embedded one; "
                "add --force if you mean it."
            ),
        )
    if Unit.objects.exists():
        raise RuleError(
            "not_empty", _("The database holds units already, so the demonstration was not loaded.")
        )
    today = local_day(now, ZONE)
    places = make_units(first_day(today), random.Random(SEED))
    people = make_people(places, first_password())
    stage = Stage(places, people, make_campaign(now, today), now)
    records = write([*all_lives(stage), *joint_lives(stage)], stage.frame)
    bind(stage, records)
    share_out(people.reviewers, records)
    file_reports(stage, records)
    rebuild(stage.frame.campaign, count_all(stage.frame.campaign))
