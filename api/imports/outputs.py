"""What did each licence mine, year by year, as declared? (Decree 193/2025 Art. 139(3), Art. 140(1))

Declared figures are kept as declared. Columns a file does not have leave what is stored as it is, so the tax office's
list of output for resource tax completes the declarations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO, Final

from sqlmodel import Session

from api.imports.aliases import Aliases
from api.imports.cells import plain
from api.imports.findings import Finding, finding
from api.imports.importers import licence_of
from api.imports.licence_lookup import Known, LicenceIndex, load_licences, name_key, same_name
from api.imports.office_fields import OUTPUT
from api.imports.office_import import OfficeReading, OfficeRow, Plan, Wanted, import_office, once_each, rows_by_key
from api.imports.reading import ImportLimits
from api.imports.report import ImportReport
from api.store.engine import Store
from api.store.models import Licence
from api.store.office import DeclaredOutput
from rules.lawbook import law_book
from rules.quantity import Unit

_KEY: Final = ("licence_id", "mineral_code", "starts_on")
_FIGURES: Final = ("output", "product_output", "sold", "opening_stock", "tax_output", "clean_coal")
_KEPT: Final = (*_FIGURES, "grade", "product_unit", "density", "note")
_M3: Final = "m3"
_LABELS: Final = {
    **{name: (field.label_vi, field.label_en) for name, field in OUTPUT.fields.items()},
    "licence_id": ("Giấy phép", "Licence"),
    "mineral_code": ("Mã khoáng sản", "Mineral code"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    year: int
    first: date
    last: date


def import_outputs(
    store: Store,
    stream: BinaryIO,
    *,
    file_name: str,
    now: datetime,
    today: date,
    preview: bool = False,
    m3: Unit | None = None,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Import declarations of output; ``m3`` says once for the file what a bare "m3" means."""
    planner = partial(_plan, m3=m3)
    return import_office(
        store, stream, OUTPUT, planner, file_name=file_name, now=now, today=today, preview=preview, limits=limits
    )


def _plan(session: Session, reading: OfficeReading, aliases: Aliases, report: ImportReport, *, m3: Unit | None) -> Plan:
    register = load_licences(session)
    findings: list[Finding] = []
    pairs = []
    for row in reading.rows:
        wanted = _wanted(row, register, aliases, report.today, m3)
        if isinstance(wanted, Finding):
            findings.append(wanted)
        else:
            pairs.append((row, wanted))
            findings += _notes(row, wanted, register.licences[wanted.licence_id])
    stored = rows_by_key(session, DeclaredOutput, _KEY)
    kept = _without_overlap(once_each(pairs, findings), stored.values(), findings)
    told = {one.key: row for row, one in reversed(pairs)}
    findings += _per_licence(session, [(one, told[one.key]) for one in kept], stored.values(), register)
    return Plan(model=DeclaredOutput, labels=_LABELS, wanted=kept, stored=stored, findings=findings)


def _wanted(row: OfficeRow, register: LicenceIndex, aliases: Aliases, today: date, m3: Unit | None) -> Wanted | Finding:
    licence = licence_of(row, register)
    if isinstance(licence, Finding):
        return licence
    period = _period(row, today)
    if isinstance(period, Finding):
        return period
    mineral = licence.mineral_code
    if "mineral_local" in row.values:
        mineral = aliases.mineral(str(row.values["mineral_local"]), licence.mine)
    if mineral is None:
        return row.finding("mineral_open", "mineral_local")
    figures = {name: row.values[name] for name in _KEPT if name in row.values}
    if "output" not in row.header.fields and "product_output" in figures:
        # a declaration with one column of output calls it that of the mineral mined
        figures["output"] = figures.pop("product_output")
    if not any(name in figures for name in _FIGURES):
        return row.finding("nothing_told")
    unit = _unit(row, "unit", "output", mineral, aliases, m3)
    if isinstance(unit, Finding):
        return unit
    if "product_output" in figures:
        product = _unit(row, "product_unit", "product_output", mineral, aliases, m3)
        if isinstance(product, Finding):
            return product
        figures["product_unit"] = product
    values: dict[str, Any] = {
        "licence_id": licence.id,
        "mineral_code": mineral,
        "year": period.year,
        "starts_on": period.first,
        "ends_on": period.last,
        "unit": unit.value,
        **figures,
        "source_sheet": row.sheet,
        "source_row": row.number,
    }
    label = f"{licence.number or licence.holder} · {period.year}"
    key = tuple(values[name] for name in _KEY)
    return Wanted(key=key, values=values, label=label, place=row.place(), licence_id=licence.id)


def _period(row: OfficeRow, today: date) -> _Period | Finding:
    first, last = row.values.get("starts_on"), row.values.get("ends_on")
    told = row.values.get("year")
    if told is None and not isinstance(last, date):
        return row.finding("period_broken", "year")
    year = int(str(told)) if told is not None else last.year if isinstance(last, date) else 0
    begin = first if isinstance(first, date) else date(year, 1, 1)
    end = last if isinstance(last, date) else date(year, 12, 31)
    if not (begin.year == end.year == year and begin <= end):
        return row.finding("period_broken", "year")
    if end > today:
        return row.finding("period_future", "year", today=today.strftime("%d/%m/%Y"))
    return _Period(year=year, first=begin, last=end)


