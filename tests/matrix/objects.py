"""The objects of the matrix: of each kind one at every site, one that was deleted, one that never was.

Each carries a canary in every text that a page could show: a word by which a page gives itself away that
shows it to somebody from elsewhere.
"""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import models
from django.utils import timezone

from reports.campaigns.models import ActivityType, CalendarYear, Campaign
from reports.records import workflow
from reports.records.ledgers.handing_in import Ledger, Said, keep
from reports.records.models import ActivityRecord, JointEvent, ReturnReason, SavedFilter, WorkingCopy
from reports.weekly.models import MeetingDecision, ReadyReason, WeeklyReport
from reports.weekly.obligations import ensure_reports
from tests.matrix.cast import FAR, OTHER, SCHOOL, SITES
from tests.matrix.readers import readers
from tests.personas import World, person, unit
from tests.reports.sample_files import hung_on
from units import teams
from units.alerts import Rule
from units.models import Account, AuditAlert, AuditEntry, Mail, Team, Unit, UnitKind, Upload
from units.roles import LIAISON, REVIEWER

MISSING = 987_654_321
MISSING_KEY = uuid.UUID(int=MISSING)
DELETED = "deleted"
LIST = "名称,代码,类别\n新建小学,N9,学校\n".encode()


@dataclass
class Things:
    """What there is: numbers by kind and site; `deleted` is a site, too, and `mine` for a person's own."""

    numbers: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    def add(self, kind: str, site: str, number: Any) -> None:
        """Note one object."""
        self.numbers.setdefault(kind, {}).setdefault(site, []).append(number)

    def add_deleted(self, kind: str, row: models.Model) -> None:
        """Delete a row and note the number that it had."""
        self.add(kind, DELETED, row.pk)
        type(row)._base_manager.filter(pk=row.pk).delete()


def canary(site: str) -> str:
    """Return the word that stands in every text of a site."""
    return f"canary-{site.replace('_', '-')}"


def plant(world: World, account: Account | None) -> Things:
    """Store objects of every kind everywhere; `account` is who will ask and has some things of their own."""
    things = Things()
    far_bureau = unit("F", "远方教育局", "bureau")
    far = unit("F1", "远方中学", "school", far_bureau)
    sites = {SCHOOL: world.school, OTHER: world.other_school, FAR: far}
    far_liaison = person("far_liaison", "远方联络员", (LIAISON, far), unit=far)
    far_reviewer = person("far_reviewer", "远方审核员", (REVIEWER, far_bureau), unit=far_bureau)
    authors = {SCHOOL: world.liaison, OTHER: world.stranger, FAR: far_liaison}
    reviewers = {SCHOOL: world.reviewer, OTHER: world.reviewer, FAR: far_reviewer}
    ensure_reports(world.campaign, now=timezone.now(), looks_back=True)
    for site in SITES:
        _plant_at(things, world, site, sites[site], authors[site], reviewers[site])
    _plant_everywhere(things, world)
    _plant_deleted(things, world)
    if account is not None:
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
    _plant_own(things, account, far_reviewer)
    return things


def _plant_at(things: Things, world: World, site: str, at: Unit, author: Account, reviewer: Account) -> None:
    """Store a site's unit, person, records, report and mail, each with its canary."""
    word = canary(site)
    Unit.objects.filter(pk=at.pk).update(name=f"{at.name}{word}", place=word)
    at.refresh_from_db()
    things.add("unit", site, at.pk)
    owner = Account(username=f"{site}-{word}", name=f"{at.code}{word}", unit=at, email=f"{word}@example.org")
    owner.save()
    things.add("account", site, owner.pk)

    def draft(title: str) -> ActivityRecord:
        content = world.content(title=f"{title}{word}", place=word, text=word)
        return workflow.create(at, world.lecture, content, actor=author)

    things.add("draft", site, draft("草稿").pk)
    waiting = workflow.submit(draft("待审"), actor=author)
    things.add("record", site, waiting.pk)
    approved = workflow.approve(workflow.submit(draft("通过"), actor=author), actor=reviewer)
    things.add("record", site, approved.pk)
    things.add("file", site, hung_on(approved, f"{word}.png").pk)
    report = WeeklyReport.objects.filter(unit=at).latest("period__number")
    WeeklyReport.objects.filter(pk=report.pk).update(progress=word, plan=word)
    things.add("weekly", site, report.pk)
    things.add("decision", site, _decision(world, at, word, reviewer).pk)
    mail = Mail.objects.create(
        key=word, person=owner, address=owner.email, subject=word, text=word, html=f"<p>{word}</p>"
    )
    things.add("mail", site, mail.pk)


