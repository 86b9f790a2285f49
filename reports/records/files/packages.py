"""Office files in the child process: zipped packages of a known content, without macros or hidden parts."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from reports.records.files.kinds import MAX_ENTRIES, MAX_UNPACKED_BYTES, OFFICE, Refusal

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    "docx": f"{OFFICE}.wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}.presentationml.presentation.main+xml",
}
# What runs when the file is opened.
MACROS = ("vbaproject", "activex/", "macrosheets/")
RUNS = re.compile(rb"macroEnabled|vbaProject|intlmacrosheet|activeX", re.IGNORECASE)
# What is fetched from elsewhere when the file is opened, without a click.
FETCHED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)
RELATIONSHIP = re.compile(rb"<[^<>]*Relationship\s[^<>]*>")
MARKUP = (".xml", ".rels", ".vml")
END = b"PK\x05\x06"
END_BYTES = 22
STEP = 64 * 1024


def check(path: Path) -> str:
    """Return which office file this is: docx, xlsx or pptx.

    Raises: Refusal `not_taken`, `damaged`, `password`, `too_large`, `unsafe`, `macros`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            kind = _kind(package, entries)
            _check_ends(path, entries)
            _check_names(entries)
            room = MAX_UNPACKED_BYTES
            for entry in entries:
                room -= _check_entry(package, entry, room)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("damaged") from error


def _kind(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    """Return what the package says that it is."""
    if len(entries) > MAX_ENTRIES:
        raise Refusal("too_large", "entries")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("password")
    if CONTENT_TYPES not in package.NameToInfo:
        raise Refusal("not_taken", "zip")
    declared = _unpacked(package, package.getinfo(CONTENT_TYPES), MAX_UNPACKED_BYTES)
    if RUNS.search(declared):
        raise Refusal("macros")
    found = [
        kind for kind, part in MAIN_PARTS.items() if f'"{part}"'.encode() in declared.replace(b"'", b'"')
    ]
    if len(found) != 1:
        raise Refusal("not_taken", "zip")
    return found[0]


def _check_ends(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a package with something before its first part or behind its last."""
    with path.open("rb") as file:
        file.seek(-END_BYTES, 2)
        end = file.read()
    is_whole = end.startswith(END) and end.endswith(b"\0\0")
    if not is_whole or min(entry.header_offset for entry in entries) != 0:
        raise Refusal("unsafe")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse names that lead out of the package or stand for two parts, and the parts that hold macros."""
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise Refusal("unsafe")
    for name in names:
        if name.startswith("/") or ":" in name or ".." in re.split(r"[/\\]", name):
            raise Refusal("unsafe")
        if any(word in name for word in MACROS):
            raise Refusal("macros")


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Unpack one part, whatever size it claims, and return how many bytes it has."""
    if not entry.filename.lower().endswith(MARKUP):
        return _length(package, entry, room)
    content = _unpacked(package, entry, room)
    plain = _as_bytes(content)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refusal("unsafe")
    if entry.filename.lower().endswith(".rels") and any(
        b"External" in found and FETCHED.search(found) for found in RELATIONSHIP.findall(plain)
    ):
        raise Refusal("unsafe")
    return len(content)


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return one part as long as it fits into the room that is left."""
    with package.open(entry) as part:
        content = part.read(room + 1)
    if len(content) > room:
        raise Refusal("too_large", "unpacked")
    return content


def _length(package: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Count the bytes of one part without shelf them; its checksum is compared by the way."""
    n_bytes = 0
    with package.open(entry) as part:
        while step := part.read(STEP):
            n_bytes += len(step)
            if n_bytes > room:
                raise Refusal("too_large", "unpacked")
    return n_bytes


def _as_bytes(content: bytes) -> bytes:
    """Return markup in a single-byte encoding, so that one search finds what is written in any of them."""
    return (
        content.replace(b"\0", b"")
        if b"\0" in content[:4] or content[:2] in {b"\xff\xfe", b"\xfe\xff"}
        else content
    )
