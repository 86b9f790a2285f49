"""What a digest says is what the rows and the statistics say, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from reports.digests.building import build
from reports.digests.contents import Digest
from reports.digests.facts import gather
from reports.digests.making import ensure_digests
from reports.digests.readers import readers
from reports.records import workflow
from reports.statistics.reading import by_unit, so_far
from reports.weekly.filing import file, file_zero
from reports.weekly.models import Standing, WeeklyReport
from tests.personas import World
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
