"""A process that fills the bureau of the board, or asks for the board again and again."""

from __future__ import annotations

import json
import os
import time

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import board_world
from bench.portals import PASSWORD
from units.models import Account


def fill_board() -> None:
    """Store the bureau in an empty database."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        board_world.fill(PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print("{}")


def ask_board() -> None:
    """Ask for the board BOARD_PAGES times and print how long each took, how many queries, and the page."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username="reviewer"), "django.contrib.auth.backends.ModelBackend")
    client.get("/weekly/board/")
    seconds = []
    for _page in range(int(os.environ["BOARD_PAGES"])):
        begun = time.perf_counter()
        answer = client.get("/weekly/board/")
        seconds.append(time.perf_counter() - begun)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/weekly/board/")
    if answer.status_code != 200:
        raise RuntimeError(f"the board answered {answer.status_code}")
    print(json.dumps({"seconds": seconds, "queries": len(asked), "page": answer.content.decode()}))
