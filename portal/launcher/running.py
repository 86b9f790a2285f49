"""From the command to the address, and to the end."""

from __future__ import annotations

import os

from django.conf import settings
from django.utils.translation import gettext as _

from portal.demonstration.accounts import SignIn, password_file, sign_in_names
from portal.launcher import broker, folder, network, preparing
from portal.launcher.output import Terminal
from portal.launcher.programs import all_programs
from portal.launcher.refusals import Refusal
from portal.launcher.watching import Watch

BROKER_WAIT_SECONDS = 30.0
WEB_WAIT_SECONDS = 60.0


def run(terminal: Terminal) -> None:
    """Prepare, start, watch and stop; returns when somebody asked to stop.

    Raises: Refusal with the reason why it does not start or go on.
    """
    if os.name != "posix":
        raise Refusal(_("The portal runs on Linux and macOS. On Windows start it in WSL."))
    folder.ensure_writable(settings.VAR_DIR)
    with folder.held(settings.VAR_DIR, address()):
        network.ensure_free(settings.HOST, settings.PORT)
        _prepare(terminal)
        watch = Watch(terminal)
        with watch.signals():
            try:
                _start(watch, terminal)
                watch.run()
                terminal.say(_("Stopping."))
            finally:
                watch.stop()


def address() -> str:
    """Return the address to open in a browser."""
    if "BASE_URL" in os.environ:
        return settings.BASE_URL
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.HOST, settings.HOST)  # noqa: S104 - no bind
    return f"http://{host}:{settings.PORT}/"


def language() -> str:
    """Return English for a terminal that is set to it, else the portal's language."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if named.startswith("en") else settings.LANGUAGE_CODE


def _prepare(terminal: Terminal) -> None:
    """Make everything ready that the programs expect to find."""
    if broker.is_embedded():
        broker.prepare()
        if settings.VAR_DIR not in settings.BROKER_SOCKET.parents:
            terminal.say(
                _("The folder's path is too long or too special for a socket: the broker's lies at %(path)s.")
                % {"path": settings.BROKER_SOCKET}
            )
    else:
        broker.ensure_reachable(settings.BROKER_URL)
    if settings.IS_SERVER:
        preparing.check_server()
    else:
        preparing.prepare_embedded()


def _start(watch: Watch, terminal: Terminal) -> None:
    """Start the programs one after the other and say where the portal is.

    The web server comes before worker and clock: on two cores that halves the wait for the first page.
    """
    programs = {child.name: child for child in all_programs()}
    if "broker" in programs:
        watch.start(programs["broker"])
        if not watch.run_until(broker.is_ready, BROKER_WAIT_SECONDS) and not watch.is_stopping:
            raise Refusal(_("The embedded broker does not answer; its lines above say why."))
    watch.start(programs["web"])
    if not watch.run_until(lambda: network.answers(settings.HOST, settings.PORT), WEB_WAIT_SECONDS):
        if watch.is_stopping:
            return
        raise Refusal(_("The web server does not answer; its lines above say why."))
    watch.start(programs["worker"])
    watch.start(programs["beat"])
    _welcome(terminal)


def _welcome(terminal: Terminal) -> None:
    """Print the address, and who may sign in where this is the demonstration."""
    terminal.say(_("The portal runs at %(address)s") % {"address": address()})
    if settings.IS_SERVER:
        return
    terminal.say(_("This is the embedded demonstration; deploy/env.example lists what makes it a server."))
    accounts = sign_in_names()
    for account in accounts:
        terminal.say(_line(account))
    if accounts:
        terminal.say(
            _("Password of all: %(password)s (kept in %(file)s)")
            % {"password": accounts[0].password, "file": password_file()}
        )
    terminal.say(_("Ctrl-C stops it."))


def _line(account: SignIn) -> str:
    """Return one account as a line of the terminal."""
    return f"  {account.username:<14} {account.role}  {account.name}"
