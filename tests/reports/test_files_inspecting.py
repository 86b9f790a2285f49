"""What comes in is what it says, whole and harmless, or it is refused with its reason."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from reports.records.files import child, inspecting
from reports.records.files.kinds import KINDS, MAX_BYTES, Refusal
from tests.reports.sample_files import (
    CAMERA,
    EICAR,
    MEDIA_TYPES,
    drawing,
    huge_png,
    office,
    pdf,
    picture,
    sample,
    sent,
    zipped,
)
from units.rules import RuleError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<!doctype html><script>alert(1)</script>"
FETCHES = (
    b'<Relationships><Relationship Id="a" TargetMode="External" Target="http://example.org/a.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

REFUSED: dict[str, tuple[bytes, str]] = {
    "a page": (HTML, "not_taken"),
    "a drawing that runs scripts": (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "not_taken",
    ),
    "a program": (b"MZ" + b"\0" * 200, "not_taken"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "not_taken"),
    "a test virus": (EICAR, "not_taken"),
    "a moving picture": (b"GIF89a" + b"\0" * 64, "not_taken"),
    "an archive": (zipped({"a.txt": b"a"}), "not_taken"),
    "an archive of Java": (zipped({"META-INF/MANIFEST.MF": b"a"}), "not_taken"),
    "a page behind a PDF header": (pdf(inside=b"%<html><script>alert(1)</script>\n"), "unsafe"),
    "a page behind a PDF end": (pdf(after=b"\n" + HTML), "unsafe"),
    "an archive behind a PDF end": (pdf(after=b"\n" + zipped({"a": b"a"})), "unsafe"),
    "a PDF behind other bytes": (b"GARBAGE" + pdf(), "not_taken"),
    "a PDF cut off": (pdf()[:-20], "damaged"),
    "a photo cut off": (picture(width=640, height=480)[:-300], "damaged"),
    "a drawing cut off": (picture("png", width=640, height=480)[:-60], "damaged"),
    "a header of a photo": (b"\xff\xd8\xff\xe0" + b"\0" * 300, "damaged"),
    "a picture of 2,500 million pixels": (huge_png(50_000, 50_000), "too_large"),
    "a picture of 41 million pixels": (huge_png(8_200, 5_000), "too_large"),
    "an office file cut off": (office()[:-30], "damaged"),
    "an office file with macros": (office(more={"word/vbaProject.bin": b"a"}), "macros"),
    "a macro file under another name": (office(declared=MACRO_TYPE), "macros"),
    "an office file with a control": (office(more={"word/activeX/activeX1.xml": b"<a/>"}), "macros"),
    "an office file with entities": (office(more={"word/styles.xml": DOCTYPE}), "unsafe"),
    "an office file with entities in UTF-16": (
        office(more={"word/styles.xml": DOCTYPE.decode().encode("utf-16")}),
        "unsafe",
    ),
    "an office file that fetches a template": (
        office(more={"word/_rels/settings.xml.rels": FETCHES}),
        "unsafe",
    ),
    "an office file that leads out": (office(more={"../../etc/cron.d/a": b"a"}), "unsafe"),
    "an office file with a second file before it": (HTML + office(), "not_taken"),
    "an office file with a second file behind it": (office() + b"x" * 40, "unsafe"),
    "an office file that unpacks to 60 MB": (
        office(more={"word/media/a.emf": b"\0" * 60_000_000}),
        "too_large",
    ),
    "an office file of 2,001 parts": (
        office(more={f"word/{n}.bin": b"" for n in range(1999)} | {"a": b""}),
        "too_large",
    ),
    "an old document": (OLE + b"\0" * 600, "old_office"),
    "an encrypted document": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
}


def looked_at(content: bytes, folder: Path) -> dict[str, object]:
    """Return what the child says of a content, without starting it."""
    source = folder / "source"
    source.write_bytes(content)
    return child.inspect(source, folder)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content(kind: str, tmp_path: Path) -> None:
    assert looked_at(sample(kind), tmp_path)["kind"] == kind


@pytest.mark.parametrize("what", REFUSED)
def test_c61_c63_c66_hostile_file_is_refused(what: str, tmp_path: Path) -> None:
    content, code = REFUSED[what]
    with pytest.raises(Refusal) as refused:
        looked_at(content, tmp_path)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_c58_picture_keeps_nothing_but_its_pixels(kind: str, tmp_path: Path) -> None:
    hidden = picture(kind) + b"PK\x03\x04 a second file"
    assert CAMERA.encode() in hidden
    looked_at(hidden, tmp_path)
    clean = (tmp_path / "clean").read_bytes()
    with Image.open(io.BytesIO(clean)) as found:
        assert dict(found.getexif()) == {}
        assert "exif" not in found.info
    assert CAMERA.encode() not in clean
    assert b"a second file" not in clean


def test_picture_lies_as_the_camera_was_held(tmp_path: Path) -> None:
    answer = looked_at(picture(orientation=6), tmp_path)
    assert (answer["width"], answer["height"]) == (48, 64)
    with Image.open(tmp_path / "clean") as found:
        # The light spot of the upper left corner has gone to the upper right one.
        assert found.getpixel((found.width - 3, 3))[0] > 200  # type: ignore[index]
        assert found.getpixel((3, 3))[0] < 100  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_drawings_of_every_mode_get_a_thumbnail(mode: str, tmp_path: Path) -> None:
    target = io.BytesIO()
    image = Image.new("I;16", (900, 600), 30_000) if mode == "I;16" else drawing(900, 600, mode=mode)
    image.save(target, "PNG")
    looked_at(target.getvalue(), tmp_path)
    with Image.open(tmp_path / "small") as small:
        assert (small.format, small.size) == ("JPEG", (480, 320))


def test_photo_in_printing_colours_is_taken(tmp_path: Path) -> None:
    target = io.BytesIO()
    drawing(mode="CMYK").save(target, "JPEG")
    looked_at(target.getvalue(), tmp_path)
    with Image.open(tmp_path / "clean") as clean:
        assert clean.mode == "RGB"


def test_file_with_honest_name_comes_through_the_child(tmp_path: Path) -> None:
    found = inspecting.inspect(sent("活动照片.jpg", picture()), tmp_path)
    assert (found.kind.code, found.name, found.width, found.height) == ("jpg", "活动照片.jpg", 64, 48)
    assert found.sha256 == inspecting.digest(found.path)
    assert found.size == found.path.stat().st_size
    assert found.thumbnail is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sheet.docx", office("xlsx")),
        ("photo.jpg", pdf()),
        ("paper.pdf", picture()),
        ("photo.jpg.exe", picture()),
        ("invoice\u202exslx.exe", office("xlsx")),
    ],
)
def test_file_that_lies_about_its_type_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as refused:
        inspecting.inspect(sent(name, content), tmp_path)
    assert refused.value.code == "lies"
    assert "\u202e" not in str(refused.value.message)


def test_picture_under_the_name_of_another_kind_gets_its_right_name(tmp_path: Path) -> None:
    assert inspecting.inspect(sent("mmexport1.jpg", picture("png")), tmp_path).name == "mmexport1.png"
    assert inspecting.inspect(sent("image", picture("webp")), tmp_path).name == "image.webp"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\照片.jpg", "照片.jpg"),
        ("con.xlsx", "_con.xlsx"),
        ("nul.tar.pdf", "_nul.tar.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("\u202exslx.pdf", "xslx.pdf"),
        (' "quoted" <b>.pdf', "quoted b.pdf"),
        (".pdf", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
        ("", "文件"),
    ],
)
def test_c64_name_is_one_plain_line(given: str, shown: str) -> None:
    assert inspecting.shown_name(given) == shown


def test_empty_and_too_large_files_are_told_apart(tmp_path: Path) -> None:
    for content, code in ((b"", "empty"), (b"a" * (MAX_BYTES + 1), "too_large")):
        with pytest.raises(RuleError) as refused:
            inspecting.inspect(sent("a.jpg", content), tmp_path)
        assert (refused.value.code, refused.value.field) == (code, "files")


def test_child_that_dies_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuleError) as refused:
        inspecting.inspect(sent("a.jpg", picture()), tmp_path)
    assert refused.value.code == "damaged"


def test_child_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 30\n")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    monkeypatch.setattr(inspecting, "WAIT_SECONDS", 0.2)
    with pytest.raises(RuleError) as refused:
        inspecting.inspect(sent("a.jpg", picture()), tmp_path)
    assert refused.value.code == "time"
