"""Which answers of a settlement does the whole province's settlement need again? Those no register and no list carries."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from api.pages import fields, settlefields
from api.pages.fields import Spec
from api.pages.form import Given
from api.pages.settleneeds import minerals, needs_of, right_of, way_of
from api.province.facts import CHOICES
from rules.lawbook import law_book
from rules.trace import Text

_TOP: Final = ("fee_approved_on", "budget_debts_vnd")


def facts_typed(given: Given, own: str | None) -> dict[str, dict[str, Any]]:
    """The facts of a licence as its page has them: by mineral (empty for the licence and its ``own``), by the names of
    ``api.province.facts``.

    What is empty or unreadable is left out: nothing that was kept is emptied from here.
    """
    found: dict[str, dict[str, Any]] = {
        "": _read({name: (name, settlefields.SETTLEMENT[name]) for name in _TOP}, given)
    }
    for index in range(minerals(given)):
        mineral = given.get(f"m{index}_mineral", "")
        key = "" if mineral == (own or "") or (own is None and minerals(given) == 1) else mineral
        if key and key not in law_book().minerals:
            continue
        told = _of_mineral(given, index)
        if key and way_of(given, index) == "quantity":
            specs = (settlefields.WAYS["quantity"][0], settlefields.MINERAL["quantity_unit"])
            told |= _read({spec.key: (f"m{index}_{spec.key}", spec) for spec in specs}, given)
        found.setdefault(key, {}).update(told)
    return found


def _of_mineral(given: Given, index: int) -> dict[str, Any]:
    prefix, known = f"m{index}_", settlefields.MINERAL
    wanted: dict[str, tuple[str, Spec]] = {}
    for name in needs_of(given, index):
        wanted[name] = (f"{prefix}{name}", settlefields.OUTPUT_CONVERSION.get(name) or fields.CONVERSION[name])
    for spec in settlefields.RIGHT[right_of(given, index)]:
        wanted[spec.key] = (f"{prefix}{spec.key}", spec)
    wanted["price_code"] = (f"{prefix}price_code", known["price_code"])
    wanted["frame_code"] = (f"{prefix}code", known["code"])
    wanted["mined_before_2014"] = (f"{prefix}mined_before_2014", settlefields.REMAINING["mined_before_2014"])
    if given.get(f"{prefix}price_kind") in [one.value for one in CHOICES["price_kind"]]:
        wanted["price_kind"] = (f"{prefix}price_kind", known["price_kind"])
    return {"right_by": right_of(given, index), **_read(wanted, given)}


def _read(wanted: dict[str, tuple[str, Spec]], given: Given) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (answer, spec) in wanted.items():
        text = given.get(answer, "").strip()
        value = spec.read(text) if text else None
        if value is not None and not isinstance(value, Text):
            found[name] = date.fromisoformat(str(value)) if name == "fee_approved_on" else value
    return found
