"""What is told of a right's money: one closed shape for each fact of the ledger, as the API and the forms send it.

Facts become entries in :mod:`api.bookkeeping`; these shapes only read them. ``key`` is the sender's own: a fact sent twice
under one key is written once. ``again`` says that a fact like one already written is another one indeed.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from api.contract.lines import MOST_LINES
from api.contract.prices import Shape
from api.contract.problems import in_input_order, of_validation
from api.contract.types import Day, Flag, FreeText, SumOrZeroVnd, SumVnd, choice, wrong
from fees.ledger import StopReason
from rules.errors import Code, Problem
from rules.formats import vnd


class _Told(Shape):
    """What every fact has: its day, the number of its document, whose account (the licence's holder where absent)."""

    key: FreeText | None = None
    on: Day
    document: FreeText
    payer: FreeText | None = None
    again: Flag = False


class PlannedInstalment(Shape):
    """One instalment of a decision's schedule; its due day where the decision names it."""

    instalment: FreeText
    amount_vnd: SumVnd
    due_on: Day | None = None


class ToldDecision(_Told):
    """A decision that approves the fee. With ``replaces`` it stands in the place of what earlier ones approved and the tax
    office has not notified yet (re-approval, adjustment). The instalments of its schedule add up to it."""

    fact: Literal["decision"]
    amount_vnd: SumVnd
    replaces: Flag = False
    schedule: Annotated[list[PlannedInstalment], Field(max_length=MOST_LINES, default_factory=list)]

    @field_validator("schedule")
    @classmethod
    def _adds_up(cls, schedule: list[PlannedInstalment], told: ValidationInfo) -> list[PlannedInstalment]:
        planned, approved = sum(one.amount_vnd for one in schedule), told.data.get("amount_vnd")
        if schedule and approved is not None and planned != approved:
            raise wrong(
                f"Lịch nộp cộng lại {vnd(planned)}, không bằng số phê duyệt {vnd(approved)}.",
                f"The schedule adds up to {vnd(planned, 'en')}, not to the approved {vnd(approved, 'en')}.",
            )
        twice = [name for name, number in Counter(one.instalment for one in schedule).items() if number > 1]
        if twice:
            raise wrong(f"Lịch nộp có kỳ {twice[0]} hai lần.", f"The schedule has instalment {twice[0]} twice.")
        return schedule


class ToldNotice(_Told):
    """A notice of the tax office: an instalment with its due day."""

    fact: Literal["notice"]
    instalment: FreeText
    amount_vnd: SumVnd
    due_on: Day


class ToldSettlement(_Told):
    """The settlement that was computed for the licence, as it was notified on ``on``. ``paid_differs`` says that the ledger's
    payments may differ from those it was computed with."""

    fact: Literal["settlement"]
    instalment: FreeText | None = None
    paid_differs: Flag = False


class ToldPayment(_Told):
    """A payment: principal, late interest or both, kept apart; ``instalment`` where the voucher names one."""

    fact: Literal["payment"]
    principal_vnd: SumOrZeroVnd = 0
    interest_vnd: SumOrZeroVnd = 0
    instalment: FreeText | None = None


class ToldInterest(_Told):
    """Late interest as the tax office notified it; with ``lowers`` exempted or taken off."""

    fact: Literal["interest"]
    amount_vnd: SumVnd
    lowers: Flag = False


class ToldStop(_Told):
    """Days, both included, on which no interest runs, for one instalment or for all."""

    fact: Literal["stop"]
    reason: Annotated[StopReason, choice(StopReason)]
    first: Day
    last: Day
    instalment: FreeText | None = None


class ToldOpening(_Told):
    """A debt from before the ledger began (*nợ đầu kỳ*), with the late interest charged on it; dated the day before its first."""

    fact: Literal["opening"]
    instalment: FreeText
    amount_vnd: SumOrZeroVnd
    interest_vnd: SumOrZeroVnd = 0
    due_on: Day


class OffsetWay(StrEnum):
    """Which debt is settled with which excess."""

    OUT = "out"
    """This right's excess is used for other debts to the budget, such as those of another licence of the payer."""
    IN = "in"
    """Another excess of the payer is used for this right."""


class ToldOffset(_Told):
    """An offset (*bù trừ*) as the tax office decided it. One between two licences of a payer is told to both ledgers."""

    fact: Literal["offset"]
    way: Annotated[OffsetWay, choice(OffsetWay)]
    amount_vnd: SumVnd
    own_interest_vnd: SumOrZeroVnd = 0
    """With ``out``: how much of it goes to late interest of this right itself."""
    instalment: FreeText | None = None
    """With ``in``: the instalment that is paid with it; absent, the oldest."""

    @field_validator("own_interest_vnd")
    @classmethod
    def _of_out(cls, interest: int, told: ValidationInfo) -> int:
        if interest and told.data.get("way") is OffsetWay.IN:
            raise wrong(
                "Chỉ điền khi dùng số nộp thừa của giấy phép này; bỏ trống khi nhận bù trừ.",
                "Only where this licence's excess is used; leave it out where an excess comes in.",
            )
        return interest

    @field_validator("instalment")
    @classmethod
    def _of_in(cls, instalment: str | None, told: ValidationInfo) -> str | None:
        if instalment is not None and told.data.get("way") is OffsetWay.OUT:
            raise wrong(
                "Chỉ điền khi nhận bù trừ; bỏ trống khi dùng số nộp thừa của giấy phép này.",
                "Only where an excess comes in; leave it out where this licence's excess is used.",
            )
        return instalment


class ToldRefund(_Told):
    """An excess the tax office paid back (*hoàn trả*)."""

    fact: Literal["refund"]
    amount_vnd: SumVnd


class ToldReversal(_Told):
    """Takes back one entry, named by its key; the account is that of the entry."""

    fact: Literal["reversal"]
    entry: FreeText


ToldFact = (
    ToldDecision
    | ToldNotice
    | ToldSettlement
    | ToldPayment
    | ToldInterest
    | ToldStop
    | ToldOpening
    | ToldOffset
    | ToldRefund
    | ToldReversal
)
MODELS: Final[dict[str, type[ToldFact]]] = {
    "decision": ToldDecision,
    "notice": ToldNotice,
    "settlement": ToldSettlement,
    "payment": ToldPayment,
    "interest": ToldInterest,
    "stop": ToldStop,
    "opening": ToldOpening,
    "offset": ToldOffset,
    "refund": ToldRefund,
    "reversal": ToldReversal,
}
"""The facts an officer tells, by their names."""


def read_fact(document: object) -> ToldFact | list[Problem]:
    """The fact a document tells, or everything that is wrong with its shape, in the order of the document."""
    name = document.get("fact") if isinstance(document, dict) else None
    if not isinstance(name, str) or name not in MODELS:
        listed = ", ".join(MODELS)
        return [
            Problem(
                code=Code.INVALID_INPUT,
                path=("fact",) if isinstance(document, dict) else None,
                message_vi=f"Phải là một đối tượng JSON có fact là một trong: {listed}.",
                message_en=f"Must be a JSON object with fact one of: {listed}.",
            )
        ]
    try:
        return MODELS[name].model_validate(document)
    except ValidationError as error:
        return in_input_order(of_validation(error), document)
