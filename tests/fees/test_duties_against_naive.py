"""The recurring duties agree with a second implementation, written from the articles, and their columns agree with both."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from api.contract import compute
from fees.column_conversion import Decimals
from fees.column_duties import DUTY_REFUSALS, ColumnSums
from fees.column_interest import InterestColumns, late_interests
from fees.column_law import METHODS
from fees.column_licence_fees import PROCEDURES, LicenceColumns, appraisal_fees, licence_fees
from fees.column_returns import FeeColumns, MineralColumns, TaxColumns, environmental_fees, resource_taxes
from fees.licence_fee import APPRAISAL, licence_classes
from rules.lawbook import law_book
from tests.fees import naive_duties as naive

pytestmark = pytest.mark.gate

BOOK = law_book()
CLASSES = tuple(licence_classes())
PLACES = 3
Json = dict[str, Any]
CHANGES = [date(2010, 7, 1), date(2020, 7, 1), date(2023, 8, 1), date(2024, 3, 21), date(2025, 7, 2), date(2026, 7, 1)]


@pytest.fixture(scope="module")
def count(full_gates: bool) -> int:
    return 100_000 if full_gates else 300


def magnitude(random: Random, digits: int) -> int:
    """A whole number of any size up to so many figures, often a round one or 0."""
    return random.choice((0, 10 ** random.randrange(digits), random.randrange(10 ** random.randint(1, digits))))


def text(scaled: int) -> str:
    return f"{scaled // 10**PLACES}.{scaled % 10**PLACES:0{PLACES}d}"


def scaled(value: str | None) -> int:
    return 0 if value is None else int(Decimal(value).scaleb(PLACES))


def day(random: Random, first: date, last: date) -> date:
    near = random.choice(CHANGES) + timedelta(days=random.randint(-2, 2))
    if random.random() < 0.2 and first <= near <= last:
        return near
    return first + timedelta(days=random.randrange((last - first).days + 1))


def days(documents: list[Json], name: str) -> np.ndarray:
    return np.array([document[name] for document in documents], "datetime64[D]")


def decimals(values: list[str | None]) -> Decimals:
    return Decimals(np.array([scaled(value) for value in values], np.int64), PLACES)


def agree(documents: list[Json], expected: list[naive.Naive], amount: str, sums: ColumnSums | None) -> None:
    """The scalar path and the columns both give what the naive one gives, sum or refusal."""
    assert len({type(one) for one in expected}) == 2, "the draw has sums and refusals"
    for index, (document, wanted) in enumerate(zip(documents, expected, strict=True)):
        found = compute(document)
        got = found["result"][amount] if found["ok"] else found["error"]["code"]
        assert got == wanted, document
        if sums is not None:
            code = int(sums.refused[index])
            assert (DUTY_REFUSALS[code].value if code else int(sums.amounts[index])) == wanted, document


def tax_document(random: Random) -> Json:
    selling = magnitude(random, 13)
    return {
        "kind": "resource_tax",
        "period": day(random, date(2010, 1, 1), date(2027, 12, 31)).isoformat()[:7],
        "quantity": text(magnitude(random, 15)),
        "selling_price_vnd": text(selling) if selling else None,
        "provincial_price_vnd": magnitude(random, 12) + 1,
        "rate_percent": text(random.randint(1, 100 * 10**PLACES)),
    }


def test_resource_tax(count: int) -> None:
    random = Random(45_2009)
    documents = [tax_document(random) for _ in range(count)]
    documents[0]["period"] = "2010-06"
    columns = TaxColumns(
        period=days([{"on": one["period"] + "-01"} for one in documents], "on"),
        quantity=decimals([one["quantity"] for one in documents]),
        selling_price=decimals([one["selling_price_vnd"] for one in documents]),
        provincial_price=np.array([one["provincial_price_vnd"] for one in documents], np.int64),
        rate=decimals([one["rate_percent"] for one in documents]),
    )
    expected = [naive.resource_tax(one) for one in documents]
    agree(documents, expected, "tax_vnd", resource_taxes(columns, BOOK))


def fee_document(random: Random, lines: int, shared: bool) -> Json:
    whole = text(magnitude(random, 14))
    parts: list[int | None] = [None] * lines
    if shared:
        cuts = sorted(random.sample(range(1, 100 * 10**PLACES), lines - 1))
        ends = [0, *cuts, 100 * 10**PLACES]
        parts = [high - low for low, high in pairwise(ends)]
        off = random.choice((0, 0, 0, 50, -50, 100, -100, 101, -101, 5000))
        parts[0] = min(max(1, (parts[0] or 0) + off), 100 * 10**PLACES)
    other = shared and random.random() < 0.05
    return {
        "kind": "environmental_fee",
        "period": day(random, date(2023, 6, 1), date(2027, 12, 31)).isoformat()[:7],
        "overburden_m3": text(magnitude(random, 14)),
        "mining_method": random.choice(METHODS).value,
        "salvage": random.random() < 0.3,
        "minerals": [
            {
                "quantity": text(magnitude(random, 14)) if other or not shared else whole,
                "rate_vnd_per_unit": magnitude(random, 8) + 1,
                "grade_share_percent": None if part is None else text(part),
            }
            for part in parts
        ],
    }


@pytest.mark.parametrize(("lines", "shared"), [(1, False), (3, False), (2, True), (4, True)])
def test_environmental_fee(count: int, lines: int, shared: bool) -> None:
    random = Random(27_2023 + lines + shared)
    documents = [fee_document(random, lines, shared) for _ in range(count // 4)]
    documents[0]["period"] = "2023-07"
    columns = FeeColumns(
        period=days([{"on": one["period"] + "-01"} for one in documents], "on"),
        overburden=decimals([one["overburden_m3"] for one in documents]),
        method=np.array([[one.value for one in METHODS].index(doc["mining_method"]) for doc in documents], np.uint8),
        salvage=np.array([one["salvage"] for one in documents], np.bool_),
        minerals=[
            MineralColumns(
                quantity=decimals([one["minerals"][at]["quantity"] for one in documents]),
                rate=np.array([one["minerals"][at]["rate_vnd_per_unit"] for one in documents], np.int64),
                share=decimals([one["minerals"][at]["grade_share_percent"] for one in documents]) if shared else None,
            )
            for at in range(lines)
        ],
    )
    expected = [naive.environmental_fee(one) for one in documents]
    agree(documents, expected, "fee_vnd", environmental_fees(columns, BOOK))


def test_shares_on_some_lines_only() -> None:
    random = Random(7)
    for _ in range(50):
        document = fee_document(random, 3, shared=True)
        document["minerals"][random.randrange(3)]["grade_share_percent"] = None
        document["period"] = "2026-08"
        assert naive.environmental_fee(document) == compute(document)["error"]["code"] == "invalid_input"


def test_late_interest(count: int) -> None:
    random = Random(108_2025)
    documents: list[Json] = []
    for _ in range(count):
        due = day(random, date(2020, 6, 1), date(2029, 12, 31))
        documents.append(
            {
                "kind": "late_interest",
                "amount_vnd": magnitude(random, 18),
                "due_on": due.isoformat(),
                "paid_on": (due + timedelta(days=random.randint(-30, random.choice((10, 200, 4000))))).isoformat(),
            }
        )
    documents[0]["due_on"] = "2020-06-30"
    columns = InterestColumns(
        amount=np.array([one["amount_vnd"] for one in documents], np.int64),
        due_on=days(documents, "due_on"),
        paid_on=days(documents, "paid_on"),
    )
    expected = [naive.late_interest(one) for one in documents]
    agree(documents, expected, "interest_vnd", late_interests(columns, BOOK))


def licence_document(random: Random) -> Json:
    edge = [9, 10, 99, 100, 5_000, 10_000, 50_000, 100_000]
    measure = [text(max(1, random.choice(edge) * 10**PLACES + random.choice((-1, 0, 1)))) for _ in range(2)]
    return {
        "kind": "licence_fee",
        "granted_on": day(random, date(2024, 2, 1), date(2028, 12, 31)).isoformat(),
        "licence_class": random.choice(CLASSES),
        "procedure": random.choice(PROCEDURES).value,
        "area_ha": measure[0],
        "capacity_m3_per_year": measure[1],
    }


def test_licence_fee(count: int) -> None:
    random = Random(10_2024)
    documents = [licence_document(random) for _ in range(count)]
    documents[0]["granted_on"] = "2024-03-20"
    columns = LicenceColumns(
        granted_on=days(documents, "granted_on"),
        of_class=np.array([CLASSES.index(one["licence_class"]) for one in documents], np.uint8),
        procedure=np.array([[p.value for p in PROCEDURES].index(one["procedure"]) for one in documents], np.uint8),
        area=decimals([one["area_ha"] for one in documents]),
        capacity=decimals([one["capacity_m3_per_year"] for one in documents]),
    )
    expected = [naive.licence_fee(one) for one in documents]
    agree(documents, expected, "licence_fee_vnd", licence_fees(columns, BOOK))


def test_reserve_appraisal(count: int) -> None:
    random = Random(191_2016)
    steps = [1, 10**9, 10**10, 2 * 10**10]
    documents = [
        {
            "kind": "licence_fee",
            "granted_on": day(random, date(2024, 2, 1), date(2028, 12, 31)).isoformat(),
            "licence_class": APPRAISAL,
            "exploration_cost_vnd": random.choice(
                (magnitude(random, 18), random.choice(steps) + random.randint(-1, 1), random.randrange(4 * 10**10))
            ),
        }
        for _ in range(count)
    ]
    documents[0]["granted_on"] = "2024-03-20"
    cost = np.array([one["exploration_cost_vnd"] for one in documents], np.int64)
    expected = [naive.licence_fee(one) for one in documents]
    agree(documents, expected, "licence_fee_vnd", appraisal_fees(days(documents, "granted_on"), cost, BOOK))


def test_infrastructure_contribution(count: int) -> None:
    random = Random(193_2025)
    documents: list[Json] = []
    for _ in range(count):
        minerals = []
        for _ in range(random.randint(1, 3)):
            price = magnitude(random, 9) + 100
            level = max(1, price // 100 - random.choice((0, 0, 1, 5)) + (random.random() < 0.02))
            minerals.append(
                {
                    "mineral": random.choice(tuple(BOOK.minerals)),
                    "planned_quantity": text(magnitude(random, 15)),
                    "resource_tax_price_vnd": price,
                    "level_vnd_per_unit": level,
                }
            )
        on = day(random, date(2025, 6, 1), date(2028, 12, 31)).isoformat()
        documents.append({"kind": "infrastructure_contribution", "set_on": on, "minerals": minerals})
    documents[0]["set_on"] = "2025-07-01"
    agree(documents, [naive.infrastructure_contribution(one) for one in documents], "contribution_vnd", None)


def test_due_dates(count: int) -> None:
    random = Random(252_2026)
    for _ in range(count):
        month = day(random, date(2020, 1, 1), date(2032, 12, 31)).replace(day=1)
        document = tax_document(random) | {"period": month.isoformat()[:7], "quantity": "1", "with_due_date": True}
        document |= {"provincial_price_vnd": 1, "selling_price_vnd": None}
        found, wanted = compute(document), naive.monthly_due(month)
        if wanted is None:
            assert [found["error"]["code"], found["error"]["field"]] == ["no_rule_at_date", "period"]
        else:
            assert found["result"]["due_on"] == wanted.isoformat()
