"""Where TLS is asked for, nothing goes out in the clear and nothing is lost; and a bad hour loses nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
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
    """Return the script of a server that the portal sends to, with a password."""
    with smtp_server() as (script, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.4
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "hush-hush"
        yield script


def make(name: str) -> Mail:
    """Store one mail that is due."""
    return Mail.objects.create(
        key=name,
        address=f"{name}@example.org",
        subject="s",
        text="confidential",
        html="<p>confidential</p>",
        next_try_at=timezone.now() - dt.timedelta(minutes=5),
    )


@pytest.mark.parametrize("reply", [None, "454 not now", "502 unknown", "220 go on"])
def test_broken_starttls_sends_nothing_in_the_clear_and_loses_nothing(
    server: Script, settings: LazySettings, reply: str | None
) -> None:
    settings.EMAIL_USE_TLS = True
    server.starttls_reply = reply
    row = make("a")
    assert mail.deliver_due(seconds=5) == 0
    row.refresh_from_db()
    assert (row.state, row.n_attempts) == ("waiting", 0)
    for word in (b"confidential", b"hush-hush", b"AUTH", b"MAIL", b"a@example.org"):
        assert word not in server.heard
    assert server.received == []


def test_plain_server_where_tls_from_the_start_is_asked_for_hears_nothing(
    server: Script, settings: LazySettings
) -> None:
    settings.EMAIL_USE_SSL = True
    row = make("a")
    assert mail.deliver_due(seconds=5) == 0
    row.refresh_from_db()
    assert (row.state, row.n_attempts) == ("waiting", 0)
    assert b"confidential" not in server.heard


def test_bad_hour_loses_none_and_doubles_only_what_was_dropped_after_data(
    server: Script, settings: LazySettings
) -> None:
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    names = [f"m{number:02}" for number in range(30)]
    for name in names:
        make(name)
    server.recipients["m07@example.org"] = "550 no such user"
    trouble = ["451 later"] * 6 + ["250 ok"] * 40
    random.Random(7).shuffle(trouble)
    server.data_replies = trouble
    n_dropped = server.drops_after_data = 3
    for _round in range(8):
        Mail.objects.update(next_try_at=timezone.now())
        mail.deliver_due(seconds=20)
    arrived = Counter(server.arrived)
    assert set(arrived) == {f"{name}@example.org" for name in names} - {"m07@example.org"}
    assert sum(arrived.values()) - len(arrived) <= n_dropped
    assert len({str(got["Message-ID"]) for got in server.received}) == len(arrived)
    assert Counter(Mail.objects.values_list("state", flat=True)) == {"sent": 29, "failed": 1}


def test_mail_past_its_use_is_dropped_and_one_within_it_is_sent(
    server: Script, settings: LazySettings
) -> None:
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    for name, minutes in (("stale", -1), ("fresh", 1)):
        row = make(name)
        Mail.objects.filter(pk=row.pk).update(good_until=timezone.now() + dt.timedelta(minutes=minutes))
    assert mail.deliver_due(seconds=5) == 1
    assert server.arrived == ["fresh@example.org"]
    assert dict(Mail.objects.values_list("key", "state")) == {"stale": "dropped", "fresh": "sent"}
