"""Post what robots are to say: each message is claimed, sent and marked, as mail is."""

from __future__ import annotations

import datetime as dt
import json
import time

import requests
from django.db.models import F, Q
from django.utils import timezone

from reports.digests.models import RobotMessage
from reports.digests.robots.hosts import check_address
from reports.digests.robots.wording import refusal, request_of
from units.rules import RuleError

MAX_ATTEMPTS = 8
LONGEST_WAIT = dt.timedelta(hours=2)
# A sender that has not reported back after this long has died; its message is tried again.
CLAIM_LASTS = dt.timedelta(minutes=5)
TIMEOUT_SECONDS = (5, 10)
MOST_ANSWER_BYTES = 10_000

State = RobotMessage.State


def deliver_due(*, seconds: float) -> int:
    """Try the messages that are due until none is left or the time is up; return how many were taken."""
    until, n_sent = time.monotonic() + seconds, 0
    due = RobotMessage.objects.filter(_claimable(timezone.now())).order_by("next_try_at", "id")
    for pk in list(due.values_list("pk", flat=True)[:200]):
        if time.monotonic() >= until:
            break
        n_sent += deliver(pk)
    return n_sent


def deliver(pk: int) -> bool:
    """Claim one message, post it, mark it; say whether this call got it taken."""
    now = timezone.now()
    claimed = RobotMessage.objects.filter(_claimable(now), pk=pk).update(
        state=State.SENDING, claimed_at=now, n_attempts=F("n_attempts") + 1
    )
    if not claimed:
        return False
    message = RobotMessage.objects.select_related("robot").get(pk=pk)
    error, is_final = _post(message)
    if error:
        _put_off(message, error, is_final=is_final)
        return False
    RobotMessage.objects.filter(pk=pk).update(state=State.SENT, sent_at=timezone.now(), error="")
    return True


def _claimable(now: dt.datetime) -> Q:
    """Return the condition on messages that may be tried now: due ones, and those whose sender died."""
    due = Q(state=State.WAITING, next_try_at__lte=now, robot__is_enabled=True)
    return due | Q(state=State.SENDING, claimed_at__lt=now - CLAIM_LASTS)


def _post(message: RobotMessage) -> tuple[str, bool]:
    """Post one message; return what went wrong, "" for nothing, and whether that is for good.

    No word of an error comes from the libraries: theirs hold the address, which is a password.
    """
    address, body = request_of(message.robot, message.text, seconds=int(time.time()))
    try:
        check_address(address)
        # No redirect: an allowed host must not lead to another one.
        with requests.post(
            address, json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            return _judged(answer)
    except RuleError as error:
        return error.code, True
    except requests.RequestException as error:
        return type(error).__name__, False


def _judged(answer: requests.Response) -> tuple[str, bool]:
    """Return what an answer says is wrong, and whether that is for good."""
    if answer.status_code != requests.codes.ok:
        return f"HTTP {answer.status_code}", answer.status_code < 500 and answer.status_code != 429
    try:
        said = json.loads(next(answer.iter_content(MOST_ANSWER_BYTES), b""))
    except ValueError:
        return "not JSON", False
    return refusal(said), False


def _put_off(message: RobotMessage, error: str, *, is_final: bool) -> None:
    """Plan the next try with growing pauses; a refusal for good or the eighth failure is the last."""
    is_final = is_final or message.n_attempts >= MAX_ATTEMPTS
    pause = min(dt.timedelta(minutes=2**message.n_attempts), LONGEST_WAIT)
    RobotMessage.objects.filter(pk=message.pk, state=State.SENDING, claimed_at=message.claimed_at).update(
        state=State.FAILED if is_final else State.WAITING,
        next_try_at=timezone.now() + pause,
        error=error[:200],
    )
