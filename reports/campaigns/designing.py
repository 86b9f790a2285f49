"""From a type as it is now to the form that it shows, and the stored version of that form."""

from __future__ import annotations

from collections.abc import Iterable

from reports.campaigns.designs import Ask, Design, Part
from reports.campaigns.models import ActivityType, FormVersion, Indicator


def ask_of(indicator: Indicator) -> Ask:
    """Return what the form asks for one indicator."""
    return Ask(
        code=indicator.code,
        name=indicator.name,
        kind=indicator.kind,
        unit_of_measure=indicator.unit_of_measure,
        decimals=indicator.decimals,
        is_required=indicator.is_required,
        minimum=indicator.minimum,
        maximum=indicator.maximum,
        soft_minimum=indicator.soft_minimum,
        soft_maximum=indicator.soft_maximum,
        options=tuple(indicator.options),
        is_shared=indicator.is_shared,
        heads=indicator.heads,
    )


def indicators_of(activity_type: ActivityType) -> list[Indicator]:
    """Return all indicators of a type in the form's order.

    Queries: one, none where they were fetched along.
    """
    return sorted(activity_type.indicators.all(), key=lambda one: (one.position, one.pk))


def design_of(activity_type: ActivityType, indicators: Iterable[Indicator] | None = None) -> Design:
    """Return the form that a type shows now; what is retired is not asked.

    Queries: as `indicators_of`, none where all `indicators` of the type are given in their order.
    """
    if indicators is None:
        indicators = indicators_of(activity_type)
    shown = {
        Part.PLACE: activity_type.shows_place,
        Part.SPEAKER: activity_type.shows_speaker,
        Part.MODE: bool(activity_type.modes),
        Part.TOPIC: activity_type.shows_topic,
        Part.TAGS: activity_type.shows_tags,
        Part.ATTACHMENTS: activity_type.shows_attachments,
    }
    return Design(
        parts=frozenset(part.value for part, is_shown in shown.items() if is_shown),
        modes=tuple(activity_type.modes),
        n_attachments=activity_type.n_attachments if activity_type.shows_attachments else 0,
        asks=tuple(ask_of(indicator) for indicator in indicators if not indicator.is_retired),
    )


def version_of(activity_type: ActivityType, design: Design) -> FormVersion:
    """Return the stored version of a type's form; a form seen for the first time is stored. Queries: one."""
    version, _is_new = FormVersion.objects.get_or_create(
        activity_type=activity_type, digest=design.digest, defaults={"content": design.as_json()}
    )
    return version
