"""The batch of licence-years gives what the scalar settlement explains, to the đồng, and refuses what it refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from fees.case import (
    Conversion,
    DeterminedPrice,
    GradedKind,
    GradedPrice,
    KaolinState,
    Price,
    RawPrice,
)
from fees.column_conversion import Decimals, Rule
from fees.column_output import OutputRule
from fees.column_settlement import (
    CHUNK,
    SETTLEMENT_REFUSALS,
    SettledRows,
    settled_by_licence,
    settled_sums,
)
from fees.column_settlement_case import MoneyAuctions, SettlementColumns, SettlementLaw
from fees.rate import non_auction_rate
from fees.right import MoneyAuction, NoAuction, RateAuction, Right, lowest_rate
from fees.settlement import compute_settlement
from fees.settlement_case import OutputYear, SettlementCase, SettlementKind, SettlementLine
from rules.errors import Code, Refusal
from rules.lawbook import law_book
from rules.number import half_up
from rules.quantity import Unit

BOOK = law_book()
MINERALS = tuple(BOOK.minerals)
SETTLED = date(2027, 1, 29)
CUTOFF = date(2026, 12, 31)
LAW = SettlementLaw.of(BOOK, MINERALS, kind=SettlementKind.EVENT, settled_on=SETTLED, cutoff_on=CUTOFF)
FULL_GATES = os.environ.get("KHOANGSAN_GATES") == "full"
# What the units of output, reserve and price make of TL_qđ and K_qđ together, so that one scalar case can say both.
PAIRS = (
    (OutputRule.SAME_UNIT, Rule.SAME_UNIT),
    (OutputRule.SAME_UNIT, Rule.LOOSE_TO_IN_SITU),
    (OutputRule.SAME_UNIT, Rule.LOOSE_TO_TONNE),
    (OutputRule.SAME_UNIT, Rule.GRADE_RATIO),
    (OutputRule.SAME_UNIT, Rule.DETERMINED),
    (OutputRule.LOOSE_TO_IN_SITU, Rule.LOOSE_TO_IN_SITU),
    (OutputRule.LOOSE_TO_IN_SITU, Rule.GRADE_RATIO),
    (OutputRule.LOOSE_TO_TONNE, Rule.LOOSE_TO_TONNE),
    (OutputRule.LOOSE_TO_TONNE, Rule.DETERMINED),
    (OutputRule.TONNE_TO_IN_SITU, Rule.SAME_UNIT),
    (OutputRule.UNSIEVED_TO_SIEVED, Rule.SAME_UNIT),
    (OutputRule.SIEVED_TO_UNSIEVED, Rule.GRADE_RATIO),
    (OutputRule.DETERMINED, Rule.SAME_UNIT),
    (OutputRule.DETERMINED, Rule.GRADE_RATIO),
)
KAOLIN = MINERALS.index("kaolin")
UNITS = {  # output, reserve
    OutputRule.SAME_UNIT: (Unit.TONNE, Unit.TONNE),
    OutputRule.LOOSE_TO_IN_SITU: (Unit.M3_LOOSE, Unit.M3_IN_SITU),
    OutputRule.LOOSE_TO_TONNE: (Unit.M3_LOOSE, Unit.TONNE),
    OutputRule.TONNE_TO_IN_SITU: (Unit.TONNE, Unit.M3_IN_SITU),
    OutputRule.UNSIEVED_TO_SIEVED: (Unit.TONNE, Unit.TONNE),
    OutputRule.SIEVED_TO_UNSIEVED: (Unit.TONNE, Unit.TONNE),
    OutputRule.DETERMINED: (Unit.KG, Unit.TONNE),
}


def random_columns(count: int, seed: int) -> SettlementColumns:
    """Licence-years of all minerals, rules and orders of magnitude, 2012 to 2028.

    Half take the table's rate, the others one entered, won as a rate or won as a sum; a third have a day of approval. Some
    parameters are 0 after rounding, some rates lie below the start, some sums above 10^18.
    """
    random = np.random.default_rng(seed)

    def spread(low: int, high: int, size: int = count) -> np.ndarray:
        return np.exp(random.uniform(np.log(low), np.log(high), size)).astype(np.int64)

    pair = random.integers(0, len(PAIRS), count)
    output_rule = np.array([one for one, _ in PAIRS], np.uint8)[pair]
    rule = np.array([one for _, one in PAIRS], np.uint8)[pair]
    sieved = (output_rule == OutputRule.UNSIEVED_TO_SIEVED) | (output_rule == OutputRule.SIEVED_TO_UNSIEVED)
    mineral = np.where(sieved, KAOLIN, random.integers(0, len(MINERALS), count)).astype(np.uint8)
    bulking, density, grade, price_grade, determined = (spread(1, 10**6) for _ in range(5))
    recovery = spread(1, 10**4)
    upper = np.choose(rule, [grade, bulking, bulking, grade, determined])
    lower = np.where(rule == Rule.LOOSE_TO_TONNE, density, price_grade)
    output_upper = np.choose(output_rule, [grade, grade, density, grade, recovery, grade, determined])
    output_lower = np.choose(output_rule, [grade, bulking, bulking, density, grade, recovery, grade])
    source = random.choice(4, count, p=[0.55, 0.15, 0.15, 0.15])
    start = spread(1, 10**15)
    approved = np.datetime64("2012-01-01") + random.integers(0, 5000, count)
    return SettlementColumns(
        licence=(np.arange(count) // 5).astype(np.uint32),
        year=2012 + (np.arange(count) % 5) * 3 + random.integers(0, 3, count),
        mineral=mineral,
        output=Decimals(np.where(random.random(count) < 0.02, 0, spread(1, 10**14)), 3),
        output_rule=output_rule,
        output_upper=Decimals(output_upper, 4),
        output_lower=Decimals(output_lower, 4),
        price=Decimals(spread(1, 10**8)),
        rule=rule,
        upper=Decimals(upper, 4),
        lower=Decimals(lower, 4),
        approved_on=np.where(random.random(count) < 0.33, approved, np.datetime64("NaT")),
        rate=Decimals(np.where(source == 1, random.integers(1, 900, count), 0), 2),
        winning_rate=Decimals(np.where(source == 2, random.integers(50, 2000, count), 0), 2),
        money=MoneyAuctions(
            Decimals(np.where(source == 3, spread(1, 10**15) // 4 + start, 0)),
            Decimals(start + random.integers(0, 2, count)),
            Decimals(random.integers(1, 9, count)),
        ),
    )


def decimal(given: Decimals, at: int) -> Decimal:
    return Decimal(int(given.values[at])).scaleb(-given.places)


def exact(columns: SettlementColumns, at: int, step: int) -> int | Code:
    """Row ``at`` by fractions alone, sharing nothing with the columns but the law book's rates."""

    def rounded(value: Fraction | Decimal) -> Fraction:
        return Fraction(half_up(Fraction(value) * 1000), 1000)

    year, mineral = int(columns.year[at]), MINERALS[columns.mineral[at]]
    above, below = rounded(decimal(columns.output_upper, at)), rounded(decimal(columns.output_lower, at))
    upper, lower = rounded(decimal(columns.upper, at)), rounded(decimal(columns.lower, at))
    rule, output_rule = Rule(int(columns.rule[at])), OutputRule(int(columns.output_rule[at]))
    asked = {Rule.SAME_UNIT: (), Rule.LOOSE_TO_IN_SITU: (upper,), Rule.DETERMINED: (upper,)}.get(rule, (upper, lower))
    if output_rule in (OutputRule.LOOSE_TO_IN_SITU, OutputRule.TONNE_TO_IN_SITU, OutputRule.SIEVED_TO_UNSIEVED):
        asked += (below,)
    elif output_rule is not OutputRule.SAME_UNIT:
        asked += (above, below) if output_rule is OutputRule.LOOSE_TO_TONNE else (above,)
    if year > CUTOFF.year or not all(asked):
        return Code.INVALID_INPUT
    R = exact_rate(columns, at, year, mineral)
    if isinstance(R, Code):
        return R
    one = Fraction(1)
    TL = {
        OutputRule.SAME_UNIT: lambda: one,
        OutputRule.LOOSE_TO_TONNE: lambda: above / below,
        OutputRule.UNSIEVED_TO_SIEVED: lambda: above,
        OutputRule.DETERMINED: lambda: above,
    }.get(output_rule, lambda: one / below)
    K = {Rule.SAME_UNIT: lambda: one, Rule.LOOSE_TO_IN_SITU: lambda: upper, Rule.DETERMINED: lambda: upper}.get(
        rule, lambda: upper / lower
    )
    Q = Fraction(decimal(columns.output, at)) * rounded(TL())
    amount = half_up(Q * int(columns.price.values[at]) * rounded(K()) * R, step)
    return amount if amount <= 10**18 else Code.OUT_OF_RANGE


