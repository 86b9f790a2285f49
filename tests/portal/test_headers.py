"""What every answer brings along (C38–C40, C48, C51), asked of every address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.http import HttpResponseBase
from django.test import Client

from tests.personas import World
from tests.portal.test_addresses import ALL, FORGED, filled, numbers_of
from units.models import Account, AuditEntry

SignIn = Callable[[Account], Client]
NEEDED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A mail's own HTML, shown in a frame without rights; its policy lets nothing run and nothing load.
FRAMED = re.compile(r"/admin/units/mail/\d+/html/")
INLINE = re.compile(
    rb"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*(\ssrc=|application/json))", re.I
)


def check(path: str, response: HttpResponseBase) -> None:
    """Check one answer."""
    policy = response.headers["Content-Security-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"], path
    for directive in ("default-src", "object-src 'none'", "base-uri 'none'", "frame-ancestors"):
        if not FRAMED.fullmatch(path):
            assert directive in policy, (path, policy)
    if FRAMED.fullmatch(path) and response.status_code == 200:
        assert policy.startswith("sandbox; default-src 'none'")
        return
    assert "unsafe" not in policy, path
    for name, value in NEEDED.items():
        assert response.headers[name] == value, (path, name)
    if "html" in response.headers.get("Content-Type", "") and not response.streaming:
        found = INLINE.search(response.content)  # type: ignore[attr-defined]
        assert found is None, (path, found)


def paths(world: World) -> list[str]:
    """Return every address but the way out, with numbers that lead somewhere and with ones that do not."""
    numbers = numbers_of(world) | {"auditentry": [AuditEntry.objects.latest("pk").pk]}
    found = {path for address in ALL if address.route != "/sign-out/" for path in filled(address, numbers)}
    return sorted(found | {"/nowhere/"})


@pytest.mark.parametrize("who", ["", "liaison", "reviewer", "administrator", "auditor"])
def test_c40_every_answer_has_the_headers_and_no_inline_code(world: World, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who)) if who else Client()
    asked = paths(world)
    assert len(asked) > 70
    for path in asked:
        check(path, client.get(path))
    # What refuses: without a token, and a failure of the portal itself.
    strict = Client(enforce_csrf_checks=True)
    check("/language/", strict.post("/language/", FORGED))


def test_c40_a_failure_of_the_portal_has_the_headers(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.liaison)
    client.raise_request_exception = False
    monkeypatch.setattr("portal.views.work_of", None)
    response = client.get("/")
    assert response.status_code == 500
    check("/", response)


def test_c48_no_page_of_a_signed_in_person_may_be_kept(world: World, sign_in: SignIn) -> None:
    for who in (world.liaison, world.auditor):
        client = sign_in(who)
        for path in paths(world):
            kept = client.get(path).headers["Cache-Control"]
            assert "no-store" in kept, path


def test_c51_after_signing_out_no_page_shows_anything(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.liaison)
    pages = ["/", "/records/", f"/records/{world.draft().pk}/"]
    assert all(client.get(page).status_code == 200 for page in pages)
    client.post("/sign-out/")
    assert all(client.get(page).status_code == 302 for page in pages)


SERVER = {
    "DATABASE_URL": "postgres://localhost/portal",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "check-only-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "portal.example.org",
    "BEHIND_PROXY": "1",
}
NAMES = (
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "CSRF_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SAMESITE",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "USE_X_FORWARDED_HOST",
    "DEBUG",
)


def server(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository with a server's environment."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=known | SERVER | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_c15_c38_c39_a_server_speaks_https_and_its_cookies_are_its_own(tmp_path: Path) -> None:
    asked = f"from portal import settings as s; print([getattr(s, n, None) for n in {NAMES!r}])"
    done = server("-c", asked, VAR_DIR=str(tmp_path))
    values = dict(zip(NAMES, eval(done.stdout), strict=True))  # noqa: S307 – what we printed ourselves
    assert values == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "USE_X_FORWARDED_HOST": None,
        "DEBUG": False,
    }


def test_c69_the_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    done = server("manage.py", "check", "--deploy", "--fail-level", "WARNING", VAR_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("key", ["", "short"])
def test_c44_a_server_without_a_long_key_does_not_start(tmp_path: Path, key: str) -> None:
    done = server("manage.py", "check", VAR_DIR=str(tmp_path), SECRET_KEY=key)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_c44_a_session_survives_a_change_of_the_key(
    world: World, sign_in: SignIn, settings: LazySettings
) -> None:
    client = sign_in(world.liaison)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-" * 6
    assert client.get("/records/").status_code == 200
    client = sign_in(world.liaison)
    settings.SECRET_KEY = "and-another-" * 6
    assert client.get("/records/").status_code == 302
