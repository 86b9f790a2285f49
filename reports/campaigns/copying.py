"""Verbs that give a campaign types that are there already: the starting ones, or one of another campaign."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from reports.campaigns.designs import Design, Part
from reports.campaigns.models import ActivityType, Campaign, Indicator
from reports.campaigns.starting_types import STARTING_TYPES, StartingType
from units import authority, registry
from units.models import Account
from units.rules import RuleError

MAY_ADD = "campaigns.add_activitytype"
OWN = {"id", "campaign", "activity_type", "is_retired", "position"}


@transaction.atomic
def begin_with_types(campaign: Campaign, *, actor: Account | None) -> list[ActivityType]:
    """Give a campaign the starting types, those that it has already left out; return the new ones.

    Raises: RuleError `not_yours`.
    """
    authority.check(actor, MAY_ADD)
    known = set(campaign.types.values_list("code", flat=True))
    new = [(place, one) for place, one in enumerate(STARTING_TYPES) if one.code not in known]
    return [_enter(*_starting(campaign, place, one), actor) for place, one in new]


@transaction.atomic
def copy_type(activity_type: ActivityType, *, to: Campaign, actor: Account | None) -> ActivityType:
    """Copy a type with all that it asks now into another campaign, behind the types there.

    Raises: RuleError `not_yours`, `same_campaign`, `code_taken`.
    """
    authority.check(actor, MAY_ADD)
    if activity_type.campaign_id == to.pk:
        message = _("“%(type)s” is in this campaign already; choose another campaign.")
        raise RuleError("same_campaign", message % {"type": activity_type}, field="to")
    twin = to.types.filter(code=activity_type.code).first()
    if twin is not None:
        message = _(
            "“%(campaign)s” has a type of the code “%(code)s” already: “%(twin)s”. Change that one instead."
        )
        facts = {"campaign": to, "code": activity_type.code, "twin": twin}
        raise RuleError("code_taken", message % facts, field="to")
    copy = ActivityType(campaign=to, position=to.types.count(), **_facts(activity_type))
    asked = activity_type.indicators.asked()
    indicators = [Indicator(position=place, **_facts(one)) for place, one in enumerate(asked)]
    return _enter(copy, indicators, actor)


def _facts(row: ActivityType | Indicator) -> dict[str, object]:
    """Return what a copy has in common with its original."""
    return {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in OWN
    }


def _starting(campaign: Campaign, place: int, one: StartingType) -> tuple[ActivityType, list[Indicator]]:
    """Return the rows of one starting type, not stored yet."""
    activity_type = ActivityType(
        campaign=campaign,
        code=one.code,
        name=one.name,
        guidance=one.guidance,
        is_required=one.is_required,
        needs_second_review=one.needs_second_review,
        n_minutes=one.n_minutes,
        position=place,
        **_shown(one.design),
    )
    names = [field.name for field in Indicator._meta.concrete_fields if field.name not in OWN]
    indicators = [
        Indicator(
            position=number, **{name: getattr(ask, name) for name in names} | {"options": [*ask.options]}
        )
        for number, ask in enumerate(one.design.asks)
    ]
    return activity_type, indicators


def _shown(design: Design) -> dict[str, object]:
    """Return the columns that say which parts a form shows."""
    parts = (Part.PLACE, Part.SPEAKER, Part.TOPIC, Part.TAGS, Part.ATTACHMENTS)
    shown = {f"shows_{part.value}": design.shows(part) for part in parts}
    return shown | {"modes": [*design.modes], "n_attachments": design.n_attachments}


def _enter(
    activity_type: ActivityType, indicators: Iterable[Indicator], actor: Account | None
) -> ActivityType:
    """Store a type with its indicators."""
    registry.enter(activity_type, actor=actor)
    for indicator in indicators:
        indicator.activity_type = activity_type
        registry.enter(indicator, actor=actor)
    return activity_type
