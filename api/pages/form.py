"""Which case do the answers of the fee form describe? A contract document, and which field each path of it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from api.pages import fields
from api.pages.fields import Spec
from fees.units import PAIRS
from rules.lawbook import law_book
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]
Given = Mapping[str, str]
MOST_MINERALS: Final = 20
MOST_ROWS: Final = 40
LEAST_BANDS: Final = 2
_DECREE: Final = "193/2025/NĐ-CP"
_GRADED: Final = ("ore_grade", "concentrate", "component")
_UNIT_CHOSEN: Final = ("raw", "determined")
_LINE: Final = re.compile(r"m([0-9]{1,3})_(.+)")
_ACTION: Final = re.compile(r"(add_band|drop_mineral)_([0-9]{1,3})")


def present_law_from() -> date:
    """The first day of the decree of the present formula."""
    return next(one.period.start for one in law_book().instruments if one.number == _DECREE)


def old_law(given: Given) -> bool:
    """Whether the approval date lies before the decree of the present formula."""
    approved = fields.LICENCE["approved_on"].read(given.get("approved_on", "").strip())
    return isinstance(approved, str) and approved < present_law_from().isoformat()


def count(given: Given, name: str, least: int, most: int) -> int:
    """How many rows of a kind the form shows."""
    text = given.get(name, "")
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 5 else least


def is_flow(given: Given, index: int) -> bool:
    """Whether the quantity of a line is a flow: mineral and hot water under the present decree."""
    mineral = law_book().minerals.get(given.get(f"m{index}_mineral", ""))
    return mineral is not None and mineral.water and not old_law(given)


def price_fields(given: Given, index: int) -> tuple[str, ...]:
    """The fields of the price object that the chosen kind needs, ``kind`` apart."""
    kind = given.get(f"m{index}_price_kind", "")
    if kind == "frame_average":
        return ("code",)
    if kind in ("", "ore_bands"):
        return ()
    return ("amount", "unit") if kind in _UNIT_CHOSEN else ("amount",)


def conversion_fields(given: Given, index: int) -> tuple[str, ...]:
    """The conversion parameters that the chosen price and units need."""
    kind = given.get(f"m{index}_price_kind", "")
    if kind in _GRADED:
        return ("grade", "price_grade", "grade_unit")
    if kind == "ore_bands":
        return ("grade", "grade_unit")
    if kind == "determined":
        return ("factor", "factor_source")
    if kind.startswith("kaolin_"):
        same = given.get(f"m{index}_kaolin_state") == kind.removeprefix("kaolin_")
        return ("kaolin_state",) if same else ("kaolin_state", "kaolin_recovery")
    reserve = _unit(given.get(f"m{index}_quantity_unit", ""))
    unit = _unit(given.get(f"m{index}_price_unit", ""))
    if kind == "frame_average":
        series = law_book().frame.get(given.get(f"m{index}_code", "").strip())
        unit = series.rows[-1].unit if series else None
    return PAIRS.get((unit, reserve), ()) if unit and reserve else ()


def price_units(given: Given, index: int) -> tuple[str, ...]:
    """The units a price may have: those the law converts to the reserve's, and the one that was chosen."""
    reserve = _unit(given.get(f"m{index}_quantity_unit", ""))
    if is_flow(given, index):
        reserve = Unit.M3_WATER
    if given.get(f"m{index}_price_kind") == "determined" or reserve is None:
        return tuple(Unit)
    chosen = _unit(given.get(f"m{index}_price_unit", ""))
    fitting = [reserve, *(unit for unit, to in PAIRS if to is reserve)]
    return tuple(dict.fromkeys([*fitting, *([chosen] if chosen else [])]))


def _unit(name: str) -> Unit | None:
    return Unit(name) if name in tuple(Unit) else None


@dataclass(slots=True)
class Case:
    """The document, the form field each of its paths came from, and the answers that could not be read."""

    document: Json
    names: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Text] = field(default_factory=dict)

    def put(self, target: Json, spec: Spec, given: Given, prefix: str = "", path: str = "", key: str = "") -> None:
        """Take one answer into the document; an empty one is left out, an unreadable one is written down."""
        name, key = prefix + spec.key, key or spec.key
        self.names[path + key] = name
        text = given.get(name, "").strip()
        if not text:
            return
        value = int(text) if spec.key == "rounding_vnd" and text.isdecimal() and len(text) < 9 else spec.read(text)
        if isinstance(value, Text):
            self.unread[name] = value
            value = text
        target[key] = value


