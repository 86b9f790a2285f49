"""Forty ways to write another host into `next`, at every door that reads it: none leads there."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from tests.personas import PASSWORD, World
from tests.portal.identity_steps import signed_in
from units.models import Account

PAYLOADS = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/records/",
    "//evil.example:80/",
    "//user@evil.example/",
    "//testserver@evil.example/",
    "//testserver:pw@evil.example/",
    "http://evil.example",
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "http:evil.example",
    "https:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "https:////evil.example",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,evil.example",
    "vbscript:evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "\\/\\/evil.example/",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x08//evil.example",
    "//evil。example",
    "//evil．example",
    "／／evil.example",
    "//evil.example\\@testserver",
    "http://testserver@evil.example",
    "http://testserver.evil.example",
    "http://[evil.example]/",
    "//[::ffff:c000:201]/evil.example",
    "?next=//evil.example\r\nLocation: https://evil.example",
]


def leaves(location: str) -> bool:
    """Say whether a browser would leave the portal: it drops control characters and turns backslashes."""
    read = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    try:
        target = urlsplit(urljoin("http://testserver/records/", read))
    except ValueError:
        return False
    return (target.scheme, target.netloc) != ("http", "testserver")


def at_sign_in(account: Account, target: str) -> str:
    sent = {"username": account.username, "password": PASSWORD, "next": target}
    return Client().post("/sign-in/", sent).headers["Location"]


def at_the_administration(account: Account, target: str) -> str:
    return Client().get("/admin/login/", {"next": target}).headers["Location"]


def at_the_language(account: Account, target: str) -> str:
    return Client().post("/language/", {"language": "en", "next": target}).headers["Location"]


def at_the_second_proof(account: Account, target: str) -> str:
    cache.clear()  # what counts the tries
    client = signed_in(account)
    told = client.post("/account/confirm/", {"password": PASSWORD, "next": target})
    return str(told.headers["Location"])


def after_a_form_that_was_too_slow(account: Account, target: str) -> str:
    return Client().post("/records/1/submit/", headers={"referer": target}).headers["Location"]


DOORS: list[Callable[[Account, str], str]] = [
    at_sign_in,
    at_the_administration,
    at_the_language,
    at_the_second_proof,
    after_a_form_that_was_too_slow,
]


def test_the_payloads_would_leave_a_portal_that_believed_them() -> None:
    assert len(set(PAYLOADS)) >= 40
    assert sum(map(leaves, PAYLOADS)) > 30


@pytest.mark.parametrize("door", DOORS)
def test_next_never_leads_to_another_host(world: World, door: Callable[[Account, str], str]) -> None:
    assert [target for target in PAYLOADS if leaves(door(world.liaison, target))] == []
