"""Groups are told once, at allowed hosts alone, and nobody reads a robot's address."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from reports.digests.models import Robot, RobotMessage
from reports.digests.robots import sending
from reports.digests.robots.telling import ensure_robot_messages
from reports.digests.robots.wording import request_of
from tests.personas import World
from tests.reports.monday import NINE, monday
from tests.units.test_alerts import browser_of
from units.models import AuditEntry, Deed

__all__ = ["monday"]

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret-7f3a"


class Group(http.server.ThreadingHTTPServer):
    """A server that answers as it is told, and keeps what it was asked."""

    answer: tuple[int, dict[str, str], bytes] = (200, {}, b'{"errcode":0,"errmsg":"ok"}')
    asked: list[tuple[str, Any]]


class _Conversation(http.server.BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:  # the name is the library's
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        status, headers, answer = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, None))
        self.send_error(404)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    """Return a server that every message is posted to, past the check of the host."""
    with Group(("127.0.0.1", 0), _Conversation) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_address[1]}/hook?key=very-secret-7f3a"

        def led_here(robot: Robot, text: str, *, seconds: int) -> tuple[str, dict[str, object]]:
            return here, request_of(robot, text, seconds=seconds)[1]

        monkeypatch.setattr(sending, "request_of", led_here)
        monkeypatch.setattr(sending, "check_address", lambda _address: None)
        yield server
        server.shutdown()


@pytest.fixture
def robot(monday: World) -> Robot:
    """Return the robot of the team that looks at the school."""
    team = monday.team_member.teammember_set.get().team
    return Robot.objects.create(team=team, kind="wecom", address=WECOM, ending="7f3a")


def message(robot: Robot) -> RobotMessage:
    """Store one message that is due."""
    return RobotMessage.objects.create(key="test", robot=robot, text="第2周")


def state(row: RobotMessage) -> str:
    row.refresh_from_db()
    return row.state


def test_group_is_told_of_the_teams_week_once(monday: World, robot: Robot) -> None:
    assert ensure_robot_messages(monday.campaign, now=NINE) == 1
    assert ensure_robot_messages(monday.campaign, now=NINE + dt.timedelta(hours=1)) == 0
    text = RobotMessage.objects.get().text
    assert "第2周" in text
    assert monday.other_school.name not in text
    assert "http" not in text


def test_robot_that_is_off_says_nothing(monday: World, robot: Robot) -> None:
    Robot.objects.update(is_enabled=False)
    assert ensure_robot_messages(monday.campaign, now=NINE) == 0
    row = message(robot)
    assert sending.deliver_due(seconds=5) == 0
    assert state(row) == "waiting"


def test_message_arrives_once(robot: Robot, group: Group) -> None:
    row = message(robot)
    assert sending.deliver_due(seconds=5) == 1
    assert sending.deliver_due(seconds=5) == 0
    assert not sending.deliver(row.pk)
    assert [body for _path, body in group.asked] == [{"msgtype": "text", "text": {"content": "第2周"}}]
    assert state(row) == "sent"


@pytest.mark.parametrize(
    ("answer", "expected", "error"),
    [
        ((200, {}, b'{"errcode":45009,"errmsg":"api freq out of limit"}'), "waiting", "code 45009"),
        ((200, {}, b'{"code":19021,"msg":"sign match fail"}'), "waiting", "code 19021"),
        ((200, {}, b"<html>portal of a hotel</html>"), "waiting", "not JSON"),
        ((200, {}, b"{}"), "waiting", "no code"),
        ((500, {}, b""), "waiting", "HTTP 500"),
        ((429, {}, b""), "waiting", "HTTP 429"),
        ((404, {}, b""), "failed", "HTTP 404"),
    ],
)
def test_what_is_not_taken_is_not_called_sent(
    robot: Robot, group: Group, answer: tuple[int, dict[str, str], bytes], expected: str, error: str
) -> None:
    group.answer = answer
    row = message(robot)
    assert sending.deliver_due(seconds=5) == 0
    assert (state(row), row.error) == (expected, error)


def test_redirect_is_not_followed(robot: Robot, group: Group) -> None:
    elsewhere = f"http://127.0.0.1:{group.server_address[1]}/inside"
    group.answer = (302, {"Location": elsewhere}, b"")
    row = message(robot)
    sending.deliver_due(seconds=5)
    assert (state(row), row.error) == ("failed", "HTTP 302")
    assert len(group.asked) == 1


def test_host_that_is_allowed_no_more_is_not_posted_to(robot: Robot, settings: LazySettings) -> None:
    settings.ROBOT_HOSTS = ["open.feishu.cn"]
    row = message(robot)
    sending.deliver_due(seconds=5)
    assert (state(row), row.error) == ("failed", "robot_host")


def test_address_stands_in_no_log_no_error_and_no_trail(
    monday: World, robot: Robot, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="reports")
    group.server_close()
    row = message(robot)
    sending.deliver_due(seconds=5)
    assert state(row) == "waiting"
    assert row.error in {"ConnectionError", "ReadTimeout", "ConnectTimeout"}
    assert "very-secret" not in caplog.text


def test_message_of_a_dead_sender_is_posted_after_five_minutes(robot: Robot, group: Group) -> None:
    row = message(robot)
    for minutes, n_sent in ((4, 0), (6, 1)):
        RobotMessage.objects.update(
            state="sending", claimed_at=timezone.now() - dt.timedelta(minutes=minutes)
        )
        assert sending.deliver_due(seconds=5) == n_sent
    assert state(row) == "sent"


def test_eighth_failure_is_the_last(robot: Robot, group: Group) -> None:
    group.answer = (500, {}, b"")
    row = message(robot)
    for _attempt in range(sending.MAX_ATTEMPTS):
        RobotMessage.objects.update(next_try_at=timezone.now())
        sending.deliver_due(seconds=5)
    assert state(row) == "failed"
    assert len(group.asked) == sending.MAX_ATTEMPTS


def form_of(world: World, **changed: object) -> dict[str, object]:
    """Return the fields of a robot's form."""
    team = world.team_member.teammember_set.get().team
    return {
        "team": team.pk,
        "kind": "wecom",
        "webhook": WECOM,
        "language": "en",
        "is_enabled": "on",
    } | changed


