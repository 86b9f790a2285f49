"""The roles that a person may hold, and what each is made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from units.scope import OVERSEE, REPORT, REVIEW, SIGN


@dataclass(frozen=True, slots=True)
class Role:
    """One role: a permission on granted units, or a group with model permissions on everything.

    `permission` is a codename on Unit for the first kind and empty for the second; `everywhere` lists
    `app.codename` model permissions of the role's group.
    """

    code: str
    label: str | Promise
    permission: str = ""
    everywhere: tuple[str, ...] = ()
    is_staff: bool = False


def _full(app: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{app}.{deed}_{name}" for name in names for deed in ("view", "add", "change"))


LIAISON = Role("liaison", _("liaison"), permission=REPORT)
HEAD = Role("head", _("unit head"), permission=SIGN)
REVIEWER = Role("reviewer", _("reviewer"), permission=REVIEW, is_staff=True)
LEADER = Role("leader", _("leader"), everywhere=(f"units.{OVERSEE}",))
ADMINISTRATOR = Role(
    "administrator",
    _("administrator"),
    everywhere=(
        f"units.{OVERSEE}",
        "units.import_unit",
        "units.export_unit",
        "units.view_mail",
        "units.change_mail",
        *_full("units", "unit", "unitkind", "account", "team", "teammember", "teamunit"),
        *_full(
            "campaigns", "campaign", "period", "plannedperiod", "activitytype", "indicator", "calendaryear"
        ),
        *_full("records", "returnreason"),
        *_full("weekly", "readyreason"),
        *_full("digests", "outsiderecipient", "robot"),
        "digests.view_robotmessage",
        "digests.change_robotmessage",
        *_full("records", "jointevent"),
        "records.export_activityrecord",
    ),
    is_staff=True,
)
AUDITOR = Role(
    "auditor",
    _("auditor"),
    everywhere=("units.view_auditentry", "units.view_auditalert"),
    is_staff=True,
)

ROLES = {role.code: role for role in (LIAISON, HEAD, REVIEWER, LEADER, ADMINISTRATOR, AUDITOR)}
