"""Write the table of docs/performance.md that sets the sizes side by side."""

from __future__ import annotations

from bench.measures import ROOT, Measure, kept
from bench.scale.measuring import PREFIX

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bureaus of any size: python -m bench plots -->", "<!-- end of bureaus -->"
Row = dict[int, Measure]


def write() -> None:
    """Write the table anew from the latest figure of each page, engine and size."""
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows())}\n\n{END}{after}")


def rows() -> dict[tuple[str, str], Row]:
    """Return the latest figures by engine and page, each by the number of units."""
    found: dict[tuple[str, str], Row] = {}
    for one in kept():
        if one.name.startswith(PREFIX):
            n_units = int(one.size.partition(" ")[0])
            found.setdefault((one.engine, one.name.removeprefix(PREFIX)), {})[n_units] = one
    return dict(sorted(found.items(), key=lambda item: item[0][0]))


def table(found: dict[tuple[str, str], Row]) -> str:
    """Return the figures as a Markdown table: p95 at each size, and the largest against the middle one."""
    lines = [
        "| what | engine | queries | p95 at 50 | at 3,000 | at 500,000 | 500,000 : 3,000 | load |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (engine, name), row in found.items():
        figures = [f"{row[n].value:g} {row[n].unit}" if n in row else "–" for n in (50, 3_000, 500_000)]
        asked = {one.size.partition(" · ")[2].removesuffix(" queries") for one in row.values()}
        ratio = f"**{row[500_000].value / row[3_000].value:.2f}**" if {3_000, 500_000} <= row.keys() else "–"
        busy = max(one.busy for one in row.values())
        cells = [name, engine, " / ".join(sorted(asked)), *figures, ratio, str(busy)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
