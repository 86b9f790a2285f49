"""The door: from what a browser sent to a file that may be kept, or one error in the person's words."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.records.files.kinds import KINDS, LIMITS, MAX_BYTES, PICTURE_SUFFIXES, WAIT_SECONDS, Kind
from units.rules import RuleError
from units.texts import tidy_line

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LONGEST_STEM = 100
# Names that Windows keeps for its devices, whatever the suffix.
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
# What no file system takes, besides what `tidy_line` drops.
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*'))
CHUNK = 64 * 1024
FIELD = "files"

MESSAGES: dict[str, str | Promise] = {
    "empty": _("“%(name)s” is empty. Choose the file once more."),
    "not_taken": _(
        "“%(name)s” is of a kind that is not taken. Hand in jpg, png, webp, pdf, docx, xlsx or pptx."
    ),
    "heic": _("“%(name)s” is a HEIC picture. Set the camera to “most compatible”, or hand it in as jpg."),
    "old_office": _(
        "“%(name)s” is in an old format. Open it, save it as docx, xlsx or pptx and hand that in."
    ),
    "lies": _("“%(name)s” is really of type %(what)s. Hand in the file itself, under its right name."),
    "password": _("“%(name)s” is protected by a password. Remove the password and hand it in again."),
    "damaged": _("“%(name)s” is damaged or was cut off. Open it, save it anew and hand it in again."),
    "macros": _("“%(name)s” holds macros. Save it without macros, as docx, xlsx or pptx."),
    "unsafe": _(
        "“%(name)s” holds something that may do harm when it is opened, so it is not taken. Save it as PDF."
    ),
    "time": _("Looking through “%(name)s” took too long, so it is not taken. Make it smaller."),
}
TOO_LARGE: dict[str, str | Promise] = {
    "bytes": _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or hand it in in parts."),
    "pixels": _("“%(name)s” has more than %(limit)s million pixels. Make the picture smaller."),
    "entries": _("“%(name)s” is packed from more than %(limit)s parts, so it is not opened."),
    "unpacked": _("“%(name)s” unpacks to more than %(limit)s MB. Make its pictures smaller."),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be kept, with its bytes in `path` and a thumbnail where it is a picture."""

    kind: Kind
    name: str
    path: Path
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    thumbnail: Path | None = None


def inspect(upload: UploadedFile[bytes], folder: Path) -> Found:
    """Return what was sent as it may be kept, written into `folder`; a picture loses all but its pixels.

    The file is opened in a child process with limits of time and memory.
    Raises: RuleError `empty`, `too_large`, `not_taken`, `old_office`, `lies`, `password`, `damaged`,
    `macros`, `unsafe`, `time`.
    """
    name, source = shown_name(upload.name or ""), folder / "source"
    _receive(upload, source, name)
    answer = _ask_child(source, folder, name)
    if "error" in answer:
        raise refusal(str(answer["error"]), name, str(answer["what"]))
    kind = KINDS[str(answer["kind"])]
    path = folder / "clean" if kind.is_picture else source
    return Found(
        kind=kind,
        name=_right_name(name, kind),
        path=path,
        sha256=digest(path),
        size=path.stat().st_size,
        width=_number(answer, "width"),
        height=_number(answer, "height"),
        thumbnail=folder / "small" if kind.is_picture else None,
    )


def refusal(code: str, name: str, what: str = "") -> RuleError:
    """Return the error about a file called `name`, with its sentence."""
    if code == "too_large":
        message = str(TOO_LARGE[what]) % {"name": name, "limit": LIMITS[what]}
        return RuleError(code, message, field=FIELD)
    said = MESSAGES["heic" if what in {"heic", "heif", "avif"} and code == "not_taken" else code]
    return RuleError(code, str(said) % {"name": name, "what": what}, field=FIELD)


def shown_name(name: str) -> str:
    """Return a name as it is shown and offered for saving: one line, no folders, nothing hidden."""
    last = tidy_line(name.replace("\\", "/").rpartition("/")[2]).translate(FORBIDDEN).strip().rstrip(". ")
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        stem, suffix = last, ""
    stem = stem.strip(". ")[:LONGEST_STEM] or str(_("file"))
    if stem.partition(".")[0].lower() in DEVICES:
        stem = f"_{stem}"
    return f"{stem}.{suffix[:10]}" if suffix else stem


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _receive(upload: UploadedFile[bytes], target: Path, name: str) -> None:
    """Copy what was sent, as far as it is not too large. Raises: RuleError `empty`, `too_large`."""
    n_bytes = 0
    with target.open("wb") as file:
        for chunk in upload.chunks(CHUNK):
            n_bytes += len(chunk)
            if n_bytes > MAX_BYTES:
                raise refusal("too_large", name, "bytes")
            file.write(chunk)
    if not n_bytes:
        raise refusal("empty", name)


def _right_name(name: str, kind: Kind) -> str:
    """Return the name with the suffix of what the file is.

    A picture under the name of another kind of picture is what telephones and messengers make, and gets its
    right name; every other wrong name is a lie. Raises: RuleError `lies`.
    """
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return f"{name}.{kind.code}"
    if suffix.lower() in kind.suffixes:
        return name
    if kind.is_picture and suffix.lower() in PICTURE_SUFFIXES:
        return f"{stem}.{kind.code}"
    raise refusal("lies", name, kind.code)


def _ask_child(source: Path, folder: Path, name: str) -> dict[str, object]:
    """Run the child and return its answer. Raises: RuleError `time`, `damaged`."""
    # Our own interpreter and our own module; the file is named by a path of our own making.
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "reports.records.files.child", str(source), str(folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=ROOT,
            env=_environment(),
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("time", name) from error
    if done.returncode < 0:
        raise refusal("time", name)
    if done.returncode:
        raise refusal("damaged", name)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _environment() -> dict[str, str]:
    """Return what the child needs to find its libraries, and none of the portal's secrets."""
    needed = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    kept = {key: os.environ[key] for key in needed if key in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def _number(answer: dict[str, object], name: str) -> int | None:
    found = answer.get(name)
    return found if isinstance(found, int) else None
