"""The kind ``late_interest``: shape at the edge and the case it stands for."""

from __future__ import annotations

from typing import Literal

from api.contract.prices import Shape
from api.contract.types import Day, Identifier, SumOrZeroVnd
from fees.late_interest import LateInterestCase, compute_late_interest
from fees.result import Computed
from rules.lawbook import LawBook


class LateInterest(Shape):
    """Interest on one amount paid late (Law 108/2025 Art. 16(2), Decree 252/2026 Art. 26(1))."""

    id: Identifier | None = None
    kind: Literal["late_interest"]
    amount_vnd: SumOrZeroVnd
    due_on: Day
    paid_on: Day

    def compute(self, book: LawBook) -> Computed:
        case = LateInterestCase(amount_vnd=self.amount_vnd, due_on=self.due_on, paid_on=self.paid_on)
        return compute_late_interest(case, book)
