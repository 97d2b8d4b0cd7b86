"""How does an import write its rows so that it can be undone as a whole, and when may it not be undone?

Every row an import adds, changes or takes out is noted with its state before. Undoing puts these states back in one
transaction. It is refused while a later import that still stands has touched one of the same rows: that one must be
undone first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from api.imports.report import ImportReport
from api.imports.row_state import row_from, state_of
from api.store.engine import Store
from api.store.office import OFFICE_TABLES, OfficeBatch, OfficeChange
from rules.trace import Text

OFFICE_LOCK: Final = "office_import"
"""The lock that imports of office tables and their undoing share."""
_AT_ONCE: Final = 500


@dataclass(slots=True, kw_only=True)
class Edits:
    """What an import does to one table: rows to add, rows to change with their new values, rows to take out."""

    new: list[SQLModel]
    changed: list[tuple[SQLModel, dict[str, Any]]]
    removed: list[SQLModel]


class UndoRefusedError(Exception):
    """The import cannot be undone; ``reason`` says why and what to do, in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(f"{reason.vi} / {reason.en}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """An undone import: how many rows it had added, changed and taken out."""

    batch_id: int
    kind: str
    file_name: str
    added: int
    restored: int


def write_batch(session: Session, report: ImportReport, edits: Edits) -> int | None:
    """Write the rows and what they were before; the number of the batch, ``None`` when there is nothing to write."""
    if not (edits.new or edits.changed or edits.removed):
        return None
    batch = OfficeBatch(
        kind=report.kind,
        file_name=report.file_name,
        sha256=report.sha256,
        imported_at=report.imported_at,
        rows=report.rows,
        new=report.new,
        unchanged=report.unchanged,
        changed=report.changed,
        removed=report.removed,
        set_aside=report.set_aside,
        report={"findings": report.by_code(), "today": report.today.isoformat()},
    )
    session.add(batch)
    session.flush()
    notes = [_note(batch, row, state_of(row)) for row in edits.removed]
    for row in edits.removed:
        session.delete(row)
    # what is taken out makes room for what comes in under the same key
    session.flush()
    for row, values in edits.changed:
        notes.append(_note(batch, row, state_of(row)))
        for name, value in {**values, "batch_id": batch.id}.items():
            setattr(row, name, value)
        session.add(row)
    for row in edits.new:
        row.batch_id = batch.id
    session.add_all(edits.new)
    session.flush()
    notes += [_note(batch, row, None) for row in edits.new]
    session.connection().execute(insert(OfficeChange), notes)
    return batch.id


def undo(store: Store, batch_id: int, *, now: datetime) -> Undone:
    """Put back everything an import of office tables changed. Raises ``UndoRefusedError``; then nothing has changed."""
    with store.write(lock=OFFICE_LOCK) as session:
        batch = session.get(OfficeBatch, batch_id)
        if batch is None:
            raise undo_refused(f"Không có lần nhập số {batch_id}: xem danh sách bằng «khoangsan import batches».",
                           f'There is no batch {batch_id}: "khoangsan import batches" lists them.')  # fmt: skip
        if batch.undone_at is not None:
            raise undo_refused(f"Lần nhập {batch_id} đã được hoàn tác.", f"Batch {batch_id} was undone already.")
        changes = session.exec(
            select(OfficeChange).where(OfficeChange.batch_id == batch_id).order_by(col(OfficeChange.id).desc())
        ).all()
        if later := _later(session, batch_id, changes):
            numbers = ", ".join(map(str, later))
            raise undo_refused(
                f"Lần nhập {batch_id} không hoàn tác được: các lần nhập sau ({numbers}) đã sửa cùng những dòng này. "
                "Hãy hoàn tác chúng trước, từ số lớn nhất.",
                f"Batch {batch_id} cannot be undone: later batches ({numbers}) changed the same rows. Undo them first, "
                "the highest number first.",
            )
        _put_back(session, changes)
        batch.undone_at = now
        session.add(batch)
        added = sum(change.before is None for change in changes)
        return Undone(
            batch_id=batch_id,
            kind=batch.kind,
            file_name=batch.file_name,
            added=added,
            restored=len(changes) - added,
        )


def _later(session: Session, batch_id: int, changes: Iterable[OfficeChange]) -> list[int]:
    touched: defaultdict[str, list[int]] = defaultdict(list)
    for change in changes:
        touched[change.table_name].append(change.row_id)
    found: set[int] = set()
    for table, ids in touched.items():
        for some in chunks(ids):
            others = (
                select(OfficeChange.batch_id)
                .join(OfficeBatch, col(OfficeBatch.id) == OfficeChange.batch_id)
                .where(
                    OfficeChange.batch_id > batch_id,
                    OfficeChange.table_name == table,
                    col(OfficeChange.row_id).in_(some),
                    col(OfficeBatch.undone_at).is_(None),
                )
                .distinct()
            )
            found.update(session.exec(others).all())
    return sorted(found, reverse=True)


def _put_back(session: Session, changes: Sequence[OfficeChange]) -> None:
    for change in changes:
        if change.before is None and (row := session.get(OFFICE_TABLES[change.table_name], change.row_id)):
            session.delete(row)
    # what was added may stand where something was taken out
    session.flush()
    for change in changes:
        if change.before is not None:
            session.merge(row_from(OFFICE_TABLES[change.table_name], change.before))
    session.flush()


def _note(batch: OfficeBatch, row: SQLModel, before: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "table_name": row.__tablename__,
        "row_id": row.id,  # type: ignore[attr-defined]
        "before": before,
    }


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Row numbers in parts that fit one query."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def undo_refused(vi: str, en: str) -> UndoRefusedError:
    """The refusal with its reason."""
    return UndoRefusedError(Text(vi, en))
