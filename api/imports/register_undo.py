"""How is an import of a register undone as a whole, and when may it not be?

Changed licences get back what they said before; new ones go, unless something later hangs on one of them: then nothing
is undone and the reason names what hangs where. A later import of a register that touched the same licences and still
stands must be undone first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Column, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

import api.store.duty_records
import api.store.ledger_models
import api.store.office  # noqa: F401 - tables that refer to a licence register themselves
from api.imports.batches import Undone, UndoRefusedError, chunks, undo_refused
from api.imports.remap import remap_minerals
from api.imports.row_state import row_from
from api.store.engine import Store
from api.store.import_models import RegisterChange
from api.store.models import ImportBatch, Licence
from rules.trace import Text

REGISTER_LOCK: Final = "register_import"
"""The lock that imports of registers and their undoing share."""
_NAMED: Final = 5
_FIRST: Final = Text("Hãy hoàn tác hoặc xoá những dữ liệu đó trước.", "Undo or remove these first.")
_STAYS: Final = Text(
    "Kết quả quyết toán và bút toán không bị xoá: hãy sửa giấy phép bằng cách nhập lại sổ đúng.",
    "Settlement results and ledger entries are never deleted: correct the licences by importing the right register.",
)
_RECORDS: Final = frozenset(("settlement_result", "ledger_entry", "ledger_posting"))
"""What is never taken out again; the licence stays with it."""
_TABLES: Final = {
    "declared_output": Text("sản lượng kê khai", "declared output"),
    "tax_payment": Text("khoản nộp", "payments"),
    "weighed_month": Text("số cân", "weighed loads"),
    "licence_facts": Text("thông tin bổ sung", "facts filled in"),
    "duty_facts": Text("thông tin của lịch nghĩa vụ", "facts of the calendar of duties"),
    "duty_entry": Text("tờ khai, kế hoạch ký quỹ của lịch nghĩa vụ", "filings and plans of the calendar of duties"),
    "worklist_item": Text("phân công trong danh mục việc", "worklist entries"),
    "settlement_result": Text("kết quả quyết toán", "settlement results"),
    "ledger_entry": Text("bút toán sổ theo dõi", "ledger entries"),
    "ledger_posting": Text("bút toán sổ theo dõi", "ledger entries"),
}


def undo_register(store: Store, batch_id: int, *, now: datetime) -> Undone:
    """Put the register back as it was before an import. Raises ``UndoRefusedError``; then nothing has changed."""
    try:
        with store.write(lock=REGISTER_LOCK) as session:
            return _undone(session, batch_id, now)
    except IntegrityError as error:
        raise undo_refused(
            f"Lần nhập sổ {batch_id} không hoàn tác được: có dữ liệu vừa được ghi cho giấy phép của lần nhập này. "
            "Hãy thử lại.",
            f"Register import {batch_id} cannot be undone: something was just written for one of its licences. Try "
            "again.",
        ) from error


def _undone(session: Session, batch_id: int, now: datetime) -> Undone:
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise undo_refused(f"Không có lần nhập sổ số {batch_id}.", f"There is no register import {batch_id}.")
    if batch.undone_at is not None:
        raise undo_refused(
            f"Lần nhập sổ {batch_id} đã được hoàn tác.", f"Register import {batch_id} was undone already."
        )
    changes = session.exec(select(RegisterChange).where(RegisterChange.batch_id == batch_id)).all()
    if not changes:
        raise undo_refused(
            f"Lần nhập sổ {batch_id} ghi trước khi phần mềm giữ lại trạng thái cũ, nên không hoàn tác được.",
            f"Register import {batch_id} was made before earlier states were kept; it cannot be undone.",
        )
    if later := _later(session, batch_id, [one.licence_id for one in changes]):
        numbers = ", ".join(map(str, later))
        raise undo_refused(
            f"Lần nhập sổ {batch_id} không hoàn tác được: các lần nhập sổ sau ({numbers}) đã sửa cùng những giấy phép "
            "này. Hãy hoàn tác chúng trước, từ số lớn nhất.",
            f"Register import {batch_id} cannot be undone: later ones ({numbers}) changed the same licences. Undo them "
            "first, the highest number first.",
        )
    new = [one.licence_id for one in changes if one.before is None]
    if hanging := list(_hanging(session, new)):
        raise _refused_for(batch_id, hanging)
    for ids in chunks(new):
        for licence in session.exec(select(Licence).where(col(Licence.id).in_(ids))).all():
            session.delete(licence)
    session.flush()
    for one in changes:
        if one.before is not None:
            session.merge(row_from(Licence, one.before))
    batch.undone_at = now
    session.add(batch)
    session.flush()
    # a mineral mapped since then stays mapped
    remap_minerals(session, now=now)
    return Undone(
        batch_id=batch_id,
        kind="register",
        file_name=batch.file_name,
        added=len(new),
        restored=len(changes) - len(new),
    )


def _later(session: Session, batch_id: int, licence_ids: Sequence[int]) -> list[int]:
    found: set[int] = set()
    for ids in chunks(licence_ids):
        others = (
            select(RegisterChange.batch_id)
            .join(ImportBatch, col(ImportBatch.id) == RegisterChange.batch_id)
            .where(
                RegisterChange.batch_id > batch_id,
                col(RegisterChange.licence_id).in_(ids),
                col(ImportBatch.undone_at).is_(None),
            )
            .distinct()
        )
        found.update(session.exec(others).all())
    return sorted(found, reverse=True)


def _hanging(session: Session, licence_ids: Sequence[int]) -> Iterator[tuple[str, dict[int, int]]]:
    """What refers to these licences: table, and how many rows by licence."""
    for column in _references():
        counted: dict[int, int] = {}
        for ids in chunks(licence_ids):
            rows = select(column, func.count()).where(column.in_(ids)).group_by(column)
            counted |= dict(session.exec(rows).all())
        if counted:
            yield column.table.name, counted


def _references() -> Iterable[Column[int]]:
    licence = SQLModel.metadata.tables["licence"].c.id
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is licence for key in column.foreign_keys):
                yield column


def _refused_for(batch_id: int, hanging: Sequence[tuple[str, dict[int, int]]]) -> UndoRefusedError:
    kinds: dict[Text, None] = {}
    licences: dict[int, None] = {}
    for table, counted in hanging:
        kinds[_TABLES.get(table, Text(table, table))] = None
        licences |= dict.fromkeys(counted)
    records = any(table in _RECORDS for table, _ in hanging)
    shown = ", ".join(map(str, list(licences)[:_NAMED])) + (", …" if len(licences) > _NAMED else "")
    return undo_refused(
        f"Lần nhập sổ {batch_id} không hoàn tác được: {len(licences)} giấy phép do lần nhập này thêm vào (số {shown}) đã "
        f"có {', '.join(kind.vi for kind in kinds)}. {_STAYS.vi if records else _FIRST.vi}",
        f"Register import {batch_id} cannot be undone: {len(licences)} licences it added ({shown}) already have "
        f"{', '.join(kind.en for kind in kinds)}. {_STAYS.en if records else _FIRST.en}",
    )
