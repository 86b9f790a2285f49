"""The ledger of totals equals a count by hand, whatever happened and in whatever order."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from reports.campaigns.models import ActivityType, Campaign
from reports.campaigns.opening import ensure_periods
from reports.records import workflow
from reports.records.counting import count, count_all
from reports.records.models import ActivityRecord, Transition
from reports.statistics.ledger import Key, Values, add, normal, subtract
from reports.statistics.models import Cell, StaleCell
from reports.statistics.reading import by_unit, by_week, oldest_mark, own_totals, so_far
from reports.statistics.tallying import tally
from reports.statistics.verifying import rebuild, verify
from tests.personas import World, make_world
from tests.reports.lives import Life, assert_true, by_hand, stored

N_STEPS = 160


@pytest.mark.parametrize("seed", [1, 2, 3, 2026])
def test_after_any_history_the_totals_are_those_counted_by_hand(
    world: World, run_tally: Callable[[], None], seed: int
) -> None:
    life = Life.begin(world, seed)
    for n_step in range(N_STEPS):
        life.step()
        if n_step % 20 == 19:
            run_tally()
            assert_true(world.campaign)
    run_tally()
    assert_true(world.campaign)
    assert Transition.objects.filter(verb="approve").count() > 5
    assert ActivityRecord.objects.filter(event__isnull=False, is_hosting=False).exists()


def test_a_second_run_changes_nothing(world: World, run_tally: Callable[[], None]) -> None:
    record = world.approved()
    run_tally()
    before = list(Cell.objects.order_by("pk").values())
    mark = {"unit": world.school, "period": record.period, "activity_type": world.lecture}
    for _twice in range(2):
        StaleCell.objects.bulk_create(StaleCell(campaign=world.campaign, **mark) for _n in range(2))
        run_tally()
        assert list(Cell.objects.order_by("pk").values()) == before
    assert tally(world.campaign.pk, count=count) == 0


def test_a_rebuild_gives_what_the_steps_gave(world: World, run_tally: Callable[[], None]) -> None:
    life = Life.begin(world, seed=7)
    for _step in range(N_STEPS):
        life.step()
    run_tally()
    step_by_step = stored(world.campaign)
    assert rebuild(world.campaign, count_all(world.campaign)) > 0
    assert stored(world.campaign) == step_by_step == by_hand(world.campaign)
    tally(world.campaign.pk, count=count)
    assert_true(world.campaign)


@pytest.mark.parametrize("tampered", [{"own": {}}, {"total": {"records": 99}}, {"total": {}}])
def test_verify_names_the_one_wrong_cell_and_rebuild_mends_it(
    world: World, run_tally: Callable[[], None], tampered: dict[str, Values]
) -> None:
    record = world.approved()
    run_tally()
    cell = Cell.objects.get(unit=world.school, period=record.period, activity_type=world.lecture)
    Cell.objects.filter(pk=cell.pk).update(**tampered)
    found = verify(world.campaign, count_all(world.campaign))
    assert [difference.key for difference in found] == [
        Key(world.school.pk, record.period_id, world.lecture.pk)
    ]
    rebuild(world.campaign, count_all(world.campaign))
    assert_true(world.campaign)


def test_verify_finds_missing_and_superfluous_cells(world: World, run_tally: Callable[[], None]) -> None:
    record = world.approved()
    run_tally()
    Cell.objects.filter(unit=world.bureau, activity_type=None, period=record.period).delete()
    Cell.objects.create(unit=world.other_school, period=record.period, total={"records": 1})
    found = {difference.key for difference in verify(world.campaign, count_all(world.campaign))}
    assert found == {
        Key(world.bureau.pk, record.period_id, None),
        Key(world.other_school.pk, record.period_id, None),
    }


def test_a_crash_between_counting_and_writing_loses_no_mark(
    world: World, run_tally: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.approved()
    marks = list(StaleCell.objects.values_list("pk", flat=True))

    def die(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("reports.statistics.tallying.store", die)
        with pytest.raises(KeyboardInterrupt):
            tally(world.campaign.pk, count=count)
    assert list(StaleCell.objects.values_list("pk", flat=True)) == marks
    assert not Cell.objects.exists()
    run_tally()
    assert_true(world.campaign)


def test_a_mark_written_while_counting_waits_for_the_next_run(world: World) -> None:
    world.approved()
    late: list[ActivityRecord] = []

    def count_slowly(keys: object) -> dict[Key, Values]:
        found = dict(count(keys))  # type: ignore[arg-type]
        late.append(world.approved())
        return found

    assert tally(world.campaign.pk, count=count_slowly) == 1
    assert StaleCell.objects.count() == 1
    assert so_far(world.campaign, [world.bureau]).n_records == 1
    assert tally(world.campaign.pk, count=count) == 1
    assert so_far(world.campaign, [world.bureau]).n_records == 2
    assert_true(world.campaign)


def test_nothing_reported_is_not_zero(world: World, run_tally: Callable[[], None]) -> None:
    world.approved(values={"sessions": 1, "onsite": 0, "online": 0})
    run_tally()
    assert so_far(world.campaign, [world.school]).onsite == 0
    assert so_far(world.campaign, [world.school]).attendances == 0
    silent = so_far(world.campaign, [world.other_school])
    assert (silent.n_records, silent.onsite, silent.attendances) == (None, None, None)
    lines = by_unit(world.period, [world.other_school, world.school])
    assert [line.totals.onsite for line in lines] == [None, 0]
    weeks = by_week(world.campaign, [world.school], today=world.today)
    assert [week.totals.onsite for week in weeks[:-1]] == [None] * (len(weeks) - 1)
    assert own_totals(world.period, world.bureau).n_records is None


def test_numbers_that_change_while_the_count_stays_move_every_margin(
    world: World, run_tally: Callable[[], None]
) -> None:
    record = world.approved()
    run_tally()
    workflow.reopen(record, actor=world.reviewer, note="人次有误")
    workflow.edit(
        record, world.content(values={"sessions": 1, "onsite": 7, "online": 0}), actor=world.liaison
    )
    workflow.submit(record, actor=world.liaison)
    workflow.approve(record, actor=world.reviewer)
    run_tally()
    assert so_far(world.campaign, [world.bureau]).values == {"records": 1, "sessions": 1, "onsite": 7}
    assert_true(world.campaign)


def test_a_retired_type_and_indicator_keep_what_they_counted(
    world: World, run_tally: Callable[[], None]
) -> None:
    world.approved()
    world.lecture.is_retired = True
    world.lecture.save()
    world.lecture.indicators.update(is_retired=True)
    run_tally()
    assert so_far(world.campaign, [world.bureau]).onsite == 120
    assert_true(world.campaign)


def test_two_campaigns_keep_their_own_books(world: World, run_tally: Callable[[], None]) -> None:
    other = Campaign.objects.create(
        code="other", name="另一项", starts_on=world.campaign.starts_on, ends_on=world.campaign.ends_on
    )
    ensure_periods(other, now=timezone.now())
    twin = ActivityType.objects.create(campaign=other, code="lecture", name="宣讲")
    world.approved()
    record = workflow.create(world.school, twin, world.content(values={}), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    workflow.approve(record, actor=world.reviewer)
    run_tally()
    assert so_far(other, [world.bureau]).values == {"records": 1}
    assert so_far(world.campaign, [world.bureau]).onsite == 120
    assert_true(world.campaign)
    assert_true(other)


def test_the_oldest_mark_tells_how_far_behind_the_figures_are(
    world: World, run_tally: Callable[[], None]
) -> None:
    assert oldest_mark() is None
    before = timezone.now()
    world.approved()
    first = oldest_mark()
    world.approved()
    assert first == oldest_mark()
    assert first is not None
    assert before <= first <= timezone.now()
    run_tally()
    assert oldest_mark() is None


@pytest.mark.parametrize("seed", range(5))
def test_adding_and_subtracting_undo_each_other(seed: int) -> None:
    dice = random.Random(seed)
    for _round in range(200):
        one, other = ({"records": dice.randint(0, 3), "a": dice.randint(-2, 2), "b": 1} for _ in range(2))
        old, new = normal(one), normal(other)
        assert add(old, subtract(new, old)) == new
        assert subtract(old, old) == {}


@pytest.mark.django_db(transaction=True)
def test_two_tallies_at_once_count_each_mark_once() -> None:
    """Real threads with connections of their own."""
    world = make_world()
    for _record in range(12):
        world.approved()
    claimed: list[int] = []

    def work() -> None:
        try:
            while n_marks := tally(world.campaign.pk, count=count, batch=2):
                claimed.append(n_marks)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(claimed) == 12
    assert_true(world.campaign)
