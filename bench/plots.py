"""Draw the latest figures as one SVG, and write the table of docs/performance.md anew."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bench.measures import ROOT, Measure, kept
from bench.scale.measuring import BUREAUS_PREFIX, RECORDS_PREFIX

PLOT = ROOT / "docs" / "performance.svg"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: python -m bench plots -->", "<!-- end of figures -->"
WIDTH, LINE, LABEL, BAR = 760, 26, 330, 300
COLOURS = {"SQLite": "#1f5a94", "PostgreSQL": "#b07a1e"}


def latest() -> list[Measure]:
    """Return the last figure of each name and engine, in the order of their first measurement."""
    found: dict[tuple[str, str], Measure] = {}
    for measure in kept():
        if measure.name.startswith((BUREAUS_PREFIX, RECORDS_PREFIX)):
            continue  # stands in a table of its own
        found[measure.name, measure.engine] = measure
    names = list(dict.fromkeys(name for name, _engine in found))
    return sorted(found.values(), key=lambda measure: (names.index(measure.name), measure.engine != "SQLite"))


def draw() -> None:
    """Write the plot and the table."""
    measures = latest()
    PLOT.write_text(svg(measures))
    page = PAGE.read_text()
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(measures)}\n\n{END}{after}")


def table(measures: Iterable[Measure]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| what | engine | figure | least – most | on | load | date |", "|---|---|---|---|---|---|---|"]
    for one in measures:
        span = f"{one.min:g} – {one.max:g}" if one.repeats > 1 else "once"
        figure = f"**{one.value:g} {one.unit}**"
        lines.append(
            f"| {one.name} | {one.engine} | {figure} | {span} | {one.size} | {one.busy} | {one.date[:10]} |"
        )
    return "\n".join(lines)


def svg(measures: list[Measure]) -> str:
    """Return bars, each group of one unit on a scale of its own."""
    most: dict[str, float] = {}
    for one in measures:
        most[one.unit] = max(most.get(one.unit, 0), one.value)
    rows = [_row(one, n, most[one.unit]) for n, one in enumerate(measures)]
    height = LINE * len(measures) + 20
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif"'
    )
    return "\n".join(
        [
            f'{head} font-size="13">',
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(one: Measure, n: int, most: float) -> str:
    """Return one line of the plot: what, a bar in its engine's colour, the figure."""
    top, long = 10 + LINE * n, max(2, round(BAR * one.value / (most or 1)))
    middle, colour = top + 17, COLOURS.get(one.engine, "#666")
    figure = escape(f"{one.value:g} {one.unit} {one.engine}")
    return (
        f'<text x="{LABEL - 8}" y="{middle}" text-anchor="end">{escape(one.name)}</text>'
        f'<rect x="{LABEL}" y="{top + 4}" width="{long}" height="{LINE - 9}" fill="{colour}"/>'
        f'<text x="{LABEL + long + 6}" y="{middle}">{figure}</text>'
    )
