"""Where bytes lie: in the default storage, under the name that their SHA-256 gives them.

The same bytes are one file, and a file that is there under its name is the right one; so it may be written
before the row that speaks of it is committed, and a crash between the two leaves a file to be swept, never a
row without one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

FILES, THUMBNAILS = "files", "thumbnails"
INCOMING = "incoming"
CHUNK = 1024 * 1024


class _Ready(File):  # type: ignore[type-arg]
    """A file that lies ready to be moved; a storage that cannot move reads it."""

    def temporary_file_path(self) -> str:
        """Return where it lies."""
        return str(self.file.name)  # type: ignore[union-attr]


def incoming() -> Path:
    """Return the folder in which uploads are worked on, on the disk on which they will lie."""
    folder = Path(settings.MEDIA_ROOT) / INCOMING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder of one's own for one upload, gone at the end whatever happens."""
    with tempfile.TemporaryDirectory(dir=incoming(), prefix="work-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def path_of(sha256: str) -> str:
    """Return the storage's name of a file."""
    return f"{FILES}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def thumbnail_of(sha256: str) -> str:
    """Return the storage's name of a picture's thumbnail."""
    return f"{THUMBNAILS}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep(path: Path, name: str) -> None:
    """Move a ready file to its name in the storage, over an older copy; on the disk before it counts."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        kept = default_storage.save(name, _Ready(file))
    if kept != name:
        # A storage that would not write over a file has made a second one.
        default_storage.delete(kept)


def read(name: str) -> IO[bytes]:
    """Open a stored file. Raises: OSError where there is none."""
    return default_storage.open(name, "rb")


def is_whole(file: IO[bytes], sha256: str) -> bool:
    """Say whether the bytes are those that the name promises, and go back to the first one."""
    found = hashlib.sha256()
    while step := file.read(CHUNK):
        found.update(step)
    file.seek(0)
    return found.hexdigest() == sha256


def remove(sha256: str) -> None:
    """Delete a file and its thumbnail; a missing one is no error."""
    default_storage.delete(path_of(sha256))
    default_storage.delete(thumbnail_of(sha256))


def stored(before: dt.datetime) -> Iterator[str]:
    """Yield the SHA-256 of what lies in the storage, with or without a row, and is older than `before`.

    A picture comes twice, for its thumbnail is looked for as well: a killed upload may have left it alone.
    """
    for top in (FILES, THUMBNAILS):
        for first in _folders(top):
            for second in _folders(f"{top}/{first}"):
                folder = f"{top}/{first}/{second}"
                for name in default_storage.listdir(folder)[1]:
                    if default_storage.get_modified_time(f"{folder}/{name}") < before:
                        yield name


def clear_incoming(before: dt.datetime) -> int:
    """Delete what uploads of killed processes left behind; return how many files."""
    n_deleted = 0
    for path in sorted(incoming().rglob("*"), reverse=True):
        if path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)
            n_deleted += 1
    return n_deleted


def _folders(folder: str) -> list[str]:
    return default_storage.listdir(folder)[0] if default_storage.exists(folder) else []
