"""How long the digests of a whole bureau take: to make the rows, and to send them to a server nearby."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import surroundings

N_PEOPLE = 3000
# The server that takes the mail is a process of its own, so that its work is not counted as ours.
SINK = """
import sys, time
from tests.units.smtp_server import smtp_server
with smtp_server() as (script, port):
    print(port, flush=True)
    sys.stdin.readline()
    print(len(script.received), len(set(script.arrived)), flush=True)
"""
SCRIPT = """
import datetime as dt, json, resource, time
import django
django.setup()
from django.core.management import call_command
from reports.campaigns.models import Campaign
from reports.campaigns.opening import ensure_periods
from reports.digests.making import ensure_digests
from reports.weekly.obligations import ensure_reports
from units import accounts, mail, roles, tree
from units.models import Account, Mail, Unit, UnitKind
call_command("migrate", verbosity=0)
kind = UnitKind.objects.get(code="school")
roots = [Unit(code="B", name="Bureau", kind=UnitKind.objects.get(code="bureau"))]
tree.plant_many(roots, actor=None)
units = [Unit(code=f"U{n:05}", name=f"School {n}", kind=kind, parent=roots[0]) for n in range(%(n)d)]
tree.plant_many(units, actor=None)
people = [Account(username=f"p{n}", name=f"Person {n}", email=f"p{n}@example.org", password="!", unit=unit)
    for n, unit in enumerate(units)]
Account.objects.bulk_create(people)
first = accounts.appoint(people[0], roles.LIAISON, actor=None, unit=units[0])
from units.models import UnitUserObjectPermission as Grant
given = Grant.objects.get(user=people[0])
Grant.objects.bulk_create(
    [
        Grant(user=person, content_object=unit, permission=given.permission)
        for person, unit in zip(people, units)
    ],
    ignore_conflicts=True)
campaign = Campaign.objects.create(code="c", name="Campaign", starts_on=dt.date(2026, 9, 28),
    ends_on=dt.date(2026, 12, 31))
now = dt.datetime(2026, 11, 23, 1, tzinfo=dt.timezone.utc)
ensure_periods(campaign, now=now)
ensure_reports(campaign, now=now)
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def seconds(work):
    start = time.perf_counter(); work(); return time.perf_counter() - start
found = {"before": peak()}
found["make"] = seconds(lambda: ensure_digests(campaign, now=now))
found["made"] = peak()
found["again"] = seconds(lambda: ensure_digests(campaign, now=now))
def send():
    while Mail.objects.filter(state="waiting").exists(): mail.deliver_due(seconds=60)
found["send"] = seconds(send)
found["sent"] = peak()
found["n"] = Mail.objects.filter(state="sent").count()
print(json.dumps(found))
"""


def measure(engine: str) -> Iterator[Measure]:
    """Yield the seconds in which all digests are made and sent, and what either adds to the memory."""
    with surroundings(engine) as environment, _sink() as sink:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/digests.sqlite3")
        port = (sink.stdout.readline() if sink.stdout else "").strip()
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}
        own |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR"}
        own |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT % {"n": N_PEOPLE}],
            cwd=ROOT,
            env=os.environ | environment | own,
            capture_output=True,
            text=True,
            check=True,
        )
        received, _nothing = sink.communicate("done\n")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if received.split() != [str(N_PEOPLE)] * 2:
        raise RuntimeError(f"the server received {received.strip()} of {N_PEOPLE} mails")
    facts = {"size": f"{N_PEOPLE} people", "engine": engine}
    yield measures.of("digests: rows made", [found["make"]], "s", **facts)
    yield measures.of("digests: nothing left to make", [found["again"]], "s", **facts)
    yield measures.of("digests: sent to a server nearby", [found["send"]], "s", **facts)
    yield measures.of("digests: memory added by making", [found["made"] - found["before"]], "MB", **facts)
    yield measures.of("digests: memory added by sending", [found["sent"] - found["made"]], "MB", **facts)


def _sink() -> subprocess.Popen[str]:
    """Start a mail server that takes everything; it says its port, and at the end what it received."""
    return subprocess.Popen(
        [sys.executable, "-c", SINK], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
