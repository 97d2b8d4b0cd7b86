"""How do official papers print money, numbers and dates, in Vietnamese and in English?

Vietnamese groups thousands with dots and writes decimals after a comma; English the other way round. Dates in words
follow Decree 30/2020/NĐ-CP, Annex I, part I, section II, point 4(b). No value is rounded here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

Lang = Literal["vi", "en"]
"""The two languages of the product; Vietnamese first."""

# language -> (sign between thousands, sign before the decimals)
_SIGNS: Final[dict[Lang, tuple[str, str]]] = {"vi": (".", ","), "en": (",", ".")}
_NUMBER: Final = re.compile(
    r"(?P<sign>-?)(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+)|/(?P<divisor>[1-9][0-9]*))?"
)
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def vnd(amount: int, lang: Lang = "vi") -> str:
    """Print whole đồng: "20.429.461.000 đồng", in English "VND 20,429,461,000"."""
    figures = f"{amount:,}".replace(",", _SIGNS[lang][0])
    return f"{figures} đồng" if lang == "vi" else f"VND {figures}"


def decimal_text(text: str, lang: Lang = "vi") -> str:
    """Print a plain decimal ("1.475") or a fraction ("20659/1936000") with the signs of ``lang``.

    Digits are kept as they are, trailing zeros included; a fraction stays a fraction. Raises ``ValueError``, in both
    languages, for anything else: exponents, separators, spaces, leading zeros, a zero divisor.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} không phải số thập phân thường: hãy viết như 1.475 hoặc 2/3. / "
            f"{text!r} is not a plain decimal: write it like 1.475 or 2/3."
        )
    thousands, point = _SIGNS[lang]
    shown = match["sign"] + _grouped(match["whole"], thousands)
    if match["decimals"]:
        return f"{shown}{point}{match['decimals']}"
    if match["divisor"]:
        return f"{shown}/{_grouped(match['divisor'], thousands)}"
    return shown


def date_vi(day: date) -> str:
    """Print a date in figures: "31/05/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def date_words_vi(day: date) -> str:
    """Print a date as letters carry it: "ngày 08 tháng 01 năm 2026"; days 1-9 and months 1 and 2 take a zero."""
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_en(day: date) -> str:
    """Print a date in English: "31 May 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _grouped(digits: str, sign: str) -> str:
    head = len(digits) % 3
    groups = [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return sign.join([digits[:head], *groups] if head else groups)
