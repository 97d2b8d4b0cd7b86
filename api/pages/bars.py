"""Several sums side by side, year by year or group by group: a column chart drawn at the server, so that it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pages.chart import scaled
from api.pages.speech import Speech

WIDTH: Final = 560
HEIGHT: Final = 220
_LEFT, _TOP, _BOTTOM = 48, 22, 24
_MOST_LABELS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its place, which series (0, 1, 2), what a pointer shows."""

    x: int
    y: int
    width: int
    height: int
    series: int
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The drawing: columns, names below, level lines with figures, the unit, the legend."""

    columns: tuple[Column, ...]
    names: tuple[tuple[int, str], ...]
    ticks: tuple[tuple[int, str], ...]
    unit: str
    legend: tuple[str, ...]
    title: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def bars(title: str, legend: Sequence[str], groups: Sequence[tuple[str, Sequence[int]]], t: Speech) -> Bars | None:
    """Columns in whole đồng, one of each series a group; below zero draws as nothing; ``None`` where all are zero."""
    largest = max((value for _, values in groups for value in values), default=0)
    if largest <= 0:
        return None
    top, step, figure, unit = scaled(largest, t)
    room = HEIGHT - _TOP - _BOTTOM
    slot = (WIDTH - _LEFT) / len(groups)
    width = max(min(int(slot * 0.8 / len(legend)), 46), 2)
    every = -(-len(groups) // _MOST_LABELS)
    columns, names = [], []
    for place, (name, values) in enumerate(groups):
        middle = _LEFT + int(slot * (place + 0.5))
        start = middle - width * len(legend) // 2
        for series, value in enumerate(values):
            height = max(value, 0) * room // top
            columns.append(Column(
                x=start + series * width, y=HEIGHT - _BOTTOM - height, width=max(width - 1, 1), height=height,
                series=series, told=f"{name}, {legend[series]}: {t.money(value)}",
            ))  # fmt: skip
        if place % every == 0:
            names.append((middle, name))
    return Bars(
        columns=tuple(columns),
        names=tuple(names),
        ticks=tuple((HEIGHT - _BOTTOM - level * room // top, figure(level)) for level in range(0, top + 1, step)),
        unit=unit,
        legend=tuple(legend),
        title=title,
    )
