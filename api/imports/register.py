"""How does a register file become licences, losing nothing and changing nothing twice?

Every filled row below the header becomes a licence (with the list of what is missing) or a finding that says why not.
A second import of the same file finds every row unchanged and stores nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from sqlalchemy import insert
from sqlmodel import Session, col, select

from api.imports.aliases import load_aliases
from api.imports.compare import differences, licence_identity, repeats, row_identity, shared_with_store
from api.imports.findings import Place
from api.imports.identity import match
from api.imports.kept_reports import keep_with_batch
from api.imports.reading import ImportLimits, Reading, digest, read_register
from api.imports.register_undo import REGISTER_LOCK
from api.imports.report import ImportReport, RowChange
from api.imports.row_state import state_of
from api.imports.rows import ReadRow
from api.imports.tables import UnreadableError
from api.store.engine import Store
from api.store.import_models import RegisterChange
from api.store.models import ImportBatch, Licence

_INSERTED_AT_ONCE: Final = 1000


def import_register(
    store: Store,
    stream: BinaryIO,
    *,
    file_name: str,
    now: datetime,
    today: date,
    preview: bool = False,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Read a register (CSV in UTF-8 or .xlsx, a seekable stream) into the store and report on every row.

    ``now`` (with its zone) is when the import happens, ``today`` the local date that "expired" is judged on. A
    ``preview`` only reports what an import would do. A file that cannot be read gives a report with ``problem`` and exit
    status 2, and leaves the store as it was.
    """
    limits = limits or ImportLimits()
    report = ImportReport(file_name=file_name, sha256="", imported_at=now, today=today, preview=preview)
    try:
        report = replace(report, sha256=digest(stream, limits))
        with store.session() as session:
            aliases = load_aliases(session)
        reading = read_register(stream, aliases, today, limits)
    except UnreadableError as error:
        return replace(report, problem=error.problem)
    with store.session() if preview else store.write(lock=REGISTER_LOCK) as session:
        return _store(session, reading, report)


def _store(session: Session, reading: Reading, report: ImportReport) -> ImportReport:
    rows = reading.rows
    identities = [row_identity(row) for row in rows]
    stored = session.exec(select(Licence).order_by(col(Licence.id))).all()
    meant = match(identities, [licence_identity(licence) for licence in stored])
    changes: list[RowChange] = []
    changed: list[tuple[Licence, ReadRow]] = []
    for row, index in zip(rows, meant, strict=True):
        if index is not None and (found := differences(stored[index], row)):
            licence = stored[index]
            number = str(row.values.get("number", "")) or licence.number
            place = Place(sheet=row.sheet, row=row.row)
            changes.append(RowChange(licence_id=licence.id or 0, number=number, place=place, changes=found))
            changed.append((licence, row))
    new = [row for row, index in zip(rows, meant, strict=True) if index is None]
    shared = [*repeats(rows, identities), *shared_with_store(rows, identities, meant, stored)]
    report = replace(
        report,
        rows=len(rows) + reading.set_aside,
        new=len(new),
        unchanged=len(rows) - len(new) - len(changes),
        set_aside=reading.set_aside,
        changes=tuple(changes),
        findings=tuple(sorted((*reading.findings, *shared), key=lambda one: (one.sheet or "", one.row or 0))),
    )
    if report.preview or not (new or changed):
        return report
    report = replace(report, batch_id=_write(session, report, new, changed))
    keep_with_batch(session, report)
    return report


def _write(session: Session, report: ImportReport, new: list[ReadRow], changed: list[tuple[Licence, ReadRow]]) -> int:
    batch = ImportBatch(
        file_name=report.file_name,
        sha256=report.sha256,
        imported_at=report.imported_at,
        rows=report.rows,
        new=report.new,
        unchanged=report.unchanged,
        changed=report.changed,
        set_aside=report.set_aside,
        report=report.summary(),
    )
    session.add(batch)
    session.flush()
    origin: dict[str, Any] = {
        "source_file": report.file_name,
        "batch_id": batch.id,
        "updated_at": report.imported_at,
    }
    notes: list[dict[str, Any]] = []
    for licence, row in changed:
        notes.append({"batch_id": batch.id, "licence_id": licence.id, "before": state_of(licence)})
        for name, value in {**row.columns(), **origin}.items():
            setattr(licence, name, value)
        session.add(licence)
    for start in range(0, len(new), _INSERTED_AT_ONCE):
        part = new[start : start + _INSERTED_AT_ONCE]
        session.connection().execute(insert(Licence), [{**row.columns(), **origin} for row in part])
    kept = {note["licence_id"] for note in notes}
    written = session.exec(select(Licence.id).where(Licence.batch_id == batch.id).order_by(col(Licence.id))).all()
    notes += [{"batch_id": batch.id, "licence_id": one, "before": None} for one in written if one not in kept]
    session.flush()
    session.connection().execute(insert(RegisterChange), notes)
    return batch.id or 0
