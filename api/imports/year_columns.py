"""Which columns of a declaration are years (2014 … 2025), and what does each row say of each of them?

Offices keep output in two layouts: a row for each year, or a row for each licence with a column for each year. A header
such as "2014", "Năm 2014", "Sản lượng năm 2014 (tấn)", "6 tháng đầu năm 2025" or "Đến 30/6/2025" names a period; under a
group header ("Sản lượng (tấn)" over the years) it names a quantity too. Without a quantity the cells are raw output.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.store.text import fold

_RAW: Final = "output"
_UNIT: Final = r"\s*(\([^()]*\))?\s*"
_YEAR: Final = re.compile(rf"(.*?)\s*(?:\bnam\s+)?\b((?:19|20)\d\d){_UNIT}")
_HALF: Final = re.compile(rf"(.*?)\s*(?:6 thang|nua)\s+(dau|cuoi)\s+(?:nam\s+)?((?:19|20)\d\d){_UNIT}")
_DAY: Final = r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"
_UNTIL: Final = re.compile(
    rf"(.*?)\s*(?:(?:tu\s+)?(?:ngay\s+)?{_DAY}\s*(?:[-–—]|den)|den)\s*(?:het\s+)?(?:ngay\s+)?{_DAY}{_UNIT}"
)
_HALVES: Final = {"dau": ((1, 1), (6, 30)), "cuoi": ((7, 1), (12, 31))}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearColumn:
    """What a column carries: a field of the subject in a period of one year; ``unit`` where its header names one."""

    field: str
    first: date
    last: date
    unit: str | None


def year_column(
    name: str,
    measured: Collection[str],
    field_of: Callable[[str], str | None],
    unit_of: Callable[[str], str | None],
) -> YearColumn | None:
    """The period and quantity a header names; ``None`` when it names none.

    ``field_of`` and ``unit_of`` read a header and a unit as the subject's aliases have them.
    """
    split = _split(" ".join(fold(name).split()))
    if split is None:
        return None
    what, first, last, bracket = split
    field = field_of(what) if what else _RAW
    if field is None or field not in measured:
        return None
    return YearColumn(field=field, first=first, last=last, unit=unit_of(bracket) or unit_of(what))


def by_period(columns: Mapping[int, YearColumn]) -> dict[tuple[date, date], dict[str, int]]:
    """Field -> column of each period, in order of time."""
    found: dict[tuple[date, date], dict[str, int]] = {}
    for position, one in sorted(columns.items(), key=lambda item: (item[1].first, item[1].last, item[0])):
        found.setdefault((one.first, one.last), {}).setdefault(one.field, position)
    return found


def _split(name: str) -> tuple[str, date, date, str] | None:
    if match := _HALF.fullmatch(name):
        begin, end = _HALVES[match[2]]
        year = int(match[3])
        return match[1].strip(), date(year, *begin), date(year, *end), match[4] or ""
    if match := _UNTIL.fullmatch(name):
        last = _day(match[5], match[6], match[7])
        first = _day(match[2], match[3], match[4]) if match[2] else last and date(last.year, 1, 1)
        return (match[1].strip(), first, last, match[8] or "") if first and last else None
    if match := _YEAR.fullmatch(name):
        year = int(match[2])
        return match[1].strip(), date(year, 1, 1), date(year, 12, 31), match[3] or ""
    return None


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
