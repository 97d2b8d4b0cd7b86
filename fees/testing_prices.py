"""Prices of every kind with the conversion that fits them, as documents of the contract carry them (extra ``testing``).

Everything here is sound: a line built from it computes. Sizes are bounded so that three lines stay below 10^18 đồng.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from fees.output_conversion import KAOLIN
from fees.testing_dates import FeeKind
from fees.units import PAIRS
from rules.lawbook import FrameLine, LawBook
from rules.quantity import Unit

Json = dict[str, Any]
"""A JSON object: decimals as text, money and counts as integers."""

_LARGE: Final = 10**15
_SOLID: Final = (Unit.M3_IN_SITU, Unit.M3_LOOSE, Unit.TONNE, Unit.KG)
_SOURCES: Final = ("Văn bản 12/UBND-KT ngày 05/01/2026", "Báo cáo thăm dò", "TCVN 4447:2012")


@st.composite
def decimal_texts(draw: st.DrawFn, least: Decimal | str, most: Decimal | str, places: int = 5) -> str:
    """Plain decimals between two bounds, both included, with up to ``places`` decimals, trailing zeros too."""
    low, high = Decimal(least), Decimal(most)
    digits = draw(st.integers(max(0, -int(low.normalize().as_tuple().exponent)), places))
    scaled = draw(st.integers(int(low.scaleb(digits)), int(high.scaleb(digits))))
    whole, rest = divmod(scaled, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def frame_lines(book: LawBook, on: date) -> list[FrameLine]:
    """The lines of the Ministry's price frame that give an average on a day: raw mineral, both prices read."""
    found = (series.at(on) for series in book.frame.values())
    return [one for one in found if one and one.raw and one.high is not None and not one.derived and one.unit]


def lines(mineral: str, kind: FeeKind, on: date, book: LawBook) -> st.SearchStrategy[Json]:
    """``quantity``, ``quantity_unit``, ``price`` and ``conversion`` of one mineral line that fit each other."""
    water = book.minerals[mineral].water
    units = (Unit.M3_WATER,) if water else _SOLID
    priced: list[st.SearchStrategy[Json]] = [
        raw(units),
        large(units),
        determined(),
        *map(frame, _frames(water, book, on)),
    ]
    if not water:
        priced += [raw_converted(), graded(units), banded(units)]
    if mineral == KAOLIN and book.find("conversion.kaolin_same_state", on) is not None:
        priced += [kaolin(), kaolin()]
    if water and kind == "licence_right_fee":
        priced.append(flow())
    return st.one_of(priced)


def _frames(water: bool, book: LawBook, on: date) -> list[list[FrameLine]]:
    fitting = [one for one in frame_lines(book, on) if (one.unit is Unit.M3_WATER) is water]
    return [fitting] if fitting else []


@st.composite
def raw(draw: st.DrawFn, units: tuple[Unit, ...]) -> Json:
    """Raw mineral priced in the unit of the reserve; parameters that the formula does not need are allowed."""
    unit = draw(st.sampled_from(units))
    unused = draw(st.one_of(st.just({}), parameters("bulking_factor", "density", "grade")))
    return _line(draw, unit, _price(draw, "raw", unit), unused)


@st.composite
def large(draw: st.DrawFn, units: tuple[Unit, ...]) -> Json:
    """Quantities up to the largest the contract takes, at a few đồng."""
    unit = draw(st.sampled_from(units))
    price = {"kind": "raw", "amount": draw(st.integers(1, 10)), "unit": unit.value}
    return {"quantity": draw(decimal_texts("1", str(_LARGE), 0)), "quantity_unit": unit.value, "price": price}


@st.composite
def raw_converted(draw: st.DrawFn) -> Json:
    """Raw mineral priced per m³ loose, reserve in the ground or in tonnes."""
    (unit, reserve), needed = draw(st.sampled_from(sorted(PAIRS.items())))
    return _line(draw, reserve, _price(draw, "raw", unit), draw(parameters(*needed)))


@st.composite
def graded(draw: st.DrawFn, units: tuple[Unit, ...]) -> Json:
    """One price for ore, concentrate or a component at a grade; the deposit's grade up to ten times as high."""
    unit = draw(st.sampled_from(units))
    kind = draw(st.sampled_from(["ore_grade", "concentrate", "component"]))
    grade_unit = draw(st.sampled_from([None, "percent", "g_per_tonne"]))
    price_grade = draw(decimal_texts("0.01", "1000" if grade_unit == "g_per_tonne" else "100"))
    highest = Decimal(price_grade) * 10
    if grade_unit != "g_per_tonne":
        highest = min(highest, Decimal(100))
    conversion = {"grade": draw(decimal_texts("0.01", highest)), "price_grade": price_grade}
    if grade_unit is not None:
        conversion["grade_unit"] = grade_unit
    return _line(draw, unit, _price(draw, kind, unit), conversion)


