"""What environmental protection fee is due for a month? Decree 27/2023 Art. 6 and 7, for months from 2023-08.

F = (Q1 x f1 + Q2 x f2) x K: *phí bảo vệ môi trường* adds the overburden at its fixed rate and the raw mineral at the
province's rate, times the coefficient of the mining method. Polymetallic ore: each mineral takes its share of Q2. Salvage
mining pays a share of the rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, Final, TypeVar

from fees.case import MiningMethod
from fees.licence_right import LARGEST_TOTAL
from fees.line import subscript
from fees.result import Computed
from fees.tax_return import monthly_due
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced, plain
from rules.quantity import Unit
from rules.tariff import TariffLine
from rules.trace import Text

N = TypeVar("N", bound=Number)
FORMULA: Final = "environmental_fee.formula"
FRAME: Final = "environmental_fee_frame"
WHOLE: Final = Decimal(100)
TOLERANCE: Final = Decimal("0.1")
"""How far shares may lie from 100 % (house convention ``grade_shares``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedMineral:
    """One mineral: raw quantity, the province's rate in đồng per the same unit, its share of polymetallic ore in percent.

    ``mineral`` and ``unit`` name it in the explanation; ``frame_line`` is its line in the Decree's frame, to compare.
    """

    quantity: Decimal
    rate_vnd: int
    share: Decimal | None = None
    mineral: str | None = None
    unit: Unit | None = None
    frame_line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentalFeeCase:
    """A month by its first day, the overburden in m³, how it is mined, the minerals."""

    period: date
    overburden_m3: Decimal
    method: MiningMethod
    minerals: tuple[ChargedMineral, ...]
    salvage: bool = False
    with_due_date: bool = False


def environmental_fee(Q1: N, f1: N, M: N, K: N) -> N:
    """F = (Q1 x f1 + M) x K, M being the sum of the minerals."""
    return (Q1 * f1 + M) * K


def mineral_part(Q2: N, f2: N) -> N:
    """Q2 x f2: raw mineral and its rate."""
    return Q2 * f2


def shared_part(Q2: N, c: N, f2: N) -> N:
    """Q2 x c x f2: of the whole ore the share of one mineral."""
    return Q2 * c * f2


def salvage_rate(m: N, p: N) -> N:
    """f2 = m x p: the rate of salvage mining."""
    return m * p


def compute_environmental_fee(case: EnvironmentalFeeCase, book: LawBook) -> Computed:
    """Compute and explain the fee of one month.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` before the decree, ``invalid_input`` for shares that stand on
    some lines only, differ in their whole quantity or do not add up, ``out_of_range`` for a fee above 10^18 đồng.
    """
    work = Working(book, case.period)
    if work.find(FORMULA) is None:
        start = book.first(FORMULA).period.start
        work.refuse(
            Code.NOT_IN_FORCE,
            ("period",),
            f"Nghị định 27/2023 có hiệu lực từ {start:%d/%m/%Y}: tính cho các tháng sau tháng đó.",
            f"Decree 27/2023 is in force from {start}: it is computed for the months after.",
        )
    _check_shares(work, case)
    lines = _frame_lines(work, case)
    work.settle()
    trace, cite = work.trace, work.provision(FORMULA)
    label = Text("Khối lượng đất đá bóc, đất đá thải", "Overburden and waste rock")
    Q1 = trace.define("Q1", label, Traced.of("Q1", case.overburden_m3), "m3", cite)
    row = work.law("environmental_fee.overburden_rate")
    label = Text("Mức phí của đất đá bóc, đất đá thải", "Rate of overburden and waste rock")
    f1 = trace.define("f1", label, Traced.of("f1", row.number()), "VND/m3", row.cites)
    parts = [_part(work, case, index) for index in range(len(case.minerals))]
    frame = [_compare(work, case.minerals[index], index, line) for index, line in lines.items()]
    k = work.law("environmental_fee.k", case.method.value)
    label = Text("Hệ số theo phương pháp khai thác", "Coefficient of the mining method")
    K = trace.define("K", label, Traced.of("K", k.number()), "1", k.cites)
    due = monthly_due(work, case.period, ("period",)) if case.with_due_date else None
    work.settle()
    fee = trace.define(
        "F",
        Text("Phí bảo vệ môi trường phải nộp trong kỳ (làm tròn một lần)", "Fee of the period (rounded once)"),
        environmental_fee(Q1, f1, reduce(add, parts), K).half_up(1),
        "VND",
        cite,
        book.conventions["line_rounding"],
    )
    if fee.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Số phí vượt 10^18 đồng: kiểm tra khối lượng và mức thu.",
            "The fee exceeds 10^18 đồng: check the quantities and the rates.",
        )
    work.settle()
    if not fee.num:
        text = Text(
            "Kỳ không phát sinh sản lượng: số phí bằng 0, vẫn phải khai phí tháng.",
            "Nothing was mined in the period: the fee is 0, the month is declared all the same.",
        )
        trace.did_not_apply("nil_month", text, cite)
    result: dict[str, Any] = {"k": plain(K.num, K.den), "f1_vnd": f1.whole(), "fee_vnd": fee.whole()}
    if frame:
        result["frame"] = frame
    if due is not None:
        result["due_on"] = due.isoformat()
    return Computed(result, trace.steps, trace.cautions, trace.not_applied)


