"""A rate won at auction: taken at the lowest table a mineral ever had up to the day of the case, refused below it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.case import RawPrice
from fees.rate import non_auction_rate
from fees.right import RateAuction, lowest_rate
from fees.settlement import compute_settlement, counts_clean_coal
from fees.settlement_case import OutputYear, SettlementCase, SettlementKind, SettlementLine
from rules.errors import Code, Refusal
from rules.lawbook import law_book
from rules.quantity import Unit

BOOK = law_book()
FIRST = date(2025, 7, 2)
minerals = st.sampled_from(sorted(BOOK.minerals))
days = st.dates(FIRST, BOOK.horizon)


def settled(mineral: str, won: Decimal, on: date) -> set[str]:
    """The cautions of a settlement of a rate that was won."""
    year = OutputYear(year=2024, output=Decimal(10), unit=Unit.TONNE, price=RawPrice(amount=10**6, unit=Unit.TONNE))
    line = SettlementLine(mineral=mineral, unit=Unit.TONNE, right=RateAuction(winning_rate=won), years=(year,))
    case = SettlementCase(
        kind=SettlementKind.FIRST, settled_on=on, cutoff_on=date(2025, 6, 30), minerals=(line,), paid_vnd=0
    )
    computed = compute_settlement(case, BOOK)
    assert computed.result["settled_vnd"] == 10**5 * won  # type: ignore[comparison-overlap]
    return {one["code"] for one in computed.cautions if "Cách hiểu" in one["message_vi"]}


@given(minerals, days)
def test_the_floor_is_the_lowest_table_up_to_the_day(mineral: str, on: date) -> None:
    lowest = lowest_rate(BOOK, mineral, on)
    assert lowest is not None
    tables = {non_auction_rate(BOOK, mineral, on - timedelta(days=back)) for back in range(0, 3000, 7)} - {None}
    assert lowest.number() == min(row.number() for row in tables if row is not None)


@given(minerals, days)
def test_a_rate_at_the_floor_is_taken_and_one_below_it_refused(mineral: str, on: date) -> None:
    lowest, own = lowest_rate(BOOK, mineral, on), non_auction_rate(BOOK, mineral, on)
    assert lowest is not None
    assert own is not None
    read = settled(mineral, lowest.number(), on)
    assert read == ({"reading_chosen"} if lowest.number() < own.number() else set())
    with pytest.raises(Refusal) as refusal:
        settled(mineral, lowest.number() - Decimal("0.0001"), on)
    assert [(one.code, one.path) for one in refusal.value.problems] == [
        (Code.OUT_OF_RANGE, ("minerals", 0, "right", "winning_rate_percent"))
    ]


def test_before_any_table_there_is_no_floor() -> None:
    assert lowest_rate(BOOK, "iron", date(2019, 9, 14)) is None


def test_coal_is_clean_coal_from_the_day_of_the_amendment() -> None:
    assert not counts_clean_coal(BOOK, "coal", date(2026, 1, 15))
    assert counts_clean_coal(BOOK, "coal", date(2026, 1, 16))
    assert not counts_clean_coal(BOOK, "peat", date(2026, 1, 16))
