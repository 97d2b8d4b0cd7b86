"""What does a province's price list say, is each code where it belongs, and does each price fit the Ministry's frame?

A list is a decision in a region; a price is known by its decision and code together, for codes change their meaning
from one instrument to the next. Provinces split codes further than the frame, so a deeper code is held against the
longest line of the frame above it. Nothing is refused for lying outside the frame: the frame's newest text is not read,
and some of its maxima are derived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, BinaryIO, Final

from sqlmodel import Session

from api.imports.aliases import Aliases
from api.imports.findings import Finding, Place, finding
from api.imports.licence_lookup import load_licences
from api.imports.office_fields import CODE_LEVELS, PRICES
from api.imports.office_import import OfficeReading, OfficeRow, Plan, Wanted, import_office, once_each, rows_by_key
from api.imports.price_frame_check import code_notes, frame_line, frame_notes, meaning_notes
from api.imports.reading import ImportLimits
from api.imports.report import ImportReport
from api.store.engine import Store
from api.store.office import PriceLine
from api.store.office_data import decision_key, region_key
from api.store.text import words
from rules.lawbook import law_book
from rules.quantity import Unit
from rules.resource_codes import clean_code

_KEY: Final = ("region_key", "decision_key", "code")
_PER: Final = ("dong", "vnd", "d")
_LABELS: Final = {
    **{name: (field.label_vi, field.label_en) for name, field in PRICES.fields.items()},
    "price_vnd": ("Giá (đồng)", "Price (VND)"),
    "unit_written": ("Đơn vị trong quyết định", "Unit as written"),
    "unit": ("Đơn vị", "Unit"),
    "sample": ("Số liệu mẫu", "Sample data"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What is said about the whole list beside the file; it goes before the file's own columns.

    ``region`` "" is the whole province, ``None`` leaves it to the file. ``amends`` names the decision that stays in
    force for the codes this list does not have. ``sample`` marks data that is no list in force.
    """

    decision: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    region: str | None = None
    amends: str | None = None
    sample: bool = False


def import_prices(
    store: Store,
    stream: BinaryIO,
    *,
    file_name: str,
    now: datetime,
    today: date,
    facts: ListFacts | None = None,
    preview: bool = False,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Import a price list, or several that name their decisions in a column."""
    planner = partial(_plan, facts=facts or ListFacts())
    return import_office(
        store, stream, PRICES, planner, file_name=file_name, now=now, today=today, preview=preview, limits=limits
    )


def _plan(
    session: Session, reading: OfficeReading, aliases: Aliases, report: ImportReport, *, facts: ListFacts
) -> Plan:
    findings: list[Finding] = []
    pairs: list[tuple[OfficeRow, Wanted]] = []
    told: set[str] = set()
    for row in reading.rows:
        wanted = _wanted(row, facts, aliases)
        if isinstance(wanted, Wanted):
            pairs.append((row, wanted))
        elif wanted.code not in ("list_without_date", "list_without_decision") or wanted.code not in told:
            told.add(wanted.code)
            findings.append(wanted)
    kept = once_each(pairs, findings)
    rows = {wanted.key: row for row, wanted in reversed(pairs)}
    headings = {code for row in reading.rows if (code := _code(row))}
    known = {*headings, *(one.values["code"] for one in kept)}
    book = law_book()
    if by_frame := sum(aliases.unit(one.values["unit_written"] or "") == "m3" for one in kept):
        findings.append(finding("m3_by_frame", Place(), words={"count": by_frame}))
    for one in kept:
        findings += code_notes(rows[one.key], one.values["code"], known, book)
        findings += meaning_notes(rows[one.key], one.values, book)
        findings += frame_notes(rows[one.key], one.values, book)
    findings += _region_notes(session, kept)
    stored = rows_by_key(session, PriceLine, _KEY)
    return Plan(model=PriceLine, labels=_LABELS, wanted=kept, stored=stored, findings=findings)


def _wanted(row: OfficeRow, facts: ListFacts, aliases: Aliases) -> Wanted | Finding:
    code, price = _code(row), int(str(row.values.get("price", 0)))
    if not price:
        return row.finding("no_price", "name")
    if not code:
        return row.finding("code_missing", "name")
    decision = facts.decision or str(row.values.get("decision", ""))
    valid_from = facts.valid_from or row.values.get("valid_from")
    valid_to = facts.valid_to or row.values.get("valid_to")
    if not decision:
        return row.finding("list_without_decision", "decision")
    if not isinstance(valid_from, date):
        return row.finding("list_without_date", "valid_from")
    if isinstance(valid_to, date) and valid_to < valid_from:
        return row.finding("list_dates_broken", "valid_to")
    region = (facts.region if facts.region is not None else str(row.values.get("region", ""))) or None
    written = str(row.values.get("price_unit", "")) or None
    unit = _unit(written, code, valid_from, aliases)
    values: dict[str, Any] = {
        "region": region,
        "region_key": region_key(region),
        "decision": decision,
        "decision_key": decision_key(decision),
        "valid_from": valid_from,
        "valid_to": valid_to if isinstance(valid_to, date) else None,
        "amends_key": decision_key(facts.amends) if facts.amends else None,
        "sample": facts.sample,
        "code": code,
        "name": row.values.get("name"),
        "unit_written": written,
        "unit": None if unit is None else unit.value,
        "price_vnd": price,
        "note": row.values.get("note"),
        "source_sheet": row.sheet,
        "source_row": row.number,
    }
    return Wanted(
        key=tuple(values[name] for name in _KEY), values=values, label=f"{decision} · {code}", place=row.place()
    )


def _code(row: OfficeRow) -> str:
    """The code of a row; a list with one column a level has it in the deepest that is filled."""
    levels = [str(row.values[name]) for name in ("code", *CODE_LEVELS) if name in row.values]
    return clean_code(levels[-1]) if levels else ""


def _unit(written: str | None, code: str, on: date, aliases: Aliases) -> Unit | None:
    """The unit of the contract; a bare "m3" is read as the Ministry's frame reads it for that code."""
    if written is None:
        return None
    said = words(written).split()
    if said and said[0] in _PER:
        written = " ".join(said[1:])
    named = aliases.unit(written)
    if named != "m3":
        return None if named is None else Unit(named)
    line = frame_line(law_book(), code, on) or frame_line(law_book(), code, None)
    return line.unit if line is not None and line.unit not in (Unit.TONNE, Unit.KG) else None


def _region_notes(session: Session, wanted: Iterable[Wanted]) -> list[Finding]:
    """For how many licences of the register each list holds: a region spelt otherwise would hold for none."""
    licences = Counter(region_key(one.region) for one in load_licences(session).licences.values())
    regions = {one.values["region_key"]: one.values["region"] for one in wanted}
    return [
        finding(
            "region_holds" if licences[key] else "region_unknown",
            Place(),
            field="region",
            value=region,
            words={"count": licences[key], "all": licences.total(), "region": region},
        )
        for key, region in regions.items()
        if key
    ]
