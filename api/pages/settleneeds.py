"""What do the answers of a settlement choose: how many rows, which kinds of price, which conversion parameters they need?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.pages import settlefields
from api.pages.form import MOST_MINERALS, Given, conversion_fields, count
from api.pages.grid import MOST_YEARS
from fees.units import PAIRS
from rules.lawbook import law_book
from rules.quantity import Unit
from rules.resource_codes import clean_code

_OUTPUT_NEEDS: Final[dict[tuple[Unit, Unit], tuple[str, ...]]] = {
    (Unit.M3_LOOSE, Unit.M3_IN_SITU): ("bulking_factor",),
    (Unit.M3_LOOSE, Unit.TONNE): ("density", "bulking_factor"),
    (Unit.TONNE, Unit.M3_IN_SITU): ("density",),
}
"""What Annex V asks for an output in the first unit and a reserve in the second."""


def minerals(given: Given) -> int:
    """How many minerals the form shows."""
    return count(given, "minerals", 1, MOST_MINERALS)


def years(given: Given, index: int) -> int:
    """How many rows the grid of a mineral shows."""
    return count(given, f"m{index}_years", 1, MOST_YEARS)


def chosen(given: Given, name: str, options: Mapping[str, Any], default: str) -> str:
    """A choice of the form, the default where it is none of those offered."""
    value = given.get(name, "")
    return value if value in options else default


def way_of(given: Given, index: int) -> str:
    """How the licensed quantity of a mineral is given."""
    return chosen(given, f"m{index}_way", settlefields.WAYS, "quantity")


def right_of(given: Given, index: int) -> str:
    """How the right of a mineral was obtained."""
    return chosen(given, f"m{index}_right", settlefields.RIGHT, "no_auction")


def reapproves(given: Given) -> bool:
    """Whether a re-approval is asked for."""
    return given.get("reapprove", "yes") != "no"


def is_graded(given: Given, index: int) -> bool:
    """Whether the price goes by grade, so that every year has its own."""
    return "grade" in conversion_fields(given, index)


def needs_of(given: Given, index: int) -> tuple[str, ...]:
    """The conversion parameters of a mineral: those of its prices and those of its output, each once."""
    prefix = f"m{index}_"
    reserve = _unit(given.get(f"{prefix}quantity_unit", ""))
    needed = list(conversion_fields(given, index))
    outputs, prices = set(), set()
    for row in range(years(given, index)):
        outputs.add(given.get(f"{prefix}y{row}_unit") or given.get(f"{prefix}output_unit", ""))
        prices.add(given.get(f"{prefix}y{row}_price_unit") or given.get(f"{prefix}price_unit", ""))
    for name in sorted(outputs):
        unit = _unit(name)
        if unit is not None and reserve is not None and unit is not reserve:
            needed += _OUTPUT_NEEDS.get((unit, reserve), ("output_factor",))
    kinds = kinds_of(given, index)
    if "raw" in kinds:
        for name in sorted(prices):
            unit = _unit(name)
            needed += PAIRS.get((unit, reserve), ()) if unit and reserve else ()
    if settlefields.FRAME in kinds and reserve is not None:
        series = law_book().frame.get(clean_code(given.get(f"{prefix}code", "")))
        framed = {row.unit for row in series.rows} if series else set()
        for unit in sorted(one for one in framed if one is not None):
            needed += PAIRS.get((unit, reserve), ())
    if "kaolin_state" in needed:
        needed.append("output_state")
        if given.get(f"{prefix}output_state") != given.get(f"{prefix}kaolin_state"):
            needed.append("kaolin_recovery")
    return tuple(dict.fromkeys(needed))


def kind_of(given: Given, index: int, own: str = "") -> str:
    """The kind of a price of a mineral: its own where one is chosen there, else the mineral's."""
    return own or given.get(f"m{index}_price_kind", "") or "raw"


def kinds_of(given: Given, index: int) -> set[str]:
    """The kinds of all prices of a mineral."""
    own = [given.get(f"m{index}_y{row}_kind", "") for row in range(years(given, index))]
    if reapproves(given):
        own.append(given.get(f"m{index}_remaining_kind", ""))
    return {kind_of(given, index, one) for one in own}


def _unit(name: str) -> Unit | None:
    return Unit(name) if name in tuple(Unit) else None
