"""In which language does a page speak, and how does it print numbers, dates and units?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from fastapi import Request

from rules.formats import Lang, date_vi, decimal_text, vnd
from rules.quantity import UNIT_NAMES
from rules.trace import Text

COOKIE: Final = "lang"
_LANGUAGES: Final[tuple[Lang, ...]] = ("vi", "en")
_VIET_NAM: Final = timezone(timedelta(hours=7))
_PLAIN: Final = re.compile(r"(?<![\w./-])\d+(?:\.\d+)?(?![\w./-])")
_UNGROUPED: Final = frozenset(("year", "payment", "month", "day"))
_UNITS: Final[dict[str, Text]] = {
    **{unit.value: name for unit, name in UNIT_NAMES.items()},
    "1": Text("", ""),
    "VND": Text("đồng", "VND"),
    "year": Text("năm", "year"),
    "payment": Text("lần", "payments"),
    "month": Text("tháng", "months"),
    "day": Text("ngày", "days"),
    "date": Text("", ""),
    "percent": Text("%", "%"),
    "g/t": Text("g/tấn", "g/t"),
    "t/m3": Text("tấn/m³", "t/m³"),
    "m3/day": Text("m³/ngày", "m³/day"),
    "hour/day": Text("giờ/ngày", "hours/day"),
    "hour": Text("giờ", "hours"),
    "m3": Text("m³", "m³"),
    "m3/year": Text("m³/năm", "m³/year"),
    "ha": Text("ha", "ha"),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """One language. Called with both texts it gives its own; the methods print values its way."""

    lang: Lang

    def __call__(self, vi: str, en: str) -> str:
        return vi if self.lang == "vi" else en

    def text(self, text: Text) -> str:
        """The text in this language."""
        return text.vi if self.lang == "vi" else text.en

    def of(self, json: Mapping[str, Any], name: str) -> str:
        """``name_vi`` or ``name_en`` of an object that carries both."""
        return str(json.get(f"{name}_{self.lang}") or "")

    def money(self, amount: int) -> str:
        """Whole đồng with the name of the money."""
        return vnd(amount, self.lang)

    def number(self, text: object, unit: str = "") -> str:
        """A plain decimal in this language; years and counts are not grouped; what is no number stays as it is."""
        try:
            shown = decimal_text(str(text), self.lang)
        except ValueError:
            return str(text)
        if unit in _UNGROUPED and shown.replace(".", "").replace(",", "").isdigit():
            whole, point, decimals = str(text).partition(".")
            return whole + (self(",", ".") + decimals if point else "")
        return shown

    def measure(self, value: str, unit: str) -> str:
        """A plain decimal with its unit: ``15 years`` is a term, but 2026 is a year by itself."""
        if unit == "year" and len(value) == 4 and value.isdecimal():
            return value
        return f"{self.number(value, unit)} {self.unit(unit)}".strip()

    def figures(self, text: str, unit: str = "") -> str:
        """A formula with figures: every plain number in it printed in this language."""
        if unit == "date":
            return self.day(text)
        return _PLAIN.sub(lambda found: self.number(found[0], unit), text)

    def day(self, value: date | str | None) -> str:
        """A date as dd/mm/yyyy, in both languages, so that a link reads the same to everybody."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return str(value)
        return "" if value is None else date_vi(value)

    def moment(self, value: datetime) -> str:
        """An instant as date and time of Viet Nam."""
        return f"{value.astimezone(_VIET_NAM):%d/%m/%Y %H:%M}"

    def unit(self, unit: str) -> str:
        """The name of a unit of the contract, ``VND/m3_loose`` included."""
        money, slash, per = unit.partition("/")
        if money == "VND" and slash:
            return f"{self.text(_UNITS['VND'])}/{self.unit(per)}"
        known = _UNITS.get(unit)
        return unit if known is None else self.text(known)


def speech_of(request: Request) -> Speech:
    """The language asked for in the address, else the one remembered, else Vietnamese."""
    for asked in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in _LANGUAGES:
            return Speech(asked)
    return Speech("vi")
