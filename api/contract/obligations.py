"""The kind ``obligations``: shape at the edge and the case it stands for."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from api.contract.lines import MineralCode
from api.contract.prices import Shape
from api.contract.types import (
    Day,
    FreeText,
    Identifier,
    Month,
    Read,
    SumOrZeroVnd,
    SumVnd,
    Year,
    choice,
    one_of,
    whole,
    wrong,
)
from fees import obligation as domain
from fees.case import Group
from fees.obligations import compute_obligations
from fees.result import Computed
from rules.lawbook import LawBook

_LONGEST: Final = 60
_MOST: Final = 2000
"""Most entries of one list."""


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST or not value.isprintable():
        raise wrong(
            f"Phải là chuỗi từ 1 đến {_LONGEST} ký tự in được.",
            f"Must be a text of 1 to {_LONGEST} printable characters.",
        )
    return value


Name = Annotated[str, Read(_name, {"type": "string", "minLength": 1, "maxLength": _LONGEST})]


class LicenceLife(Shape):
    """The licence from issue to closure; ``operating_since`` is the first day of mining."""

    issued_on: Day
    expires_on: Day
    mineral: MineralCode | None = None
    operating_since: Day | None = None
    closed_on: Day | None = None

    def domain(self) -> domain.LicenceLife:
        return domain.LicenceLife(
            issued_on=self.issued_on,
            expires_on=self.expires_on,
            mineral=self.mineral,
            operating_since=self.operating_since,
            closed_on=self.closed_on,
        )


class Auctioned(Shape):
    """A won area; ``explored`` also for salvage and group IV areas."""

    ended_on: Day
    group: Annotated[Group, choice(Group)]
    explored: bool


class Payment(Shape):
    """A payment of the approved fee, as a fee's ``schedule`` lists it; ``half`` where a year pays twice."""

    year: Year
    amount_vnd: SumOrZeroVnd
    half: Annotated[int, whole(1, 2)] | None = None
    due_on: Day | None = None


class Debt(Shape):
    """A notified debt as the ledger has it: ``name`` is the year, or ``2026/1``."""

    name: Name
    due_on: Day
    amount_vnd: SumVnd
    open_vnd: SumOrZeroVnd
    top_up: bool | None = None


class Fee(Shape):
    """What is known of the licence-right fee; ``debts`` absent means that no ledger was looked at."""

    schedule: list[Payment] | None = Field(None, max_length=_MOST)
    first_notice_on: Day | None = None
    debts: list[Debt] | None = Field(None, max_length=_MOST)


class Due(Shape):
    """A sum with its day; what is absent is not known."""

    period: Name
    due_on: Day | None = None
    amount_vnd: SumOrZeroVnd | None = None
    paid_vnd: SumOrZeroVnd | None = None


class Declared(Shape):
    """What a monthly return comes to: ``period`` is the month."""

    duty: Annotated[
        domain.DutyKind, one_of(tuple(monthly.value for monthly, _, _ in domain.RETURNS), "Tờ khai", "return")
    ]
    period: Month
    amount_vnd: SumOrZeroVnd

    @property
    def key(self) -> str:
        return f"{self.duty}/{self.period:%Y-%m}"


class Event(Shape):
    """What calls for a settlement outside the five years."""

    event: Annotated[domain.Event, choice(domain.Event)]
    on: Day


_LICENCE_OR_AUCTION: Final[dict[str, Any]] = {
    "oneOf": [
        {"required": ["licence"], "properties": {"licence": {"type": "object"}}},
        {"required": ["auction"], "properties": {"auction": {"type": "object"}, "licence": {"type": "null"}}},
    ]
}


class Obligations(Shape):
    """The duties of one licence between two days, as they stand on ``as_of``; of a won area alone before its licence."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_LICENCE_OR_AUCTION]})

    id: Identifier | None = None
    kind: Literal["obligations"]
    as_of: Day
    from_on: Day
    until_on: Day
    licence: LicenceLife | None = None
    auction: Auctioned | None = None
    files_monthly: bool | None = None
    fee: Fee | None = None
    events: list[Event] | None = Field(None, max_length=_MOST)
    first_settled_on: Day | None = None
    settlement_from: Year | None = None
    escrow: list[Due] | None = Field(None, max_length=_MOST)
    infrastructure: list[Due] | None = Field(None, max_length=_MOST)
    licence_fee_vnd: SumOrZeroVnd | None = None
    done: list[FreeText] | None = Field(None, max_length=_MOST)
    done_from: Day | None = None
    declared: list[Declared] | None = Field(None, max_length=_MOST)

    def domain(self) -> domain.ObligationsCase:
        """The case the engine computes."""
        fee = self.fee or Fee()
        return domain.ObligationsCase(
            as_of=self.as_of,
            from_on=self.from_on,
            until_on=self.until_on,
            licence=None if self.licence is None else self.licence.domain(),
            auction=None
            if self.auction is None
            else domain.Auctioned(
                ended_on=self.auction.ended_on, group=self.auction.group, explored=self.auction.explored
            ),
            files_monthly=self.files_monthly is not False,
            schedule=None
            if fee.schedule is None
            else tuple(
                domain.Instalment(year=one.year, amount_vnd=one.amount_vnd, half=one.half, due_on=one.due_on)
                for one in fee.schedule
            ),
            first_notice_on=fee.first_notice_on,
            debts=None
            if fee.debts is None
            else tuple(
                domain.NotifiedDebt(
                    name=one.name,
                    due_on=one.due_on,
                    amount_vnd=one.amount_vnd,
                    open_vnd=one.open_vnd,
                    top_up=bool(one.top_up),
                )
                for one in fee.debts
            ),
            events=tuple((one.event, one.on) for one in self.events or ()),
            first_settled_on=self.first_settled_on,
            settlement_from=self.settlement_from,
            escrow=_dues(self.escrow),
            infrastructure=_dues(self.infrastructure),
            licence_fee_vnd=self.licence_fee_vnd,
            done=None if self.done is None else frozenset(self.done),
            done_from=self.done_from,
            declared=tuple((one.key, one.amount_vnd) for one in self.declared or ()),
        )

    def compute(self, book: LawBook) -> Computed:
        return compute_obligations(self.domain(), book)


def _dues(given: list[Due] | None) -> tuple[domain.Due, ...]:
    return tuple(
        domain.Due(period=one.period, due_on=one.due_on, amount_vnd=one.amount_vnd, paid_vnd=one.paid_vnd)
        for one in given or ()
    )
