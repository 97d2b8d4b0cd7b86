"""What a licence-right fee is computed from: the licence, its minerals, their prices and conversions, as given.

Quantities, rates, grades and factors are exact decimals, money is whole đồng. The compute contract checks types and
signs before these values are built; legal bounds and fitting units are checked where the law asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.quantity import Unit


class Group(StrEnum):
    """Legal group of a mineral (Law 54/2024 Art. 6); an input, because use decides it as much as kind."""

    I = "I"  # noqa: E741 - the law's own name
    II = "II"
    III = "III"
    IV = "IV"


class GradeUnit(StrEnum):
    """Unit of a grade and of the grades of its price."""

    PERCENT = "percent"
    G_PER_TONNE = "g_per_tonne"


class KaolinState(StrEnum):
    """State of kaolin before or under the sieve."""

    UNSIEVED = "unsieved"
    SIEVED = "sieved"


class Discard(StrEnum):
    """Material that the mine discards and somebody recovers (Decree 193/2025 Art. 148(3))."""

    WASTE_ROCK = "waste_rock"
    TAILINGS = "tailings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Mining licence, salvage licence or recovery certificate (*giấy phép khai thác khoáng sản*)."""

    issued_on: date
    expires_on: date
    group: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPrice:
    """Resource-tax price of raw mineral, đồng per ``unit``."""

    amount: int
    unit: Unit


class GradedKind(StrEnum):
    """Prices that hold for one grade."""

    ORE_GRADE = "ore_grade"
    CONCENTRATE = "concentrate"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedPrice:
    """One price for ore, concentrate or a useful component at the conversion's ``price_grade``."""

    kind: GradedKind
    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band of a price list. ``low`` is included unless ``above``; ``high`` is excluded unless ``to``."""

    low: Decimal | None
    above: bool
    high: Decimal | None
    to: bool
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BandedPrice:
    """Prices by grade bands, ascending, without hole or overlap."""

    bands: tuple[Band, ...]
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class KaolinPrice:
    """Price of kaolin in a state."""

    state: KaolinState
    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminedPrice:
    """A price whose conversion factor the authority set itself (Decree 193/2025 Annex IV part IV)."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAverage:
    """No provincial price yet: the mean of the Ministry's frame for line ``code``."""

    code: str
    unit: Unit | None


Price = RawPrice | GradedPrice | BandedPrice | KaolinPrice | DeterminedPrice | FrameAverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Conversion parameters as given; ``None`` where absent. Unused ones are allowed."""

    bulking_factor: Decimal | None = None
    density: Decimal | None = None
    grade: Decimal | None = None
    price_grade: Decimal | None = None
    grade_unit: GradeUnit = GradeUnit.PERCENT
    kaolin_recovery: Decimal | None = None
    kaolin_state: KaolinState | None = None
    factor: Decimal | None = None
    factor_source: str | None = None
    output_state: KaolinState | None = None
    output_factor: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A licensed reserve or volume in its unit."""

    quantity: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Mineral or hot water: m³ a day for a term in days; ``hours_per_day`` is ``None`` where the licence is silent."""

    flow_m3_per_day: Decimal
    term_days: int
    hours_per_day: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MineralLine:
    """One mineral of a licence. ``exempt`` is the volume of Law 54/2024 Art. 98(3)(b)."""

    mineral: str
    amount: Volume | Flow
    price: Price
    conversion: Conversion = field(default_factory=Conversion)
    exempt: Decimal = Decimal(0)
    winning_rate: Decimal | None = None
    discard: Discard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCase:
    """A fee approved under Decree 193/2025."""

    approved_on: date
    licence: Licence
    minerals: tuple[MineralLine, ...]
    tax_notice_on: date | None = None
    rounding_vnd: int = 1


class MiningMethod(StrEnum):
    """Mining method, for K1."""

    OPEN_PIT = "open_pit"
    UNDERGROUND = "underground"
    OTHER = "other"


class Area(StrEnum):
    """Socio-economic area of the investment law, for K2."""

    ESPECIALLY_DIFFICULT = "especially_difficult"
    DIFFICULT = "difficult"
    OTHER = "other"


class Licensor(StrEnum):
    """Who issued the licence."""

    MINISTRY = "ministry"
    PROVINCE = "province"


class Split(StrEnum):
    """Whether a later year is paid at once or in two halves."""

    ONE = "one"
    HALVES = "halves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repricing:
    """From the payment of ``year`` on: a new resource-tax price (đồng) or a new rate (percent), or both."""

    year: int
    price_amount: int | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee2019Case(FeeCase):
    """A fee approved under Decree 67/2019."""

    mining_method: MiningMethod
    area: Area
    licensed_by: Licensor
    split: Split = Split.ONE
    repricing: tuple[Repricing, ...] = ()
