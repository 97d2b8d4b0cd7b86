"""Which years does the first settlement of a licence have, at which price and rate? Decree 193/2025 Art. 139(3)-(5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from api.imports.cells import plain
from api.province.conversions import conversion_of, lacking
from api.province.lacks import Lack, LackCode, Part
from api.province.records import Province, Record
from api.store.office_data import YearlyOutput
from api.store.price_book import PriceOn
from api.store.province import ProvinceRate
from fees.settlement import COAL
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRate:
    """The officer's own rate used for a year."""

    year: int
    rate: ProvinceRate

    @property
    def cited(self) -> Json:
        """The rate with where it stands and who entered it."""
        one = self.rate
        return {
            "year": self.year,
            "rate_percent": one.rate_percent,
            "instrument": one.instrument,
            "article": one.article,
            "entered_by": one.entered_by,
        }


@dataclass(slots=True, kw_only=True)
class Years:
    """The years as the contract takes them; ``mined`` is their output in ``unit``, ``None`` while some is unknown."""

    cases: list[Json] = field(default_factory=list)
    rates: tuple[YearRate, ...] = ()
    lacks: list[Lack] = field(default_factory=list)
    reserve: str = Unit.TONNE.value
    unit: str | None = None
    mined: Decimal | None = None
    price_lists: dict[int, str] = field(default_factory=dict)


def settled_years(record: Record, province: Province, on: date, *, auctioned: bool) -> Years:
    """The years from the first declared day of the law, or the issue of the licence, to the cut-off or its end."""
    licence, days = record.licence, province.days
    assert licence.issued_on is not None
    first = max(licence.issued_on, days.mined_since)
    last = min(licence.expires_on or days.cutoff, days.cutoff)
    needed = range(first.year, last.year + 1)
    found = Years()
    rows = _by_year(record, province, needed, found)
    units = {one.unit for parts in rows.values() for one in parts}
    if len(units) == 1:
        found.unit = units.pop().value
    found.reserve = reserve_unit(record, found.unit, province)
    figures = _figures(rows, licence.mineral_code, found)
    _price_and_rate(record, province, figures, found, on, auctioned=auctioned, needed=needed)
    if not any(one.stops(Part.REAPPROVAL) for one in found.lacks if one.code in _OUTPUTS):
        found.mined = sum((output for output, _ in figures.values()), Decimal(0))
    return found


_OUTPUTS = frozenset(
    (LackCode.OUTPUT, LackCode.OUTPUT_TO_CUTOFF, LackCode.OUTPUT_FIGURE, LackCode.OUTPUT_UNITS, LackCode.OUTPUT_OUTSIDE)
)


def reserve_unit(record: Record, output: str | None, province: Province) -> str:
    """The unit of the reserve: the register's own; that of the output where it has both, or none."""
    licence = record.licence
    mineral = province.book.minerals.get(licence.mineral_code or "")
    if mineral is not None and mineral.water:
        return Unit.M3_WATER.value
    tonnes = licence.licensed_tonne or licence.mining_tonne or licence.capacity_tonne
    cubic = licence.licensed_m3 or licence.mining_m3 or licence.capacity_m3
    if tonnes and not cubic:
        return Unit.TONNE.value
    if cubic and not tonnes:
        return Unit.M3_IN_SITU.value
    return Unit.TONNE.value if output in (None, Unit.TONNE.value) else Unit.M3_IN_SITU.value