def test_administrator_enters_a_robot_and_never_sees_its_address_again(monday: World) -> None:
    browser = browser_of(monday.administrator)
    assert browser.post("/admin/digests/robot/add/", form_of(monday, signing="SEC-hidden")).status_code == 302
    row = Robot.objects.get()
    assert (row.address, row.secret, row.ending) == (WECOM, "SEC-hidden", "7f3a")
    for address in ("", f"{row.pk}/change/", f"{row.pk}/history/"):
        page = browser.get(f"/admin/digests/robot/{address}").content.decode()
        assert "very-secret" not in page
        assert "SEC-hidden" not in page
    assert "very-secret" not in str(list(AuditEntry.objects.values_list("changes", "object_name")))


def test_empty_address_keeps_the_old_one_and_a_new_one_is_told_without_its_words(
    monday: World, robot: Robot
) -> None:
    browser = browser_of(monday.administrator)
    page = f"/admin/digests/robot/{robot.pk}/change/"
    browser.post(page, form_of(monday, webhook=""))
    robot.refresh_from_db()
    assert (robot.address, robot.language) == (WECOM, "en")
    browser.post(page, form_of(monday, webhook=WECOM.replace("7f3a", "9c9c")))
    entry = AuditEntry.objects.filter(deed=Deed.CHANGE, object_type="digests.robot").latest("pk")
    assert entry.changes == {"ending": ["7f3a", "9c9c"], "address": ["…", "…"]}


@pytest.mark.parametrize("webhook", ["", "https://127.0.0.1/", "http://qyapi.weixin.qq.com/x", "keine"])
def test_bad_address_is_named_and_not_shown_back(monday: World, webhook: str) -> None:
    answer = browser_of(monday.administrator).post(
        "/admin/digests/robot/add/", form_of(monday, webhook=webhook)
    )
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not Robot.objects.exists()


@pytest.mark.parametrize("page", ["robot/", "robot/add/", "robotmessage/"])
def test_reviewer_does_not_come_in(monday: World, page: str) -> None:
    assert browser_of(monday.reviewer).get(f"/admin/digests/{page}").status_code == 403


def test_failed_message_is_sent_again_and_the_trail_tells(monday: World, robot: Robot) -> None:
    row = message(robot)
    RobotMessage.objects.update(state="failed", error="HTTP 404", n_attempts=8)
    form = {"action": "send_again", "_selected_action": row.pk}
    browser_of(monday.administrator).post("/admin/digests/robotmessage/", form)
    assert (state(row), row.n_attempts) == ("waiting", 0)
    assert AuditEntry.objects.filter(object_type="digests.robotmessage", deed=Deed.CHANGE).exists()
