"""The kinds ``auction_terms``, ``auction_outcome`` and ``payment_plan``: shapes at the edge and the cases they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from api.contract.lines import MOST_LINES, MineralCode, volume_or_flow
from api.contract.prices import Conversion, Price, Shape, conversion_of
from api.contract.types import (
    LARGEST,
    Day,
    Days,
    Flag,
    HoursPerDay,
    Identifier,
    NonNegative,
    Positive,
    RoundingVnd,
    UnitName,
    choice,
)
from fees import case
from fees.auction_case import AuctionCase, OutcomeCase, PlanCase
from fees.auction_outcome import compute_outcome
from fees.auction_terms import compute_terms
from fees.payment_plan import compute_payment_plan
from fees.result import Computed
from rules.errors import Code, Path, Problem
from rules.lawbook import LawBook


class AnyAreaMineral(Shape):
    """What every kind asks of one mineral of the area."""

    mineral: MineralCode
    price: Price
    conversion: Conversion | None = None
    main: Flag | None = None
    as_: Annotated[case.Discard, choice(case.Discard)] | None = Field(None, alias="as")

    def amount(self) -> case.Volume | case.Flow:
        """The reserve, resource or flow put up."""
        raise NotImplementedError

    def domain(self) -> case.MineralLine:
        return case.MineralLine(
            mineral=self.mineral,
            amount=self.amount(),
            price=self.price.domain(),
            conversion=conversion_of(self.conversion),
            discard=self.as_,
        )


class AreaMineral(AnyAreaMineral):
    """One mineral: by its reserve or resource, or (mineral and hot water) by its flow and term."""

    quantity: Positive | None = None
    quantity_unit: UnitName | None = None
    flow_m3_per_day: Positive | None = None
    term_days: Days | None = None
    hours_per_day: HoursPerDay | None = None

    def amount(self) -> case.Volume | case.Flow:
        return volume_or_flow(self)


class AnyAuction(Shape):
    """What every kind asks of an auction: the day the start is set, the area's group, step and deposit."""

    id: Identifier | None = None
    set_on: Day
    group: Annotated[case.Group, choice(case.Group)]
    explored: Flag
    step_percent_of_start: Positive
    deposit_percent: Positive
    price_list_on: Day | None = None
    rounding_vnd: RoundingVnd | None = None

    def terms(self, minerals: Sequence[AnyAreaMineral]) -> AuctionCase:
        """The area with its minerals."""
        return AuctionCase(
            set_on=self.set_on,
            group=self.group,
            explored=self.explored,
            step_of_start=self.step_percent_of_start,
            deposit=self.deposit_percent,
            minerals=tuple(mineral.domain() for mineral in minerals),
            main=next((index for index, mineral in enumerate(minerals) if mineral.main), None),
            price_list_on=self.price_list_on,
            rounding_vnd=self.rounding_vnd or 1,
        )


class AuctionTerms(AnyAuction):
    """Terms of an auction from 2025-07-02 (Law 54/2024 Art. 102, Decree 193/2025 Art. 145, 148)."""

    kind: Literal["auction_terms"]
    minerals: Annotated[list[AreaMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        return compute_terms(self.terms(self.minerals), book)


class AuctionOutcome(AnyAuction):
    """Outcome of an auction: the rate of every mineral at a winning rate (Decree 193/2025 Art. 148)."""

    kind: Literal["auction_outcome"]
    winning_rate_percent: Positive
    minerals: Annotated[list[AreaMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        case = OutcomeCase(terms=self.terms(self.minerals), winning_rate=self.winning_rate_percent)
        return compute_outcome(case, book)


class PlannedLicence(Shape):
    """The licence that the winner expects."""

    issued_on: Day
    expires_on: Day


class PlannedMineral(AnyAreaMineral):
    """One mineral with a low and a high quantity around the expected one."""

    quantity: Positive
    quantity_unit: UnitName
    quantity_low: NonNegative
    quantity_high: Positive

    def amount(self) -> case.Volume | case.Flow:
        return case.Volume(quantity=self.quantity, unit=self.quantity_unit)


class PaymentPlan(AnyAuction):
    """What a winning rate means a year, for low, expected and high quantities and prices (Decree 193/2025 Art. 132)."""

    kind: Literal["payment_plan"]
    winning_rate_percent: Positive
    licence: PlannedLicence
    price_low_percent: Positive
    price_high_percent: Positive
    minerals: Annotated[list[PlannedMineral], Field(min_length=1, max_length=MOST_LINES)]

    def compute(self, book: LawBook) -> Computed:
        plan = PlanCase(
            outcome=OutcomeCase(terms=self.terms(self.minerals), winning_rate=self.winning_rate_percent),
            issued_on=self.licence.issued_on,
            expires_on=self.licence.expires_on,
            quantities_low=tuple(mineral.quantity_low for mineral in self.minerals),
            quantities_high=tuple(mineral.quantity_high for mineral in self.minerals),
            price_low=self.price_low_percent,
            price_high=self.price_high_percent,
        )
        return compute_payment_plan(plan, book)


def one_main(document: dict[str, Any]) -> Iterator[Problem]:
    """At most one mineral is the main one; every further one is named."""
    minerals = document.get("minerals")
    lines = minerals if isinstance(minerals, list) else []
    mains = [index for index, line in enumerate(lines) if isinstance(line, dict) and line.get("main") is True]
    for index in mains[1:]:
        yield Problem(
            code=Code.INVALID_INPUT,
            path=("minerals", index, "main"),
            message_vi="Chỉ một khoáng sản là khoáng sản chính (main).",
            message_en="Only one mineral is the main one.",
        )


_HUNDRED = Decimal(100)


def levels(document: dict[str, Any]) -> Iterator[Problem]:
    """No low level is above the expected one, no high level below it; the expected price is 100 %."""
    low, high = (_number(document.get(name)) for name in ("price_low_percent", "price_high_percent"))
    if low is not None and low > _HUNDRED:
        yield _not_ascending(("price_low_percent",))
    if high is not None and high < _HUNDRED:
        yield _not_ascending(("price_high_percent",))
    minerals = document.get("minerals")
    for index, line in enumerate(minerals if isinstance(minerals, list) else ()):
        if not isinstance(line, dict):
            continue
        given, low, high = (_number(line.get(name)) for name in ("quantity", "quantity_low", "quantity_high"))
        if given and low is not None and low > given:
            yield _not_ascending(("minerals", index, "quantity_low"))
        if given and high is not None and high < given:
            yield _not_ascending(("minerals", index, "quantity_high"))


def _number(value: Any) -> Decimal | None:
    """The value of a well-formed decimal of the contract; any other has its own problem."""
    if not isinstance(value, str) or not value.replace(".", "", 1).isdecimal():
        return None
    number = Decimal(value)
    return number if number <= LARGEST else None


def _not_ascending(path: Path) -> Problem:
    return Problem(
        code=Code.INVALID_INPUT,
        path=path,
        message_vi="Mức thấp không được lớn hơn, mức cao không được nhỏ hơn mức dự kiến (giá: 100 %).",
        message_en="The low level may not exceed the expected one, the high level may not be below it (prices: 100 %).",
    )
