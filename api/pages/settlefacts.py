"""Which answers of a settlement does the whole province's settlement need again? Those no register and no list carries."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from api.pages import fields, settlefields
from api.pages.fields import Spec
from api.pages.form import Given
from api.pages.settlecase import needs_of, right_of
from rules.trace import Text

_DAYS: Final = ("fee_approved_on",)
_TOP: Final = ("fee_approved_on", "budget_debts_vnd")


def facts_typed(given: Given) -> dict[str, Any]:
    """The facts of the licence's own mineral as its page has them, by the names of ``api.province.facts``.

    What is empty or unreadable is left out: nothing that was kept is emptied from here.
    """
    wanted: dict[str, tuple[str, Spec]] = {name: (name, settlefields.SETTLEMENT[name]) for name in _TOP}
    for name in needs_of(given, 0):
        wanted[name] = (f"m0_{name}", settlefields.OUTPUT_CONVERSION.get(name) or fields.CONVERSION[name])
    for spec in settlefields.RIGHT[right_of(given, 0)]:
        wanted[spec.key] = (f"m0_{spec.key}", spec)
    wanted["price_code"] = ("m0_price_code", settlefields.MINERAL["price_code"])
    wanted["price_kind"] = ("m0_price_kind", settlefields.MINERAL["price_kind"])
    wanted["mined_before_2014"] = ("m0_mined_before_2014", settlefields.REMAINING["mined_before_2014"])
    found: dict[str, Any] = {"right_by": right_of(given, 0)}
    for name, (answer, spec) in wanted.items():
        text = given.get(answer, "").strip()
        value = spec.read(text) if text else None
        if value is not None and not isinstance(value, Text):
            found[name] = date.fromisoformat(str(value)) if name in _DAYS else value
    return found
