"""What does this province call a column, an authority, a mineral? The product's own list, then the officer's changes.

The lists are ``aliases.toml`` and ``office_aliases.toml``; rows of ``HeaderAlias`` and ``MineralAlias`` go before it. Taking such a row away brings
the product's own reading back.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session, select

from api.imports.fields import FIELDS, IGNORE, REGISTER, Subject
from api.imports.office_fields import SUBJECTS
from api.store.models import HeaderAlias, MineralAlias
from api.store.text import words
from rules.lawbook import law_book

_MEASURED: Final = re.compile(r"(.*)\(([^()]*)\)\s*", re.DOTALL)
"""A header with its unit in brackets: "Sản lượng (tấn)"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliases:
    """All readings in force for the tables of one subject.

    Keys are folded words; mineral keys are (local name, words in the mine's name or "").
    """

    subject: Subject
    headers: Mapping[str, str | None]
    minerals: Mapping[tuple[str, str], str | None]
    authorities: Mapping[str, str]
    authority_marks: Mapping[str, str]
    units: Mapping[str, str]
    parts: Mapping[str, str]

    def field(self, header: str) -> str | None:
        """The field a column header stands for, ``ignore``, or ``None`` when nobody said."""
        known = self.headers.get(words(header))
        if known is None and (match := _MEASURED.fullmatch(header)):
            measured = self.headers.get(words(match[1]))
            return measured if measured in self.subject.measured else None
        return known

    def unit(self, written: str) -> str | None:
        """The unit of the contract a cell names, or a header in brackets; ``None`` when not recognised."""
        match = _MEASURED.fullmatch(written)
        return self.units.get(words(match[2] if match else written))

    def part(self, written: str) -> str | None:
        """``principal`` or ``interest`` for a cell that says what was paid, ``None`` when not recognised."""
        return self.parts.get(words(written))

    def mineral(self, local_name: str, mine: str) -> str | None:
        """The mineral code of a local name at a mine; ``None`` when it is open or two readings disagree.

        A longer ``where`` goes before a shorter one that it holds: "song hong" before "song".
        """
        name, place = words(local_name), f" {words(mine)} "
        near = {where: code for (key, where), code in self.minerals.items() if key == name and f" {where} " in place}
        near.pop("", None)
        closest = {code for where, code in near.items() if not any(where != other and where in other for other in near)}
        if closest:
            return closest.pop() if len(closest) == 1 else None
        if (name, "") in self.minerals:
            return self.minerals[name, ""]
        return _own_names().get(name)

    def authority(self, written: str) -> str | None:
        """``ministry`` or ``province`` for a cell of the authority column, ``None`` when not recognised."""
        return self.authorities.get(words(written))

    def marked_authority(self, number_key: str) -> str | None:
        """Who signs licences with such letters ("211/gp-ubnd" is the province's), ``None`` when the letters are new."""
        return self.authority_marks.get(number_key.rpartition("-")[2])


@cache
def _own_names() -> Mapping[str, str]:
    """The codes of the contract and their names in the law book: what the product's own sheets print."""
    return {words(name): code for code, one in law_book().minerals.items() for name in (one.name.vi, one.name.en, code)}


@cache
def product_aliases(subject: Subject = REGISTER) -> Aliases:
    """The list the product brings for the tables of a subject."""
    data, office = _loaded("aliases.toml"), _loaded("office_aliases.toml")
    common = {
        name: meaning for name, meaning in _turned(data["headers"]).items() if meaning in {*subject.fields, IGNORE}
    }
    return Aliases(
        subject=subject,
        headers={**common, **_turned(office.get(subject.name, {}))},
        minerals={
            (words(name), words(entry.get("where", ""))): entry["code"]
            for entry in data["minerals"]
            for name in entry["names"]
        },
        authorities=_turned(data["authorities"]),
        authority_marks=_turned(data["authority_marks"]),
        units=_turned(office["units"]),
        parts=_turned(office["parts"]),
    )


def load_aliases(session: Session, subject: Subject = REGISTER) -> Aliases:
    """The product's list with the officer's rows before it."""
    product = product_aliases(subject)
    rows = session.exec(select(HeaderAlias)).all()
    own_headers = {row.header_key: row.field for row in rows if row.field in {*subject.fields, IGNORE, None}}
    own_minerals = {(row.name_key, row.where_key): row.mineral_code for row in session.exec(select(MineralAlias)).all()}
    return replace(product, headers={**product.headers, **own_headers}, minerals={**product.minerals, **own_minerals})


def set_header(session: Session, header: str, field: str | None) -> None:
    """Read columns headed so as ``field`` (or ``ignore``); ``None`` switches the product's reading off.

    Raises ``ValueError`` for an empty header or an unknown field.
    """
    if not words(header):
        raise ValueError("tên cột trống: hãy ghi tên cột như trong tệp / the header is empty: write it as in the file")
    fields = dict.fromkeys((*FIELDS, *(name for subject in SUBJECTS for name in subject.fields), IGNORE))
    if field is not None and field not in fields:
        known = ", ".join(fields)
        raise ValueError(f"trường {field!r} không có; chọn trong / no field {field!r}; choose one of: {known}")
    session.merge(HeaderAlias(header_key=words(header), header=header.strip(), field=field))


def remove_header(session: Session, header: str) -> bool:
    """Take the officer's reading of a header away; ``False`` when there was none."""
    return _removed(session, session.get(HeaderAlias, words(header)))


def set_mineral(session: Session, name: str, mineral_code: str | None, *, where: str = "") -> None:
    """Read a local mineral name as a code, only at mines whose name holds ``where`` if given; ``None``: leave it open.

    Stored licences follow with ``remap_minerals``. Raises ``ValueError`` for an empty name or an unknown code.
    """
    if not words(name):
        raise ValueError("tên khoáng sản trống: hãy ghi tên / the mineral name is empty: write the name")
    codes = law_book().minerals
    if mineral_code is not None and mineral_code not in codes:
        known = ", ".join(codes)
        raise ValueError(f"mã {mineral_code!r} không có; chọn trong / no code {mineral_code!r}; choose one of: {known}")
    session.merge(
        MineralAlias(name_key=words(name), where_key=words(where), name=name.strip(), mineral_code=mineral_code)
    )


def remove_mineral(session: Session, name: str, *, where: str = "") -> bool:
    """Take the officer's reading of a mineral name away; ``False`` when there was none."""
    return _removed(session, session.get(MineralAlias, (words(name), words(where))))


def _removed(session: Session, row: HeaderAlias | MineralAlias | None) -> bool:
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _loaded(name: str) -> dict[str, Any]:
    return tomllib.loads(files("api.imports").joinpath(name).read_text("utf-8"))


def _turned(names_by_meaning: Mapping[str, list[str]]) -> dict[str, str]:
    return {words(name): meaning for meaning, names in names_by_meaning.items() for name in names}
