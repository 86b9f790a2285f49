"""People outside read the campaign's week by mail, without any link that asks for an account."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client

from reports.digests.models import OutsideRecipient
from reports.digests.outside import ensure_outside_mails
from reports.digests.subscribing import token_of, unsubscribe_url
from tests.personas import World
from tests.reports.monday import NINE, monday
from tests.units.test_alerts import browser_of
from units.models import AuditEntry, Deed, Mail

__all__ = ["monday"]


@pytest.fixture
def guest(monday: World) -> OutsideRecipient:
    """Return a recipient outside."""
    return OutsideRecipient.objects.create(
        campaign=monday.campaign, name="市委宣传部", address="guest@example.net"
    )


def test_recipient_gets_one_mail_a_week(monday: World, guest: OutsideRecipient) -> None:
    assert ensure_outside_mails(monday.campaign, now=NINE) == 1
    assert ensure_outside_mails(monday.campaign, now=NINE) == 0
    mail = Mail.objects.get()
    assert (mail.address, mail.person) == ("guest@example.net", None)
    assert "第2周" in mail.subject


@pytest.mark.parametrize("change", [{"is_active": False}, {"wants_digest": False}])
def test_who_is_off_gets_none(monday: World, guest: OutsideRecipient, change: dict[str, bool]) -> None:
    OutsideRecipient.objects.filter(pk=guest.pk).update(**change)
    assert ensure_outside_mails(monday.campaign, now=NINE) == 0


def test_no_link_asks_for_an_account(monday: World, guest: OutsideRecipient, settings: LazySettings) -> None:
    settings.BASE_URL = "https://portal.example"
    ensure_outside_mails(monday.campaign, now=NINE)
    mail = Mail.objects.get()
    for part in (mail.text, mail.html):
        assert set(re.findall(r"https?://[^\s\"<]+", part)) == {mail.unsubscribe_url}


def test_one_click_of_a_mail_program_unsubscribes(
    monday: World, guest: OutsideRecipient, settings: LazySettings
) -> None:
    settings.BASE_URL = ""
    answer = Client(enforce_csrf_checks=True).post(unsubscribe_url(guest), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    guest.refresh_from_db()
    assert not guest.wants_digest
    entry = AuditEntry.objects.latest("pk")
    assert (entry.deed, entry.actor, entry.object_type) == (Deed.CHANGE, None, "digests.outsiderecipient")


def test_link_of_one_kind_of_reader_does_not_speak_for_the_other(
    monday: World, guest: OutsideRecipient
) -> None:
    assert token_of(guest) != token_of(monday.liaison)
    OutsideRecipient.objects.filter(pk=guest.pk).update(is_active=False)
    assert Client().get(f"/digests/unsubscribe/{token_of(guest)}/").status_code == 404


def test_address_is_entered_once_a_campaign_whatever_its_case(monday: World, guest: OutsideRecipient) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRecipient.objects.create(campaign=monday.campaign, name="又", address="GUEST@example.net")


def test_administrator_enters_one_and_the_trail_tells(monday: World) -> None:
    form = {"campaign": monday.campaign.pk, "name": "督学", "address": "d@example.net", "language": "en"}
    answer = browser_of(monday.administrator).post("/admin/digests/outsiderecipient/add/", form)
    assert answer.status_code == 302
    assert AuditEntry.objects.filter(deed=Deed.CREATE, object_type="digests.outsiderecipient").exists()


def test_bad_address_is_named(monday: World) -> None:
    form = {"campaign": monday.campaign.pk, "name": "督学", "address": "keine", "language": "en"}
    answer = browser_of(monday.administrator).post("/admin/digests/outsiderecipient/add/", form)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content


def test_reviewer_does_not_come_in(monday: World) -> None:
    assert browser_of(monday.reviewer).get("/admin/digests/outsiderecipient/").status_code == 403
