"""What a digest says is what the rows and the statistics say, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.conf import LazySettings

from reports.campaigns.models import Campaign, Period
from reports.campaigns.opening import ensure_periods
from reports.campaigns.wording import span
from reports.digests.building import build
from reports.digests.contents import Digest
from reports.digests.facts import gather
from reports.digests.making import ensure_digests
from reports.digests.readers import readers
from reports.digests.rendering import render
from reports.records import workflow
from reports.records.models import ActivityRecord
from reports.statistics.reading import by_unit, so_far
from reports.weekly.filing import file, file_zero
from reports.weekly.models import Standing, WeeklyReport
from tests.personas import World, make_world
from tests.reports.monday import LAST_WEEK, NINE, WEEK_BEFORE, monday
from units.accounts import appoint
from units.models import Account, Mail
from units.roles import LIAISON

__all__ = ["monday"]


def digest_of(world: World, person: Account) -> Digest:
    """Return the digest of the second week for one person."""
    period = world.campaign.periods.select_related("campaign").get(number=2)
    [reader] = readers([person])
    facts = gather(period, [world.bureau, world.school, world.other_school], now=NINE)
    return build(reader, facts, [world.bureau])


@pytest.fixture
def busy(monday: World, run_tally: Callable[[], None]) -> World:
    """Return the world with a history: counted, waiting, returned, filed."""
    monday.approved(held_on=LAST_WEEK)
    monday.approved(held_on=LAST_WEEK, values={"sessions": 2, "onsite": 30})
    monday.approved(held_on=WEEK_BEFORE)
    monday.submitted(held_on=LAST_WEEK)
    workflow.send_back(monday.submitted(title="被退回"), actor=monday.reviewer, note="人次与照片不符")
    monday.draft()
    run_tally()
    return monday


def test_figures_are_those_of_the_statistics(busy: World) -> None:
    periods = {period.number: period for period in busy.campaign.periods.all()}
    for person, unit in ((busy.liaison, busy.school), (busy.leader, busy.bureau)):
        digest = digest_of(busy, person)
        figures = (digest.liaison or digest.leader)[0].figures
        [week], [before] = by_unit(periods[2], [unit]), by_unit(periods[1], [unit])
        assert [figure.value for figure in figures] == [week.totals.of(one.code) for one in figures]
        assert [figure.before for figure in figures] == [before.totals.of(one.code) for one in figures]
        assert [figure.change for figure in figures] == [2, 30, 0]
    assert digest.leader[0].so_far == so_far(busy.campaign, [busy.bureau])


def test_liaison_reads_what_waits_and_what_was_returned_and_why(busy: World) -> None:
    [part] = digest_of(busy, busy.liaison).liaison
    assert (part.n_waiting, part.n_drafts, part.n_returned) == (1, 1, 1)
    assert [(one.title, one.reason) for one in part.returned] == [("被退回", "人次与照片不符")]
    assert part.standing is Standing.MISSING
    assert [report.period.number for report in part.due] == [2, 3]


def test_stranger_reads_nothing_of_the_school(busy: World) -> None:
    [part] = digest_of(busy, busy.stranger).liaison
    assert part.unit == busy.other_school
    assert (part.n_waiting, part.n_drafts, part.n_returned) == (0, 0, 0)
    assert [figure.value for figure in part.figures] == [None, None, None]


def test_reviewer_reads_the_queue_and_who_owes(busy: World) -> None:
    report = WeeklyReport.objects.select_related("period__campaign", "unit").get(
        unit=busy.school, period__number=2
    )
    file(report, actor=busy.liaison, progress="完成")
    part = digest_of(busy, busy.reviewer).reviewer
    assert part is not None
    assert (part.n_waiting, part.oldest_at) == (1, NINE)
    assert (part.late, part.missing) == ([busy.school], [busy.other_school])


def test_leader_reads_punctuality_the_busiest_and_the_silent(busy: World) -> None:
    reports = WeeklyReport.objects.filter(period__number=2).select_related("period__campaign", "unit")
    for report in reports.filter(unit__in=[busy.school, busy.other_school]):
        if report.unit == busy.school:
            file(report, actor=busy.liaison, progress="完成")
        else:
            file_zero(report, actor=busy.stranger, reason="无")
    WeeklyReport.objects.filter(pk=report.pk).update(filed_at=report.due_at)
    [part] = digest_of(busy, busy.leader).leader
    assert (part.filed.n_owed, part.filed.n_in_time, part.filed.n_late) == (2, 1, 1)
    assert part.filed.in_time_pct == 50
    assert [place.unit for place in part.top] == [busy.school]
    assert part.silent == [busy.other_school]


def test_team_member_reads_of_the_covered_units_alone(busy: World) -> None:
    [part] = digest_of(busy, busy.team_member).leader
    assert part.team
    assert part.filed.n_owed == 1
    assert part.silent == []


def test_liaison_of_a_whole_subtree_is_told_nothing_twice(busy: World) -> None:
    appoint(busy.liaison, LIAISON, actor=None, unit=busy.bureau)
    [part] = digest_of(busy, busy.liaison).liaison
    assert part.unit == busy.bureau
    assert part.figures[0].value == 3


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "第2周"), ("en", "Week 2")])
def test_mail_speaks_the_readers_language(busy: World, language: str, word: str) -> None:
    Account.objects.filter(pk=busy.liaison.pk).update(language=language)
    ensure_digests(busy.campaign, now=NINE)
    mail = Mail.objects.get(person=busy.liaison)
    assert f'lang="{language}"' in mail.html
    for part in (mail.subject, mail.text, mail.html):
        assert word in part


def test_links_lead_to_the_portal_and_nothing_is_loaded_from_elsewhere(
    busy: World, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://portal.example"
    ensure_digests(busy.campaign, now=NINE)
    for mail in Mail.objects.all():
        assert 'href="/' not in mail.html
        assert mail.html.count("http") == mail.html.count("https://portal.example/")
        assert "src=" not in mail.html
        assert mail.unsubscribe_url in mail.text


def test_markup_in_a_title_stays_text(busy: World) -> None:
    record = busy.submitted(title="<b>&粗体</b>")
    workflow.send_back(record, actor=busy.reviewer, note="<script>")
    ensure_digests(busy.campaign, now=NINE)
    mail = Mail.objects.get(person=busy.liaison)
    assert "&lt;b&gt;&amp;粗体" in mail.html
    assert "<script>" not in mail.html
    assert "<b>&粗体</b>" in mail.text


def test_liaison_reads_the_units_rate_beside_the_median_of_its_kind(busy: World) -> None:
    WeeklyReport.objects.filter(unit=busy.school, period__number=1).update(
        filed_at=NINE - dt.timedelta(days=30)
    )
    [part] = digest_of(busy, busy.liaison).liaison
    assert (part.rates.n_in_time, part.rates.n_owed) == (1, 2)
    # Of three schools the other two have filed nothing.
    assert part.median_pct == 0
    ensure_digests(busy.campaign, now=NINE)
    assert "50%" in Mail.objects.get(person=busy.liaison).text


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "本单位平时"), ("en", "your usual number")])
def test_reviewer_reads_what_was_odd_and_why_in_the_own_language(
    busy: World, language: str, word: str
) -> None:
    Account.objects.filter(pk=busy.reviewer.pk).update(language=language)
    doubt = {"code": "many", "field": "onsite", "facts": {"name": "线下", "value": "9", "limit": "3"}}
    waiting = ActivityRecord.objects.filter(status="submitted")
    waiting.update(doubts=[doubt], reasons={"many_onsite": "三校合办"})
    ensure_digests(busy.campaign, now=NINE)
    mail = Mail.objects.get(person=busy.reviewer)
    for part in (mail.text, mail.html):
        assert word in part
        assert "三校合办" in part


def test_leader_sees_the_weeks_as_bars_without_any_picture(busy: World) -> None:
    [part] = digest_of(busy, busy.leader).leader
    assert [(bar.period.number, bar.value, bar.length_pct) for bar in part.bars] == [(1, 1, 33), (2, 3, 100)]


@pytest.mark.parametrize(
    ("moment", "number"), [("2027-01-03T23:59:59+08:00", 7), ("2027-01-04T00:00:00+08:00", 8)]
)
def test_mail_prints_the_week_of_shanghai_also_around_week_53(db: None, moment: str, number: int) -> None:
    now = dt.datetime.fromisoformat(moment)
    with time_machine.travel(dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC), tick=False):
        world = make_world()
    Campaign.objects.update(digest_weekday=(now.weekday()), digest_time=now.time())
    campaign = Campaign.objects.get()
    ensure_periods(campaign, now=now)
    [period] = Period.objects.weekly().filter(
        starts_on__lte=campaign.today(now), ends_on__gte=campaign.today(now)
    )
    last = dt.date(2027, 1, 3) if number == 7 else dt.date(2027, 1, 10)
    assert (period.campaign_id, period.ends_on) == (campaign.pk, last)
    mail = render(build(readers([world.liaison])[0], gather(period, [world.school], now=now), []), key="k")
    for part in (mail.subject, mail.text):
        assert period.label.replace("Week ", "") in part or f"第{period.number}周" in part
        assert span(period.starts_on, period.ends_on) in part