def _plant_everywhere(things: Things, world: World) -> None:
    """Note what belongs to no unit: whoever may see one may see all."""
    entry = AuditEntry.objects.latest("pk")
    alert = AuditAlert.objects.create(rule=Rule.NIGHT_EXPORT, entry=entry)
    rows: dict[str, models.Model] = {
        "team": Team.objects.get(),
        "kind": UnitKind.objects.get(code="school"),
        "campaign": world.campaign,
        "period": world.period,
        "year": CalendarYear.objects.get(year=2026),
        "type": world.lecture,
        "event": JointEvent.objects.create(
            activity_type=world.lecture, host=world.school, held_on=world.today, title="报告会"
        ),
        "reason": ReturnReason.objects.earliest("pk"),
        "ready-reason": ReadyReason.objects.earliest("pk"),
        "entry": entry,
        "alert": alert,
        **readers(world),
    }
    for kind, row in rows.items():
        things.add(kind, "everywhere", row.pk)


def _plant_deleted(things: Things, world: World) -> None:
    """Store one more of each kind and delete it again."""
    spare = unit("D", "撤销单位", "school", world.bureau)
    record = copy.copy(ActivityRecord.objects.get(pk=things.numbers["draft"][SCHOOL][0]))
    record.pk, record.key = None, uuid.uuid4()
    ActivityRecord.objects.bulk_create([record])
    for kind in ("draft", "record"):
        things.add(kind, DELETED, record.pk)
    things.add_deleted("file", hung_on(record))
    ActivityRecord.objects.filter(key=record.key).delete()
    due = {"due_at": world.period.due_at, "close_at": world.period.close_at}
    things.add_deleted("weekly", WeeklyReport.objects.create(unit=spare, period=world.period, **due))
    things.add_deleted("decision", _decision(world, spare, "deleted", world.reviewer))
    mail = Mail.objects.create(key="deleted", address="x@example.org", subject="x", text="x", html="x")
    things.add_deleted("mail", mail)
    things.add_deleted("unit", spare)
    gone = Account(username="gone", name="离任")
    gone.save()
    things.add_deleted("account", gone)
    team = teams.form(Team(name="deleted", kind=Team.Kind.PATROL), actor=None)
    things.add_deleted("team", team)
    things.add_deleted("year", CalendarYear.objects.create(year=1999))
    for kind, model in (("kind", UnitKind), ("campaign", Campaign), ("type", ActivityType)):
        row = copy.copy(model._base_manager.get(pk=things.numbers[kind]["everywhere"][0]))
        row.pk, row.code = None, f"deleted-{kind}"
        row.save(force_insert=True)
        things.add_deleted(kind, row)


def _plant_own(things: Things, account: Account | None, other: Account) -> None:
    """Store sessions, passkeys and uploads: the person's own, somebody else's, and deleted ones."""
    for site, owner in (("mine", account), (FAR, other), (DELETED, other)):
        if owner is None:
            continue
        kept = SavedFilter.objects.create(person=owner, name=f"{canary(site)}", query="status=draft")
        rows: dict[str, Any] = {"session": _session(owner), "filter": kept, "unsent": _unsent(owner, site)}
        # A made-up passkey of one's own could not be asked for again, which is another test's matter.
        if site != "mine":
            rows["passkey"] = _passkey(owner)
        for purpose in Upload.Purpose:
            upload = _upload(owner, purpose)
            things.add(f"{purpose}-list", site, upload.key)
            if site == DELETED:
                upload.delete()
        for kind, row in rows.items():
            things.add(kind, site, row.pk)
            if site == DELETED:
                type(row)._base_manager.filter(pk=row.pk).delete()


def _upload(owner: Account, purpose: str) -> Upload:
    """Store a list that a person has handed in and not confirmed."""
    if purpose == Upload.Purpose.LEDGER:
        said = Said(
            owner.unit or Unit.objects.earliest("pk"), Campaign.objects.earliest("pk"), is_final=False
        )
        return keep("list.csv", Ledger(said, []), actor=owner)
    return Upload.objects.create(account=owner, purpose=purpose, name="list.csv", content=LIST)


def _unsent(owner: Account, site: str) -> WorkingCopy:
    """Store what a person has typed and not sent."""
    activity_type = ActivityType.objects.earliest("pk")
    return WorkingCopy.objects.create(
        person=owner,
        unit=owner.unit or Unit.objects.earliest("pk"),
        activity_type=activity_type,
        key=uuid.uuid4(),
        tab=uuid.uuid4(),
        fields={"title": [canary(site)]},
    )


def _decision(world: World, at: Unit, text: str, author: Account) -> MeetingDecision:
    """Store what the meeting of a unit decided."""
    return MeetingDecision.objects.create(period=world.period, meeting_of=at, text=text, noted_by=author)


def _session(owner: Account) -> Any:
    """Store a session of a person in another browser."""
    store = SessionStore()
    store.create()
    return UserSession.objects.create(
        user=owner, ip="192.0.2.7", user_agent="elsewhere", session_key=store.session_key
    )


def _passkey(owner: Account) -> Any:
    """Store a passkey of a person."""
    return Authenticator.objects.create(
        user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}}
    )
