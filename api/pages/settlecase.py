"""Which settlement and which re-approval do the answers describe? Two contract documents, and the field of each path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.pages import fields, settlefields
from api.pages.form import MOST_MINERALS, Case, Given, conversion_fields, count
from api.pages.grid import MOST_YEARS
from fees.units import PAIRS
from rules.quantity import Unit

Json = dict[str, Any]
_OUTPUT_NEEDS: Final[dict[tuple[Unit, Unit], tuple[str, ...]]] = {
    (Unit.M3_LOOSE, Unit.M3_IN_SITU): ("bulking_factor",),
    (Unit.M3_LOOSE, Unit.TONNE): ("density", "bulking_factor"),
    (Unit.TONNE, Unit.M3_IN_SITU): ("density",),
}
"""What Annex V asks for an output in the first unit and a reserve in the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The two cases; ``reapproval`` is ``None`` where it was not asked for."""

    settlement: Case
    reapproval: Case | None

    @property
    def unread(self) -> bool:
        """Whether any answer could not be read."""
        return bool(self.settlement.unread or (self.reapproval and self.reapproval.unread))


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
    if given.get(f"{prefix}price_kind", "raw") == "raw":
        for name in sorted(prices):
            unit = _unit(name)
            needed += PAIRS.get((unit, reserve), ()) if unit and reserve else ()
    if "kaolin_state" in needed:
        needed.append("output_state")
        if given.get(f"{prefix}output_state") != given.get(f"{prefix}kaolin_state"):
            needed.append("kaolin_recovery")
    return tuple(dict.fromkeys(needed))


def cases_of(given: Given, identifier: str) -> Cases:
    """The cases that the answers describe, whatever is missing or wrong in them."""
    document: Json = {"id": identifier, "kind": "settlement"}
    case = Case(document)
    for key, spec in settlefields.SETTLEMENT.items():
        if key != "reapprove":
            # the page has an element called "case" already
            case.put(document, spec, given, key="case" if key == "occasion" else key)
    document.setdefault("case", "first")
    document["minerals"] = [_settled(case, given, index) for index in range(minerals(given))]
    return Cases(settlement=case, reapproval=_reapproval(given, identifier) if reapproves(given) else None)


def _settled(case: Case, given: Given, index: int) -> Json:
    prefix, path = f"m{index}_", f"minerals[{index}]."
    line: Json = {}
    for key in ("mineral", "quantity_unit", "as"):
        case.put(line, settlefields.MINERAL[key], given, prefix, path)
    line["right"] = _right(case, given, index, f"{path}right.")
    rows: list[Json] = []
    case.names[f"{path}years"] = f"{prefix}y0_year"
    for row in filled_rows(given, index):
        rows.append(_year(case, given, index, row, f"{path}years[{len(rows)}]."))
    line["years"] = rows
    second = settlefields.SECOND_READING
    if given.get(f"{prefix}cutoff_price", "").strip():
        line["cutoff_price"] = _price(case, given, index, second["cutoff_price"], prefix, f"{path}cutoff_price.")
        line["cutoff_conversion"] = _conversion(case, given, index, f"{path}cutoff_conversion.")
    case.put(line, second["unpaid_quantity"], given, prefix, path)
    return line


def filled_rows(given: Given, index: int) -> Iterator[int]:
    """The rows of the grid in which a figure stands."""
    for row in range(years(given, index)):
        own = f"m{index}_y{row}_"
        if any(given.get(own + key, "").strip() for key, spec in settlefields.YEAR.items() if not spec.options):
            yield row


def _year(case: Case, given: Given, index: int, row: int, path: str) -> Json:
    own, shape = f"m{index}_y{row}_", settlefields.YEAR
    line: Json = {}
    case.put(line, shape["year"], given, own, path)
    case.put(line, shape["output"], given, own, path)
    if unit := given.get(f"{own}unit") or given.get(f"m{index}_output_unit"):
        line["output_unit"] = unit
    case.names[f"{path}output_unit"] = f"m{index}_output_unit"
    line["price"] = _price(case, given, index, shape["price"], own, f"{path}price.", given.get(f"{own}price_unit", ""))
    line["conversion"] = _conversion(case, given, index, f"{path}conversion.")
    if is_graded(given, index):
        case.put(line["conversion"], shape["grade"], given, own, f"{path}conversion.")
        if not given.get(f"{own}grade", "").strip():
            # the grade of the deposit stands in for a year that names none
            case.put(line["conversion"], fields.CONVERSION["grade"], given, f"m{index}_", f"{path}conversion.")
    case.put(line, shape["rate"], given, own, path, "rate_percent")
    return line


def _price(case: Case, given: Given, index: int, spec: Any, prefix: str, path: str, unit: str = "") -> Json:
    kind = given.get(f"m{index}_price_kind", "") or "raw"
    price: Json = {"kind": kind}
    case.names[f"{path}kind"] = f"m{index}_price_kind"
    case.names[path.removesuffix(".")] = prefix + spec.key
    case.put(price, spec, given, prefix, path, "amount")
    if unit := unit or given.get(f"m{index}_price_unit", ""):
        price["unit"] = unit
    case.names[f"{path}unit"] = f"m{index}_price_unit"
    return price


def _conversion(case: Case, given: Given, index: int, path: str) -> Json:
    conversion: Json = {}
    for key in needs_of(given, index):
        spec = settlefields.OUTPUT_CONVERSION.get(key) or fields.CONVERSION[key]
        case.put(conversion, spec, given, f"m{index}_", path)
    return conversion


def _right(case: Case, given: Given, index: int, path: str) -> Json:
    by = right_of(given, index)
    right: Json = {"by": by}
    case.names[path.removesuffix(".")] = f"m{index}_right"
    for spec in settlefields.RIGHT[by]:
        case.put(right, spec, given, f"m{index}_", path)
    return right


def _reapproval(given: Given, identifier: str) -> Case:
    document: Json = {"id": identifier, "kind": "reapproval"}
    case = Case(document)
    for spec in settlefields.REAPPROVAL.values():
        case.put(document, spec, given)
    case.put(document, settlefields.SETTLEMENT["rounding_vnd"], given)
    document["minerals"] = [_remaining(case, given, index) for index in range(minerals(given))]
    return case


def _remaining(case: Case, given: Given, index: int) -> Json:
    prefix, path = f"m{index}_", f"minerals[{index}]."
    way = way_of(given, index)
    line: Json = {}
    case.put(line, settlefields.MINERAL["mineral"], given, prefix, path)
    inner: Json = {}
    for spec in settlefields.WAYS[way]:
        nested = way == settlefields.RESERVES
        case.put(inner if nested else line, spec, given, prefix, f"{path}reserves." if nested else path)
    if way == settlefields.RESERVES:
        line["reserves"] = inner
    if way != "flow":
        for key in ("quantity_unit", "output_unit"):
            case.put(line, settlefields.MINERAL[key], given, prefix, path)
        for key in ("mined_before_2014", "mined_since_2014"):
            case.put(line, settlefields.REMAINING[key], given, prefix, path)
    case.put(line, settlefields.MINERAL["as"], given, prefix, path)
    line["price"] = _price(case, given, index, settlefields.REMAINING["remaining_price"], prefix, f"{path}price.")
    line["conversion"] = _conversion(case, given, index, f"{path}conversion.")
    line["right"] = _right(case, given, index, f"{path}right.")
    return line


def _unit(name: str) -> Unit | None:
    return Unit(name) if name in tuple(Unit) else None
