"""What the trail has to tell, as a table: each kind of deed by page, by command and by background task."""

from __future__ import annotations

from django.test import Client

from tests.personas import PASSWORD
from tests.portal.identity_steps import NEW_PASSWORD, browser_of
from tests.reports.record_forms import typed
from tests.reports.review_queue import decide, decide_many
from tests.units.trail_table_files import FILES
from tests.units.trail_table_meetings import MEETINGS
from tests.units.trail_table_office import OFFICE
from tests.units.trail_table_readers import READERS
from tests.units.trail_table_reports import REPORTS
from tests.units.trail_ways import (
    ACCOUNT,
    RECORD,
    Row,
    Run,
    Told,
    admin,
    factor_added,
    for_two,
    of_account,
    owed,
    post,
    session_ended,
    sign_in,
)
from units.models import Deed

TABLE: dict[str, Row] = (
    OFFICE
    | FILES
    | MEETINGS
    | READERS
    | {
        "sign in": Row(Deed.SIGN_IN, Told(sign_in(PASSWORD), "liaison", ACCOUNT)),
        "fail to sign in": Row(Deed.SIGN_IN_FAILED, Told(sign_in("wrong"), "", ACCOUNT)),
        "sign out": Row(Deed.SIGN_OUT, Told(lambda w: post(w, "liaison", "/sign-out/"), "liaison", ACCOUNT)),
        "end a session": Row(Deed.SESSION_END, Told(session_ended, "liaison", ACCOUNT, along={"sign_in": 2})),
        "ask for a password": Row(
            Deed.PASSWORD_ASK,
            Told(lambda w: Client().post("/account/password/forgotten/", {"name": "liaison"}), "", ACCOUNT),
        ),
        "change the password": Row(
            Deed.PASSWORD_CHANGE,
            Told(
                lambda w: post(
                    w,
                    "liaison",
                    "/account/password/",
                    oldpassword=PASSWORD,
                    password1=NEW_PASSWORD,
                    password2=NEW_PASSWORD,
                ),
                "liaison",
                ACCOUNT,
            ),
            Run(lambda w, _f: ["changepassword", "liaison"], kind=ACCOUNT),
        ),
        "reset a password": Row(Deed.PASSWORD_CHANGE, Told(of_account("password"), kind=ACCOUNT)),
        "change a factor": Row(Deed.FACTOR, Told(factor_added, "liaison", ACCOUNT, along={"sign_in": 1})),
        "create a record": Row(
            Deed.CREATE,
            Told(
                lambda w: post(w, "liaison", "/records/new/lecture/", **typed(w, deed="save")),
                "liaison",
                RECORD,
            ),
        ),
        "edit a record": Row(
            Deed.CHANGE,
            Told(
                lambda w: post(
                    w,
                    "liaison",
                    f"/records/{w.draft().pk}/edit/",
                    **typed(w, deed="save", version="1", title="新题"),
                ),
                "liaison",
                RECORD,
                along={"create": 1},
            ),
        ),
        "submit": Row(
            Deed.SUBMIT,
            Told(
                lambda w: post(w, "liaison", f"/records/{w.draft().pk}/submit/", version=1),
                "liaison",
                RECORD,
                along={"create": 1},
            ),
        ),
        "void": Row(
            Deed.VOID,
            Told(
                lambda w: post(w, "liaison", f"/records/{w.draft().pk}/void/", version=1),
                "liaison",
                RECORD,
                along={"create": 1},
            ),
        ),
        "approve": Row(
            Deed.APPROVE,
            Told(
                lambda w: decide(browser_of(w.reviewer), w.submitted(), "approve"),
                "reviewer",
                RECORD,
                along={"create": 1, "submit": 1},
            ),
        ),
        "approve many": Row(
            Deed.APPROVE,
            Told(
                lambda w: decide_many(browser_of(w.reviewer), "approve", [w.submitted(), w.submitted()]),
                "reviewer",
                RECORD,
                2,
                {"create": 2, "submit": 2},
            ),
        ),
        "endorse": Row(
            Deed.ENDORSE,
            Told(
                lambda w: decide(browser_of(w.reviewer), for_two(w), "approve"),
                "reviewer",
                RECORD,
                along={"create": 1, "submit": 1},
            ),
        ),
        "assign": Row(
            Deed.ASSIGN,
            Told(
                lambda w: browser_of(w.reviewer).post(
                    admin("records_activityrecord_assign", w.submitted()), {"to": w.second_reviewer.pk}
                ),
                "reviewer",
                RECORD,
                along={"create": 1, "submit": 1},
            ),
        ),
        "return": Row(
            Deed.RETURN,
            Told(
                lambda w: decide(browser_of(w.reviewer), w.submitted(), "return", note="缺"),
                "reviewer",
                RECORD,
                along={"create": 1, "submit": 1},
            ),
        ),
        "reopen": Row(
            Deed.REOPEN,
            Told(
                lambda w: decide(browser_of(w.reviewer), w.approved(), "reopen", note="错"),
                "reviewer",
                RECORD,
                along={"create": 1, "submit": 1, "approve": 1},
            ),
        ),
        **REPORTS,
        "file a report": Row(
            Deed.FILE,
            Told(
                lambda w: post(w, "liaison", f"/weekly/{owed(w).pk}/zero/", version=1, reason="停课"),
                "liaison",
                "weekly.weeklyreport",
            ),
        ),
    }
)
