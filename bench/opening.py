"""How long it takes to open a period: one report for each unit that owes it."""

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

SIZES = (3_000, 500_000)
SCRIPT = """
import datetime as dt, json, resource, time
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from reports.campaigns.models import Campaign
from reports.campaigns.opening import ensure_periods
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import ensure_reports
from units import rows
from units.models import Unit, UnitKind
call_command("migrate", verbosity=0)
kind = UnitKind.objects.get(code="school")
for start in range(0, %(n)d, 50_000):
    rows.insert([
        Unit(code=f"U{n}", name=f"School {n}", kind=kind, path=f"{10**8 + n}")
        for n in range(start, min(start + 50_000, %(n)d))
    ])
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
campaign = Campaign.objects.create(
    code="c", name="Campaign", starts_on=dt.date(2026, 11, 2), ends_on=dt.date(2027, 3, 1)
)
now = dt.datetime(2026, 11, 3, 1, tzinfo=dt.timezone.utc)
ensure_periods(campaign, now=now)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def seconds():
    start = time.perf_counter()
    ensure_reports(campaign, now=now)
    return time.perf_counter() - start
found = {"open": seconds(), "again": seconds()}
found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
found["n"] = WeeklyReport.objects.count()
print(json.dumps(found))
"""


def measure(engine: str) -> Iterator[Measure]:
    """Yield the seconds of opening a period, and of looking at it again when all is there."""
    for n_units in SIZES:
        found = _opened(engine, n_units)
        facts = {"size": f"{n_units:,} units", "engine": engine}
        yield measures.of(f"a period opened for {n_units:,} units", [found["open"]], "s", **facts)
        yield measures.of(f"looked at again for {n_units:,} units", [found["again"]], "s", **facts)
        yield measures.of(f"memory added by opening for {n_units:,}", [found["memory"]], "MB", **facts)


def _opened(engine: str, n_units: int) -> dict[str, float]:
    """Return what one fresh database tells. Raises: RuntimeError where a unit got no report."""
    with surroundings(engine) as environment:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/opening.sqlite3")
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}
        own |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT % {"n": n_units}],
            cwd=ROOT,
            env=os.environ | environment | own,
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if found["n"] != n_units:
        raise RuntimeError(f"{found['n']} reports for {n_units} units")
    return found
