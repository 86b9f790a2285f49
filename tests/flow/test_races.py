"""Two people at the same moment: one wins, the other gets a message, and nothing is done twice.

Real processes on a database of their own: SQLite in a file always, PostgreSQL when the tests run on it.
RACE_ROUNDS sets how often each pair runs.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.flow.racers import Answer, Racer, environment

pytestmark = pytest.mark.story

N_ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))
HEAD_START_SECONDS = 0.02


class Track:
    """Two racers on one database, and a steward who prepares rows and reads the result."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.steward = Racer(environment)
        self.steward.ask("prepare")
        self.racers = [Racer(environment), Racer(environment)]

    def run(self, deeds: list[Answer], **row: object) -> list[Answer]:
        """Let both racers load the same row, then do their deeds at the same moment."""
        if row:
            for racer in self.racers:
                racer.ask("load", **row)
        at = time.monotonic() + HEAD_START_SECONDS
        for racer, deed in zip(self.racers, deeds, strict=True):
            racer.send("race", at=at, **deed)
        return [racer.answer() for racer in self.racers]

    def stop(self) -> None:
        """End all three processes."""
        for racer in (self.steward, *self.racers):
            racer.stop()


def _postgres_url(name: str) -> str:
    """Return the test run's own address with another database."""
    given = urlsplit(os.environ["DATABASE_URL"])
    # Not by geturl(): it drops the // of an address without a host.
    return f"{given.scheme}://{given.netloc}/{name}?{given.query}"