def exact_rate(columns: SettlementColumns, at: int, year: int, mineral: str) -> Fraction | Code:
    assert columns.approved_on is not None
    assert columns.rate is not None
    assert columns.winning_rate is not None
    assert columns.money is not None
    entered, won = decimal(columns.rate, at), decimal(columns.winning_rate, at)
    if entered:
        return Fraction(entered) / 100
    if won:
        lowest = lowest_rate(BOOK, mineral, SETTLED)
        assert lowest is not None
        return Code.OUT_OF_RANGE if won < lowest.number() else Fraction(won) / 100
    paid, start, rate = (int(one.values[at]) for one in columns.money)
    if paid:
        return Code.OUT_OF_RANGE if paid < start else Fraction(paid, start) * rate / 100
    approved = columns.approved_on[at].item()
    row = non_auction_rate(BOOK, mineral, approved if approved and year < approved.year else date(year, 1, 1))
    return Code.NO_RULE_AT_DATE if row is None else Fraction(row.number()) / 100


def scalar(columns: SettlementColumns, at: int, step: int) -> int | Code:
    """Row ``at`` as a settlement of one mineral and one year, by the path that explains it."""
    rule, output_rule = Rule(int(columns.rule[at])), OutputRule(int(columns.output_rule[at]))
    unit, reserve = UNITS[output_rule]
    amount = int(columns.price.values[at])
    upper, lower = decimal(columns.upper, at), decimal(columns.lower, at)
    above, below = decimal(columns.output_upper, at), decimal(columns.output_lower, at)
    given: dict[str, object] = {}
    price: Price
    match rule:
        case Rule.SAME_UNIT:
            price = RawPrice(amount=amount, unit=reserve)
        case Rule.LOOSE_TO_IN_SITU | Rule.LOOSE_TO_TONNE:
            price = RawPrice(amount=amount, unit=Unit.M3_LOOSE)
            given["bulking_factor"] = upper
            if rule is Rule.LOOSE_TO_TONNE:
                given["density"] = lower
            elif output_rule is OutputRule.SAME_UNIT:
                unit = reserve = Unit.M3_IN_SITU
        case Rule.GRADE_RATIO:
            price = GradedPrice(kind=GradedKind.ORE_GRADE, amount=amount, unit=reserve)
            given |= {"grade": upper, "price_grade": lower}
        case Rule.DETERMINED:
            price = DeterminedPrice(amount=amount, unit=reserve)
            given |= {"factor": upper, "factor_source": "Quyết định 1/QĐ-UBND"}
    match output_rule:
        case OutputRule.LOOSE_TO_IN_SITU:
            given["bulking_factor"] = below
        case OutputRule.LOOSE_TO_TONNE:
            given |= {"density": above, "bulking_factor": below}
        case OutputRule.TONNE_TO_IN_SITU:
            given["density"] = below
        case OutputRule.UNSIEVED_TO_SIEVED:
            given |= {"kaolin_recovery": above, "kaolin_state": KaolinState.SIEVED}
        case OutputRule.SIEVED_TO_UNSIEVED:
            given |= {"kaolin_recovery": below, "kaolin_state": KaolinState.UNSIEVED}
            given["output_state"] = KaolinState.SIEVED
        case OutputRule.DETERMINED:
            given |= {"output_factor": above, "factor_source": "Quyết định 1/QĐ-UBND"}
    assert columns.rate is not None
    assert columns.approved_on is not None
    approved = columns.approved_on[at].item()
    year = OutputYear(
        year=int(columns.year[at]),
        output=decimal(columns.output, at),
        unit=unit,
        price=price,
        conversion=Conversion(**given),  # type: ignore[arg-type]
        rate=decimal(columns.rate, at) or None,
    )
    line = SettlementLine(mineral=MINERALS[columns.mineral[at]], unit=reserve, right=right(columns, at), years=(year,))
    case = SettlementCase(
        kind=SettlementKind.EVENT,
        settled_on=SETTLED,
        cutoff_on=CUTOFF,
        minerals=(line,),
        paid_vnd=0,
        fee_approved_on=approved,
        rounding_vnd=step,
    )
    try:
        settled: int = compute_settlement(case, BOOK).result["settled_vnd"]
    except Refusal as refusal:
        codes = [problem.code for problem in refusal.problems]
        return Code.INVALID_INPUT if Code.INVALID_INPUT in codes else codes[0]
    return settled


