"""Which command does a JSON document hold? Read strictly, every problem named in one go.

``{"command": {"type": "Bid", "bidder": "A", "amount": "5.5"}, "expected": 41}``: the names are those of ``auction_engine``'s commands;
``expected`` is optional. An amount with too many digits is a bid that the engine refuses, and so stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args, get_type_hints

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from api.contract.problems import duplicate_names
from api.contract.reading import Unreadable, Unwanted, is_too_deep, read_json
from auction_engine.commands import Command
from auction_engine.commands_before import ApprovePlan
from auction_engine.commands_session import Tick
from rules.errors import Code, Path, Problem

LONGEST: Final = 64 * 1024
"""Bytes of one command."""
TYPES: Final[dict[str, type[Command]]] = {one.__name__: one for one in get_args(Command) if one is not Tick}
"""What may be sent. Timers fire on the server alone."""
MOST: Final = 10**16
"""The largest number that a command may hold, in đồng or anything else; a larger bid is written down as text."""
_TOO_LARGE: Final = ("Số quá lớn: nhiều nhất là 10^16.", "The number is too large: at most 10^16.")
_AMOUNTS: Final = ("amount", "start", "step")
_LARGEST_SEQ: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command with the sequence its sender saw last, and the name of the session where one is begun."""

    command: Command
    expected: int | None = None
    session: str = ""


def read_command(text: bytes) -> Asked | list[Problem]:
    """The command of a request's body, or everything that is wrong with it."""
    document = _document(text, {"command", "expected"}, "command")
    if isinstance(document, list):
        return document
    expected = document.get("expected")
    problems = []
    if expected is not None and (type(expected) is not int or not 0 <= expected < _LARGEST_SEQ):
        problems.append(
            _wrong(("expected",), "Phải là số thứ tự (số nguyên) hoặc bỏ trống.", "Must be a sequence or absent.")
        )
    command = _command(document["command"], ("command",))
    if isinstance(command, list) or problems:
        return [*(command if isinstance(command, list) else []), *problems]
    return Asked(command=command, expected=expected)


def read_plan(text: bytes) -> Asked | list[Problem]:
    """The approved plan that begins a session, with the session's name where one is given."""
    document = _document(text, {"plan", "session"}, "plan")
    if isinstance(document, list):
        return document
    name = document.get("session", "")
    problems = []
    if not isinstance(name, str) or (name and not is_name(name)):
        problems.append(
            _wrong(
                ("session",),
                "Tên phiên gồm 1-64 chữ cái không dấu, chữ số, dấu - hoặc _, bắt đầu bằng chữ hoặc số.",
                "A name has 1-64 letters, digits, - or _, and starts with a letter or digit.",
            )
        )
    plan = document["plan"]
    given = {**plan, "type": ApprovePlan.__name__} if isinstance(plan, dict) else plan
    command = _command(given, ("plan",))
    if isinstance(command, list) or problems:
        return [*problems, *(command if isinstance(command, list) else [])]
    return Asked(command=command, session=name)


def is_name(text: str) -> bool:
    """Whether a text can name a session or be a key."""
    return 0 < len(text) <= _LONGEST_NAME and text[0].isalnum() and text.isascii() and not set(text) - _NAMES


_LONGEST_NAME: Final = 64
_NAMES: Final = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def _document(text: bytes, names: set[str], needed: str) -> dict[str, Any] | list[Problem]:
    try:
        document = read_json(text)
    except Unreadable as error:
        return [_wrong(None, error.vi, error.en)]
    if is_too_deep(document):
        return [_wrong(None, "JSON lồng quá sâu.", "The JSON is nested too deeply.")]
    if not isinstance(document, dict):
        return [_wrong(None, "Phải là một đối tượng JSON.", "Must be a JSON object.")]
    problems = list(duplicate_names(document))
    problems += [_unknown((name,)) for name in document if name not in names]
    if needed not in document:
        problems.append(_missing((needed,)))
    return problems or document


