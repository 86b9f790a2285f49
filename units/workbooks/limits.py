"""How much a file may hold; imported by the child process, so nothing of Django here."""

from __future__ import annotations

MEBIBYTE = 1024 * 1024

MAX_BYTES = 10 * MEBIBYTE
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 50 * MEBIBYTE
MAX_ROWS = 250_000
MAX_COLUMNS = 1_000
# The reader lays a sheet out as a full rectangle up to its last row and column.
MAX_CELLS = 1_000_000

# The child process; the parent stops waiting a little after the processor time must be used up.
CPU_SECONDS = 5
WAIT_SECONDS = 10
MEMORY_BYTES = 1024 * MEBIBYTE

# What a file may be too large in, with the limit that is shown.
LIMITS = {
    "bytes": MAX_BYTES,
    "entries": MAX_ENTRIES,
    "unpacked": MAX_UNPACKED_BYTES,
    "rows": MAX_ROWS,
    "columns": MAX_COLUMNS,
    "cells": MAX_CELLS,
    "time": CPU_SECONDS,
    "memory": MEMORY_BYTES,
}


class Refusal(Exception):  # noqa: N818
    """The file is not read. `code` says why; `what` is a key of LIMITS where it is too large."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.what = what


def check_size(*, rows: int, columns: int) -> None:
    """Refuse a rectangle that is too high, too wide or too full.

    Raises: Refusal `too_large`.
    """
    for what, number in (("rows", rows), ("columns", columns), ("cells", rows * columns)):
        if number > LIMITS[what]:
            raise Refusal("too_large", what)
