"""What do the recurring duties cost? Returns one by one with their explanation, and the same returns in columns, answers first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.measure import side_by_side
from fees.column_conversion import Decimals
from fees.column_duties import ColumnSums
from fees.column_interest import InterestColumns, late_interests
from fees.column_law import METHODS
from fees.column_licence_fees import PROCEDURES, LicenceColumns, licence_fees
from fees.column_returns import FeeColumns, MineralColumns, TaxColumns, environmental_fees, resource_taxes
from fees.environmental_fee import ChargedMineral, EnvironmentalFeeCase, compute_environmental_fee
from fees.late_interest import LateInterestCase, compute_late_interest
from fees.licence_fee import LicenceFeeCase, compute_licence_fee, licence_classes
from fees.resource_tax import ResourceTaxCase, compute_resource_tax
from fees.result import Computed
from rules.lawbook import law_book

SEED = 27_2023
SAMPLE = 2_000
BOOK = law_book()
EPOCH = date(1970, 1, 1)
CLASSES = tuple(licence_classes())


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty: all rows in columns, one row explained, where the sum of an explained row stands."""

    columns: Callable[[], ColumnSums]
    explained: Callable[[int], Computed]
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCost:
    """Rows a second in columns, milliseconds of the slowest explained row."""

    rows_a_second: float
    slowest_ms: float


def duties(count: int, seed: int = SEED) -> dict[str, Duty]:
    """`count` sound rows of every duty, the same for the same seed."""
    random = np.random.default_rng(seed)

    def spread(low: int, high: int) -> NDArray[np.int64]:
        return np.exp(random.uniform(np.log(low), np.log(high), count)).astype(np.int64)

    def months(first: int) -> NDArray[Any]:
        month = np.datetime64(f"{first}-08") + random.integers(0, 12 * 3, count)
        return month.astype("datetime64[D]")

    tax = TaxColumns(
        period=months(2023), quantity=Decimals(spread(1_000, 10**10), 3), selling_price=Decimals(spread(10**4, 10**9), 2),
        provincial_price=spread(10**3, 10**7), rate=Decimals(random.integers(1, 28, count)),
    )  # fmt: skip
    ore = Decimals(spread(1_000, 10**9), 3)
    first = random.integers(1, 100, count)
    fee = FeeColumns(
        period=months(2023), overburden=Decimals(spread(1_000, 10**9), 3),
        method=random.integers(0, len(METHODS), count, np.uint8), salvage=random.random(count) < 0.1,
        minerals=[MineralColumns(ore, spread(10**3, 3 * 10**5), Decimals(share)) for share in (first, 100 - first)],
    )  # fmt: skip
    due = np.datetime64("2021-01-01") + random.integers(0, 365 * 6, count)
    late = InterestColumns(amount=spread(10**4, 10**12), due_on=due, paid_on=due + random.integers(-20, 1_500, count))
    licence = LicenceColumns(
        granted_on=np.datetime64("2024-03-21") + random.integers(0, 900, count),
        of_class=random.integers(0, len(CLASSES), count, np.uint8),
        procedure=random.integers(0, len(PROCEDURES), count, np.uint8),
        area=Decimals(spread(10, 10**6), 1), capacity=Decimals(spread(10**3, 10**6)),
    )  # fmt: skip
    return {
        "resource_tax": Duty(
            columns=lambda: resource_taxes(tax, BOOK),
            explained=lambda at: compute_resource_tax(
                ResourceTaxCase(
                    period=_day(tax.period, at), quantity=_decimal(tax.quantity, at),
                    selling_price=_decimal(tax.selling_price, at), provincial_price=int(tax.provincial_price[at]),
                    rate=_decimal(tax.rate, at),
                ),
                BOOK,
            ),
            amount="tax_vnd",
        ),
        "environmental_fee": Duty(
            columns=lambda: environmental_fees(fee, BOOK),
            explained=lambda at: compute_environmental_fee(
                EnvironmentalFeeCase(
                    period=_day(fee.period, at), overburden_m3=_decimal(fee.overburden, at),
                    method=METHODS[fee.method[at]], salvage=bool(fee.salvage[at]),
                    minerals=tuple(
                        ChargedMineral(
                            quantity=_decimal(one.quantity, at), rate_vnd=int(one.rate[at]), share=_decimal(one.share, at)
                        )
                        for one in fee.minerals
                    ),
                ),
                BOOK,
            ),
            amount="fee_vnd",
        ),
        "late_interest": Duty(
            columns=lambda: late_interests(late, BOOK),
            explained=lambda at: compute_late_interest(
                LateInterestCase(
                    amount_vnd=int(late.amount[at]), due_on=_day(late.due_on, at), paid_on=_day(late.paid_on, at)
                ),
                BOOK,
            ),
            amount="interest_vnd",
        ),
        "licence_fee": Duty(
            columns=lambda: licence_fees(licence, BOOK),
            explained=lambda at: compute_licence_fee(
                LicenceFeeCase(
                    granted_on=_day(licence.granted_on, at), of_class=CLASSES[licence.of_class[at]],
                    procedure=PROCEDURES[licence.procedure[at]],
                    measures={"area": _decimal(licence.area, at), "capacity": _decimal(licence.capacity, at)},
                ),
                BOOK,
            ),
            amount="licence_fee_vnd",
        ),
    }  # fmt: skip


def compare_duties(rows: int) -> dict[str, DutyCost]:
    """Compare the columns of every duty with its explained path on a sample, then print and return what both cost."""
    found = {}
    print(f"\n{rows:,} returns of each duty in columns; {SAMPLE:,} explained one by one")
    for name, duty in duties(rows).items():
        answer = duty.columns()
        assert not answer.refused.any(), name
        explained, slowest = [], 0.0
        for at in range(SAMPLE):
            started = perf_counter()
            explained.append(duty.explained(at).result[duty.amount])
            slowest = max(slowest, perf_counter() - started)
        assert explained == answer.amounts[:SAMPLE].tolist(), f"{name}: the columns and the explained path differ"
        seconds = side_by_side({"columns": duty.columns}, rounds=5)["columns"]
        each = _median(duty)
        found[name] = DutyCost(rows_a_second=rows / seconds, slowest_ms=slowest * 1000)
        print(
            f"  {name:20}{seconds:8.3f} s in columns; {each * 1e6:6.0f} µs explained, at most {slowest * 1000:.1f} ms"
        )
    return found


def _median(duty: Duty) -> float:
    times = []
    for at in range(SAMPLE):
        started = perf_counter()
        duty.explained(at)
        times.append(perf_counter() - started)
    return sorted(times)[SAMPLE // 2]


def _day(days: NDArray[Any], at: int) -> date:
    return EPOCH + timedelta(days=int(days[at].astype("datetime64[D]").astype(np.int64)))


def _decimal(given: Decimals | None, at: int) -> Decimal:
    assert given is not None
    return Decimal(int(given.values[at])).scaleb(-given.places)