def _command(raw: Any, path: Path) -> Command | list[Problem]:
    if not isinstance(raw, dict):
        return [_wrong(path, "Phải là một đối tượng JSON.", "Must be a JSON object.")]
    kind = raw.get("type")
    if "type" not in raw:
        return [_missing((*path, "type"))]
    found = TYPES.get(kind) if isinstance(kind, str) else None
    if found is None:
        listed = ", ".join(TYPES)
        return [_wrong((*path, "type"), f"Phải là một trong: {listed}.", f"Must be one of: {listed}.")]
    given = {name: _amount(value) if name in _AMOUNTS else value for name, value in raw.items() if name != "type"}
    problems = [_unknown(one) for one in _strangers(found, given, path)]
    problems += [_wrong(one, *_TOO_LARGE) for one in _too_large(given, path)]
    try:
        written = orjson.dumps(given, default=_unwanted)
    except TypeError:
        return problems or [_wrong(path, "Có ký tự không hợp lệ.", "A character is not valid.")]
    try:
        command: Command = _ADAPTERS[found].validate_json(written, strict=True)
    except ValidationError as error:
        return [*problems, *(_of(one, path) for one in error.errors(include_url=False, include_input=False))]
    return problems or command


def _amount(value: Any) -> Any:
    """A number with more digits than any sum is what a text of that many digits is: no bid, but one that was made."""
    return value.text if isinstance(value, Unwanted) and value.text.endswith("…") else _small(value)


def _small(value: Any) -> Any:
    return f"{value}…" if type(value) is int and abs(value) > MOST else value


def _too_large(value: Any, path: Path) -> Iterator[Path]:
    """Numbers larger than any sum, wherever they stand."""
    if type(value) is int and abs(value) > MOST:
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _too_large(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _too_large(inner, (*path, index))


def _unwanted(value: object) -> list[object]:
    return []  # no command takes an empty list where a number may stand


_ADAPTERS: Final = {kind: TypeAdapter[Any](kind) for kind in TYPES.values()}


def _strangers(kind: type, given: dict[str, Any], path: Path) -> Iterator[Path]:
    """Fields that a command does not have."""
    hints = _hints(kind)
    for name, value in given.items():
        if name not in hints:
            yield (*path, name)
        elif is_dataclass(hints[name]) and isinstance(value, dict):
            yield from _strangers(hints[name], value, (*path, name))


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


_TEXTS: Final = {
    "string_type": ("Phải là chuỗi ký tự.", "Must be a string."),
    "int_type": ("Phải là số nguyên.", "Must be an integer."),
    "bool_type": ("Phải là true hoặc false.", "Must be true or false."),
    "tuple_type": ("Phải là một danh sách.", "Must be an array."),
    "dataclass_type": ("Phải là một đối tượng JSON.", "Must be a JSON object."),
    "dataclass_exact_type": ("Phải là một đối tượng JSON.", "Must be a JSON object."),
}


def _of(error: ErrorDetails, path: Path) -> Problem:
    kind = error["type"]
    where = (*path, *(one for one in error["loc"] if one not in ("str", "int")))
    if kind == "missing":
        return _missing(where)
    if kind == "enum":
        listed = error.get("ctx", {}).get("expected", "")
        return _wrong(where, f"Phải là một trong: {listed}.", f"Must be one of: {listed}.")
    vi, en = _TEXTS.get(kind, ("Giá trị không hợp lệ.", error["msg"]))
    return _wrong(where, vi, en)


def _missing(path: Path) -> Problem:
    return _wrong(path, "Thiếu trường bắt buộc.", "A required field is missing.")


def _unknown(path: Path) -> Problem:
    return _wrong(path, "Trường không có trong lệnh; kiểm tra chính tả.", "Unknown field; check its spelling.")


def _wrong(path: Path | None, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)