def right(columns: SettlementColumns, at: int) -> Right:
    assert columns.winning_rate is not None
    assert columns.money is not None
    won = decimal(columns.winning_rate, at)
    if won:
        return RateAuction(winning_rate=won)
    paid, start, rate = (int(one.values[at]) for one in columns.money)
    return MoneyAuction(won_vnd=paid, start_vnd=start, rate_at_auction=Decimal(rate)) if paid else NoAuction()


def said(rows: SettledRows) -> Iterator[int | Code]:
    assert not rows.amounts[rows.refused != 0].any()
    for amount, refused in zip(rows.amounts.tolist(), rows.refused.tolist(), strict=True):
        yield SETTLEMENT_REFUSALS[refused] if refused else amount


@pytest.mark.gate
@pytest.mark.parametrize("seed", range(40 if FULL_GATES else 4))
def test_batch_equals_fractions_and_the_scalar_path(seed: int) -> None:
    """100,000 rows, every 50th by the path that explains; a million in the long gate."""
    step = 1000 if seed % 4 == 3 else 1
    columns = random_columns(25_000, seed)
    found = list(said(settled_sums(columns, LAW, rounding_vnd=step)))
    for at, one in enumerate(found):
        assert one == exact(columns, at, step), at
    for at in range(0, len(found), 50):
        assert found[at] == scalar(columns, at, step), at
    # the rows reach every outcome, so that none of them is compared in vain
    assert set(SETTLEMENT_REFUSALS.values()) == {one for one in found if isinstance(one, Code)}
    sums = [one for one in found if not isinstance(one, Code)]
    assert len(sums) > 12_000
    assert max(sums) > 10**16


