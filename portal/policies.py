"""Who may come in where: every address of the portal in one table.

An address that is missing here is refused, so a new page begins with its line. The line tells the door and
nothing of a row: which rows somebody sees is for `units/scope.py`, and what lies outside is missing (R2).
`tests/matrix` asks every address as every role and holds the views to this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from units.scope import OVERSEE, READ, REPORT, REVIEW, SIGN

METHODS = ("GET", "HEAD", "POST")


class Door(Enum):
    """Who comes in."""

    PUBLIC = "everybody"
    SIGNED_IN = "whoever has signed in"
    OWN = "whoever has signed in; a number is that of something of one's own"
    SCOPED = "whoever holds one of the permissions on a unit; a row lies in such a unit"
    STAFF = "staff who hold one of the permissions, where any are named"
    CLOSED = "nobody"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may come in at one address, and who of them may post where that is fewer.

    A permission with a dot is one of a model, without a dot it is held on units.
    """

    door: Door
    permissions: tuple[str, ...] = ()
    posts: tuple[str, ...] | None = field(default=None, kw_only=True)
    needs_token: bool = field(default=True, kw_only=True)


PUBLIC = Policy(Door.PUBLIC)
# Mail programs post by themselves; the signed link is the proof.
BY_LINK = Policy(Door.PUBLIC, needs_token=False)
SIGNED_IN = Policy(Door.SIGNED_IN)
OWN = Policy(Door.OWN)
STAFF = Policy(Door.STAFF)
CLOSED = Policy(Door.CLOSED)
READERS = Policy(Door.SCOPED, READ)
REPORTERS = Policy(Door.SCOPED, (REPORT,))
REVIEWERS = Policy(Door.STAFF, (REVIEW,))
# Who keeps the weekly rhythm: reviewers at their units, and who runs campaigns.
STEERERS = Policy(Door.SCOPED, (REVIEW, "campaigns.change_campaign"))


def staff(*permissions: str, posts: tuple[str, ...] | None = None) -> Policy:
    """Return the policy of a page of the administration."""
    return Policy(Door.STAFF, permissions, posts=posts)


def pages(model: str, *more: str, add: bool = True, change: bool = True, history: bool = True) -> Table:
    """Return the policies of a model's own pages in the administration, and of `more` that change a row."""
    app, name = model.split("_")
    sees, changes = staff(f"{app}.view_{name}"), staff(f"{app}.change_{name}")
    table = {
        "changelist": sees,
        "change": staff(f"{app}.view_{name}", posts=(f"{app}.change_{name}",) if change else ()),
        "history": sees if history else CLOSED,
        "add": staff(f"{app}.add_{name}") if add else CLOSED,
        "delete": CLOSED,
    } | dict.fromkeys(more, changes)
    return {f"admin:{model}_{page}": policy for page, policy in table.items()}


def looked_at(model: str) -> Table:
    """Return the policies of a model that the administration only shows."""
    return pages(model, add=False, change=False, history=False)


Table = dict[str, Policy]

IDENTITY: Table = {
    "sign-in": PUBLIC,
    "account_login": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "sign-out": PUBLIC,  # leaves a sign-in that waits for its second step, too
    "account_logout": PUBLIC,
    "set-language": PUBLIC,
    "invitation": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "dingtalk_login": PUBLIC,
    "dingtalk_callback": PUBLIC,
    "feishu_login": PUBLIC,
    "feishu_callback": PUBLIC,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "account": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "session-list": SIGNED_IN,
    "session-end": OWN,
    "session-end-others": SIGNED_IN,
}

PORTAL: Table = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "digests:unsubscribe": BY_LINK,
    "start": SIGNED_IN,
    "campaign-choose": SIGNED_IN,
    "records:record-list": READERS,
    "records:record-export": Policy(Door.SCOPED, (REPORT, SIGN, REVIEW, "records.export_activityrecord")),
    "records:filter-keep": READERS,
    "records:filter-drop": OWN,
    "records:record-detail": READERS,
    "records:record-new": REPORTERS,
    "records:record-create": REPORTERS,
    "records:record-edit": REPORTERS,
    "records:typed": REPORTERS,
    "records:typed-open": OWN,
    "records:typed-drop": OWN,
    "records:record-submit": REPORTERS,
    "records:file-attach": REPORTERS,
    "records:file-keep": REPORTERS,
    "records:file-download": READERS,
    "records:file-thumbnail": READERS,
    "records:file-detach": REPORTERS,
    "records:record-void": REPORTERS,
    "records:ledger": REPORTERS,
    "records:ledger-template": REPORTERS,
    "records:ledger-paste": REPORTERS,
    "records:ledger-preview": REPORTERS,
    "records:ledger-confirm": REPORTERS,
    "records:ledger-problems": REPORTERS,
    "records:event-join": REPORTERS,
    "records:event-share": REPORTERS,
    "records:event-leave": REPORTERS,
    "weekly:report-list": READERS,
    "weekly:report-detail": READERS,
    "weekly:report-file": REPORTERS,
    "weekly:report-zero": REPORTERS,
    "weekly:report-typed": REPORTERS,
    "weekly:report-drop": REPORTERS,
    "weekly:report-sheet": READERS,
    "weekly:report-sign": Policy(Door.SCOPED, (SIGN,)),
    "weekly:report-ask": Policy(Door.SCOPED, (REPORT, SIGN)),
    "weekly:report-urge": STEERERS,
    "weekly:board": READERS,
    "weekly:board-export": Policy(Door.SCOPED, (REPORT, SIGN, REVIEW, "records.export_activityrecord")),
    "weekly:board-cell": READERS,
    "weekly:board-story": READERS,
    "weekly:urging": STEERERS,
    "weekly:meeting": Policy(Door.SCOPED, (REVIEW, OVERSEE)),
    "weekly:decision-add": STEERERS,
    "weekly:decision-edit": STEERERS,
    "weekly:decision-remove": STEERERS,
    "statistics:overview": READERS,
    "units:unit-list": READERS,
    "units:unit-detail": READERS,
    "units:unit-children": READERS,
    "unit-people": Policy(Door.SCOPED, (SIGN, REVIEW, "units.view_account")),
}

