"""An approval that commits while its unit is being merged away still counts, at the new unit."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from reports.records import workflow
from reports.records.counting import count, count_all
from reports.reorganisation.merging import merge
from reports.statistics.reading import so_far
from reports.statistics.tallying import tally
from reports.statistics.verifying import verify
from tests.personas import make_world


@pytest.mark.django_db(transaction=True)
def test_an_approval_on_its_way_is_not_lost_in_a_merger() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time: the merger begins after the approval's commit.")
    world = make_world()
    record = world.submitted()

    def merge_meanwhile() -> None:
        try:
            merge(world.school, world.other_school, on=world.today, actor=world.administrator)
        finally:
            connection.close()

    merger = threading.Thread(target=merge_meanwhile)
    with transaction.atomic():
        workflow.approve(record, actor=world.reviewer)
        merger.start()
        time.sleep(0.5)  # the merger now waits for the row that we hold
    merger.join()
    tally(world.campaign.pk, count=count)
    assert so_far(world.campaign, [world.other_school]).n_records == 1
    assert so_far(world.campaign, [world.school]).n_records is None
    assert verify(world.campaign, count_all(world.campaign)) == []