def test_every_mineral_in_every_year() -> None:
    """The table's rate on each 1 January from before the first decree that the book holds."""
    years = range(2012, 2027)
    columns = replace(
        random_columns(len(years) * len(MINERALS), 3),
        year=np.repeat(np.array(years, np.int64), len(MINERALS)),
        mineral=np.tile(np.arange(len(MINERALS), dtype=np.uint8), len(years)),
        output_rule=np.zeros(len(years) * len(MINERALS), np.uint8),
        rule=np.zeros(len(years) * len(MINERALS), np.uint8),
        rate=Decimals(np.zeros(len(years) * len(MINERALS), np.int64)),
        winning_rate=Decimals(np.zeros(len(years) * len(MINERALS), np.int64)),
        money=MoneyAuctions(*(Decimals(np.zeros(len(years) * len(MINERALS), np.int64)),) * 3),
        approved_on=np.full(len(years) * len(MINERALS), np.datetime64("NaT", "D")),
    )
    found = list(said(settled_sums(columns, LAW)))
    assert found == [scalar(columns, at, 1) for at in range(len(columns))]
    assert set(found[: 8 * len(MINERALS)]) == {Code.NO_RULE_AT_DATE}
    assert not any(isinstance(one, Code) for one in found[8 * len(MINERALS) :])


