"""Which unit has a price, and which parameters does its conversion need?"""

from __future__ import annotations

from datetime import date

from fees.case import BandedPrice, Conversion, FrameAverage, GradedPrice, KaolinPrice, Price
from rules.lawbook import LawBook
from rules.quantity import Unit

PAIRS: dict[tuple[Unit, Unit], tuple[str, ...]] = {
    (Unit.M3_LOOSE, Unit.M3_IN_SITU): ("bulking_factor",),
    (Unit.M3_LOOSE, Unit.TONNE): ("bulking_factor", "density"),
}
"""Unit of a raw-mineral price and of the reserve that Annex IV III.1 converts, with the parameters it needs."""


def price_unit(book: LawBook, price: Price, on: date) -> Unit | None:
    """The unit of a price; for a frame average that of its line (``None`` where the frame's unit has no name here)."""
    if not isinstance(price, FrameAverage):
        return price.unit
    series = book.frame.get(price.code)
    line = None if series is None else series.at(on)
    return None if line is None else line.unit


def needed_parameters(price: Price, unit: Unit | None, reserve: Unit, conversion: Conversion) -> tuple[str, ...]:
    """The conversion parameters the price's own formula needs."""
    match price:
        case GradedPrice():
            return ("grade", "price_grade")
        case BandedPrice():
            return ("grade",)
        case KaolinPrice(state=state):
            if conversion.kaolin_state is state:
                return ("kaolin_state",)
            return ("kaolin_state", "kaolin_recovery")
        case _:
            return () if unit is None else PAIRS.get((unit, reserve), ())
