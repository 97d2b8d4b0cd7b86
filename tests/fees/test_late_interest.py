"""What does a late payment cost, day by day and across a change of the rate?"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.contract import compute
from fees.late_interest import LateInterestCase, compute_late_interest, interest_days, late_interest, rate_parts
from fees.testing import re_evaluate
from rules.lawbook import law_book
from rules.number import Traced

BOOK = law_book()
CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "ledger.toml").read_text("utf-8"))["late_interest"]
FIRST = date(2020, 7, 1)
days = st.dates(FIRST, date(2030, 12, 31))
amounts = st.integers(0, 10**15)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_worked_case(case: dict[str, Any]) -> None:
    answer = compute({"kind": "late_interest", **case["document"]})
    if "error" in case:
        assert [answer["error"]["code"], answer["error"]["field"] or ""] == case["error"]
        return
    assert answer["ok"], answer
    assert answer["result"] == case["result"]
    values = {step["symbol"]: step["value"] for step in answer["trace"]}
    assert case.get("steps", {}).items() <= values.items()
    if "cautions" in case:
        assert sorted(one["code"] for one in answer["cautions"]) == case["cautions"]


def result(amount: int, due: date, paid: date) -> dict[str, Any]:
    return compute_late_interest(LateInterestCase(amount_vnd=amount, due_on=due, paid_on=paid), BOOK).result


@given(amount=amounts, due=days, paid=days)
def test_it_is_that_of_counting_every_day(amount: int, due: date, paid: date) -> None:
    found = result(amount, due, paid)
    shifted = date.fromisoformat(found["due_on_shifted"])
    assert due <= shifted
    assert BOOK.calendar.is_working_day(shifted)
    late, day = 0, shifted + timedelta(days=1)
    while day < paid:
        late, day = late + 1, day + timedelta(days=1)
    assert found["days"] == late == interest_days(paid, shifted)
    assert found["interest_vnd"] == (3 * amount * late + 5000) // 10_000


@given(amount=amounts, due=days, paid=days)
def test_every_figure_is_explained_and_cited(amount: int, due: date, paid: date) -> None:
    found = compute_late_interest(LateInterestCase(amount_vnd=amount, due_on=due, paid_on=paid), BOOK)
    values = re_evaluate(found.trace)
    assert (values["I"], values["d"], values["B"]) == (found.result["interest_vnd"], found.result["days"], amount)
    assert all(step["cite"] for step in found.trace)
    dates = {step["symbol"]: step["value"] for step in found.trace if step["unit"] == "date"}
    assert dates == {"due": found.result["due_on_shifted"], "paid": paid.isoformat()}


@given(amount=amounts, due=days, paid=days)
def test_it_is_proportional_to_the_days_and_grows_with_them(amount: int, due: date, paid: date) -> None:
    one, next_day = result(amount, due, paid), result(amount, due, paid + timedelta(days=1))
    assert 0 <= next_day["days"] - one["days"] <= 1
    assert one["interest_vnd"] <= next_day["interest_vnd"]
    exact = result(amount * 10_000, due, paid)["interest_vnd"] if amount < 10**11 else None
    assert exact in (None, 3 * amount * one["days"])


@given(first=days, count=st.integers(0, 4000))
def test_the_parts_of_a_span_are_the_span(first: date, count: int) -> None:
    parts = rate_parts(BOOK, first, count)
    assert parts is not None
    assert sum(part.days for part in parts) == count
    assert all(part.days > 0 for part in parts)
    day = first
    for part in parts:
        assert part.rate.period.contains(day)
        day += timedelta(days=part.days)
        assert part.rate.period.contains(day - timedelta(days=1))


def test_a_span_that_begins_before_the_first_rate_has_none() -> None:
    assert rate_parts(BOOK, FIRST - timedelta(days=1), 5) is None
    assert rate_parts(BOOK, FIRST - timedelta(days=1), 0) == []


def test_the_formula_is_the_laws() -> None:
    found = late_interest(Traced.of("B", 100_000_000), Traced.percent("r", 3), Traced.of("d", 20))
    assert (found.formula, found.shown, found.value) == ("B × r × d", "100000000 × 3 % × 20", 60_000_000)


def test_the_rate_is_cited_with_how_sure_it_is() -> None:
    old, new = BOOK.get("late_interest.daily_rate", FIRST), BOOK.get("late_interest.daily_rate", date(2026, 7, 1))
    assert (old.cite.instrument, old.cite.confidence.value, str(old.number())) == ("38/2019/QH14", "SECONDARY", "0.03")
    assert (new.cite.instrument, new.cite.confidence.value, str(new.number())) == ("108/2025/QH15", "VERIFIED", "0.03")
    assert new.cite.at == "Điều 16 khoản 2 điểm a"