def some(**given: int) -> SettlementColumns:
    """Three ordinary years of a licence, the middle one changed."""
    row = {"year": 2022, "mineral": 0, "output": 1_000_000, "price": 100_000, "upper": 1475, "lower": 1600, "rate": 0}
    row |= {"output_upper": 1600, "output_lower": 1475, "winning": 0, "won": 0, "start": 0, "at_auction": 0}
    row |= {"rule": Rule.LOOSE_TO_TONNE, "output_rule": OutputRule.LOOSE_TO_TONNE}
    rows = [row | {"year": 2021}, row | given, row | {"year": 2023}]

    def column(name: str, dtype: type = np.int64) -> np.ndarray:
        return np.array([one[name] for one in rows], dtype)

    return SettlementColumns(
        licence=np.zeros(3, np.uint32),
        year=column("year"),
        mineral=column("mineral", np.uint8),
        output=Decimals(column("output"), 3),
        output_rule=column("output_rule", np.uint8),
        output_upper=Decimals(column("output_upper"), 3),
        output_lower=Decimals(column("output_lower"), 3),
        price=Decimals(column("price")),
        rule=column("rule", np.uint8),
        upper=Decimals(column("upper"), 3),
        lower=Decimals(column("lower"), 3),
        rate=Decimals(column("rate"), 2),
        winning_rate=Decimals(column("winning"), 2),
        money=MoneyAuctions(Decimals(column("won")), Decimals(column("start")), Decimals(column("at_auction"))),
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"year": 2018}, Code.NO_RULE_AT_DATE),
        ({"year": 2027}, Code.INVALID_INPUT),
        ({"year": 0}, Code.INVALID_INPUT),
        ({"year": 2021}, Code.INVALID_INPUT),
        ({"mineral": len(MINERALS)}, Code.INVALID_INPUT),
        ({"rule": len(Rule)}, Code.INVALID_INPUT),
        ({"output_rule": len(OutputRule)}, Code.INVALID_INPUT),
        ({"output": -1}, Code.INVALID_INPUT),
        ({"price": -1}, Code.INVALID_INPUT),
        ({"rate": -1}, Code.INVALID_INPUT),
        ({"winning": -1}, Code.INVALID_INPUT),
        ({"rate": 300, "winning": 900}, Code.INVALID_INPUT),
        ({"won": 5, "start": 5}, Code.INVALID_INPUT),
        ({"won": 5, "at_auction": 3}, Code.INVALID_INPUT),
        ({"won": 5, "start": 6, "at_auction": 3}, Code.OUT_OF_RANGE),
        ({"upper": 0}, Code.INVALID_INPUT),
        ({"lower": 0}, Code.INVALID_INPUT),
        ({"output_upper": 0}, Code.INVALID_INPUT),
        ({"output_lower": -5}, Code.INVALID_INPUT),
        ({"winning": 1}, Code.OUT_OF_RANGE),
        ({"output": 10**18, "price": 10**15}, Code.OUT_OF_RANGE),
    ],
)
def test_a_refused_row_leaves_its_neighbours(changed: dict[str, int], code: Code) -> None:
    sound = list(said(settled_sums(some(), LAW)))
    assert not any(isinstance(one, Code) for one in sound)
    columns = some(**changed)
    rows = settled_sums(columns, LAW)
    assert list(said(rows)) == [sound[0], code, sound[2]]
    whole = settled_by_licence(columns.licence, rows)
    assert whole.amounts.tolist() == [0]
    assert SETTLEMENT_REFUSALS[int(whole.refused[0])] == code


def test_a_companion_may_carry_a_rate_below_its_own() -> None:
    columns = replace(some(winning=1), companion=np.array([False, True, False]))
    assert not settled_sums(columns, LAW).refused.any()


def test_a_periodic_settlement_covers_five_years() -> None:
    law = SettlementLaw.of(
        BOOK, MINERALS, kind=SettlementKind.PERIODIC, settled_on=SETTLED, cutoff_on=date(2026, 12, 31)
    )
    assert next(said(settled_sums(some(), law))) == Code.INVALID_INPUT  # 2021
    assert not settled_sums(some(), law).refused[1:].any()


