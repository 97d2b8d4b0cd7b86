"""What has a mine deposited for its restoration, what is due, late, held and given back? The whole table of one plan.

Decree 08/2022 Art. 37 with Decree 48/2026, Circular 38/2015, Decision 71/2008 (whose total is the licence's share of the
project, A = Tg x Mcp : Tb). A supplementary plan (extension, changed works) is deposited by the same rules from its own approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from fees.escrow import check_reading, define_total, index_plan
from fees.escrow_balance import InterestTerms, Movement, check_movements, held_on, interest
from fees.escrow_cpi import CpiChoice, CpiChosen, check_area, chosen_indices, say_fallback
from fees.escrow_due import DueFacts, deposit_due, say_unknown, supplement_due
from fees.escrow_index import IndexKind, IndexStart, SlipReading
from fees.escrow_plan import LicenceTerm, Plan, Regime, define_term, plan_of, rule, working_of
from fees.escrow_recosting import Recosting, recosted
from fees.escrow_refund import RefundAsked, refund
from fees.escrow_rows import DepositPart, balance, deposit_rows, indexed_total
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
_SECOND = "₂"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Decision 71/2008: what the whole project costs to restore, and the years it runs (Mcp, Tb)."""

    cost_vnd: int
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """A supplementary plan; ``starts_on`` is the event from which its time to deposit runs."""

    approved_on: date
    total_vnd: int
    term: LicenceTerm
    first_year: int
    starts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCase:
    """A plan and what happened to it up to ``as_of``. Exactly one of ``total_vnd`` and ``project`` is given."""

    regime: Regime
    approved_on: date
    term: LicenceTerm
    first_year: int
    as_of: date
    total_vnd: int | None = None
    project: Project | None = None
    kind: IndexKind | None = None
    start: IndexStart | None = None
    cpi: CpiChoice | None = None
    due: DueFacts = field(default_factory=DueFacts)
    payments: tuple[Movement, ...] = ()
    refunds: tuple[Movement, ...] = ()
    interest: InterestTerms | None = None
    refund: RefundAsked | None = None
    supplement: Supplement | None = None
    recosting: Recosting | None = None
    transferred_on: tuple[date, ...] = ()


def prorated_total(Tg: N, M: N, Tb: N) -> N:
    """A = Tg x Mcp : Tb: the licence's share of the project's cost."""
    return Tg * M / Tb


def compute_escrow_schedule(case: ScheduleCase, book: LawBook) -> Computed:
    """Compute and explain the whole table of a plan.

    Raises :class:`rules.errors.Refusal` with every problem of the case: contradicting or missing facts
    (``invalid_input``, ``missing_parameter``), rules the law book does not hold (``no_rule_at_date``), sums out of range.
    """
    work = working_of(case.regime, case.approved_on, book)
    if case.as_of > book.horizon:
        work.past_horizon(case.as_of)
    _check(work, case)
    work.settle()
    chosen = CpiChosen(figures={}, sources={}) if case.cpi is None else chosen_indices(book.cpi, case.cpi)
    reading = None
    if case.kind is not None and case.start is not None:
        reading = SlipReading(kind=case.kind, start=case.start, cpi=chosen.figures)
    T = define_term(work, case.term)
    A = _total(work, case, T)
    parts = [_part(work, case, reading, plan_of(work, A, T, case.first_year), case.approved_on, "")]
    say_unknown(work)
    if case.supplement is not None:
        parts.append(_supplement(work, case, reading, case.supplement))
    work.settle()
    used = _used_years(work, chosen)
    if used and case.cpi is not None:
        say_fallback(work, case.cpi, chosen, used)
    rows, left = deposit_rows(work, case.as_of, case.payments, parts)
    result = _plan_facts(parts[0].plan) | {"instalments": rows[0]}
    result |= {"indexed_vnd": indexed_total(work, parts)}
    result |= {
        "cpi": [
            {"year": year, "cpi_index": str(chosen.figures[year].index), "source": chosen.sources[year].value}
            for year in used
        ]
    }
    result |= _supplement_facts(work, case, parts, rows)
    result |= balance(work, case.payments, case.refunds, left)
    result["earned_vnd"] = None
    if case.interest is not None:
        result["earned_vnd"] = interest(work, case.interest, case.payments, case.refunds, case.as_of)
    result["refund"] = None if case.refund is None else refund(work, case.refund, case.payments, case.refunds)
    result |= _changes(work, case, A)
    work.settle()
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _check(work: Working, case: ScheduleCase) -> None:
    if case.kind is None:
        check_reading(work, None)
    if case.cpi is not None:
        check_area(work, case.cpi.area, ("index", "area"))
    check_movements(work, case.payments, case.refunds, case.as_of)
    if case.project is not None and work.find("escrow.prorated") is None:
        work.refuse(
            Code.INVALID_INPUT,
            ("project",),
            "Chỉ quy tắc năm 2008 (34/2009) chia tổng chi phí dự án theo thời hạn giấy phép; nhập total_vnd.",
            'Only the rules of 2008 ("34/2009") share the project\'s cost by term; give total_vnd.',
        )
    for index, on in enumerate(case.transferred_on):
        if on > case.as_of:
            work.refuse(
                Code.INVALID_INPUT,
                ("transferred_on", index),
                f"Ngày chuyển nhượng {on:%d/%m/%Y} sau ngày tính {case.as_of:%d/%m/%Y}.",
                f"The transfer on {on} lies after the day of reckoning {case.as_of}.",
            )


