"""Which quantity was left on 1 July 2025? Decree 193/2025 Art. 141(2)-(3) with Decree 21/2026."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from fees.case import Conversion, Discard, Flow, Price
from fees.line import Line
from fees.quantity import flow_quantity
from fees.right import Right
from rules.errors import Code
from rules.formats import decimal_text
from rules.number import Number, Traced, plain
from rules.quantity import Unit
from rules.trace import Text

N = TypeVar("N", bound=Number)


def remaining_quantity(Q_cp: N, Q_2014: N, SL_2025: N, TL: N) -> N:
    """Q_cl = Q_cp - Q_2014 - SL_2025 x TL_qđ, from 2026-01-16: what was mined before 2014 is in units of the reserve."""
    return Q_cp - Q_2014 - SL_2025 * TL


def remaining_quantity_2025(Q_cp: N, SL_2014: N, SL_2025: N, TL: N) -> N:
    """Q_cl = Q_cp - (SL_2014 + SL_2025) x TL_qđ, before 2026-01-16: both in units of output."""
    return Q_cp - (SL_2014 + SL_2025) * TL


def quantity_by_capacity(capacity: N, years: N) -> N:
    """Q_cp of a licence with capacity and term alone (Art. 141(2)(b))."""
    return capacity * years


def quantity_by_products(consumption: N, products: N, years: N) -> N:
    """Q_cp of a licence in products: raw material for one, products a year, remaining years (Art. 141(2)(d))."""
    return consumption * products * years


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserves:
    """A licence that names several reserves; the first that is there counts, in the order of Art. 141(3)."""

    allowed: Decimal | None = None
    mining: Decimal | None = None
    in_design: Decimal | None = None
    geological: Decimal | None = None
    mine: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A licence with yearly capacity and term alone."""

    per_year: Decimal
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """A licence in products (bricks, ...): units of reserve for one product, products a year, remaining years."""

    consumption: Decimal
    per_year: Decimal
    remaining_years: Decimal


Licensed = Decimal | Reserves | Capacity | Products | Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class RemainingLine:
    """One mineral of a re-approval; ``unit`` is that of the reserve, ``output_unit`` that of the mined quantities."""

    mineral: str
    unit: Unit
    licensed: Licensed
    right: Right
    price: Price
    output_unit: Unit
    mined_before_2014: Decimal = Decimal(0)
    mined_since_2014: Decimal = Decimal(0)
    conversion: Conversion = field(default_factory=Conversion)
    discard: Discard | None = None


def water_left(line: Line, mineral: RemainingLine, flow: Flow) -> Traced | None:
    """Art. 141(2)(c): the formula of Art. 133(2) over the remaining term; nothing is subtracted.

    ``None`` after saying that a flow gives m³ of water and no other unit.
    """
    if mineral.unit is not Unit.M3_WATER:
        line.refuse(
            Code.UNIT_MISMATCH,
            ("quantity_unit",),
            f"Lưu lượng cho khối lượng theo {Unit.M3_WATER}, không phải {mineral.unit}; bỏ quantity_unit.",
            f"A flow gives a quantity in {Unit.M3_WATER}, not in {mineral.unit}; leave quantity_unit out.",
        )
        return None
    term = Text("Thời hạn còn lại", "Remaining term")
    return flow_quantity(line, flow, "reapproval.water", "Q_cl", LEFT, term)


LEFT = Text("Trữ lượng còn lại ngày 01/7/2025", "Quantity left on 1 July 2025")


def quantity_left(line: Line, mineral: RemainingLine, TL: Traced) -> Traced | None:
    """Q_cl of a solid mineral or CO2 by quantity; ``None`` after saying that more was mined than licensed."""
    work = line.work
    Q_cp = _licensed(line, mineral)
    rule = work.law("reapproval.mined_before_2014_in")
    in_reserve = rule.text() == "reserve"
    cite = work.provision("reapproval.remaining")
    symbol = "Q_2014" if in_reserve else "SL_2014"
    before = line.define(
        symbol, "Đã khai thác đến 31/12/2013", "Mined up to 31 December 2013",
        Traced.of(symbol + line.mark, mineral.mined_before_2014), mineral.unit if in_reserve else mineral.output_unit, cite,
    )  # fmt: skip
    since = line.define(
        "SL_2025", "Sản lượng từ 01/01/2014 đến 30/6/2025", "Output from 1 January 2014 to 30 June 2025",
        Traced.of("SL_2025" + line.mark, mineral.mined_since_2014), mineral.output_unit, cite,
    )  # fmt: skip
    left = remaining_quantity if in_reserve else remaining_quantity_2025
    number = left(Q_cp, before, since, TL)
    if number.num < 0:
        below = plain(number.num, number.den)
        line.refuse(
            Code.OUT_OF_RANGE,
            ("mined_since_2014",),
            f"Đã khai thác nhiều hơn được phép: còn lại {decimal_text(below)}. Kiểm tra sản lượng, đơn vị và trữ lượng.",
            f"More was mined than licensed: {decimal_text(below, 'en')} is left. Check outputs, units and the licensed quantity.",
        )
        return None
    return line.define("Q_cl", LEFT.vi, LEFT.en, number, mineral.unit, cite)


_RESERVES = (
    ("allowed", "Trữ lượng được phép khai thác", "Reserve allowed to be mined"),
    ("mining", "Trữ lượng khai thác", "Mining reserve"),
    ("in_design", "Trữ lượng được phép huy động vào thiết kế khai thác", "Reserve allowed into the mine design"),
    ("geological", "Trữ lượng địa chất", "Geological reserve"),
    ("mine", "Trữ lượng mỏ", "Mine reserve"),
)


def _licensed(line: Line, mineral: RemainingLine) -> Traced:
    """Q_cp: the licensed quantity, by the kind of licence."""
    work, unit, licensed = line.work, mineral.unit, mineral.licensed

    def given(symbol: str, vi: str, en: str, value: Decimal | int, of: str, provision: str) -> Traced:
        return line.define(symbol, vi, en, Traced.of(symbol + line.mark, value), of, work.provision(provision))

    match licensed:
        case Reserves():
            name, vi, en = next(one for one in _RESERVES if getattr(licensed, one[0]) is not None)
            return given("Q_cp", vi, en, getattr(licensed, name), unit, "reapproval.reserve_order")
        case Capacity(per_year=per_year, years=years):
            capacity = given("CS", "Công suất năm", "Yearly capacity", per_year, f"{unit}/year", "reapproval.capacity")
            term = given("N", "Thời hạn, năm", "Term, years", years, "year", "reapproval.capacity")
            number, provision = quantity_by_capacity(capacity, term), "reapproval.capacity"
        case Products(consumption=consumption, per_year=per_year, remaining_years=years_left):
            provision = "reapproval.products"
            use = given(
                "m", "Mức tiêu hao cho một sản phẩm", "Consumption for one product", consumption, unit, provision
            )
            made = given("SP", "Số sản phẩm một năm", "Products a year", per_year, "1", provision)
            left = given("N", "Thời hạn còn lại, năm", "Remaining term, years", years_left, "year", provision)
            number = quantity_by_products(use, made, left)
        case Decimal():
            return given("Q_cp", "Trữ lượng được phép", "Licensed quantity", licensed, unit, "reapproval.remaining")
        case Flow():
            raise AssertionError("a flow has no licensed quantity")
    return line.define("Q_cp", "Trữ lượng được phép", "Licensed quantity", number, unit, work.provision(provision))
