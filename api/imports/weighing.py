"""How do ten million loads become a few thousand monthly sums in a minute, without keeping a single load?

The file is read once, in chunks. What a cell can say repeats itself (plates, days, weights, licences), so each distinct
cell is understood once and looked up afterwards. Of a load 24 bytes stay until the end of the file: a 64-bit mark of
weighbridge and ticket, day, weight, group, row. They find repeated tickets; two different tickets share a mark with a
chance of three in a million for ten million loads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice, repeat
from operator import add
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from api.imports.cells import Doubt, read_number, written
from api.imports.headers import Header
from api.imports.tables import UnreadableError

MOST_LOADS: Final = 15_000_000
"""Loads of one file: with the sorting of their marks each takes 60 bytes, so these about 1 GB."""
HEAVIEST_KG: Final = 500_000
"""No lorry carries more; a heavier "load" is in another unit."""
LISTED: Final = 100
"""How many loads of one finding are listed one by one."""
_CHUNK: Final = 1 << 12
"""Records at once: few enough for the processor's cache."""
_MOST_GROUPS: Final = 200_000
_BAD: Final = -1
_DAY: Final = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}))(?=\D|$)")
_Number = TypeVar("_Number", bound=np.generic)
_MIX: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Odd numbers that spread the bits of a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """Loads of one weighbridge, licence cell and mineral cell in a month; days and weights in whole kilograms."""

    scale: str
    number: str
    mineral: str
    month: date
    loads: int
    weight_kg: int


@dataclass(slots=True, kw_only=True)
class Weighing:
    """What a file of loads comes to.

    ``covered``: first and last day with loads, by weighbridge and month. ``bad``, ``future`` and ``repeated`` list the
    first rows of each, with the counts beside them.
    """

    sums: list[MonthSum] = field(default_factory=list)
    covered: dict[tuple[str, date], tuple[date, date]] = field(default_factory=dict)
    rows: int = 0
    loads: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    bad_count: int = 0
    future: list[tuple[int, str]] = field(default_factory=list)
    future_count: int = 0
    repeated: list[int] = field(default_factory=list)
    repeated_count: int = 0
    reused_count: int = 0


@dataclass(slots=True, kw_only=True)
class _Kept:
    """What stays of every load, chunk by chunk."""

    mark: list[NDArray[np.uint64]] = field(default_factory=list)
    day: list[NDArray[np.int32]] = field(default_factory=list)
    kg: list[NDArray[np.int32]] = field(default_factory=list)
    group: list[NDArray[np.int32]] = field(default_factory=list)
    row: list[NDArray[np.int32]] = field(default_factory=list)


class _Memo(dict[str, int]):
    """Understands each distinct cell once; forgets when there are too many."""

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> int:
        if len(self) > 1_000_000:
            self.clear()
        value = self[cell] = self._read(cell)
        return value


class _Groups(dict[tuple[str, str, str], int]):
    """Numbers the distinct (weighbridge, licence cell, mineral cell)."""

    def __missing__(self, key: tuple[str, str, str]) -> int:
        if len(self) >= _MOST_GROUPS:
            raise UnreadableError(
                "too_many_groups",
                "Cột số giấy phép, trạm cân hoặc khoáng sản có quá nhiều giá trị khác nhau: hãy kiểm tra tên cột.",
                "The columns of licence, weighbridge or mineral hold too many different values: check the headers.",
            )
        value = self[key] = len(self)
        return value


def weigh(records: Iterator[list[str]], header: Header, *, scale: str, today: date) -> Weighing:
    """Add up the loads of a file whose header is known; ``scale`` names the weighbridge where no column does.

    Without either, each licence is taken to have its own weighbridge. Raises ``UnreadableError``.
    """
    columns = header.fields
    width = max(columns.values()) + 1
    in_tonnes = "weight_kg" not in columns
    weight_column = columns["weight_tonne" if in_tonnes else "weight_kg"]
    kilograms = _Memo(lambda cell: _kilograms(cell, in_tonnes=in_tonnes))
    days, groups = _Memo(_ordinal), _Groups()
    last_day = today.toordinal()
    kept = _Kept()
    result = Weighing()
    first = header.last_row + 1
    records = islice(records, header.last_row, None)
    while chunk := list(islice(records, _CHUNK)):
        count = len(chunk)
        if len(set(map(len, chunk))) > 1 or len(chunk[0]) < width:
            chunk = [(record + [""] * (width - len(record)))[:width] for record in chunk]
        table: list[tuple[str, ...]] = list(zip(*chunk, strict=True))
        times, numbers = table[columns["weighed_at"]], table[columns["number"]]
        scales: Sequence[str] = table[columns["scale"]] if "scale" in columns else [scale] * count
        if "scale" not in columns and not scale:
            scales = numbers
        minerals = table[columns["mineral_local"]] if "mineral_local" in columns else repeat("", count)
        day = np.fromiter(map(days.__getitem__, [time[:10] for time in times]), np.int32, count)
        kg = np.fromiter(map(kilograms.__getitem__, table[weight_column]), np.int32, count)
        group = np.fromiter(map(groups.__getitem__, zip(scales, numbers, minerals, strict=True)), np.int32, count)
        mark = np.fromiter(map(hash, _tickets(table, columns, times)), np.int64, count).view(np.uint64)
        row = np.arange(first, first + count, dtype=np.int32)
        good = (day != _BAD) & (kg != _BAD) & (day <= last_day)
        result.rows += count
        if not good.all():
            filled = np.fromiter(map(any, chunk), np.bool_, count)
            result.rows -= count - int(filled.sum())
            _note_bad(result, chunk, row, day, filled & ~good, last_day)
        kept.mark.append(mark[good])
        kept.day.append(day[good])
        kept.kg.append(kg[good])
        kept.group.append(group[good])
        kept.row.append(row[good])
        first += count
        if result.rows > MOST_LOADS:
            raise UnreadableError(
                "too_many_loads",
                f"Tệp có hơn {MOST_LOADS:,} lượt cân: hãy chia tệp theo tháng.",
                f"The file has more than {MOST_LOADS:,} loads: split it by month.",
            )
    if kept.mark:
        _add_up(result, kept, groups)
    return result


