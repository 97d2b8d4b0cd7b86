"""Reading JSON strictly: no floats, no duplicate names, no endless numbers; what is unreadable is said, not raised on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LARGEST_CASE = 8 * 1024 * 1024
"""Bytes of one case; a licence with thousands of minerals stays far below."""

_LONGEST_INTEGER = 40
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_DEEPEST = 20


class Unwanted:
    """A JSON token the contract refuses wherever it stands: a number with a point or exponent, NaN, Infinity."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Twice(dict[str, Any]):
    """An object in which some names stand twice."""

    names: tuple[str, ...]


class Unreadable(Exception):  # noqa: N818 - a fact about the input
    """The text is not one JSON value; the message is in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def read_json(text: bytes | str) -> Any:
    """Parse one JSON value. Raises :class:`Unreadable`."""
    if len(text) > LARGEST_CASE:
        raise Unreadable(
            f"Một hồ sơ dài quá {LARGEST_CASE // 1024 // 1024} MB; tách thành nhiều dòng JSON Lines.",
            f"One case is longer than {LARGEST_CASE // 1024 // 1024} MB; split it into several JSON Lines.",
        )
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError:
        raise Unreadable(
            "Dữ liệu không phải UTF-8; lưu lại tệp với mã hóa UTF-8.",
            "The text is not UTF-8; save the file in UTF-8 encoding.",
        ) from None
    if not decoded.strip("\ufeff \t\r\n"):
        raise Unreadable("Không có dữ liệu; cần một đối tượng JSON.", "Nothing was sent; a JSON object is needed.")
    try:
        value = _DECODER.decode(decoded.lstrip("\ufeff"))
        if _HALF_PAIR.search(decoded):
            json.dumps(value, ensure_ascii=False, default=repr).encode()
        return value
    except UnicodeEncodeError:
        raise Unreadable(
            "Có ký tự \\uD800-\\uDFFF đứng lẻ, không phải chữ: lưu lại tệp với mã hóa UTF-8.",
            "A \\uD800-\\uDFFF escape stands alone and is no character: save the file in UTF-8 encoding.",
        ) from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"Không phải JSON hợp lệ (dòng {error.lineno}, cột {error.colno}).",
            f"Not valid JSON (line {error.lineno}, column {error.colno}): {error.msg}.",
        ) from None
    except RecursionError:
        raise Unreadable("JSON lồng quá sâu.", "The JSON is nested too deeply.") from None


def _levels(value: Any) -> Iterator[list[Any]]:
    """The objects and arrays of a value, level by level."""
    level = [value] if isinstance(value, dict | list) else []
    while level:
        yield level
        inner = (one for each in level for one in (each.values() if isinstance(each, dict) else each))
        level = [one for one in inner if isinstance(one, dict | list)]


def is_too_deep(value: Any) -> bool:
    """Whether a value is nested deeper than any case is."""
    return any(depth > _DEEPEST for depth, _ in enumerate(_levels(value)))


def has_duplicates(value: Any) -> bool:
    """Whether a name stands twice in some object."""
    return any(isinstance(one, Twice) for level in _levels(value) for one in level)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = Twice(found)
    names = [name for name, _ in pairs]
    twice.names = tuple(name for name in found if names.count(name) > 1)
    return twice


def _integer(text: str) -> int | Unwanted:
    return int(text) if len(text) <= _LONGEST_INTEGER else Unwanted(text[:_LONGEST_INTEGER] + "…")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Unwanted, parse_int=_integer, parse_constant=Unwanted
)
