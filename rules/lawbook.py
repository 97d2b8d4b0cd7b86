"""The law book: what the law says on a given day, with its citation and how sure we are.

Values are ``Decimal``, ``str`` or one of the small value types below; look-ups are by date and fail by name, never by
guess. ``load_law_book`` is the one function of the quiet rooms that reads files.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from rules.calendar import Calendar
from rules.citation import Citation, Confidence
from rules.cpi import CpiTables
from rules.dated import Period, Series
from rules.number import Traced
from rules.quantity import Unit
from rules.tariff import Tariff
from rules.trace import Step, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A span of ``days`` after an event; ``working`` counts working days, else calendar days."""

    days: int
    working: bool
    starts: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)


Value = Decimal | str | date | Deadline | MonthDay | tuple[MonthDay, ...] | None
"""What a row holds; ``None`` for a provision, a rule of which only the place and the period matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dated value of one parameter (``key`` is empty where the parameter has none)."""

    parameter: str
    key: str
    value: Value
    period: Period
    cite: Citation
    reading: Text | None = None
    cites: tuple[Citation, ...] = field(init=False, repr=False, compare=False)
    leaves: dict[str, tuple[Step, Traced]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """Steps already written from this row, by symbol: a table's value explains itself the same way each time."""
    settled: bool = field(init=False, repr=False, compare=False)
    """Read in the legal text and open to one reading only: using it needs no caution."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "cites", (self.cite,))
        object.__setattr__(self, "settled", self.cite.confidence is Confidence.VERIFIED and self.reading is None)

    def number(self) -> Decimal:
        """The value of a number parameter."""
        assert isinstance(self.value, Decimal)
        return self.value

    def day(self) -> date:
        """The value of a date parameter."""
        assert isinstance(self.value, date)
        return self.value

    def text(self) -> str:
        """The value of a text parameter."""
        assert isinstance(self.value, str)
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a parameter means: name, titles, kind, unit (``%``, ``VND``, ``1``, ...)."""

    name: str
    title: Text
    kind: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A legal instrument the book takes rows from."""

    number: str
    title: Text
    issuer_vi: str
    issued: date | None
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Mineral:
    """A mineral code of the contract. ``water``: its quantity is a flow. ``exemptible``: Law 54/2024 Art. 98(3)(b)."""

    code: str
    name: Text
    water: bool
    exemptible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLine:
    """A line of the Ministry's price frame: whole đồng per ``unit`` (``None``: a unit the contract has no name for).

    ``high`` is ``None`` where the frame has no maximum; ``derived`` where the maximum was derived, not read.
    """

    code: str
    name_vi: str
    unit: Unit | None
    raw: bool
    low: int
    high: int | None
    derived: bool
    period: Period
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """A code of the price frame that names another resource from a day on: a price belongs to its own instrument's meaning."""

    code: str
    before_vi: str
    after_vi: str
    on: date
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkingFactor:
    """A row of TCVN 4447:2012 Table C1, for help texts: the factor that a report without one falls back to."""

    soil: Text
    low: Decimal
    mean: Decimal
    high: Decimal
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A named hole of the book: what is missing, when, why, and what the user may give instead."""

    parameter: str
    period: Period
    reason: Text
    ask: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LawBook:
    """A loaded, checked law book. ``digest`` identifies its whole content and goes into every result."""

    title: Text
    horizon: date
    digest: str
    instruments: tuple[Instrument, ...]
    parameters: Mapping[str, Parameter]
    series: Mapping[tuple[str, str], Series[Row]]
    minerals: Mapping[str, Mineral]
    calendar: Calendar
    calendar_cite: Citation
    periods_cite: Citation
    frame: Mapping[str, Series[FrameLine]]
    frame_note: Text
    reassigned: Mapping[str, Reassigned]
    bulking_factors: tuple[BulkingFactor, ...]
    tariffs: Mapping[str, Tariff]
    cpi: CpiTables
    gaps: tuple[Gap, ...]
    conventions: Mapping[str, Text]
    _by_number: dict[str, Instrument] = field(init=False, repr=False, compare=False)
    _changes: list[int] = field(init=False, repr=False, compare=False)
    _between: dict[int, dict[tuple[str, str], Row]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        days = {day for row in self.rows() for day in (row.period.start, row.period.end) if day is not None}
        object.__setattr__(self, "_changes", sorted(day.toordinal() for day in days))
        object.__setattr__(self, "_by_number", {one.number: one for one in self.instruments})

    def instrument(self, number: str) -> Instrument:
        """The instrument of a number, for example ``193/2025/NĐ-CP``."""
        return self._by_number[number]

    def in_force(self, on: date) -> Mapping[tuple[str, str], Row]:
        """Every row in force on a day, by parameter and key; the same mapping for all days between two changes."""
        stretch = bisect_right(self._changes, on.toordinal())
        found = self._between.get(stretch)
        if found is None:
            rows = ((name_and_key, series.at(on)) for name_and_key, series in self.series.items())
            found = self._between[stretch] = {name_and_key: row for name_and_key, row in rows if row is not None}
        return found

    def find(self, parameter: str, on: date, key: str = "") -> Row | None:
        """The row of a parameter in force on a day, or ``None`` where the book holds none."""
        return self.in_force(on).get((parameter, key))

    def get(self, parameter: str, on: date, key: str = "") -> Row:
        """The row in force; ``LookupError`` where there is none (use :meth:`find` where absence is a legal case)."""
        row = self.find(parameter, on, key)
        if row is None:
            raise LookupError(f"{parameter}[{key}] has no row on {on}")
        return row

    def first(self, parameter: str, key: str = "") -> Row:
        """The earliest row of a parameter: for rules applied before their article."""
        return self.series[parameter, key].rows[0]

    def rows(self) -> Iterator[Row]:
        """All rows, by parameter, key and time."""
        for name_and_key in sorted(self.series):
            yield from self.series[name_and_key].rows

    def gap(self, parameter: str, on: date) -> Gap | None:
        """The named gap that explains why a parameter has no value on a day."""
        return next((gap for gap in self.gaps if gap.parameter == parameter and gap.period.contains(on)), None)


LAW_FOLDER = Path(__file__).parent / "law"


def load_law_book(folder: Path = LAW_FOLDER) -> LawBook:
    """Read and check the law files of a folder; raises :class:`rules.loading.LawBookError` naming files and keys."""
    from rules.loading import read_law_book  # the loader builds the types above

    return read_law_book(folder)


@cache
def law_book() -> LawBook:
    """The law book shipped with the product, loaded once."""
    return load_law_book()