def _total(work: Working, case: ScheduleCase, T: Traced) -> Traced:
    """A as given, or the licence's share of the project's cost, rounded half up once."""
    if case.project is None:
        assert case.total_vnd is not None  # one of the two is given
        return define_total(work, case.total_vnd)
    trace, cite = work.trace, rule(work, "escrow.prorated").cites
    label = Text("Chi phí cải tạo, phục hồi của cả dự án (Mcp)", "Restoration cost of the whole project (Mcp)")
    M = trace.define("M_cp", label, Traced.of("M_cp", case.project.cost_vnd), "VND", cite)
    label = Text("Thời gian của dự án (Tb)", "Term of the project (Tb)")
    Tb = trace.define("T_b", label, Traced.of("T_b", case.project.years), "year", cite)
    if T.value > Tb.value:
        work.refuse(
            Code.OUT_OF_RANGE,
            ("project", "project_years"),
            "Thời hạn giấy phép dài hơn thời gian của dự án.",
            "The licence runs longer than the project.",
        )
    label = Text("Tổng số tiền ký quỹ của giấy phép", "Sum the licence deposits")
    share = prorated_total(T, M, Tb).half_up(1)
    if share.num == 0:
        work.refuse(
            Code.INVALID_INPUT,
            ("project", "project_cost_vnd"),
            "Chi phí cả dự án quá nhỏ: phần của giấy phép làm tròn thành 0 đồng.",
            "The project's cost is too small: the licence's share rounds to nothing.",
        )
    work.settle()
    return trace.define("A", label, share, "VND", cite, work.book.conventions["escrow_first"])


def _part(
    work: Working, case: ScheduleCase, reading: SlipReading | None, plan: Plan, approved_on: date, mark: str
) -> DepositPart:
    lines = index_plan(work, plan, reading, approved_on, ("index", "cpi"), mark)
    facts = case.due if not mark else DueFacts(cpi_announced_on=case.due.cpi_announced_on)
    due = [deposit_due(work, base, facts, mark) for base in plan.bases]
    return DepositPart(plan, lines, due, mark)


def _supplement(work: Working, case: ScheduleCase, reading: SlipReading | None, given: Supplement) -> DepositPart:
    work.read(rule(work, "escrow.supplement"))
    T = define_term(work, given.term, _SECOND)
    A = define_total(work, given.total_vnd, _SECOND)
    plan = plan_of(work, A, T, given.first_year, _SECOND)
    return _part(work, case, reading, plan, given.approved_on, _SECOND)


def _used_years(work: Working, chosen: CpiChosen) -> list[int]:
    """The years whose index stands in a step."""
    symbols = {step["symbol"].removesuffix(_SECOND) for step in work.trace.steps}
    return [year for year in sorted(chosen.figures) if f"CPI_{year}" in symbols]


def _plan_facts(plan: Plan) -> dict[str, Any]:
    return {
        "total_base_vnd": plan.total.whole(),
        "mode": plan.mode.value,
        "first_percent": plan.first_percent,
        "first_base_vnd": plan.bases[0].amount.whole(),
    }


def _supplement_facts(
    work: Working, case: ScheduleCase, parts: Sequence[DepositPart], rows: Sequence[list[dict[str, Any]]]
) -> dict[str, Any]:
    if case.supplement is None:
        return {"supplement": None, "supplement_instalments": []}
    due = supplement_due(work, case.supplement.starts_on, _SECOND)
    facts = _plan_facts(parts[1].plan) | {"due_on": None if due is None else due.isoformat()}
    return {"supplement": facts, "supplement_instalments": rows[1]}


def _changes(work: Working, case: ScheduleCase, A: Traced) -> dict[str, Any]:
    """Transfers with the balance that follows the right, and whether the plan must be costed again."""
    transfers = []
    for number, on in enumerate(case.transferred_on, start=1):
        row = rule(work, "escrow.transfer")
        label = Text(
            f"Số dư gốc chuyển theo quyền khai thác ngày {on:%d/%m/%Y}", f"Principal that follows the right on {on}"
        )
        held = Traced.of(f"H_c{number}", held_on(on, case.payments, case.refunds))
        amount = work.trace.define(f"H_c{number}", label, held, "VND", row.cites)
        transfers.append({"transferred_on": on.isoformat(), "balance_vnd": amount.whole()})
    found = None if case.recosting is None else recosted(work, case.recosting, A)
    facts, items = (None, []) if found is None else found
    return {"transfers": transfers, "recosting": facts, "recosted_items": items}
