"""The door: from the bytes of a foreign file to rows of cells, or one error in the person's words."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.workbooks.limits import LIMITS, MAX_BYTES, MEBIBYTE, WAIT_SECONDS

Cell = str | int | float | bool | dt.date | dt.datetime | None

ROOT = Path(__file__).resolve().parent.parent.parent
SUFFIXES = (".xls", ".xlsx", ".xlsm", ".ods", ".csv")

MESSAGES: dict[str, str | Promise] = {
    "password": gettext_lazy(
        "“%(name)s” is protected by a password. Open it, remove the password, save it and hand it in again."
    ),
    "damaged": gettext_lazy(
        "“%(name)s” is damaged and cannot be read. "
        "Open it in a spreadsheet program, save it as xlsx and hand it in again."
    ),
    "not_a_workbook": gettext_lazy(
        "“%(name)s” is no workbook. Hand in a file of type xlsx, xls, ods or csv."
    ),
    "unsupported": gettext_lazy(
        "“%(name)s” is of a kind that is not read here. "
        "Open it in a spreadsheet program, save it as xlsx and hand it in again."
    ),
    "unsafe": gettext_lazy(
        "“%(name)s” holds a document type declaration, which no spreadsheet program writes, so it is not "
        "opened. Copy the cells into a new workbook and hand that in."
    ),
    "empty": gettext_lazy("“%(name)s” is empty. Hand in a file with at least one row."),
}
TOO_LARGE: dict[str, str | Promise] = {
    "bytes": gettext_lazy("“%(name)s” is larger than %(limit)s MiB. Hand it in in parts."),
    "entries": gettext_lazy("“%(name)s” is packed from more than %(limit)s parts, so it is not opened."),
    "unpacked": gettext_lazy("“%(name)s” unpacks to more than %(limit)s MiB. Hand it in in parts."),
    "rows": gettext_lazy("A sheet of “%(name)s” has more than %(limit)s rows. Hand it in in parts."),
    "columns": gettext_lazy(
        "A sheet of “%(name)s” has more than %(limit)s columns. "
        "Delete what stands to the right of your table."
    ),
    "cells": gettext_lazy(
        "A sheet of “%(name)s” spans more than %(limit)s cells. "
        "Delete what stands far away from your table, or hand it in in parts."
    ),
    "time": gettext_lazy("Reading “%(name)s” took more than %(limit)s seconds. Hand it in in parts."),
    "memory": gettext_lazy("Reading “%(name)s” took more than %(limit)s MiB of memory. Hand it in in parts."),
}
IN_MEBIBYTES = {"bytes", "unpacked", "memory"}


class WorkbookError(Exception):
    """The file was not read. `code` is a key of MESSAGES or `too_large`; `what` names the limit then."""

    def __init__(self, code: str, message: str, *, what: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.what = what


class Written(TypedDict):
    """One sheet as the child writes it down."""

    name: str
    rows: list[list[object]]


class Answer(TypedDict, total=False):
    """What the child says: either sheets, or an error with the limit that it is about."""

    sheets: list[Written]
    error: str
    what: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet; `rows[i][j]` is the cell in row i + 1 and column j + 1. A csv has one, unnamed."""

    name: str
    rows: list[list[Cell]]


def read(content: bytes, name: str) -> list[Sheet]:
    """Return the visible sheets of an xlsx, xls, ods or csv file called `name`.

    The file is opened in a child process with limits of time and memory; the wait is 10 s at most.
    Raises: WorkbookError `password`, `damaged`, `not_a_workbook`, `unsupported`, `unsafe`, `empty`,
    `too_large`.
    """
    if not name.lower().endswith(SUFFIXES):
        raise refusal("not_a_workbook", name)
    if not content:
        raise refusal("empty", name)
    if len(content) > MAX_BYTES:
        raise refusal("too_large", name, "bytes")
    answer = _ask_child(content, name)
    if "error" in answer:
        raise refusal(answer["error"], name, answer["what"])
    return [
        Sheet(sheet["name"], [[_cell(cell) for cell in row] for row in sheet["rows"]])
        for sheet in answer["sheets"]
    ]


def read_path(path: Path) -> list[Sheet]:
    """Read a file of this machine; at most one byte more than the limit is taken in.

    Raises: WorkbookError as `read`, OSError where the file cannot be opened.
    """
    with path.open("rb") as file:
        return read(file.read(MAX_BYTES + 1), path.name)


def refusal(code: str, name: str, what: str = "") -> WorkbookError:
    """Return the error for a file called `name`, with its sentence."""
    shown = PurePath(name).name
    if code != "too_large":
        return WorkbookError(code, str(MESSAGES[code]) % {"name": shown})
    limit = LIMITS[what] // MEBIBYTE if what in IN_MEBIBYTES else LIMITS[what]
    return WorkbookError(code, str(TOO_LARGE[what]) % {"name": shown, "limit": f"{limit:,}"}, what=what)


def text(cell: Cell) -> str:
    """Return a cell as text: a whole number without its ".0", a day as 2026-11-23, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time.min:
        return cell.date().isoformat()
    return str(cell)


def column_letters(column: int) -> str:
    """Return what the column with this number, from 1, is called in a spreadsheet: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _ask_child(content: bytes, name: str) -> Answer:
    """Run the reader and return its answer; what kills it is told by how it died."""
    # Our own interpreter and our own module; the file comes by standard input.
    try:
        done = subprocess.run(
            [sys.executable, "-m", "units.workbooks.child"],
            input=content,
            capture_output=True,
            cwd=ROOT,
            env=_environment(),
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("too_large", name, "time") from error
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise refusal("too_large", name, "time")
    if done.returncode in {-signal.SIGABRT, -signal.SIGSEGV}:
        raise refusal("too_large", name, "memory")
    if done.returncode != 0:
        raise refusal("damaged", name)
    answer: Answer = json.loads(done.stdout)
    return answer


def _environment() -> dict[str, str]:
    """Return what the child needs to find its libraries, and none of the portal's secrets."""
    needed = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    kept = {key: os.environ[key] for key in needed if key in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def _cell(value: object) -> Cell:
    """Return a cell as the child wrote it down."""
    if isinstance(value, list):
        kind, written = value
        return dt.date.fromisoformat(written) if kind == "d" else dt.datetime.fromisoformat(written)
    return value or None if isinstance(value, str) else value  # type: ignore[return-value]
