"""Tell a workbook that a password protects from one that is damaged: its reader fails on both alike."""

from __future__ import annotations

import re
import struct

# A protected xlsx is no zip but an OLE container with this stream.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
BEGIN_OF_FILE = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]")
FILE_PASS = 0x2F
END_OF_FILE = 0x0A
SECTOR = 512
# The record of the password comes second or third.
RECORDS = 20


def is_protected(content: bytes) -> bool:
    """Say whether an OLE file is a protected xlsx, or an xls with a FILEPASS record."""
    return ENCRYPTED_PACKAGE in content or any(
        _asks_for_password(content, found.start())
        for found in BEGIN_OF_FILE.finditer(content)
        if found.start() % SECTOR == 0
    )


def _asks_for_password(content: bytes, start: int) -> bool:
    """Walk the first records of a stream that begins at `start`."""
    for _record in range(RECORDS):
        if start + 4 > len(content):
            return False
        kind, length = struct.unpack_from("<HH", content, start)
        if kind in {FILE_PASS, END_OF_FILE}:
            return bool(kind == FILE_PASS)
        start += 4 + length
    return False
