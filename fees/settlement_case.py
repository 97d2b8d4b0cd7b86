"""What a settlement is computed from: yearly outputs with their prices, how the right was obtained, what was paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fees.case import Conversion, Discard, Price
from fees.right import Right
from rules.quantity import Unit


class SettlementKind(StrEnum):
    """When a settlement is made (Decree 193/2025 Art. 139(1))."""

    FIRST = "first"
    PERIODIC = "periodic"
    EVENT = "event"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputYear:
    """Output of one year as declared, with the price in force on the day Art. 139(4) names.

    ``rate`` is a rate in percent the user gives where the law book has none.
    """

    year: int
    output: Decimal
    unit: Unit
    price: Price
    conversion: Conversion = field(default_factory=Conversion)
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """One mineral: its years, and what the second reading of a top-up needs (price at the cut-off, unpaid quantity)."""

    mineral: str
    unit: Unit
    right: Right
    years: tuple[OutputYear, ...]
    discard: Discard | None = None
    cutoff_price: Price | None = None
    cutoff_conversion: Conversion | None = None
    unpaid_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCase:
    """A settlement. ``paid_vnd`` is principal paid into the budget; interest never counts."""

    kind: SettlementKind
    settled_on: date
    cutoff_on: date
    minerals: tuple[SettlementLine, ...]
    paid_vnd: int
    budget_debts_vnd: int = 0
    next_instalments_vnd: int | None = None
    notice_on: date | None = None
    fee_approved_on: date | None = None
    rounding_vnd: int = 1
