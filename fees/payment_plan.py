"""What would a winning rate cost a year, and what is the deposit beside it? Decree 193/2025 Art. 132, Law 54/2024 Art. 102.

A table of nine scenarios: low, expected and high quantity by low, expected and high price, each the whole fee of the area
at the winning rate, spread over the years of the planned licence (Art. 132(2)), against the deposit at stake.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from fees.auction_case import PlanCase
from fees.auction_lines import ESTIMATED
from fees.auction_outcome import Outcome, Won, explained_outcome
from fees.instalments import FROM_ISSUE, Term, annual_amount, count_payments, last_payment
from fees.licence_right import check_term, licence_right_fee, printed, reserve_unit, rounded_line, total_of
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)

LEVELS = (Text("thấp", "low"), Text("dự kiến", "expected"), Text("cao", "high"))


def scenario_price(G: N, p: N) -> N:
    """Fee price of a scenario: the expected one times its level."""
    return G * p


def times_deposit(T: N, T_dt: N) -> N:
    """How many times the deposit the whole fee is, to two decimals."""
    return (T / T_dt).rounded(2)


class _LineLevels(NamedTuple):
    """The three quantities and the three fee prices of one mineral."""

    won: Won
    Q: tuple[Traced, ...]
    G: tuple[Traced, ...]


def compute_payment_plan(case: PlanCase, book: LawBook) -> Computed:
    """Compute and explain the nine scenarios.

    Raises :class:`rules.errors.Refusal` as :func:`fees.auction_outcome.compute_outcome` does, and ``invalid_input`` for a
    licence that begins before the terms are set.
    """
    work = Working(book, case.outcome.terms.set_on)
    _check(work, case)
    outcome = explained_outcome(work, case.outcome)
    term = Term(case.issued_on.year, FROM_ISSUE, case.expires_on, "licence_right.annual")
    X = count_payments(work, term)
    cite = work.provision("auction.deposit")
    p = [
        work.trace.define(
            f"p_{place + 1}",
            Text(
                f"Mức giá {LEVELS[place].vi}, so với giá dự kiến", f"The {LEVELS[place].en} price over the expected one"
            ),
            Traced.percent(f"p_{place + 1}", level),
            "%",
            cite,
            work.book.conventions["plan_scenarios"],
        )
        for place, level in ((0, case.price_low), (2, case.price_high))
    ]
    lines = [_line_levels(case, one, index, p) for index, one in enumerate(outcome.lines)]
    per_unit = _per_unit(work, outcome, lines)
    scenarios = [
        _scenario(work, case, outcome, lines, X, q, g) | {"per_unit_vnd": printed(per_unit[g])}
        for q in range(len(LEVELS))
        for g in range(len(LEVELS))
    ]
    work.settle()
    result = {
        **{name: value for name, value in outcome.result.items() if name != "money_equivalents"},
        "payments": X.whole(),
        "scenarios": scenarios,
    }
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _check(work: Working, case: PlanCase) -> None:
    """The term runs forward, from the day the start is set on."""
    check_term(work, case.issued_on, case.expires_on)
    if case.issued_on < case.outcome.terms.set_on:
        work.refuse(
            Code.INVALID_INPUT,
            ("licence", "issued_on"),
            f"Giấy phép cấp ngày {case.issued_on:%d/%m/%Y} trước ngày xác định giá khởi điểm.",
            f"The licence is issued on {case.issued_on}, before the start is set.",
        )


def _line_levels(case: PlanCase, won: Won, index: int, p: list[Traced]) -> _LineLevels:
    line, Q, G = won.start.line, won.start.Q, won.start.price.G
    cite, unit = line.work.provision("auction.deposit"), reserve_unit(line.given)
    quantities, prices = [], []
    for place, level, share in (
        (0, case.quantities_low[index], p[0]),
        (2, case.quantities_high[index], p[1]),
    ):
        name, symbol = LEVELS[place], f"Q_{place + 1}"
        given = Traced.of(symbol + line.mark, level)
        quantities.append(line.define(symbol, f"Khối lượng {name.vi}", f"The {name.en} quantity", given, unit, cite))
        price = scenario_price(G, share)
        label = f"Giá tính tiền {name.vi}", f"The {name.en} fee price"
        prices.append(line.define(f"G_{place + 1}", *label, price, f"VND/{unit}", cite))
    return _LineLevels(won, (quantities[0], Q, quantities[1]), (prices[0], G, prices[1]))


def _per_unit(work: Working, outcome: Outcome, lines: list[_LineLevels]) -> list[Traced]:
    """Đồng per unit of the auctioned mineral at each price."""
    auctioned = next(one for one in lines if one.won.start is outcome.terms.auctioned)
    unit = reserve_unit(auctioned.won.start.line.given)
    found = []
    for place, name in enumerate(LEVELS):
        label = Text(f"Tiền cấp quyền cho một đơn vị, giá {name.vi}", f"Fee per unit at the {name.en} price")
        exact = auctioned.G[place] * auctioned.won.R
        found.append(
            work.trace.define(f"g_{place + 1}", label, exact, f"VND/{unit}", work.provision("licence_right.formula"))
        )
    return found


def _scenario(
    work: Working, case: PlanCase, outcome: Outcome, lines: list[_LineLevels], X: Traced, q: int, g: int
) -> dict[str, Any]:
    """One cell of the table: the whole fee, a year of it, the last payment, and the deposit beside it."""
    mark = f"{q + 1}{g + 1}"
    where = Text(
        f" (khối lượng {LEVELS[q].vi}, giá {LEVELS[g].vi})", f" ({LEVELS[q].en} quantity, {LEVELS[g].en} price)"
    )
    step = case.outcome.terms.rounding_vnd
    label = Text(ESTIMATED.vi + where.vi, ESTIMATED.en + where.en)
    amounts = [
        rounded_line(
            one.won.start.line, licence_right_fee(one.Q[q], one.G[g], one.won.R), step, symbol=f"T_{mark}", label=label
        )
        for one in lines
    ]
    T = total_of(work, amounts, label, symbol=f"T_{mark}")
    trace, cite = work.trace, work.provision("licence_right.annual")
    T_hn = trace.define(
        f"T_hn_{mark}",
        Text("Tiền nộp hằng năm" + where.vi, "Yearly payment" + where.en),
        annual_amount(T, X).floor(),
        "VND",
        cite,
        work.book.conventions["equal_instalments"],
    )
    last = trace.define(
        f"T_c_{mark}",
        Text("Lần nộp cuối" + where.vi, "Last payment" + where.en),
        last_payment(T, T_hn, X.whole()),
        "VND",
        cite,
    )
    times = None
    if outcome.terms.T_dt.num:
        times = trace.define(
            f"m_{mark}",
            Text("Tiền cấp quyền so với tiền đặt trước (lần)" + where.vi, "Fee over the deposit (times)" + where.en),
            times_deposit(T, outcome.terms.T_dt),
            "1",
            work.provision("auction.deposit"),
        )
    return {
        "quantity_level": LEVELS[q].en,
        "price_level": LEVELS[g].en,
        "total_vnd": T.whole(),
        "annual_vnd": T_hn.whole(),
        "last_vnd": last.whole(),
        "times_deposit": None if times is None else printed(times),
    }
