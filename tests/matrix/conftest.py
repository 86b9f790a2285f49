"""Quiet for tests that are refused ten thousand times."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from time_machine import TimeMachineFixture

from portal import errors
from tests.personas import World


@pytest.fixture
def brief_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the page of a refusal once per person: it knows nothing of what was asked for.

    It takes three quarters of the matrix' time. `tests/portal/test_addresses.py` draws each of them.
    """
    drawn: dict[object, bytes] = {}

    def once(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
        key = (template, request.user.pk)
        if key not in drawn:
            page = render(request, template, status=status).content
            drawn[key] = page.replace(request.path.encode(), b"PATH")
        return HttpResponse(drawn[key], status=status)

    monkeypatch.setattr(errors, "render", once)


@pytest.fixture
def still_clock(world: World, time_machine: TimeMachineFixture) -> None:
    """Stop the clock once the world is there: answers are compared, and a page counts the minutes left."""
    time_machine.move_to(timezone.now(), tick=False)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Write no line for each refusal, which would take as long as the answer, but one for each failure."""

    def tell(**_facts: object) -> None:
        traceback.print_exc()

    logging.disable(logging.CRITICAL)
    got_request_exception.connect(tell)
    yield
    got_request_exception.disconnect(tell)
    logging.disable(logging.NOTSET)
