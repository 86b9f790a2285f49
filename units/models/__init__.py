"""The models of the ground floor, handed on by name."""

from units.models.account import Account
from units.models.audit import AuditAlert, AuditEntry, AuditSeal, Deed
from units.models.grants import UnitGroupObjectPermission, UnitUserObjectPermission
from units.models.mail import Mail
from units.models.password import FormerPassword
from units.models.team import Team, TeamMember, TeamUnit
from units.models.unit import TreeChange, Unit, UnitKind
from units.models.upload import Upload

__all__ = [
    "Account",
    "AuditAlert",
    "AuditEntry",
    "AuditSeal",
    "Deed",
    "FormerPassword",
    "Mail",
    "Team",
    "TeamMember",
    "TeamUnit",
    "TreeChange",
    "Unit",
    "UnitGroupObjectPermission",
    "UnitKind",
    "UnitUserObjectPermission",
    "Upload",
]