def _command(statement: LiteralString, name: str) -> None:
    """Run CREATE or DROP DATABASE on the server of the test run."""
    with psycopg.connect(_postgres_url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def track(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Track]:
    """Return a track on the engine, with a database of its own."""
    folder = tmp_path_factory.mktemp("race")
    if request.param == "sqlite":
        started = Track(environment(f"sqlite:///{folder}/race.sqlite3", folder))
        yield started
        started.stop()
        return
    if connection.vendor != "postgresql":
        pytest.skip("No PostgreSQL: set DATABASE_URL=postgres://… to race there too.")
    name = f"race_{uuid.uuid4().hex[:12]}"
    _command("CREATE DATABASE {}", name)
    started = Track(environment(_postgres_url(name), folder))
    yield started
    started.stop()
    _command("DROP DATABASE {}", name)


def deed(verb: str, who: str = "reviewer", **facts: object) -> Answer:
    """Return what one racer is told."""
    return {"verb": verb, "who": who, **facts}


PAIRS = [
    ("submitted", deed("approve"), deed("approve", "reviewer2")),
    ("submitted", deed("approve"), deed("return", "reviewer2")),
    ("submitted", deed("approve"), deed("approve")),
    ("submitted", deed("approve many"), deed("approve", "reviewer2")),
    ("submitted", deed("approve many"), deed("return many", "reviewer2")),
    ("submitted", deed("return many"), deed("approve", "reviewer2")),
    ("draft", deed("submit", "liaison"), deed("submit", "liaison")),
    ("draft", deed("edit", "liaison"), deed("submit", "liaison")),
    ("draft", deed("void", "liaison"), deed("submit", "liaison")),
    ("draft", deed("edit", "liaison"), deed("edit", "liaison")),
    ("submitted", deed("approve"), deed("edit", "liaison")),
]
BECOMES = {
    "approve": "approved",
    "approve many": "approved",
    "return": "returned",
    "return many": "returned",
    "submit": "submitted",
    "void": "void",
    "edit": "draft",
}
STEP = {"approve many": "approve", "return many": "return"}


def _has_won(answer: Answer) -> bool:
    """Say whether a deed was done; a bulk deed that found nothing left to do has lost."""
    return bool(answer["won"] and answer["result"])


@pytest.mark.parametrize(
    ("start", "one", "other"), PAIRS, ids=[f"{one['verb']} + {other['verb']}" for _s, one, other in PAIRS]
)
def test_one_of_two_wins_and_the_other_gets_a_message(
    track: Track, start: str, one: Answer, other: Answer
) -> None:
    for _round in range(N_ROUNDS):
        pk = track.steward.ask("make", what=start)["pk"]
        before = track.steward.ask("facts", pk=pk)
        answers = track.run([one, other], pk=pk)
        winners = [told for told, answer in zip((one, other), answers, strict=True) if _has_won(answer)]
        assert len(winners) == 1, answers
        # What is submitted cannot be edited at all, whoever comes first.
        refusals = {"stale", "wrong_state"} if other["verb"] == "edit" else {"stale"}
        assert all(answer.get("code", "stale") in refusals for answer in answers)
        after, verb = track.steward.ask("facts", pk=pk), winners[0]["verb"]
        assert after["status"] == BECOMES[verb]
        assert after["version"] == before["version"] + 1
        assert after["steps"] == [*before["steps"], STEP.get(verb, verb)]
        assert len(after["deeds"]) == len(before["deeds"]) + 1


def test_of_two_first_reviewers_one_endorses_and_nothing_counts(track: Track) -> None:
    for other in ("approve", "approve many"):
        for _round in range(N_ROUNDS):
            pk = track.steward.ask("make", what="twice")["pk"]
            answers = track.run([deed("approve"), deed(other, "reviewer2")], pk=pk)
            assert sorted(_has_won(answer) for answer in answers) == [False, True], answers
            after = track.steward.ask("facts", pk=pk)
            assert (after["status"], after["steps"][-2:]) == ("submitted", ["submit", "endorse"])


def test_the_second_review_and_a_return_have_one_winner(track: Track) -> None:
    for _round in range(N_ROUNDS):
        pk = track.steward.ask("make", what="endorsed")["pk"]
        answers = track.run([deed("return"), deed("approve", "reviewer2")], pk=pk)
        assert sorted(_has_won(answer) for answer in answers) == [False, True], answers
        after = track.steward.ask("facts", pk=pk)
        assert after["status"] == ("returned" if answers[0]["won"] else "approved")
        assert after["steps"][-2] == "endorse"


def test_of_two_who_take_a_record_one_has_it(track: Track) -> None:
    for _round in range(N_ROUNDS):
        pk = track.steward.ask("make", what="submitted")["pk"]
        before = track.steward.ask("facts", pk=pk)
        answers = track.run([deed("assign"), deed("assign", "reviewer2")], pk=pk)
        assert sorted(answer["won"] for answer in answers) == [False, True], answers
        assert [answer["code"] for answer in answers if not answer["won"]] == ["stale"]
        after = track.steward.ask("facts", pk=pk)
        assert after["assigned_to"] is not None
        assert (after["version"], after["steps"]) == (before["version"], before["steps"])
        assert len(after["deeds"]) == len(before["deeds"]) + 1


def test_a_form_sent_twice_is_one_record(track: Track) -> None:
    for _round in range(N_ROUNDS):
        key = str(uuid.uuid4())
        answers = track.run([deed("create", "liaison", key=key)] * 2)
        numbers = {answer["result"] for answer in answers}
        assert len(numbers) == 1
        facts = track.steward.ask("facts", pk=numbers.pop())
        assert (facts["steps"], facts["deeds"]) == (["edit"], ["create"])


def test_a_weekly_report_is_filed_once(track: Track) -> None:
    for other in ("file", "file zero"):
        for _round in range(N_ROUNDS):
            pk = track.steward.ask("make", what="report")["pk"]
            before = track.steward.ask("filings", pk=pk)
            answers = track.run([deed("file", "liaison"), deed(other, "liaison")], pk=pk, what="report")
            assert sorted(answer["won"] for answer in answers) == [False, True]
            assert [answer["code"] for answer in answers if not answer["won"]] == ["stale"]
            after = track.steward.ask("filings", pk=pk)
            assert (after["version"], after["n_deeds"]) == (before["version"] + 1, before["n_deeds"] + 1)


REPORT_PAIRS = [
    ("filed report", deed("accept"), deed("return report", "reviewer2")),
    ("filed report", deed("accept"), deed("accept", "reviewer2")),
    ("filed report", deed("return report"), deed("return report", "reviewer2")),
    ("report", deed("file", "liaison"), deed("excuse")),
    ("report", deed("file zero", "liaison"), deed("excuse")),
    ("report", deed("ask", "liaison"), deed("excuse")),
    ("report", deed("ask", "liaison"), deed("ask", "head")),
]


@pytest.mark.parametrize(("what", "one", "other"), REPORT_PAIRS, ids=[f"{p[1]}-{p[2]}" for p in REPORT_PAIRS])
def test_of_two_deeds_on_a_report_one_is_done_and_told(
    track: Track, what: str, one: Answer, other: Answer
) -> None:
    for _round in range(N_ROUNDS):
        pk = track.steward.ask("make", what=what)["pk"]
        before = track.steward.ask("filings", pk=pk)
        answers = track.run([one, other], pk=pk, what="report")
        assert sorted(answer["won"] for answer in answers) == [False, True]
        assert [answer["code"] for answer in answers if not answer["won"]] == ["stale"]
        after = track.steward.ask("filings", pk=pk)
        assert (after["version"], after["n_deeds"]) == (before["version"] + 1, before["n_deeds"] + 1)


def test_report_is_accepted_alone_or_with_many_but_once(track: Track) -> None:
    for _round in range(N_ROUNDS):
        pk = track.steward.ask("make", what="filed report")["pk"]
        before = track.steward.ask("filings", pk=pk)
        many, one = track.run([deed("accept many"), deed("accept", "reviewer2")], pk=pk, what="report")
        assert many["result"] + one["won"] == 1
        after = track.steward.ask("filings", pk=pk)
        assert (after["version"], after["n_deeds"]) == (before["version"] + 1, before["n_deeds"] + 1)


def test_two_tallies_and_an_approval_lose_no_mark(track: Track) -> None:
    for _round in range(max(1, N_ROUNDS // 3)):
        for _record in range(8):
            track.steward.ask("make", what="approved")
        n_marks = track.steward.ask("books")["n_marks"]
        answers = track.run([deed("tally"), deed("tally")])
        assert sum(answer["result"] for answer in answers) == n_marks
        books = track.steward.ask("books")
        assert (books["n_marks"], books["n_wrong"]) == (0, 0)
        assert books["n_approved"] >= 8
        waiting = track.steward.ask("make", what="submitted")["pk"]
        track.steward.ask("make", what="approved")
        answers = track.run([deed("tally"), deed("approve")], pk=waiting)
        assert [answer["won"] for answer in answers] == [True, True]
        track.steward.ask("make", what="approved")
        track.run([deed("tally"), deed("approve", "reviewer2")], pk=waiting)
        assert track.steward.ask("books")["n_wrong"] == 0


def test_work_is_handed_over_to_one_successor(track: Track) -> None:
    for _round in range(N_ROUNDS):
        ways = [deed("hand over", "administrator", key=f"liaison {new}") for new in ("leader", "newcomer")]
        answers = track.run(ways)
        assert sorted(str(answer.get("won")) for answer in answers) == ["False", "True"], answers
        assert {answer.get("code") for answer in answers} == {None, "nothing_to_hand_over"}
        [winner] = track.steward.ask("holders")["who"]
        track.run([deed("hand over", "administrator", key=f"{winner} liaison")] * 2)
        assert track.steward.ask("holders")["who"] == ["liaison"]
