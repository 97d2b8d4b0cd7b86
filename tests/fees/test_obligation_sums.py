"""Sums and filings of the calendar that are known in part: without a day, without an amount, recorded from a day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.obligation import Due, Duty, LicenceLife, ObligationsCase, State
from fees.obligation_dates import DutyDates
from fees.obligation_duties import duties
from fees.obligations import compute_obligations
from rules.citation import Citation, Confidence
from rules.errors import Code, Refusal
from rules.lawbook import law_book
from rules.trace import Text

BOOK = law_book()
DATES = DutyDates(BOOK)
AS_OF = date(2026, 11, 24)
CITE = Citation(instrument="08/2022/NĐ-CP", at="Điều 37 khoản 6", confidence=Confidence.RECALLED)
CASE = ObligationsCase(
    as_of=AS_OF,
    from_on=date(2026, 1, 1),
    until_on=date(2027, 12, 31),
    licence=LicenceLife(issued_on=date(2019, 3, 29), expires_on=date(2034, 3, 29)),
)


def escrow(*dues: Due) -> list[Duty]:
    return [one for one in duties(replace(CASE, escrow=dues), DATES) if one.kind == "escrow_deposit"]


@pytest.mark.parametrize(
    ("arises_on", "amount", "paid", "state"),
    [
        (None, 5, None, State.UNKNOWN),
        (None, 5, 5, State.PAID),
        (date(2026, 1, 1), 5, 3, State.OWED),
        (date(2026, 1, 1), 5, 6, State.PAID),
        (date(2026, 1, 1), None, None, State.UNKNOWN),
        (date(2027, 1, 1), None, None, State.UPCOMING),
        (date(2027, 1, 1), 5, 0, State.UPCOMING),
    ],
)
def test_a_sum_without_a_day_has_a_state(
    arises_on: date | None, amount: int | None, paid: int | None, state: State
) -> None:
    why = Text("chưa có hạn", "no day yet")
    (found,) = escrow(Due(period="2027", amount_vnd=amount, paid_vnd=paid, arises_on=arises_on, why=why))
    assert (found.rule, found.why, found.state) == (None, why, state)
    assert found.open_vnd == (None if amount is None or paid is None else max(0, amount - paid))


def test_a_day_computed_with_its_own_rule_does_not_move_again() -> None:
    sunday = date(2026, 5, 31)
    moved, kept = escrow(Due(period="a", due_on=sunday, amount_vnd=1), Due(period="b", due_on=sunday, cites=(CITE,)))
    assert moved.rule is not None
    assert kept.rule is not None
    days = {one.period: one.rule.due_on for one in (moved, kept) if one.rule}
    assert days == {"a": date(2026, 6, 1), "b": sunday}
    cites = {one.period: one.rule.cites for one in (moved, kept) if one.rule}
    assert cites["b"] == (CITE,)


@given(
    since=st.none() | st.dates(date(2025, 12, 1), date(2027, 2, 1)),
    as_of=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_only_what_is_recorded_from_its_day_on_is_overdue(since: date | None, as_of: date) -> None:
    done = frozenset({"resource_tax/2026-08"})
    case = replace(CASE, as_of=as_of, done=done, done_from=since)
    for one in duties(case, DATES):
        if one.rule is None or one.expected or one.kind == "fee_instalment":
            continue
        over = one.rule.due_on < as_of
        if one.key in done:
            assert one.state is State.PAID
        else:
            assert (one.state is State.OVERDUE) == (over and (since is None or one.rule.due_on >= since))
            assert (one.state is State.UNKNOWN) == (over and since is not None and one.rule.due_on < since)


def test_a_declared_sum_stands_with_its_month() -> None:
    told = replace(CASE, declared=(("resource_tax/2026-08", 90_000_000), ("environmental_fee/2026-09", 0)))
    amounts = {one.key: one.amount_vnd for one in duties(told, DATES) if one.amount_vnd is not None}
    assert amounts == {"resource_tax/2026-08": 90_000_000, "environmental_fee/2026-09": 0}
    last = AS_OF + timedelta(days=1)
    filed = replace(told, as_of=last, done=frozenset({"resource_tax/2026-08"}))
    (found,) = [one for one in duties(filed, DATES) if one.key == "resource_tax/2026-08"]
    assert (found.state, found.open_vnd) == (State.PAID, 0)


def test_a_month_is_declared_once() -> None:
    told = replace(CASE, declared=(("resource_tax/2026-08", 1), ("resource_tax/2026-08", 2)))
    with pytest.raises(Refusal) as refused:
        compute_obligations(told, BOOK)
    assert [(one.code, one.path) for one in refused.value.problems] == [(Code.INVALID_INPUT, ("declared",))]
