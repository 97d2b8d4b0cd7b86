"""The kinds ``auction_money_2012`` and ``auction_rate_2012`` (auctions before Decree 193/2025): shapes and cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.contract.across import missing
from api.contract.lines import MOST_LINES, MineralCode
from api.contract.prices import Conversion, Price, Shape, conversion_of
from api.contract.types import Day, Identifier, Positive, RoundingVnd, SumVnd, UnitName, choice
from fees import case
from fees.auction_money_2012 import MoneyAuctionCase, compute_money_auction
from fees.auction_rate_2012 import RateAuctionCase, compute_rate_auction
from fees.result import Computed
from rules.errors import Code, Problem
from rules.lawbook import LawBook

START_KNOWN: dict[str, Any] = {
    "oneOf": [
        {
            "required": ["start_vnd"],
            "properties": {"start_vnd": {"type": "integer"}, "minerals": {"type": "null"}},
        },
        {
            "required": ["minerals", "mining_method", "area"],
            "properties": {
                "minerals": {"type": "array"},
                "mining_method": {"type": "string"},
                "area": {"type": "string"},
                "rate_at_auction_percent": {"type": "null"},
            },
        },
    ]
}
"""A start as approved, or the minerals it is computed from (the approved one may stand beside them)."""


class OldMineral(Shape):
    """One mineral with its reserve or resource."""

    mineral: MineralCode
    quantity: Positive
    quantity_unit: UnitName
    price: Price
    conversion: Conversion | None = None

    def domain(self) -> case.MineralLine:
        return case.MineralLine(
            mineral=self.mineral,
            amount=case.Volume(quantity=self.quantity, unit=self.quantity_unit),
            price=self.price.domain(),
            conversion=conversion_of(self.conversion),
        )


class MoneyAuction2012(Shape):
    """An auction in money of an explored area, until 2025-02-28 (Decree 22/2012, Joint Circular 54/2014).

    The start is given (``start_vnd``), computed (``minerals`` with ``mining_method`` and ``area``), or given and held against
    the fee. ``rate_at_auction_percent`` stands in where no ``minerals`` name the rate.
    """

    model_config = ConfigDict(json_schema_extra={"allOf": [START_KNOWN]})

    id: Identifier | None = None
    kind: Literal["auction_money_2012"]
    set_on: Day
    start_vnd: SumVnd | None = None
    mining_method: Annotated[case.MiningMethod, choice(case.MiningMethod)] | None = None
    area: Annotated[case.Area, choice(case.Area)] | None = None
    step_vnd: SumVnd
    deposit_percent: Positive
    won_vnd: SumVnd | None = None
    rate_at_auction_percent: Positive | None = None
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[OldMineral], Field(min_length=1, max_length=MOST_LINES)] | None = None

    def compute(self, book: LawBook) -> Computed:
        auction = MoneyAuctionCase(
            set_on=self.set_on,
            step_vnd=self.step_vnd,
            deposit=self.deposit_percent,
            start_vnd=self.start_vnd,
            fee=self._fee(),
            won_vnd=self.won_vnd,
            rate_at_auction=self.rate_at_auction_percent,
        )
        return compute_money_auction(auction, book)

    def _fee(self) -> case.Fee2019Case | None:
        """The fee that a computed start equals; who licenses and for how long decides no part of it."""
        if self.minerals is None or self.mining_method is None or self.area is None:
            return None
        return case.Fee2019Case(
            approved_on=self.set_on,
            licence=case.Licence(issued_on=self.set_on, expires_on=self.set_on, group=case.Group.III),
            minerals=tuple(mineral.domain() for mineral in self.minerals),
            rounding_vnd=self.rounding_vnd or 1,
            mining_method=self.mining_method,
            area=self.area,
            licensed_by=case.Licensor.PROVINCE,
        )


class RateAuction2012(Shape):
    """An auction by rate of an unexplored area, 2019-09-15 to 2025-02-28 (Joint Circular 54/2014 Art. 3(2), 4-6)."""

    id: Identifier | None = None
    kind: Literal["auction_rate_2012"]
    set_on: Day
    mining_method: Annotated[case.MiningMethod, choice(case.MiningMethod)]
    step_rate_percent: Positive
    deposit_percent: Positive
    winning_rate_percent: Positive | None = None
    rounding_vnd: RoundingVnd | None = None
    minerals: Annotated[list[OldMineral], Field(min_length=1, max_length=1)]

    def compute(self, book: LawBook) -> Computed:
        auction = RateAuctionCase(
            set_on=self.set_on,
            mining_method=self.mining_method,
            mineral=self.minerals[0].domain(),
            step_points=self.step_rate_percent,
            deposit=self.deposit_percent,
            winning_rate=self.winning_rate_percent,
            rounding_vnd=self.rounding_vnd or 1,
        )
        return compute_rate_auction(auction, book)


def start_known(document: dict[str, Any]) -> Iterator[Problem]:
    """A money start is given or can be computed, and the rate of the auction day stands in one place."""
    if document.get("minerals") is None:
        if document.get("start_vnd") is None:
            yield missing(("start_vnd",))
        return
    yield from (missing((name,)) for name in ("mining_method", "area") if document.get(name) is None)
    if document.get("rate_at_auction_percent") is not None:
        yield Problem(
            code=Code.INVALID_INPUT,
            path=("rate_at_auction_percent",),
            message_vi="Đã có danh sách khoáng sản: mức thu lấy từ bảng ngày đấu giá, bỏ rate_at_auction_percent.",
            message_en="The minerals are given: their rates are the table's on the auction day; remove rate_at_auction_percent.",
        )
