"""What is each input of a case called on a page, and its choices? Words as data, in ``inputs.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fees.environmental_fee import FRAME
from rules.lawbook import law_book
from rules.quantity import UNIT_NAMES, Unit
from rules.trace import Text

_SILENT: Final = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Label and help of an input; ``small`` for rates and factors, which have no thousands; ``usual`` if always shown."""

    label: Text
    help: Text
    small: bool
    usual: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """Title of a kind of case and what it is for."""

    title: Text
    lead: Text


def wording(name: str, holder: str = "") -> Wording:
    """The words of input ``name`` inside the object ``holder``. Raises ``KeyError`` for an input without words."""
    known = _words()["input"]
    row = known.get(f"{holder}.{name}") or known[name]
    return Wording(
        label=Text(row["vi"], row["en"]),
        help=Text(row["help_vi"], row["help_en"]) if "help_vi" in row else _SILENT,
        small=row.get("small", False),
        usual=row.get("usual", False),
    )


def choice_words(value: str) -> Text:
    """What a choice is called. Raises ``KeyError`` for a choice without words."""
    mineral = law_book().minerals.get(value)
    if mineral is not None:
        return mineral.name
    if value in tuple(Unit):
        return UNIT_NAMES[Unit(value)]
    line = law_book().tariffs[FRAME].lines.get(value)
    if line is not None:
        return line.rows[-1].name
    return Text(*_words()["choice"][value])


def kind_words(kind: str) -> KindWords:
    """Title and lead of a kind. Raises ``KeyError`` for a kind without words."""
    row = _words()["kind"][kind]
    return KindWords(title=Text(row["vi"], row["en"]), lead=Text(row.get("lead_vi", ""), row.get("lead_en", "")))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("api.pages").joinpath("inputs.toml").read_text("utf-8"))
