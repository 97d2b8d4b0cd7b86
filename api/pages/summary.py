"""What does the register say of a licence, in the list, on its page, and as first answers of the fee form?"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from api.imports.fields import FIELDS, Kind
from api.pages.answers import typed_quantity
from api.pages.speech import Speech
from api.store.models import Licence
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.quantity import Unit
from rules.trace import Text

Json = dict[str, Any]
_AUTHORITIES: Final = {"ministry": Text("Bộ cấp", "Ministry"), "province": Text("Tỉnh cấp", "Province")}
_RESERVES: Final = (
    ("licensed_m3", Unit.M3_IN_SITU),
    ("licensed_tonne", Unit.TONNE),
    ("mining_m3", Unit.M3_IN_SITU),
    ("mining_tonne", Unit.TONNE),
)
_SHORT: Final = {Unit.M3_IN_SITU: Text("m³", "m³"), Unit.TONNE: Text("tấn", "t")}
_SHOWN_GAPS: Final = 3


def listed(licence: Licence, t: Speech, today: date) -> Json:
    """A licence as a row of the list."""
    reserve = _reserve(licence)
    ends = licence.expires_on
    state = ""
    if ends is not None:
        soon = ends <= today + relativedelta(years=1)
        state = "expired" if ends < today else "soon" if soon else ""
    names = [_gap_name(gap, t) for gap in licence.gaps]
    return {
        "id": licence.id,
        "number": licence.number or t("(không có số)", "(no number)"),
        "holder": licence.holder or "",
        "mine": licence.mine_name or licence.place or "",
        "district": licence.district or "",
        "mineral": _mineral(licence.mineral_code, t),
        "mineral_local": licence.mineral_local or "",
        "authority": t.text(_AUTHORITIES[licence.authority]) if licence.authority in _AUTHORITIES else "",
        "issued": t.day(licence.issued_on),
        "expires": t.day(ends),
        "state": state,
        "reserve": f"{t.number(reserve[0])} {t.text(_SHORT[reserve[1]])}" if reserve else "",
        "gaps": len(names),
        "gap_names": ", ".join(names[:_SHOWN_GAPS]) + ("…" if len(names) > _SHOWN_GAPS else ""),
    }


def facts(licence: Licence, t: Speech) -> list[tuple[str, str]]:
    """Everything the register says, label and value, in its order; then the columns nobody mapped."""
    found = []
    for name, field in FIELDS.items():
        value = getattr(licence, name)
        if value is None:
            continue
        found.append((t(field.label_vi, field.label_en), fact_text(name, str(value), t)))
        if name == "mineral_local" and licence.mineral_code:
            found.append((t("Mã khoáng sản", "Mineral code"), _mineral(licence.mineral_code, t)))
    return [*found, *licence.extra.items()]


def fact_text(name: str, value: str | None, t: Speech) -> str:
    """One stored fact as people read it: numbers, dates and codes in the language of the page."""
    if value is None:
        return ""
    if name == "mineral_code":
        return _mineral(value, t)
    if name == "authority" and value in _AUTHORITIES:
        return t.text(_AUTHORITIES[value])
    kind = FIELDS[name].kind if name in FIELDS else Kind.TEXT
    if kind is Kind.NUMBER:
        return t.number(value)
    return t.day(value) if kind is Kind.DATE else value


def prefill(licence: Licence, today: date) -> dict[str, str]:
    """The first answers: what the register knows, the approval today, the price of raw mineral."""
    answers = {
        "approved_on": date_vi(today),
        "issued_on": date_vi(licence.issued_on) if licence.issued_on else "",
        "expires_on": date_vi(licence.expires_on) if licence.expires_on else "",
        "licensed_by": licence.authority or "",
        "m0_mineral": licence.mineral_code or "",
        "m0_price_kind": "raw",
    }
    reserve = _reserve(licence)
    if reserve:
        answers |= {"m0_quantity": typed_quantity(reserve[0]), "m0_quantity_unit": reserve[1].value}
    return answers


def _reserve(licence: Licence) -> tuple[str, Unit] | None:
    """The licensed reserve, else the minable one."""
    return next(((value, unit) for name, unit in _RESERVES if (value := getattr(licence, name))), None)


def _mineral(code: str | None, t: Speech) -> str:
    known = law_book().minerals.get(code or "")
    return t.text(known.name) if known else code or ""


def _gap_name(gap: Json, t: Speech) -> str:
    if gap["field"] == "mineral_code":
        return t("mã khoáng sản", "mineral code")
    field = FIELDS.get(gap["field"])
    return t(field.label_vi, field.label_en) if field else str(gap["column"] or gap["code"])
