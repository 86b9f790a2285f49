"""Whoever's way of signing in has changed learns of it by mail, in the deed's own transaction."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from tests.personas import World
from tests.portal.identity_steps import NEW_PASSWORD, signed_in, with_app
from units import accounts, passwords
from units.models import Account, Mail


def told() -> list[tuple[str, str]]:
    """Return whom the notices went to, and about what."""
    rows = Mail.objects.filter(key__startswith="notice:").order_by("pk")
    return [(row.address, row.subject.partition(" · ")[0]) for row in rows]


def test_new_password_is_told_in_the_persons_language(world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(language="en")
    world.liaison.refresh_from_db()
    passwords.change_password(world.liaison, NEW_PASSWORD, actor=world.liaison, way="present password")
    accounts.set_initial_password(world.head, actor=world.administrator)
    assert told() == [
        ("liaison@example.org", "Your password was changed"),
        ("head@example.org", "您的密码已修改"),
    ]
    mail = Mail.objects.earliest("pk")
    assert "If it was not you" in mail.text
    assert "If it was not you" in mail.html
    assert NEW_PASSWORD not in mail.text + mail.html


def test_factor_that_comes_and_goes_is_told(world: World) -> None:
    browser = signed_in(world.liaison)
    with_app(browser)
    browser.post("/account/security/app/remove/")
    assert told() == [("liaison@example.org", "您的双重验证方式已变更")] * 2


def test_person_without_an_address_is_told_nothing(world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(email="")
    world.liaison.refresh_from_db()
    passwords.change_password(world.liaison, NEW_PASSWORD, actor=world.liaison, way="present password")
    assert told() == []


def test_notice_that_cannot_be_written_undoes_the_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("full")

    before = world.liaison.password
    monkeypatch.setattr(Mail.objects, "bulk_create", refuse)
    with pytest.raises(DatabaseError):
        passwords.change_password(world.liaison, NEW_PASSWORD, actor=world.liaison, way="present password")
    assert Account.objects.get(pk=world.liaison.pk).password == before