@st.composite
def banded(draw: st.DrawFn, units: tuple[Unit, ...]) -> Json:
    """A price list by grade bands, each end open or closed, and a grade on, near, between and beyond its edges."""
    unit = draw(st.sampled_from(units))
    scale = draw(st.sampled_from([0, 1, 3]))
    edges = sorted(draw(st.sets(st.integers(10**scale, 60 * 10**scale), min_size=1, max_size=6)))
    texts = [str(Decimal(edge).scaleb(-scale)) for edge in edges]
    open_below, open_above = draw(st.sampled_from([(True, True), (True, False), (False, True), (False, False)]))
    if len(texts) == 1 and not (open_below or open_above):
        open_below = True
    closes = [draw(st.booleans()) for _ in texts]  # whether an edge belongs to the band below it
    lows = [None, *range(len(texts))] if open_below else list(range(len(texts)))
    bands = []
    for low in lows:
        high = 0 if low is None else low + 1
        if high == len(texts) and not open_above:
            break
        band: Json = {}
        if low is not None:
            band["above" if closes[low] else "from"] = texts[low]
        if high < len(texts):
            band["to" if closes[high] else "below"] = texts[high]
        bands.append({**band, "amount": draw(st.integers(1, 10**6))})
    edge = Decimal(draw(st.sampled_from(texts)))
    near = st.sampled_from(["-0.0006", "-0.0005", "-0.0004", "0", "0.0004", "0.0005"]).map(
        lambda by: str(edge + Decimal(by))
    )
    grade = draw(st.one_of(near, decimal_texts("0.01", "100")))
    return _line(draw, unit, {"kind": "ore_bands", "bands": bands, "unit": unit.value}, {"grade": grade})


@st.composite
def kaolin(draw: st.DrawFn) -> Json:
    """Kaolin priced before or under the sieve, its reserve in either state."""
    unit = draw(st.sampled_from((Unit.TONNE, Unit.M3_LOOSE)))
    kind = draw(st.sampled_from(["kaolin_unsieved", "kaolin_sieved"]))
    conversion = draw(parameters("kaolin_recovery"))
    conversion["kaolin_state"] = draw(st.sampled_from(["unsieved", "sieved"]))
    return _line(draw, unit, _price(draw, kind, unit), conversion)


@st.composite
def determined(draw: st.DrawFn) -> Json:
    """A factor that the authority set, for any pair of units."""
    reserve, unit = draw(st.sampled_from(list(Unit))), draw(st.sampled_from(list(Unit)))
    conversion = {"factor": draw(decimal_texts("0.001", "10")), "factor_source": draw(st.sampled_from(_SOURCES))}
    return _line(draw, reserve, _price(draw, "determined", unit), conversion)


@st.composite
def frame(draw: st.DrawFn, fitting: list[FrameLine]) -> Json:
    """No provincial price: a line of the price frame, with the parameters its unit needs."""
    line = draw(st.sampled_from(fitting))
    assert line.unit is not None
    pairs = {pair[1]: needed for pair, needed in PAIRS.items() if pair[0] is line.unit}
    reserve = draw(st.sampled_from([line.unit, *pairs]))
    price: Json = {"kind": "frame_average", "code": line.code}
    if draw(st.booleans()):
        price["unit"] = line.unit.value
    return _line(draw, reserve, price, draw(parameters(*pairs.get(reserve, ()))))


@st.composite
def flow(draw: st.DrawFn) -> Json:
    """Mineral or hot water by its flow; the hours of a day may be left out."""
    line: Json = {
        "flow_m3_per_day": draw(decimal_texts("0.1", "100000", 3)),
        "term_days": draw(st.one_of(st.integers(1, 20000), st.sampled_from([365, 366, 3650]))),
        "price": _price(draw, "raw", Unit.M3_WATER),
    }
    hours = draw(st.one_of(st.none(), decimal_texts("0.5", "24", 2)))
    if hours is not None or draw(st.booleans()):
        line["hours_per_day"] = hours
    return line


_PARAMETERS: Final[dict[str, Callable[[], st.SearchStrategy[str]]]] = {
    "bulking_factor": lambda: decimal_texts("1", "2"),
    "density": lambda: decimal_texts("0.5", "8"),
    "grade": lambda: decimal_texts("0.01", "100"),
    "kaolin_recovery": lambda: st.one_of(decimal_texts("0.1", "1"), st.just("1"), st.just("0.62")),
}


@st.composite
def parameters(draw: st.DrawFn, *names: str) -> Json:
    """Conversion parameters by name, all above 0 once rounded to three decimals."""
    return {name: draw(_PARAMETERS[name]()) for name in names}


@st.composite
def _quantities(draw: st.DrawFn, digits: int) -> str:
    """Any size up to 10^digits as likely as another, so that large fees (paid in instalments) are common."""
    most = draw(st.integers(0, digits))
    return draw(decimal_texts("0.001" if most == 0 else str(10 ** (most - 1)), str(10**most), 3))


def _price(draw: st.DrawFn, kind: str, unit: Unit) -> Json:
    amount = draw(st.integers(1, 10**9 if unit is Unit.KG else 10**7))
    return {"kind": kind, "amount": amount, "unit": unit.value}


def _line(draw: st.DrawFn, reserve: Unit, price: Json, conversion: Json) -> Json:
    small = reserve is Unit.KG or price.get("unit") == Unit.KG
    line: Json = {
        "quantity": draw(_quantities(6 if small else 8)),
        "quantity_unit": reserve.value,
        "price": price,
    }
    given = draw(st.booleans())
    if conversion or given:
        line["conversion"] = conversion or draw(st.sampled_from([None, {}]))
    return line
