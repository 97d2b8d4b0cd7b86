"""What does a mineral licence, or the appraisal of a reserve, cost in fees? Circular 10/2024, from 2024-03-21.

The fee for a licence (*lệ phí cấp giấy phép*) is a line of the tariff, chosen by the class of the licence, its area and
capacity; an extension or a transfer pays a share of it. The fee for appraising a reserve (*phí thẩm định đánh giá trữ
lượng*) is a fixed part and a share of the exploration cost above the beginning of its step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar

from fees.licence_right import LARGEST_TOTAL
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook, Row, law_book
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
TARIFF: Final = "licence_fees"
PAYABLE: Final = "licence_fee.payable"
STEPS: Final = "reserve_appraisal"
APPRAISAL: Final = "reserve_appraisal"
"""The class of case that is no licence but the appraisal of a reserve."""
_LABELS: Final = {
    "area": Text("Diện tích", "Area"),
    "capacity": Text("Công suất", "Capacity"),
}
_UNITS: Final = {"area": "ha", "capacity": "m3/year"}
_SYMBOLS: Final = {"area": "S", "capacity": "N"}
MEASURE_FIELDS: Final = {"area": "area_ha", "capacity": "capacity_m3_per_year"}
"""Field of the contract that gives a measure."""


class Procedure(StrEnum):
    """What is granted: a new licence, its extension, or the licence anew after a transfer or an inheritance."""

    GRANT = "grant"
    EXTENSION = "extension"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFeeCase:
    """A licence of a class on the day it is granted, with the measures its class asks for (ha, m³ a year)."""

    granted_on: date
    of_class: str
    procedure: Procedure = Procedure.GRANT
    measures: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalCase:
    """A reserve whose appraisal is paid for on a day; the real exploration cost without VAT in whole đồng."""

    granted_on: date
    cost_vnd: int | None


def extended_fee(L: N, p: N) -> N:
    """P = L x p: the fee of a new licence and the share that an extension pays."""
    return L * p


def appraisal_fee(A: N, C: N, B: N, p: N) -> N:
    """P = A + (C - B) x p: fixed part, cost, beginning of the step, share."""
    return A + (C - B) * p


@cache
def licence_classes() -> dict[str, tuple[str, ...]]:
    """The classes of licences of the shipped book, each with the measures it asks for."""
    return law_book().tariffs[TARIFF].classes()


def compute_licence_fee(case: LicenceFeeCase, book: LawBook) -> Computed:
    """Compute and explain the fee for a licence.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` before the circular, ``invalid_input`` for a measure that the
    class asks for and the case does not give.
    """
    work = _open(book, case.granted_on)
    tariff = book.tariffs[TARIFF]
    asked = tariff.classes()[case.of_class]
    for name in asked:
        if name not in case.measures:
            label = _LABELS[name]
            work.refuse(
                Code.INVALID_INPUT,
                (MEASURE_FIELDS[name],),
                f"Thiếu {label.vi.lower()}: mức thu của loại giấy phép này tính theo {label.vi.lower()}.",
                f"The {label.en.lower()} is missing: the tariff of this class of licences asks for it.",
            )
    work.settle()
    line = tariff.for_class(case.of_class, case.measures, case.granted_on)
    if line is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("licence_class",),
            "Biểu mức thu không có dòng cho loại giấy phép này vào ngày cấp.",
            "The tariff has no line for this class of licences on the day of the grant.",
        )
        work.settle()
    assert line is not None
    trace, cites = work.trace, (line.cite, *work.provision(PAYABLE))
    for name in asked:
        symbol = _SYMBOLS[name]
        trace.define(symbol, _LABELS[name], Traced.of(symbol, case.measures[name]), _UNITS[name], (line.cite,))
    work.lean_on(line.cite)
    label = Text(f"Lệ phí: {line.name.vi}", f"Fee: {line.name.en}")
    full = trace.define("L", label, Traced.of("L", line.most), "VND", cites)
    due = full
    if case.procedure is not Procedure.GRANT:
        row = work.law("licence_fee.extension_share")
        label = Text("Tỷ lệ cho gia hạn, cấp lại khi chuyển nhượng", "Share of an extension or a transfer")
        due = extended_fee(full, trace.define("p", label, Traced.percent("p", row.number()), "%", row.cites))
    return _close(work, due, {"line": line.code})


def compute_appraisal_fee(case: AppraisalCase, book: LawBook) -> Computed:
    """Compute and explain the fee for appraising a reserve.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` before the circular, ``invalid_input`` without the cost,
    ``out_of_range`` for a fee above 10^18 đồng.
    """
    work = _open(book, case.granted_on)
    if case.cost_vnd is None:
        work.refuse(
            Code.INVALID_INPUT,
            ("exploration_cost_vnd",),
            "Thiếu tổng chi phí thăm dò: phí thẩm định đánh giá trữ lượng tính theo chi phí này.",
            "The exploration cost is missing: the fee for appraising a reserve is a share of it.",
        )
    work.settle()
    assert case.cost_vnd is not None
    key, begins = _step(book, case.granted_on, case.cost_vnd)
    trace = work.trace
    base, share = (work.law(f"{STEPS}.{name}", key) for name in ("base", "share"))
    work.lean_on(begins.cite)
    label = Text("Tổng chi phí thăm dò thực tế, chưa có thuế giá trị gia tăng", "Real exploration cost without VAT")
    C = trace.define("C", label, Traced.of("C", case.cost_vnd), "VND", begins.cites)
    label = Text("Chi phí mà bậc này bắt đầu", "Cost from which the step begins")
    B = trace.define("B", label, Traced.of("B", begins.number()), "VND", begins.cites)
    label = Text("Phần cố định của bậc", "Fixed part of the step")
    A = trace.define("A", label, Traced.of("A", base.number()), "VND", base.cites)
    label = Text("Tỷ lệ trên phần vượt", "Share of what lies above")
    p = trace.define("p", label, Traced.percent("p", share.number()), "%", share.cites)
    return _close(work, appraisal_fee(A, C, B, p), {"line": f"{STEPS}.{key}"})


def _step(book: LawBook, on: date, cost: int) -> tuple[str, Row]:
    """The step of a cost: the last one whose beginning lies below it (the first for the rest)."""
    steps = sorted(
        ((key, row) for (name, key), row in book.in_force(on).items() if name == f"{STEPS}.from"),
        key=lambda step: step[1].number(),
    )
    begun = [step for step in steps if step[1].number() < cost]
    return (begun or steps[:1])[-1]


def _open(book: LawBook, on: date) -> Working:
    work = Working(book, on)
    if work.find(PAYABLE) is None:
        start = book.first(PAYABLE).period.start
        work.refuse(
            Code.NOT_IN_FORCE,
            ("granted_on",),
            f"Thông tư 10/2024 áp dụng từ {start:%d/%m/%Y}.",
            f"Circular 10/2024 holds from {start}.",
        )
    return work


def _close(work: Working, due: Traced, result: dict[str, Any]) -> Computed:
    """The sum rounded once, the caution about the circular that was not read, and the result."""
    unread = work.find("licence_fee.unread_reduction")
    if unread is not None:
        work.read(unread)
    amount = work.trace.define(
        "P",
        Text("Số tiền phải nộp (làm tròn một lần)", "Amount to pay (rounded once)"),
        due.half_up(1),
        "VND",
        work.provision(PAYABLE),
        work.book.conventions["line_rounding"],
    )
    if amount.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Số tiền vượt 10^18 đồng: kiểm tra chi phí thăm dò.",
            "The amount exceeds 10^18 đồng: check the exploration cost.",
        )
    work.settle()
    return Computed(result | {"licence_fee_vnd": amount.whole()}, work.trace.steps, work.trace.cautions, [])
