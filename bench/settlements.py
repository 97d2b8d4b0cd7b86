"""What does a licence-year cost to settle? The path that explains each sum, and the same formulas over columns."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from bench.measure import Deviation, deviation, peak_bytes, side_by_side
from fees.case import Conversion, RawPrice
from fees.column_conversion import Decimals, Rule
from fees.column_output import OutputRule
from fees.column_settlement import settled_by_licence, settled_sums
from fees.column_settlement_case import SettlementColumns, SettlementLaw
from fees.rate import non_auction_rate
from fees.right import NoAuction
from fees.settlement import compute_settlement
from fees.settlement_case import OutputYear, SettlementCase, SettlementKind, SettlementLine
from rules.lawbook import law_book
from rules.number import half_up
from rules.quantity import Unit

SEED = 193_2025
SETTLED_ON, CUTOFF_ON = date(2026, 11, 22), date(2025, 6, 30)
FIRST_YEAR, YEARS = 2020, 6  # the years whose rates the law book holds
SAMPLE = 200
MINERALS = tuple(code for code, one in law_book().minerals.items() if not one.water)
LAW = SettlementLaw.of(law_book(), MINERALS, kind=SettlementKind.FIRST, settled_on=SETTLED_ON, cutoff_on=CUTOFF_ON)


def generate(licences: int, seed: int = SEED) -> SettlementColumns:
    """The first settlement of `licences` licences of one mineral, six years each: output and price per m³ loose, reserve in tonnes."""
    random = np.random.default_rng(seed)
    count = licences * YEARS
    bulking = Decimals(random.integers(1_000, 1_900, count), 3)
    density = Decimals(random.integers(1_200, 4_500, count), 3)
    return SettlementColumns(
        licence=np.repeat(np.arange(licences, dtype=np.uint32), YEARS),
        year=np.tile(np.arange(FIRST_YEAR, FIRST_YEAR + YEARS), licences),
        mineral=np.repeat(random.integers(0, len(MINERALS), licences, np.uint8), YEARS),
        output=Decimals(np.exp(random.uniform(np.log(1e5), np.log(1e9), count)).astype(np.int64), 3),
        output_rule=np.full(count, OutputRule.LOOSE_TO_TONNE, np.uint8),
        output_upper=density,
        output_lower=bulking,
        price=Decimals(np.exp(random.uniform(np.log(50), np.log(150_000), count)).astype(np.int64) * 100),
        rule=np.full(count, Rule.LOOSE_TO_TONNE, np.uint8),
        upper=bulking,
        lower=density,
    )


def case(columns: SettlementColumns, licence: int) -> SettlementCase:
    """One licence as the domain case that the scalar path explains."""
    rows = range(licence * YEARS, (licence + 1) * YEARS)
    years = tuple(
        OutputYear(
            year=int(columns.year[at]),
            output=_decimal(columns.output, at),
            unit=Unit.M3_LOOSE,
            price=RawPrice(amount=int(columns.price.values[at]), unit=Unit.M3_LOOSE),
            conversion=Conversion(bulking_factor=_decimal(columns.upper, at), density=_decimal(columns.lower, at)),
        )
        for at in rows
    )
    mineral = MINERALS[columns.mineral[rows[0]]]
    line = SettlementLine(mineral=mineral, unit=Unit.TONNE, right=NoAuction(), years=years)
    return SettlementCase(
        kind=SettlementKind.FIRST, settled_on=SETTLED_ON, cutoff_on=CUTOFF_ON, minerals=(line,), paid_vnd=0
    )


def compare_settlements(rows: int) -> tuple[Deviation, float, float]:
    """Print seconds and memory of the columns and of the scalar path; deviation, times as fast, MB beyond the inputs."""
    columns = generate(rows // YEARS)
    book = law_book()
    cases = [case(columns, licence) for licence in range(SAMPLE)]

    def by_columns() -> None:
        settled_by_licence(columns.licence, settled_sums(columns, LAW))

    def one_by_one() -> None:
        for one in cases:
            compute_settlement(one, book)

    answer = settled_sums(columns, LAW)
    assert not answer.refused.any()
    totals = settled_by_licence(columns.licence, answer)
    assert [compute_settlement(one, book).result["settled_vnd"] for one in cases] == totals.amounts[:SAMPLE].tolist()
    exact = np.array([_exact(columns, at) for at in range(0, len(columns), len(columns) // 20_000)])
    found = deviation(answer.amounts[:: len(columns) // 20_000], exact)
    times = side_by_side({"columns": by_columns, "scalar": one_by_one}, rounds=5)
    each = times["columns"] / len(columns), times["scalar"] / (SAMPLE * YEARS)
    memory = peak_bytes(by_columns) / 1e6
    print(f"\n{len(columns):,} licence-years settled and added by licence: {times['columns']:.3f} s")
    print(f"  one by one, explained: {each[1] * 1e6:.1f} µs a licence-year; in columns {each[0] * 1e6:.3f} µs")
    return found, each[1] / each[0], memory


def _decimal(given: Decimals, at: int) -> Decimal:
    return Decimal(int(given.values[at])).scaleb(-given.places)


def _exact(columns: SettlementColumns, at: int) -> int:
    """One row by fractions alone."""
    H_n, D = Fraction(_decimal(columns.upper, at)), Fraction(_decimal(columns.lower, at))
    TL, K = (Fraction(half_up(one * 1000), 1000) for one in (D / H_n, H_n / D))
    row = non_auction_rate(law_book(), MINERALS[columns.mineral[at]], date(int(columns.year[at]), 1, 1))
    assert row is not None
    R = Fraction(row.number()) / 100
    return half_up(Fraction(_decimal(columns.output, at)) * TL * int(columns.price.values[at]) * K * R)
