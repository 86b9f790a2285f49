"""What may be entered for one indicator, and how it reads. The only place of these rules."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.campaigns.designs import Ask, Kind, Measured
from reports.campaigns.models import Indicator
from units.rules import RuleError

VALUE_PREFIX = "value_"
# Sums of a million such values still fit into 64 bits' worth of every reader of an export.
LARGEST = 10**12
LONGEST_ANSWER = 200


def check_answer(indicator: Indicator, value: object, *, is_counted: bool) -> None:
    """Refuse a value that its indicator cannot hold, whatever form it came from.

    Raises: RuleError `not_a_number`, `too_large`, `not_a_text` at the indicator's field.
    """
    field_name = VALUE_PREFIX + indicator.code
    if is_counted:
        # A bool is an int to isinstance.
        if type(value) is not int or not indicator.is_counted:
            raise RuleError("not_a_number", _("Write a whole number."), field=field_name)
        if abs(value) > LARGEST:
            raise RuleError("too_large", _("This number is too large."), field=field_name)
    elif not isinstance(value, str) or indicator.is_counted or len(value) > LONGEST_ANSWER:
        message = _("Write a text of at most %(most)d characters.") % {"most": LONGEST_ANSWER}
        raise RuleError("not_a_text", message, field=field_name)


def ask_gaps(ask: Ask, value: int | None, answer: str) -> list[RuleError]:
    """Return what stands between one entry and a submission: at most one thing."""
    field_name = VALUE_PREFIX + ask.code
    is_empty = value is None if ask.is_counted else not answer
    if is_empty:
        return [RuleError("required", _missing(ask), field=field_name)] if ask.is_required else []
    if ask.kind == Kind.CHOICE and answer not in ask.options:
        message = _("“%(answer)s” is not offered for %(name)s; choose one that is.")
        return [RuleError("not_offered", message % {"answer": answer, "name": ask.name}, field=field_name)]
    return _limit_gaps(ask, value, field_name) if value is not None else []


def _missing(ask: Ask) -> str:
    """Return what is said where a required entry is missing."""
    said = {
        Kind.NUMBER.value: _("Enter %(name)s; write 0 if there was none."),
        Kind.TEXT.value: _("Enter %(name)s."),
    }
    return said.get(ask.kind, _("Choose an answer for %(name)s.")) % {"name": ask.name}


def _limit_gaps(ask: Ask, value: int, field_name: str) -> list[RuleError]:
    """Return how a number breaks its hard limits; yes is 1 and no is 0."""
    lowest, highest = (0, 1) if ask.kind == Kind.YES_NO else (ask.minimum, ask.maximum)
    if value < lowest:
        message = _("%(name)s cannot be less than %(limit)s.")
        facts = {"name": ask.name, "limit": shown(lowest, ask)}
        return [RuleError("too_small", message % facts, field=field_name)]
    if value > highest:
        message = _("%(name)s cannot be more than %(limit)s.")
        facts = {"name": ask.name, "limit": shown(highest, ask)}
        return [RuleError("too_large", message % facts, field=field_name)]
    return []


def shown(value: int, measured: Measured) -> str:
    """Return a stored integer as people read it, with the indicator's decimals."""
    if not measured.decimals:
        return str(value)
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).zfill(measured.decimals + 1)
    return f"{sign}{digits[: -measured.decimals]}.{digits[-measured.decimals :]}"


def entry_shown(ask: Ask, value: int | None, answer: str) -> str:
    """Return what was entered as people read it; empty where nothing was."""
    if not ask.is_counted:
        return answer
    if value is None:
        return ""
    if ask.kind == Kind.YES_NO:
        return str(_("yes") if value else _("no"))
    return shown(value, ask)
