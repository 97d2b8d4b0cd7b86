"""What went over the weighbridges, by licence, mineral and month? (Circular 36/2025 Art. 10, Decree 193/2025 Art. 59)

A file of loads is added up while it is read; no load is stored. For the days it covers of a weighbridge's month a file is
the whole truth: it replaces what an earlier file told of these days, stands beside what one told of other days, and is
not taken for a month of which it would replace a part only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final

from sqlmodel import Session, col, select

from api.imports.aliases import Aliases, load_aliases
from api.imports.batches import OFFICE_LOCK
from api.imports.cells import Doubt, plain
from api.imports.findings import Finding, Place, finding
from api.imports.licence_lookup import Known, LicenceIndex, load_licences
from api.imports.load_records import read_loads
from api.imports.office_fields import WEIGHED
from api.imports.office_import import Plan, Wanted, carry_out
from api.imports.reading import ImportLimits, digest
from api.imports.report import ImportReport
from api.imports.tables import UnreadableError
from api.imports.weighing import HEAVIEST_KG, MonthSum, Weighing, weigh
from api.store.engine import Store
from api.store.office import WeighedMonth
from api.store.text import words

LIMITS: Final = ImportLimits(max_bytes=4 << 30)
_KG_PER_TONNE: Final = 1000
_KEY: Final = ("scale_key", "licence_id", "mineral_code", "month")
_LABELS: Final = {
    "scale": ("Trạm cân", "Weighbridge"),
    "licence_id": ("Giấy phép", "Licence"),
    "mineral_code": ("Mã khoáng sản", "Mineral code"),
    "month": ("Tháng", "Month"),
    "covers_from": ("Có lượt cân từ", "Loads from"),
    "covers_to": ("Có lượt cân đến", "Loads to"),
    "loads": ("Số lượt", "Loads"),
    "weight_kg": ("Khối lượng (kg)", "Weight (kg)"),
}


@dataclass(slots=True)
class _Sums:
    """Sums of a file by what they mean in the store, and cells that mean nothing there: loads and kilograms."""

    known: dict[tuple[Any, ...], list[int]] = field(default_factory=dict)
    scales: dict[str, str] = field(default_factory=dict)
    licences: dict[int, Known] = field(default_factory=dict)
    lost: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def import_weighbridge(
    store: Store,
    stream: BinaryIO,
    *,
    file_name: str,
    now: datetime,
    today: date,
    scale: str = "",
    preview: bool = False,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Import loads (CSV or .xlsx); ``scale`` names the weighbridge where the file has no column for it."""
    report = ImportReport(
        file_name=file_name, sha256="", imported_at=now, today=today, kind=WEIGHED.name, preview=preview
    )
    try:
        report = replace(report, sha256=digest(stream, limits or LIMITS))
        with store.session() as session:
            aliases = load_aliases(session, WEIGHED)
        loads = read_loads(stream, aliases)
        weighing = weigh(loads.records(), loads.header, scale=scale, today=today)
    except UnreadableError as error:
        return replace(report, problem=error.problem)
    not_counted = weighing.rows - weighing.loads
    report = replace(report, rows=weighing.rows, set_aside=not_counted)
    with store.session() if preview else store.write(lock=OFFICE_LOCK) as session:
        plan = _plan(session, weighing, aliases)
        plan.findings[:0] = [*loads.findings, *_about_loads(weighing, today, loads.place)]
        return carry_out(session, plan, report)


def _plan(session: Session, weighing: Weighing, aliases: Aliases) -> Plan:
    sums = _understood(weighing.sums, load_licences(session), aliases)
    findings = _about_lost(sums)
    covered: defaultdict[tuple[str, date], list[date]] = defaultdict(list)
    for (scale, month), span in weighing.covered.items():
        covered[words(scale), month] += span
    months = {month for _, month in covered}
    before: defaultdict[tuple[str, date], list[WeighedMonth]] = defaultdict(list)
    if months:
        chosen = select(WeighedMonth).where(
            col(WeighedMonth.month) >= min(months), col(WeighedMonth.month) <= max(months)
        )
        for row in session.exec(chosen.order_by(col(WeighedMonth.id))).all():
            before[row.scale_key, row.month].append(row)
    stored: dict[tuple[Any, ...], Any] = {}
    gone: list[WeighedMonth] = []
    refused: set[tuple[str, date]] = set()
    for key, days in covered.items():
        first, last = min(days), max(days)
        for row in before[key]:
            if last < row.covers_from or row.covers_to < first:
                continue
            if not (first <= row.covers_from and row.covers_to <= last):
                if key not in refused:
                    findings.append(_overlap(sums.scales.get(key[0], key[0]), key[1], (first, last), row))
                refused.add(key)
                continue
            identity = tuple(getattr(row, name) for name in _KEY)
            if identity in sums.known and identity not in stored:
                stored[identity] = row
            else:
                gone.append(row)
    gone = [row for row in gone if (row.scale_key, row.month) not in refused]
    wanted = [
        _wanted(key, counted, covered[key[0], key[3]], sums)
        for key, counted in sums.known.items()
        if (key[0], key[3]) not in refused
    ]
    return Plan(model=WeighedMonth, labels=_LABELS, wanted=wanted, stored=stored, gone=gone, findings=findings)


