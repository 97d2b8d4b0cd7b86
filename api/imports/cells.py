"""What does a cell say? Numbers and dates as people in Viet Nam write them; what may mean two things is not guessed.

A cell comes as ``str`` (CSV, text in Excel), ``int``, ``Decimal``, ``date`` or ``None``. Numbers leave as the shortest
plain decimal ("1234.5"), dates as ``date``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from api.store.text import fold

Cell = str | int | Decimal | date | None

LIMIT: Final = Decimal(10) ** 15
"""Quantities up to here are believed; the compute contract stops there too."""

_DASHES: Final = frozenset("-–—−")
_PLAIN: Final = re.compile(r"\d+")
_SPACED: Final = re.compile(r"\d{1,3}(?: \d{3})+")
_ONE_SIGN: Final = re.compile(r"(\d+)([.,])(\d+)")
_GROUPS: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
_BOTH: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?!\1)[.,]\d+")
_DATE: Final = re.compile(r"(?:ngay )?(\d{1,2})\s*(?:[/.\-]|thang)\s*(\d{1,2})\s*(?:[/.\-]|nam)\s*(\d{4})")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_YEAR: Final = re.compile(r"(?:nam )?(\d{4})")
_CURRENCY: Final = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)\.?$", re.IGNORECASE)
_GROUPS_OF_THREE: Final = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_YEARS: Final = range(1900, 2201)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(1, 110_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a value was not taken: the code of a finding and the words for its text."""

    code: str
    words: dict[str, str]


def written(cell: Cell) -> str:
    """The cell as text: outer spaces off, lines kept, runs of spaces made one, control signs gone; dates as d/m/y."""
    match cell:
        case None:
            return ""
        case date():
            return cell.strftime("%d/%m/%Y")
        case Decimal() | int():
            return plain(Decimal(cell))
    clean = "".join(
        sign if sign in "\n\t" or not unicodedata.category(sign).startswith("C") else " "
        for sign in cell.replace("\r\n", "\n").replace("\r", "\n")
    )
    return "\n".join(line for line in (" ".join(line.split()) for line in clean.split("\n")) if line)


def plain(value: Decimal) -> str:
    """The shortest plain decimal: 4.50 gives "4.5", 1E+3 gives "1000"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_blank(cell: Cell) -> bool:
    """Nothing, spaces, or the dash that stands for nothing."""
    text = written(cell)
    return not text or all(sign in _DASHES for sign in text)


def read_number(cell: Cell) -> str | Doubt:
    """The number in a cell that is not blank, as a shortest plain decimal, or why it was not taken.

    "1.234,5" and "1,234.5" are clear, so are "1.234.567", "1 234" and "12.5"; "1.234" may be 1234 or 1.234.
    """
    if isinstance(cell, date):
        return Doubt(code="not_a_number", words={})
    if isinstance(cell, str):
        text = written(cell)
        sign = text[:1] if text[:1] in _DASHES else ""
        digits = _plain_digits(text.removeprefix(sign).strip())
        if isinstance(digits, Doubt):
            return digits
        value = -Decimal(digits) if sign else Decimal(digits)
    else:
        value = Decimal(cell or 0)
    if not (value.is_finite() and 0 <= value <= LIMIT):
        return Doubt(code="number_out_of_range", words={})
    return plain(value)


def read_parameter(cell: Cell) -> str | Doubt:
    """A conversion parameter, a grade or a rate in a cell that is not blank: never in thousands, so "1.475" is 1.475."""
    if isinstance(cell, str) and (match := _ONE_SIGN.fullmatch(written(cell))):
        cell = Decimal(f"{match[1]}.{match[3]}")
    return read_number(cell)


def read_vnd(cell: Cell) -> str | Doubt:
    """Whole đồng in a cell that is not blank. A đồng has no decimals, so "1.234" is 1234 here.

    A currency word after the figures ("1.234.567 đồng", "đ", "VND") is read over.
    """
    if isinstance(cell, str):
        text = _CURRENCY.sub("", written(cell))
        cell = re.sub(r"[.,]", "", text) if _GROUPS_OF_THREE.fullmatch(text) else text
    value = read_number(cell)
    return Doubt(code="not_whole_vnd", words={}) if isinstance(value, str) and "." in value else value


def read_year(cell: Cell) -> str | Doubt:
    """The year in a cell that is not blank ("2024", "Năm 2024"), or why it was not taken."""
    match = _YEAR.fullmatch(fold(written(cell)))
    return match[1] if match and int(match[1]) in _YEARS else Doubt(code="not_a_year", words={})


def _plain_digits(text: str) -> str | Doubt:
    if not text.isascii():
        return Doubt(code="not_a_number", words={})
    if _PLAIN.fullmatch(text):
        return text
    if _SPACED.fullmatch(text) or _GROUPS.fullmatch(text):
        return re.sub(r"\D", "", text)
    if _BOTH.fullmatch(text):
        whole, decimals = re.split(r"[.,](?=\d+$)", text)
        return f"{re.sub(r'[.,]', '', whole)}.{decimals}"
    if match := _ONE_SIGN.fullmatch(text):
        whole, decimals = match[1], match[3]
        if len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0"):
            return Doubt(
                code="ambiguous_number",
                words={
                    "first": f"{whole}{decimals}",
                    "second_vi": f"{whole},{decimals}",
                    "second_en": f"{whole}.{decimals}",
                },
            )
        return f"{whole}.{decimals}"
    return Doubt(code="not_a_number", words={})


def read_date(cell: Cell) -> date | Doubt:
    """The date in a cell that is not blank (day before month), or why it was not taken."""
    match cell:
        case date():
            return cell if cell.year in _YEARS else Doubt(code="not_a_date", words={})
        case Decimal() | int():
            return _serial(Decimal(cell))
    text = fold(written(cell))
    if match := _DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif _PLAIN.fullmatch(text) and len(text) == 5:
        return _serial(Decimal(text))
    else:
        return Doubt(code="not_a_date", words={})
    try:
        return date(year, month, day) if year in _YEARS else Doubt(code="not_a_date", words={})
    except ValueError:
        return Doubt(code="not_a_date", words={})


def _serial(number: Decimal) -> Doubt:
    if number.is_finite() and number == number.to_integral_value() and int(number) in _EXCEL_DAYS and number > 9999:
        day = _EXCEL_EPOCH + timedelta(days=int(number))
        return Doubt(code="serial_date", words={"value": plain(number), "date": day.strftime("%d/%m/%Y")})
    return Doubt(code="not_a_date", words={})
