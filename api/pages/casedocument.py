"""Which case do the answers of a form describe, and where does each of its problems belong? And back: a case as answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from api.pages.answers import typed_quantity
from api.pages.caseform import Field, Group, Part, Rows, fields_of
from api.pages.speech import Speech
from rules.formats import date_vi
from rules.trace import Text

Json = dict[str, Any]
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_PLAIN: Final = re.compile(r"\d+\.\d+")
_ABSENT: Final = object()


@dataclass(slots=True)
class Answered:
    """The contract's document, the field each of its paths came from, and the answers that could not be read."""

    document: Json
    names: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Text] = field(default_factory=dict)

    def take(self, part: Part, path: str) -> Any:
        """The value of a part; ``_ABSENT`` where nothing was answered."""
        match part:
            case Field():
                return self._one(part, path)
            case Group():
                value = self._object(part, path)
                touched = any(one.value.strip() for one in fields_of(part))
                return value if touched or part.required else _ABSENT
            case Rows(mapping=True):
                return self._pairs(part, path) or _ABSENT
            case Rows():
                return self._list(part, path) or _ABSENT

    def _one(self, one: Field, path: str) -> Any:
        self.names[path] = one.name
        text = one.value.strip()
        if not text:
            return None if one.null else _ABSENT
        value = one.read(text)
        if isinstance(value, Text):
            self.unread[one.name] = value
            return text
        return value

    def _object(self, group: Group, path: str) -> Json:
        fields = fields_of(group)
        if path and fields:
            self.names[path] = fields[0].name
        found = {}
        for part in group.parts:
            value = self.take(part, f"{path}.{part.key}" if path else part.key)
            if value is not _ABSENT:
                found[part.key] = value
        return found

    def _list(self, rows: Rows, path: str) -> list[Any]:
        found: list[Any] = []
        for row in rows.rows:
            # a row nobody touched is no line of the case, unless the list needs it
            if any(one.value.strip() for one in fields_of(row)):
                here = f"{path}[{len(found)}]"
                found.append(self._one(fields_of(row)[0], here) if rows.bare else self._object(row, here))
            elif len(found) < rows.least and not rows.bare:
                found.append(self._object(row, f"{path}[{len(found)}]"))
        if rows.rows:
            self.names[path] = fields_of(rows.rows[0])[0].name
        return found

    def _pairs(self, rows: Rows, path: str) -> Json:
        found: Json = {}
        for row in rows.rows:
            key, value = fields_of(row)
            self.names.setdefault(path, key.name)
            name = key.value.strip()
            if not name and not value.value.strip():
                continue
            if name in found:
                self.unread[key.name] = Text("Năm này đã có ở dòng trên.", "This year stands above already.")
            self.names[f"{path}.{name}"] = value.name
            found[name] = self._one(value, f"{path}.{name}")
            if found[name] is _ABSENT:
                found[name] = ""
        return found


def answered(form: Group, kind: str) -> Answered:
    """The case that a form describes, whatever is missing or wrong in it."""
    case = Answered({})
    case.document = {"id": "calculator", "kind": kind, **case._object(form, "")}
    return case


def problems_of(form: Group, case: Answered, result: Json, t: Speech) -> tuple[dict[str, str], tuple[str, ...]]:
    """The messages by field, what could not be read before what the engine says, and those of no field."""
    by_name = {name: t.text(text) for name, text in case.unread.items()}
    empty = {one.name for one in fields_of(form) if one.required and not one.value.strip()}
    general = []
    for problem in result.get("errors", ()):
        name = _name_of(case, problem["field"])
        if name is None:
            general.append((f"{problem['field']}: " if problem["field"] else "") + t.of(problem, "message"))
        else:
            absent = name in empty and problem["code"] == "invalid_input"
            by_name.setdefault(name, t("Chưa nhập.", "Not filled in.") if absent else t.of(problem, "message"))
    return by_name, tuple(general)


def _name_of(case: Answered, path: str | None) -> str | None:
    """The field a path of the document came from, or the nearest above it."""
    while path:
        if path in case.names:
            return case.names[path]
        path = path[:-1].rpartition("[")[0] if path.endswith("]") else path.rpartition(".")[0]
    return None


def answers_of(document: Mapping[str, Any]) -> dict[str, str]:
    """A case as the form's answers: what :func:`answered` would read back as the same document."""
    return {name: text for key in document if key not in ("id", "kind") for name, text in _typed(document[key], key)}


def _typed(value: Any, name: str) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case bool():
            yield name, str(value).lower()
        case int():
            yield name, str(value)
        case str():
            yield name, _as_typed(value)
        case list():
            yield f"{name}.n", str(len(value))
            for number, one in enumerate(value):
                yield from _typed(one, f"{name}.{number}" if isinstance(one, dict) else f"{name}.{number}.value")
        case dict() if all(key.isdecimal() for key in value) and value:
            yield f"{name}.n", str(len(value))
            for number, (key, one) in enumerate(value.items()):
                yield f"{name}.{number}.key", key
                yield f"{name}.{number}.value", _as_typed(one)
        case dict():
            for key, one in value.items():
                yield from _typed(one, f"{name}.{key}")


def _as_typed(text: str) -> str:
    if _DAY.fullmatch(text):
        return date_vi(date.fromisoformat(text))
    if month := _MONTH.fullmatch(text):
        return f"{month[2]}/{month[1]}"
    return typed_quantity(text) if _PLAIN.fullmatch(text) else text
