"""What the trail has to tell of the administration: units, people, teams, settings, lists, repairs."""

from __future__ import annotations

from tasks.trail import raise_alerts
from tasks.verifying import verify_statistics
from tests.units.trail_ways import (
    ACCOUNT,
    LIST_OF_PEOPLE,
    LIST_OF_UNITS,
    RECORD,
    TEAM,
    UNIT,
    Row,
    Run,
    Told,
    admin,
    changed,
    file_of,
    imported,
    ledger,
    mail_sent_again,
    much_exported,
    of_account,
    of_team,
    path_spoilt,
    post,
    refused,
    totals_spoilt,
    unit_deed,
    unused_for_long,
)
from units.models import Deed, UnitKind

OFFICE: dict[str, Row] = {
    "export records": Row(
        Deed.EXPORT,
        Told(lambda w: post(w, "reviewer", admin("records_activityrecord_export"), format="csv"), "reviewer"),
    ),
    "export units": Row(
        Deed.EXPORT, Told(lambda w: post(w, "administrator", admin("units_unit_export"), format="csv"))
    ),
    "export the trail": Row(
        Deed.EXPORT,
        Told(lambda w: post(w, "auditor", "/admin/units/auditentry/export/", format="csv"), "auditor"),
    ),
    "import units": Row(
        Deed.IMPORT,
        Told(lambda w: imported(w, "units_unit", LIST_OF_UNITS), along={"create": 1}),
        Run(lambda _w, f: ["units", "import", file_of(f, LIST_OF_UNITS), "--commit"], along={"create": 1}),
    ),
    "import records": Row(Deed.IMPORT, "a ledger comes by the operator alone", Run(ledger, kind=RECORD)),
    "invite by a list": Row(
        Deed.IMPORT,
        Told(
            lambda w: imported(w, "units_account", LIST_OF_PEOPLE),
            along={"create": 1, "password_change": 1, "grant": 1},
        ),
    ),
    "invite one": Row(
        Deed.CREATE,
        Told(
            lambda w: post(
                w,
                "administrator",
                admin("units_account_add"),
                name="王小明",
                unit=w.school.pk,
                role="liaison",
            ),
            kind=ACCOUNT,
            along={"password_change": 1, "grant": 1},
        ),
    ),
    "give a role": Row(
        Deed.GRANT,
        Told(lambda w: of_account("roles", role="head", unit=w.school.pk)(w), kind=ACCOUNT),
    ),
    "take a role": Row(
        Deed.REVOKE,
        Told(lambda w: of_account("dismiss", role="liaison", unit=w.school.pk)(w), kind=ACCOUNT),
    ),
    "hand over": Row(
        Deed.HAND_OVER,
        Told(
            lambda w: of_account("hand_over", new=w.head.pk)(w), kind=ACCOUNT, along={"revoke": 1, "grant": 1}
        ),
    ),
    "disable": Row(
        Deed.DISABLE,
        Told(of_account("disable"), kind=ACCOUNT),
        Run(lambda _w, _f: ["accounts", "review", "--disable"], unused_for_long, ACCOUNT),
    ),
    "enable": Row(
        Deed.ENABLE,
        Told(
            lambda w: (of_account("disable")(w), of_account("enable")(w)),
            kind=ACCOUNT,
            along={"disable": 1, "password_change": 1},
        ),
    ),
    "plant a unit": Row(
        Deed.CREATE,
        Told(
            lambda w: post(
                w,
                "administrator",
                admin("units_unit_add"),
                code="S4",
                name="第四中学",
                kind=w.school.kind_id,
                parent=w.bureau.pk,
            ),
            kind=UNIT,
        ),
    ),
    "amend a unit": Row(
        Deed.CHANGE, Told(lambda w: changed(w, "units_unit", w.school, name="改名"), kind=UNIT)
    ),
    "move": Row(Deed.CHANGE, Told(lambda w: unit_deed(w, "move", parent=w.other_school.pk), kind=UNIT)),
    "close": Row(Deed.CHANGE, Told(lambda w: unit_deed(w, "close", on=w.today.isoformat()), kind=UNIT)),
    "open again": Row(Deed.CHANGE, Told(lambda w: unit_deed(w, "reopen", unit=w.closed_school), kind=UNIT)),
    "merge": Row(
        Deed.MERGE,
        Told(
            lambda w: unit_deed(w, "merge", new=w.other_school.pk, on=w.today.isoformat()),
            kind=UNIT,
            n_rows=2,
            along={"revoke": 3, "grant": 3, "change": 2},
        ),
    ),
    "split": Row(
        Deed.SPLIT,
        Told(
            lambda w: unit_deed(
                w, "split", code="S1B", name="东校区", kind=w.school.kind_id, opened_on=w.today.isoformat()
            ),
            kind=UNIT,
            along={"create": 1, "grant": 1},
        ),
    ),
    "form a team": Row(
        Deed.CREATE,
        Told(
            lambda w: post(
                w,
                "administrator",
                admin("units_team_add"),
                name="督导组",
                kind="inspection",
                **{
                    f"{name}-{part}_FORMS": 0
                    for name in ("members", "coverage")
                    for part in ("TOTAL", "INITIAL")
                },
            ),
            kind=TEAM,
        ),
    ),
    "take in": Row(
        Deed.GRANT,
        Told(
            lambda w: of_team(
                **{
                    "members-TOTAL_FORMS": 2,
                    "members-1-name": "新职员",
                    "members-1-role": "member",
                    "members-1-account": w.newcomer.pk,
                }
            )(w),
            kind=TEAM,
        ),
    ),
    "let go": Row(Deed.REVOKE, Told(of_team(**{"members-0-DELETE": "on"}), kind=TEAM)),
    "cover": Row(
        Deed.GRANT,
        Told(
            lambda w: of_team(**{"coverage-TOTAL_FORMS": 2, "coverage-1-unit": w.other_school.pk})(w),
            kind=TEAM,
        ),
    ),
    "uncover": Row(Deed.REVOKE, Told(of_team(**{"coverage-0-DELETE": "on"}), kind=TEAM)),
    "change a kind": Row(
        Deed.CHANGE,
        Told(
            lambda w: changed(w, "units_unitkind", UnitKind.objects.get(code="school"), name="中小学"),
            kind="units.unitkind",
        ),
    ),
    "change a campaign": Row(
        Deed.CHANGE,
        Told(lambda w: changed(w, "campaigns_campaign", w.campaign, name="二期"), kind="campaigns.campaign"),
    ),
    "change an account": Row(
        Deed.CHANGE, Told(lambda w: changed(w, "units_account", w.liaison, name="改名"), kind=ACCOUNT)
    ),
    "send a mail again": Row(Deed.CHANGE, Told(mail_sent_again, kind="units.mail")),
    "be refused": Row(Deed.REFUSED, Told(refused, "stranger", along={"create": 1})),
    "repair totals": Row(
        Deed.REPAIR,
        "it is no person's deed",
        Run(lambda _w, _f: ["statistics", "rebuild"], totals_spoilt, "campaigns.campaign"),
        Run(verify_statistics, totals_spoilt, "campaigns.campaign"),
    ),
    "repair paths": Row(
        Deed.REPAIR,
        "it is no person's deed",
        Run(lambda _w, _f: ["units", "check", "--repair"], path_spoilt, UNIT),
    ),
    "raise an alarm": Row(
        Deed.ALERT,
        "the clock does it",
        "the clock does it",
        Run(raise_alerts, much_exported, "units.auditalert"),
    ),
    "purge": Row(
        Deed.PURGE, "it is done by the operator alone", "shown in test_purging.py: it needs old rows"
    ),
    "run a command": Row(
        Deed.COMMAND, "a page calls verbs", Run(lambda _w, _f: ["axes_reset_username", "liaison"])
    ),
}
