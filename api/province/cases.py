"""Which cases of the contract does the store make of a licence, and what is missing where it makes none?

The first settlement takes the declared years up to the cut-off, each at the price of its day (Decree 193/2025 Art. 139);
the re-approval takes what is left on the next day (Art. 141). A settlement that lacks nothing is made even where the
re-approval still lacks something.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from api.province.lacks import Lack, LackCode, Part
from api.province.reapprovals import reapproval_case
from api.province.records import Province, Record
from api.province.scope import Scope, Standing, has_quantity, standing
from api.province.years import YearRate, settled_years
from rules.trace import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The cases of a licence without their day, what they lack, the own rates and the price lists (by year) they use."""

    standing: Standing
    settlement: Json | None = None
    reapproval: Json | None = None
    lacks: tuple[Lack, ...] = ()
    rates: tuple[YearRate, ...] = ()
    price_lists: Mapping[int, str] = field(default_factory=dict)

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


class _Right(NamedTuple):
    case: Json | None
    auctioned: bool


def prepare(record: Record, province: Province, on: date) -> Prepared:
    """The cases of a licence and everything they lack as of a day. Never raises for missing or odd data."""
    licence, facts = record.licence, record.facts
    mineral = province.book.minerals.get(licence.mineral_code or "")
    mined = any(one.ends_on >= province.days.mined_since for one in record.outputs)
    found = standing(licence, facts, province.days, water=mineral is not None and mineral.water, mined=mined)
    if found.scope is Scope.UNKNOWN:
        return Prepared(standing=found, lacks=(Lack(code=LackCode.ISSUED, part=Part.BOTH),))
    if found.undecided:
        return Prepared(standing=found, lacks=(Lack(code=LackCode.ELIGIBLE, part=Part.BOTH),))
    if not found.settlement:
        return Prepared(standing=found)
    lacks: list[Lack] = []
    if licence.expires_on is None:
        lacks.append(Lack(code=LackCode.TERM, part=Part.REAPPROVAL))
    right = _right(record)
    if right.case is None:
        lacks.append(Lack(code=LackCode.RIGHT, part=Part.BOTH))
    if facts.price_code is None:
        lacks.append(Lack(code=LackCode.PRICE_CODE, part=Part.BOTH))
    if mineral is None:
        lacks.append(Lack(code=LackCode.MINERAL, part=Part.BOTH))
    others = sorted({one.mineral_code for one in record.outputs} - {licence.mineral_code}) if mineral else []
    if others:
        lacks.append(Lack(code=LackCode.MINERALS, part=Part.BOTH, words=Text(", ".join(others), ", ".join(others))))
    years = settled_years(record, province, on, auctioned=right.auctioned)
    lacks += years.lacks
    paid = _paid(record, on)
    if paid is None:
        lacks.append(Lack(code=LackCode.PAID, part=Part.SETTLEMENT))
    settlement = None
    if mineral is not None and right.case is not None and not any(one.stops(Part.SETTLEMENT) for one in lacks):
        settlement = _settlement(record, province, years.cases, years.reserve, right.case, paid or 0)
    reapproval = None
    if found.reapproval and mineral is not None:
        made = reapproval_case(record, province, on, years=years, right=right.case)
        lacks += made.lacks
        if not any(one.stops(Part.REAPPROVAL) for one in lacks):
            reapproval = made.case
    elif found.exchange and not has_quantity(licence):
        lacks.append(Lack(code=LackCode.RESERVE, part=Part.REAPPROVAL))
    if not found.reapproval and not found.exchange:
        lacks = [one for one in lacks if one.stops(Part.SETTLEMENT)]
    return Prepared(
        standing=found,
        settlement=settlement,
        reapproval=reapproval,
        lacks=tuple(lacks),
        rates=years.rates,
        price_lists=years.price_lists,
    )


def _settlement(record: Record, province: Province, years: list[Json], reserve: str, right: Json, paid: int) -> Json:
    facts = record.facts
    case: Json = {
        "id": record.id,
        "kind": "settlement",
        "case": "first",
        "cutoff_on": province.days.cutoff.isoformat(),
        "paid_vnd": paid,
        "minerals": [
            {"mineral": record.licence.mineral_code, "quantity_unit": reserve, "right": right, "years": years}
        ],
    }
    if facts.budget_debts_vnd is not None:
        case["budget_debts_vnd"] = facts.budget_debts_vnd
    if facts.fee_approved_on is not None:
        case["fee_approved_on"] = facts.fee_approved_on.isoformat()
    return case


def _right(record: Record) -> _Right:
    """How the right was obtained, in the shape of the contract; ``None`` while a part of it is unknown."""
    facts = record.facts
    auctioned = facts.right_by not in (None, "no_auction")
    case: Json = {"by": facts.right_by}
    match facts.right_by:
        case "rate_auction":
            case["winning_rate_percent"] = facts.winning_rate_percent
        case "money_auction":
            case["won_vnd"], case["start_vnd"] = facts.won_vnd, facts.start_vnd
            case["rate_at_auction_percent"] = facts.rate_at_auction_percent
    return _Right(case if all(value is not None for value in case.values()) else None, auctioned)


def _paid(record: Record, on: date) -> int | None:
    """Principal paid up to the day as the tax office lists it; what the officer entered where it lists nothing."""
    paid = record.paid.until(on)
    return paid.principal_vnd if paid.payments else record.facts.paid_vnd
