"""A browser of a few lines: keeps its connection and its cookies, and fills in forms."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

# Before the server hangs up on a connection that nobody uses.
IDLE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, where it leads to, and the page."""

    status: int
    location: str
    text: str


class Browser:
    """One person's browser on 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.used_at = time.monotonic()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, with the token that its page set."""
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(fields | token))

    def sign_in(self, username: str, password: str) -> None:
        """Sign in. Raises: RuntimeError when the portal does not let the person in."""
        self.get("/sign-in/")
        answer = self.post("/sign-in/", {"username": username, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{username} was not let in: {answer.status}")

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.connection.close()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode(errors="replace")
        self.used_at = time.monotonic()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers.get("Location", ""), text)


class Fields(HTMLParser):
    """Reads the names and values of a page's inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note down an input or a text area by its name."""
        facts = dict(attrs)
        name = facts.get("name")
        if tag in {"input", "textarea"} and name and name != "csrfmiddlewaretoken":
            self.found.setdefault(name, facts.get("value") or "")