def _understood(months: Sequence[MonthSum], register: LicenceIndex, aliases: Aliases) -> _Sums:
    sums = _Sums()
    licences: dict[str, Known | Doubt] = {}
    for one in months:
        licence = licences.get(one.number) or register.find({"number": one.number} if one.number else {})
        licences[one.number] = licence
        if isinstance(licence, Doubt):
            _count(sums.lost, ("loads_without_licence", one.number), one)
            continue
        mineral = aliases.mineral(one.mineral, licence.mine) if one.mineral else licence.mineral_code
        if mineral is None:
            _count(sums.lost, ("loads_without_mineral", one.mineral), one)
            continue
        key = words(one.scale)
        sums.scales.setdefault(key, one.scale)
        sums.licences[licence.id] = licence
        _count(sums.known, (key, licence.id, mineral, one.month), one)
    return sums


def _count(counted: dict[Any, list[int]], key: Any, one: MonthSum) -> None:
    total = counted.setdefault(key, [0, 0])
    total[0] += one.loads
    total[1] += one.weight_kg


def _wanted(key: tuple[Any, ...], counted: Sequence[int], days: Sequence[date], sums: _Sums) -> Wanted:
    scale_key, licence_id, mineral, month = key
    licence = sums.licences[licence_id]
    values = {
        "scale": sums.scales[scale_key],
        "scale_key": scale_key,
        "licence_id": licence_id,
        "mineral_code": mineral,
        "month": month,
        "covers_from": min(days),
        "covers_to": max(days),
        "loads": counted[0],
        "weight_kg": counted[1],
    }
    label = f"{licence.number or licence.holder} · {month.strftime('%m/%Y')}"
    return Wanted(key=key, values=values, label=label, place=Place(), licence_id=licence_id)


def _overlap(scale: str, month: date, days: tuple[date, date], row: WeighedMonth) -> Finding:
    told = {
        "scale": scale,
        "month": month.strftime("%m/%Y"),
        "file": "-".join(day.strftime("%d") for day in days),
        "stored": f"{row.covers_from.strftime('%d')}-{row.covers_to.strftime('%d')}",
    }
    return finding("loads_overlap", Place(), value=scale, words=told)


def _about_loads(weighing: Weighing, today: date, place: Callable[[int], Place]) -> list[Finding]:
    most = {"most": HEAVIEST_KG // _KG_PER_TONNE}
    day = {"today": today.strftime("%d/%m/%Y")}
    found = [finding("load_unreadable", place(row), value=told, words=most) for row, told in weighing.bad]
    found += _beyond(weighing.bad_count - len(weighing.bad), "load_unreadable")
    found += [finding("load_in_future", place(row), value=told, words=day) for row, told in weighing.future]
    found += _beyond(weighing.future_count - len(weighing.future), "load_in_future")
    found += [finding("load_repeated", place(row)) for row in weighing.repeated]
    found += _beyond(weighing.repeated_count - len(weighing.repeated), "load_repeated")
    if weighing.reused_count:
        found.append(finding("tickets_reused", Place(), words={"count": weighing.reused_count}))
    return found


def _beyond(count: int, code: str) -> list[Finding]:
    return [finding("loads_beyond", Place(), value=code, words={"count": count})] if count > 0 else []


def _about_lost(sums: _Sums) -> list[Finding]:
    return [
        finding(code, Place(), value=cell or None, words={"count": loads, "tonnes": _tonnes(kilograms)})
        for (code, cell), (loads, kilograms) in sums.lost.items()
    ]


def _tonnes(kilograms: int) -> str:
    return plain(Decimal(kilograms) / _KG_PER_TONNE)
