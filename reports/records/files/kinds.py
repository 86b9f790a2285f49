"""The kinds of files that are taken, and how much each may hold; the child imports this, so no Django."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024

MAX_BYTES = 20 * MEBIBYTE
MAX_PIXELS = 40_000_000
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 50 * MEBIBYTE
THUMBNAIL_PIXELS = 480

# The child process; the parent stops waiting a little after the processor time must be used up.
CPU_SECONDS = 20
WAIT_SECONDS = 40
MEMORY_BYTES = 1024 * MEBIBYTE
# No more than this is written by the child for one picture.
MAX_CLEAN_BYTES = 2 * MAX_BYTES

# What a file may be too large in, with the limit that is shown.
LIMITS = {
    "bytes": MAX_BYTES // MEBIBYTE,
    "pixels": MAX_PIXELS // 1_000_000,
    "entries": MAX_ENTRIES,
    "unpacked": MAX_UNPACKED_BYTES // MEBIBYTE,
}


class Refusal(Exception):  # noqa: N818
    """The file is not taken. `code` says why; `what` is a key of LIMITS, or what the file is instead."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: the suffix that its name gets, others that mean the same, and its media type."""

    code: str
    media_type: str
    others: tuple[str, ...] = ()
    is_picture: bool = False

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the suffixes that a file of this kind may carry."""
        return (self.code, *self.others)


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.code: kind
    for kind in (
        Kind("jpg", "image/jpeg", ("jpeg", "jfif"), is_picture=True),
        Kind("png", "image/png", is_picture=True),
        Kind("webp", "image/webp", is_picture=True),
        Kind("pdf", "application/pdf"),
        Kind("docx", f"{OFFICE}.wordprocessingml.document"),
        Kind("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        Kind("pptx", f"{OFFICE}.presentationml.presentation"),
    )
}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS.values()}
# For the browser's choice of files; with the media types of pictures telephones offer the camera.
ACCEPT = ",".join(
    [kind.media_type for kind in KINDS.values()]
    + [f".{suffix}" for kind in KINDS.values() for suffix in kind.suffixes]
)
PICTURE_SUFFIXES = frozenset(suffix for kind in KINDS.values() if kind.is_picture for suffix in kind.suffixes)
