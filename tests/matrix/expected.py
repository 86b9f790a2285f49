"""What each role has to be answered, written down by the class of the address.

| door       | role                          | nothing numbered | seen object | foreign, deleted, missing |
|------------|-------------------------------|------------------|-------------|---------------------------|
| any        | any, by PUT, PATCH, DELETE …  | NOT_TAKEN        | NOT_TAKEN   | NOT_TAKEN                 |
| public     | any                           | IN               | IN          | IN                        |
| any other  | a visitor                     | SIGN_IN          | SIGN_IN     | SIGN_IN                   |
| signed in  | any                           | IN               | IN          | MISSING                   |
| own        | any                           | –                | IN          | MISSING                   |
| scoped     | holds the permission there    | IN               | IN          | MISSING                   |
| scoped     | does not                      | REFUSED          | REFUSED     | MISSING                   |
| staff      | no staff, or no permission *  | REFUSED          | REFUSED     | REFUSED                   |
| staff      | holds it, but may not post    | REFUSED by POST  | likewise    | REFUSED                   |
| staff      | holds it                      | IN               | IN          | MISSING                   |
| closed     | any                           | SHUT             | SHUT        | SHUT                      |
"""

from __future__ import annotations

from enum import Enum

from portal.policies import Door, Policy
from tests.matrix.cast import SITES, Part
from units.scope import OVERSEE, READ, REPORT, REVIEW, SIGN


class Outcome(Enum):
    """An answer, as the statuses that it may have."""

    IN = frozenset({200, 302, 400, 405, 409, 422})
    SIGN_IN = frozenset({302})
    REFUSED = frozenset({403})
    MISSING = frozenset({404})
    NOT_TAKEN = frozenset({405})
    SHUT = frozenset({403, 404})
    # Pages that are read by GET alone or stepped by POST alone say so before they look.
    MISSING_OR_NOT_TAKEN = frozenset({404, 405})
    REFUSED_OR_NOT_TAKEN = frozenset({403, 405})
    # An upload that is gone leads back to where a file is handed in.
    LED_BACK = frozenset({302, 405})
    PUBLIC = frozenset({200, 302, 404, 405, 410, 503})


# Which permissions on its unit show an object: on the pages of the portal, and in the administration.
SHOWN_BY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "unit": (READ, (OVERSEE,)),
    "draft": ((REPORT, SIGN), ()),
    "record": (READ, (REVIEW, OVERSEE)),
    "file": (READ, ()),
    "weekly": (READ, (REVIEW, OVERSEE)),
    "decision": ((REVIEW, OVERSEE), ()),
    "account": ((), (OVERSEE,)),
    "mail": ((), (OVERSEE,)),
}
# Doors that a permission alone does not open: a list to import reaches every unit, and so must the person.
NEEDS_ALL_UNITS = {"admin:units_unit_import", "admin:units_unit_import_template"} | {
    f"admin:units_unit_import_{step}" for step in ("preview", "confirm")
}
# A leader's digest tells of every unit.
NEEDS_ALL_UNITS |= {"previews:preview", "previews:preview-html", "previews:preview-send"}
# A unit is split off beside its siblings: whoever manages it alone may not.
NEEDS_THE_PARENT = {"reorganisation:unit-split"}
# Answers a question, and without one refuses.
ASKS = {"admin:autocomplete"}
LEADS_BACK = ("admin:units_unit_import_", "admin:units_account_import_")


def expected(name: str, policy: Policy, part: Part, method: str, kind: str, site: str) -> Outcome:
    """Return what the table says."""
    if method not in {"GET", "HEAD", "POST"}:
        return Outcome.NOT_TAKEN
    if policy.door is Door.PUBLIC:
        return Outcome.PUBLIC
    if not part.has_signed_in:
        return Outcome.SIGN_IN
    if policy.door is Door.CLOSED:
        return Outcome.SHUT
    if policy.door is Door.STAFF:
        return _in_the_administration(name, policy, part, method, kind, site)
    return _on_a_page(policy, part, kind, site)


def _on_a_page(policy: Policy, part: Part, kind: str, site: str) -> Outcome:
    """Return what the table says of a page of the portal."""
    if kind == "ledger-list":
        own = Outcome.IN if site == "mine" else Outcome.LED_BACK
        return own if part.holds(policy.permissions, None) else Outcome.REFUSED_OR_NOT_TAKEN
    if policy.door is not Door.SCOPED:
        return Outcome.IN if site in {"", "mine", "everywhere"} else Outcome.MISSING_OR_NOT_TAKEN
    if kind and not _sees(part, kind, site, place=0):
        return Outcome.MISSING_OR_NOT_TAKEN
    is_held = part.holds(policy.permissions, site or None)
    return Outcome.IN if is_held else Outcome.REFUSED_OR_NOT_TAKEN


def _in_the_administration(
    name: str, policy: Policy, part: Part, method: str, kind: str, site: str
) -> Outcome:
    """Return what the table says of staff."""
    if not part.is_staff:
        return Outcome.REFUSED
    if name in ASKS or not _comes_in(name, policy, part, method):
        return Outcome.REFUSED_OR_NOT_TAKEN
    if name == "admin:app_list":
        return Outcome.IN if _manages(part, "units") else Outcome.MISSING
    if not kind or site in {"everywhere", "mine"} or _sees(part, kind, site, place=1):
        return Outcome.REFUSED if name in NEEDS_THE_PARENT and not _holds_everything(part) else Outcome.IN
    return Outcome.LED_BACK if name.startswith(LEADS_BACK) else Outcome.MISSING_OR_NOT_TAKEN


def _comes_in(name: str, policy: Policy, part: Part, method: str) -> bool:
    """Say whether somebody of the staff holds what the door asks for."""
    if name in NEEDS_ALL_UNITS and not _holds_everything(part):
        return False
    if policy.permissions and not part.holds(policy.permissions, None):
        return False
    return method != "POST" or policy.posts is None or part.holds(policy.posts, None)


def _sees(part: Part, kind: str, site: str, *, place: int) -> bool:
    """Say whether an object is shown: `place` is 0 on the portal's pages and 1 in the administration."""
    return site in SITES and kind in SHOWN_BY and part.holds(SHOWN_BY[kind][place], site)


def _manages(part: Part, app: str) -> bool:
    """Say whether the person manages anything of an app."""
    return any(one.startswith(f"{app}.") for one in part.models)


def _holds_everything(part: Part) -> bool:
    """Say whether the person oversees every unit."""
    return all(OVERSEE in part.held.get(site, ()) for site in SITES)
