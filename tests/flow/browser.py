"""A small browser: it keeps cookies, follows redirects, reads forms and sends them as they stand."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

SECONDS = 30


@dataclass
class Form:
    """One form of a page: where it goes and what stands in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects links, forms and figures."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.figures: dict[str, str] = {}
        self._into: tuple[dict[str, str], str] | None = None
        self._end = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        name = found.get("name", "")
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
        elif tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif "data-figure" in found:
            self._collect(self.figures, found["data-figure"], tag)
        elif (
            tag == "input"
            and name
            and self.forms
            and found.get("type") not in {"radio", "checkbox", "submit"}
        ):
            self.forms[-1].fields[name] = found.get("value", "")
        elif tag == "textarea" and self.forms:
            self._collect(self.forms[-1].fields, name, tag)

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            into, name = self._into
            into[name] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._end:
            self._into, self._end = None, ""

    def _collect(self, into: dict[str, str], name: str, tag: str) -> None:
        """Keep the text up to the end of this element."""
        into[name] = ""
        self._into, self._end = (into, name), tag


@dataclass
class Page:
    """One answer, read."""

    url: str
    status: int
    content: bytes
    headers: http.client.HTTPMessage

    @property
    def text(self) -> str:
        """Return the answer as text."""
        return self.content.decode()

    @property
    def links(self) -> list[str]:
        """Return where the links lead, as written."""
        return self._read().links

    def form(self, part: str) -> Form:
        """Return the form whose action or fields hold `part`."""
        return next(form for form in self._read().forms if part in form.action or part in form.fields)

    def figure(self, name: str) -> int:
        """Return a figure of the page as a number; what was not reported counts as none."""
        return int(re.sub(r"\D", "", self._read().figures[name]) or 0)

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader


class Browser:
    """One person's browser."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies: dict[str, str] = {}

    @property
    def cookie_line(self) -> str:
        """Return the cookies as a request sends them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def open(self, path: str) -> Page:
        """Open a page of the portal."""
        return self._ask("GET", urljoin(self.address, path))

    def send(self, page: Page, form: Form, **changed: str) -> Page:
        """Send a form of a page with some fields changed, and follow where it leads."""
        return self._ask("POST", urljoin(page.url, form.action), form.fields | changed)

    def sign_in(self, username: str, password: str) -> Page:
        """Sign in and return the first page."""
        page = self.open("/sign-in/")
        return self.send(page, page.form("password"), username=username, password=password)

    def _ask(self, method: str, url: str, fields: dict[str, str] | None = None) -> Page:
        """Ask once and follow redirects, which are always asked for by GET."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
        headers = {"Cookie": self.cookie_line}
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, urlencode(fields) if fields is not None else None, headers)
            answer = connection.getresponse()
            page = Page(url, answer.status, answer.read(), answer.headers)
        finally:
            connection.close()
        for line in page.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if page.status in {301, 302, 303}:
            return self._ask("GET", urljoin(url, page.headers["Location"]))
        return page
