"""How much is paid in each year? A small column chart, drawn at the server so that it prints and needs no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.pages.speech import Speech

WIDTH: Final = 420
HEIGHT: Final = 190
_LEFT, _TOP, _BOTTOM = 44, 22, 22
_MOST_LABELS: Final = 9
_SCALES: Final = ((10**9, "tỷ đồng", "billion VND"), (10**6, "triệu đồng", "million VND"), (1, "đồng", "VND"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One year: its column, what a pointer shows, and its label (empty where labels would touch)."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    told: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The drawing: columns, level lines with their figures, the unit of the figures."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, str], ...]
    unit: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def chart(schedule: Sequence[dict[str, Any]], t: Speech) -> Chart | None:
    """The columns of a schedule, its years added up; ``None`` where there is nothing to compare."""
    years: Counter[int] = Counter()
    for payment in schedule:
        years[payment["year"]] += payment["amount_vnd"]
    largest = max(years.values(), default=0)
    if len(years) < 2 or not largest:
        return None
    top, step, figure, unit = scaled(largest, t)
    room = HEIGHT - _TOP - _BOTTOM
    slot = (WIDTH - _LEFT) / len(years)
    every = -(-len(years) // _MOST_LABELS)
    bars = []
    for place, (year, amount) in enumerate(sorted(years.items())):
        height = amount * room // top
        x = _LEFT + int(slot * place + slot * 0.15)
        width = max(int(slot * 0.7), 2)
        bars.append(
            Bar(
                x=x,
                y=HEIGHT - _BOTTOM - height,
                width=width,
                height=height,
                middle=x + width // 2,
                told=f"{year}: {t.money(amount)}",
                label=str(year) if place % every == 0 else "",
            )
        )
    levels = range(0, top + 1, step)
    ticks = tuple((HEIGHT - _BOTTOM - level * room // top, figure(level)) for level in levels)
    return Chart(bars=tuple(bars), ticks=ticks, unit=unit)


def scaled(largest: int, t: Speech) -> tuple[int, int, Callable[[int], str], str]:
    """An axis up to ``largest`` đồng: its top, the step between levels, how a level reads, the unit of the figures."""
    step = _step(largest)
    scale, vi, en = next(one for one in _SCALES if step * 2 >= one[0])
    return -(-largest // step) * step, step, lambda level: _figure(level, scale, t), t(vi, en)


def _step(largest: int) -> int:
    """A round distance (1, 2 or 5 and noughts) that gives at most four levels above the base."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if largest <= 4 * factor * power:
                return factor * power
        power *= 10


def _figure(level: int, scale: int, t: Speech) -> str:
    whole, rest = divmod(level, scale)
    decimals = f"{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else ""
    return t.number(f"{whole}.{decimals}" if decimals else whole)
