"""The batch gives what the scalar path explains, to the đồng, and refuses what it refuses."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from fees.case import (
    Conversion,
    DeterminedPrice,
    Fee2019Case,
    FeeCase,
    GradedKind,
    GradedPrice,
    Group,
    Licence,
    Licensor,
    MineralLine,
    Price,
    RawPrice,
    Volume,
)
from fees.column_conversion import Decimals, Rule
from fees.column_law import AREAS, METHODS, ColumnLaw
from fees.columns import CHUNK, REFUSALS, FeeColumns, licence_right_fees
from fees.licence_right import compute_fee
from fees.licence_right_2019 import compute_fee_2019
from rules.dated import Period, Series
from rules.errors import Code, Refusal
from rules.lawbook import LawBook, law_book
from rules.quantity import Unit

BOOK = law_book()
MINERALS = tuple(BOOK.minerals)
LAW = ColumnLaw.of(BOOK, MINERALS)
EPOCH = date(1970, 1, 1)
FULL_GATES = os.environ.get("KHOANGSAN_GATES") == "full"
CHANGES = [EPOCH + timedelta(days=day) for day in LAW.starts]
SECOND = next(one.period.start for one in BOOK.instruments if one.number == "193/2025/NĐ-CP")


def random_columns(count: int, seed: int) -> FeeColumns:
    """Licences of all minerals, rules and orders of magnitude; a fifth lie within two days of a change of law.

    Conversion parameters have four decimals, so that their own rounding shows; a few are 0 after it. Some winning rates
    lie below the mineral's own, some fees above 10^18, some days before the law.
    """
    random = np.random.default_rng(seed)

    def spread(low: int, high: int) -> np.ndarray:
        return np.exp(random.uniform(np.log(low), np.log(high), count)).astype(np.int64)

    start, end = LAW.starts[0] - 30, (BOOK.horizon - EPOCH).days
    near = random.choice(LAW.starts, count) + random.integers(-2, 3, count)
    day = np.where(random.random(count) < 0.2, near, random.integers(start, end, count))
    won = random.random(count) < 0.2
    return FeeColumns(
        approved_on=day.astype("datetime64[D]"),
        mineral=random.integers(0, len(MINERALS), count, np.uint8),
        method=random.integers(0, len(METHODS), count, np.uint8),
        area=random.integers(0, len(AREAS), count, np.uint8),
        quantity=Decimals(spread(1, 10**16), 3),
        price=Decimals(spread(1, 10**9)),
        rule=random.integers(0, len(Rule), count, np.uint8),
        upper=Decimals(spread(1, 10**6), 4),
        lower=Decimals(spread(1, 10**6), 4),
        winning_rate=Decimals(np.where(won, random.integers(50, 2000, count), 0), 2),
    )


def scalar_case(columns: FeeColumns, at: int, step: int) -> FeeCase:
    """Row ``at`` as the case a person would type."""

    def decimal(given: Decimals) -> Decimal:
        return Decimal(int(given.values[at])).scaleb(-given.places)

    approved_on = columns.approved_on[at].item()
    rule = columns.rule if isinstance(columns.rule, Rule) else Rule(int(columns.rule[at]))
    amount, upper, lower = int(columns.price.values[at]), decimal(columns.upper), decimal(columns.lower)
    unit = Unit.TONNE
    price: Price
    match rule:
        case Rule.SAME_UNIT:
            price, conversion = RawPrice(amount=amount, unit=unit), Conversion()
        case Rule.LOOSE_TO_IN_SITU:
            unit = Unit.M3_IN_SITU
            price, conversion = RawPrice(amount=amount, unit=Unit.M3_LOOSE), Conversion(bulking_factor=upper)
        case Rule.LOOSE_TO_TONNE:
            price = RawPrice(amount=amount, unit=Unit.M3_LOOSE)
            conversion = Conversion(bulking_factor=upper, density=lower)
        case Rule.GRADE_RATIO:
            price = GradedPrice(kind=GradedKind.ORE_GRADE, amount=amount, unit=unit)
            conversion = Conversion(grade=upper, price_grade=lower)
        case Rule.DETERMINED:
            price = DeterminedPrice(amount=amount, unit=unit)
            conversion = Conversion(factor=upper, factor_source="Quyết định 1/QĐ-UBND")
    winning = None if columns.winning_rate is None else decimal(columns.winning_rate)
    line = MineralLine(
        mineral=MINERALS[columns.mineral[at]],
        amount=Volume(quantity=decimal(columns.quantity), unit=unit),
        price=price,
        conversion=conversion,
        winning_rate=winning or None,
    )
    licence = Licence(issued_on=approved_on, expires_on=approved_on + timedelta(days=3000), group=Group.III)
    if approved_on >= SECOND:
        return FeeCase(approved_on=approved_on, licence=licence, minerals=(line,), rounding_vnd=step)
    return Fee2019Case(
        approved_on=approved_on,
        licence=licence,
        minerals=(line,),
        rounding_vnd=step,
        mining_method=METHODS[columns.method[at]],
        area=AREAS[columns.area[at]],
        licensed_by=Licensor.PROVINCE,
    )


def scalar_fee(case: FeeCase, book: LawBook) -> int | Code:
    """What the scalar path says: the amount, or why it refuses."""
    try:
        compute = compute_fee_2019(case, book) if isinstance(case, Fee2019Case) else compute_fee(case, book)
    except Refusal as refusal:
        codes = {problem.code for problem in refusal.problems}
        return Code.INVALID_INPUT if Code.INVALID_INPUT in codes else refusal.problems[0].code
    return compute.result["total_vnd"]


def batch_fees(columns: FeeColumns, law: ColumnLaw = LAW, step: int = 1) -> list[int | Code]:
    answer = licence_right_fees(columns, law, rounding_vnd=step)
    assert not answer.amounts[answer.refused != 0].any()
    return [
        REFUSALS[refused] if refused else amount
        for amount, refused in zip(answer.amounts.tolist(), answer.refused.tolist(), strict=True)
    ]


def compare(columns: FeeColumns, book: LawBook = BOOK, law: ColumnLaw = LAW, step: int = 1) -> list[int | Code]:
    found = batch_fees(columns, law, step)
    for at, fee in enumerate(found):
        assert fee == scalar_fee(scalar_case(columns, at, step), book), scalar_case(columns, at, step)
    return found


def some(**given: object) -> FeeColumns:
    """Three ordinary licences, the middle one changed."""
    middle = {"day": "2026-05-01", "mineral": 0, "method": 0, "area": 0, "quantity": 1_000_000, "price": 100_000}
    middle |= {"upper": 1475, "lower": 1600, "winning": 0, "rule": Rule.LOOSE_TO_TONNE} | given
    rows = [dict(middle) for _ in range(3)]
    for row in (rows[0], rows[2]):
        row.update(
            {"day": "2026-05-01", "mineral": 0, "method": 0, "area": 0, "quantity": 1_000_000, "price": 100_000}
            | {"upper": 1475, "lower": 1600, "winning": 0, "rule": Rule.LOOSE_TO_TONNE}
        )

    def column(name: str, dtype: type = np.int64) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype)

    return FeeColumns(
        approved_on=np.array([row["day"] for row in rows], "datetime64[D]"),
        mineral=column("mineral", np.uint8),
        method=column("method", np.uint8),
        area=column("area", np.uint8),
        quantity=Decimals(column("quantity"), 3),
        price=Decimals(column("price")),
        rule=column("rule", np.uint8),
        upper=Decimals(column("upper"), 3),
        lower=Decimals(column("lower"), 3),
        winning_rate=Decimals(column("winning"), 2),
    )


@pytest.mark.gate
@pytest.mark.parametrize("seed", range(40 if FULL_GATES else 4))
def test_batch_equals_scalar(seed: int) -> None:
    """100,000 rows; a million in the long gate."""
    found = compare(random_columns(25_000, seed), step=1000 if seed % 4 == 3 else 1)
    # the rows reach every outcome, so that none of them is compared in vain
    assert {Code.NOT_IN_FORCE, Code.INVALID_INPUT, Code.OUT_OF_RANGE} <= {fee for fee in found if isinstance(fee, Code)}
    amounts = [fee for fee in found if not isinstance(fee, Code)]
    assert len(amounts) > 15_000
    assert max(amounts) > 10**17


def test_every_mineral_at_every_change_of_law() -> None:
    days = [day + timedelta(days=shift) for day in CHANGES for shift in (-1, 0)]
    places = [(day, at, method) for day in days for at in range(len(MINERALS)) for method in range(len(METHODS))]
    template = random_columns(len(places), 7)
    columns = replace(
        template,
        approved_on=np.array([day for day, _, _ in places], "datetime64[D]"),
        mineral=np.array([mineral for _, mineral, _ in places], np.uint8),
        method=np.array([method for _, _, method in places], np.uint8),
        rule=Rule.SAME_UNIT,
        quantity=Decimals(np.full(len(places), 1_234_567_891, np.int64), 3),
        price=Decimals(np.full(len(places), 98_765, np.int64)),
        winning_rate=None,
    )
    found = compare(columns)
    assert found[: len(MINERALS) * len(METHODS)] == [Code.NOT_IN_FORCE] * len(MINERALS) * len(METHODS)
    assert not any(isinstance(fee, Code) for fee in found[len(MINERALS) * len(METHODS) :])


def test_decimals_that_change_with_the_law() -> None:
    """A fictitious decree rounds conversion factors to two decimals: rows before and after it in one batch."""
    key = ("conversion.decimals", "")
    last = BOOK.series[key].rows[-1]
    change = date(2026, 3, 1)
    rows = [
        *BOOK.series[key].rows[:-1],
        replace(last, period=Period(start=last.period.start, end=change)),
        replace(last, period=Period(start=change), value=Decimal(2)),
    ]
    book = replace(BOOK, series=dict(BOOK.series) | {key: Series(rows)})
    law = ColumnLaw.of(book, MINERALS)
    assert law.decimals == (2, 3)
    columns = random_columns(3_000, 11)
    assert compare(columns, book, law) != batch_fees(columns)


def test_chunks_do_not_show() -> None:
    columns = random_columns(2 * CHUNK + 17, 5)
    whole = licence_right_fees(columns, LAW)
    rows = np.random.default_rng(1).permutation(len(columns))[:500].astype(np.intp)
    part = licence_right_fees(columns.at(rows), LAW)
    assert (whole.amounts[rows] == part.amounts).all()
    assert (whole.refused[rows] == part.refused).all()


def test_one_rule_for_all_rows() -> None:
    columns = random_columns(500, 6)
    for rule in Rule:
        each = replace(columns, rule=np.full(500, rule, np.uint8))
        assert batch_fees(replace(columns, rule=rule)) == batch_fees(each)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": "2019-09-14"}, Code.NOT_IN_FORCE),
        ({"day": "NaT"}, Code.NOT_IN_FORCE),
        ({"mineral": len(MINERALS)}, Code.INVALID_INPUT),
        ({"method": len(METHODS)}, Code.INVALID_INPUT),
        ({"area": 255}, Code.INVALID_INPUT),
        ({"rule": len(Rule)}, Code.INVALID_INPUT),
        ({"quantity": -1}, Code.INVALID_INPUT),
        ({"price": -1}, Code.INVALID_INPUT),
        ({"winning": -1}, Code.INVALID_INPUT),
        ({"upper": 0}, Code.INVALID_INPUT),
        ({"lower": 0}, Code.INVALID_INPUT),
        ({"lower": -5}, Code.INVALID_INPUT),
        ({"winning": 1}, Code.OUT_OF_RANGE),
        ({"quantity": 10**18, "price": 10**15}, Code.OUT_OF_RANGE),
        ({"quantity": 2**63 - 1, "price": 2**63 - 1, "upper": 2**63 - 1}, Code.OUT_OF_RANGE),
    ],
)
def test_a_refused_row_leaves_its_neighbours(changed: dict[str, object], code: Code) -> None:
    sound = batch_fees(some())
    assert not any(isinstance(fee, Code) for fee in sound)
    assert batch_fees(some(**changed)) == [sound[0], code, sound[2]]


def test_a_parameter_the_rule_does_not_ask_may_be_anything() -> None:
    sound = batch_fees(some(rule=Rule.LOOSE_TO_IN_SITU))
    assert batch_fees(some(rule=Rule.LOOSE_TO_IN_SITU, lower=-7)) == sound
    assert not any(isinstance(fee, Code) for fee in sound)


def test_the_largest_fee_stands() -> None:
    """10^18 is computed, one đồng more is refused."""
    columns = replace(
        some(),
        rule=Rule.SAME_UNIT,
        quantity=Decimals(np.ones(3, np.int64)),
        price=Decimals(np.array([10**18, 10**18 + 1, 5], np.int64)),
        winning_rate=Decimals(np.full(3, 100, np.int64)),
    )
    assert batch_fees(columns) == [10**18, Code.OUT_OF_RANGE, 5]
    assert batch_fees(columns.at(np.array([1], np.intp))) == [Code.OUT_OF_RANGE]


def test_half_a_dong_and_the_province_step() -> None:
    """0.5 đồng rounds up to 1; 499.99 and 500 đồng around the province's thousand."""
    half = {"rule": Rule.SAME_UNIT, "winning": 5_000, "quantity": 1_000}
    assert batch_fees(some(**half, price=1))[1] == 1
    assert [batch_fees(some(**half, price=price), step=1000)[1] for price in (999, 1000, 2999, 3000)] == [
        0,
        1000,
        1000,
        2000,
    ]


def test_columns_that_do_not_fit_together() -> None:
    columns = random_columns(10, 1)
    assert {field.name for field in fields(columns)} == set(FeeColumns.__slots__)
    with pytest.raises(ValueError, match="length"):
        licence_right_fees(replace(columns, price=Decimals(np.ones(9, np.int64))), LAW)
    with pytest.raises(ValueError, match="unsigned"):
        licence_right_fees(replace(columns, area=np.zeros(10, np.int64)), LAW)
    with pytest.raises(TypeError, match="int64"):
        licence_right_fees(replace(columns, price=Decimals(np.ones(10))), LAW)
    with pytest.raises(LookupError, match="unobtainium"):
        ColumnLaw.of(BOOK, ["iron", "unobtainium"])


def test_no_rows() -> None:
    answer = licence_right_fees(random_columns(0, 1), LAW)
    assert len(answer.amounts) == len(answer.refused) == 0
