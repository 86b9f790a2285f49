"""Pinyin initials, by which people look for a unit: bhsdyzx finds 滨海市第一中学.

A character with several readings has the one that the library's dictionary of words gives it (重庆 is cq);
where no word decides it has its most frequent one (单县 is dx and not sx). Such a unit is found by its name
and its code all the same. Letters and digits stand for themselves, a character without a reading for nothing.
"""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin

LONGEST = 200


def initials(name: str) -> str:
    """Return the initials of a name: small letters and digits, 200 at most."""
    read = lazy_pinyin(unicodedata.normalize("NFKC", name), style=Style.FIRST_LETTER)
    return "".join(sign for sign in "".join(read).lower() if sign.isascii() and sign.isalnum())[:LONGEST]
