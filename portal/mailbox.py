"""Keep outgoing mail as files that any mail program opens, where no mail server is set."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` as `<Message-ID>.eml`; the same mail twice is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails and return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = str(message["Message-ID"]).strip("<>").partition("@")[0]
            _write(folder / f"{name}.eml", message.as_bytes())
        return len(email_messages)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; who looks meanwhile never finds half a mail."""
    partial = path.with_suffix(".part")
    partial.write_bytes(content)
    os.replace(partial, path)
