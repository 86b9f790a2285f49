"""What a text that comes from outside may hold; forms, imports and the API pass it through here.

Joiners and marks of direction stay: emoji and several scripts are written with them.
"""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 but tab and line feed, surrogates, what XML forbids, and what turns the reading direction.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def tidy(text: str) -> str:
    """Return a text in NFC with plain line ends, without control characters and outer blanks."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    # In this order: where something hid between a letter and its accent, both belong together afterwards.
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", plain)).strip()


def tidy_line(text: str) -> str:
    """Return a text as `tidy` does, on one line: every run of blanks is one space."""
    return " ".join(tidy(text).split())
