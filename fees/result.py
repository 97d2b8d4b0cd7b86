"""What a licence-right fee computation gives back, in the shape of the compute contract."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, NotRequired, TypedDict

from rules.trace import Caution, NotApplied, Step, Trace


class LineAmount(TypedDict):
    """One mineral: exact decimals as text, the amount in whole đồng. ``k1``, ``k2`` under Decree 67/2019 only."""

    mineral: str
    quantity: str
    price_vnd: str
    conversion_factor: str
    rate_percent: str
    amount_vnd: int
    k1: NotRequired[str]
    k2: NotRequired[str]


class Instalment(TypedDict):
    """One payment; ``due_on`` is ``None`` where it depends on a notice that is not there yet."""

    year: int
    amount_vnd: int
    due_on: str | None


class FeeResult(TypedDict):
    """A fee. ``first_payment_vnd``, ``k1``, ``k2`` under Decree 67/2019 only."""

    total_vnd: int
    payments: int
    annual_vnd: int
    minerals: list[LineAmount]
    schedule: list[Instalment]
    k1: NotRequired[str]
    k2: NotRequired[str]
    first_payment_vnd: NotRequired[int]


class Computed(NamedTuple):
    """A result with everything that explains it."""

    result: dict[str, Any]
    trace: list[Step]
    cautions: list[Caution]
    not_applied: list[NotApplied]


def computed(result: FeeResult, trace: Trace) -> Computed:
    """Close a computation."""
    return Computed(dict(result), trace.steps, trace.cautions, trace.not_applied)


def instalment(year: int, amount: int, due: date | None) -> Instalment:
    """One payment of a schedule."""
    return Instalment(year=year, amount_vnd=amount, due_on=None if due is None else due.isoformat())
