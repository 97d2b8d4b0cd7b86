"""The contract's own types at the edge: decimals as strings, money and counts as integers, dates, closed choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rules.quantity import Unit

LARGEST = 10**15
"""Largest quantity or price."""

_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_LONGEST = 64
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DECIMAL_PATTERN = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"


@dataclass(frozen=True, slots=True, eq=False)  # hashed by identity: annotations are put into sets
class Read:
    """How a field is read from JSON: a function that returns the value or raises :func:`wrong`, and its JSON Schema."""

    read: Callable[[Any], Any]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


def wrong(vi: str, en: str) -> PydanticCustomError:
    """An ``invalid_input`` in both languages."""
    return PydanticCustomError("invalid_input", "{en}", {"vi": vi, "en": en})


_JSON_WORDS = {None: "null", True: "true", False: "false"}


def _shown(value: Any) -> str:
    text = _JSON_WORDS[value] if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _decimal(value: Any, *, zero: bool, largest: Decimal) -> Decimal:
    if not isinstance(value, str):
        raise wrong(
            f'Phải là chuỗi số thập phân như "1250.5", không phải {_shown(value)}.',
            f'Must be a string with a plain decimal such as "1250.5", not {_shown(value)}.',
        )
    if len(value) > _LONGEST or not _DECIMAL.fullmatch(value):
        raise wrong(
            f"Số thập phân viết sai: {_shown(value)}; dùng chữ số và dấu chấm, không dấu cách nghìn, không số mũ, không dấu.",
            f"Not a plain decimal: {_shown(value)}; digits and one point only, no separators, exponent or sign.",
        )
    number = Decimal(value)
    if number > largest:
        raise wrong(f"Lớn hơn mức tối đa {largest}.", f"Larger than the maximum {largest}.")
    if not zero and not number:
        raise wrong("Phải lớn hơn 0.", "Must be greater than 0.")
    return number


def _plain_decimal(*, zero: bool, largest: int = LARGEST) -> Read:
    limit = Decimal(largest)
    return Read(
        lambda value: _decimal(value, zero=zero, largest=limit),
        {"type": "string", "pattern": _DECIMAL_PATTERN, "maxLength": _LONGEST},
    )


Positive = Annotated[Decimal, _plain_decimal(zero=False)]
"""A decimal above 0, up to 10^15."""
NonNegative = Annotated[Decimal, _plain_decimal(zero=True)]
"""A decimal from 0, up to 10^15."""
Share = Annotated[Decimal, _plain_decimal(zero=False, largest=1)]
"""A fraction above 0, up to 1."""
Percent = Annotated[Decimal, _plain_decimal(zero=False, largest=100)]
"""A share in percent, above 0, up to 100."""
HoursPerDay = Annotated[Decimal, _plain_decimal(zero=False, largest=24)]
"""Hours of a day, above 0."""


def _whole(value: Any, *, least: int, largest: int) -> int:
    if type(value) is not int:
        raise wrong(
            f"Phải là số nguyên JSON, không phải {_shown(value)}.", f"Must be a JSON integer, not {_shown(value)}."
        )
    if not least <= value <= largest:
        raise wrong(f"Phải từ {least} đến {largest}.", f"Must lie between {least} and {largest}.")
    return value


def whole(least: int, largest: int) -> Read:
    """An integer between two bounds."""
    return Read(
        lambda value: _whole(value, least=least, largest=largest),
        {"type": "integer", "minimum": least, "maximum": largest},
    )


PriceVnd = Annotated[int, whole(1, LARGEST)]
"""A price in whole đồng."""
LARGEST_SUM = 10**18
"""Largest sum of money that is paid, owed or won."""
SumVnd = Annotated[int, whole(1, LARGEST_SUM)]
"""A sum above 0 in whole đồng."""
SumOrZeroVnd = Annotated[int, whole(0, LARGEST_SUM)]
"""A sum from 0 in whole đồng."""
Days = Annotated[int, whole(1, 10**6)]
Year = Annotated[int, whole(1, 9999)]

ROUNDINGS = tuple(10**power for power in range(7))


def _rounding(value: Any) -> int:
    if type(value) is not int or value not in ROUNDINGS:
        raise wrong(
            f"Phải là 1, 10, 100, 1000… đồng, không phải {_shown(value)}.",
            f"Must be 1, 10, 100, 1000… đồng, not {_shown(value)}.",
        )
    return value


RoundingVnd = Annotated[int, Read(_rounding, {"type": "integer", "enum": list(ROUNDINGS)})]


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise wrong(
        f'Phải là ngày dạng "2026-03-02", không phải {_shown(value)}.',
        f'Must be a date such as "2026-03-02", not {_shown(value)}.',
    )


Day = Annotated[date, Read(_day, {"type": "string", "format": "date"})]


def _month(value: Any) -> date:
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[1] == "0000":
        raise wrong(
            f'Phải là kỳ tính theo tháng dạng "2026-08", không phải {_shown(value)}.',
            f'Must be a month such as "2026-08", not {_shown(value)}.',
        )
    return date(int(match[1]), int(match[2]), 1)


Month = Annotated[date, Read(_month, {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"})]
"""A month, by its first day."""


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise wrong(
            f"Phải là true hoặc false, không phải {_shown(value)}.", f"Must be true or false, not {_shown(value)}."
        )
    return value


Flag = Annotated[bool, Read(_flag, {"type": "boolean"})]


def choice(enum: type[StrEnum]) -> Read:
    """One of the names of an enumeration."""
    names = {member.value: member for member in enum}
    listed = ", ".join(names)

    def pick(value: Any) -> StrEnum:
        member = names.get(value) if isinstance(value, str) else None
        if member is None:
            raise wrong(
                f"Phải là một trong: {listed}; không phải {_shown(value)}.",
                f"Must be one of: {listed}; not {_shown(value)}.",
            )
        return member

    return Read(pick, {"type": "string", "enum": list(names)})


UnitName = Annotated[Unit, choice(Unit)]


def one_of(names: tuple[str, ...], what_vi: str, what_en: str) -> Read:
    """One of a list of names that data decides, such as the mineral codes of the law book."""

    known = frozenset(names)

    def pick(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise wrong(f"{what_vi} không có trong danh mục: {_shown(value)}.", f"Unknown {what_en}: {_shown(value)}.")
        return value

    return Read(pick, {"type": "string", "enum": list(names)})


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"Phải là chuỗi có nội dung, không phải {_shown(value)}.", f"Must be a text, not {_shown(value)}.")
    if len(value) > 2000:
        raise wrong("Dài quá 2.000 ký tự.", "Longer than 2,000 characters.")
    return value


FreeText = Annotated[str, Read(_text, {"type": "string", "minLength": 1, "maxLength": 2000})]


_LARGEST_ID = 2**63 - 1


def is_identifier(value: Any) -> bool:
    """Whether a value can be echoed: a string, or an integer that every JSON reader and writer carries."""
    return isinstance(value, str) or (type(value) is int and abs(value) <= _LARGEST_ID)


def _identifier(value: Any) -> str | int:
    if is_identifier(value):
        return cast(str | int, value)
    raise wrong(
        f"id phải là chuỗi hoặc số nguyên không quá {_LARGEST_ID}.",
        f"id must be a string or an integer of at most {_LARGEST_ID}.",
    )


_ID_SCHEMA = {"type": ["string", "integer"], "minimum": -_LARGEST_ID, "maximum": _LARGEST_ID}
Identifier = Annotated[str | int, Read(_identifier, _ID_SCHEMA)]