def _check_shares(work: Working, case: EnvironmentalFeeCase) -> None:
    shares = [one.share for one in case.minerals]
    given = [share for share in shares if share is not None]
    if not given:
        return
    first = case.minerals[0].quantity
    for index, one in enumerate(case.minerals):
        if one.share is None:
            work.refuse(
                Code.INVALID_INPUT,
                ("minerals", index, "grade_share_percent"),
                "Quặng đa kim: dòng nào cũng phải có tỷ lệ hàm lượng.",
                "Polymetallic ore: every line needs its share.",
            )
        elif one.quantity != first:
            work.refuse(
                Code.INVALID_INPUT,
                ("minerals", index, "quantity"),
                "Quặng đa kim: mỗi dòng ghi cùng một sản lượng của cả khối quặng.",
                "Polymetallic ore: every line repeats the quantity of the whole ore.",
            )
    total = sum(given)
    if len(given) == len(shares) and abs(total - WHOLE) > TOLERANCE:
        work.refuse(
            Code.INVALID_INPUT,
            ("minerals",),
            f"Tỷ lệ hàm lượng của các khoáng sản cộng lại là {total} %, phải bằng 100 % (sai lệch không quá {TOLERANCE}).",
            f"The shares of the minerals add up to {total} %, they must make 100 % (within {TOLERANCE}).",
        )


def _frame_lines(work: Working, case: EnvironmentalFeeCase) -> dict[int, TariffLine]:
    """The lines of the Decree's frame that were named, by index of the mineral."""
    found = {}
    for index, one in enumerate(case.minerals):
        if one.frame_line is None:
            continue
        line = work.book.tariffs[FRAME].at(one.frame_line, case.period)
        if line is None:
            work.refuse(
                Code.NO_RULE_AT_DATE,
                ("minerals", index, "frame_line"),
                f"Biểu khung mức thu phí của kỳ {case.period:%m/%Y} không có dòng {one.frame_line}.",
                f"The frame of the fee in {case.period:%Y-%m} has no line {one.frame_line}.",
            )
        else:
            found[index] = line
    return found


def _part(work: Working, case: EnvironmentalFeeCase, index: int) -> Traced:
    """What one mineral adds, explained."""
    one, trace, cite = case.minerals[index], work.trace, work.provision(FORMULA)
    several = len(case.minerals) > 1
    mark = subscript(index) if several else ""
    name = work.book.minerals[one.mineral].name if one.mineral else None
    of = Text(f" ({name.vi})", f" ({name.en})") if name else Text("", "")
    unit, per = ("1", "VND") if one.unit is None else (one.unit.value, f"VND/{one.unit.value}")

    def define(symbol: str, vi: str, en: str, number: Traced, in_unit: str) -> Traced:
        return trace.define(symbol + mark, Text(vi + of.vi, en + of.en), number, in_unit, cite)

    Q2 = define("Q2", "Sản lượng khoáng sản nguyên khai", "Raw mineral", Traced.of("Q2" + mark, one.quantity), unit)
    rate = Traced.of("f2" + mark, one.rate_vnd)
    if case.salvage:
        row = work.law("environmental_fee.salvage_share")
        m = define("m", "Mức thu của tỉnh", "Rate of the province", Traced.of("m" + mark, one.rate_vnd), per)
        label = Text("Tỷ lệ mức thu của khai thác tận thu" + of.vi, "Share of the rate in salvage mining" + of.en)
        p = trace.define("p" + mark, label, Traced.percent("p" + mark, row.number()), "%", row.cites)
        rate = salvage_rate(m, p)
    f2 = define("f2", "Mức phí của khoáng sản", "Rate of the mineral", rate, per)
    if one.share is None:
        part = mineral_part(Q2, f2)
    else:
        label = Text("Tỷ lệ hàm lượng trong quặng" + of.vi, "Share of the ore" + of.en)
        convention = work.book.conventions["grade_shares"]
        printed = Text(*(text.format(tolerance=TOLERANCE) for text in convention))
        share = Traced.percent("c" + mark, one.share)
        c = trace.define("c" + mark, label, share, "%", work.provision("environmental_fee.shares"), printed)
        part = shared_part(Q2, c, f2)
    if not several:
        return part
    return define("M", "Phần của khoáng sản", "Part of the mineral", part, "VND")


def _compare(work: Working, one: ChargedMineral, index: int, line: TariffLine) -> dict[str, Any]:
    """The bounds of the frame beside the rate, as steps; nothing is refused, for the frame itself was not read."""
    mark = f"_{index + 1}"
    for symbol, vi, en, value, cite in (
        ("f_min", "Mức tối thiểu của khung", "Least rate of the frame", line.least, line.cite_least),
        ("f_max", "Mức tối đa của khung", "Largest rate of the frame", line.most, line.cite),
    ):
        work.lean_on(cite)
        label = Text(f"{vi}: {line.name.vi}", f"{en}: {line.name.en}")
        work.trace.define(symbol + mark, label, Traced.of(symbol + mark, value), line.unit, (cite,))
    return {
        "line": line.code,
        "least_vnd": int(line.least),
        "most_vnd": int(line.most),
        "within": line.least <= one.rate_vnd <= line.most,
    }
