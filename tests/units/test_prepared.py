"""Questions that are built once and asked often."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.personas import World
from units import scope
from units.models import Account
from units.prepared import Prepared, Words


@pytest.mark.django_db
def test_a_prepared_question_has_the_answers_of_the_plain_one(world: World) -> None:
    today = timezone.localdate()
    people = list(Account.objects.all())
    assert len(people) > 5
    for person in people:
        for words in (scope.READ, (scope.REPORT,), (scope.REVIEW, scope.OVERSEE)):
            for build in (scope._paths, scope._codenames):
                plain = set(build(person.pk, today, words))
                assert Prepared(build).ask(person.pk, today, words) == plain


@pytest.mark.django_db
def test_a_question_is_built_once_and_asked_for_each_person_and_day(world: World) -> None:
    built: list[Words] = []

    def joined(user: int, day: dt.date, words: Words) -> Any:
        built.append(words)
        found = Account.objects.filter(pk=user, username__in=words, date_joined__date__gte=day)
        return found.values_list("username", flat=True)

    question, name = Prepared(joined), world.liaison.username
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert question.ask(world.liaison.pk, dt.date(2020, 1, 1), (name,)) == {name}
    assert question.ask(world.leader.pk, dt.date(2020, 1, 1), (name,)) == set()
    assert question.ask(world.liaison.pk, tomorrow + dt.timedelta(days=1), (name,)) == set()
    assert built == [(name,)]


@pytest.mark.django_db
def test_a_question_first_asked_in_a_transaction_that_is_undone_is_answered_again(world: World) -> None:
    def named(user: int, day: dt.date, words: Words) -> Any:
        found = Account.objects.filter(pk=user, username__in=words, date_joined__date__gte=day)
        return found.order_by("email").values_list("name", flat=True)

    question, words, day = Prepared(named), (world.liaison.username,), dt.date(2020, 1, 1)
    with transaction.atomic():
        before = question.ask(world.liaison.pk, day, words)
        transaction.set_rollback(True)
    assert question.ask(world.liaison.pk, day, words) == before == {world.liaison.name}


@pytest.mark.django_db
def test_of_no_permission_nothing_is_in_reach(world: World) -> None:
    assert scope.reach(world.leader) == scope.NOTHING
