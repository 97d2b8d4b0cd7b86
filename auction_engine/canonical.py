"""How is a value written so that two writers write the same bytes? JSON with sorted keys, no floats, no spaces (orjson).

Commands and events carry their class name as ``type``. Reading is strict: unknown types and fields, missing fields and values of
another type are ``ValueError``.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

Json = dict[str, Any]


def canonical(value: Any) -> bytes:
    """Canonical bytes of plain JSON values."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(text: bytes) -> Any:
    """Plain JSON values, ``ValueError`` for anything else. Readers ask for the exact type of every value, so no float passes."""
    return orjson.loads(text)


class Codec:
    """Writes and reads the values of a union of dataclasses."""

    def __init__(self, union: Any) -> None:
        members = get_args(union)
        self._write: Final = {one: _writer(one) for one in members}
        self._read: Final = {one.__name__: _reader(one) for one in members}

    def write(self, value: object) -> Json:
        """A value as plain JSON with its type."""
        return self._write[type(value)](value)

    def read(self, raw: Any) -> Any:
        """A value of the union."""
        reader = self._read.get(raw.get("type")) if isinstance(raw, dict) else None
        if reader is None:
            raise ValueError(f"unknown type {raw.get('type') if isinstance(raw, dict) else raw!r}")
        return reader(raw)


def _writer(kind: type) -> Callable[[object], Json]:
    names = [field.name for field in fields(kind)]
    nested = any(is_dataclass(hint) for hint in get_type_hints(kind).values())
    name = kind.__name__
    if not names:
        return lambda value: {"type": name}
    if len(names) == 1:
        only = names[0]
        return lambda value: {"type": name, only: getattr(value, only)}
    get = attrgetter(*names)

    def write(value: object) -> Json:
        written = dict(zip(names, get(value), strict=True))
        written["type"] = name
        return written

    def write_nested(value: object) -> Json:
        return {key: _plain(one) for key, one in write(value).items()}

    return write_nested if nested else write


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value


def _reader(kind: type) -> Callable[[Json], Any]:
    hints = get_type_hints(kind)
    readers = [(field.name, _value_reader(hints[field.name])) for field in fields(kind)]
    size = len(readers) + 1

    def read(raw: Json) -> Any:
        if len(raw) != size:
            raise ValueError(f"{kind.__name__} has the fields {', '.join(name for name, _ in readers)}")
        try:
            return kind(**{name: reader(raw[name]) for name, reader in readers})
        except (KeyError, TypeError) as error:
            raise ValueError(f"{kind.__name__}: {error}") from error

    return read


@cache
def _value_reader(hint: Any) -> Callable[[Any], Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        kinds = tuple(get_args(hint))
        return lambda raw: _of_type(raw, kinds)
    if origin is tuple:
        item = _value_reader(get_args(hint)[0])
        return lambda raw: tuple(item(one) for one in _of_type(raw, (list,)))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        nested = _reader(hint)
        return lambda raw: nested({**_of_type(raw, (dict,)), "type": ""})
    if issubclass(hint, StrEnum):
        members = {one.value: one for one in hint}
        return lambda raw: members[_of_type(raw, (str,))]
    only = (hint,)
    return lambda raw: raw if type(raw) is hint else _of_type(raw, only)


def _of_type(raw: Any, kinds: tuple[Any, ...]) -> Any:
    if type(raw) not in kinds:
        raise TypeError(f"{raw!r:.60} is not {' or '.join(one.__name__ for one in kinds)}")
    return raw
