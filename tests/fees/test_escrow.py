"""Restoration deposits against a second, naive implementation, the law data they rest on, and what a refused case says."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import naive_escrow as naive
import pytest

from api.contract import compute
from api.contract.examples import EXAMPLES
from fees.escrow_balance import Movement, cover
from fees.escrow_cpi import CpiChoice, CpiSource, chosen_indices
from fees.escrow_index import chained, slipped
from fees.escrow_plan import first_deposit, later_deposit
from fees.escrow_schedule import prorated_total
from rules.cpi import Measure
from rules.lawbook import LAW_FOLDER, law_book, load_law_book
from rules.number import Traced
from rules.strict import LawBookError

Json = dict[str, Any]
BOOK = law_book()
TABLES = {
    (area, measure.value): {year: str(figure.index) for year, figure in years.items()}
    for (area, measure), years in BOOK.cpi.figures.items()
}
NEAR = (1, 11, 12, 13, 24, 35, 36, 37, 114, 119, 120, 121, 239, 240, 241, 360)
CASES, FULL_CASES = 300, 100_000


def drawn_escrow(draw: random.Random) -> Json:
    approved = date(2008, 7, 1) + timedelta(days=draw.randrange(6900))
    months = draw.choice(NEAR) if draw.random() < 0.5 else draw.randint(1, 500)
    document: Json = {
        "kind": "escrow",
        "regime": draw.choice(["08/2022", "38/2015", "34/2009"]),
        "plan_approved_on": approved.isoformat(),
        "total_vnd": draw.randint(1, 10 ** draw.randint(1, 15)),
        "first_year": approved.year + draw.randint(0, 4),
    }
    document |= {"licence_years": months // 12 + 1} if draw.random() < 0.4 else {"licence_months": months}
    if document["regime"] != "34/2009":
        years = range(approved.year, approved.year + draw.randint(0, 40))
        cpi = {str(year): str(Decimal(draw.randint(9000, 12000)) / 100) for year in years}
        kind, start = draw.choice(["chain", "last_year"]), draw.choice(["approval_year", "next_year"])
        document["index"] = {"kind": kind, "from": start, "cpi": cpi}
    return document


def drawn_schedule(draw: random.Random) -> Json:
    document = drawn_escrow(draw) | {"kind": "escrow_schedule"}
    as_of = date(2026, 2, 1) + timedelta(days=draw.randrange(800))
    document["as_of"] = as_of.isoformat()
    index = document.get("index")
    if index:
        index |= {"measure": draw.choice(["annual_average", "december"]), "national_fallback": draw.random() < 0.5}
        index |= {"area": draw.choice([None, "binh_dinh", "quang_ngai", "national"])}
        for year in range(int(document["plan_approved_on"][:4]), 2026):
            index["cpi"].setdefault(str(year), "102.75")  # no hole before what the law book knows
        for year in draw.sample(range(2019, 2024), 2) if index["area"] == "binh_dinh" else ():
            index["cpi"].pop(str(year), None)
    if document["regime"] == "34/2009" and draw.random() < 0.5:
        document["project"] = {
            "project_cost_vnd": document.pop("total_vnd") + 9999,
            "project_years": draw.randint(45, 99),
        }

    def day() -> str:
        return (date(2010, 1, 1) + timedelta(days=draw.randrange((as_of - date(2010, 1, 1)).days))).isoformat()

    document["payments"] = [
        {"paid_on": day(), "amount_vnd": draw.randint(1, 10 ** draw.randint(3, 12))} for _ in range(draw.randint(0, 8))
    ]
    held = sum(one["amount_vnd"] for one in document["payments"])
    if held and draw.random() < 0.5:
        last = max(one["paid_on"] for one in document["payments"])
        document["refunds"] = [{"refunded_on": last, "amount_vnd": draw.randint(1, held)}]
    if draw.random() < 0.6:
        rates = [{"from": "2009-01-01", "percent": "0.2"}]
        rates += [
            {"from": day(), "percent": str(Decimal(draw.randint(0, 900)) / 100)} for _ in range(draw.randint(0, 3))
        ]
        unique = {one["from"]: one for one in rates}
        document["interest"] = {"days_per_year": draw.choice([360, 365]), "rates": list(unique.values())}
    if draw.random() < 0.5:
        because = draw.choice(["progress", "completed", "no_closure"])
        document["refund"] = {"because": because, "on": "2026-02-03"}
        document["refund"] |= {"percent": str(draw.randint(0, 100))} if because == "progress" else {}
    if draw.random() < 0.5:
        document["supplement"] = {
            "plan_approved_on": "2027-03-01",
            "total_vnd": draw.randint(1, 10**12),
            "licence_months": draw.choice(NEAR),
            "first_year": 2027,
        }
    if draw.random() < 0.5:
        items = [
            {"item": "San lấp", "estimated": str(draw.randint(1, 100)), "actual": str(draw.randint(0, 120))}
            for _ in range(draw.randint(0, 3))
        ]
        document["recosting"] = {
            "on": "2020-05-05",
            "cost_vnd": draw.choice([None, draw.randint(0, 10**13)]),
            "items": items,
        }
    return document


def drawn_cost(draw: random.Random) -> Json:
    def number(most: int, places: int) -> str:
        return str(Decimal(draw.randint(0, most)).scaleb(-places))

    items = [
        {"part": draw.choice(["pit", "dumps", "yard", "surroundings"]), "item": "Hạng mục", "quantity": number(10**7, 3), "unit": "m³", "unit_price_vnd": number(10**8, 1)}
        for _ in range(draw.randint(1, 9))
    ]  # fmt: skip
    document: Json = {
        "kind": "restoration_cost",
        "priced_on": draw.choice(["2010-01-04", "2018-05-05", "2026-06-06"]),
        "items": items,
    }
    for name in ("administration", "contingency"):
        share: Json = {"percent": number(10000, 2)}
        if name == "contingency" and draw.random() < 0.5:
            share["of"] = draw.choice(["works", "works_and_administration"])
        document[name] = draw.choice([None, share, {"amount_vnd": draw.randint(0, 10**10)}])
    return document


def compare_escrow(document: Json, found: Json) -> None:
    assert found == naive.escrow(document)


def compare_schedule(document: Json, found: Json) -> None:
    wanted = naive.schedule(document, TABLES)
    for name in ("instalments", "supplement_instalments"):
        assert [
            {key: line[key] for key in wanted_line} for line, wanted_line in zip(found[name], wanted[name], strict=True)
        ] == wanted.pop(name)
    refund, again = wanted.pop("refund_vnd"), wanted.pop("recosting")
    assert (found["refund"] and found["refund"]["refund_vnd"]) == refund
    assert (found["recosting"] and found["recosting"]["required"]) == again
    assert {name: found[name] for name in wanted} == wanted


def compare_cost(document: Json, found: Json) -> None:
    wanted = naive.restoration_cost(document)
    assert {part["part"]: part["amount_vnd"] for part in found["parts"]} == wanted.pop("parts")
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.gate
@pytest.mark.parametrize(
    ("drawn", "compared"),
    [(drawn_escrow, compare_escrow), (drawn_schedule, compare_schedule), (drawn_cost, compare_cost)],
    ids=["escrow", "escrow_schedule", "restoration_cost"],
)
def test_it_is_what_a_naive_reading_of_the_articles_gives(
    drawn: Callable[[random.Random], Json], compared: Callable[[Json, Json], None], full_gates: bool
) -> None:
    draw = random.Random(20261122)
    for _ in range(FULL_CASES if full_gates else CASES):
        document = drawn(draw)
        answer = compute(document)
        assert answer["ok"], (document, answer["errors"])
        compared(document, answer["result"])


def test_the_formulas_are_the_laws() -> None:
    A, B, n, p = Traced.of("A", 46_207_607), Traced.of("B", 11_551_902), Traced.of("N", 4), Traced.percent("p", 25)
    assert (first_deposit(p, A).formula, first_deposit(p, A).value) == ("p × A", Decimal("11551901.75"))
    assert (later_deposit(A, B, n).formula, later_deposit(A, B, n).value) == ("(A − B) : N", Decimal("8663926.25"))
    one, other, hundred = Traced.of("a", Decimal("102.57")), Traced.of("b", Decimal("102.81")), Traced.of("100", 100)
    assert chained(slipped(one, hundred), other, hundred).value == Decimal("1.0545221700")
    total = prorated_total(Traced.of("Tg", 5), Traced.of("M", 315_728_691), Traced.of("Tb", 32))
    assert (total.formula, total.half_up(1).whole()) == (
        "Tg × M : Tb",
        49_332_608,
    )  # the print's Mcp does not give its A


def test_payments_go_to_the_oldest_deposit_first() -> None:
    payments = [Movement(on=date(2024, 5, 2), amount_vnd=50), Movement(on=date(2024, 1, 5), amount_vnd=100)]
    covers, left = cover([120, 0, 20], payments)
    assert [(one.paid_vnd, one.settled_on) for one in covers] == [
        (120, date(2024, 5, 2)),
        (0, None),
        (20, date(2024, 5, 2)),
    ]
    assert left == 10


def test_the_indices_held_are_the_published_ones() -> None:
    local = BOOK.cpi.series("binh_dinh", Measure.ANNUAL_AVERAGE)
    assert {year: str(one.index) for year, one in local.items()} == {
        2019: "102.57",
        2020: "102.81",
        2021: "103.37",
        2022: "102.84",
        2023: "102.19",
    }
    december = BOOK.cpi.series("binh_dinh", Measure.DECEMBER)
    assert [str(december[year].index) for year in range(2019, 2024)] == [
        "104.92",
        "100.89",
        "103.13",
        "102.98",
        "102.10",
    ]
    assert str(BOOK.cpi.series("quang_ngai", Measure.ANNUAL_AVERAGE)[2017].index) == "105.82"
    assert sorted(BOOK.cpi.series("national", Measure.ANNUAL_AVERAGE)) == list(range(2011, 2026))
    assert BOOK.cpi.series("national", Measure.DECEMBER) == {}


def test_a_given_index_wins_over_the_places_and_that_over_the_national_one() -> None:
    choice = CpiChoice(
        measure=Measure.ANNUAL_AVERAGE, area="binh_dinh", national_fallback=True, given={2020: Decimal("102.9")}
    )
    chosen = chosen_indices(BOOK.cpi, choice)
    assert [chosen.sources[year] for year in (2018, 2019, 2020)] == [
        CpiSource.NATIONAL,
        CpiSource.LOCAL,
        CpiSource.GIVEN,
    ]
    assert str(chosen.figures[2020].index) == "102.9"
    without = chosen_indices(BOOK.cpi, CpiChoice(measure=Measure.ANNUAL_AVERAGE, area="binh_dinh"))
    assert sorted(without.figures) == list(range(2019, 2024))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("2020,102.81", "2019,102.81", "stands twice"),
        ("2020,102.81", "2020,0", "no index above 0"),
        ("2020,102.81", "year,102.81", "ValueError"),
        ("binh_dinh,annual_average,2020", "hue,annual_average,2020", "KeyError"),
    ],
)
def test_a_wrong_table_of_indices_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    law = Path(shutil.copytree(LAW_FOLDER, tmp_path / "law"))
    text = (law / "cpi.csv").read_text("utf-8")
    assert old in text
    (law / "cpi.csv").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(LawBookError) as error:
        load_law_book(law)
    assert any("cpi.csv: line" in problem and named in problem for problem in error.value.problems)


def test_a_percentage_in_place_of_an_index_is_asked_back() -> None:
    document = EXAMPLES["escrow"] | {"index": EXAMPLES["escrow"]["index"] | {"cpi": {"2022": "3.2"}}}
    error = compute(document)["error"]
    assert (error["code"], error["field"]) == ("invalid_input", "index.cpi.2022")
    assert "103.2" in error["message_vi"]
    assert "103.2" in error["message_en"]


def test_the_largest_plan_computes() -> None:
    cpi = {str(year): "103.1234567890123456" for year in range(2000, 2199)}
    document = {
        "kind": "escrow",
        "regime": "08/2022",
        "plan_approved_on": "2000-01-01",
        "total_vnd": 10**15,
        "licence_years": 100,
    }
    index = {"kind": "chain", "from": "approval_year", "cpi": cpi}
    answer = compute(document | {"first_year": 2001, "index": index})
    assert answer["ok"]
    assert len(answer["result"]["instalments"]) == 100
    assert (
        compute(document | {"first_year": 2099, "total_vnd": 10**18, "index": index})["error"]["code"] == "out_of_range"
    )
