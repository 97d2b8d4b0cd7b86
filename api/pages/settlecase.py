"""Which settlement and which re-approval do the answers describe? Two contract documents, and the field of each path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.pages import fields, settlefields
from api.pages.form import Case, Given
from api.pages.settlebands import read_bands
from api.pages.settleneeds import is_graded, kind_of, minerals, needs_of, reapproves, right_of, way_of, years
from rules.resource_codes import clean_code
from rules.trace import Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The two cases; ``reapproval`` is ``None`` where it was not asked for."""

    settlement: Case
    reapproval: Case | None

    @property
    def unread(self) -> bool:
        """Whether any answer could not be read."""
        return bool(self.settlement.unread or (self.reapproval and self.reapproval.unread))


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
    unit, kind = given.get(f"{own}price_unit", ""), kind_of(given, index, given.get(f"{own}kind", ""))
    line["price"] = _price(case, given, index, shape["price"], own, f"{path}price.", unit, kind)
    line["conversion"] = _conversion(case, given, index, f"{path}conversion.")
    if is_graded(given, index):
        case.put(line["conversion"], shape["grade"], given, own, f"{path}conversion.")
        if not given.get(f"{own}grade", "").strip():
            # the grade of the deposit stands in for a year that names none
            case.put(line["conversion"], fields.CONVERSION["grade"], given, f"m{index}_", f"{path}conversion.")
    case.put(line, shape["rate"], given, own, path, "rate_percent")
    return line


def _price(
    case: Case, given: Given, index: int, spec: Any, prefix: str, path: str, unit: str = "", kind: str = ""
) -> Json:
    kind = kind or kind_of(given, index)
    price: Json = {"kind": kind}
    case.names[f"{path}kind"] = f"m{index}_price_kind"
    case.names[path.removesuffix(".")] = prefix + spec.key
    if kind == settlefields.FRAME:
        case.put(price, settlefields.MINERAL["code"], given, f"m{index}_", path)
        if "code" in price:
            price["code"] = clean_code(price["code"])
        return price
    if kind == settlefields.BANDS:
        name, text = prefix + spec.key, given.get(prefix + spec.key, "").strip()
        case.names[f"{path}bands"] = name
        if text:
            bands = read_bands(text)
            if isinstance(bands, Text):
                case.unread[name] = bands
            price["bands"] = text if isinstance(bands, Text) else bands
    else:
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
    kind = kind_of(given, index, given.get(f"{prefix}remaining_kind", ""))
    spec = settlefields.REMAINING["remaining_price"]
    line["price"] = _price(case, given, index, spec, prefix, f"{path}price.", kind=kind)
    line["conversion"] = _conversion(case, given, index, f"{path}conversion.")
    line["right"] = _right(case, given, index, f"{path}right.")
    return line
