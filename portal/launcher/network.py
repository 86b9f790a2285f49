"""The port that the portal serves on."""

from __future__ import annotations

import errno
import http.client
import socket

from django.utils.translation import gettext as _

from portal.launcher.refusals import Refusal


def ensure_free(host: str, port: int) -> None:
    """Make sure that nobody listens there. Raises: Refusal with the next free port.

    Tried with a socket of our own before anything starts: the web server shares its port among its
    processes, and so it would share it with a stranger's too without a word.
    """
    problem = _problem(host, port)
    if problem is None:
        return
    if problem.errno == errno.EADDRINUSE:
        following = next((n for n in range(port + 1, min(port + 100, 65536)) if _problem(host, n) is None), 0)
        raise Refusal(
            _("Port %(port)d of %(host)s is in use by another program. Choose another one: PORT=%(free)d.")
            % {"port": port, "host": host, "free": following or 8000}
        )
    raise Refusal(
        _("The portal cannot serve on %(host)s, port %(port)d (%(reason)s). Choose others: HOST, PORT.")
        % {"port": port, "host": host, "reason": problem.strerror}
    )


def answers(host: str, port: int, timeout_seconds: float = 1.0) -> bool:
    """Say whether a web server gives any answer there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a question, not a bind
    connection = http.client.HTTPConnection(reachable, port, timeout=timeout_seconds)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _problem(host: str, port: int) -> OSError | None:
    """Return what keeps us from listening there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the web server does, so that connections of the last run that are ending do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None
