"""The kinds ``settlement``, ``reapproval`` and ``adjustment``: shapes at the edge and the cases they stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.contract.lines import MOST_LINES, MineralCode
from api.contract.prices import Conversion, Price, Shape, conversion_of
from api.contract.rights import Right
from api.contract.types import (
    Day,
    Days,
    HoursPerDay,
    Identifier,
    NonNegative,
    Positive,
    RoundingVnd,
    SumOrZeroVnd,
    UnitName,
    Year,
    choice,
    whole,
)
from fees import case
from fees.adjustment import AdjustedLine, AdjustmentCase, Reason, compute_adjustment
from fees.reapproval import ReapprovalCase, compute_reapproval
from fees.remaining import Capacity, Licensed, Products, RemainingLine, Reserves
from fees.result import Computed
from fees.settlement import compute_settlement
from fees.settlement_case import OutputYear, SettlementCase, SettlementKind, SettlementLine
from rules.lawbook import LawBook
from rules.quantity import Unit


class SettledYear(Shape):
    """Output of one year and the price in force on the day the law names."""

    year: Year
    output: NonNegative
    output_unit: UnitName
    price: Price
    conversion: Conversion | None = None
    rate_percent: Positive | None = None

    def domain(self) -> OutputYear:
        return OutputYear(
            year=self.year,
            output=self.output,
            unit=self.output_unit,
            price=self.price.domain(),
            conversion=conversion_of(self.conversion),
            rate=self.rate_percent,
        )


class SettledMineral(Shape):
    """One mineral with its years; the last three fields serve the second reading of a top-up."""

    mineral: MineralCode
    quantity_unit: UnitName
    right: Right
    years: Annotated[list[SettledYear], Field(min_length=1, max_length=MOST_LINES)]
    as_: Annotated[case.Discard, choice(case.Discard)] | None = Field(None, alias="as")
    cutoff_price: Price | None = None
    cutoff_conversion: Conversion | None = None
    unpaid_quantity: NonNegative | None = None

    def domain(self) -> SettlementLine:
        return SettlementLine(
            mineral=self.mineral,
            unit=self.quantity_unit,
            right=self.right.domain(),
            years=tuple(year.domain() for year in self.years),
            discard=self.as_,
            cutoff_price=None if self.cutoff_price is None else self.cutoff_price.domain(),
            cutoff_conversion=None if self.cutoff_conversion is None else self.cutoff_conversion.domain(),
            unpaid_quantity=self.unpaid_quantity,
        )


class Settlement(Shape):
    """A settlement on actual output (Decree 193/2025 Art. 139)."""

    id: Identifier | None = None
    kind: Literal["settlement"]
    case: Annotated[SettlementKind, choice(SettlementKind)]
    settled_on: Day
    cutoff_on: Day
    paid_vnd: SumOrZeroVnd
    budget_debts_vnd: SumOrZeroVnd | None = None
    next_instalments_vnd: SumOrZeroVnd | None = None
    notice_on: Day | None = None
    fee_approved_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[SettledMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        settled = SettlementCase(
            kind=self.case,
            settled_on=self.settled_on,
            cutoff_on=self.cutoff_on,
            minerals=tuple(mineral.domain() for mineral in self.minerals),
            paid_vnd=self.paid_vnd,
            budget_debts_vnd=self.budget_debts_vnd or 0,
            next_instalments_vnd=self.next_instalments_vnd,
            notice_on=self.notice_on,
            fee_approved_on=self.fee_approved_on,
            rounding_vnd=self.rounding_vnd or 1,
        )
        return compute_settlement(settled, book)


class NamedReserves(Shape):
    """A licence that names several reserves; the first in the order of Art. 141(3) counts."""

    allowed: Positive | None = None
    mining: Positive | None = None
    in_design: Positive | None = None
    geological: Positive | None = None
    mine: Positive | None = None

    def domain(self) -> Reserves:
        return Reserves(
            allowed=self.allowed,
            mining=self.mining,
            in_design=self.in_design,
            geological=self.geological,
            mine=self.mine,
        )


class RemainingMineral(Shape):
    """One mineral of a re-approval. Its licensed quantity is given in one way: ``licensed_quantity``, ``reserves``,
    ``capacity_per_year`` with ``licence_years``, ``consumption_per_product`` with ``products_per_year`` and
    ``remaining_years``, or (waters, CO2) ``flow_m3_per_day`` with ``term_days``."""

    mineral: MineralCode
    quantity_unit: UnitName | None = None
    licensed_quantity: Positive | None = None
    reserves: NamedReserves | None = None
    capacity_per_year: Positive | None = None
    licence_years: Annotated[int, whole(1, 1000)] | None = None
    consumption_per_product: Positive | None = None
    products_per_year: Positive | None = None
    remaining_years: Positive | None = None
    flow_m3_per_day: Positive | None = None
    term_days: Days | None = None
    hours_per_day: HoursPerDay | None = None
    mined_before_2014: NonNegative | None = None
    mined_since_2014: NonNegative | None = None
    output_unit: UnitName | None = None
    price: Price
    conversion: Conversion | None = None
    right: Right
    as_: Annotated[case.Discard, choice(case.Discard)] | None = Field(None, alias="as")

    def licensed(self) -> Licensed:
        """The licensed quantity in the way it was given (checked across fields before)."""
        if self.flow_m3_per_day is not None and self.term_days is not None:
            return case.Flow(
                flow_m3_per_day=self.flow_m3_per_day, term_days=self.term_days, hours_per_day=self.hours_per_day
            )
        if self.reserves is not None:
            return self.reserves.domain()
        if self.capacity_per_year is not None and self.licence_years is not None:
            return Capacity(per_year=self.capacity_per_year, years=self.licence_years)
        if self.consumption_per_product is not None and self.products_per_year is not None:
            assert self.remaining_years is not None
            return Products(
                consumption=self.consumption_per_product,
                per_year=self.products_per_year,
                remaining_years=self.remaining_years,
            )
        assert self.licensed_quantity is not None
        return self.licensed_quantity

    def domain(self) -> RemainingLine:
        unit = Unit.M3_WATER if self.quantity_unit is None else self.quantity_unit
        return RemainingLine(
            mineral=self.mineral,
            unit=unit,
            licensed=self.licensed(),
            right=self.right.domain(),
            price=self.price.domain(),
            output_unit=self.output_unit or unit,
            mined_before_2014=self.mined_before_2014 or Decimal(0),
            mined_since_2014=self.mined_since_2014 or Decimal(0),
            conversion=conversion_of(self.conversion),
            discard=self.as_,
        )


class Reapproval(Shape):
    """Re-approval of the quantity left on 2025-07-01 (Decree 193/2025 Art. 141)."""

    id: Identifier | None = None
    kind: Literal["reapproval"]
    decided_on: Day
    expires_on: Day
    tax_notice_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[RemainingMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        remaining = ReapprovalCase(
            decided_on=self.decided_on,
            expires_on=self.expires_on,
            minerals=tuple(mineral.domain() for mineral in self.minerals),
            tax_notice_on=self.tax_notice_on,
            rounding_vnd=self.rounding_vnd or 1,
        )
        return compute_reapproval(remaining, book)


class AdjustedMineral(Shape):
    """One mineral with what is left of it and what was approved for it."""

    mineral: MineralCode
    remaining_quantity: Positive
    quantity_unit: UnitName
    price: Price
    conversion: Conversion | None = None
    right: Right
    approved_price_vnd: Positive | None = None
    approved_rate_percent: Positive | None = None

    def domain(self) -> AdjustedLine:
        return AdjustedLine(
            mineral=self.mineral,
            remaining=self.remaining_quantity,
            unit=self.quantity_unit,
            right=self.right.domain(),
            price=self.price.domain(),
            conversion=conversion_of(self.conversion),
            approved_price=self.approved_price_vnd,
            approved_rate=self.approved_rate_percent,
        )


class SettledSum(Shape):
    """A year that was settled."""

    year: Year
    amount_vnd: SumOrZeroVnd


class Adjustment(Shape):
    """Adjustment of an approved fee (Decree 193/2025 Art. 136)."""

    id: Identifier | None = None
    kind: Literal["adjustment"]
    adjusted_on: Day
    reason: Annotated[Reason, choice(Reason)]
    first_unsettled_year: Year
    expires_on: Day
    tax_notice_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None
    settled: Annotated[list[SettledSum], Field(max_length=MOST_LINES)] | None = None
    minerals: Annotated[list[AdjustedMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        adjusted = AdjustmentCase(
            adjusted_on=self.adjusted_on,
            reason=self.reason,
            first_unsettled_year=self.first_unsettled_year,
            expires_on=self.expires_on,
            minerals=tuple(mineral.domain() for mineral in self.minerals),
            settled=tuple((one.year, one.amount_vnd) for one in self.settled or ()),
            tax_notice_on=self.tax_notice_on,
            rounding_vnd=self.rounding_vnd or 1,
        )
        return compute_adjustment(adjusted, book)
