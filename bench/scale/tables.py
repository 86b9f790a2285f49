"""Write the tables of docs/performance.md that set the sizes side by side."""

from __future__ import annotations

from bench.measures import ROOT, Measure, kept
from bench.scale.measuring import BUREAUS_PREFIX, RECORDS_PREFIX
from bench.scale.sizes import BUREAUS, RECORDS

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- {}: python -m bench plots -->", "<!-- end of {} -->"
# What is compared: the marks around its table, the sizes, and against which of them the largest is held.
TABLES = (
    (BUREAUS_PREFIX, "bureaus", [size.units for size in BUREAUS], 1),
    (RECORDS_PREFIX, "records", [size.records for size in RECORDS], 0),
)
WORK, CLOCK = ", work: p95", ": p95"
MIDDLE, CLOCK_MIDDLE = ", work: p50", ": p50"
Row = dict[str, dict[int, Measure]]


def write() -> None:
    """Write each table anew from the latest figure of each page, engine and size."""
    for prefix, name, sizes, base in TABLES:
        before, _begin, rest = PAGE.read_text().partition(BEGIN.format(name))
        _old, _end, after = rest.partition(END.format(name))
        made = table(rows(prefix), sizes, base)
        PAGE.write_text(f"{before}{BEGIN.format(name)}\n\n{made}\n\n{END.format(name)}{after}")


def rows(prefix: str) -> dict[tuple[str, str], Row]:
    """Return the latest figures by engine and question, each by its kind and by the size."""
    found: dict[tuple[str, str], Row] = {}
    for one in kept():
        name = one.name.removeprefix(prefix)
        kind = next((kind for kind in (MIDDLE, WORK, CLOCK_MIDDLE, CLOCK) if name.endswith(kind)), "")
        if name != one.name and kind:
            row = found.setdefault((one.engine, name.removesuffix(kind)), {})
            row.setdefault(kind, {})[int(one.size.partition(" ")[0])] = one
    return dict(sorted(found.items(), key=lambda item: item[0][0]))


def table(found: dict[tuple[str, str], Row], sizes: list[int], base: int) -> str:
    """Return the figures as a Markdown table: the work at each size, and the largest against another one."""
    against = f"{sizes[-1]:,} : {sizes[base]:,}"
    head = ["what", "engine", "queries", *(f"at {size:,}" for size in sizes), against, "by the clock", "load"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for (engine, name), row in found.items():
        work = row.get(WORK, {})
        figures = [f"{row[MIDDLE][n].value:g} / {work[n].value:g}" if n in work else "–" for n in sizes]
        asked = {one.size.partition(" · ")[2].removesuffix(" queries") for one in work.values()}
        ratios = [_ratio(row, kind, sizes[-1], sizes[base]) for kind in (WORK, CLOCK)]
        busy = max(one.busy for one in work.values())
        cells = [name, engine, " or ".join(sorted(asked)), *figures, *ratios, str(busy)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(row: Row, kind: str, largest: int, other: int) -> str:
    """Return the figure at the largest size by that at another one."""
    figures = row.get(kind, {})
    if not {largest, other} <= figures.keys():
        return "–"
    return f"**{figures[largest].value / figures[other].value:.2f}**"
