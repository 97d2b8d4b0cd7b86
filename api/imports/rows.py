"""What licence does a row of a register describe, what is missing in it, and what could not be read?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.imports.aliases import Aliases
from api.imports.cells import is_blank, written
from api.imports.fields import FIELDS
from api.imports.findings import Finding, Place, finding
from api.imports.headers import Header
from api.imports.tables import Row
from api.imports.values import not_told, read_values, set_aside
from api.store.models import Licence
from api.store.text import fold, number_key

_SEARCHED: Final = ("number", "holder", "mine_name", "place", "district", "region", "mineral_local")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row that became a licence.

    ``values``: field -> text, shortest decimal or date, for everything that could be read. ``unread``: field -> the
    cell as written, for what could not. ``gaps``: the findings that stay with the licence until it is completed.
    """

    sheet: str | None
    row: int
    values: Mapping[str, str | date]
    unread: Mapping[str, str]
    extra: Mapping[str, str]
    mineral_code: str | None
    gaps: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def shown(self) -> dict[str, str]:
        """Field -> what the register says, read or not: the basis of comparing two states of a licence."""
        return _shown(self.values, self.unread)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all the row says; the mineral code is left out, for it follows from the mapping."""
        told = {"values": {name: str(value) for name, value in self.values.items()}, "unread": dict(self.unread)}
        told["extra"] = dict(self.extra)
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def columns(self) -> dict[str, Any]:
        """The columns of ``Licence`` this row fills, apart from where and when it was imported."""
        texts = {name: self.values.get(name) for name in FIELDS}
        return {
            **texts,
            "number_key": number_key(str(self.values.get("number", ""))),
            "mineral_code": self.mineral_code,
            "gaps": [gap_json(gap) for gap in self.gaps],
            "extra": dict(self.extra),
            "search_text": fold(" ".join(str(self.values.get(name, "")) for name in _SEARCHED)),
            "fingerprint": self.fingerprint,
            "source_sheet": self.sheet,
            "source_row": self.row,
        }


def gap_json(gap: Finding) -> dict[str, Any]:
    """What the store keeps of a finding about a licence."""
    kept = ("code", "field", "column", "value", "message_vi", "message_en", "action_vi", "action_en")
    return {name: getattr(gap, name) for name in kept}


def stored_shown(licence: Licence) -> dict[str, str]:
    """``ReadRow.shown`` of a licence in the store."""
    values = {name: value for name in FIELDS if (value := getattr(licence, name)) is not None}
    unread = {gap["field"]: gap["value"] for gap in licence.gaps if gap["value"] is not None and gap["field"] in FIELDS}
    return _shown(values, unread)


def _shown(values: Mapping[str, object], unread: Mapping[str, str]) -> dict[str, str]:
    # the mark keeps "1.234" that could not be read apart from 1.234 that was
    marked = {name: f"{text} (chưa đọc được / not read)" for name, text in unread.items()}
    return {**{name: str(value) for name, value in values.items()}, **marked}


def read_row(row: Row, header: Header, sheet: str | None, aliases: Aliases, *, today: date) -> ReadRow | Finding | None:
    """The licence in a row; a finding when it is a heading or a total; ``None`` when the row is empty."""
    if all(is_blank(cell) or column in row.shared for column, cell in enumerate(row.cells)):
        return None
    if aside := set_aside(row, header, sheet):
        return aside
    values, unread, gaps = read_values(row, header, sheet, aliases)
    gaps += not_told({*values, *unread}, header, sheet, row.number, aliases.subject)
    mineral_code = None
    if "mineral_local" in values:
        mine = f"{values.get('mine_name', '')} {values.get('place', '')}"
        mineral_code = aliases.mineral(str(values["mineral_local"]), mine)
        if mineral_code is None:
            gaps.append(unmapped_mineral(str(values["mineral_local"]), header, sheet, row.number))
    return ReadRow(
        sheet=sheet,
        row=row.number,
        values=values,
        unread=unread,
        extra=_extra(row, header),
        mineral_code=mineral_code,
        gaps=tuple(gaps),
        notes=tuple(_notes(values, header, sheet, row.number, aliases, today)),
    )


def unmapped_mineral(name: str, header: Header | None, sheet: str | None, row: int) -> Finding:
    """The finding that nobody said which code a local mineral name means."""
    column = header.names[header.fields["mineral_local"]] if header else None
    place = Place(sheet=sheet, row=row, column=column)
    return finding("unmapped_mineral", place, field="mineral_code", value=name)


def _extra(row: Row, header: Header) -> dict[str, str]:
    """Every filled cell that no field takes, under its header or its position."""
    taken = {*header.fields.values(), *header.ignored}
    extra: dict[str, str] = {}
    for column, cell in enumerate(row.cells):
        if column in taken or not (text := written(cell)):
            continue
        name = header.extras.get(column, f"cột {column + 1}")
        extra[f"{name} ({column + 1})" if name in extra else name] = text
    return extra


def _notes(
    values: Mapping[str, str | date], header: Header, sheet: str | None, row: int, aliases: Aliases, today: date
) -> list[Finding]:
    found = []
    issued, expires = values.get("issued_on"), values.get("expires_on")
    if isinstance(expires, date):
        place = Place(sheet=sheet, row=row, column=header.names[header.fields["expires_on"]])
        if isinstance(issued, date) and expires < issued:
            found.append(finding("expires_before_issued", place, field="expires_on", value=written(expires)))
        elif expires < today:
            day = {"today": written(today)}
            found.append(finding("expired", place, field="expires_on", value=written(expires), words=day))
    signed = aliases.marked_authority(number_key(str(values.get("number", ""))))
    if signed and "authority" in values and signed != values["authority"]:
        place = Place(sheet=sheet, row=row, column=header.names[header.fields["authority"]])
        found.append(finding("authority_conflict", place, field="authority", value=str(values["number"])))
    return found