def _tickets(table: Sequence[tuple[str, ...]], columns: dict[str, int], times: tuple[str, ...]) -> Iterator[str]:
    """What tells loads of a weighbridge apart: the ticket; where there is none, moment and plate."""
    plates: tuple[str, ...] = table[columns["plate"]] if "plate" in columns else ("",) * len(times)
    if "ticket" not in columns:
        return map(add, times, plates)
    tickets = table[columns["ticket"]]
    if "" in tickets:
        return (ticket or time + plate for ticket, time, plate in zip(tickets, times, plates, strict=True))
    return map(str.strip, tickets)


def _note_bad(
    result: Weighing,
    chunk: Sequence[list[str]],
    row: NDArray[np.int32],
    day: NDArray[np.int32],
    bad: NDArray[np.bool_],
    last_day: int,
) -> None:
    for index in map(int, np.flatnonzero(bad)):
        told = (int(row[index]), " / ".join(cell for cell in chunk[index] if cell)[:200])
        if day[index] > last_day:
            result.future_count += 1
            result.future += [told] if len(result.future) < LISTED else []
        else:
            result.bad_count += 1
            result.bad += [told] if len(result.bad) < LISTED else []


def _add_up(result: Weighing, kept: _Kept, groups: _Groups) -> None:
    mark, day, kg, group = _joined(kept.mark), _joined(kept.day), _joined(kept.kg), _joined(kept.group)
    row = _joined(kept.row)
    scales = sorted({scale for scale, _, _ in groups})
    number_of = {scale: index for index, scale in enumerate(scales)}
    scale_of = np.array([number_of[scale] for scale, _, _ in groups], dtype=np.uint64)
    # in place: a second array of this size would be felt
    mark ^= scale_of[group] * np.uint64(_MIX[0])
    counted = np.ones(len(mark), dtype=np.bool_)
    repeated = _repeated(mark + day.astype(np.uint64) * np.uint64(_MIX[1]))
    counted[repeated] = False
    result.repeated_count = len(repeated)
    result.repeated = [int(number) for number in np.sort(row[repeated])[:LISTED]]
    del row
    mark = mark[counted]
    mark.sort()
    result.reused_count = int((mark[1:] == mark[:-1]).sum())
    del mark
    day, kg, group = day[counted], kg[counted], group[counted]
    result.loads = len(day)
    if not len(day):
        return
    low = int(day.min())
    month_of = [date.fromordinal(one) for one in range(low, int(day.max()) + 1)]
    months = sorted({one.replace(day=1) for one in month_of})
    position = {one: index for index, one in enumerate(months)}
    month = np.array([position[one.replace(day=1)] for one in month_of], dtype=np.int32)[day - low]
    cell = group.astype(np.int64) * len(months) + month
    loads = np.bincount(cell)
    # whole kilograms far below 2^53: the sums are exact
    weights = np.bincount(cell, weights=kg)
    names = list(groups)
    for index in np.flatnonzero(loads):
        scale, number, mineral = names[index // len(months)]
        result.sums.append(
            MonthSum(
                scale=scale.strip(),
                number=number.strip(),
                mineral=mineral.strip(),
                month=months[index % len(months)],
                loads=int(loads[index]),
                weight_kg=int(weights[index]),
            )
        )
    _cover(result, scale_of[group].astype(np.int64) * len(months) + month, day, scales, months)


def _cover(
    result: Weighing, cell: NDArray[np.int64], day: NDArray[np.int32], scales: list[str], months: list[date]
) -> None:
    size = len(scales) * len(months)
    low, high = np.full(size, np.iinfo(np.int32).max, np.int32), np.zeros(size, np.int32)
    np.minimum.at(low, cell, day)
    np.maximum.at(high, cell, day)
    spans: defaultdict[tuple[str, date], list[date]] = defaultdict(list)
    for index in np.flatnonzero(high):
        key = (scales[index // len(months)].strip(), months[index % len(months)])
        spans[key] += [date.fromordinal(int(low[index])), date.fromordinal(int(high[index]))]
    result.covered = {key: (min(days), max(days)) for key, days in spans.items()}


def _repeated(key: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The positions whose key stands before, the first of each key left out."""
    order = np.argsort(key, kind="stable")
    key = key[order]
    again: NDArray[np.int64] = order[1:][key[1:] == key[:-1]]
    return again


def _joined(parts: list[NDArray[_Number]]) -> NDArray[_Number]:
    """One array of the chunks, which are given up."""
    joined = np.concatenate(parts)
    parts.clear()
    return joined


def _ordinal(cell: str) -> int:
    match = _DAY.match(cell.strip())
    if match is None:
        return _BAD
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return _BAD


def _kilograms(cell: str, *, in_tonnes: bool) -> int:
    """Whole kilograms; a sign before three figures is read as the unit allows: no lorry carries 25 340 tonnes."""
    value = read_number(cell) if written(cell) else Doubt(code="missing", words={})
    if isinstance(value, Doubt) and value.code == "ambiguous_number":
        value = value.words["second_en"] if in_tonnes else value.words["first"]
    if isinstance(value, Doubt):
        return _BAD
    kilograms = (Decimal(value) * 1000 if in_tonnes else Decimal(value)).to_integral_value()
    return int(kilograms) if kilograms <= HEAVIEST_KG else _BAD
