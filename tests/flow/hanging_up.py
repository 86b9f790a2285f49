"""Clients that leave in the middle: uploads that are cut off, and requests whose answer nobody waits for."""

from __future__ import annotations

import re
import socket
import struct
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.flow.browser import Browser

BOUNDARY = "-----hanging-up"
# Closing sends a reset and not a polite end, as a telephone in a lift does.
RESET = struct.pack("ii", 1, 0)


def cut_off_uploads(browser: Browser, number: int, size: int, at_once: int) -> None:
    """Begin uploads of `size` bytes each, and leave after half of it."""
    page = browser.open("/records/new/lecture/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found is not None
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{found[1]}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.4\n"
    ).encode()

    def leave(_number: int) -> None:
        path = f"/records/files/{uuid.uuid4()}/"
        body = head + b"a" * (size // 2)
        _send(browser, "POST", path, body, length=len(head) + size, is_reset=_number % 2 == 0)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(leave, range(number)))


def hang_up(browser: Browser, number: int, at_once: int) -> None:
    """Ask for a page and leave before the answer."""
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda n: _send(browser, "GET", "/account/", b"", is_reset=n % 2 == 0), range(number)))


def _send(browser: Browser, method: str, path: str, body: bytes, *, length: int = 0, is_reset: bool) -> None:
    """Send a request, wholly or in part, and close the line."""
    parts = urllib.parse.urlsplit(browser.address)
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Cookie: {browser.cookie_line}",
        f"Origin: {browser.address}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {length}",
    ]
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        if is_reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
