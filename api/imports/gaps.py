"""What did a licence lack for its settlement, as the officer filled it in? One row a licence and mineral, empty cells change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session

from api.imports.aliases import Aliases
from api.imports.fields import Kind
from api.imports.findings import Finding
from api.imports.importers import importer_of, licence_of
from api.imports.licence_lookup import LicenceIndex, load_licences
from api.imports.office_fields import GAPS
from api.imports.office_import import OfficeReading, OfficeRow, Plan, Wanted, once_each, rows_by_key
from api.imports.report import ImportReport
from api.province.facts import CHOICES, FACTS, OF_LICENCE, chosen, fact_problem
from api.store.province import LicenceFacts

_LABELS: Final = {
    **{name: (field.label_vi, field.label_en) for name, field in GAPS.fields.items()},
    "licence_id": ("Giấy phép", "Licence"),
    "mineral_code": ("Mã khoáng sản", "Mineral code"),
}
_OF_LICENCE: Final = {
    "vi": "thông tin này chung cho cả giấy phép: ghi ở dòng khoáng sản chính của giấy phép",
    "en": "this holds for the whole licence: write it in the row of the licence's own mineral",
}
_KEY: Final = ("licence_id", "mineral_code")


def _plan(session: Session, reading: OfficeReading, aliases: Aliases, report: ImportReport) -> Plan:
    register = load_licences(session)
    findings: list[Finding] = []
    pairs = []
    for row in reading.rows:
        if not row.values.keys() & FACTS.keys():
            continue  # nothing was filled in
        found = _wanted(row, register, aliases)
        if isinstance(found, Wanted):
            pairs.append((row, found))
        else:
            findings += found
    wanted = once_each(pairs, findings)
    stored = rows_by_key(session, LicenceFacts, _KEY)
    return Plan(model=LicenceFacts, labels=_LABELS, wanted=wanted, stored=stored, findings=findings)


import_gaps: Final = importer_of(GAPS, _plan)
"""Import what was filled in: how the right was obtained, price code, conversion parameters, sums paid."""


def _wanted(row: OfficeRow, register: LicenceIndex, aliases: Aliases) -> Wanted | Sequence[Finding]:
    licence = licence_of(row, register)
    if isinstance(licence, Finding):
        return [licence]
    mineral = None
    if "mineral_local" in row.values:
        mineral = aliases.mineral(str(row.values["mineral_local"]), licence.mine)
        if mineral is None:
            return [row.finding("mineral_open", "mineral_local")]
    other = mineral if mineral != licence.mineral_code else None
    facts: dict[str, Any] = {}
    findings = []
    for name in FACTS.keys() & row.values.keys():
        if other and name in OF_LICENCE:
            findings.append(row.finding("fact_broken", name, **_OF_LICENCE))
            continue
        value = _value(name, row.values[name])
        problem = fact_problem(name, value)
        if problem is None and value is not None:
            facts[name] = value
        else:
            findings.append(row.finding("fact_broken", name, **_expected(name, problem)))
    if findings:
        return findings  # a licence comes in whole or not at all
    key = {"licence_id": licence.id, "mineral_code": other or ""}
    values = {**key, **facts, "source_sheet": row.sheet, "source_row": row.number}
    label = " · ".join(filter(None, (licence.number or licence.holder, other)))
    return Wanted(key=tuple(key.values()), values=values, label=label, place=row.place(), licence_id=licence.id)


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
