"""Forced stops free the whole years between the stop and the resumption; a freeze of the debt only lets interest wait."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.ledger import Debtor, Entry, Stop, StopReason
from fees.ledger_facts import Told, interest_stop, notice, reversal
from fees.ledger_interest import interest_on
from fees.ledger_stops import freed_years
from rules.lawbook import law_book

BOOK = law_book()
LAST = date(2030, 1, 1)
DAYS = st.dates(date(2014, 1, 1), date(2029, 12, 31))


def stopped(
    first: date, last: date, reason: StopReason = StopReason.FORCED_STOP, instalment: str | None = None
) -> Entry:
    told = Told(key=f"{first}{last}{reason}{instalment}", debtor=Debtor(1, "A"), on=first, document="5/UBND")
    return interest_stop(told, Stop(reason=reason, first=first, last=last), instalment=instalment)


def years(*entries: Entry) -> list[list[int]]:
    return [list(one.years) for one in freed_years(entries, LAST, BOOK)]


@pytest.mark.parametrize(
    ("first", "last", "freed"),
    [
        # by hand from Art. 137(3)(a): stopped in 2026, mining again in 2029: nothing is paid for 2027 and 2028
        (date(2026, 3, 10), date(2029, 4, 30), [2027, 2028]),
        (date(2026, 3, 10), date(2027, 4, 30), []),
        (date(2026, 1, 1), date(2026, 12, 31), []),
        # mining again on 1 January: the year before it is free
        (date(2026, 3, 10), date(2027, 12, 31), [2027]),
        (date(2026, 12, 31), date(2028, 1, 1), [2027]),
    ],
)
def test_the_years_between_are_free(first: date, last: date, freed: list[int]) -> None:
    assert years(stopped(first, last)) == [freed]


def test_stops_that_follow_each_other_are_one() -> None:
    parts = [stopped(date(2026, 3, 10), date(2026, 12, 31)), stopped(date(2027, 1, 1), date(2027, 12, 31)),
             stopped(date(2027, 6, 1), date(2029, 1, 5))]  # fmt: skip
    assert years(*parts) == [[2027, 2028]]
    assert years(parts[0], stopped(date(2027, 1, 2), date(2029, 1, 5))) == [[], [2028]]


def test_older_stops_need_the_provinces_confirmation_and_each_day_its_decree() -> None:
    (older,) = freed_years([stopped(date(2022, 1, 1), date(2025, 8, 1))], LAST, BOOK)
    assert older.confirmed
    assert list(older.years) == [2023, 2024]
    assert [(one.instrument, one.at) for one in older.cites] == [
        ("193/2025/NĐ-CP", "Điều 137 khoản 3 điểm a"), ("193/2025/NĐ-CP", "Điều 153 khoản 4"),
        ("193/2025/NĐ-CP", "Điều 137 khoản 2 điểm c"),
    ]  # fmt: skip
    (newer,) = freed_years([stopped(date(2026, 2, 1), date(2029, 1, 1))], LAST, BOOK)
    assert not newer.confirmed
    assert {one.instrument for one in newer.cites} == {"21/2026/NĐ-CP"}


@pytest.mark.parametrize(
    ("last", "due"),
    [
        # by hand: mining again on Tuesday 5 August 2025; 30 days later is Thursday 4 September
        (date(2025, 8, 4), date(2025, 9, 4)),
        # again on 1 April 2026, under the amended article: the 24th working day, past 27 April, 30 April and 1 May
        (date(2026, 3, 31), date(2026, 5, 8)),
        # again before the decree: nothing is read from it
        (date(2025, 6, 30), None),
        (date.max, None),
    ],
)
def test_what_is_due_on_resumption_follows_the_decree_of_that_day(last: date, due: date | None) -> None:
    (found,) = freed_years([stopped(date(2022, 3, 1), last)], LAST, BOOK)
    assert found.due_on == due
    assert any("khoản 2 điểm c" in one.at for one in found.cites) == (due is not None)


def test_other_stops_free_nothing() -> None:
    span = date(2024, 1, 1), date(2028, 1, 1)
    assert years(*(stopped(*span, reason) for reason in StopReason if reason is not StopReason.FORCED_STOP)) == []
    assert years(stopped(*span, instalment="2024")) == []
    one = stopped(*span)
    assert years(one, reversal(one, key="r", on=date(2024, 2, 1))) == []


@given(DAYS, DAYS, DAYS)
def test_no_year_of_mining_is_free_however_a_stop_is_cut(first: date, middle: date, last: date) -> None:
    first, middle, last = sorted((first, middle, last))
    whole = years(stopped(first, last))
    assert whole == years(stopped(first, middle), stopped(min(middle + timedelta(days=1), last), last))
    for year in whole[0]:
        assert first < date(year, 1, 1)
        assert date(year, 12, 31) <= last


def test_interest_of_a_frozen_debt_waits_and_is_then_charged_in_full() -> None:
    debt = notice(
        Told(key="n", debtor=Debtor(1, "A"), on=date(2026, 7, 1)), 10**9, instalment="2026", due_on=date(2026, 7, 31)
    )
    frozen = stopped(date(2026, 8, 11), date(2026, 9, 30), StopReason.FROZEN)
    restricted = stopped(date(2026, 8, 11), date(2026, 9, 30))

    def interest(on: date, *more: Entry) -> int | None:
        return interest_on([debt, *more], on, BOOK)[0].interest_vnd

    during, after = date(2026, 9, 15), date(2026, 10, 1)
    assert interest(during, frozen) == interest(during, restricted) == interest(date(2026, 8, 11))
    assert interest(after, frozen) == interest(after)
    assert interest(after, restricted) != interest(after)
