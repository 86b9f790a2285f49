"""A campaign's own time: dates that are typed in, a new end, and who takes part."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reports.campaigns.amending import amend
from reports.campaigns.models import Campaign, Period, PlannedPeriod
from reports.campaigns.opening import coming, ensure_periods
from reports.campaigns.taking_part import cover, taking_part
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import ensure_reports
from tests.personas import World
from tests.reports.record_forms import SignIn
from units.models import AuditEntry, UnitKind
from units.rules import RuleError

# What a browser leaves out of a form: boxes without a tick, and nothing at all.
UNSENT = {"None", "False", "[]"}


@pytest.fixture
def typed(world: World) -> Campaign:
    """Return a campaign whose dates are typed in."""
    first = world.today
    campaign = Campaign.objects.create(
        code="typed", name="专项", starts_on=first, ends_on=first + dt.timedelta(days=60), cadence="typed"
    )
    for start, end in ((0, 4), (10, 19)):
        PlannedPeriod.objects.create(
            campaign=campaign,
            starts_on=first + dt.timedelta(days=start),
            ends_on=first + dt.timedelta(days=end),
            due_on=first + dt.timedelta(days=end),
            closes_on=first + dt.timedelta(days=end + 3),
        )
    return campaign


def test_typed_periods_open_on_their_days_and_keep_their_dates(typed: Campaign) -> None:
    ensure_periods(typed, now=timezone.now())
    assert list(typed.periods.values_list("number", flat=True)) == [0, 1]
    assert [one.number for one in coming(typed, now=timezone.now())] == [2]
    PlannedPeriod.objects.filter(campaign=typed).update(due_on=typed.ends_on, closes_on=typed.ends_on)
    ensure_periods(typed, now=timezone.now() + dt.timedelta(days=11))
    due = [period.due_at.astimezone(typed.zone).date() for period in typed.periods.weekly()]
    assert due == [typed.starts_on + dt.timedelta(days=4), typed.ends_on]


@pytest.mark.parametrize(("start", "end"), [(3, 6), (-1, 5), (55, 70)])
def test_typed_period_that_overlaps_or_lies_outside_is_refused_at_the_field(
    typed: Campaign, start: int, end: int
) -> None:
    first = typed.starts_on
    row = PlannedPeriod(
        campaign=typed,
        starts_on=first + dt.timedelta(days=start),
        ends_on=first + dt.timedelta(days=end),
        due_on=first + dt.timedelta(days=end),
        closes_on=first + dt.timedelta(days=end),
    )
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert "starts_on" in refused.value.message_dict


def test_typed_period_begins_behind_what_has_opened(world: World) -> None:
    last = world.campaign.periods.order_by("-number").first()
    assert last is not None
    days = dict.fromkeys(("ends_on", "due_on", "closes_on"), last.ends_on + dt.timedelta(days=3))
    with pytest.raises(ValidationError) as refused:
        PlannedPeriod(campaign=world.campaign, starts_on=last.ends_on, **days).full_clean()
    assert "starts_on" in refused.value.message_dict
    PlannedPeriod(campaign=world.campaign, starts_on=last.ends_on + dt.timedelta(days=1), **days).full_clean()


def test_two_new_rows_that_overlap_are_refused_together(
    typed: Campaign, world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.administrator)
    url = f"/admin/campaigns/campaign/{typed.pk}/change/"
    page = client.get(url)
    forms = [page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset.management_form]
    sent = {
        form.add_prefix(name): form.get_initial_for_field(field, name)
        for form in forms
        for name, field in form.fields.items()
    }
    for number in (0, 1):
        first, last = (typed.starts_on + dt.timedelta(days=days) for days in (30 + number, 33))
        days = {"starts_on": first, "ends_on": last, "due_on": last, "closes_on": last}
        sent |= {f"planned_periods-{number}-{name}": day for name, day in days.items()}
    PlannedPeriod.objects.all().delete()
    sent |= {"planned_periods-TOTAL_FORMS": 2, "planned_periods-INITIAL_FORMS": 0}
    answer = client.post(url, {name: value for name, value in sent.items() if str(value) not in UNSENT})
    assert answer.status_code == 200
    assert answer.context["inline_admin_formsets"][0].formset.errors[1].keys() == {"starts_on"}
    assert not PlannedPeriod.objects.exists()


def test_who_joins_later_owes_nothing_from_before(world: World) -> None:
    cover(world.campaign, kinds=[], units=[world.school], actor=world.administrator)
    owed = WeeklyReport.objects.count()
    cover(world.campaign, kinds=[world.bureau.kind], units=[world.school], actor=world.administrator)
    for looks_back in (False, True):
        ensure_reports(world.campaign, now=timezone.now(), looks_back=looks_back)
    assert WeeklyReport.objects.count() == owed
    later = timezone.now() + dt.timedelta(days=7)
    ensure_periods(world.campaign, now=later)
    ensure_reports(world.campaign, now=later)
    units = WeeklyReport.objects.filter(period__number=world.period.number + 1).values_list("unit", flat=True)
    assert set(units) == {world.bureau.pk, world.school.pk}


def test_verb_refuses_who_may_not_change_a_campaign(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        cover(world.campaign, kinds=[], units=[world.school], actor=world.reviewer)
    assert refused.value.code == "not_yours"


def test_planned_periods_are_typed_in_the_administration_until_they_open(
    typed: Campaign, world: World, sign_in: SignIn
) -> None:
    page = sign_in(world.administrator).get(f"/admin/campaigns/campaign/{typed.pk}/change/")
    forms = page.context["inline_admin_formsets"][0].formset.forms
    assert [form.fields["due_on"].disabled for form in forms] == [True, False]


def test_new_end_moves_the_whole_and_no_period_that_has_opened(world: World) -> None:
    campaign = world.campaign
    before = list(Period.objects.weekly().values())
    campaign.ends_on += dt.timedelta(days=30)
    amend(campaign, ["ends_on"], actor=world.administrator)
    whole = campaign.periods.get(number=0)
    assert whole.ends_on == campaign.ends_on
    assert list(Period.objects.weekly().values()) == before
    assert AuditEntry.objects.latest("id").changes["ends_on"][1] == campaign.ends_on.isoformat()


def test_campaign_does_not_end_before_a_period_that_has_opened(world: World) -> None:
    campaign = world.campaign
    campaign.ends_on = world.today - dt.timedelta(days=7)
    with pytest.raises(RuleError) as refused:
        amend(campaign, ["ends_on"], actor=world.administrator)
    assert refused.value.code == "ends_too_early"


def test_chosen_kinds_and_units_take_part_and_no_others(world: World) -> None:
    everybody = set(taking_part(world.campaign))
    assert {world.school, world.other_school} <= everybody
    kind = UnitKind.objects.get(code="bureau")
    cover(world.campaign, kinds=[kind], units=[world.school], actor=world.administrator)
    assert set(taking_part(world.campaign)) == {world.bureau, world.school}
    entry = AuditEntry.objects.latest("id")
    assert entry.changes == {"covered_kinds": [[], [kind.pk]], "covered_units": [[], [world.school.pk]]}
    cover(world.campaign, kinds=[kind], units=[world.school], actor=world.administrator)
    assert AuditEntry.objects.latest("id") == entry


def test_who_takes_part_is_chosen_in_the_administration(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.administrator)
    url = f"/admin/campaigns/campaign/{world.campaign.pk}/change/"
    form = client.get(url).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent |= {"covered_units": [world.school.pk], "cadence": "monthly"}
    answer = client.post(url, {name: value for name, value in sent.items() if str(value) not in UNSENT})
    assert answer.status_code == 302
    world.campaign.refresh_from_db()
    assert world.campaign.cadence == "monthly"
    assert list(world.campaign.covered_units.all()) == [world.school]
