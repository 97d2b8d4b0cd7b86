"""What did the reader type? Numbers and dates as people write them, read the same in both languages or not at all.

A link is shared between readers of both languages, so no sign may mean two things: where it could, the answer is refused
with both ways to write it. Each reader returns the contract's value, or the reason why it was not taken.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from api.imports.cells import read_date, read_number
from rules.number import plain
from rules.trace import Text

_MONTH: Final = re.compile(r"(0?[1-9]|1[0-2])[/-]([0-9]{4})")
_WHOLE: Final = re.compile(r"\d{1,40}|\d{1,3}(?:([., ])\d{3})(?:\1\d{3}){0,12}")
_DECIMAL: Final = re.compile(r"\d{1,20}(?:[.,]\d{1,20})?")


def read_day(text: str) -> str | Text:
    """A date such as 02/03/2026 as ``2026-03-02``."""
    found = read_date(text)
    if isinstance(found, date):
        return found.isoformat()
    return Text(
        "Ngày không đọc được: viết ngày/tháng/năm, ví dụ 02/03/2026.",
        "The date cannot be read: write day/month/year, such as 02/03/2026.",
    )


def read_month(text: str) -> str | Text:
    """A month such as 08/2026 as ``2026-08``."""
    found = _MONTH.fullmatch(text)
    if found:
        return f"{found[2]}-{int(found[1]):02}"
    return Text("Kỳ không đọc được: viết tháng/năm, ví dụ 08/2026.", "Write month/year, such as 08/2026.")


def read_whole(text: str) -> int | Text:
    """A whole number, thousands apart or not: 90.000, 90,000 and 90000 are one."""
    if _WHOLE.fullmatch(text) and text.isascii():
        return int(re.sub(r"\D", "", text))
    return Text(
        "Phải là số nguyên, ví dụ 90.000; không có phần lẻ, không có chữ.",
        "Must be a whole number such as 90,000, without decimals or letters.",
    )


def read_decimal(text: str) -> str | Text:
    """A small number with either sign before its decimals: 1,475 and 1.475 are one; no thousands."""
    if _DECIMAL.fullmatch(text) and text.isascii():
        return _shortest(text.replace(",", "."))
    return Text(
        "Phải là một số như 1,475; không dùng dấu cách nghìn, không số mũ, không dấu âm.",
        "Must be a number such as 1.475, without thousands separators, exponent or sign.",
    )


def read_quantity(text: str) -> str | Text:
    """A quantity: 1.250.000, 1250000 and 1250000,5 are clear; 1.250 is not."""
    found = read_number(text)
    if isinstance(found, str):
        return found
    if found.code == "ambiguous_number":
        return _two_ways(text)
    if found.code == "number_out_of_range":
        return Text("Số phải từ 0 đến 10^15.", "The number must lie between 0 and 10^15.")
    return Text(
        "Không phải số: viết như 1250000 hoặc 1.250.000; phần lẻ như 1250000,5.",
        "Not a number: write it like 1250000 or 1,250,000; decimals like 1250000.5.",
    )


def read_text(text: str) -> str | Text:
    """Any text."""
    return text


def typed_quantity(plain_decimal: str) -> str:
    """A stored plain decimal as a form shows it, so that :func:`read_quantity` reads the same number back."""
    whole, point, decimals = plain_decimal.partition(".")
    if not point:
        return whole
    # three decimals after a short head would look like thousands
    return f"{whole},{decimals}{'0' if len(decimals) == 3 else ''}"


def typed_decimal(value: Decimal) -> str:
    """A decimal of the law book as a form shows it."""
    return plain(*value.as_integer_ratio()).replace(".", ",")


def _two_ways(text: str) -> Text:
    whole, _, decimals = text.replace(",", ".").partition(".")
    return Text(
        f"Số viết không rõ: viết {whole}{decimals} nếu là {whole} nghìn, hoặc {whole},{decimals}0 nếu là số lẻ.",
        f"This may mean two numbers: write {whole}{decimals} for {whole} thousand, or {whole}.{decimals}0 for a fraction.",
    )


def _shortest(text: str) -> str:
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
