"""Pictures in the child process: every pixel is decoded and written anew, and nothing else comes along.

So a picture carries no place, no device and no second file behind its end, and one that cannot be read to
its last line is refused.
"""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from reports.records.files.kinds import MAX_PIXELS, THUMBNAIL_PIXELS, Refusal

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
# High enough for evidence, low enough to be quick on 40 megapixels.
OPTIONS: dict[str, dict[str, int]] = {
    "jpg": {"quality": 90},
    "png": {"compress_level": 4},
    "webp": {"quality": 90, "method": 2},
}
MODES = {
    "jpg": ("L", "RGB"),
    "png": ("1", "L", "LA", "P", "I;16", "RGB", "RGBA"),
    "webp": ("RGB", "RGBA"),
}
MAX_PROFILE_BYTES = 64 * 1024
WHITE = (255, 255, 255)
# What Pillow raises about a picture that is broken, besides OSError.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError)


def clean(source: Path, kind: str, target: Path, small: Path) -> tuple[int, int]:
    """Write a picture anew to `target` and its thumbnail to `small`; return width and height.

    Raises: Refusal `damaged`, `too_large`.
    """
    try:
        with Image.open(source, formats=[FORMATS[kind]]) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise Refusal("too_large", "pixels")
            picture.load()
            upright = _upright(picture)
            upright.info = _kept(upright)
            fitting = _in_mode(upright, MODES[kind])
            fitting.save(target, FORMATS[kind], **OPTIONS[kind])
            _thumbnail(fitting).save(small, "JPEG", quality=80)
            return fitting.size
    except Image.DecompressionBombError as error:
        raise Refusal("too_large", "pixels") from error
    except BROKEN as error:
        raise Refusal("damaged") from error


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture as the camera was held; an unreadable note about it is no reason to refuse."""
    with contextlib.suppress(*BROKEN):
        return ImageOps.exif_transpose(picture)
    return picture


def _kept(picture: Image.Image) -> dict[str | tuple[int, int], Any]:
    """Return what is not pixels and stays: transparency, and the colours' profile where it is a small one."""
    kept: dict[str | tuple[int, int], Any] = {}
    if "transparency" in picture.info:
        kept["transparency"] = picture.info["transparency"]
    profile = picture.info.get("icc_profile")
    if profile and len(profile) <= MAX_PROFILE_BYTES and picture.mode != "CMYK":
        kept["icc_profile"] = profile
    return kept


def _in_mode(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """Return the picture in a mode that its format can hold."""
    if picture.mode in modes:
        return picture
    has_alpha = "RGBA" in modes and picture.has_transparency_data
    return picture.convert("RGBA" if has_alpha else "RGB")


def _thumbnail(picture: Image.Image) -> Image.Image:
    """Return a small picture on white ground."""
    if picture.mode == "I;16":
        picture = picture.point(lambda value: value / 256).convert("L")
    small = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    if small.mode == "RGBA":
        ground = Image.new("RGB", small.size, WHITE)
        ground.paste(small, mask=small)
        small = ground
    small.info = {}
    return small