def test_a_case_that_does_not_fit_is_refused_as_a_whole() -> None:
    with pytest.raises(Refusal) as refusal:
        SettlementLaw.of(BOOK, MINERALS, kind=SettlementKind.FIRST, settled_on=SETTLED, cutoff_on=CUTOFF)
    assert refusal.value.problems[0].path == ("cutoff_on",)
    with pytest.raises(Refusal) as refusal:
        SettlementLaw.of(BOOK, MINERALS, kind=SettlementKind.EVENT, settled_on=date(2025, 7, 1), cutoff_on=CUTOFF)
    assert refusal.value.problems[0].code == Code.NOT_IN_FORCE


def test_licences_add_their_printed_rows() -> None:
    columns = random_columns(20_000, 9)
    shuffled = np.random.default_rng(2).permutation(len(columns)).astype(np.intp)
    columns = columns.at(shuffled)
    rows = settled_sums(columns, LAW)
    wanted: dict[int, int] = {}
    refused: dict[int, int] = {}
    for licence, amount, why in zip(columns.licence.tolist(), *(one.tolist() for one in rows), strict=True):
        wanted[licence] = wanted.get(licence, 0) + amount
        if why:
            refused.setdefault(licence, why)
    found = settled_by_licence(columns.licence, rows)
    assert found.licence.tolist() == sorted(wanted)
    for licence, amount, why in zip(*(one.tolist() for one in found), strict=True):
        large = wanted[licence] > 10**18
        if licence not in refused and not large:
            assert (amount, why) == (wanted[licence], 0)
        else:
            assert amount == 0
            assert SETTLEMENT_REFUSALS[why] == (
                SETTLEMENT_REFUSALS[refused[licence]] if licence in refused else Code.OUT_OF_RANGE
            )


def test_sums_that_pass_a_word_are_refused_and_the_largest_stands() -> None:
    licence = np.repeat(np.array([7, 3, 5], np.uint32), [20, 2, 2])
    amounts = np.array([10**18] * 20 + [10**18 - 1, 1] + [10**18, 1], np.int64)
    found = settled_by_licence(licence, SettledRows(amounts, np.zeros(24, np.uint8)))
    assert found.licence.tolist() == [3, 5, 7]
    assert found.amounts.tolist() == [10**18, 0, 0]
    assert [SETTLEMENT_REFUSALS.get(one) for one in found.refused.tolist()] == [
        None,
        Code.OUT_OF_RANGE,
        Code.OUT_OF_RANGE,
    ]


def test_chunks_do_not_show() -> None:
    columns = random_columns(2 * CHUNK + 15, 5)
    whole = settled_sums(columns, LAW)
    rows = np.random.default_rng(1).permutation(len(columns))[:500].astype(np.intp)
    part = settled_sums(columns.at(rows), LAW)
    assert (whole.amounts[rows] == part.amounts).all()
    assert (whole.refused[rows] == part.refused).all()


def test_columns_that_do_not_fit_together() -> None:
    columns = random_columns(10, 1)
    assert {field.name for field in fields(columns)} == set(SettlementColumns.__slots__)
    with pytest.raises(ValueError, match="length"):
        settled_sums(replace(columns, price=Decimals(np.ones(9, np.int64))), LAW)
    with pytest.raises(ValueError, match="unsigned"):
        settled_sums(replace(columns, rule=np.zeros(10, np.int64)), LAW)
    with pytest.raises(TypeError, match="int64"):
        settled_sums(replace(columns, price=Decimals(np.ones(10))), LAW)
    with pytest.raises(LookupError, match="unobtainium"):
        SettlementLaw.of(BOOK, ["unobtainium"], kind=SettlementKind.EVENT, settled_on=SETTLED, cutoff_on=CUTOFF)


def test_no_rows() -> None:
    columns = random_columns(0, 1)
    rows = settled_sums(columns, LAW)
    assert len(rows.amounts) == len(settled_by_licence(columns.licence, rows).licence) == 0
