"""How does a file differ from the store, and from itself?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from api.imports.fields import FIELDS
from api.imports.findings import Finding, Place, finding
from api.imports.identity import Identity, identity
from api.imports.report import FieldChange
from api.imports.rows import ReadRow, stored_shown
from api.store.models import Licence


def row_identity(row: ReadRow) -> Identity:
    """What tells a row of a file from others."""
    told = row.shown
    issued = row.values.get("issued_on")
    return identity(
        number=told.get("number"),
        issued_on=issued if isinstance(issued, date) else None,
        mine_name=told.get("mine_name"),
        place=told.get("place"),
        holder=told.get("holder"),
        mineral_local=told.get("mineral_local"),
        fingerprint=row.fingerprint,
    )


def licence_identity(licence: Licence) -> Identity:
    """What tells a stored licence from others."""
    return identity(
        number=licence.number,
        issued_on=licence.issued_on,
        mine_name=licence.mine_name,
        place=licence.place,
        holder=licence.holder,
        mineral_local=licence.mineral_local,
        fingerprint=licence.fingerprint,
    )


def differences(licence: Licence, row: ReadRow) -> tuple[FieldChange, ...]:
    """What the row says otherwise than the stored licence, field by field; empty when it says the same."""
    old, new = stored_shown(licence), row.shown
    labels = {name: (field.label_vi, field.label_en) for name, field in FIELDS.items()}
    if licence.mineral_code != row.mineral_code:
        labels["mineral_code"] = ("Mã khoáng sản", "Mineral code")
        old["mineral_code"], new["mineral_code"] = licence.mineral_code or "", row.mineral_code or ""
    for name in dict.fromkeys((*licence.extra, *row.extra)):
        labels[f"extra.{name}"] = (name, name)
        old[f"extra.{name}"], new[f"extra.{name}"] = licence.extra.get(name, ""), row.extra.get(name, "")
    return tuple(
        FieldChange(field=name, label_vi=vi, label_en=en, old=old.get(name) or None, new=new.get(name) or None)
        for name, (vi, en) in labels.items()
        if (old.get(name) or None) != (new.get(name) or None)
    )


def repeats(rows: Sequence[ReadRow], identities: Sequence[Identity]) -> list[Finding]:
    """Rows of one file that repeat each other, or share a licence number."""
    first: dict[str, int] = {}
    same_row: dict[str, int] = {}
    found = []
    for position, (row, one) in enumerate(zip(rows, identities, strict=True)):
        place = Place(sheet=row.sheet, row=row.row)
        number = str(row.values.get("number", "")) or None
        if one.fingerprint in same_row:
            other = rows[same_row[one.fingerprint]]
            found.append(finding("duplicate_row", place, value=number, words={"other": _named(other)}))
        elif one.facts[0] in first:
            other = rows[first[one.facts[0]]]
            found.append(finding("same_number", place, field="number", value=number, words={"other": _named(other)}))
        same_row.setdefault(one.fingerprint, position)
        if one.facts[0]:
            first.setdefault(one.facts[0], position)
    return found


def shared_with_store(
    rows: Sequence[ReadRow], identities: Sequence[Identity], meant: Sequence[int | None], stored: Sequence[Licence]
) -> list[Finding]:
    """Rows whose licence number the store has for licences that the file does not mean."""
    in_file = {index for index in meant if index is not None}
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, licence in enumerate(stored):
        if licence.number_key and index not in in_file:
            holders[licence.number_key].append(licence.id or 0)
    return [
        finding(
            "same_number_stored",
            Place(sheet=row.sheet, row=row.row),
            field="number",
            value=str(row.values.get("number", "")) or None,
            words={"other": holders[one.facts[0]][0]},
        )
        for row, one in zip(rows, identities, strict=True)
        if one.facts[0] and holders.get(one.facts[0])
    ]


def _named(row: ReadRow) -> str:
    return f"{row.row} ({row.sheet})" if row.sheet else str(row.row)
