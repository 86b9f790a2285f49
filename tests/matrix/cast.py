"""The people of the matrix: what each holds where, written down apart from how the portal finds out."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import Permission

from tests.personas import World, person
from units import scope
from units.accounts import appoint
from units.models import Account
from units.roles import ADMINISTRATOR, AUDITOR, LIAISON, REVIEWER
from units.scope import OVERSEE, REPORT, REVIEW, SIGN

# Where things lie: two schools of the bureau, and one of a bureau that nobody here has to do with.
SCHOOL, OTHER, FAR = "school", "other_school", "far_school"
SITES = (SCHOOL, OTHER, FAR)
BUREAU = (SCHOOL, OTHER)
DELEGATED = frozenset(
    f"units.{deed}_{model}"
    for deed in ("view", "add", "change")
    for model in ("unit", "account", "mail", "team")
) | {"units.export_unit", "units.import_unit"}


@dataclass(frozen=True, slots=True)
class Part:
    """One role of the matrix: permissions on units by site, and model permissions."""

    held: dict[str, frozenset[str]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()
    is_staff: bool = False
    has_signed_in: bool = True

    def holds(self, permissions: tuple[str, ...], site: str | None) -> bool:
        """Say whether one of `permissions` is held: at a site, anywhere for None; for a model everywhere."""
        sites = SITES if site is None else (site,)
        on_units = frozenset().union(*(self.held.get(one, frozenset()) for one in sites))
        return not (on_units | self.models).isdisjoint(permissions)


def at(*sites: str, **more: object) -> dict[str, frozenset[str]]:
    """Return one permission at some sites."""
    return {site: frozenset(more["holds"]) for site in sites}  # type: ignore[call-overload]


CAST: dict[str, Part] = {
    "liaison": Part(at(SCHOOL, holds=[REPORT])),
    "head": Part(at(SCHOOL, holds=[SIGN])),
    "stranger": Part(at(OTHER, holds=[REPORT])),
    "reviewer": Part(at(*BUREAU, holds=[REVIEW]), is_staff=True),
    "second_reviewer": Part(at(*BUREAU, holds=[REVIEW]), is_staff=True),
    "team_member": Part(at(SCHOOL, holds=[OVERSEE])),
    "leader": Part(at(*SITES, holds=[OVERSEE])),
    "administrator": Part(at(*SITES, holds=[OVERSEE]), frozenset(ADMINISTRATOR.everywhere), is_staff=True),
    "auditor": Part({}, frozenset(AUDITOR.everywhere), is_staff=True),
    "newcomer": Part(is_staff=True),
    "nobody": Part(),
    "anonymous": Part(has_signed_in=False),
    "several": Part({SCHOOL: frozenset([REPORT]), OTHER: frozenset([REVIEW])}, is_staff=True),
    "delegate": Part(at(SCHOOL, holds=[OVERSEE]), DELEGATED, is_staff=True),
}


def account_of(world: World, role: str) -> Account | None:
    """Return the person of a role, opened here where the small world has none; None for a visitor."""
    if role == "anonymous":
        return None
    if hasattr(world, role):
        found: Account = getattr(world, role)
        return found
    account = person(role, role)
    if role == "several":
        appoint(account, LIAISON, actor=None, unit=world.school)
        appoint(account, REVIEWER, actor=None, unit=world.other_school)
    if role == "delegate":
        Account.objects.filter(pk=account.pk).update(is_staff=True)
        names = [name.split(".")[1] for name in DELEGATED]
        account.user_permissions.set(Permission.objects.filter(codename__in=names))
        scope.grant(account, scope.OVERSEE, world.school)
    return Account.objects.get(pk=account.pk)
