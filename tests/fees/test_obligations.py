"""The calendar of duties: nothing twice, nothing missing against a naive enumeration, no day off, spans that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_obligations import enumerated

from fees.case import Group
from fees.obligation import (
    TITLES,
    Auctioned,
    Due,
    Duty,
    DutyKind,
    Event,
    Instalment,
    LicenceLife,
    NotifiedDebt,
    ObligationsCase,
    State,
)
from fees.obligation_dates import DutyDates
from fees.obligation_duties import duties
from fees.obligations import compute_obligations, open_vnd
from rules.errors import Code, Refusal
from rules.lawbook import law_book

BOOK = law_book()
DATES = DutyDates(BOOK)
AS_OF = date(2026, 11, 24)
STONE = LicenceLife(issued_on=date(2019, 3, 29), expires_on=date(2034, 3, 29), mineral="construction_stone")


EDGES = ((1, 1), (1, 16), (1, 30), (1, 31), (2, 14), (3, 31), (6, 30), (7, 1), (7, 2), (12, 31))
"""Days on which a rule begins, ends or falls due."""


def days(first: date, last: date) -> st.SearchStrategy[date]:
    """Any day, and often one on which something turns."""
    edges = [date(year, *edge) for year in range(first.year, last.year + 1) for edge in EDGES]
    inside = [day for day in edges if first <= day <= last]
    anywhere = st.dates(min_value=first, max_value=last)
    return anywhere | st.sampled_from(inside) if inside else anywhere


@st.composite
def lives(draw: st.DrawFn) -> LicenceLife:
    issued = draw(days(date(2012, 1, 1), date(2028, 12, 31)))
    later = days(issued, issued + timedelta(days=9000))
    expires = draw(later)
    return LicenceLife(
        issued_on=issued,
        expires_on=expires,
        mineral=draw(st.sampled_from([None, "construction_stone", "mineral_water", "co2"])),
        operating_since=draw(st.none() | later),
        closed_on=draw(st.none() | later),
    )


@st.composite
def cases(draw: st.DrawFn) -> ObligationsCase:
    first = draw(days(date(2019, 1, 1), date(2032, 12, 31)))
    due = st.builds(
        Due,
        period=st.sampled_from(["a", "b", "c"]),
        due_on=days(date(2019, 1, 1), date(2034, 1, 1)),
        amount_vnd=st.integers(0, 10**9),
        paid_vnd=st.none() | st.integers(0, 10**9),
    )
    sums = st.lists(due, max_size=3, unique_by=lambda one: one.period).map(tuple)
    events = st.tuples(st.sampled_from(Event), days(date(2024, 1, 1), date(2030, 1, 1)))
    auctions = st.builds(
        Auctioned,
        ended_on=days(date(2025, 1, 1), date(2028, 1, 1)),
        group=st.sampled_from(Group),
        explored=st.booleans(),
    )
    return ObligationsCase(
        as_of=draw(days(date(2024, 1, 1), date(2032, 1, 1))),
        from_on=first,
        until_on=first + timedelta(days=draw(st.integers(0, 1500))),
        licence=draw(lives()),
        auction=draw(st.none() | auctions),
        files_monthly=draw(st.booleans()),
        events=tuple(draw(st.lists(events, max_size=3, unique=True))),
        settlement_from=draw(st.none() | st.integers(2015, 2028)),
        escrow=draw(sums),
        infrastructure=draw(sums),
        done=draw(st.none() | st.just(frozenset({"resource_tax/2026-10", "periodic_report/2025"}))),
    )


def dated(found: list[Duty]) -> list[tuple[date, str]]:
    return sorted((one.rule.due_on, one.key) for one in found if one.rule is not None)


@pytest.mark.gate
def test_no_duty_is_missing_and_none_is_invented(full_gates: bool) -> None:
    @settings(max_examples=30_000 if full_gates else 300, deadline=None)
    @given(case=cases())
    def compared(case: ObligationsCase) -> None:
        assert dated(duties(case, DATES)) == enumerated(case)

    compared()


def test_a_map_is_drawn_only_of_years_the_licence_lasts_through() -> None:
    for ends, drawn in ((date(2026, 12, 30), False), (date(2026, 12, 31), True)):
        found = span(date(2027, 1, 1), date(2027, 12, 31), licence=replace(STONE, expires_on=ends))
        assert ("mine_map/2026" in found) is drawn
        assert "periodic_report/2026" in found


@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_no_duty_stands_twice_and_none_on_a_day_off(case: ObligationsCase) -> None:
    found = duties(case, DATES)
    keys = [one.key for one in found]
    assert len(keys) == len(set(keys))
    for one in found:
        if one.rule is not None:
            assert not BOOK.calendar.is_day_off(one.rule.due_on)
            assert one.rule.nominal <= one.rule.due_on
            assert one.rule.cites


@settings(max_examples=80, deadline=None)
@given(case=cases(), cut=st.integers(0, 1500))
def test_a_span_is_the_union_of_its_parts(case: ObligationsCase, cut: int) -> None:
    middle = min(case.from_on + timedelta(days=cut), case.until_on)
    whole = duties(case, DATES)
    parts = duties(replace(case, until_on=middle), DATES)
    if middle < case.until_on:
        parts += duties(replace(case, from_on=middle + timedelta(days=1)), DATES)
    dated_parts = [one for one in parts if one.rule is not None]
    assert sorted(dated_parts, key=lambda one: one.key) == sorted(
        (one for one in whole if one.rule is not None), key=lambda one: one.key
    )


@settings(max_examples=60, deadline=None)
@given(case=cases(), later=st.integers(0, 900))
def test_time_only_carries_a_duty_forward(case: ObligationsCase, later: int) -> None:
    """As days pass a duty goes from ahead to owed to over, never back."""
    order = {State.UPCOMING: 0, State.OWED: 1, State.OVERDUE: 2, State.UNKNOWN: 2}
    then = {one.key: one.state for one in duties(replace(case, as_of=case.as_of + timedelta(days=later)), DATES)}
    for one in duties(case, DATES):
        if one.state is State.PAID:
            assert then[one.key] is State.PAID
        else:
            assert order[then[one.key]] >= order[one.state]


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_the_result_says_what_the_duties_say(case: ObligationsCase) -> None:
    found = compute_obligations(case, BOOK)
    rows = found.result["duties"]
    assert sum(found.result["states"].values()) == len(rows)
    for state in ("overdue", "owed", "upcoming"):
        own = [one for one in duties(case, DATES) if one.state.value == state]
        assert found.result[f"{state}_vnd"] == sum(open_vnd(one) for one in own)
    values = {step["symbol"]: step["value"] for step in found.trace}
    dated = [one["key"] for one in rows if one["due_on"]]
    assert [symbol for symbol in values if symbol in set(dated)] == dated
    figures = {f"{one['key']}/{name}": one[name] for one in rows for name in ("amount_vnd", "open_vnd")}
    figures |= {f"{state}_vnd": found.result[f"{state}_vnd"] for state in ("overdue", "owed", "upcoming")}
    told = {symbol: str(figure) for symbol, figure in figures.items() if figure is not None}
    assert {symbol: value for symbol, value in values.items() if symbol not in set(dated)} == told
    inputs = tuple(f"{one['key']}/" for one in rows if not one["due_on"])
    assert all(step["cite"] for step in found.trace if not step["symbol"].startswith(inputs))


def span(first: date, last: date, **known: object) -> dict[str, Duty]:
    case = ObligationsCase(as_of=AS_OF, from_on=first, until_on=last, licence=STONE)
    return {one.key: one for one in duties(replace(case, **known), DATES)}  # type: ignore[arg-type]


def due(found: dict[str, Duty], key: str) -> date:
    rule = found[key].rule
    assert rule is not None
    return rule.due_on


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("resource_tax/2026-10", date(2026, 11, 20)),
        ("environmental_fee/2026-11", date(2026, 12, 21)),  # the 20th is a Sunday
        ("resource_tax/2027-01", date(2027, 2, 22)),  # a Saturday
        ("periodic_report/2026", date(2027, 2, 15)),  # before the 15th: Sunday the 14th moves on
        ("periodic_report/2025", date(2026, 2, 23)),  # before the 15th: a Saturday, then Tết until the 20th
        ("mine_map/2026", date(2027, 2, 1)),
        ("resource_tax_final/2026", date(2027, 3, 31)),
        ("fee_instalment/2026", date(2026, 6, 1)),
        ("fee_instalment/2027", date(2027, 5, 31)),
        ("first_settlement/first", date(2025, 9, 29)),
        ("first_settlement_done/first", date(2026, 12, 30)),
        ("periodic_settlement/2029", date(2030, 1, 30)),
    ],
)
def test_known_days(key: str, day: date) -> None:
    assert due(span(date(2025, 1, 1), date(2030, 12, 31)), key) == day


def test_a_month_follows_the_law_of_its_last_day() -> None:
    found = span(date(2026, 7, 1), date(2026, 8, 31))
    cited = {key: one.rule.cites[0].instrument for key, one in found.items() if one.rule is not None}
    assert cited["resource_tax/2026-06"] == "38/2019/QH14"
    assert cited["resource_tax/2026-07"] == "252/2026/NĐ-CP"


@pytest.mark.parametrize(
    ("ended", "group", "explored", "day"),
    [
        (date(2025, 12, 31), Group.III, False, date(2026, 12, 31)),
        (date(2026, 1, 2), Group.III, False, date(2026, 10, 2)),
        (date(2026, 5, 31), Group.III, False, date(2027, 3, 1)),  # no 31 February: Sunday the 28th moves on
        (date(2025, 12, 31), Group.IV, True, date(2029, 1, 2)),
        (date(2026, 1, 2), Group.IV, True, date(2027, 7, 2)),
        (date(2026, 1, 2), Group.IV, False, date(2027, 7, 2)),
        (date(2026, 1, 2), Group.I, True, date(2029, 1, 2)),
    ],
)
def test_the_dossier_after_an_auction(ended: date, group: Group, explored: bool, day: date) -> None:
    won = Auctioned(ended_on=ended, group=group, explored=explored)
    case = ObligationsCase(as_of=AS_OF, from_on=ended, until_on=date(2031, 1, 1), auction=won)
    (one,) = duties(case, DATES)
    assert one.rule is not None
    assert one.rule.due_on == day


def test_states_against_the_ledger() -> None:
    debts = (
        NotifiedDebt(name="2025", due_on=date(2025, 6, 2), amount_vnd=400, open_vnd=0),
        NotifiedDebt(name="2026", due_on=date(2026, 6, 1), amount_vnd=400, open_vnd=350),
        NotifiedDebt(name="QT", due_on=date(2026, 12, 1), amount_vnd=70, open_vnd=70, top_up=True),
    )
    schedule = tuple(Instalment(year=year, amount_vnd=400) for year in (2025, 2026, 2027))
    found = span(
        date(2025, 1, 1), date(2027, 12, 31), debts=debts, schedule=schedule, done=frozenset({"resource_tax/2026-09"})
    )
    assert found["fee_instalment/2025"].state is State.PAID
    assert found["fee_instalment/2026"].state is State.OVERDUE
    assert found["fee_instalment/2026"].open_vnd == 350
    assert found["fee_top_up/QT"].state is State.OWED
    assert found["fee_instalment/2027"].state is State.UPCOMING
    assert found["resource_tax/2026-09"].state is State.PAID
    assert found["environmental_fee/2026-09"].state is State.OVERDUE
    assert span(date(2026, 1, 1), date(2026, 12, 31))["environmental_fee/2026-09"].state is State.UNKNOWN


def test_the_first_payment_waits_for_its_notice() -> None:
    life = LicenceLife(issued_on=date(2026, 3, 2), expires_on=date(2036, 3, 2))
    schedule = (Instalment(year=2026, amount_vnd=100), Instalment(year=2027, amount_vnd=100))
    waiting = span(date(2026, 1, 1), date(2027, 12, 31), licence=life, schedule=schedule)
    assert waiting["fee_instalment/2026"].rule is None
    told = span(date(2026, 1, 1), date(2027, 12, 31), licence=life, schedule=schedule, first_notice_on=date(2026, 4, 1))
    assert due(told, "fee_instalment/2026") == date(2026, 5, 8)  # 24 working days, two public holidays among them
    assert due(told, "fee_instalment/2027") == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"until_on": date(2020, 1, 1)}, Code.INVALID_INPUT, ("until_on",)),
        ({"licence": None}, Code.INVALID_INPUT, ("licence",)),
        ({"licence": replace(STONE, expires_on=date(2018, 1, 1))}, Code.INVALID_INPUT, ("licence", "expires_on")),
        ({"until_on": date(9999, 12, 31)}, Code.OUT_OF_RANGE, ("until_on",)),
        ({"from_on": date(1, 1, 1)}, Code.OUT_OF_RANGE, ("from_on",)),
        ({"events": ((Event.TRANSFER, date(9999, 12, 31)),)}, Code.OUT_OF_RANGE, ("events", 0, "on")),
        (
            {"escrow": (Due(period="a", due_on=AS_OF, amount_vnd=1), Due(period="a", due_on=AS_OF, amount_vnd=2))},
            Code.INVALID_INPUT,
            ("escrow",),
        ),
    ],
)
def test_bad_input_names_its_field(changed: dict[str, object], code: Code, path: tuple[str | int, ...]) -> None:
    case = ObligationsCase(as_of=AS_OF, from_on=date(2026, 1, 1), until_on=date(2027, 1, 1), licence=STONE)
    with pytest.raises(Refusal) as refused:
        compute_obligations(replace(case, **changed), BOOK)  # type: ignore[arg-type]
    assert (code, path) in [(one.code, one.path) for one in refused.value.problems]


def test_a_thousand_licences_for_ten_years_take_under_five_seconds() -> None:
    start, dates = process_time(), DutyDates(BOOK)
    found = 0
    for number in range(1000):
        life = LicenceLife(issued_on=date(2015, 1, 1 + number % 28), expires_on=date(2040, 1, 1))
        case = ObligationsCase(as_of=AS_OF, from_on=date(2025, 1, 1), until_on=date(2034, 12, 31), licence=life)
        found += len(duties(case, dates))
    assert found > 1000 * 10 * 24
    assert process_time() - start < 5


def test_every_kind_has_a_title() -> None:
    assert set(TITLES) == set(DutyKind)
