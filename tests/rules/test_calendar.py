"""The working-day calendar: announced days, worked cases, and what must hold for every date."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.calendar import Calendar, DayKind, FixedHoliday

ROOT = Path(__file__).parents[2]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "calendar.toml").read_text(encoding="utf-8"))
ONE_DAY = timedelta(days=1)
FULL_YEARS = (2024, 2027)

LAW = ROOT / "rules" / "law"
FIXED = tomllib.loads((LAW / "calendar.toml").read_text(encoding="utf-8"))["fixed"]
with (LAW / "holidays.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CALENDAR = Calendar(
    days={date.fromisoformat(row["date"]): DayKind(row["type"]) for row in ROWS},
    known_from=FULL_YEARS[0],
    known_until=FULL_YEARS[1],
    fixed=tuple(
        FixedHoliday(**{name: row[name] for name in ("month", "day", "from_year") if name in row}) for row in FIXED
    ),
)

some_days = st.dates(date(2014, 1, 1), date(2040, 12, 31))
known_days = st.dates(date(FULL_YEARS[0], 1, 1), date(FULL_YEARS[1], 10, 31))
lengths = st.integers(1, 120)


def days_between(first: date, last: date) -> list[date]:
    """The days after ``first`` up to and including ``last``."""
    return [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: f"{case['question']}-{case['from']}")
def test_worked_cases(case: dict[str, object]) -> None:
    question = getattr(CALENDAR, case["question"])
    assert question(case["from"], *([case["days"]] if "days" in case else [])) == case["answer"], case["why"]


@pytest.mark.parametrize("year", range(FULL_YEARS[0], FULL_YEARS[1] + 1))
def test_weekdays_off_of_the_listed_years(year: int) -> None:
    whole_year = days_between(date(year - 1, 12, 31), date(year, 12, 31))
    off = [day for day in whole_year if day.weekday() < 5 and CALENDAR.is_day_off(day)]
    assert [f"{day:%m-%d}" for day in off] == CASES["weekdays_off"][str(year)]
    assert all(CALENDAR.is_day_off(day) for day in whole_year if day.weekday() >= 5)


def test_each_swap_pairs_a_day_off_with_a_worked_saturday() -> None:
    by_kind = {kind: [day for day, each in CALENDAR.days.items() if each is kind] for kind in DayKind}
    assert [day.isoformat() for day in by_kind[DayKind.SWAP_WORK]] == [
        "2024-05-04",
        "2025-04-26",
        "2026-01-10",
        "2026-08-22",
    ]
    assert [day.year for day in by_kind[DayKind.SWAP_OFF]] == [day.year for day in by_kind[DayKind.SWAP_WORK]]
    assert not any(CALENDAR.is_working_day(day) for day in by_kind[DayKind.SWAP_WORK])


def test_without_the_november_holiday_the_period_is_a_day_shorter() -> None:
    days = {day: kind for day, kind in CALENDAR.days.items() if day != date(2026, 11, 24)}
    assert replace(CALENDAR, days=days).working_period_end(date(2026, 11, 20), 5) == date(2026, 11, 27)


def test_estimated_outside_the_listed_years() -> None:
    assert [
        day
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
        if CALENDAR.is_estimated(day)
    ] == [
        date(2023, 12, 31),
        date(2028, 1, 1),
    ]


def test_fixed_holidays_do_not_touch_listed_years() -> None:
    monday = date(2026, 6, 1)
    everywhere = replace(CALENDAR, fixed=(FixedHoliday(month=6, day=1, from_year=2000),))
    assert everywhere.is_working_day(monday)
    assert everywhere.is_day_off(date(2022, 6, 1))
    assert everywhere.is_day_off(date(2028, 6, 1))


def test_a_new_fixed_holiday_begins_with_its_year() -> None:
    new = replace(CALENDAR, fixed=(FixedHoliday(month=6, day=1, from_year=2028),))
    assert new.is_day_off(date(2028, 6, 1))  # a Thursday
    later = replace(CALENDAR, fixed=(FixedHoliday(month=6, day=1, from_year=2029),))
    assert later.is_working_day(date(2028, 6, 1))


@given(some_days)
def test_working_day_is_the_opposite_of_day_off(day: date) -> None:
    assert CALENDAR.is_working_day(day) is not CALENDAR.is_day_off(day)
    assert day.weekday() < 5 or CALENDAR.is_day_off(day)


@given(known_days)
def test_days_off_are_weekends_and_rows_of_the_table(day: date) -> None:
    kinds = [row["type"] for row in ROWS if row["date"] == day.isoformat()]
    assert CALENDAR.is_day_off(day) is (day.weekday() >= 5 or kinds in (["holiday"], ["compensation"], ["swap_off"]))


@given(some_days)
@example(date(2026, 5, 31))
@example(date(2027, 2, 4))
def test_shift_is_the_first_working_day_and_idempotent(day: date) -> None:
    shifted = CALENDAR.next_working_day(day)
    assert CALENDAR.is_working_day(shifted)
    assert shifted >= day
    assert not any(CALENDAR.is_working_day(each) for each in days_between(day - ONE_DAY, shifted - ONE_DAY))
    assert CALENDAR.next_working_day(shifted) == shifted


@given(some_days, some_days, lengths)
def test_later_start_never_ends_earlier(one: date, other: date, days: int) -> None:
    early, late = sorted((one, other))
    assert CALENDAR.next_working_day(early) <= CALENDAR.next_working_day(late)
    assert CALENDAR.period_end(early, days) <= CALENDAR.period_end(late, days)
    assert CALENDAR.working_period_end(early, days) <= CALENDAR.working_period_end(late, days)


@given(some_days, lengths)
def test_calendar_period_ends_on_its_last_day_or_the_next_working_day(start: date, days: int) -> None:
    end = CALENDAR.period_end(start, days)
    counted = days_between(start, end)
    assert len(counted) >= days
    assert CALENDAR.is_working_day(end)
    assert all(CALENDAR.is_day_off(day) for day in counted[days - 1 : -1])


@given(some_days, lengths)
def test_working_period_counts_every_working_day_once(start: date, days: int) -> None:
    end = CALENDAR.working_period_end(start, days)
    counted = [day for day in days_between(start, end) if CALENDAR.is_working_day(day)]
    assert len(counted) == days
    assert counted[-1] == end


@given(some_days, lengths, lengths)
def test_working_periods_add_up(start: date, first: int, second: int) -> None:
    halfway = CALENDAR.working_period_end(start, first)
    assert CALENDAR.working_period_end(halfway, second) == CALENDAR.working_period_end(start, first + second)


@given(some_days, lengths)
def test_worked_swap_days_move_no_deadline(start: date, days: int) -> None:
    without = {day: kind for day, kind in CALENDAR.days.items() if kind is not DayKind.SWAP_WORK}
    assert replace(CALENDAR, days=without).working_period_end(start, days) == CALENDAR.working_period_end(start, days)


@pytest.mark.parametrize("days", [0, -1, -(10**18)])
def test_a_period_has_at_least_one_day(days: int) -> None:
    for question in (CALENDAR.period_end, CALENDAR.working_period_end):
        with pytest.raises(ValueError, match=r"ít nhất 1 ngày.* / .*at least 1 day"):
            question(date(2026, 1, 5), days)


def test_past_the_last_year() -> None:
    last = date.max  # a Friday
    beyond = r"vượt quá năm 9999.* / .*passes the year 9999"
    assert CALENDAR.next_working_day(last) == last
    assert CALENDAR.period_end(last - ONE_DAY, 1) == last
    assert CALENDAR.working_period_end(last - ONE_DAY, 1) == last
    end_of_year = replace(CALENDAR, fixed=(FixedHoliday(month=12, day=31, from_year=2000),))
    with pytest.raises(ValueError, match=beyond):
        end_of_year.next_working_day(last)
    for calendar, start, days in (
        (CALENDAR, last, 1),
        (CALENDAR, last, 10**30),
        (CALENDAR, date(2026, 1, 5), 3_000_000),
        (CALENDAR, date(9999, 12, 24), 7),
        (end_of_year, last - ONE_DAY, 1),
    ):
        with pytest.raises(ValueError, match=beyond):
            calendar.working_period_end(start, days)
    for start, days in ((last, 1), (date(2026, 1, 5), 10**30)):
        with pytest.raises(ValueError, match=beyond):
            CALENDAR.period_end(start, days)


def test_a_wrong_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="2027 > 2024"):
        replace(CALENDAR, known_from=2027, known_until=2024)
    with pytest.raises(ValueError, match="2026-11-23: a worked swap day"):
        replace(CALENDAR, days={date(2026, 11, 23): DayKind.SWAP_WORK})
