"""Reading the law files strictly: unknown keys, gaps, overlaps, missing citations are errors naming file and key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from rules.citation import Citation, Confidence
from rules.cpi import read_cpi
from rules.dated import Period, Series
from rules.law_tables import read_bulking_factors, read_calendar, read_frame
from rules.law_values import read_value
from rules.lawbook import Gap, Instrument, LawBook, Mineral, Parameter, Row
from rules.strict import LawBookError, Source, Table
from rules.tariff import read_tariffs
from rules.trace import Text

_NOT_INSTRUMENTS = {
    "book.toml", "parameters.toml", "minerals.toml", "conventions.toml", "gaps.toml", "calendar.toml",
    "price_frame.toml", "bulking_factors.toml", "tariffs.toml", "cpi.toml",
}  # fmt: skip
_TABLES = ("price_frame", "holidays", "cpi")
_KINDS = ("number", "whole", "text", "date", "deadline", "yearly_dates", "month_day")

__all__ = ["LawBookError", "read_law_book"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """A parameter with the period each of its keys must cover."""

    parameter: Parameter
    keys: tuple[str, ...] | None
    covers: Period | None
    follows: str | None


@dataclass(slots=True)
class _Rows:
    """Rows being collected; an ``end`` of a later instrument closes the row that is open on that day."""

    by_key: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """File of each instrument, by its number."""

    def add(self, row: Row) -> None:
        self.by_key.setdefault((row.parameter, row.key), []).append(row)

    def close(self, parameter: str, key: str, on: date) -> bool:
        rows = self.by_key.get((parameter, key), [])
        for index, row in enumerate(rows):
            if row.period.start < on and row.period.end is None:
                rows[index] = replace(row, period=Period(start=row.period.start, end=on))
                return True
        return False


def read_law_book(folder: Path) -> LawBook:
    """Read every file of a folder into a :class:`LawBook`; raises :class:`LawBookError` with all problems at once."""
    source = Source(folder)
    book = source.table("book.toml")
    title = book.text_pair("title")
    horizon = book.day("horizon")
    book.done()
    minerals = _unique(source, "minerals.toml", [(one.code, one) for one in _minerals(source)])
    conventions = _unique(source, "conventions.toml", list(_conventions(source)))
    parameters = [(one.parameter.name, one) for one in _parameters(source, minerals)]
    declared = _unique(source, "parameters.toml", parameters)
    rows = _Rows()
    instruments, ends = [], []
    files = sorted(path.name for path in folder.glob("*.toml") if path.name not in _NOT_INSTRUMENTS)
    for name in files:
        instrument, closing = _instrument(source, name, declared, rows)
        instruments.append(instrument)
        ends.extend(closing)
    for table, parameter, key, on in ends:
        if not rows.close(parameter, key, on):
            table.problem(parameter, f"ends {parameter}[{key}] on {on}, but no row is open then")
    series = {key: Series(found) for key, found in rows.by_key.items()}
    tariffs = read_tariffs(source)
    known = {*declared, *_TABLES, *tariffs, *(name for name, _ in series)}
    gaps = tuple(_gap(table, known) for table in source.tables("gaps.toml", "gap"))
    _check_coverage(source, declared, series, gaps, rows.files)
    calendar, days_cite, periods_cite = read_calendar(source)
    frame, frame_note, reassigned = read_frame(source)
    factors = read_bulking_factors(source)
    cpi = read_cpi(source)
    source.raise_problems()
    return LawBook(
        title=title,
        horizon=horizon,
        digest=_digest(source),
        instruments=tuple(sorted(instruments, key=lambda one: one.period.start)),
        parameters={name: one.parameter for name, one in declared.items()},
        series=series,
        minerals=minerals,
        calendar=calendar,
        calendar_cite=days_cite,
        periods_cite=periods_cite,
        frame=frame,
        frame_note=frame_note,
        reassigned=reassigned,
        bulking_factors=factors,
        tariffs=tariffs,
        cpi=cpi,
        gaps=gaps,
        conventions=conventions,
    )


Named = TypeVar("Named")


def _unique(source: Source, file: str, found: list[tuple[str, Named]]) -> dict[str, Named]:
    """Names to values; a name that stands twice is a problem."""
    unique: dict[str, Named] = {}
    for name, value in found:
        if name in unique:
            source.problem(file, name, "stands twice")
        unique[name] = value
    return unique


def _minerals(source: Source) -> Iterable[Mineral]:
    for table in source.tables("minerals.toml", "mineral"):
        yield Mineral(
            code=table.text("code"),
            name=table.text_pair("name"),
            water=table.flag("water", default=False),
            exemptible=table.flag("exempt", default=True),
        )
        table.done()


def _conventions(source: Source) -> Iterable[tuple[str, Text]]:
    for table in source.tables("conventions.toml", "convention"):
        yield table.text("name"), table.text_pair("text")
        table.done()


def _parameters(source: Source, minerals: dict[str, Mineral]) -> Iterable[_Declared]:
    for table in source.tables("parameters.toml", "parameter"):
        kind = table.one_of("kind", _KINDS)
        parameter = Parameter(
            name=table.text("name"), title=table.text_pair("title"), kind=kind, unit=table.text("unit", default="")
        )
        keys = table.keys("keys", minerals)
        follows = table.text("follows", default="") or None
        covers = None
        if follows is None:
            covers = Period(start=table.day("covers_from"), end=table.optional_day("covers_until"))
        table.done()
        yield _Declared(parameter=parameter, keys=keys, covers=covers, follows=follows)


def _instrument(
    source: Source, name: str, declared: dict[str, _Declared], rows: _Rows
) -> tuple[Instrument, list[tuple[Table, str, str, date]]]:
    file = source.table(name)
    head = file.child("instrument")
    number = head.text("number")
    period = Period(start=head.day("in_force_from"), end=head.optional_day("in_force_until"))
    confidence = Confidence(head.one_of("confidence", tuple(Confidence)))
    instrument = Instrument(
        number=number,
        title=head.text_pair("title"),
        issuer_vi=head.text("issuer_vi"),
        issued=head.optional_day("issued"),
        period=period,
    )
    head.done()
    if rows.files.setdefault(number, name) != name:
        source.problem(name, "instrument.number", f"{number} has a file already: {rows.files[number]}")
    ends = []
    for table in file.children("end"):
        on = table.optional_day("on") or period.start
        target = table.text("provision", default="") or table.text("parameter")
        for key in table.keys("keys", {}) or ("",):
            ends.append((table, target, key, on))
        table.done()
    for table in file.children("provision"):
        _add(table, table.text("name"), {"": None}, number, period, confidence, rows)
    for table in file.children("rule"):
        parameter = table.text("parameter")
        known = declared.get(parameter)
        if known is None:
            table.problem("parameter", f"{parameter} is not declared in parameters.toml")
            continue
        values = table.values(known.keys is not None or known.follows is not None)
        kind = known.parameter.kind
        for key in values:
            if known.keys is not None and key not in known.keys:
                table.problem(f"values.{key}", f"is no key of {parameter}")
        read = {key: read_value(table, f"values.{key}" if key else "value", kind, raw) for key, raw in values.items()}
        _add(table, parameter, read, number, period, confidence, rows)
    file.done()
    return instrument, ends


def _add(
    table: Table,
    parameter: str,
    values: dict[str, Any],
    number: str,
    period: Period,
    confidence: Confidence,
    rows: _Rows,
) -> None:
    """Add the rows of one table: its own dates and confidence, else those of its instrument."""
    at = table.text("at")
    own = Period(start=table.optional_day("from") or period.start, end=table.optional_day("until") or period.end)
    if own.start < period.start:
        table.problem("from", "lies before the instrument is in force")
    if own.end is not None and own.end <= own.start:
        table.problem("until", "lies on or before its from")
    stated = table.one_of("confidence", tuple(Confidence), default=confidence.value)
    reading = table.text_pair("reading", optional=True)
    table.done()
    for key, value in values.items():
        cite = Citation(
            instrument=number, at=at.replace("{line}", key.partition("/")[2]), confidence=Confidence(stated)
        )
        rows.add(Row(parameter=parameter, key=key, value=value, period=own, cite=cite, reading=reading))


def _gap(table: Table, known: Collection[str]) -> Gap:
    gap = Gap(
        parameter=table.text("parameter"),
        period=Period(start=table.day("from"), end=table.optional_day("until")),
        reason=table.text_pair("reason"),
        ask=table.text_pair("ask"),
    )
    if gap.parameter not in known:
        table.problem("parameter", f"{gap.parameter} is nothing the book knows")
    table.done()
    return gap


def _check_coverage(
    source: Source,
    declared: dict[str, _Declared],
    series: dict[tuple[str, str], Series[Row]],
    gaps: tuple[Gap, ...],
    files: dict[str, str],
) -> None:
    for (parameter, key), rows in series.items():
        for earlier, later in rows.overlaps():
            source.problem(
                files[later.cite.instrument],
                f"{parameter}[{key}]",
                f"{later.period} overlaps {earlier.period} of {earlier.cite.instrument}",
            )
    for name, one in declared.items():
        wanted: list[tuple[str, Period]] = []
        if one.covers is not None:
            wanted = [(key, one.covers) for key in one.keys or ("",)]
        elif one.follows is not None:
            leading = [rows for (parameter, _), rows in series.items() if parameter == one.follows]
            wanted = [(row.value, row.period) for rows in leading for row in rows.rows if isinstance(row.value, str)]
        for key, covered in wanted:
            for hole in series.get((name, key), Series[Row](())).holes(covered):
                if not any(gap.parameter == name and gap.period.contains(hole.start) for gap in gaps):
                    source.problem("parameters.toml", f"{name}[{key}]", f"no value in {hole} and no gap that names it")


def _digest(source: Source) -> str:
    """SHA-256 over the content (not the layout) of every law file."""

    def plain(value: Any) -> Any:
        if isinstance(value, date | Decimal):
            return str(value)
        raise TypeError(type(value).__name__)

    text = json.dumps(source.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()
