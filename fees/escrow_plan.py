"""What is deposited first and later, before price slip? Decree 08/2022 Art. 37(5), Circular 38/2015 Art. 12-13, Decision 71/2008.

Restoration deposit, *ký quỹ cải tạo, phục hồi môi trường*: B = p x A first, the rest in equal parts over the years of the
licence that remain. The contract's name of the regime is the caller's choice; its rules are those of its instrument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from fees.working import Working
from rules.lawbook import LawBook, Row
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


class Regime(StrEnum):
    """The rules a plan was approved under, by the contract's names."""

    DECREE_08_2022 = "08/2022"
    CIRCULAR_38_2015 = "38/2015"
    CIRCULAR_34_2009 = "34/2009"


INSTRUMENTS: Final = {
    Regime.DECREE_08_2022: "08/2022/NĐ-CP",
    Regime.CIRCULAR_38_2015: "38/2015/TT-BTNMT",
    Regime.CIRCULAR_34_2009: "71/2008/QĐ-TTg",
}


class Mode(StrEnum):
    """How a deposit is made."""

    ONE_OFF = "one_off"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceTerm:
    """The term of the licence, in whole years or in months; exactly one of the two."""

    years: int | None = None
    months: int | None = None


class Base(NamedTuple):
    """One deposit before price slip."""

    number: int
    year: int
    amount: Traced


class Plan(NamedTuple):
    """The deposits of a plan; ``first_percent`` is p as printed."""

    mode: Mode
    first_percent: str
    bases: tuple[Base, ...]
    total: Traced


def first_deposit(p: N, A: N) -> N:
    """B = p x A."""
    return p * A


def later_deposit(A: N, B: N, n: N) -> N:
    """C = (A - B) : N."""
    return (A - B) / n


def working_of(regime: Regime, approved_on: date, book: LawBook) -> Working:
    """A computation under the rules of a regime, whatever the day the plan was approved on."""
    work = Working(book, book.instrument(INSTRUMENTS[regime]).period.start)
    if approved_on > book.horizon:
        work.past_horizon(approved_on)
    return work


def rule(work: Working, name: str, key: str = "") -> Row:
    """A row of the regime with the caution that its confidence asks for; its reading is the caller's to tell."""
    row = work.book.get(name, work.on, key)
    work.lean_on(row.cite)
    return row


def define_term(work: Working, term: LicenceTerm, mark: str = "") -> Traced:
    """T in years, as a step."""
    cite = rule(work, "escrow.one_off_years").cites
    label = Text("Thời hạn giấy phép", "Licence term")
    if term.years is not None:
        return work.trace.define(f"T{mark}", label, Traced.of(f"T{mark}", term.years), "year", cite)
    assert term.months is not None  # one of the two is given
    months = Traced.of(f"M{mark}", term.months)
    M = work.trace.define(f"M{mark}", Text("Thời hạn tính theo tháng", "Term in months"), months, "month", cite)
    return work.trace.define(f"T{mark}", label, M / Traced.of("12", 12), "year", cite)


def is_one_off(work: Working, T: Traced) -> bool:
    """Whether the whole deposit is made at once: up to one year, or under three years in the older rules."""
    bound, limit = rule(work, "escrow.one_off_bound"), rule(work, "escrow.one_off_years").number()
    if bound.text() != "up_to":
        return T.value < limit
    if T.value == limit:
        work.read(bound)
    return T.value <= limit


def band(work: Working, T: Traced) -> str:
    """The key of the first deposit's share: ``short``, ``middle`` or ``long`` terms."""
    for key in ("short", "middle"):
        if T.value < rule(work, "escrow.band_below", key).number():
            return key
    return "long"


def plan_of(work: Working, A: Traced, T: Traced, first_year: int, mark: str = "") -> Plan:
    """Every deposit before price slip: the first rounded half up, later ones whole, the last takes the rest."""
    trace, conventions = work.trace, work.book.conventions
    one_off = is_one_off(work, T)
    share = rule(work, "escrow.first_share", "one_off" if one_off else band(work, T))
    label = Text("Tỷ lệ ký quỹ lần đầu", "Share of the first deposit")
    p = trace.define(f"p{mark}", label, Traced.percent(f"p{mark}", share.number()), "%", share.cites)
    label = Text("Số tiền gốc lần đầu (chưa trượt giá)", "First deposit, before price slip")
    B = trace.define(f"B{mark}", label, first_deposit(p, A).half_up(1), "VND", share.cites, conventions["escrow_first"])
    label = Text("Năm ký quỹ lần đầu", "Year of the first deposit")
    trace.define(f"Y{mark}", label, Traced.of(f"Y{mark}", first_year), "year", share.cites)
    percent = p.text or ""
    if one_off:
        return Plan(Mode.ONE_OFF, percent, (Base(1, first_year, B),), A)
    cite = rule(work, "escrow.later").cites
    label = Text("Số lần ký quỹ từ lần hai", "Number of later deposits")
    count = T.ceiling() - Traced.of("1", 1)
    convention = None if T.value.denominator == 1 else conventions["escrow_part_year"]
    n = trace.define(f"N{mark}", label, count, "payment", cite, convention)
    label = Text("Số tiền gốc từ lần hai (phần nguyên)", "Later deposit, before price slip (whole part)")
    C = trace.define(
        f"C{mark}", label, later_deposit(A, B, n).floor(), "VND", cite, conventions["escrow_later"]
    )  # fmt: skip
    later = n.whole()
    label = Text("Số tiền gốc lần cuối (phần còn lại)", "Last deposit, before price slip (the rest)")
    rest = A - B - C * Traced.of(f"(N{mark} − 1)", later - 1)
    last = trace.define(f"C_c{mark}", label, rest, "VND", cite, conventions["escrow_later"])
    amounts = [B, *[C] * (later - 1), last]
    bases = tuple(Base(index + 1, first_year + index, amount) for index, amount in enumerate(amounts))
    return Plan(Mode.INSTALMENTS, percent, bases, A)
