"""What was taken out of a text and what was put in, word by word; Chinese character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+|\Z)")
WORD = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
# Longer stretches are shown as taken out and put in whole: comparing grows with the square.
MOST_COMPARED = 600
# So much of what stayed is shown around a change.
CONTEXT = 24
SAME, OUT, IN = "same", "out", "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a text: it stayed, was taken out, or was put in."""

    kind: str
    text: str


def pieces(was: str, became: str) -> list[Piece]:
    """Return the stretches of both texts in reading order, long unchanged ones shortened."""
    found: list[Piece] = []
    for piece in _by_sentence(was, became):
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    last = len(found) - 1
    return [_shortened(piece, place == 0, place == last) for place, piece in enumerate(found)]


def _by_sentence(was: str, became: str) -> Iterator[Piece]:
    """Compare sentences first, then the words of those that differ."""
    old, new = SENTENCE.findall(was), SENTENCE.findall(became)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Piece(SAME, gone)
        elif max(len(gone), len(come)) > MOST_COMPARED:
            yield from (Piece(OUT, gone), Piece(IN, come))
        else:
            yield from _by_word(gone, come)


def _by_word(was: str, became: str) -> Iterator[Piece]:
    """Compare two short texts word by word."""
    old, new = WORD.findall(was), WORD.findall(became)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(SAME, "".join(old[a:b]))
        else:
            yield from (Piece(OUT, "".join(old[a:b])), Piece(IN, "".join(new[c:d])))


def _shortened(piece: Piece, is_first: bool, is_last: bool) -> Piece:
    """Leave out the middle of what stayed; of the first and the last stretch, the far end."""
    head, tail = "" if is_first else piece.text[:CONTEXT], "" if is_last else piece.text[-CONTEXT:]
    if piece.kind != SAME or len(piece.text) <= len(head) + len(tail) + CONTEXT:
        return piece
    return Piece(SAME, f"{head}…{tail}")
