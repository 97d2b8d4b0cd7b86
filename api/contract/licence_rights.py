"""The kinds ``licence_right_fee`` and ``licence_right_fee_2019``: shapes at the edge and the cases they stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.contract.lines import MOST_LINES, MineralCode, volume_or_flow
from api.contract.prices import Conversion, Price, Shape, conversion_of
from api.contract.types import (
    Day,
    Days,
    HoursPerDay,
    Identifier,
    NonNegative,
    Positive,
    PriceVnd,
    RoundingVnd,
    UnitName,
    Year,
    choice,
)
from fees import case
from fees.licence_right import compute_fee
from fees.licence_right_2019 import compute_fee_2019
from fees.result import Computed
from rules.lawbook import LawBook


class Licence(Shape):
    """The licence: its dates and the legal group of its mineral."""

    issued_on: Day
    expires_on: Day
    group: Annotated[case.Group, choice(case.Group)]

    def domain(self) -> case.Licence:
        return case.Licence(issued_on=self.issued_on, expires_on=self.expires_on, group=self.group)


class AnyMineral(Shape):
    """What both decrees ask of one mineral of a licence."""

    mineral: MineralCode
    exempt_quantity: NonNegative | None = None
    price: Price
    conversion: Conversion | None = None
    winning_rate_percent: Positive | None = None
    as_: Annotated[case.Discard, choice(case.Discard)] | None = Field(None, alias="as")

    def amount(self) -> case.Volume | case.Flow:
        """The charged reserve, volume or flow."""
        raise NotImplementedError

    def domain(self) -> case.MineralLine:
        return case.MineralLine(
            mineral=self.mineral,
            amount=self.amount(),
            price=self.price.domain(),
            conversion=conversion_of(self.conversion),
            exempt=self.exempt_quantity or Decimal(0),
            winning_rate=self.winning_rate_percent,
            discard=self.as_,
        )


class MineralOf2019(AnyMineral):
    """One mineral, by its reserve or volume."""

    quantity: Positive
    quantity_unit: UnitName

    def amount(self) -> case.Volume | case.Flow:
        return case.Volume(quantity=self.quantity, unit=self.quantity_unit)


class Mineral(AnyMineral):
    """One mineral: by its reserve or volume, or (mineral and hot water) by its flow and term."""

    quantity: Positive | None = None
    quantity_unit: UnitName | None = None
    flow_m3_per_day: Positive | None = None
    term_days: Days | None = None
    hours_per_day: HoursPerDay | None = None

    def amount(self) -> case.Volume | case.Flow:
        return volume_or_flow(self)


class LicenceRightFee(Shape):
    """A fee approved from 2025-07-02 (Decree 193/2025 Art. 132-135)."""

    id: Identifier | None = None
    kind: Literal["licence_right_fee"]
    approved_on: Day
    licence: Licence
    tax_notice_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[Mineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        return compute_fee(
            case.FeeCase(
                approved_on=self.approved_on,
                licence=self.licence.domain(),
                minerals=tuple(mineral.domain() for mineral in self.minerals),
                tax_notice_on=self.tax_notice_on,
                rounding_vnd=self.rounding_vnd or 1,
            ),
            book,
        )


class Repricing(Shape):
    """From the payment of ``year`` on: a new resource-tax price in đồng, or a new rate in percent."""

    year: Year
    price_amount: PriceVnd | None = None
    rate_percent: Positive | None = None

    def domain(self) -> case.Repricing:
        return case.Repricing(year=self.year, price_amount=self.price_amount, rate=self.rate_percent)


class LicenceRightFee2019(Shape):
    """A fee approved from 2019-09-15 to 2025-07-01 (Decree 67/2019)."""

    id: Identifier | None = None
    kind: Literal["licence_right_fee_2019"]
    approved_on: Day
    licence: Licence
    mining_method: Annotated[case.MiningMethod, choice(case.MiningMethod)]
    area: Annotated[case.Area, choice(case.Area)]
    licensed_by: Annotated[case.Licensor, choice(case.Licensor)]
    split: Annotated[case.Split, choice(case.Split)] | None = None
    tax_notice_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None
    repricing: Annotated[list[Repricing], Field(max_length=MOST_LINES)] | None = None
    minerals: Annotated[list[MineralOf2019], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        return compute_fee_2019(
            case.Fee2019Case(
                approved_on=self.approved_on,
                licence=self.licence.domain(),
                minerals=tuple(mineral.domain() for mineral in self.minerals),
                tax_notice_on=self.tax_notice_on,
                rounding_vnd=self.rounding_vnd or 1,
                mining_method=self.mining_method,
                area=self.area,
                licensed_by=self.licensed_by,
                split=self.split or case.Split.ONE,
                repricing=tuple(one.domain() for one in self.repricing or ()),
            ),
            book,
        )