ADMIN: Table = {
    "admin:login": PUBLIC,
    "admin:index": STAFF,
    "admin:app_list": STAFF,
    "admin:autocomplete": STAFF,
    "admin:jsi18n": STAFF,
    **pages("units_unit", "move", "close", "reopen"),
    "admin:units_unit_export": staff("units.export_unit"),
    "admin:units_unit_import": staff("units.import_unit"),
    "admin:units_unit_import_template": staff("units.import_unit"),
    "admin:units_unit_import_preview": staff("units.import_unit"),
    "admin:units_unit_import_confirm": staff("units.import_unit"),
    "reorganisation:unit-merge": staff("units.change_unit"),
    "reorganisation:unit-split": staff("units.change_unit"),
    **pages("units_unitkind"),
    **pages("units_account", "roles", "dismiss", "password", "disable", "enable", "hand_over"),
    "admin:units_account_import": staff("units.add_account"),
    "admin:units_account_import_template": staff("units.add_account"),
    "admin:units_account_import_preview": staff("units.add_account"),
    "admin:units_account_import_confirm": staff("units.add_account"),
    **pages("units_team"),
    **looked_at("units_mail"),
    "admin:units_mail_html": staff("units.view_mail"),
    "previews:preview": staff("units.view_mail"),
    "previews:preview-html": staff("units.view_mail"),
    "previews:preview-send": staff("units.change_mail"),
    **pages("digests_outsiderecipient"),
    **pages("digests_robot"),
    **looked_at("digests_robotmessage"),
    **looked_at("units_auditentry"),
    "admin:units_auditentry_export": staff("units.view_auditentry"),
    **looked_at("units_auditalert"),
    **pages("campaigns_campaign"),
    **pages("campaigns_activitytype"),
    "admin:campaigns_activitytype_copy": staff("campaigns.add_activitytype"),
    "type-preview": staff("campaigns.add_activitytype", "campaigns.change_activitytype"),
    **looked_at("campaigns_period"),
    **looked_at("campaigns_calendaryear"),
    "admin:campaigns_calendaryear_load": staff("campaigns.change_calendaryear"),
    "campaigns:period-list": READERS,
    **pages("records_jointevent"),
    **looked_at("records_activityrecord"),
    "admin:records_activityrecord_changelist": staff(REVIEW, OVERSEE),
    "admin:records_activityrecord_change": staff(REVIEW, OVERSEE),
    "admin:records_activityrecord_decide": REVIEWERS,
    "admin:records_activityrecord_decide_many": REVIEWERS,
    "admin:records_activityrecord_assign": REVIEWERS,
    "admin:records_activityrecord_assign_many": REVIEWERS,
    "admin:records_activityrecord_confirm": REVIEWERS,
    "admin:records_activityrecord_export": staff(REVIEW, "records.export_activityrecord"),
    **pages("records_returnreason"),
    **looked_at("weekly_weeklyreport"),
    "admin:weekly_weeklyreport_changelist": staff(REVIEW, OVERSEE),
    "admin:weekly_weeklyreport_change": staff(REVIEW, OVERSEE, posts=()),
    "admin:weekly_weeklyreport_decide": REVIEWERS,
    "admin:weekly_weeklyreport_decide_many": REVIEWERS,
    **pages("weekly_readyreason"),
}

POLICIES: Table = IDENTITY | PORTAL | ADMIN


class PolicyMiddleware:
    """Refuses every method that no page takes, and every address that the table does not name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Let a declared address pass. Raises: Http404 for any other."""
        if request.resolver_match is None or request.resolver_match.view_name not in POLICIES:
            raise Http404
