"""The process that opens a foreign file: little memory, little time, no Django, no secrets.

Called with a file and a folder; what it says is one JSON object on standard output: `{"kind": …}`, for a
picture with its size and with `clean` and `small` in the folder, or `{"error": code, "what": …}`. Started
by `inspecting.inspect` alone.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path

import filetype

from reports.records.files import packages, pictures, portable
from reports.records.files.kinds import (
    BY_MEDIA_TYPE,
    CPU_SECONDS,
    MAX_CLEAN_BYTES,
    MEMORY_BYTES,
    Refusal,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How a workbook program writes the name of the part that a password protects.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HEAD_BYTES = 8192


def confine() -> None:
    """Give up processor time, memory and disk beyond the limits, and core files altogether."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_CLEAN_BYTES, MAX_CLEAN_BYTES))
    # macOS knows the name and refuses the limit.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def inspect(source: Path, folder: Path) -> dict[str, object]:
    """Return what a file is by its content. Raises: Refusal."""
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(OLE):
        raise Refusal("password" if ENCRYPTED in source.read_bytes() else "old_office")
    if head.startswith(b"PK\x03\x04"):
        return {"kind": packages.check(source)}
    guessed = filetype.guess(head)
    kind = BY_MEDIA_TYPE.get(guessed.mime) if guessed else None
    # An animated picture has a name of its own there; its first frame is a picture.
    if guessed and guessed.mime == "image/apng":
        kind = BY_MEDIA_TYPE["image/png"]
    if kind is None:
        raise Refusal("not_taken", guessed.extension if guessed else "")
    if kind.is_picture:
        width, height = pictures.clean(source, kind.code, folder / "clean", folder / "small")
        return {"kind": kind.code, "width": width, "height": height}
    portable.check(source)
    return {"kind": kind.code}


def main() -> None:
    """Look, and answer in JSON whatever the file holds."""
    confine()
    source, folder = map(Path, sys.argv[1:3])
    try:
        answer = inspect(source, folder)
    except Refusal as refusal:
        answer = {"error": refusal.code, "what": refusal.what}
    except MemoryError:
        answer = {"error": "too_large", "what": "pixels"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