def _unit(row: OfficeRow, name: str, measured: str, mineral: str, aliases: Aliases, m3: Unit | None) -> Unit | Finding:
    said = row.values.get(name)
    if said is None:
        columns = (row.header.fields.get(one) for one in (measured, *_FIGURES))
        headed = (aliases.unit(row.header.names[column]) for column in columns if column is not None)
        said = next((unit for unit in headed if unit), None)
    if said is None:
        return row.finding("unit_missing", name)
    if said != _M3:
        return Unit(str(said))
    if law_book().minerals[mineral].water:
        return Unit.M3_WATER
    return m3 or row.finding("m3_state", name)


def _notes(row: OfficeRow, wanted: Wanted, licence: Known) -> list[Finding]:
    found = []
    first, last = wanted.values["starts_on"], wanted.values["ends_on"]
    holder = name_key(str(row.values.get("holder", "")))
    if holder and licence.holder and not same_name(licence.holder, holder):
        found.append(row.finding("holder_other", "holder", holder=licence.holder))
    if licence.issued_on and last < licence.issued_on:
        found.append(row.finding("before_licence", "year", issued=licence.issued_on.strftime("%d/%m/%Y")))
    if licence.expires_on and first > licence.expires_on:
        found.append(row.finding("after_licence", "year", expires=licence.expires_on.strftime("%d/%m/%Y")))
    cutoff = law_book().first("settlement.first_cutoff").day()
    if first <= cutoff < last:
        found.append(row.finding("cutoff_inside", "year", cutoff=cutoff.strftime("%d/%m/%Y")))
    return found


def _without_overlap(wanted: Sequence[Wanted], stored: Iterable[Any], findings: list[Finding]) -> list[Wanted]:
    """The rows whose periods overlap no other of the same licence and mineral, in the store or before it in the file."""
    taken: defaultdict[tuple[int, str], list[tuple[date, date]]] = defaultdict(list)
    replaced = {one.key for one in wanted}
    for row in stored:
        if (row.licence_id, row.mineral_code, row.starts_on) not in replaced:
            taken[row.licence_id, row.mineral_code].append((row.starts_on, row.ends_on))
    kept = []
    for one in wanted:
        first, last = one.values["starts_on"], one.values["ends_on"]
        periods = taken[one.values["licence_id"], one.values["mineral_code"]]
        other = next((period for period in periods if first <= period[1] and period[0] <= last), None)
        if other is None:
            periods.append((first, last))
            kept.append(one)
        else:
            shown = f"{other[0].strftime('%d/%m/%Y')}-{other[1].strftime('%d/%m/%Y')}"
            findings.append(finding("period_overlaps", one.place, value=one.label, words={"other": shown}))
    return kept


def _per_licence(
    session: Session, wanted: Sequence[tuple[Wanted, OfficeRow]], stored: Iterable[Any], register: LicenceIndex
) -> list[Finding]:
    """What only the whole series tells: years missing in the middle, more mined than the reserve holds. It is told at the
    row of the file that shows it, or else at the last one of the series."""
    series: defaultdict[tuple[int, str], dict[date, dict[str, Any]]] = defaultdict(dict)
    for row in stored:
        series[row.licence_id, row.mineral_code][row.starts_on] = {
            "year": row.year,
            "output": row.output,
            "unit": row.unit,
        }
    last: dict[tuple[int, str], OfficeRow] = {}
    for one, row in wanted:
        key = one.licence_id, one.values["mineral_code"]
        series[key].setdefault(one.values["starts_on"], {}).update(one.values, row=row)
        last[key] = row
    found = []
    for (licence_id, mineral), place in sorted(last.items(), key=lambda one: one[0]):
        rows = sorted(series[licence_id, mineral].items())
        declared = [row for _, row in rows if row.get("output") is not None]
        number = register.licences[licence_id].number or str(licence_id)
        years = {row["year"] for row in declared}
        missing = sorted(set(range(min(years), max(years))) - years) if years else []
        if missing:
            words = {"number": number, "years": ", ".join(map(str, missing))}
            after = next(row for row in declared if row["year"] > missing[0])
            found.append(after.get("row", place).finding("year_missing", "year", **words))
        licence = session.get_one(Licence, licence_id)
        if mineral == licence.mineral_code:  # the register has the reserve of that mineral alone
            found += _above_reserve(licence, number, declared, place)
    return found


def _above_reserve(
    licence: Licence, number: str, declared: Sequence[dict[str, Any]], place: OfficeRow
) -> list[Finding]:
    reserves = {
        Unit.TONNE: (licence.licensed_tonne or licence.mining_tonne, "tấn"),
        Unit.M3_IN_SITU: (licence.licensed_m3 or licence.mining_m3, "m³"),
    }
    found = []
    for unit, (reserve, shown) in reserves.items():
        if reserve is None:
            continue
        mined, above = Decimal(0), None
        for row in declared:
            if row["unit"] == unit.value:
                mined += Decimal(row["output"])
                above = row if above is None and mined > Decimal(reserve) else above
        if above is not None:
            words = {"number": number, "sum": plain(mined), "reserve": reserve, "unit": shown}
            found.append(above.get("row", place).finding("above_reserve", "output", **words))
    return found
