"""What did a mineral right owe under Decree 67/2019 (approvals 2019-09-15 to 2025-07-01)? T = Q x G x K1 x K2 x R.

A right won as a rate follows Joint Circular 54/2014 Art. 6: T = Q x G x K x R_đg, without K2. Q, G and R
come from the modules that serve Decree 193/2025 too; payments are in ``instalments_2019``.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from fees.case import Fee2019Case
from fees.instalments_2019 import Basis, payments_2019
from fees.licence_right import (
    check_term,
    in_force,
    is_companion,
    line_amount,
    open_lines,
    printed,
    reserve_unit,
    rounded_line,
    total_of,
)
from fees.line import Line
from fees.price import priced
from fees.quantity import charged_quantity
from fees.rate import fee_rate
from fees.result import Computed, FeeResult, LineAmount, computed
from fees.working import Working
from rules.lawbook import LawBook
from rules.number import Number, Traced, plain
from rules.trace import Text

N = TypeVar("N", bound=Number)


def licence_right_fee_2019(Q: N, G: N, K1: N, K2: N, R: N) -> N:
    """T = Q x G x K1 x K2 x R (Decree 67/2019 Art. 5)."""
    return Q * G * K1 * K2 * R


def auctioned_fee(Q: N, G: N, K: N, R_dg: N) -> N:
    """T = Q x G x K x R_đg (Joint Circular 54/2014 Art. 6(1))."""
    return Q * G * K * R_dg


def compute_fee_2019(case: Fee2019Case, book: LawBook) -> Computed:
    """Compute and explain a fee under Decree 67/2019.

    Raises :class:`rules.errors.Refusal` with every problem of the case (not in force outside 2019-09-15 to 2025-07-01).
    """
    work = Working(book, case.approved_on)
    amounts, total = explained_total_2019(work, case)
    schedule = payments_2019(work, total, case, amounts[0].basis if len(amounts) == 1 else None)
    work.settle()
    result = FeeResult(
        total_vnd=total.whole(),
        payments=schedule.payments,
        annual_vnd=schedule.annual_vnd,
        minerals=[one.printed for one in amounts],
        schedule=schedule.instalments,
        k1=_common([one.printed["k1"] for one in amounts])
        or _number(book, case, "licence_right.k1", case.mining_method),
        k2=_common([one.printed["k2"] for one in amounts]) or _number(book, case, "licence_right.k2", case.area),
        first_payment_vnd=schedule.first_payment_vnd,
    )
    return computed(result, work.trace)


def explained_total_2019(work: Working, case: Fee2019Case) -> tuple[list[Amount2019], Traced]:
    """The lines of a fee and their total, explained, before any question of when it is paid."""
    if not in_force(work, ("approved_on",), decree="67/2019/NĐ-CP", other="licence_right_fee"):
        work.settle()
    unread = work.find("licence_right_2019.unread_amendment")
    if unread is not None:
        work.read(unread)
    check_term(work, case.licence.issued_on, case.licence.expires_on)
    lines = [_line(line, case) for line in open_lines(work, case)]
    work.settle()
    amounts = [one for one in lines if one is not None]
    return amounts, total_of(work, [one.T for one in amounts])


class Amount2019(NamedTuple):
    """A computed line: what is printed, its amount, and what a re-pricing compares with."""

    printed: LineAmount
    T: Traced
    basis: Basis


def _line(line: Line, case: Fee2019Case) -> Amount2019 | None:
    work, given = line.work, line.given
    Q = charged_quantity(line, case.licence.group)
    price = priced(line, reserve_unit(given))
    R = fee_rate(line, companion=is_companion(case, line, work.book))
    if Q is None or price is None or R is None:
        return None
    method = "water" if work.book.minerals[given.mineral].water else case.mining_method.value
    if given.winning_rate is not None and given.discard is None:
        factor = work.law("auction.k", method)
        K1 = line.define(
            "K", "Hệ số thu hồi", "Recovery coefficient", Traced.of("K" + line.mark, factor.number()), "1", factor.cites
        )
        K2 = line.define(
            "K2", "Hệ số vùng (không áp dụng)", "Area coefficient (not applied)", Traced.of("K2" + line.mark, 1), "1",
            work.provision("auction.rate_formula"),
        )  # fmt: skip
        exact = auctioned_fee(Q, price.G, K1, R)
        work.trace.did_not_apply(
            "no_k2_at_auction",
            Text(
                f"Không nhân K2{line.name.vi}: tiền trúng đấu giá tính theo T = Q × G × K × R trúng đấu giá.",
                f"No K2{line.name.en}: a sum won at auction is T = Q × G × K × winning R.",
            ),
            work.provision("auction.rate_formula"),
        )
    else:
        recovery, area = work.law("licence_right.k1", method), work.law("licence_right.k2", case.area)
        K1 = line.table_value("K1", "Hệ số thu hồi", "Recovery coefficient", recovery, "1")
        K2 = line.table_value("K2", "Hệ số vùng kinh tế - xã hội", "Area coefficient", area, "1")
        exact = licence_right_fee_2019(Q, price.G, K1, K2, R)
    T = rounded_line(line, exact, case.rounding_vnd)
    amount = line_amount(line, Q, price.G, price.K, R, T)
    amount["k1"], amount["k2"] = printed(K1), printed(K2)
    return Amount2019(amount, T, Basis(price.K, price.G, R))


def _common(values: list[str]) -> str | None:
    """The value all lines share, if they do."""
    return values[0] if len(set(values)) == 1 else None


def _number(book: LawBook, case: Fee2019Case, parameter: str, key: str) -> str:
    """The coefficient of the licence's own method or area, printed for the whole where its lines differ."""
    return plain(*book.get(parameter, case.approved_on, key).number().as_integer_ratio())