def _by_year(record: Record, province: Province, needed: range, found: Years) -> dict[int, list[YearlyOutput]]:
    """The declared rows of the needed years; what is missing, reaches past the cut-off or lies outside is noted."""
    days = province.days
    rows: defaultdict[int, list[YearlyOutput]] = defaultdict(list)
    outside: list[int] = []
    for one in record.outputs:
        if one.mineral_code != record.licence.mineral_code or one.ends_on < days.mined_since:
            continue
        if one.starts_on > days.cutoff:
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
    rows: dict[int, list[YearlyOutput]], mineral: str | None, found: Years
) -> dict[int, tuple[Decimal, YearlyOutput]]:
    """Output of each year, the parts of a year added up; coal counts as clean coal."""
    figures: dict[int, tuple[Decimal, YearlyOutput]] = {}
    unknown, mixed = [], []
    for year, parts in sorted(rows.items()):
        values = [one.clean_coal if mineral == COAL else one.output for one in parts]
        told = [value for value in values if value is not None]
        if len(told) < len(values):
            unknown.append(year)
        elif len({(one.unit, one.grade) for one in parts}) > 1 or (found.unit is None and mineral != COAL):
            mixed.append(year)
        else:
            figures[year] = sum(told, Decimal(0)), parts[0]
    if mineral == COAL:
        found.unit = Unit.TONNE.value
    if unknown:
        found.lacks.append(Lack(code=LackCode.OUTPUT_FIGURE, part=Part.BOTH, years=tuple(unknown)))
    if mixed:
        found.lacks.append(Lack(code=LackCode.OUTPUT_UNITS, part=Part.BOTH, years=tuple(mixed)))
    return figures


def _price_and_rate(
    record: Record,
    province: Province,
    figures: dict[int, tuple[Decimal, YearlyOutput]],
    found: Years,
    on: date,
    *,
    auctioned: bool,
    needed: range,
) -> None:
    facts, mineral, unit = record.facts, record.licence.mineral_code, found.unit
    minerals = province.book.minerals
    unpriced: list[date] = []
    unmeasured: list[date] = []
    unrated: list[date] = []
    rates: list[YearRate] = []
    lacking_words: dict[tuple[str, str], None] = {}
    for year in needed:
        day = day_of_law(facts.fee_approved_on, year)
        rate = None
        if mineral is not None and mineral in minerals and not auctioned and not province.has_rate(mineral, day):
            rate = province.own_rate(mineral, day)
            if rate is None:
                unrated.append(day)
            else:
                rates.append(YearRate(year=year, rate=rate))
        price = None if facts.price_code is None else province.price(record.licence.region, facts.price_code, day)
        if facts.price_code is not None and price is None:
            unpriced.append(day)
        if price is not None and price.unit is None:
            unmeasured.append(day)
        if price is None or price.unit is None or year not in figures or unit is None or mineral is None:
            continue
        output, told = figures[year]
        found.price_lists[year] = named_list(price)
        case: Json = {
            "year": year,
            "output": plain(output),
            "output_unit": unit,
            "price": {"kind": facts.price_kind or "raw", "amount": price.price_vnd, "unit": price.unit.value},
        }
        conversion = conversion_of(facts, None if told.grade is None else plain(told.grade))
        if conversion:
            case["conversion"] = conversion
        if rate is not None:
            case["rate_percent"] = rate.rate_percent
        found.cases.append(case)
        if mineral in minerals:
            if "grade" in conversion:
                conversion = {**conversion, "grade": "1"}  # that it is there is what counts
            asked = lacking(province, mineral, found.reserve, unit, case["price"], conversion, on)
            lacking_words.update(dict.fromkeys(asked))
    found.rates = tuple(rates)
    code = facts.price_code or ""
    for kind, gaps, words in (
        (LackCode.PRICE, unpriced, Text(code, code)),
        (LackCode.PRICE_UNIT, unmeasured, Text(code, code)),
        (LackCode.RATE, unrated, Text("", "")),
    ):
        if gaps:
            days = tuple(dict.fromkeys(gaps))
            found.lacks.append(Lack(code=kind, part=Part.SETTLEMENT, days=days, words=words))
    for vi, en in lacking_words:
        found.lacks.append(Lack(code=LackCode.CONVERSION, part=Part.BOTH, words=Text(vi, en)))


def named_list(price: PriceOn) -> str:
    """The decision a price comes from, marked where the list is a sample, with the line that was taken."""
    told = price.source.sample and "mẫu" not in price.source.decision
    sample = " (số liệu mẫu / sample)" if told else ""
    return f"{price.source.decision}{sample}, {price.code}"


def day_of_law(approved: date | None, year: int) -> date:
    """1 January of the year; for years before that of the (provisional) approval, the day of the approval."""
    return approved if approved is not None and year < approved.year else date(year, 1, 1)
