"""Which re-approval does the store make of a licence that is still running? Decree 193/2025 Art. 141."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from api.imports.cells import plain
from api.province.conversions import conversion_of, lacking
from api.province.lacks import Lack, LackCode, Part
from api.province.minerals import MineralRecord
from api.province.prices import Unpriced, price_of
from api.province.records import Province, Record
from api.province.years import Years
from api.store.models import Licence
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]


REAPPROVAL_LIST: Final = 0
"""The key of the re-approval's price list among those of the years."""


@dataclass(slots=True, kw_only=True)
class RemainingCase:
    """The line of one mineral (to be used only where nothing is missing) and what it lacks."""

    line: Json = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)


def remaining_case(record: Record, one: MineralRecord, province: Province, on: date, years: Years) -> RemainingCase:
    """What was left of a mineral: licensed quantity, mined quantities, the price of the law's own day."""
    licence, facts, days = record.licence, one.facts, province.days
    assert licence.expires_on is not None
    made = RemainingCase()
    mineral = made.line
    mineral |= {"mineral": one.code, "right": one.right}
    water = province.book.minerals[one.code].water
    if water:
        mineral["quantity_unit"] = Unit.M3_WATER.value
        mineral["flow_m3_per_day"] = facts.flow_m3_per_day
        mineral["term_days"] = (licence.expires_on - days.first_day).days + 1
        if facts.hours_per_day is not None:
            mineral["hours_per_day"] = facts.hours_per_day
        if facts.flow_m3_per_day is None:
            made.lacks.append(Lack(code=LackCode.FLOW, part=Part.REAPPROVAL))
    else:
        mineral["quantity_unit"] = years.reserve
        _licensed(record, one, years.reserve, made)
        if years.mined is not None:
            mineral["mined_since_2014"] = plain(years.mined)
            mineral["output_unit"] = years.unit or years.reserve
        _mined_before(record, one, province, made)
    _price(record, one, province, on, years, made)
    return made


def _licensed(record: Record, one: MineralRecord, unit: str, made: RemainingCase) -> None:
    """The licensed quantity in the unit of the reserve: the officer's; of the licence's own mineral the reserves by their
    names, else capacity and term."""
    licence, mineral = record.licence, made.line
    if one.facts.licensed_quantity is not None:
        mineral["licensed_quantity"] = one.facts.licensed_quantity
        return
    if not one.own:
        made.lacks.append(Lack(code=LackCode.LICENSED, part=Part.REAPPROVAL))
        return
    tonne = unit == Unit.TONNE.value
    allowed = licence.licensed_tonne if tonne else licence.licensed_m3
    minable = licence.mining_tonne if tonne else licence.mining_m3
    capacity = licence.capacity_tonne if tonne else licence.capacity_m3
    if allowed or minable:
        mineral["reserves"] = {name: value for name, value in (("allowed", allowed), ("mining", minable)) if value}
        return
    if capacity is None:
        made.lacks.append(Lack(code=LackCode.RESERVE, part=Part.REAPPROVAL))
        return
    years = record.facts.licence_years or _whole_years(licence)
    if years is None:
        made.lacks.append(Lack(code=LackCode.LICENCE_YEARS, part=Part.REAPPROVAL))
    else:
        mineral["capacity_per_year"], mineral["licence_years"] = capacity, years


def _whole_years(licence: Licence) -> int | None:
    """The term in years where it is a whole number of them, give or take the last day; else ``None``."""
    assert licence.issued_on is not None
    assert licence.expires_on is not None
    for end in (licence.expires_on, licence.expires_on + relativedelta(days=1)):
        term = relativedelta(end, licence.issued_on)
        if term.months == term.days == 0 and term.years > 0:
            return term.years
    return None


def _mined_before(record: Record, one: MineralRecord, province: Province, made: RemainingCase) -> None:
    issued, before = record.licence.issued_on, one.facts.mined_before_2014
    assert issued is not None
    if issued >= province.days.mined_since:
        return
    if before is None:
        made.lacks.append(Lack(code=LackCode.MINED_BEFORE, part=Part.REAPPROVAL))
    else:
        made.line["mined_before_2014"] = before


def _price(record: Record, one: MineralRecord, province: Province, on: date, years: Years, made: RemainingCase) -> None:
    facts, mineral, day = one.facts, made.line, province.days.first_day
    if facts.price_code is None and facts.frame_code is None:
        return
    priced = price_of(province, record.licence.region, facts, day)
    if isinstance(priced, Unpriced):
        made.lacks.append(Lack(code=priced.code, part=Part.REAPPROVAL, days=(day,), words=priced.words))
        return
    years.price_lists[REAPPROVAL_LIST] = priced.source
    mineral["price"] = priced.price
    conversion = conversion_of(facts, None, priced.grade_unit)
    if conversion:
        mineral["conversion"] = conversion
    known = {lack.words for lack in years.lacks if lack.code is LackCode.CONVERSION}
    output = mineral.get("output_unit", years.reserve)
    asked = lacking(province, one.code, years.reserve, output, priced.price, conversion, on, day)
    for vi, en in asked:
        if Text(vi, en) not in known:
            made.lacks.append(Lack(code=LackCode.CONVERSION, part=Part.REAPPROVAL, words=Text(vi, en)))
