"""Which re-approval does the store make of a licence that is still running? Decree 193/2025 Art. 141."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from api.imports.cells import plain
from api.province.conversions import conversion_of, lacking
from api.province.lacks import Lack, LackCode, Part
from api.province.records import Province, Record
from api.province.years import Years, named_list
from api.store.models import Licence
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class MadeReapproval:
    """The case without its day (to be used only where nothing is missing) and what it lacks."""

    case: Json = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)


def reapproval_case(
    record: Record, province: Province, on: date, *, years: Years, right: Json | None
) -> MadeReapproval:
    """The re-approval of what was left: licensed quantity, mined quantities, the price of the law's own day."""
    licence, facts, days = record.licence, record.facts, province.days
    assert licence.expires_on is not None
    made = MadeReapproval()
    mineral: Json = {"mineral": licence.mineral_code, "right": right}
    water = province.book.minerals[licence.mineral_code or ""].water
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
        _licensed(record, years.reserve, mineral, made)
        if years.mined is not None:
            mineral["mined_since_2014"] = plain(years.mined)
            mineral["output_unit"] = years.unit or years.reserve
        _mined_before(record, province, mineral, made)
    _price(record, province, on, years, mineral, made)
    made.case = {
        "id": record.id,
        "kind": "reapproval",
        "expires_on": licence.expires_on.isoformat(),
        "minerals": [mineral],
    }
    return made


def _licensed(record: Record, unit: str, mineral: Json, made: MadeReapproval) -> None:
    """The licensed quantity in the unit of the reserve: the reserves by their names, else capacity and term."""
    licence = record.licence
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


def _mined_before(record: Record, province: Province, mineral: Json, made: MadeReapproval) -> None:
    issued, before = record.licence.issued_on, record.facts.mined_before_2014
    assert issued is not None
    if issued >= province.days.mined_since:
        return
    if before is None:
        made.lacks.append(Lack(code=LackCode.MINED_BEFORE, part=Part.REAPPROVAL))
    else:
        mineral["mined_before_2014"] = before


def _price(record: Record, province: Province, on: date, years: Years, mineral: Json, made: MadeReapproval) -> None:
    facts, licence, day = record.facts, record.licence, province.days.first_day
    if facts.price_code is None:
        return
    price = province.price(licence.region, facts.price_code, day)
    if price is None or price.unit is None:
        code = LackCode.PRICE if price is None else LackCode.PRICE_UNIT
        words = Text(facts.price_code, facts.price_code)
        made.lacks.append(Lack(code=code, part=Part.REAPPROVAL, days=(day,), words=words))
        return
    years.price_lists[0] = named_list(price)
    mineral["price"] = {"kind": facts.price_kind or "raw", "amount": price.price_vnd, "unit": price.unit.value}
    conversion = conversion_of(facts)
    if conversion:
        mineral["conversion"] = conversion
    known = {one.words for one in years.lacks if one.code is LackCode.CONVERSION}
    output = mineral.get("output_unit", years.reserve)
    asked = lacking(province, licence.mineral_code or "", years.reserve, output, mineral["price"], conversion, on)
    for vi, en in asked:
        if Text(vi, en) not in known:
            made.lacks.append(Lack(code=LackCode.CONVERSION, part=Part.REAPPROVAL, words=Text(vi, en)))
