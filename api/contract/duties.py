"""The kinds of the recurring duties: shapes at the edge, the cases they stand for, and their checks across fields."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from api.contract.lines import MOST_LINES, MineralCode
from api.contract.prices import Shape
from api.contract.types import (
    Day,
    Flag,
    FreeText,
    Identifier,
    Month,
    NonNegative,
    Percent,
    Positive,
    PriceVnd,
    RoundingVnd,
    SumOrZeroVnd,
    UnitName,
    choice,
    one_of,
)
from fees.case import MiningMethod
from fees.environmental_fee import FRAME, ChargedMineral, EnvironmentalFeeCase, compute_environmental_fee
from fees.infrastructure_contribution import ContributionCase, PlannedMineral, compute_contribution
from fees.licence_fee import (
    APPRAISAL,
    AppraisalCase,
    LicenceFeeCase,
    Procedure,
    compute_appraisal_fee,
    compute_licence_fee,
    licence_classes,
)
from fees.resource_tax import ResourceTaxCase, compute_resource_tax
from fees.result import Computed
from rules.errors import Code, Problem
from rules.lawbook import LawBook, law_book

FrameLine = Annotated[str, one_of(tuple(law_book().tariffs[FRAME].lines), "Dòng của biểu khung", "line of the frame")]
LicenceClass = Annotated[
    str, one_of((*licence_classes(), APPRAISAL), "Loại giấy phép, thủ tục", "class of licence or procedure")
]


class ResourceTax(Shape):
    """Resource tax of one month and one resource (Law 45/2009 Art. 4, 6)."""

    id: Identifier | None = None
    kind: Literal["resource_tax"]
    period: Month
    quantity: NonNegative
    selling_price_vnd: Positive | None = None
    provincial_price_vnd: PriceVnd
    rate_percent: Percent | None
    resource_code: FreeText | None = None
    unit: UnitName | None = None
    with_due_date: Flag | None = None

    def compute(self, book: LawBook) -> Computed:
        case = ResourceTaxCase(
            period=self.period,
            quantity=self.quantity,
            selling_price=self.selling_price_vnd,
            provincial_price=self.provincial_price_vnd,
            rate=self.rate_percent,
            code=self.resource_code,
            unit=self.unit,
            with_due_date=bool(self.with_due_date),
        )
        return compute_resource_tax(case, book)


def rate_or_code(document: dict[str, Any]) -> Iterator[Problem]:
    """A resource tax without a rate needs the code of the resource, whose rate the law book holds."""
    if "rate_percent" in document and document["rate_percent"] is None and document.get("resource_code") is None:
        yield Problem(
            code=Code.INVALID_INPUT,
            path=("rate_percent",),
            message_vi="Thiếu thuế suất: nhập thuế suất, hoặc mã tài nguyên để lấy theo Biểu thuế suất.",
            message_en="The rate is missing: enter it, or the code of the resource whose rate the tariff has.",
        )


class FeeMineral(Shape):
    """One mineral of an environmental fee; with shares, ``quantity`` is that of the whole ore, repeated."""

    quantity: NonNegative
    rate_vnd_per_unit: PriceVnd
    grade_share_percent: Percent | None = None
    mineral: MineralCode | None = None
    unit: UnitName | None = None
    frame_line: FrameLine | None = None

    def domain(self) -> ChargedMineral:
        return ChargedMineral(
            quantity=self.quantity,
            rate_vnd=self.rate_vnd_per_unit,
            share=self.grade_share_percent,
            mineral=self.mineral,
            unit=self.unit,
            frame_line=self.frame_line,
        )


class EnvironmentalFee(Shape):
    """Environmental protection fee of one month (Decree 27/2023 Art. 6, 7)."""

    id: Identifier | None = None
    kind: Literal["environmental_fee"]
    period: Month
    overburden_m3: NonNegative
    mining_method: Annotated[MiningMethod, choice(MiningMethod)]
    salvage: Flag | None = None
    minerals: Annotated[list[FeeMineral], Field(min_length=1, max_length=MOST_LINES)]
    with_due_date: Flag | None = None

    def compute(self, book: LawBook) -> Computed:
        case = EnvironmentalFeeCase(
            period=self.period,
            overburden_m3=self.overburden_m3,
            method=self.mining_method,
            minerals=tuple(one.domain() for one in self.minerals),
            salvage=bool(self.salvage),
            with_due_date=bool(self.with_due_date),
        )
        return compute_environmental_fee(case, book)


class LicenceFee(Shape):
    """Fee for a licence, or for appraising a reserve (Circular 10/2024)."""

    id: Identifier | None = None
    kind: Literal["licence_fee"]
    granted_on: Day
    licence_class: LicenceClass
    procedure: Annotated[Procedure, choice(Procedure)] | None = None
    area_ha: Positive | None = None
    capacity_m3_per_year: Positive | None = None
    exploration_cost_vnd: SumOrZeroVnd | None = None

    def compute(self, book: LawBook) -> Computed:
        if self.licence_class == APPRAISAL:
            return compute_appraisal_fee(
                AppraisalCase(granted_on=self.granted_on, cost_vnd=self.exploration_cost_vnd), book
            )
        given: dict[str, Decimal | None] = {"area": self.area_ha, "capacity": self.capacity_m3_per_year}
        case = LicenceFeeCase(
            granted_on=self.granted_on,
            of_class=self.licence_class,
            procedure=self.procedure or Procedure.GRANT,
            measures={name: value for name, value in given.items() if value is not None},
        )
        return compute_licence_fee(case, book)


def no_procedure_of_appraisals(document: dict[str, Any]) -> Iterator[Problem]:
    """The appraisal of a reserve knows neither extension nor transfer."""
    if document.get("licence_class") == APPRAISAL and document.get("procedure") not in (None, Procedure.GRANT):
        yield Problem(
            code=Code.INVALID_INPUT,
            path=("procedure",),
            message_vi="Phí thẩm định đánh giá trữ lượng không có mức riêng cho gia hạn, chuyển nhượng: bỏ trống procedure.",
            message_en="The appraisal of a reserve has no fee of its own for an extension or a transfer: leave procedure out.",
        )


class ContributingMineral(Shape):
    """One mineral: price and level per the same unit as the planned quantity."""

    mineral: MineralCode
    planned_quantity: NonNegative
    resource_tax_price_vnd: PriceVnd
    level_vnd_per_unit: PriceVnd

    def domain(self) -> PlannedMineral:
        return PlannedMineral(
            mineral=self.mineral,
            planned=self.planned_quantity,
            price_vnd=self.resource_tax_price_vnd,
            level_vnd=self.level_vnd_per_unit,
        )


class InfrastructureContribution(Shape):
    """Yearly contribution to infrastructure (Decree 193/2025 Art. 5)."""

    id: Identifier | None = None
    kind: Literal["infrastructure_contribution"]
    set_on: Day
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[ContributingMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        case = ContributionCase(
            set_on=self.set_on,
            minerals=tuple(one.domain() for one in self.minerals),
            rounding_vnd=self.rounding_vnd or 1,
        )
        return compute_contribution(case, book)
