"""The administrator looks at anybody's digest before it is made, and sends it once more to one person."""

from __future__ import annotations

import pytest

from reports.digests.models import OutsideRecipient, Robot
from tests.personas import World
from tests.reports.monday import monday
from tests.units.test_alerts import browser_of
from units.models import Account, AuditEntry, Deed, Mail

__all__ = ["monday"]

PAGE = "/admin/digests/preview/"


def chosen(world: World, **reader: int) -> dict[str, int | str]:
    """Return the fields of the form for the second week."""
    return {"period": world.campaign.periods.get(number=2).pk, **reader}


def test_page_shows_subject_text_and_a_frame_without_rights(monday: World) -> None:
    browser = browser_of(monday.administrator)
    page = browser.get(PAGE, chosen(monday, person=monday.liaison.pk)).content.decode()
    assert "第2周" in page
    assert '<iframe class="mail-preview"' in page
    assert monday.school.name in page
    frame = browser.get(f"{PAGE}html/", chosen(monday, person=monday.liaison.pk))
    assert "sandbox; default-src 'none'" in frame["Content-Security-Policy"]
    assert monday.school.name in frame.content.decode()
    assert not Mail.objects.exists()


def test_every_kind_of_reader_has_a_preview(monday: World) -> None:
    guest = OutsideRecipient.objects.create(campaign=monday.campaign, name="督学", address="g@example.net")
    team = monday.team_member.teammember_set.get().team
    robot = Robot.objects.create(
        team=team,
        kind="wecom",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcd",
        ending="abcd",
    )
    browser = browser_of(monday.administrator)
    for reader in (
        {"outside": guest.pk},
        {"robot": robot.pk},
        {"person": monday.leader.pk},
        {"person": monday.reviewer.pk},
        {"person": monday.team_member.pk},
    ):
        assert "mail-text" in browser.get(PAGE, chosen(monday, **reader)).content.decode()


@pytest.mark.parametrize("reader", [{}, {"person": 999_999}, {"person": "x"}, {"period": "x"}])
def test_bad_choice_is_refused_with_a_word(monday: World, reader: dict[str, int | str]) -> None:
    page = browser_of(monday.administrator).get(PAGE, chosen(monday) | reader)
    assert page.status_code == 200
    assert b"errorlist" in page.content
    assert browser_of(monday.administrator).get(f"{PAGE}html/", chosen(monday) | reader).status_code == 400


def test_two_readers_at_once_are_refused(monday: World) -> None:
    guest = OutsideRecipient.objects.create(campaign=monday.campaign, name="督学", address="g@example.net")
    page = browser_of(monday.administrator).get(
        PAGE, chosen(monday, person=monday.liaison.pk, outside=guest.pk)
    )
    assert b"errorlist" in page.content


def test_person_without_a_role_has_none_and_the_page_says_so(monday: World) -> None:
    page = browser_of(monday.administrator).get(PAGE, chosen(monday, person=monday.newcomer.pk))
    assert b"errorlist" in page.content


def test_sent_again_it_is_one_mail_in_the_trail_and_two_clicks_are_one(monday: World) -> None:
    browser = browser_of(monday.administrator)
    form = chosen(monday, person=monday.liaison.pk)
    form["key"] = f"digest:{form['period']}:{monday.liaison.pk}:again:1"
    for _click in range(2):
        assert browser.post(f"{PAGE}send/", form).status_code == 302
    mail = Mail.objects.get()
    assert (mail.person, mail.state) == (monday.liaison, "waiting")
    entry = AuditEntry.objects.get(deed=Deed.CREATE, object_type="units.mail")
    assert (entry.actor, entry.object_id) == (monday.administrator, str(mail.pk))


@pytest.mark.parametrize("who", ["liaison", "reviewer", "leader", "auditor", "newcomer"])
def test_nobody_else_comes_in(monday: World, who: str) -> None:
    browser = browser_of(getattr(monday, who))
    for address in (PAGE, f"{PAGE}html/"):
        assert browser.get(address, chosen(monday, person=monday.liaison.pk)).status_code == 403
    assert browser.post(f"{PAGE}send/", chosen(monday, person=monday.liaison.pk)).status_code == 403
    assert not Mail.objects.exists()


def test_forged_key_sends_nothing(monday: World) -> None:
    form = chosen(monday, person=monday.liaison.pk) | {"key": "digest:1:1"}
    browser_of(monday.administrator).post(f"{PAGE}send/", form)
    assert not Mail.objects.exists()


def test_person_without_an_address_cannot_be_sent_to(monday: World) -> None:
    Account.objects.filter(pk=monday.liaison.pk).update(email="")
    form = chosen(monday, person=monday.liaison.pk)
    form["key"] = f"digest:{form['period']}:{monday.liaison.pk}:again:1"
    browser_of(monday.administrator).post(f"{PAGE}send/", form)
    assert not Mail.objects.exists()


def test_preview_costs_few_queries(monday: World, django_assert_max_num_queries: object) -> None:
    browser = browser_of(monday.administrator)
    browser.get(PAGE)
    with django_assert_max_num_queries(50):  # type: ignore[operator]
        browser.get(PAGE, chosen(monday, person=monday.leader.pk))
