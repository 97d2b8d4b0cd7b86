"""Which years does the first settlement of a mineral have, at which price and rate? Decree 193/2025 Art. 139(3)-(5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from api.imports.cells import plain
from api.province.conversions import conversion_of, lacking
from api.province.lacks import Lack, LackCode, Part
from api.province.minerals import MineralRecord
from api.province.prices import Unpriced, price_of
from api.province.records import Province, Record
from api.store.office_data import YearlyOutput
from api.store.province import ProvinceRate
from fees.settlement import counts_clean_coal
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRate:
    """The officer's own rate used for a year of a mineral."""

    year: int
    mineral: str
    rate: ProvinceRate

    @property
    def cited(self) -> Json:
        """The rate with where it stands and who entered it."""
        one = self.rate
        return {
            "year": self.year,
            "mineral": self.mineral,
            "rate_percent": one.rate_percent,
            "instrument": one.instrument,
            "article": one.article,
            "entered_by": one.entered_by,
        }


@dataclass(slots=True, kw_only=True)
class Years:
    """The years of a mineral as the contract takes them, and the list of each price; ``mined`` is their output in ``unit``,
    ``None`` while some is unknown."""

    cases: list[Json] = field(default_factory=list)
    rates: tuple[YearRate, ...] = ()
    lacks: list[Lack] = field(default_factory=list)
    reserve: str = Unit.TONNE.value
    unit: str | None = None
    mined: Decimal | None = None
    price_lists: dict[int, str] = field(default_factory=dict)


def settled_years(record: Record, mineral: MineralRecord, province: Province, on: date) -> Years:
    """The years from the first declared day of the law, or the issue of the licence, to the cut-off or its end."""
    licence, days = record.licence, province.days
    assert licence.issued_on is not None
    first = max(licence.issued_on, days.mined_since)
    last = min(licence.expires_on or days.cutoff, days.cutoff)
    needed = range(first.year, last.year + 1)
    found = Years()
    clean = counts_clean_coal(province.book, mineral.code, on)
    rows = _by_year(mineral, province, needed, found)
    units = {Unit.TONNE if clean else one.unit for parts in rows.values() for one in parts}
    if len(units) == 1:
        found.unit = units.pop().value
    found.reserve = reserve_unit(record, mineral, found.unit, province)
    figures = _figures(rows, found, clean=clean)
    _price_and_rate(record, mineral, province, figures, found, on, needed)
    if not any(one.stops(Part.REAPPROVAL) for one in found.lacks if one.code in _OUTPUTS):
        found.mined = sum((output for output, _ in figures.values()), Decimal(0))
    return found


_OUTPUTS: Final = frozenset(
    (LackCode.OUTPUT, LackCode.OUTPUT_TO_CUTOFF, LackCode.OUTPUT_FIGURE, LackCode.OUTPUT_UNITS, LackCode.OUTPUT_OUTSIDE)
)
_RESERVE_OF: Final = {Unit.M3_LOOSE.value: Unit.M3_IN_SITU.value}


def reserve_unit(record: Record, mineral: MineralRecord, output: str | None, province: Province) -> str:
    """The unit of the reserve: the officer's; for the licence's own mineral the register's; else that of the output (of
    loose m³: m³ in the ground)."""
    licence = record.licence
    known = province.book.minerals.get(mineral.code)
    if known is not None and known.water:
        return Unit.M3_WATER.value
    if mineral.facts.quantity_unit is not None:
        return mineral.facts.quantity_unit
    of_output = Unit.TONNE.value if output is None else _RESERVE_OF.get(output, output)
    if not mineral.own:
        return of_output
    tonnes = licence.licensed_tonne or licence.mining_tonne or licence.capacity_tonne
    cubic = licence.licensed_m3 or licence.mining_m3 or licence.capacity_m3
    if tonnes and not cubic:
        return Unit.TONNE.value
    if cubic and not tonnes:
        return Unit.M3_IN_SITU.value
    return of_output


