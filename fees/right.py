"""How was the right obtained, and which rate does that leave? Decree 193/2025 Art. 139(5), 141(1), Law 54/2024 Art. 105(3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from fees.line import Line
from fees.rate import non_auction_rate
from rules.dated import Period
from rules.errors import Code
from rules.lawbook import LawBook, Row
from rules.number import Number, Traced, plain
from rules.trace import Text

N = TypeVar("N", bound=Number)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAuction:
    """Licensed without auction: the rate of the table on the day the rule names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAuction:
    """Won as a rate, in percent; fixed for the whole life of the mine."""

    winning_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyAuction:
    """Won as a sum, in an explored area before Decree 10/2025: đồng won, đồng at the start, rate on the auction day."""

    won_vnd: int
    start_vnd: int
    rate_at_auction: Decimal


Right = NoAuction | RateAuction | MoneyAuction


def money_auction_rate(T_dg: N, T_kd: N, R_kdg: N) -> N:
    """R = T_đg / T_kđ x R_kđg: won over start, times the rate of the mineral on the auction day (Art. 139(5)(c))."""
    return T_dg / T_kd * R_kdg


def lowest_rate(book: LawBook, mineral: str, until: date) -> Row | None:
    """The lowest rate a mineral had in any table of the book up to a day, the latest of equal ones; ``None`` without one.

    A rate is won under the table of the auction day, which neither licence nor case names: below every table nobody won.
    """
    found = [
        (row.number(), -row.period.start.toordinal(), row)
        for place in book.series["licence_right.line", mineral].rows
        for row in book.series["licence_right.rate", place.text()].rows
        if _meet(place.period, row.period, until)
    ]
    return min(found, key=lambda one: one[:2])[2] if found else None


def _meet(one: Period, other: Period, until: date) -> bool:
    """Whether both were in force on some day up to ``until``."""
    start = max(one.start, other.start)
    return start <= until and all(end is None or start < end for end in (one.end, other.end))


def auction_rate(line: Line, right: RateAuction | MoneyAuction, *, companion: bool) -> Traced | None:
    """The rate an auction left, exact. No rate was won below the lowest the mineral ever had up to the case's day; one
    below the table of that day is taken and the reading printed.

    ``None`` after writing down what is wrong with the field ``right``.
    """
    work = line.work
    match right:
        case RateAuction(winning_rate=winning):
            own = None if companion else non_auction_rate(work.book, line.given.mineral, work.on)
            if own is not None and winning < own.number() and not _won_earlier(line, winning, own):
                return None
            cite = (*work.provision("settlement.rate_auction"), *work.provision("rate.fixed_for_life"))
            number = Traced.percent("R" + line.mark, winning)
            return line.define("R", "Tỷ lệ thu trúng đấu giá", "Winning rate", number, "%", cite)
        case MoneyAuction(won_vnd=won, start_vnd=start, rate_at_auction=rate):
            if won < start:
                line.refuse(
                    Code.OUT_OF_RANGE,
                    ("right", "won_vnd"),
                    f"Tiền trúng đấu giá ({won}) thấp hơn giá khởi điểm ({start}).",
                    f"The sum won ({won}) lies below the starting price ({start}).",
                )
                return None
            cite = work.provision("settlement.rate_money_auction")
            T_dg = line.define("T_đg", "Tiền trúng đấu giá", "Sum won", Traced.of("T_đg" + line.mark, won), "VND", cite)
            T_kd = line.define(
                "T_kđ", "Giá khởi điểm", "Starting price", Traced.of("T_kđ" + line.mark, start), "VND", cite
            )
            R_kdg = line.define(
                "R_kđg", "Tỷ lệ thu tại thời điểm đấu giá", "Rate on the auction day",
                Traced.percent("R_kđg" + line.mark, rate), "%", cite,
            )  # fmt: skip
            return line.define(
                "R", "Tỷ lệ thu quy từ tiền trúng đấu giá", "Rate that the sum won stands for",
                money_auction_rate(T_dg, T_kd, R_kdg), "%", cite,
            )  # fmt: skip


def _won_earlier(line: Line, winning: Decimal, own: Row) -> bool:
    """Whether an older table allows a winning rate below that of the case's day; says so, or that none does."""
    work = line.work
    lowest = lowest_rate(work.book, line.given.mineral, work.on)
    assert lowest is not None  # the case's own table is one of them
    if winning < lowest.number():
        line.refuse(
            Code.OUT_OF_RANGE,
            ("right", "winning_rate_percent"),
            f"Tỷ lệ trúng đấu giá {_text(winning)} % thấp hơn mọi tỷ lệ thu của khoáng sản này trong sổ luật (thấp nhất "
            f"{_text(lowest.number())} %). Kiểm tra lại quyết định phê duyệt kết quả trúng đấu giá.",
            f"The winning rate {_text(winning)} % lies below every rate of this mineral in the law book (the lowest is "
            f"{_text(lowest.number())} %). Check the decision on the result of the auction.",
        )
        return False
    convention = work.book.conventions["auction_floor"]
    words = {"won": _text(winning), "own": _text(own.number()), "lowest": _text(lowest.number())}
    work.trace.caution(
        "reading_chosen",
        Text(convention.vi.format(**words), convention.en.format(**words)),
        (*own.cites, *lowest.cites, *work.provision("settlement.rate_auction")),
    )
    return True


def winning_percent(right: Right) -> Fraction | None:
    """The rate an auction left, in percent; ``None`` without auction."""
    match right:
        case RateAuction(winning_rate=winning):
            return Fraction(winning)
        case MoneyAuction(won_vnd=won, start_vnd=start, rate_at_auction=rate):
            return Fraction(won, start) * Fraction(rate)
        case NoAuction():
            return None


def is_companion(book: LawBook, on: date, others: Iterable[tuple[str, Right]]) -> bool:
    """Whether one of the ``others`` (mineral, right) was won at or above a rate of its own up to that day: then this mineral
    may carry a rate computed from it, below its own (Art. 148(2))."""
    for mineral, right in others:
        own, won = lowest_rate(book, mineral, on), winning_percent(right)
        if own is not None and won is not None and won >= own.number():
            return True
    return False


def _text(value: Decimal) -> str:
    return plain(*value.as_integer_ratio())
