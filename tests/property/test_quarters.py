"""Walk every quarter 2019-2027 and every day around a change of law: no rule is missing that gaps.toml does not name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from example_counts import FULL

from api.contract import compute
from fees.testing import FEE_KINDS, FeeKind, Json, frame_lines, law_changes, period_of
from rules.lawbook import law_book

pytestmark = pytest.mark.gate

BOOK = law_book()
FIRST, LAST = date(2019, 1, 1), date(2027, 12, 31)
MINERALS = list(BOOK.minerals)
SOME = MINERALS if FULL else ["iron", "kaolin", "construction_stone", "mineral_water"]
SOLID_PRICES: dict[str, tuple[Json, Json]] = {
    "raw": ({"kind": "raw", "amount": 90000, "unit": "tonne"}, {}),
    "raw, converted": (
        {"kind": "raw", "amount": 90000, "unit": "m3_loose"},
        {"bulking_factor": "1.4", "density": "2.6"},
    ),
    "ore_grade": ({"kind": "ore_grade", "amount": 90000, "unit": "tonne"}, {"grade": "30", "price_grade": "50"}),
    "concentrate": ({"kind": "concentrate", "amount": 90000, "unit": "tonne"}, {"grade": "30", "price_grade": "60"}),
    "component": ({"kind": "component", "amount": 90000, "unit": "tonne"}, {"grade": "30", "price_grade": "60"}),
    "ore_bands": (
        {"kind": "ore_bands", "unit": "tonne", "bands": [{"below": "30", "amount": 5}, {"from": "30", "amount": 9}]},
        {"grade": "35"},
    ),
    "kaolin_unsieved": (
        {"kind": "kaolin_unsieved", "amount": 90000, "unit": "tonne"},
        {"kaolin_recovery": "0.62", "kaolin_state": "sieved"},
    ),
    "kaolin_sieved": (
        {"kind": "kaolin_sieved", "amount": 90000, "unit": "tonne"},
        {"kaolin_recovery": "0.62", "kaolin_state": "unsieved"},
    ),
    "determined": (
        {"kind": "determined", "amount": 90000, "unit": "m3_loose"},
        {"factor": "1.2", "factor_source": "Văn bản 12"},
    ),
    "frame_average": ({"kind": "frame_average", "code": "I104"}, {}),
}


def days() -> Iterator[date]:
    quarters = {date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in (1, 4, 7, 10)}
    near = {change + timedelta(days=by) for change in law_changes(BOOK) for by in (-1, 0)}
    yield from sorted(day for day in quarters | near if FIRST <= day <= LAST)


def kind_on(on: date) -> FeeKind | None:
    return next((kind for kind in FEE_KINDS if period_of(kind, BOOK).contains(on)), None)


def document(kind: FeeKind, on: date, mineral: str, price: Json, conversion: Json, unit: str) -> Json:
    found: Json = {
        "kind": kind,
        "approved_on": on.isoformat(),
        "licence": {"issued_on": on.isoformat(), "expires_on": date(on.year + 12, 6, 30).isoformat(), "group": "III"},
        "tax_notice_on": on.isoformat(),
        "minerals": [
            {"mineral": mineral, "quantity": "900000", "quantity_unit": unit, "price": price, "conversion": conversion}
        ],
    }
    if kind == "licence_right_fee_2019":
        found |= {"mining_method": "open_pit", "area": "difficult", "licensed_by": "province", "split": "halves"}
    return found


def test_the_two_kinds_follow_each_other_without_hole_or_overlap() -> None:
    newer, older = (period_of(kind, BOOK) for kind in FEE_KINDS)
    assert older.end == newer.start
    assert newer.end is None


@pytest.mark.parametrize("mineral", MINERALS)
def test_every_mineral_has_its_fee_on_every_day(mineral: str) -> None:
    unit = "m3_water" if BOOK.minerals[mineral].water else "tonne"
    for on in days():
        kind = kind_on(on)
        for asked in FEE_KINDS:
            answer = compute(document(asked, on, mineral, {"kind": "raw", "amount": 90000, "unit": unit}, {}, unit))
            if asked == kind:
                assert answer["ok"], (on, answer["errors"])
            else:
                assert [one["code"] for one in answer["errors"]] == ["not_in_force"], on
        if kind is None:
            assert BOOK.gap("licence_right.rate", on) is not None, f"{on}: no decree and no gap that says so"


@pytest.mark.parametrize("mineral", SOME)
@pytest.mark.parametrize("name", SOLID_PRICES)
def test_every_kind_of_price_works_on_every_day(mineral: str, name: str) -> None:
    price, conversion = SOLID_PRICES[name]
    for on in days():
        kind = kind_on(on)
        if kind is None:
            continue
        answer = compute(document(kind, on, mineral, price, conversion, "tonne"))
        if name.startswith("kaolin") and kind == "licence_right_fee_2019":
            assert [one["code"] for one in answer["errors"]] == ["unit_mismatch"], on
        else:
            assert answer["ok"], (on, answer["errors"])


def test_every_line_of_the_frame_has_its_average_or_a_named_gap() -> None:
    for on in days() if FULL else law_changes(BOOK):
        kind = kind_on(on)
        if kind is None:
            continue
        averages = {line.code for line in frame_lines(BOOK, on)}
        for code, series in BOOK.frame.items():
            line = series.at(on)
            unit = line.unit if line is not None and line.unit is not None else "tonne"
            price = {"kind": "frame_average", "code": code}
            parameters = {"bulking_factor": "1.4", "density": "2.6"}
            answer = compute(document(kind, on, "other_industrial", price, parameters, unit))
            if code in averages:
                assert answer["ok"], (on, code, answer["errors"])
                assert "provisional_price" in [one["code"] for one in answer["cautions"]]
                continue
            assert not answer["ok"], (on, code)
            if line is None:
                assert answer["error"]["code"] == "no_rule_at_date"
                assert BOOK.gap("price_frame", on) is not None, f"{on}: {code} is missing and no gap says so"
            elif line.raw and (line.high is None or line.derived):
                assert answer["error"]["code"] == "no_rule_at_date", (on, code)


@pytest.mark.parametrize("kind", FEE_KINDS)
def test_every_notice_has_a_due_date(kind: FeeKind) -> None:
    approved = period_of(kind, BOOK).start
    price: Json = {"kind": "raw", "amount": 90000, "unit": "tonne"}
    for on in days():
        if on < approved:
            continue
        answer = compute(document(kind, approved, "iron", price, {}, "tonne") | {"tax_notice_on": on.isoformat()})
        assert answer["ok"], (on, answer["errors"])
        due = date.fromisoformat(answer["result"]["schedule"][0]["due_on"])
        assert due > on
        assert BOOK.calendar.is_working_day(due)