def _by_year(mineral: MineralRecord, province: Province, needed: range, found: Years) -> dict[int, list[YearlyOutput]]:
    """The declared rows of the needed years; what is missing, reaches past the cut-off or lies outside is noted."""
    days = province.days
    rows: defaultdict[int, list[YearlyOutput]] = defaultdict(list)
    outside: list[int] = []
    for one in mineral.outputs:
        if one.ends_on < days.mined_since or one.starts_on > days.cutoff:
            continue
        if one.year not in needed:
            outside.append(one.year)
        elif one.ends_on <= days.cutoff:
            rows[one.year].append(one)
    if outside:
        found.lacks.append(Lack(code=LackCode.OUTPUT_OUTSIDE, part=Part.BOTH, years=tuple(outside)))
    missing = [year for year in needed if year not in rows]
    if days.cutoff.year in missing:
        missing.remove(days.cutoff.year)
        told = Text(f"{days.cutoff:%d/%m/%Y}", f"{days.cutoff}")
        found.lacks.append(Lack(code=LackCode.OUTPUT_TO_CUTOFF, part=Part.BOTH, years=(days.cutoff.year,), words=told))
    if missing:
        found.lacks.append(Lack(code=LackCode.OUTPUT, part=Part.BOTH, years=tuple(missing)))
    return rows


def _figures(
    rows: dict[int, list[YearlyOutput]], found: Years, *, clean: bool
) -> dict[int, tuple[Decimal, YearlyOutput]]:
    """Output of each year, the parts of a year added up; ``clean``: clean coal counts, in tonnes."""
    figures: dict[int, tuple[Decimal, YearlyOutput]] = {}
    unknown, mixed = [], []
    for year, parts in sorted(rows.items()):
        values = [one.clean_coal if clean else one.output for one in parts]
        told = [value for value in values if value is not None]
        if len(told) < len(values):
            unknown.append(year)
        elif len({(one.unit, one.grade) for one in parts}) > 1 or found.unit is None:
            mixed.append(year)
        else:
            figures[year] = sum(told, Decimal(0)), parts[0]
    if unknown:
        found.lacks.append(Lack(code=LackCode.OUTPUT_FIGURE, part=Part.BOTH, years=tuple(unknown)))
    if mixed:
        found.lacks.append(Lack(code=LackCode.OUTPUT_UNITS, part=Part.BOTH, years=tuple(mixed)))
    return figures


def _price_and_rate(
    record: Record,
    mineral: MineralRecord,
    province: Province,
    figures: dict[int, tuple[Decimal, YearlyOutput]],
    found: Years,
    on: date,
    needed: range,
) -> None:
    facts, unit = mineral.facts, found.unit
    known = mineral.code in province.book.minerals
    gaps: defaultdict[tuple[LackCode, Text], list[date]] = defaultdict(list)
    rates: list[YearRate] = []
    lacking_words: dict[tuple[str, str], None] = {}
    for year in needed:
        day = day_of_law(mineral.shared.fee_approved_on, year)
        rate = None
        if known and not mineral.auctioned and not province.has_rate(mineral.code, day):
            rate = province.own_rate(mineral.code, day)
            if rate is None:
                gaps[LackCode.RATE, Text("", "")].append(day)
            else:
                rates.append(YearRate(year=year, mineral=mineral.code, rate=rate))
        if facts.price_code is None and facts.frame_code is None:
            continue
        priced = price_of(province, record.licence.region, facts, day)
        if isinstance(priced, Unpriced):
            gaps[priced].append(day)
            continue
        if year not in figures or unit is None or not known:
            continue
        output, told = figures[year]
        found.price_lists[year] = priced.source
        case: Json = {"year": year, "output": plain(output), "output_unit": unit, "price": priced.price}
        conversion = conversion_of(facts, None if told.grade is None else plain(told.grade), priced.grade_unit)
        if conversion:
            case["conversion"] = conversion
        if rate is not None:
            case["rate_percent"] = rate.rate_percent
        found.cases.append(case)
        if "grade" in conversion:
            conversion = {**conversion, "grade": "1"}  # that it is there is what counts
        asked = lacking(province, mineral.code, found.reserve, unit, priced.price, conversion, on, day)
        lacking_words.update(dict.fromkeys(asked))
    found.rates = tuple(rates)
    for (code, words), days in gaps.items():
        found.lacks.append(Lack(code=code, part=Part.SETTLEMENT, days=tuple(dict.fromkeys(days)), words=words))
    for vi, en in lacking_words:
        found.lacks.append(Lack(code=LackCode.CONVERSION, part=Part.BOTH, words=Text(vi, en)))


def day_of_law(approved: date | None, year: int) -> date:
    """1 January of the year; for years before that of the (provisional) approval, the day of the approval."""
    return approved if approved is not None and year < approved.year else date(year, 1, 1)
