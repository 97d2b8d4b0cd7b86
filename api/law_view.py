"""The law book as plain rows, for the command line, the API and the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from rules.citation import Confidence
from rules.lawbook import Deadline, LawBook, MonthDay, Row, Value
from rules.number import plain
from rules.tariff import Tariff, TariffLine

Json = dict[str, Any]
_DOUBT = tuple(Confidence)
"""From the surest to the least sure."""


def value_text(value: Value, unit: str = "") -> str:
    """A value as one reads it: ``5 %``, ``24 working days``, ``05-31; 10-31``."""
    match value:
        case None:
            return "—"
        case str():
            return value
        case Deadline(days=days, working=working):
            return f"{days} {'ngày làm việc / working days' if working else 'ngày / days'}"
        case MonthDay(month=month, day=day):
            return f"{month:02}-{day:02}"
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(value_text(one) for one in value)
        case _:
            return plain(*value.as_integer_ratio()) + ("" if unit in ("", "1") else f" {unit}")


def row_json(book: LawBook, row: Row) -> Json:
    """One row with its titles, value, period, citation and reading."""
    parameter = book.parameters.get(row.parameter)
    return {
        "parameter": row.parameter,
        "key": row.key or None,
        "title_vi": parameter.title.vi if parameter else None,
        "title_en": parameter.title.en if parameter else None,
        "value": None if row.value is None else value_text(row.value, parameter.unit if parameter else ""),
        "from": row.period.start.isoformat(),
        "until": row.period.end.isoformat() if row.period.end else None,
        "cite": row.cite.json,
        "reading_vi": row.reading.vi if row.reading else None,
        "reading_en": row.reading.en if row.reading else None,
    }


def line_json(tariff: Tariff, line: TariffLine) -> Json:
    """One line of a tariff as a row: its bounds, or the one rate where the tariff itself sets it."""
    bounds = dict.fromkeys((line.least, line.most))
    return {
        "parameter": tariff.name,
        "key": line.code,
        "title_vi": f"{tariff.title.vi}: {line.name.vi}",
        "title_en": f"{tariff.title.en}: {line.name.en}",
        "value": " – ".join(value_text(one, line.unit) for one in bounds),
        "from": line.period.start.isoformat(),
        "until": line.period.end.isoformat() if line.period.end else None,
        "cite": max(line.cite_least, line.cite, key=lambda cite: _DOUBT.index(cite.confidence)).json,
        "reading_vi": None,
        "reading_en": None,
    }


def rows_on(book: LawBook, on: date, name: str | None = None) -> list[Json]:
    """The rows in force on a day, of one parameter or tariff or of all."""
    rows = [
        row_json(book, row)
        for row in book.rows()
        if row.period.contains(on) and (name is None or row.parameter == name)
    ]
    lines = [
        line_json(tariff, line)
        for tariff in book.tariffs.values()
        for series in tariff.lines.values()
        if (name is None or tariff.name == name) and (line := series.at(on)) is not None
    ]
    return rows + lines


def changes(book: LawBook, before: date, after: date) -> list[Json]:
    """What differs between two days: parameter, key, and the row of each day (``None`` where there is none)."""
    found = []
    for (parameter, key), series in sorted(book.series.items()):
        old, new = series.at(before), series.at(after)
        if old is not new:
            found.append(
                {
                    "parameter": parameter,
                    "key": key or None,
                    "before": row_json(book, old) if old else None,
                    "after": row_json(book, new) if new else None,
                    "value_changed": (old.value if old else None) != (new.value if new else None)
                    or (old is None) != (new is None),
                }
            )
    return found


def gaps(book: LawBook) -> list[Json]:
    """The named gaps."""
    return [
        {
            "parameter": gap.parameter,
            "from": gap.period.start.isoformat(),
            "until": gap.period.end.isoformat() if gap.period.end else None,
            "reason_vi": gap.reason.vi,
            "reason_en": gap.reason.en,
            "ask_vi": gap.ask.vi,
            "ask_en": gap.ask.en,
        }
        for gap in book.gaps
    ]
