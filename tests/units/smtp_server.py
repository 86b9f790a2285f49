"""A mail server that says what a test tells it to say."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class Script:
    """What the server answers, and what it received.

    `recipients` maps an address to the reply to RCPT; `data_replies` are the replies after each DATA,
    then 250; `drops_after_data` closes the line instead of replying that many times.
    """

    def __init__(self) -> None:
        self.recipients: dict[str, str] = {}
        self.data_replies: list[str] = []
        self.drops_after_data = 0
        self.greeting = "220 test"
        self.sender_reply = "250 ok"
        self.delay_seconds = 0.0
        # None: the server offers no STARTTLS; else what it answers to it, and it never speaks TLS.
        self.starttls_reply: str | None = None
        self.heard = bytearray()
        self.n_connections = 0
        self.received: list[EmailMessage] = []

    @property
    def arrived(self) -> list[str]:
        """Return to whom mail arrived, in order."""
        return [str(mail["To"]) for mail in self.received]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    script: Script


class _Conversation(socketserver.StreamRequestHandler):
    @property
    def script(self) -> Script:
        return cast(_Server, self.server).script

    def handle(self) -> None:
        self.script.n_connections += 1
        self.say(self.script.greeting)
        for line in self.rfile:
            self.script.heard += line
            command = line.decode().strip()
            if not self.answer(command):
                return

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())

    def answer(self, command: str) -> bool:
        word = command.upper()
        if word.startswith("DATA"):
            return self.take()
        if word.startswith("RCPT"):
            address = command.partition("<")[2].partition(">")[0]
            self.say(self.script.recipients.get(address, "250 ok"))
        elif word.startswith("EHLO") and self.script.starttls_reply is not None:
            self.say("250-test\r\n250 STARTTLS")
        elif word.startswith("STARTTLS"):
            return self.break_tls()
        elif word.startswith("MAIL"):
            self.say(self.script.sender_reply)
        else:
            self.say("221 bye" if word.startswith("QUIT") else "250 ok")
        return not word.startswith("QUIT")

    def break_tls(self) -> bool:
        """Agree and then talk nonsense, or refuse; keep what the client says in the clear meanwhile."""
        reply = self.script.starttls_reply or "454 not now"
        self.say(reply)
        if not reply.startswith("220"):
            return True
        self.wfile.write(b"nonsense instead of a handshake\r\n")
        self.script.heard += self.rfile.read1(65_536)
        return False

    def take(self) -> bool:
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            self.script.heard += line
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        time.sleep(self.script.delay_seconds)
        reply = self.script.data_replies.pop(0) if self.script.data_replies else "250 ok"
        if reply.startswith("250"):
            self.script.received.append(message_from_bytes(b"".join(lines), policy=policy.default))
        if self.script.drops_after_data:
            self.script.drops_after_data -= 1
            return False
        self.say(reply)
        return True


@contextmanager
def smtp_server() -> Iterator[tuple[Script, int]]:
    """Run the server on a free port; yield its script and the port."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.script = Script()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.script, server.server_address[1]
        server.shutdown()
        thread.join()
