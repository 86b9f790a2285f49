"""Who keeps the weekly rhythm going: urges those who owe, and notes what meetings decide."""

from __future__ import annotations

from units import scope

# Who runs campaigns steers what they oversee; a leader, who oversees likewise, changes nothing.
RUNS = "campaigns.change_campaign"


def steered_by(user: scope.Person) -> scope.Reach:
    """Return the units that the person steers: a reviewer's, and an administrator's. Queries: two."""
    if scope.holds(user, RUNS):
        return scope.reach(user, scope.REVIEW, scope.OVERSEE)
    return scope.reach(user, scope.REVIEW)
