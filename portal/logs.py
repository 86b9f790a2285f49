"""How the log is written: a line for people, or one JSON object per line for what collects logs.

Whatever a message quotes, it stays one line: a name with a line break in it begins no line of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import unicodedata

from django.core.exceptions import ImproperlyConfigured

# Control characters, and the breaks of lines and paragraphs that Unicode adds; a tab is harmless.
BREAKS = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def one_line(text: str) -> str:
    """Return the text with every character escaped that could begin a line or hide what follows."""
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if character != "\t" and unicodedata.category(character) in BREAKS
        else character
        for character in text
    )


def moment_of(record: logging.LogRecord) -> str:
    """Return when it was in UTC with its offset (C33)."""
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")


class LineFormatter(logging.Formatter):
    """Moment, level, module, message; a traceback follows on lines of its own, indented."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{moment_of(record)} {record.levelname} {record.name} {one_line(record.getMessage())}"
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line += "".join(f"\n    {one_line(text)}" for text in trace.splitlines())
        return line


class JsonFormatter(logging.Formatter):
    """The same as one JSON object; what a message brings as `facts` keeps its fields."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": moment_of(record),
            "level": record.levelname,
            "name": record.name,
            "message": record.getMessage(),
        }
        facts = getattr(record, "facts", None)
        if facts:
            told["facts"] = facts
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        # ASCII: no line break of any script, and no half of a character, gets through.
        return json.dumps(told, default=str)


def configuration(level: str, form: str) -> dict[str, object]:
    """Return Django's LOGGING; each audit row is a line only where lines are collected.

    Raises: ImproperlyConfigured for a form that is neither line nor json.
    """
    if form not in {"line", "json"}:
        raise ImproperlyConfigured(f"LOG_FORMAT={form!r}: write line or json.")
    as_json = form == "json"
    # The last one would write down webhook addresses, which are passwords.
    quiet = ["axes", "celery.beat", "celery.app.trace", "celery.worker.strategy", "urllib3"]
    # A level of their own, for a worker is started with a higher one.
    trail = "INFO" if as_json else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "portal.logs.LineFormatter"},
            "json": {"()": "portal.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "stream": "ext://sys.stdout" if as_json else "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # Each tick of the clock would be four lines.
        "loggers": {name: {"level": "WARNING"} for name in quiet}
        | {name: {"level": trail} for name in ("units.audit", "units.anchoring")},
    }
