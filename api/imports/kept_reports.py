"""Where do reports and previewed files stay, so that any process finds them, also after a restart? In the store.

The report of an import that stored something stays with its batch. Reports of imports that stored nothing, and files
that wait behind a preview, make room for newer ones.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.imports.office_fields import SUBJECTS
from api.imports.report import ImportReport
from api.imports.report_pack import pack, unpack
from api.store.engine import Store
from api.store.import_models import StoredReport, WaitingFile

OFFICE_SUBJECTS: Final = tuple(subject.name for subject in SUBJECTS)
"""The kinds of imports of office tables: these number their batches together."""
_LOCK: Final = "import_reports"
_MOST_LOOSE: Final = 50
"""Reports that belong to no batch."""
_MOST_WAITING: Final = 12
_FASTEST: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A previewed file with the answers it was previewed with; ``data`` is the file itself."""

    file_name: str
    given: Mapping[str, str]
    data: bytes


def keep_with_batch(session: Session, report: ImportReport) -> None:
    """Keep the report of an import in the transaction that stores what it brought."""
    assert report.batch_id is not None
    session.add(_row(report))


def keep_loose(store: Store, report: ImportReport) -> str:
    """Keep a report that belongs to no batch and return its name; the oldest make room."""
    with store.write(lock=_LOCK) as session:
        row = _row(report)
        session.add(row)
        session.flush()
        newest = (
            select(StoredReport.name)
            .where(col(StoredReport.batch_id).is_(None))
            .order_by(col(StoredReport.kept_at).desc(), col(StoredReport.name))
            .offset(_MOST_LOOSE)
        )
        if old := [name for name in session.exec(newest).all() if name != row.name]:
            session.connection().execute(delete(StoredReport).where(col(StoredReport.name).in_(old)))
        return row.name


def report_name(store: Store, report: ImportReport) -> str:
    """The name under which the report of an import can be opened: that of its batch, else one newly kept."""
    if report.batch_id is not None:
        with store.session() as session:
            name = name_of(session, (report.kind,), report.batch_id)
        if name is not None:
            return name
    return keep_loose(store, report)


def name_of(session: Session, subjects: Collection[str], batch_id: int) -> str | None:
    """The name of a batch's report; ``None`` for a batch from before reports were kept."""
    return names_of(session, subjects, [batch_id]).get(batch_id)


def names_of(session: Session, subjects: Collection[str], batch_ids: Collection[int]) -> dict[int, str]:
    """The names of the reports of batches by their numbers; registers and office tables number theirs apart."""
    chosen = select(StoredReport.batch_id, StoredReport.name).where(
        col(StoredReport.batch_id).in_(batch_ids), col(StoredReport.subject).in_(subjects)
    )
    return {batch_id: name for batch_id, name in session.exec(chosen).all() if batch_id is not None}


def find_report(session: Session, name: str) -> ImportReport | None:
    """The report of that name."""
    row = session.get(StoredReport, name)
    return None if row is None else unpack(row.body)


def keep_waiting(store: Store, report: ImportReport, waiting: Waiting) -> str:
    """Keep a previewed file with its preview and return its name; the oldest make room."""
    row = WaitingFile(
        name=_new_name(),
        kept_at=report.imported_at,
        file_name=waiting.file_name,
        given=dict(waiting.given),
        body=pack(report),
        data=zlib.compress(waiting.data, _FASTEST),
    )
    with store.write(lock=_LOCK) as session:
        session.add(row)
        session.flush()
        newest = (
            select(WaitingFile.name)
            .order_by(col(WaitingFile.kept_at).desc(), col(WaitingFile.name))
            .offset(_MOST_WAITING)
        )
        if old := [name for name in session.exec(newest).all() if name != row.name]:
            session.connection().execute(delete(WaitingFile).where(col(WaitingFile.name).in_(old)))
        return row.name


def find_preview(session: Session, name: str) -> ImportReport | None:
    """The preview of that name, while its file waits."""
    body = session.exec(select(WaitingFile.body).where(WaitingFile.name == name)).first()
    return None if body is None else unpack(body)


def take_waiting(store: Store, name: str) -> Waiting | None:
    """The file of that name, which nobody else gets any more: it is imported once."""
    with store.write(lock=_LOCK) as session:
        row = session.get(WaitingFile, name)
        if row is None:
            return None
        session.delete(row)
        return Waiting(file_name=row.file_name, given=row.given, data=zlib.decompress(row.data))


def _row(report: ImportReport) -> StoredReport:
    return StoredReport(
        name=_new_name(),
        subject=report.kind,
        batch_id=report.batch_id,
        kept_at=report.imported_at,
        body=pack(report),
    )


def _new_name() -> str:
    return secrets.token_urlsafe(12)
