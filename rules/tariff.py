"""What does a tariff of the law say about one line: its bounds, its unit, for which licences it holds?

A tariff is a long table of one instrument: the resource-tax rates, the frame of the environmental fee, the fees for
licences. Its lines are dated; each bound carries its own confidence, because the sources differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt
from typing import Final, NamedTuple

from rules.citation import Citation, Confidence
from rules.dated import Period, Series
from rules.strict import Source
from rules.trace import Text

_COLUMNS: Final = (
    "code", "name_vi", "name_en", "unit", "least", "most", "from", "until", "confidence_least", "confidence_most", "applies",
)  # fmt: skip
_CONDITION: Final = re.compile(r"([a-z_]+)(<=|>=|<|>)([0-9.]+)")
_SIGNS: Final = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Condition(NamedTuple):
    """``measure sign bound``, for example ``area < 100``."""

    measure: str
    sign: str
    bound: Decimal

    def holds(self, measures: Mapping[str, Decimal]) -> bool:
        """Whether it holds; ``KeyError`` where the measure is not given."""
        return bool(_SIGNS[self.sign](measures[self.measure], self.bound))


class Applies(NamedTuple):
    """A class of licences, with the conditions that all hold."""

    of_class: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffLine:
    """A line: ``least`` to ``most`` (equal where the tariff itself sets the rate) in ``unit``, each with its citation."""

    code: str
    name: Text
    unit: str
    least: Decimal
    most: Decimal
    period: Period
    cite_least: Citation
    cite: Citation
    applies: tuple[Applies, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A tariff by code of its lines."""

    name: str
    title: Text
    lines: Mapping[str, Series[TariffLine]]

    def at(self, code: str, on: date) -> TariffLine | None:
        """The line in force on a day, or ``None``."""
        series = self.lines.get(code)
        return None if series is None else series.at(on)

    def for_class(self, of_class: str, measures: Mapping[str, Decimal], on: date) -> TariffLine | None:
        """The line that holds for a class of licences with its measures; ``KeyError`` where one asked for is not given."""
        for series in self.lines.values():
            line = series.at(on)
            for one in line.applies if line else ():
                if one.of_class == of_class and all(condition.holds(measures) for condition in one.conditions):
                    return line
        return None

    def classes(self) -> dict[str, tuple[str, ...]]:
        """The classes of licences that the lines name, each with the measures that its conditions ask for."""
        found: dict[str, dict[str, None]] = {}
        for series in self.lines.values():
            for one in (one for line in series.rows for one in line.applies):
                found.setdefault(one.of_class, {}).update((condition.measure, None) for condition in one.conditions)
        return {name: tuple(measures) for name, measures in found.items()}


def read_tariffs(source: Source) -> dict[str, Tariff]:
    """The tariffs that ``tariffs.toml`` names, by name; problems go to the source."""
    found: dict[str, Tariff] = {}
    for table in source.tables("tariffs.toml", "tariff"):
        name, title = table.text("name"), table.text_pair("title")
        instrument, at = table.text("instrument"), table.text("at")
        table.done()
        if name in found:
            source.problem("tariffs.toml", name, "stands twice")
        lines: dict[str, list[TariffLine]] = {}
        for number, row in source.rows(f"{name}.csv", _COLUMNS):
            try:
                line = _line(row, instrument, at)
            except (ValueError, InvalidOperation) as error:
                source.problem(f"{name}.csv", f"line {number}", f"{type(error).__name__}: {error}")
                continue
            if line.least > line.most:
                source.problem(f"{name}.csv", f"line {number}", "least above most")
            lines.setdefault(line.code, []).append(line)
        series = {code: Series(rows) for code, rows in lines.items()}
        for code, one in series.items():
            if one.overlaps():
                source.problem(f"{name}.csv", code, "stands twice for the same time")
        found[name] = Tariff(name=name, title=title, lines=series)
    return found


def _line(row: Mapping[str, str], instrument: str, at: str) -> TariffLine:
    where = at.replace("{code}", row["code"])
    return TariffLine(
        code=row["code"],
        name=Text(row["name_vi"], row["name_en"]),
        unit=row["unit"],
        least=Decimal(row["least"]),
        most=Decimal(row["most"]),
        period=Period(
            start=date.fromisoformat(row["from"]), end=date.fromisoformat(row["until"]) if row["until"] else None
        ),
        cite_least=Citation(instrument=instrument, at=where, confidence=Confidence(row["confidence_least"])),
        cite=Citation(instrument=instrument, at=where, confidence=Confidence(row["confidence_most"])),
        applies=tuple(_applies(one.split()) for one in row["applies"].split("|") if one.strip()),
    )


def _applies(words: list[str]) -> Applies:
    conditions = []
    for word in words[1:]:
        match = _CONDITION.fullmatch(word)
        if match is None:
            raise ValueError(f"{word!r} is no condition such as area<100")
        measure, sign, bound = match.groups()
        conditions.append(Condition(measure, sign, Decimal(bound)))
    return Applies(words[0], tuple(conditions))
