"""Which cases of the contract does the store make of a licence, and what is missing where it makes none?

The first settlement takes the declared years up to the cut-off, each mineral by itself and each year at the price of its
day (Decree 193/2025 Art. 139); the re-approval takes what is left on the next day (Art. 141). A settlement that lacks
nothing is made even where the re-approval still lacks something.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from api.province.lacks import Lack, LackCode, Part
from api.province.minerals import MineralRecord, minerals_of
from api.province.reapprovals import remaining_case
from api.province.records import Province, Record
from api.province.scope import Scope, Standing, has_quantity, standing
from api.province.years import YearRate, Years, settled_years

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The cases of a licence without their day, what they lack, its minerals, the own rates and the price lists (by
    mineral and year) they use."""

    standing: Standing
    settlement: Json | None = None
    reapproval: Json | None = None
    lacks: tuple[Lack, ...] = ()
    minerals: tuple[str, ...] = ()
    rates: tuple[YearRate, ...] = ()
    price_lists: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """What tells whether a licence's data have changed since it was computed."""
        rates = [one.cited for one in self.rates]
        facts = [self.settlement, self.reapproval, rates, self.price_lists]
        written = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()

    def on(self, day: date) -> Json:
        """The cases as of a day, ready to be computed."""
        cases: Json = {}
        if self.settlement is not None:
            cases["settlement"] = {**self.settlement, "settled_on": day.isoformat()}
        if self.reapproval is not None:
            cases["reapproval"] = {**self.reapproval, "decided_on": day.isoformat()}
        return cases


def prepare(record: Record, province: Province, on: date) -> Prepared:
    """The cases of a licence and everything they lack as of a day. Never raises for missing or odd data."""
    licence, facts = record.licence, record.facts
    minerals = minerals_of(record, province)
    codes = tuple(one.code for one in minerals if one.code)
    water = any(province.book.minerals[code].water for code in codes)
    mined = any(one.ends_on >= province.days.mined_since for one in record.outputs)
    found = standing(licence, facts, province.days, water=water, mined=mined)
    if found.scope is Scope.UNKNOWN:
        return Prepared(standing=found, minerals=codes, lacks=(Lack(code=LackCode.ISSUED, part=Part.BOTH),))
    if found.undecided:
        return Prepared(standing=found, minerals=codes, lacks=(Lack(code=LackCode.ELIGIBLE, part=Part.BOTH),))
    if not found.settlement:
        return Prepared(standing=found, minerals=codes)
    lacks: list[Lack] = []
    if licence.expires_on is None:
        lacks.append(Lack(code=LackCode.TERM, part=Part.REAPPROVAL))
    if not codes:
        lacks.append(Lack(code=LackCode.MINERAL, part=Part.BOTH))
    worked = [(one, settled_years(record, one, province, on)) for one in minerals]
    lines: list[Json] = []
    for one, years in worked:
        own = [*_lacking(one), *years.lacks]
        if found.reapproval and one.code:
            made = remaining_case(record, one, province, on, years)
            own += made.lacks
            lines.append(made.line)
        lacks += _named(own, one, province, several=len(minerals) > 1)
    paid = _paid(record, on)
    if paid is None:
        lacks.append(Lack(code=LackCode.PAID, part=Part.SETTLEMENT))
    if found.exchange and not has_quantity(licence):
        lacks.append(Lack(code=LackCode.RESERVE, part=Part.REAPPROVAL))
    if not found.reapproval and not found.exchange:
        lacks = [one for one in lacks if one.stops(Part.SETTLEMENT)]
    settlement = reapproval = None
    if codes and not any(one.stops(Part.SETTLEMENT) for one in lacks):
        settlement = _settlement(record, province, worked, paid or 0)
    if lines and not any(one.stops(Part.REAPPROVAL) for one in lacks):
        assert licence.expires_on is not None
        reapproval = {
            "id": record.id,
            "kind": "reapproval",
            "expires_on": licence.expires_on.isoformat(),
            "minerals": lines,
        }
    return Prepared(
        standing=found,
        settlement=settlement,
        reapproval=reapproval,
        lacks=tuple(lacks),
        minerals=codes,
        rates=tuple(rate for _, years in worked for rate in years.rates),
        price_lists={one.code: years.price_lists for one, years in worked},
    )


def _lacking(one: MineralRecord) -> Iterable[Lack]:
    """What nobody said about a mineral."""
    if one.right is None:
        yield Lack(code=LackCode.RIGHT, part=Part.BOTH)
    if one.facts.price_code is None and one.facts.frame_code is None:
        yield Lack(code=LackCode.PRICE_CODE, part=Part.BOTH)


def _named(lacks: Iterable[Lack], one: MineralRecord, province: Province, *, several: bool) -> Iterable[Lack]:
    """The lacks with the mineral they are about; its name is said where the licence has several."""
    known = province.book.minerals.get(one.code)
    for lack in lacks:
        said = replace(lack, mineral=one.code)
        yield replace(said, about=known.name) if several and known is not None else said


def _settlement(record: Record, province: Province, worked: Iterable[tuple[MineralRecord, Years]], paid: int) -> Json:
    facts = record.facts
    case: Json = {
        "id": record.id,
        "kind": "settlement",
        "case": "first",
        "cutoff_on": province.days.cutoff.isoformat(),
        "paid_vnd": paid,
        "minerals": [
            {"mineral": one.code, "quantity_unit": years.reserve, "right": one.right, "years": years.cases}
            for one, years in worked
        ],
    }
    if facts.budget_debts_vnd is not None:
        case["budget_debts_vnd"] = facts.budget_debts_vnd
    if facts.fee_approved_on is not None:
        case["fee_approved_on"] = facts.fee_approved_on.isoformat()
    return case


def _paid(record: Record, on: date) -> int | None:
    """Principal paid up to the day as the tax office lists it; what the officer entered where it lists nothing."""
    paid = record.paid.until(on)
    return paid.principal_vnd if paid.payments else record.facts.paid_vnd
