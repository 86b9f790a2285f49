"""A real Chromium for the tests of whole paths; they are skipped, with the reason, where there is none."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.personas import PASSWORD
from units.models import Account

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = {"serious", "critical"}
HEIGHT = 900
# As long as every other wait: two busy cores answer later than five seconds now and then.
TIMEOUT = 15_000
expect.set_options(timeout=TIMEOUT)
# No sandbox inside a container, and no request of the browser's own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Watched:
    """One page with all that it asked for and complained about."""

    page: Page
    host: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    tolerated: tuple[str, ...] = ()

    def note_request(self, request: Request) -> None:
        """Keep a request that leaves the machine under test."""
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != self.host:
            self.foreign.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        """Keep what the console holds against the page; a broken content policy is an error there."""
        if message.type in {"error", "warning"} and not message.text.startswith(self.tolerated):
            self.complaints.append(message.text)

    def check(self, name: str) -> None:
        """Fail on a grave barrier (axe), a side scroll, a foreign request or a complaint of the console."""
        barriers = self.barriers()
        assert not barriers, f"{name}: {barriers}"
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{name}: {width} px wider than the screen"
        assert not self.foreign, f"{name}: {self.foreign}"
        assert not self.complaints, f"{name}: {self.complaints}"

    def barriers(self) -> list[str]:
        """Return the serious and critical violations that axe finds, each with the element concerned."""
        # Through the debugger, not as a script of the page: the page's content policy stays as it is.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found: list[dict[str, Any]] = self.page.evaluate("axe.run().then(result => result.violations)")
        return [
            f"{rule['id']}: {[node['html'][:160] for node in rule['nodes']]}"
            for rule in found
            if rule["impact"] in GRAVE
        ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Close the connections that a test opened under Playwright's event loop, while the loop is there.

    Django keeps them apart from those of the thread; nobody else closes them, and PostgreSQL drops no
    database that somebody is connected to.
    """
    try:
        yield
    finally:
        if asyncio._get_running_loop() is not None:
            connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the live server, which starts before any test, an existing folder; it serves from the finders."""
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture
def chromium(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Start the browser for one test; CHROMIUM names another one.

    Not once for all: Playwright keeps an event loop in this thread, under which Django opens another
    connection, and that one could not restore the database before the next test.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on PATH; install it or set CHROMIUM to its path")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_at(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[[int], Watched]]:
    """Return a function that opens a watched page of the given width in a browser of its own."""
    contexts = []

    def page_of(width: int) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT}, base_url=live_server.url, locale="zh-CN"
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        watched = Watched(context.new_page(), urlsplit(live_server.url).netloc)
        watched.page.on("request", watched.note_request)
        watched.page.on("console", watched.note_message)
        return watched

    yield page_of
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in_by_form() -> Callable[[Watched, Account], None]:
    """Return a function that signs a person in as people do, on the form."""

    def fill_in(watched: Watched, account: Account) -> None:
        page = watched.page
        page.goto("/sign-in/")
        page.fill("[name=username]", account.username)
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/sign-in/'] [type=submit]")
        page.wait_for_url("**/")

    return fill_in
