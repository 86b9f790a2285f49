"""Store mails that are made once: what is known by its key is not even written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from units import mail
from units.models import Mail

# Mails are stored in lots, so that no transaction holds the database while others wait.
LOT = 100

# What makes the mail of a key.
Plans = dict[str, Callable[[], Mail]]


def post(plans: Plans) -> int:
    """Write and queue the mails whose keys are new; return how many. Queries: one where all are known."""
    unknown = set(plans) - set(Mail.objects.filter(key__in=plans).values_list("key", flat=True))
    write = iter([plans[key] for key in plans if key in unknown])
    n_new = 0
    while lot := [make() for make in islice(write, LOT)]:
        n_new += mail.enqueue(lot)
    return n_new


def merged(*parts: Iterable[tuple[str, Callable[[], Mail]]]) -> Plans:
    """Return all plans in one; of two for the same key the first."""
    plans: Plans = {}
    for part in parts:
        for key, make in part:
            plans.setdefault(key, make)
    return plans
