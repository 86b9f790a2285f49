"""The whole path with real processes: from a liaison's form to the statistics, a workbook and a mail.

It runs on the embedded database and broker, or, where DATABASE_URL names PostgreSQL, on those of a server.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import openpyxl
import psycopg
import pytest

from tests.flow.browser import Browser, Page
from tests.flow.processes import RunningPortal, command, portal, settings_of, wait_for

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]

TITLE = "宣讲进校园 1+1 第十二场"
PASSWORD = "a long demonstration password"
OUTER_DATABASE = os.environ.get("DATABASE_URL", "")
OUTER_REDIS = os.environ.get("REDIS_URL", "")
RECORDS = "/admin/records/activityrecord/"
FIGURES = ("sessions", "attendances")


@contextmanager
def database(name: str) -> Iterator[str]:
    """Make a database beside the test run's own, yield its address and drop it."""
    base, _mark, query = OUTER_DATABASE.partition("?")

    def address(of: str) -> str:
        return f"{base.rpartition('/')[0]}/{of}" + (f"?{query}" if query else "")

    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield address(name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """Prepare a server as docs/operations.md says, with the demonstration on top, and yield its settings."""
    with database(f"portal_story_{os.getpid()}") as address:
        environment = {
            "DATABASE_URL": address,
            "REDIS_URL": OUTER_REDIS,
            "SECRET_KEY": "only for this story " * 4,
            "HTTPS": "0",
            "DEMO_PASSWORD": PASSWORD,
            # A server asks its staff for one; the story is told without.
            "REQUIRE_SECOND_FACTOR": "none",
        }
        told = settings_of(folder, 1, **environment)
        for words in (["migrate"], ["collectstatic", "--noinput"], ["demonstration", "--force"]):
            subprocess.run([*command(words[0]), *words[1:]], env=told, check=True, capture_output=True)
        yield environment


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningPortal]:
    """Yield a portal that is ready, on the engine of this test run."""
    with ExitStack() as stack:
        environment = {"DEMO_PASSWORD": PASSWORD}
        if OUTER_DATABASE.startswith("postgres"):
            environment = stack.enter_context(server(tmp_path))
        started = stack.enter_context(portal(tmp_path, **environment))
        started.wait_until_ready()
        yield started


def person(running: RunningPortal, username: str) -> Browser:
    """Return the browser of somebody who has signed in and sees their first page."""
    browser = Browser(running.address)
    page = browser.sign_in(username, PASSWORD)
    assert (page.status, page.url) == (200, f"{running.address}/")
    assert "/sign-out/" in page.text
    return browser


def record_of(page: Page) -> int:
    """Return the number of the record whose page this is."""
    found = re.search(r"/records/(\d+)/$", page.url)
    assert found, (page.url, page.status)
    return int(found[1])


def status_of(page: Page) -> str:
    """Return the status that stands beside the record's title."""
    found = re.search(r'class="tag tag-([a-z]+)"', page.text)
    assert found, page.url
    return found[1]


def write_and_submit(liaison: Browser) -> int:
    """Record an activity as the form asks for it: a draft first, then to review."""
    assert "/records/new/" in liaison.open("/").text
    form_page = liaison.open("/records/new/lecture/")
    draft = liaison.send(
        form_page,
        form_page.form("title"),
        title=TITLE,
        place="报告厅",
        text="面向全体教师。",
        value_sessions="1",
        value_onsite="120",
        value_online="300",
        deed="save",
    )
    number = record_of(draft)
    submitted = liaison.send(draft, draft.form(f"/records/{number}/submit/"))
    assert record_of(submitted) == number
    assert status_of(submitted) == "submitted"
    return number


def decide(reviewer: Browser, number: int, verb: str, note: str = "") -> None:
    """Take a decision on the page that the queue leads to."""
    queue = reviewer.open(f"{RECORDS}?q={quote(TITLE)}")
    assert any(f"{RECORDS}{number}/change/" in link for link in queue.links)
    page = reviewer.open(f"{RECORDS}{number}/change/")
    answer = reviewer.send(page, page.form(f"/decide/{verb}/"), note=note)
    assert answer.status == 200


def figures(leader: Browser) -> list[int]:
    """Return the sessions and attendances of the whole system so far."""
    page = leader.open("/statistics/")
    assert page.status == 200
    return [page.figure(name) for name in FIGURES]


def test_record_travels_from_the_form_to_statistics_workbook_and_mail(running: RunningPortal) -> None:
    liaison, reviewer, leader = (person(running, name) for name in ("liaison", "reviewer", "leader"))
    before = figures(leader)

    number = write_and_submit(liaison)
    decide(reviewer, number, "return", note="请补充地点。")
    returned = liaison.open(f"/records/{number}/")
    assert "请补充地点。" in returned.text
    edit = liaison.open(f"/records/{number}/edit/")
    assert edit.form("title").fields["title"] == TITLE
    again = liaison.send(edit, edit.form("title"), place="大礼堂", deed="submit")
    assert status_of(again) == "submitted"
    assert figures(leader) == before

    decide(reviewer, number, "approve")
    approved_at = time.monotonic()
    wait_for(lambda: figures(leader) == [before[0] + 1, before[1] + 420], 5, lambda: running.printed)
    assert time.monotonic() - approved_at < 5
    assert liaison.open(f"/records/{number}/edit/").url.endswith(f"/records/{number}/")

    check_workbook(reviewer)
    check_digest(running, person(running, "administrator"))
    check_the_end(running)


def check_workbook(reviewer: Browser) -> None:
    """Export what is approved and find the record in the workbook, as text."""
    page = reviewer.open(f"{RECORDS}export/?status=approved&q={quote(TITLE)}")
    exported = reviewer.send(page, page.form("status=approved"), format="xlsx")
    assert "spreadsheetml" in exported.headers["Content-Type"]
    sheet = openpyxl.load_workbook(io.BytesIO(exported.content)).worksheets[0]
    [row] = [row for row in sheet.iter_rows(values_only=True) if TITLE in row]
    assert {1, 120, 300, "大礼堂"} <= set(row)


def check_digest(running: RunningPortal, administrator: Browser) -> None:
    """Find the liaison's digest as a file with text and HTML, once, and in the admin's list."""
    folder = running.folder / "var" / "mail"

    def digests() -> list[EmailMessage]:
        mails = [
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")
        ]
        return [mail for mail in mails if isinstance(mail, EmailMessage) and "liaison@" in mail["To"]]

    # The clock asks for digests once a minute.
    wait_for(lambda: len(digests()) > 0, 100, lambda: running.printed)
    [mail] = digests()
    parts = {part.get_content_type() for part in mail.walk()}
    assert {"text/plain", "text/html"} <= parts
    listed = administrator.open("/admin/units/mail/?q=liaison@")
    assert listed.status == 200
    assert mail["Subject"] in listed.text


def check_the_end(running: RunningPortal) -> None:
    """Stop it: within ten seconds, without an error on the way and with nobody left."""
    assert running.health()["ready"] is True
    assert running.stop() < 10
    assert running.process.returncode == 0, running.printed
    assert running.processes() == {}
    assert "Traceback" not in running.printed, running.printed
