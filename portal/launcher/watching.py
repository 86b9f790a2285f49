"""Watch over the programs from one thread: pass on what they say, restart what dies, stop them all."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from django.utils.translation import gettext as _

from portal.launcher.children import MAX_DEATHS, Child
from portal.launcher.output import Terminal
from portal.launcher.refusals import Refusal

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.1
# Asked to stop: the worker gives its tasks 4 s, the web server its requests 3 s. All is over within 10 s.
STOP_SECONDS = 7.0
BROKER_STOP_SECONDS = 2.0


class Watch:
    """Holds the running programs."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._n_stop_signals = 0

    @property
    def is_stopping(self) -> bool:
        """Say whether somebody asked to stop."""
        return self._n_stop_signals > 0

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, SIGTERM and the closing of the terminal as the wish to stop, until the block ends."""
        before = {number: signal.signal(number, self._note) for number in STOP_SIGNALS}
        # A signal that comes while the loop waits has to wake it.
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        self._selector.register(reader, selectors.EVENT_READ)
        old = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.unregister(reader)
            os.close(reader)
            os.close(writer)

    def start(self, child: Child) -> None:
        """Start a program and watch over it from now on."""
        child.start()
        self._selector.register(child.output, selectors.EVENT_READ, child)
        if child not in self._children:
            self._children.append(child)

    def run_until(self, is_reached: Callable[[], bool], seconds: float) -> bool:
        """Watch until something is reached; say whether it was, in time and before the wish to stop.

        Raises: Refusal when a program dies too often.
        """
        deadline = time.monotonic() + seconds
        while not self.is_stopping and time.monotonic() < deadline:
            if is_reached():
                return True
            self._turn()
        return False

    def run(self) -> None:
        """Watch until somebody asks to stop. Raises: Refusal when a program dies too often."""
        while not self.is_stopping:
            self._turn(1.0)

    def stop(self) -> None:
        """Stop all programs, the broker last; whoever does not listen is killed with its whole group."""
        asked = self._n_stop_signals
        for names, seconds in (({"web", "worker", "beat"}, STOP_SECONDS), ({"broker"}, BROKER_STOP_SECONDS)):
            children = [child for child in self._children if child.name in names]
            for child in children:
                child.ask_to_stop()
            deadline = time.monotonic() + seconds
            while any(child.is_running for child in children) and time.monotonic() < deadline:
                if self._n_stop_signals > max(asked, 1):
                    break  # asked twice: at once
                self._listen(TICK_SECONDS)
            for child in children:
                child.kill()
        for child in self._children:
            self._hear_out(child)

    def _turn(self, seconds: float = TICK_SECONDS) -> None:
        """Pass on output, then see to the dead and to those whose pause is over."""
        self._listen(min(seconds, TICK_SECONDS) if self._has_pending(self._children) else seconds)
        for child in self._children:
            if child.starts_at is not None:
                if time.monotonic() >= child.starts_at:
                    self.start(child)
            elif not child.is_running:
                self._replace(child)

    def _has_pending(self, children: Sequence[Child]) -> bool:
        """Say whether a program waits for its next start."""
        return any(child.starts_at is not None for child in children)

    def _listen(self, seconds: float) -> None:
        """Wait at most so long for output and pass it on."""
        for key, _events in self._selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 64)
            else:
                self._hear(key.data)

    def _hear(self, child: Child) -> bool:
        """Pass on what one program wrote; say whether it was anything. An ended pipe is closed."""
        lines = child.read_lines()
        if lines is None:
            self._forget(child)
        for line in lines or []:
            self._terminal.say(line, child.name)
        return bool(lines)

    def _hear_out(self, child: Child) -> None:
        """Pass on the last words of a run that is over."""
        while not child.output.closed and self._hear(child):
            pass
        # Somebody who left the group may hold the other end for ever.
        self._forget(child)

    def _forget(self, child: Child) -> None:
        """Close the pipe of a run that is over."""
        if not child.output.closed:
            self._selector.unregister(child.output)
            child.output.close()

    def _replace(self, child: Child) -> None:
        """Report a death and plan the next start. Raises: Refusal after too many."""
        code = child.exit_code
        pause = child.bury()
        self._hear_out(child)
        if pause is None:
            raise Refusal(
                _(
                    "%(name)s stopped %(n)d times within a minute, so the portal stops. "
                    "Its lines above say why."
                )
                % {"name": child.name, "n": MAX_DEATHS}
            )
        self._terminal.say(
            _("stopped (exit code %(code)s); starts again in %(pause).1f s") % {"code": code, "pause": pause},
            child.name,
        )

    def _note(self, number: int, frame: FrameType | None) -> None:
        """Count a wish to stop."""
        self._n_stop_signals += 1
