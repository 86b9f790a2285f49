"""PDF files in the child process: a header, an end, and no second file in the same bytes."""

from __future__ import annotations

import re
from pathlib import Path

from reports.records.files.kinds import Refusal

HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
END = b"%%EOF"
TAIL_BYTES = 4096
HEAD_BYTES = 4096
# A browser that guesses would take a page for a page, whatever stands before it.
PAGE = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|img|\?xml|\?php)", re.IGNORECASE)


def check(path: Path) -> None:
    """Refuse what is no whole PDF file or is something else as well; an encrypted one is fine.

    Raises: Refusal `damaged`, `unsafe`.
    """
    content = path.read_bytes()
    if not HEADER.match(content):
        raise Refusal("damaged")
    end = content.rfind(END)
    if end < 0 or end < len(content) - TAIL_BYTES:
        raise Refusal("damaged")
    if content[end + len(END) :].strip(b"\0\t\n\r\x1a ") or PAGE.search(content[:HEAD_BYTES]):
        raise Refusal("unsafe")
