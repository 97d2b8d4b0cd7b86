"""Every auction kind agrees with a second implementation, written from the articles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from api.contract import compute
from rules.lawbook import law_book
from tests.fees import naive_auctions as naive

pytestmark = pytest.mark.gate

MINERALS = tuple(law_book().minerals)
SAND = ("river_sand_gravel", "lake_sand_gravel", "sea_sand_gravel", "stream_sand_gravel")
CHANGES = [
    date(2012, 5, 15), date(2014, 10, 24), date(2017, 7, 1), date(2019, 9, 15), date(2025, 3, 1), date(2025, 7, 2),
    date(2026, 1, 16), date(2026, 11, 23),
]  # fmt: skip
Json = dict[str, Any]


@pytest.fixture(scope="module")
def count(full_gates: bool) -> int:
    return 100_000 if full_gates else 300


def decimal(random: Random, least: str, most: str, places: int = 3) -> str:
    digits = random.randint(0, places)
    low, high = (int(Decimal(bound).scaleb(digits).to_integral_value()) for bound in (least, most))
    return str(Decimal(random.randint(low, max(low, high))).scaleb(-digits))


def day(random: Random, first: date) -> date:
    near = random.choice(CHANGES) + timedelta(days=random.randint(-2, 2))
    if random.random() < 0.2:
        return near
    return first + timedelta(days=random.randrange((date(2027, 6, 1) - first).days))


def mineral_line(random: Random, on: date) -> Json:
    """A mineral with one of the prices that the naive side knows."""
    mineral = random.choice(SAND if random.random() < 0.3 else MINERALS)
    unit = random.choice(("m3_in_situ", "tonne"))
    kind = random.choice(("same", "loose", "ore_grade", "concentrate", "component", "determined"))
    conversion: Json = {}
    price: Json = {"kind": "raw", "amount": random.randint(1, 10 ** random.randint(1, 7)), "unit": unit}
    if kind == "loose":
        price["unit"] = "m3_loose"
        conversion = {"bulking_factor": decimal(random, "1", "2", 4), "density": decimal(random, "1", "5", 4)}
    elif kind == "determined":
        price["kind"] = kind
        conversion = {"factor": decimal(random, "1", "3", 4), "factor_source": "Văn bản 12"}
    elif kind != "same":
        price["kind"] = kind
        conversion = {"grade": decimal(random, "1", "90", 4), "price_grade": decimal(random, "1", "90", 4)}
    quantity = decimal(random, "1", str(10 ** random.randint(1, 8)))
    return {"mineral": mineral, "quantity": quantity, "quantity_unit": unit, "price": price, "conversion": conversion}


def lawful(random: Random, low: int, high: int) -> str:
    """A percentage inside its band, or (seldom) just beside it."""
    if random.random() < 0.1:
        return random.choice((f"{low - 1}.999", f"{high}.001", str(low), str(high), str(low + 1)))
    return decimal(random, str(low), str(high))


def area(random: Random, kind: str) -> Json:
    on = day(random, date(2025, 7, 2))
    minerals = [mineral_line(random, on) for _ in range(random.choice((1, 1, 2, 3, 5)))]
    for line in minerals:
        if random.random() < 0.2:
            line["as"] = random.choice(("waste_rock", "tailings"))
        if random.random() < 0.1:
            line |= {name: minerals[0][name] for name in ("quantity", "quantity_unit", "price", "conversion")}  # ties
    sold = [line for line in minerals if "as" not in line]
    if sold and random.random() < 0.4:
        random.choice(sold)["main"] = True
    group = random.choice(("I", "II", "III", "IV"))
    step = lawful(random, 1, 10)
    document: Json = {
        "kind": kind,
        "set_on": on.isoformat(),
        "group": group,
        "explored": random.random() < 0.5,
        "step_percent_of_start": step,
        "deposit_percent": lawful(random, *random.choice(((10, 30), (20, 50), (20, 30)))),
        "rounding_vnd": random.choice((1, 1, 1000)),
        "minerals": minerals,
    }
    if kind != "auction_terms":
        start = naive.rate(random.choice(sold or minerals)["mineral"], on)  # not always that of the auctioned one
        document["winning_rate_percent"] = grid(random, Fraction(start), Fraction(start) * Fraction(step) / 100)
    if kind == "payment_plan":
        issued = max(on, date(2025, 7, 2)) + timedelta(days=random.randrange(1500))
        expires = issued + timedelta(days=random.choice((random.randrange(400), random.randrange(12000))))
        document["licence"] = {"issued_on": issued.isoformat(), "expires_on": expires.isoformat()}
        document["price_low_percent"], document["price_high_percent"] = (
            decimal(random, "1", "100"),
            decimal(random, "100", "300"),
        )
        for line in minerals:
            line["quantity_low"] = random.choice(("0", line["quantity"], "1"))
            line["quantity_high"] = str(Decimal(line["quantity"]) * Decimal(decimal(random, "1", "3")))
    return document


def grid(random: Random, start: Fraction, step: Fraction) -> str:
    """Start + n x step; seldom below it or between two steps."""
    steps: Fraction | int = random.choice((0, random.randrange(50), random.randrange(4000)))
    if random.random() < 0.1:
        steps = random.choice((Fraction(1, 2), Fraction(-1), Fraction(5, 4)))
    value = max(start + steps * step, Fraction(1, 1000))
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")


def old_money(random: Random) -> Json:
    on = day(random, date(2012, 5, 15))
    step = random.randint(1, 10 ** random.randint(1, 10))
    document: Json = {
        "kind": "auction_money_2012",
        "set_on": on.isoformat(),
        "step_vnd": step,
        "deposit_percent": lawful(random, *random.choice(((1, 15), (5, 20), (5, 15)))),
    }
    start = None
    if random.random() < 0.6:
        start = document["start_vnd"] = random.randint(1, 10 ** random.randint(6, 17))
        if random.random() < 0.7:
            off = random.choice((0, 0, 0, 1))
            document["won_vnd"] = max(1, start + random.choice((-1, 0, 1, 20, 4000)) * step + off)
    if start is None or random.random() < 0.5:
        document["minerals"] = [mineral_line(random, on) for _ in range(random.choice((1, 1, 2)))]
        document["mining_method"] = random.choice(("open_pit", "underground", "other"))
        document["area"] = random.choice(("especially_difficult", "difficult", "other"))
        document["rounding_vnd"] = random.choice((1, 1000))
    return document


def old_rate(random: Random) -> Json:
    on = day(random, date(2014, 10, 24))
    line, step = mineral_line(random, on), decimal(random, "0.05", "1", 3)
    if not Decimal(step):
        step = "0.25"
    document: Json = {
        "kind": "auction_rate_2012",
        "set_on": on.isoformat(),
        "mining_method": random.choice(("open_pit", "underground", "other")),
        "step_rate_percent": step,
        "deposit_percent": lawful(random, *random.choice(((5, 20), (5, 15)))),
        "rounding_vnd": random.choice((1, 1000)),
        "minerals": [line],
    }
    if random.random() < 0.8:
        document["winning_rate_percent"] = grid(random, Fraction(naive.rate(line["mineral"], on)), Fraction(step))
    return document


MAKERS = {
    "auction_terms": lambda random: area(random, "auction_terms"),
    "auction_outcome": lambda random: area(random, "auction_outcome"),
    "payment_plan": lambda random: area(random, "payment_plan"),
    "auction_money_2012": old_money,
    "auction_rate_2012": old_rate,
}
_INNER = ("auctioned", "rates", "amounts", "cells", "settlement")


def assert_same(document: Json, answer: Json, expected: Json | str) -> None:
    if isinstance(expected, str):
        assert not answer["ok"], (document, expected)
        assert expected in {one["code"] for one in answer["errors"]}, (document, answer["errors"])
        return
    assert answer["ok"], (document, answer["errors"])
    result = answer["result"]
    for name, value in expected.items():
        if name in _INNER:
            continue
        found = result[name]
        same = found == value if isinstance(found, int) or name == "auctioned_mineral" else Fraction(found) == value
        assert same, (document, name, found, value)
    lines = result.get("minerals", [])
    if "rates" in expected:
        assert [Fraction(line["rate_percent"]) for line in lines] == expected["rates"], document
        assert [line["amount_vnd"] for line in lines] == expected["amounts"], document
    if "cells" in expected:
        cells = [(one["total_vnd"], one["annual_vnd"], one["last_vnd"]) for one in result["scenarios"]]
        assert cells == expected["cells"], document
    if "settlement" in expected:
        assert [Fraction(line["settlement_rate_percent"]) for line in lines] == expected["settlement"], document


@pytest.mark.parametrize("kind", MAKERS)
def test_the_engine_agrees_with_the_naive_one(kind: str, count: int) -> None:
    random = Random(f"{kind} {count}")
    computed = refused = 0
    for _ in range(count):
        document = MAKERS[kind](random)
        expected = naive.answer(document)
        assert_same(document, compute(document), expected)
        computed += not isinstance(expected, str)
        refused += isinstance(expected, str)
    assert computed > count // 4, "too few cases that compute"
    assert refused > count // 50, "too few refusals"
