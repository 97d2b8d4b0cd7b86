"""How much is deposited for restoring a mine, year by year? Decree 08/2022 Art. 37, Circular 38/2015 Art. 12, Decision 71/2008.

Amount of a deposit: its base times the exact price-slip index, rounded half up once. Decree 08/2022 indexes every deposit,
Circular 38/2015 those from the second on, the rules of 2008 none. A year without a known index has no amount yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, NotRequired, TypedDict, TypeVar

from fees.escrow_index import SlipReading, check_indices, indices, printed_index
from fees.escrow_plan import Base, LicenceTerm, Plan, Regime, define_term, plan_of, rule, working_of
from fees.licence_right import LARGEST_TOTAL
from fees.result import Computed
from fees.working import Working
from rules.errors import Code, Path
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


class DepositLine(TypedDict):
    """One deposit; ``index`` (8 decimals) and ``amount_vnd`` are ``None`` while its index is not known."""

    number: int
    year: int
    base_vnd: int
    index: str | None
    amount_vnd: int | None
    plan: NotRequired[int]


class EscrowResult(TypedDict):
    """A plan of deposits."""

    mode: str
    first_percent: str
    first_base_vnd: int
    instalments: list[DepositLine]
    total_base_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowCase:
    """A plan: ``total_vnd`` is what the deposits are taken of; ``index`` is ``None`` where the regime has none."""

    regime: Regime
    plan_approved_on: date
    total_vnd: int
    term: LicenceTerm
    first_year: int
    index: SlipReading | None = None


class Indexed(NamedTuple):
    """A deposit with its index as printed and its amount, ``None`` where it cannot be indexed yet."""

    base: Base
    printed_index: str | None
    amount: Traced | None


def indexed_amount(base: N, index: N) -> N:
    """S = base x I."""
    return base * index


def compute_escrow(case: EscrowCase, book: LawBook) -> Computed:
    """Compute and explain the deposits of a plan.

    Raises :class:`rules.errors.Refusal`: ``missing_parameter`` for a hole in the indices before the last one given,
    ``invalid_input`` for a reading that is not given, ``out_of_range`` for a deposit above 10^18 đồng.
    """
    work = working_of(case.regime, case.plan_approved_on, book)
    check_reading(work, case.index)
    work.settle()
    A = define_total(work, case.total_vnd)
    T = define_term(work, case.term)
    plan = plan_of(work, A, T, case.first_year)
    lines = index_plan(work, plan, case.index, case.plan_approved_on, ("index", "cpi"))
    work.settle()
    result = EscrowResult(
        mode=plan.mode.value,
        first_percent=plan.first_percent,
        first_base_vnd=plan.bases[0].amount.whole(),
        instalments=[printed_line(line) for line in lines],
        total_base_vnd=case.total_vnd,
    )
    return Computed(dict(result), work.trace.steps, work.trace.cautions, work.trace.not_applied)


def check_reading(work: Working, index: SlipReading | None, at: Path = ("index",)) -> None:
    """Refuse a regime that indexes deposits without saying how."""
    if index is None and rule(work, "escrow.indexed").text() != "none":
        work.refuse(
            Code.INVALID_INPUT,
            at,
            "Chế độ này tính trượt giá: chọn cách đọc (kind, from) và nhập chỉ số giá tiêu dùng.",
            "This regime counts price slip: choose the reading (kind, from) and give the consumer price indices.",
        )


def define_total(work: Working, total_vnd: int, mark: str = "") -> Traced:
    """A, the sum the deposits are taken of, as a step."""
    label = Text("Tổng số tiền ký quỹ (chưa trượt giá)", "Sum to deposit, before price slip")
    return work.trace.define(
        f"A{mark}", label, Traced.of(f"A{mark}", total_vnd), "VND", rule(work, "escrow.total").cites
    )


def index_plan(
    work: Working, plan: Plan, reading: SlipReading | None, approved_on: date, at: Path, mark: str = ""
) -> list[Indexed]:
    """Every deposit with its index and its amount, as steps; the indices missing in between are refused."""
    which = rule(work, "escrow.indexed").text()
    years = [base.year for base in plan.bases if which == "all" or (which == "later" and base.number > 1)]
    found: dict[int, Traced | None] = {}
    if years and reading is not None:
        check_indices(work, reading, approved_on.year, years, at)
        work.settle()
        found = indices(work, reading, approved_on.year, years, mark)
    found = _with_unindexed(work, plan, found, mark)
    lines = [_indexed(work, plan, base, found[base.year], mark) for base in plan.bases]
    open_years = [str(base.year) for base, index, _ in lines if index is None]
    if open_years:
        listed = ", ".join(open_years)
        work.trace.did_not_apply(
            "not_indexable_yet",
            Text(
                f"Chưa tính được trượt giá các năm {listed}: chưa có chỉ số giá tiêu dùng.",
                f"Not indexable yet: {listed}; the consumer price indices are not known.",
            ),
            work.book.get("escrow.index", work.on).cites,
        )
    return lines


def _with_unindexed(
    work: Working, plan: Plan, found: dict[int, Traced | None], mark: str
) -> dict[int, Traced | None]:  # fmt: skip
    """The indices of all deposits: 1 for those that the regime does not index."""
    if all(base.year in found for base in plan.bases):
        return found
    label = Text("Hệ số của lần không tính trượt giá theo chế độ này", "Index of deposits without price slip")
    one = work.trace.define(f"I_0{mark}", label, Traced.of(f"I_0{mark}", 1), "1", rule(work, "escrow.indexed").cites)
    return dict.fromkeys((base.year for base in plan.bases), one) | found


def _indexed(work: Working, plan: Plan, base: Base, exact: Traced | None, mark: str) -> Indexed:
    """The steps of one deposit: its number, its index as printed, its amount."""
    trace, year = work.trace, base.year
    cite = rule(work, "escrow.later" if base.number > 1 else "escrow.total").cites
    label = Text(f"Lần ký quỹ của năm {year}", f"Number of the deposit of {year}")
    number = Traced.of(str(year), year) - Traced.of(f"Y{mark}", plan.bases[0].year) + Traced.of("1", 1)
    trace.define(f"n_{year}{mark}", label, number, "payment", cite)
    label = Text(f"Lần {base.number}, năm {year}", f"Deposit {base.number}, year {year}")
    if exact is None:
        return Indexed(base, None, None)
    index = printed_index(work, exact, year, mark)
    convention = work.book.conventions["escrow_index"]
    amount = trace.define(
        f"S_{year}{mark}", label, indexed_amount(base.amount, exact).half_up(1), "VND", cite, convention
    )  # fmt: skip
    if amount.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Số tiền ký quỹ vượt 10^18 đồng: kiểm tra tổng số tiền và các chỉ số.",
            "A deposit exceeds 10^18 đồng: check the total and the indices.",
        )
    return Indexed(base, index, amount)


def printed_line(line: Indexed) -> DepositLine:
    """A deposit in the shape of the contract."""
    return DepositLine(
        number=line.base.number,
        year=line.base.year,
        base_vnd=line.base.amount.whole(),
        index=line.printed_index,
        amount_vnd=None if line.amount is None else line.amount.whole(),
    )
