"""How long it takes to invite a whole bureau's people at once, and how much memory."""

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

N_PEOPLE, N_ARGON2 = 3000, 30
# In a process of its own: the peak of memory is a process's, and so are Django's settings.
SCRIPT = """
import json, resource, time
import django
django.setup()
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from units import first_passwords, tree
from units.inviting.carrying_out import invite
from units.inviting.plan import make_plan
from units.inviting.table import Line, Place
from units.models import Unit, UnitKind
call_command("migrate", verbosity=0)
kind = UnitKind.objects.get(code="school")
units = [Unit(code=f"U{n:05}", name=f"School {n}", kind=kind) for n in range(%(n)d)]
tree.plant_many(units, actor=None)
lines = [Line(Place("", n + 2), {"name": f"王小明{n %% 97}", "unit": f"U{n:05}", "role": "liaison",
    "phone": f"138{n:08}", "email": f"p{n}@example.org", "username": ""}) for n in range(%(n)d)]
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def seconds(work):
    start = time.perf_counter(); work(); return time.perf_counter() - start
before = peak()
found = {"preview": seconds(lambda: make_plan(lines, actor=None))}
found["hashing"] = seconds(lambda: first_passwords.hashes([str(n) for n in range(%(n)d)]))
found["all"] = seconds(lambda: invite(lines, actor=None))
found["argon2"] = seconds(lambda: [make_password(str(n)) for n in range(%(argon2)d)]) / %(argon2)d
print(json.dumps(found | {"peak": peak(), "before": before}))
"""


def measure(engine: str) -> Iterator[Measure]:
    """Yield the seconds of the preview, of the hashing alone and of the whole, and the peak of memory."""
    with surroundings(engine) as environment:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/accounts.sqlite3")
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}
        own |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT % {"n": N_PEOPLE, "argon2": N_ARGON2}],
            cwd=ROOT,
            env=os.environ | environment | own,
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    size = f"{N_PEOPLE} people, one role and one letter each"
    for name, key in (
        ("inviting people: preview", "preview"),
        ("inviting people: hashing alone", "hashing"),
        ("inviting people: all of it", "all"),
    ):
        yield measures.of(name, [found[key]], "s", size=size, engine=engine)
    yield measures.of("inviting people: peak of memory", [found["peak"]], "MiB", size=size, engine=engine)
    yield measures.of(
        "one password by argon2", [found["argon2"] * 1000], "ms", size="mean of 30", engine=engine
    )
