"""The parent's end of the processes of racing.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Answer = dict[str, Any]


class Racer:
    """The parent's end of one `tests.flow.racing` process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.racing"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, order: str, **facts: object) -> None:
        """Give an order without waiting."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"order": order, **facts}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Answer:
        """Wait for the answer; an error of the database, a lock above all, fails the test."""
        assert self.process.stdout is not None
        answer: Answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def ask(self, order: str, **facts: object) -> Answer:
        """Give an order and wait for its answer."""
        self.send(order, **facts)
        return self.answer()

    def stop(self) -> None:
        """End the process by closing its input."""
        self.process.communicate(timeout=10)


def environment(database_url: str, folder: Path, **more: str) -> dict[str, str]:
    """Return what the processes get to know: their database and nothing of ours."""
    facts = {"DATABASE_URL": database_url, "VAR_DIR": str(folder), "SECRET_KEY": "x" * 60, "HTTPS": "0"}
    return {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", **facts, **more}
