"""The launcher's parts: watching over small programs, the socket, the port, the terminal."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import LazySettings

from portal import environment
from portal.launcher import broker
from portal.launcher.children import Child
from portal.launcher.output import Terminal
from portal.launcher.refusals import Refusal
from portal.launcher.watching import Watch

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
PARENT_OF_DEAF = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {DEAF!r}])
print(child.pid, flush=True)
child.wait()
"""


def program(name: str, code: str) -> Child:
    """Return a small Python program that plays one of ours."""
    return Child(name, [sys.executable, "-c", code], dict(os.environ))


def is_alive(pid: int) -> bool:
    """Say whether a process lives; one that only waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_program_that_keeps_dying_ends_the_portal_with_its_last_words() -> None:
    heard = io.StringIO()
    watch = Watch(Terminal(heard))
    watch.start(program("web", "print('no such table'); raise SystemExit(3)"))
    with pytest.raises(Refusal, match="web"):
        watch.run_until(lambda: False, 30)
    assert heard.getvalue().count("no such table") == 5


def test_program_that_does_not_listen_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.launcher.watching.STOP_SECONDS", 0.5)
    heard = io.StringIO()
    watch = Watch(Terminal(heard))
    watch.start(program("worker", PARENT_OF_DEAF))
    assert watch.run_until(lambda: "up" in heard.getvalue(), 10)
    grandchild = int(next(line for line in heard.getvalue().splitlines() if line[-1].isdigit()).split()[-1])
    watch.stop()
    deadline = time.monotonic() + 5
    while is_alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(grandchild)


def test_signal_ends_the_watch_and_the_old_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    watch = Watch(Terminal(io.StringIO()))
    with watch.signals():
        signal.raise_signal(signal.SIGTERM)
        watch.run()
        assert watch.is_stopping
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel of Linux alone ends children with their parent"
)
def test_program_ends_with_a_parent_that_was_killed() -> None:
    starter = (
        "import os, sys, time\n"
        "from portal.launcher.children import Child\n"
        "child = Child('web', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def test_file_gets_no_colour_and_letters_that_it_does_not_know_stop_nothing() -> None:
    written = io.BytesIO()
    terminal = Terminal(io.TextIOWrapper(written, encoding="ascii"))
    terminal.say("胡老师\nliaison", "beat")
    assert written.getvalue() == b"beat   | ???\nbeat   | liaison\n"


@pytest.mark.parametrize("folder", ["x" * 120, "中文", "a b", "a#b", "a?b"])
def test_socket_with_a_long_or_odd_path_gets_a_short_stand_in(folder: str) -> None:
    wished = Path("/srv") / folder / "valkey.sock"
    found = environment.socket_path(wished)
    assert found != wished
    assert len(os.fsencode(found)) < 100
    assert found == environment.socket_path(wished)
    assert found != environment.socket_path(wished.parent / "other" / "valkey.sock")


def test_plain_path_of_a_socket_stays() -> None:
    assert environment.socket_path(Path("/srv/portal/var/v.sock")) == Path("/srv/portal/var/v.sock")


def test_redis_on_path_is_used_where_there_is_no_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(broker, "get_binary_path", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal, match="REDIS_URL"):
        broker.server_program()
    server = tmp_path / "redis-server"
    server.touch(mode=0o755)
    assert broker.server_program() == str(server)


def test_folder_of_the_socket_that_is_not_ours_is_refused(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    settings.BROKER_SOCKET = tmp_path / "stand-in" / "valkey.sock"
    settings.BROKER_SOCKET.parent.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(Refusal):
        broker.prepare()
