"""Which fields does a case of any kind have, as answered so far? Read off the kind's published JSON Schema.

A field is named by its path: ``minerals.0.price.amount``. How many rows a list shows stands under ``minerals.n``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from api.contract.schemas import schema_of
from api.pages.answers import read_day, read_decimal, read_month, read_quantity, read_text, read_whole
from api.pages.inputs import Wording, choice_words, wording
from rules.trace import Text

Json = dict[str, Any]
Given = Mapping[str, str]
Read = Callable[[str], str | int | bool | Text]

MOST_ROWS: Final = 40
_UNSAID: Final = ("id", "kind")
_NO_CHOICE: Final = Text("— chọn —", "— choose —")
_GRADES: Final = ("grade", "price_grade", "grade_unit")
_KAOLIN: Final = ("kaolin_state", "kaolin_recovery")
_CONVERSIONS: Final[dict[str, tuple[str, ...]]] = {
    "raw": ("bulking_factor", "density"),
    "frame_average": ("bulking_factor", "density"),
    "ore_grade": _GRADES,
    "concentrate": _GRADES,
    "component": _GRADES,
    "ore_bands": ("grade", "grade_unit"),
    "kaolin_unsieved": _KAOLIN,
    "kaolin_sieved": _KAOLIN,
    "determined": ("factor", "factor_source"),
}
"""What the price's own conversion may need, by kind; the conversion of output has fields of its own."""
_OF_OUTPUT: Final = ("output_state", "output_factor", "factor_source")
_ACTION: Final = re.compile(r"(add|drop):([\w.]{1,200})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer. ``options`` is ``None`` where one types; ``null`` where an empty answer is sent as null."""

    name: str
    key: str
    words: Wording
    value: str
    read: Read
    options: tuple[tuple[str, Text], ...] | None
    required: bool
    null: bool = False
    live: bool = False

    @property
    def mode(self) -> str:
        """The keyboard a phone shows."""
        if self.read in (read_decimal, read_quantity):
            return "decimal"
        return "numeric" if self.read is read_whole else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An object: its fields and inner objects in order."""

    name: str
    key: str
    words: Wording | None
    parts: tuple[Part, ...]
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A list of objects; ``mapping`` where the contract has an object of pairs instead, ``bare`` where it has values."""

    name: str
    key: str
    words: Wording
    rows: tuple[Group, ...]
    least: int
    required: bool
    mapping: bool = False
    bare: bool = False

    @property
    def full(self) -> bool:
        """Whether no further row fits."""
        return len(self.rows) >= MOST_ROWS


Part = Field | Group | Rows


def case_form(kind: str, given: Given) -> Group:
    """The form of a kind for some answers. Raises ``KeyError`` for an unknown kind."""
    schema = schema_of(kind)
    return _Walk(schema, given).group("", "", schema, required=True)


class _Walk:
    """One walk down a schema with the answers at hand."""

    def __init__(self, root: Json, given: Given) -> None:
        self.root = root
        self.given = given

    def group(
        self,
        name: str,
        key: str,
        schema: Json,
        *,
        required: bool,
        words: Wording | None = None,
        tag: Part | None = None,
    ) -> Group:
        needed = schema.get("required", ())
        parts = [] if tag is None else [tag]
        for inner, one in schema["properties"].items():
            known = inner == tag.key if tag else not name and inner in _UNSAID
            if not known:
                parts.append(self.part(f"{name}.{inner}" if name else inner, inner, one, key, required=inner in needed))
        return Group(name=name, key=key, words=words, parts=tuple(parts), required=required)

    def part(self, name: str, key: str, schema: Json, holder: str, *, required: bool) -> Part:
        schema, null = self._resolved(schema)
        words = wording(key, holder)
        if "discriminator" in schema:
            return self._union(name, key, schema, words, required=required)
        if "properties" in schema:
            found = self.group(name, key, schema, required=required, words=words)
            return self._needed(found) if key.endswith("conversion") else found
        if schema.get("type") == "array":
            least = max(schema.get("minItems", 0), 1 if required else 0)
            inner, _ = self._resolved(schema["items"])
            bare = "properties" not in inner
            row = (
                partial(self._bare, words=words, schema=inner) if bare else partial(self._listed, key=key, schema=inner)
            )
            rows = self._filled(name, row, least)
            return Rows(name=name, key=key, words=words, rows=rows, least=least, required=required, bare=bare)
        if isinstance(schema.get("additionalProperties"), dict):
            least = 1 if required else 0
            row = partial(self._pair, words=words, schema=schema["additionalProperties"])
            rows = self._filled(name, row, least)
            return Rows(name=name, key=key, words=words, rows=rows, least=least, required=required, mapping=True)
        return self._field(name, key, schema, words, required=required, null=null and required)

    def _resolved(self, schema: Json) -> tuple[Json, bool]:
        """The schema itself, and whether null may stand for it."""
        others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        null = bool(others)
        while "$ref" in schema or len(others) == 1:
            schema = others[0] if others else self.root["$defs"][schema["$ref"].rpartition("/")[2]]
            others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
        return schema, null

    def _union(self, name: str, key: str, schema: Json, words: Wording, *, required: bool) -> Group:
        tag = schema["discriminator"]["propertyName"]
        mapping = schema["discriminator"]["mapping"]
        options = tuple((value, choice_words(value)) for value in mapping)
        chosen = self.given.get(f"{name}.{tag}", "").strip()
        asked = Field(
            name=f"{name}.{tag}",
            key=tag,
            words=wording(tag, key),
            value=chosen,
            read=read_text,
            options=options,
            required=True,
            live=True,
        )
        if chosen not in mapping:
            return Group(name=name, key=key, words=words, parts=(asked,), required=required)
        branch, _ = self._resolved({"$ref": mapping[chosen]})
        return self.group(name, key, branch, required=required, words=words, tag=asked)

    def _needed(self, conversion: Group) -> Group:
        """The conversion without what its price has no use for; what was answered stays."""
        kind = self.given.get(f"{conversion.name.removesuffix('conversion')}price.kind", "")
        wanted = (*_CONVERSIONS.get(kind, ()), *_OF_OUTPUT)
        kept = [one for one in conversion.parts if one.key in wanted or any(each.value for each in fields_of(one))]
        return replace(conversion, parts=tuple(kept)) if kind in _CONVERSIONS else conversion

    def _filled(self, name: str, row: Callable[[str], Group], least: int) -> tuple[Group, ...]:
        return tuple(row(f"{name}.{number}") for number in range(row_count(self.given, name, least)))

    def _listed(self, name: str, *, key: str, schema: Json) -> Group:
        return self.group(name, key, schema, required=True)

    def _bare(self, name: str, *, words: Wording, schema: Json) -> Group:
        value = self._field(f"{name}.value", "value", schema, words, required=True)
        return Group(name=name, key="value", words=None, parts=(value,), required=True)

    def _pair(self, name: str, *, words: Wording, schema: Json) -> Group:
        year = self._field(f"{name}.key", "key", {"type": "integer"}, wording("year"), required=True)
        value = self._field(f"{name}.value", "value", schema, words, required=True)
        return Group(name=name, key="value", words=None, parts=(year, value), required=True)

    def _field(self, name: str, key: str, schema: Json, words: Wording, *, required: bool, null: bool = False) -> Field:
        options: tuple[tuple[str, Text], ...] | None = None
        if schema.get("type") == "boolean":
            read: Read = _read_flag
            options = tuple((value, choice_words(value)) for value in ("true", "false"))
        elif "enum" in schema or "const" in schema:
            values = schema.get("enum") or [schema["const"]]
            read = read_whole if schema["type"] == "integer" else read_text
            options = tuple((str(value), _choice(value)) for value in values)
        elif schema.get("type") == "integer":
            read = read_whole
        elif schema.get("format") == "date":
            read = read_day
        elif "maxLength" in schema and "minLength" in schema:
            read = read_text
        elif "[0-9]{4}-" in schema.get("pattern", ""):
            read = read_month
        else:
            read = read_decimal if words.small else read_quantity
        value = self.given.get(name, "")
        return Field(
            name=name, key=key, words=words, value=value, read=read, options=options, required=required, null=null
        )


def _choice(value: str | int) -> Text:
    return (
        Text(f"{value:,} đồng".replace(",", "."), f"VND {value:,}") if isinstance(value, int) else choice_words(value)
    )


def _read_flag(text: str) -> bool | Text:
    return text == "true"


def row_count(given: Given, name: str, least: int) -> int:
    """How many rows a list shows."""
    text = given.get(f"{name}.n", "")
    return min(max(int(text), least), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 5 else least


def changed(kind: str, given: Given, action: str) -> dict[str, str]:
    """The answers after a button that adds a row to a list or takes one away."""
    answers = dict(given)
    found = _ACTION.fullmatch(action)
    if not found:
        return answers
    name, _, at = found[2].rpartition(".") if found[1] == "drop" else (found[2], "", "")
    rows = next((one for one in lists_of(case_form(kind, given)) if one.name == name), None)
    if rows is None:
        return answers
    if found[1] == "add":
        answers[f"{name}.n"] = str(min(len(rows.rows) + 1, MOST_ROWS))
        return answers
    return _without(answers, rows, int(at)) if at.isdecimal() else answers


def _without(answers: dict[str, str], rows: Rows, dropped: int) -> dict[str, str]:
    kept = {}
    for name, value in answers.items():
        rest = name.removeprefix(f"{rows.name}.")
        number, dot, inner = rest.partition(".")
        if name == rest or not (dot and number.isdecimal()) or int(number) < dropped:
            kept[name] = value
        elif int(number) > dropped:
            kept[f"{rows.name}.{int(number) - 1}.{inner}"] = value
    kept[f"{rows.name}.n"] = str(max(len(rows.rows) - 1, rows.least))
    return kept


def lists_of(part: Part) -> list[Rows]:
    """Every list of a form, those inside rows included."""
    match part:
        case Field():
            return []
        case Group(parts=parts):
            return [one for inner in parts for one in lists_of(inner)]
        case Rows(rows=rows):
            return [part, *(one for row in rows for one in lists_of(row))]


def fields_of(part: Part) -> list[Field]:
    """Every field of a form in reading order."""
    match part:
        case Field():
            return [part]
        case Group(parts=inner) | Rows(rows=inner):
            return [one for each in inner for one in fields_of(each)]
