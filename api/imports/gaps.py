"""What did a licence lack for its settlement, as the officer filled it in? One row a licence, empty cells change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from sqlmodel import Session

from api.imports.aliases import Aliases
from api.imports.cells import Doubt
from api.imports.fields import Kind
from api.imports.findings import Finding
from api.imports.licence_lookup import LicenceIndex, load_licences
from api.imports.office_fields import GAPS
from api.imports.office_import import OfficeReading, OfficeRow, Plan, Wanted, import_office, once_each, rows_by_key
from api.imports.reading import ImportLimits
from api.imports.report import ImportReport
from api.province.facts import CHOICES, FACTS, chosen, fact_problem
from api.store.engine import Store
from api.store.province import LicenceFacts

_LABELS: Final = {
    **{name: (field.label_vi, field.label_en) for name, field in GAPS.fields.items()},
    "licence_id": ("Giấy phép", "Licence"),
}
_KEY: Final = ("licence_id",)


def import_gaps(
    store: Store,
    stream: BinaryIO,
    *,
    file_name: str,
    now: datetime,
    today: date,
    preview: bool = False,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Import what was filled in: how the right was obtained, price code, conversion parameters, sums paid."""
    return import_office(
        store, stream, GAPS, _plan, file_name=file_name, now=now, today=today, preview=preview, limits=limits
    )


def _plan(session: Session, reading: OfficeReading, aliases: Aliases, report: ImportReport) -> Plan:
    register = load_licences(session)
    findings: list[Finding] = []
    pairs = []
    for row in reading.rows:
        if not row.values.keys() & FACTS.keys():
            continue  # nothing was filled in
        found = _wanted(row, register)
        if isinstance(found, Wanted):
            pairs.append((row, found))
        else:
            findings += found
    wanted = once_each(pairs, findings)
    stored = rows_by_key(session, LicenceFacts, _KEY)
    return Plan(model=LicenceFacts, labels=_LABELS, wanted=wanted, stored=stored, findings=findings)


def _wanted(row: OfficeRow, register: LicenceIndex) -> Wanted | Sequence[Finding]:
    licence = register.find(row.values)
    if isinstance(licence, Doubt):
        name = "number" if "number" in row.values else "holder"
        return [row.finding(licence.code, name, **licence.words)]
    facts: dict[str, Any] = {}
    findings = []
    for name in FACTS.keys() & row.values.keys():
        value = _value(name, row.values[name])
        problem = fact_problem(name, value)
        if problem is None and value is not None:
            facts[name] = value
        else:
            findings.append(row.finding("fact_broken", name, **_expected(name, problem)))
    if findings:
        return findings  # a licence comes in whole or not at all
    values = {"licence_id": licence.id, **facts, "source_sheet": row.sheet, "source_row": row.number}
    label = str(licence.number or licence.holder)
    return Wanted(key=(licence.id,), values=values, label=label, place=row.place(), licence_id=licence.id)


def _value(name: str, written: object) -> object:
    """The value of a fact as the store keeps it; what does not fit comes back as written."""
    if name in CHOICES:
        value = chosen(name, str(written))
        return {"yes": True, "no": False}.get(value or "") if name == "eligible" else value
    if FACTS[name].kind is Kind.MONEY or (name == "licence_years" and str(written).isdecimal()):
        return int(str(written))
    return written


def _expected(name: str, problem: Any) -> dict[str, str]:
    if name in CHOICES:
        known = "; ".join(one.names[0] for one in CHOICES[name])
        return {"vi": f"phải là một trong: {known}", "en": f"must be one of: {known}"}
    return {"vi": problem.vi.rstrip("."), "en": problem.en.rstrip(".")} if problem else {"vi": "", "en": ""}
