"""What a chart is made of, in a shape that static/portal/charts.js draws; knows no figures of its own.

A page puts `chart.as_json()` through `json_script` and includes `statistics/_chart.html`. Colours are
names of CSS custom properties, so that the chart follows the light and the dark look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class SeriesJson(TypedDict):
    """One series as the browser reads it."""

    name: str
    color: str
    values: list[int | None]


class ChartJson(TypedDict):
    """One chart as the browser reads it."""

    title: str
    source: str
    file: str
    labels: list[str]
    details: list[str]
    columns: list[SeriesJson]
    lines: list[SeriesJson]
    columnsAxis: str
    linesAxis: str


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, one for each label; None where nothing was reported.

    `color` is a CSS custom property without its dashes: "chart-onsite".
    """

    name: str
    color: str
    values: list[int | None]

    @property
    def is_silent(self) -> bool:
        """Say whether there is nothing to draw."""
        return all(value is None for value in self.values)

    def as_json(self) -> SeriesJson:
        """Return the series as the browser reads it."""
        return {"name": self.name, "color": self.color, "values": self.values}


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns that stand on each other, and lines on an axis of their own at the right.

    `source` says whose figures they are and as of when, for the saved image. `details` says each label
    in full; `columns_axis` and `lines_axis` name the two axes with their units of measure; `description`
    is what a person hears who cannot see the drawing; `file` names the saved image, without its ending.
    """

    title: str
    source: str
    description: str
    file: str
    labels: list[str]
    details: list[str]
    columns: list[Series]
    lines: list[Series]
    columns_axis: str
    lines_axis: str

    @property
    def series(self) -> list[Series]:
        """Return columns and lines in the order of the legend."""
        return [*self.columns, *self.lines]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return all(series.is_silent for series in self.series)

    def as_json(self) -> ChartJson:
        """Return the chart as the browser reads it."""
        return {
            "title": self.title,
            "source": self.source,
            "file": self.file,
            "labels": self.labels,
            "details": self.details,
            "columns": [series.as_json() for series in self.columns],
            "lines": [series.as_json() for series in self.lines],
            "columnsAxis": self.columns_axis,
            "linesAxis": self.lines_axis,
        }