def case_of(given: Given, identifier: str) -> Case:
    """The case that the answers describe, whatever is missing or wrong in them."""
    old = old_law(given)
    document: Json = {"id": identifier, "kind": "licence_right_fee_2019" if old else "licence_right_fee", "licence": {}}
    case = Case(document)
    for key, spec in fields.LICENCE.items():
        inner = key in ("issued_on", "expires_on", "group")
        case.put(document["licence"] if inner else document, spec, given, path="licence." if inner else "")
    if old:
        for spec in fields.OLD_LAW.values():
            case.put(document, spec, given)
        rows = list(
            _rows(case, given, "p", fields.REPRICING.values(), "repricing", count(given, "repricings", 0, MOST_ROWS))
        )
        if rows:
            document["repricing"] = rows
    document["minerals"] = [_mineral(case, given, index) for index in range(count(given, "minerals", 1, MOST_MINERALS))]
    return case


def _mineral(case: Case, given: Given, index: int) -> Json:
    prefix, path = f"m{index}_", f"minerals[{index}]."
    line: Json = {}
    measures = (
        ("flow_m3_per_day", "term_days", "hours_per_day") if is_flow(given, index) else ("quantity", "quantity_unit")
    )
    for key in ("mineral", "as", *measures, "exempt_quantity", "winning_rate_percent"):
        case.put(line, fields.MINERAL[key], given, prefix, path)
    line["price"] = _price(case, given, index)
    conversion: Json = {}
    for key in conversion_fields(given, index):
        case.put(conversion, fields.CONVERSION[key], given, prefix, f"{path}conversion.")
    if conversion:
        line["conversion"] = conversion
    return line


def _price(case: Case, given: Given, index: int) -> Json:
    prefix, path = f"m{index}_price_", f"minerals[{index}].price."
    price: Json = {}
    case.put(price, fields.PRICE["kind"], given, prefix, path)
    for key in price_fields(given, index):
        # the frame's code has no price prefix: it is looked up before the price is known
        case.put(price, fields.PRICE[key], given, f"m{index}_" if key == "code" else prefix, path)
    kind = price.get("kind")
    if kind == "ore_bands":
        shown = count(given, f"m{index}_bands", LEAST_BANDS, MOST_ROWS)
        price["bands"] = [
            _edged(row) for row in _rows(case, given, f"m{index}_b", fields.BAND.values(), path + "bands", shown)
        ]
        case.names[path + "bands"] = f"m{index}_b0_amount"
    if kind not in (*_UNIT_CHOSEN, "frame_average", None):
        # the law prices these in the unit of the reserve
        price["unit"] = "m3_water" if is_flow(given, index) else given.get(f"m{index}_quantity_unit", "")
        case.names[path + "unit"] = f"m{index}_quantity_unit"
    return price


def _rows(case: Case, given: Given, prefix: str, specs: Iterable[Spec], path: str, shown: int) -> Iterable[Json]:
    """The filled rows among those shown."""
    specs, filled = tuple(specs), 0
    for number in range(shown):
        own = f"{prefix}{number}_"
        if not any(given.get(own + spec.key, "").strip() for spec in specs if not spec.options):
            continue
        row: Json = {}
        for spec in specs:
            edge = given.get(f"{own}{spec.key}_edge")
            renamed = {"low": edge or "from", "high": edge or "below"}.get(spec.key, spec.key)
            case.put(row, spec, given, own, f"{path}[{filled}].", renamed)
        filled += 1
        yield row


def _edged(row: Json) -> Json:
    return {key: value for key, value in row.items() if not key.endswith("_edge")}


def changed(given: Given, action: str) -> dict[str, str]:
    """The answers after a button that adds or takes away rows."""
    answers = dict(given)
    if action == "add_mineral":
        answers["minerals"] = str(min(count(given, "minerals", 1, MOST_MINERALS) + 1, MOST_MINERALS))
    elif action == "add_repricing":
        answers["repricings"] = str(min(count(given, "repricings", 0, MOST_ROWS) + 1, MOST_ROWS))
    elif match := _ACTION.fullmatch(action):
        if match[1] == "drop_mineral":
            return _without(answers, int(match[2]))
        name = f"m{match[2]}_bands"
        answers[name] = str(min(count(given, name, LEAST_BANDS, MOST_ROWS) + 1, MOST_ROWS))
    return answers


def _without(answers: dict[str, str], dropped: int) -> dict[str, str]:
    kept = {}
    for name, value in answers.items():
        match = _LINE.fullmatch(name)
        at = int(match[1]) if match else -1
        if match and at >= dropped:
            if at > dropped:
                kept[f"m{at - 1}_{match[2]}"] = value
        else:
            kept[name] = value
    kept["minerals"] = str(max(count(answers, "minerals", 1, MOST_MINERALS) - 1, 1))
    return kept
