"""Which rows does every engine of the bench compute, and what is the exact answer to each?

The fee is T = Q x G_tn x K_qd x K1 x K2 x R (Decree 67/2019 Art. 5 and 7), K_qd = H_n / D rounded half up to 3
decimals, T rounded half up to the đồng; R, K1 and K2 are those in force on the day of approval (`law.toml`).
"""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEED = 67_2019
LAW = tomllib.loads((Path(__file__).parent / "law.toml").read_text("utf-8"))
STARTS = np.array(LAW["from"], "datetime64[D]")
LAST = np.datetime64(LAW["last"], "D")
MINERALS: tuple[str, ...] = tuple(LAW["rate_percent"])
METHODS: tuple[str, ...] = tuple(LAW["method_tenths"])
AREAS: tuple[str, ...] = tuple(LAW["area_hundredths"])


def law_table(name: str) -> NDArray[np.int64]:
    """The whole numbers of one table of `law.toml`, shaped (period, code)."""
    return np.array(list(LAW[name].values()), np.int64).T.copy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Licences as columns of one length.

    `quantity`, `bulking` (H_n) and `density` (D, t/m3; 1.000 where the price is per m3 loose and the reserve in m3, so
    that K_qd = H_n) are int64 thousandths; `price` is int64 whole đồng; `mineral`, `method` and `area` are uint8
    positions in MINERALS, METHODS, AREAS; `approved_on` is datetime64[D].
    """

    quantity: NDArray[np.int64]
    price: NDArray[np.int64]
    bulking: NDArray[np.int64]
    density: NDArray[np.int64]
    mineral: NDArray[np.uint8]
    method: NDArray[np.uint8]
    area: NDArray[np.uint8]
    approved_on: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.quantity)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """The columns by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def nbytes(self) -> int:
        """Bytes held by all columns."""
        return sum(column.nbytes for column in self.columns().values())


def generate(count: int, seed: int = SEED) -> Rows:
    """`count` licences, the same for the same seed.

    Quantities are spread evenly over the orders of magnitude from 1,000 to 5 x 10^8 with none to three decimals, prices
    from 5,000 to 15,000,000 đồng in hundreds. The exact numerator of the fee passes 2^63 in most rows.
    """
    random = np.random.default_rng(seed)
    decimals = 10 ** random.integers(0, 4, count)
    quantity = np.exp(random.uniform(np.log(1e3), np.log(5e8), count)) * 1000
    days = int((LAST - STARTS[0]).astype(int)) + 1
    return Rows(
        quantity=quantity.astype(np.int64) // decimals * decimals,
        price=np.exp(random.uniform(np.log(50), np.log(150_000), count)).astype(np.int64) * 100,
        bulking=random.integers(1_000, 1_900, count),
        density=np.where(random.random(count) < 1 / 3, 1_000, random.integers(1_200, 4_500, count)),
        mineral=random.integers(0, len(MINERALS), count, np.uint8),
        method=random.integers(0, len(METHODS), count, np.uint8),
        area=random.integers(0, len(AREAS), count, np.uint8),
        approved_on=STARTS[0] + random.integers(0, days, count).astype("timedelta64[D]"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One licence as a person would type it: plain decimals as text, the price in whole đồng, codes and an ISO date."""

    quantity: str
    price: int
    bulking: str
    density: str
    mineral: str
    method: str
    area: str
    approved_on: str


def case(rows: Rows, at: int) -> Case:
    """Row `at` as a single case."""
    return Case(
        quantity=_decimal(rows.quantity[at]),
        price=int(rows.price[at]),
        bulking=_decimal(rows.bulking[at]),
        density=_decimal(rows.density[at]),
        mineral=MINERALS[rows.mineral[at]],
        method=METHODS[rows.method[at]],
        area=AREAS[rows.area[at]],
        approved_on=str(rows.approved_on[at]),
    )


def exact_fee(one: Case) -> int:
    """The fee of one case in whole đồng by fractions alone, sharing nothing with any engine of the bench."""
    period = max(at for at, start in enumerate(LAW["from"]) if start <= one.approved_on)
    factor = Fraction(_half_up(Fraction(one.bulking) / Fraction(one.density) * 1000), 1000)
    rate = Fraction(LAW["rate_percent"][one.mineral][period], 100)
    method = Fraction(LAW["method_tenths"][one.method][period], 10)
    area = Fraction(LAW["area_hundredths"][one.area][period], 100)
    return _half_up(Fraction(one.quantity) * one.price * factor * method * area * rate)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _decimal(thousandths: np.int64) -> str:
    whole, rest = divmod(int(thousandths), 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
