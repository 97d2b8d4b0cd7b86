"""What was paid into the budget, for which licence or by whom, the fee and late interest apart?

A payment is known by its document, its day, whose it is and what it pays. What the tax office notified is not here, and
interest paid never lowers the fee owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from api.imports.aliases import Aliases
from api.imports.cells import Doubt
from api.imports.findings import Finding
from api.imports.importers import importer_of
from api.imports.licence_lookup import Known, LicenceIndex, load_licences, name_key, same_name
from api.imports.office_fields import PAYMENTS
from api.imports.office_import import OfficeReading, OfficeRow, Plan, Wanted, once_each, rows_by_key
from api.imports.report import ImportReport
from api.store.office import TaxPayment
from api.store.text import words

_KEY: Final = ("document_key", "paid_on", "owner_key", "part")
_LABELS: Final = {
    **{name: (field.label_vi, field.label_en) for name, field in PAYMENTS.fields.items()},
    "licence_id": ("Giấy phép", "Licence"),
    "payer": ("Người nộp", "Payer"),
    "amount_vnd": ("Số tiền (đồng)", "Amount (VND)"),
}
_PARTS: Final = ("principal", "interest")


def _plan(session: Session, reading: OfficeReading, aliases: Aliases, report: ImportReport) -> Plan:
    register = load_licences(session)
    stored = rows_by_key(session, TaxPayment, _KEY)
    findings: list[Finding] = []
    pairs: list[tuple[OfficeRow, Wanted]] = []
    for row in reading.rows:
        taken = _payments(row, register, report.today, findings)
        pairs += [(row, wanted) for wanted in taken]
    kept, moved = _with_their_licences(once_each(pairs, findings), stored)
    return Plan(model=TaxPayment, labels=_LABELS, wanted=kept, stored={**stored, **moved}, findings=findings)


import_payments: Final = importer_of(PAYMENTS, _plan)
"""Import payments as the tax office lists them."""


def _payments(row: OfficeRow, register: LicenceIndex, today: date, findings: list[Finding]) -> list[Wanted]:
    paid_on, document = row.values.get("paid_on"), str(row.values.get("document", ""))
    if not isinstance(paid_on, date) or not document:
        return []
    if paid_on > today:
        findings.append(row.finding("paid_in_future", "paid_on", today=today.strftime("%d/%m/%Y")))
        return []
    payer = str(row.values.get("holder", "")) or None
    licence = register.find(row.values)
    if isinstance(licence, Doubt):
        if "number" in row.values or payer is None:
            findings.append(row.finding(licence.code, "number", **licence.words))
            return []
        findings.append(row.finding("payment_unassigned", "holder", ids=licence.words.get("ids", "?")))
    elif payer and licence.holder and not same_name(licence.holder, name_key(payer)):
        findings.append(row.finding("other_payer", "holder", holder=licence.holder))
        return []
    sums = {part: int(str(row.values[part])) for part in _PARTS if part in row.values}
    if "amount" in row.values and not sums:
        if "part" not in row.values:
            findings.append(row.finding("part_missing", "part"))
            return []
        sums = {str(row.values["part"]): int(str(row.values["amount"]))}
    found = licence if isinstance(licence, Known) else None
    return [_wanted(row, found, payer, part, amount, paid_on, document) for part, amount in sums.items() if amount]


def _wanted(
    row: OfficeRow, licence: Known | None, payer: str | None, part: str, amount: int, paid_on: date, document: str
) -> Wanted:
    values: dict[str, Any] = {
        "licence_id": None if licence is None else licence.id,
        "payer": payer or (licence.holder if licence else None),
        "owner_key": f"licence:{licence.id}" if licence else name_key(payer or ""),
        "paid_on": paid_on,
        "document": document,
        "document_key": words(document) or document,
        "part": part,
        "amount_vnd": amount,
        "note": row.values.get("note"),
        "source_sheet": row.sheet,
        "source_row": row.number,
    }
    return Wanted(
        key=tuple(values[name] for name in _KEY),
        values=values,
        label=f"{document} · {paid_on.strftime('%d/%m/%Y')}",
        place=row.place(),
        licence_id=licence.id if licence else 0,
    )


def _with_their_licences(
    wanted: list[Wanted], stored: Mapping[tuple[Any, ...], Any]
) -> tuple[list[Wanted], dict[tuple[Any, ...], Any]]:
    """The same payment told once with its licence and once with its payer alone is one payment.

    Returns the payments, each with the licence the store knows it by, and the stored rows that now get a licence.
    """
    assigned = {_told(row, row.payer): row for row in stored.values() if row.licence_id is not None}
    kept, moved = [], {}
    for one in wanted:
        payer = one.values["payer"]
        if one.values["licence_id"] is None and (row := assigned.get((*_same(one), name_key(payer or "")))):
            values = {**one.values, "licence_id": row.licence_id, "owner_key": row.owner_key, "payer": row.payer}
            one = replace(one, key=tuple(values[name] for name in _KEY), values=values, licence_id=row.licence_id)
        elif one.key not in stored:
            document, paid_on, _, part = one.key
            before = stored.get((document, paid_on, name_key(payer or ""), part))
            if before is not None and before.amount_vnd == one.values["amount_vnd"]:
                moved[one.key] = before
        kept.append(one)
    return kept, moved


def _same(wanted: Wanted) -> tuple[Any, ...]:
    return tuple(wanted.values[name] for name in ("document_key", "paid_on", "part", "amount_vnd"))


def _told(row: Any, payer: str | None) -> tuple[Any, ...]:
    return (row.document_key, row.paid_on, row.part, row.amount_vnd, name_key(payer or ""))
