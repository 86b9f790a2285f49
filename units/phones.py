"""Phone numbers: what one may look like, and how much of it a list shows."""

from __future__ import annotations

import re
import unicodedata

# Digits, with a country code or an extension; blanks and hyphens are taken out first.
PHONE = re.compile(r"\+?[0-9]{5,20}(?:#[0-9]{1,6})?")
BETWEEN = re.compile(r"[\s\-()]+")


def tidy_phone(text: str) -> str:
    """Return a number without what people write between its digits, in plain digits."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def is_phone(text: str) -> bool:
    """Say whether a tidied text can be a phone number."""
    return bool(PHONE.fullmatch(text))


def masked(phone: str) -> str:
    """Return a number as lists show it: the beginning and the last four digits, enough to tell two apart."""
    if len(phone) < 8:
        return "•" * len(phone)
    return f"{phone[:3]}{'•' * (len(phone) - 7)}{phone[-4:]}"
