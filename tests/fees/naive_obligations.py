"""The calendar of duties a second time, from the articles alone: every day of the span is asked what is due on it.

Nothing of ``fees`` is used but the words of a case. The numbers are written as the articles write them; the calendar of days
off is the one thing shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from fees.obligation import Event, LicenceLife, ObligationsCase
from rules.lawbook import law_book

ONE = timedelta(days=1)
OFF = law_book().calendar.is_day_off


def enumerated(case: ObligationsCase) -> list[tuple[date, str]]:
    """Day and key of every duty of the span, found by walking over each nominal day there could be."""
    found: list[tuple[date, str]] = []
    day = case.from_on - timedelta(days=40)
    while day <= case.until_on:
        keys = list(_nominal(case, day))
        if keys:
            moved = day
            while OFF(moved):
                moved += ONE
            if case.from_on <= moved <= case.until_on:
                found += [(moved, key) for key in keys]
        day += ONE
    return sorted(found)


def _nominal(case: ObligationsCase, day: date) -> Iterator[str]:
    """The duties whose day before any shift is ``day``."""
    life = case.licence
    if case.auction is not None:
        yield from _auction(case, day)
    if life is None:
        return
    if day == life.issued_on and day >= date(2024, 3, 21):
        yield f"licence_fee/{day}"
    yield from _fee(case, life, day)
    for name, given in (("escrow_deposit", case.escrow), ("infrastructure_contribution", case.infrastructure)):
        for one in given:
            if one.due_on == day:
                yield f"{name}/{one.period}"
    if case.files_monthly:
        yield from _returns(life, day)
    yield from _settlements(case, life, day)
    yield from _reports(life, day)


def _auction(case: ObligationsCase, day: date) -> Iterator[str]:
    assert case.auction is not None
    on, group = case.auction.ended_on, str(case.auction.group)
    if on < date(2025, 7, 1):
        return
    new = on >= date(2026, 1, 1)
    if case.auction.explored or group == "IV":
        months = 18 if new and group in ("III", "IV") else 36
        key = f"mining_dossier/{on}"
    else:
        months = 9 if new and group == "III" else 12
        key = f"exploration_dossier/{on}"
    if day == _later(on, months):
        yield key


def _later(on: date, months: int) -> date:
    number = on.year * 12 + on.month - 1 + months
    day = on.day
    while True:
        try:
            return date(number // 12, number % 12 + 1, day)
        except ValueError:
            day -= 1


def _fee(case: ObligationsCase, life: LicenceLife, day: date) -> Iterator[str]:
    if case.debts is not None or case.schedule is not None:
        return  # told, not enumerated
    if (day.month, day.day) == (5, 31) and day.year > max(life.issued_on.year, 2025):
        last = (
            life.expires_on.year if (life.expires_on.month, life.expires_on.day) >= (7, 1) else life.expires_on.year - 1
        )
        if day.year <= last:
            yield f"fee_instalment/{day.year}"


def _returns(life: LicenceLife, day: date) -> Iterator[str]:
    start, end = life.operating_since or life.issued_on, life.closed_on or life.expires_on
    if start > end:
        return
    if day.day == 20:
        last = day.replace(day=1) - ONE
        if last >= start and last.replace(day=1) <= end and last >= date(2020, 7, 1):
            yield f"resource_tax/{last:%Y-%m}"
            yield f"environmental_fee/{last:%Y-%m}"
    if (day.month, day.day) == (3, 31):
        year = day.year - 1
        closing = life.closed_on is not None and end.year == year
        if start.year <= year <= end.year and year >= 2020 and not closing:
            yield f"resource_tax_final/{year}"
            yield f"environmental_fee_final/{year}"
    closed = life.closed_on
    if closed is not None and closed >= max(start, date(2020, 7, 1)) and day == closed + timedelta(days=45):
        yield f"resource_tax_final/{closed.year}"
        yield f"environmental_fee_final/{closed.year}"


def _settlements(case: ObligationsCase, life: LicenceLife, day: date) -> Iterator[str]:
    end = life.closed_on or life.expires_on
    if life.issued_on < date(2025, 7, 1) <= life.expires_on:
        if day == date(2025, 9, 29):
            yield "first_settlement/first"
        if day == date(2026, 12, 30):
            yield "first_settlement_done/first"
    if (day.month, day.day) == (1, 30):
        last_year = day.year - 1
        first = case.settlement_from or max(life.issued_on.year, 2025)
        years = last_year - first + 1
        if years >= 5 and years % 5 == 0 and date(last_year, 12, 31) >= date(2025, 7, 2) and end.year > last_year:
            yield f"periodic_settlement/{last_year}"
    closure = life.closed_on or next((on for event, on in case.events if event is Event.CLOSURE), None)
    for event, on in case.events:
        if event is not Event.CLOSURE and _event_day(on) == day:
            yield f"event_settlement/{event.value}-{on}"
    if _event_day(closure or life.expires_on) == day:
        yield "event_settlement/closure"


def _event_day(on: date) -> date | None:
    if on < date(2025, 7, 2):
        return None
    if on < date(2026, 1, 16):
        return on + timedelta(days=30)
    day, left = on, 24
    while left:
        day += ONE
        left -= not OFF(day)
    return day


def _reports(life: LicenceLife, day: date) -> Iterator[str]:
    end, year = life.closed_on or life.expires_on, day.year - 1
    if year < 2025:
        return
    if (day.month, day.day) == (2, 14) and life.issued_on.year <= year <= end.year:
        yield f"periodic_report/{year}"
    started = life.operating_since or life.issued_on
    solid = life.mineral not in ("mineral_water", "hot_water", "co2")
    if solid and (day.month, day.day) == (1, 31) and started.year <= year and end >= date(year, 12, 31):
        yield f"mine_map/{year}"
