"""The same form sent three times at once is one record, whatever the engine."""

from __future__ import annotations

import os
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from reports.records.models import ActivityRecord, Transition
from tests.personas import make_world
from tests.reports.record_forms import CREATE, SignIn, typed

# 200 when measured: DOUBLE_SUBMITS=200
N_FORMS = int(os.environ.get("DOUBLE_SUBMITS", "20"))
AT_ONCE = 3
pytestmark = pytest.mark.django_db(transaction=True)


def test_p41_three_parallel_posts_of_each_form_make_one_record(sign_in: SignIn) -> None:
    world = make_world()
    forms = [typed(world, tab=str(uuid.uuid4()), title=f"宣讲 {number}") for number in range(N_FORMS)]
    together, answers = threading.Barrier(AT_ONCE), []

    def work(browser: Client) -> None:
        try:
            for form in forms:
                together.wait(timeout=60)
                answer = browser.post(CREATE, form)
                answers.append((answer.status_code, form["key"], answer.headers.get("Location")))
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[sign_in(world.liaison)]) for _ in range(AT_ONCE)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {status for status, _key, _place in answers} == {302}
    assert len(answers) == N_FORMS * AT_ONCE
    assert len({(key, place) for _status, key, place in answers}) == N_FORMS
    assert ActivityRecord.objects.filter(status="submitted").count() == N_FORMS
    assert Transition.objects.filter(verb="submit").count() == N_FORMS
