"""Find what belongs to one person in a text: identity numbers and mobile numbers. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# Source: GB 11643-1999, the weights of the first 17 digits and the sign for each remainder of 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIGNS = "10X98765432"
# Looked ahead, so that a number is found that begins inside of another run of digits and blanks.
IDENTITY = re.compile(r"(?<![0-9])(?=([1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx])(?![0-9]))")
MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9])")

# Fewer signs that stand for numbers cannot make eleven digits, even where one sign stands for ten.
FEW = 6


def identity_numbers(text: str) -> list[str]:
    """Return the identity numbers in a text, masked: 18 digits with a birthday and a valid check digit."""
    return [_masked(found) for found in _digits(IDENTITY, text) if _is_identity(found)]


def mobile_numbers(text: str) -> list[str]:
    """Return the mobile numbers of the mainland in a text, masked."""
    return [_masked(found) for found in _digits(MOBILE, text)]


def _digits(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return what a pattern finds, each once and without blanks; full-width digits are digits."""
    if sum(map(str.isnumeric, text)) < FEW:
        return []
    found = (match.group(1) for match in pattern.finditer(unicodedata.normalize("NFKC", text)))
    return list(dict.fromkeys(re.sub("[ -]", "", one).upper() for one in found))


def _is_identity(number: str) -> bool:
    """Say whether the digits 7 to 14 are a day and the last sign is that of the others."""
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return SIGNS[total % 11] == number[17]


def _masked(number: str) -> str:
    """Return enough to find the number again in the text, and no more."""
    return f"{number[:3]}…{number[-2:]}"
