"""One measured figure, and the file that keeps them all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT_IN = ROOT / "docs" / "performance.jsonl"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: `value` in `unit`, the median of `repeats` unless the name says otherwise.

    `size` says in words on how much it was measured; `busy` is the machine's load when it was.
    """

    name: str
    value: float
    unit: str
    size: str
    engine: str
    repeats: int
    min: float
    max: float
    processor: str
    date: str
    busy: float


def of(name: str, samples: Sequence[float], unit: str, *, size: str, engine: str) -> Measure:
    """Return the median of `samples` as a measure."""
    return _measure(name, statistics.median(samples), samples, unit, size, engine)


def p95_of(name: str, samples: Sequence[float], unit: str, *, size: str, engine: str) -> Measure:
    """Return the 95th percentile of `samples` as a measure."""
    value = statistics.quantiles(samples, n=20, method="inclusive")[-1] if len(samples) > 1 else samples[0]
    return _measure(name, value, samples, unit, size, engine)


def keep(measure: Measure) -> None:
    """Print the figure and append it to docs/performance.jsonl."""
    print(f"{measure.engine:<12} {measure.name:<44} {measure.value:>10.4g} {measure.unit:<8} {measure.size}")
    with KEPT_IN.open("a") as kept:
        kept.write(json.dumps(dataclasses.asdict(measure), ensure_ascii=False) + "\n")


def kept() -> list[Measure]:
    """Return every figure kept so far, oldest first."""
    return [Measure(**json.loads(line)) for line in KEPT_IN.read_text().splitlines()]


def processor() -> str:
    """Return the processor's name and how many of its cores we have."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown'}, {len(os.sched_getaffinity(0))} cores"


def _measure(name: str, value: float, samples: Sequence[float], unit: str, size: str, engine: str) -> Measure:
    """Round and stamp one figure."""
    value, least, most = (float(f"{number:.4g}") for number in (value, min(samples), max(samples)))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    busy = round(os.getloadavg()[0], 1)
    return Measure(name, value, unit, size, engine, len(samples), least, most, processor(), now, busy)
