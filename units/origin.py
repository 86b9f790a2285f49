"""Where the deed that runs now comes from: its address and its channel, for the audit trail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext_lazy

# Set by the middleware for the length of a request; empty in commands and tasks.
address: ContextVar[str | None] = ContextVar("address", default=None)
# "web", "command units import", "task tasks.tally"; empty where Python itself called.
channel: ContextVar[str] = ContextVar("channel", default="")

LONGEST = 60
# The portal's own commands, whose second word says what they do.
HAVE_ACTIONS = {"accounts", "audit", "records", "statistics", "units"}
WORD = re.compile(r"[a-z_]{1,30}")
WAYS = {
    "web": gettext_lazy("on a page"),
    "command": gettext_lazy("by command"),
    "task": gettext_lazy("in the background"),
}


@contextmanager
def coming_from(name: str, at: str | None = None) -> Iterator[None]:
    """Let every deed inside be written down as coming through `name`, and from the address `at`."""
    channel_before, address_before = channel.set(name[:LONGEST]), address.set(at)
    try:
        yield
    finally:
        address.reset(address_before)
        channel.reset(channel_before)


def of_command(arguments: Sequence[str]) -> str:
    """Return the channel of a command line: the command and its action, never what was typed behind them."""
    n_words = 2 if HAVE_ACTIONS.intersection(arguments[1:2]) else 1
    words = [word for word in arguments[1 : 1 + n_words] if WORD.fullmatch(word)]
    return " ".join(["command", *words])


def in_words(name: str) -> str:
    """Return a channel as people say it; what follows the first word is a name and stays."""
    first, _space, rest = name.partition(" ")
    if first not in WAYS:
        return name
    return f"{WAYS[first]} {rest}".rstrip()
