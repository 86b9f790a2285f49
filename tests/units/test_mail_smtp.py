"""The sending verb against a server that is slow, that refuses and that hangs up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.units.smtp_server import Script, smtp_server
from units import mail
from units.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: LazySettings) -> Iterator[Script]:
    """Return the script of a server that the portal sends to."""
    with smtp_server() as (script, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.4
        settings.DEFAULT_FROM_EMAIL = "滨海市教育局 <portal@binhai.example>"
        yield script


def make(*names: str) -> list[Mail]:
    """Store one mail to each name, due in this order."""
    due = timezone.now() - dt.timedelta(minutes=5)
    return [
        Mail.objects.create(
            key=f"test:{name}",
            address=f"{name}@example.org",
            subject=f"每周摘要 · {name}",
            text="本周场次 3",
            html="<p>本周场次 <b>3</b></p>",
            unsubscribe_url="https://portal.example/digests/unsubscribe/t/",
            next_try_at=due + dt.timedelta(seconds=place),
        )
        for place, name in enumerate(names)
    ]


def state(row: Mail) -> str:
    row.refresh_from_db()
    return row.state


def test_mails_arrive_once_over_one_connection(server: Script) -> None:
    rows = make("a", "b", "c")
    assert mail.deliver_due(seconds=5) == 3
    assert mail.deliver_due(seconds=5) == 0
    assert server.arrived == ["a@example.org", "b@example.org", "c@example.org"]
    assert server.n_connections == 1
    assert {state(row) for row in rows} == {"sent"}


def test_mail_arrives_as_it_was_written(server: Script) -> None:
    make("a")
    mail.deliver_due(seconds=5)
    [got] = server.received
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert got["Subject"] == "每周摘要 · a"
    assert got["List-Unsubscribe"] == "<https://portal.example/digests/unsubscribe/t/>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "本周场次 3"
    assert "<b>3</b>" in html.get_content()


def test_refused_recipient_ends_its_mail_and_holds_up_no_other(server: Script) -> None:
    server.recipients["a@example.org"] = "550 no such user"
    first, second = make("a", "b")
    assert mail.deliver_due(seconds=5) == 1
    assert state(first) == "failed"
    assert "550" in first.error
    assert state(second) == "sent"


@pytest.mark.parametrize("reply", ["450 mailbox busy", "421 come back later"])
def test_temporary_refusal_is_tried_again_later(server: Script, reply: str) -> None:
    server.recipients["a@example.org"] = reply
    first, second = make("a", "b")
    mail.deliver_due(seconds=5)
    assert (state(first), state(second)) == ("waiting", "sent")
    assert first.next_try_at > timezone.now()
    assert mail.deliver_due(seconds=5) == 0


@pytest.mark.parametrize(("reply", "expected"), [("451 try later", "waiting"), ("554 spam", "failed")])
def test_refused_data_follows_its_class(server: Script, reply: str, expected: str) -> None:
    server.data_replies = [reply]
    first, second = make("a", "b")
    mail.deliver_due(seconds=5)
    assert (state(first), state(second)) == (expected, "sent")


def test_refused_sender_is_not_the_mails_fault(server: Script) -> None:
    server.sender_reply = "550 who are you"
    [row] = make("a")
    mail.deliver_due(seconds=5)
    assert state(row) == "waiting"


def test_line_dropped_after_data_sends_again_with_the_same_number(server: Script) -> None:
    server.drops_after_data = 1
    [row] = make("a")
    mail.deliver_due(seconds=5)
    assert state(row) == "waiting"
    Mail.objects.update(next_try_at=timezone.now())
    mail.deliver_due(seconds=5)
    assert state(row) == "sent"
    assert len({got["Message-ID"] for got in server.received}) == 1
    assert len(server.received) == 2


def test_slow_server_is_given_up_after_the_timeout(server: Script) -> None:
    server.delay_seconds = 1.0
    [row] = make("a")
    mail.deliver_due(seconds=5)
    assert state(row) == "waiting"
    assert row.n_attempts == 1


def test_sender_stops_when_its_time_is_up(server: Script) -> None:
    server.delay_seconds = 0.2
    make("a", "b", "c", "d")
    assert mail.deliver_due(seconds=0.3) == 2
    assert Mail.objects.filter(state="waiting", n_attempts=0).count() == 2


def test_unreachable_server_costs_no_mail_an_attempt(server: Script, settings: LazySettings) -> None:
    settings.EMAIL_PORT = 1
    [row] = make("a")
    assert mail.deliver_due(seconds=5) == 0
    assert (state(row), row.n_attempts) == ("waiting", 0)


def test_server_that_greets_with_an_error_costs_no_mail_an_attempt(server: Script) -> None:
    server.greeting = "554 closed"
    [row] = make("a")
    assert mail.deliver_due(seconds=5) == 0
    assert (state(row), row.n_attempts) == ("waiting", 0)


def test_mail_that_cannot_be_built_fails_alone(server: Script) -> None:
    first, second = make("a", "b")
    Mail.objects.filter(pk=first.pk).update(subject="one\nBcc: everybody@example.org")
    mail.deliver_due(seconds=5)
    assert (state(first), state(second)) == ("failed", "sent")


def test_second_sender_leaves_the_work_to_the_first(server: Script) -> None:
    first, second = make("a", "b")
    Mail.objects.filter(pk=first.pk).update(state="sending", claimed_at=timezone.now())
    assert mail.deliver_due(seconds=5) == 0
    assert state(second) == "waiting"


def test_claimed_mail_is_not_sent_by_a_second_claim(server: Script) -> None:
    [row] = make("a")
    assert mail.deliver(row.pk)
    assert not mail.deliver(row.pk)
    assert len(server.received) == 1


def test_mail_of_a_dead_sender_is_sent_after_ten_minutes(server: Script) -> None:
    [row] = make("a")
    for minutes, n_sent in ((9, 0), (11, 1)):
        Mail.objects.update(state="sending", claimed_at=timezone.now() - dt.timedelta(minutes=minutes))
        assert mail.deliver_due(seconds=5) == n_sent
    assert state(row) == "sent"


def test_mail_that_kills_every_sender_ends_as_failed(server: Script) -> None:
    [row] = make("a")
    Mail.objects.update(
        state="sending", claimed_at=timezone.now() - mail.CLAIM_LASTS * 2, n_attempts=mail.MAX_ATTEMPTS
    )
    assert mail.deliver_due(seconds=5) == 0
    assert state(row) == "failed"
    assert server.received == []


def test_late_failure_does_not_undo_another_senders_success(server: Script) -> None:
    [row] = make("a")
    Mail.objects.update(state="sending", claimed_at=timezone.now() - mail.CLAIM_LASTS * 2)
    row.refresh_from_db()
    assert mail.deliver(row.pk)
    mail._put_off(row, TimeoutError())
    assert state(row) == "sent"


def test_pauses_grow_and_the_twelfth_failure_is_the_last(server: Script) -> None:
    server.recipients["a@example.org"] = "450 busy"
    [row] = make("a")
    pauses = []
    for _attempt in range(mail.MAX_ATTEMPTS):
        Mail.objects.update(next_try_at=timezone.now())
        mail.deliver_due(seconds=5)
        row.refresh_from_db()
        pauses.append(row.next_try_at - timezone.now())
    assert pauses == sorted(pauses, key=lambda pause: round(pause.total_seconds()))
    assert max(pauses) <= mail.LONGEST_WAIT
    assert sum(pauses, dt.timedelta()) > dt.timedelta(hours=20)
    assert state(row) == "failed"
