"""The ground floor in the admin: units, accounts, teams, mail and the audit trail."""

from django.contrib import admin
from django.contrib.auth.models import Group

from units.admin.accounts import AccountAdmin
from units.admin.mail import MailAdmin
from units.admin.teams import TeamAdmin
from units.admin.trail import AuditAlertAdmin, AuditEntryAdmin
from units.admin.units import UnitAdmin, UnitKindAdmin

# Groups carry the roles and the teams' grants; only the verbs of those may touch them.
admin.site.unregister(Group)

__all__ = [
    "AccountAdmin",
    "AuditAlertAdmin",
    "AuditEntryAdmin",
    "MailAdmin",
    "TeamAdmin",
    "UnitAdmin",
    "UnitKindAdmin",
]
