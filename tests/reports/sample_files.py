"""Photos and files of every kind that is taken, and of many that are not; all made here, none is kept."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from reports.records.files import shelf
from reports.records.files.kinds import KINDS, OFFICE
from reports.records.models import ActivityRecord, Attachment, StoredFile

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112
CAMERA = "Sample-Camera-1"
PARTS = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}
MEDIA_TYPES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def drawing(width: int = 64, height: int = 48, colour: str = "#1d4f91", mode: str = "RGB") -> Image.Image:
    """Return a picture with a light spot in its upper left corner."""
    picture = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height // 4), fill="#ffffff")
    return picture.convert(mode)


def picture(kind: str = "jpg", *, orientation: int = 1, **options: object) -> bytes:
    """Return a picture that carries a place, a camera and a note, as a telephone makes it."""
    image = drawing(**options)  # type: ignore[arg-type]
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = CAMERA, orientation
    exif.get_ifd(GPS).update({1: "N", 2: (20.0, 2.0, 40.0), 3: "E", 4: (110.0, 20.0, 10.0)})
    target = io.BytesIO()
    image.save(target, MEDIA_TYPES[kind], exif=exif)
    return target.getvalue()


def pdf(inside: bytes = b"", after: bytes = b"\n") -> bytes:
    """Return a small PDF file, with something inside or after its end."""
    return (
        b"%PDF-1.4\n" + inside + b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\nxref\n0 3\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF" + after
    )


def office(kind: str = "docx", *, more: dict[str, bytes] | None = None, declared: str = "") -> bytes:
    """Return a small office file; `more` are further parts, `declared` a content type in place of its own."""
    name, content_type = PARTS[kind]
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{name}" ContentType="{declared or content_type}"/></Types>'
    )
    parts = {
        "[Content_Types].xml": types.encode(),
        name: b"<?xml version='1.0'?><document>\xe5\xad\xa6</document>",
    }
    return zipped(parts | (more or {}))


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a zip archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """Return a few bytes that claim to be a picture of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    written = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def hung_on(record: ActivityRecord, name: str = "合影.png") -> Attachment:
    """Return a picture of a record, stored without being looked through; another name is another content."""
    content = picture("png") + name.encode()
    file, is_new = StoredFile.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"media_type": KINDS["png"].media_type, "size": len(content)},
    )
    if is_new:
        for place in (shelf.path_of(file.sha256), shelf.thumbnail_of(file.sha256)):
            default_storage.save(place, ContentFile(content))
    assert record.author is not None
    hung: Attachment = Attachment.objects.create(
        record=record, author=record.author, key=record.key, file=file, name=name
    )
    return hung


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def sample(kind: str) -> bytes:
    """Return a small whole file of one of the kinds that are taken."""
    if kind in MEDIA_TYPES:
        return picture(kind)
    return pdf() if kind == "pdf" else office(kind)
