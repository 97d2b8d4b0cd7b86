"""How is the whole province settled at once, so that a broken run continues and nothing is computed twice?

Results are kept by licence and law book, a few licences at a time. A licence is computed again only where its data, the
day or the law have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from api.province.cases import Prepared, prepare
from api.province.computing import computed
from api.province.records import Record, load_province, load_records
from api.store.engine import Store
from api.store.province import SettlementResult, SettlementRun
from rules.lawbook import LawBook, law_book

_AT_ONCE: Final = 25
"""Licences written in one transaction: what a broken run loses at most."""
_LOCK: Final = "settle_province"
Progress = Callable[[int, int], None]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A run: its day, how many licences there are, were computed now, were unchanged, cannot be computed yet; how many
    of those computed now the engine refused."""

    run_id: int
    dated: date
    resumed: bool
    licences: int
    computed: int
    unchanged: int
    lacking: int
    refused: int


def settle_province(
    store: Store,
    *,
    on: date,
    clock: Clock,
    resume: bool = False,
    progress: Progress | None = None,
    book: LawBook | None = None,
) -> RunReport:
    """Settle and re-approve all that can be, as of ``on``; ``resume`` goes on with the day of an unfinished run.

    ``progress`` is told how many licences are done of how many. Raises ``StoreError`` where the store fails.
    """
    book = book or law_book()
    with store.write(lock=_LOCK) as session:
        unfinished = _unfinished(session, book) if resume else None
        run = unfinished or SettlementRun(started_at=clock(), dated=on, law_digest=book.digest)
        session.add(run)
        session.flush()
    assert run.id is not None
    with store.session() as session:
        province = load_province(session, book)
        records = load_records(session, book)
        session.expunge_all()
    work: list[tuple[Record, Prepared]] = []
    gone: list[int] = []
    unchanged = lacking = 0
    for record in records:
        prepared = prepare(record, province, run.dated)
        if not prepared.on(run.dated):
            gone += [record.id] if record.result is not None else []
            lacking += bool(prepared.lacks)
        elif is_current(record.result, prepared, run.dated):
            unchanged += 1
        else:
            work.append((record, prepared))
    able = unchanged + len(work)
    refused = 0
    if progress is not None:
        progress(unchanged, able)
    for start in range(0, len(work), _AT_ONCE):
        part = work[start : start + _AT_ONCE]
        rows = [_result(record, prepared, run, clock(), book) for record, prepared in part]
        refused += sum(not row["ok"] for row in rows)
        with store.write(lock=_LOCK) as session:
            _keep(session, rows, book)
        if progress is not None:
            progress(unchanged + start + len(part), able)
    with store.write(lock=_LOCK) as session:
        _forget(session, gone, book)
        stored = session.get_one(SettlementRun, run.id)
        stored.finished_at = clock()
        session.add(stored)
    return RunReport(
        run_id=run.id,
        dated=run.dated,
        resumed=unfinished is not None,
        licences=len(records),
        computed=len(work),
        unchanged=unchanged,
        lacking=lacking,
        refused=refused,
    )


def is_current(result: SettlementResult | None, prepared: Prepared, on: date) -> bool:
    """Whether a stored result is what computing again as of the day would give."""
    if result is None or result.case_sha256 != prepared.sha256:
        return False
    days = {case.get("settled_on") or case.get("decided_on") for case in result.cases.values()}
    return days == {on.isoformat()}


def settle_licence(store: Store, licence_id: int, *, on: date, now: datetime, book: LawBook | None = None) -> bool:
    """Settle one licence as a run would; ``False`` where it lacks something or does not exist."""
    book = book or law_book()
    with store.session() as session:
        province = load_province(session, book)
        records = load_records(session, book, [licence_id])
        session.expunge_all()
    if not records or not (prepared := prepare(records[0], province, on)).on(on):
        return False
    with store.write(lock=_LOCK) as session:
        run = SettlementRun(started_at=now, finished_at=now, dated=on, law_digest=book.digest)
        session.add(run)
        session.flush()
        _keep(session, [_result(records[0], prepared, run, now, book)], book)
    return True


def _unfinished(session: Session, book: LawBook) -> SettlementRun | None:
    """The last run where it was broken off under the same law book."""
    last = session.exec(select(SettlementRun).order_by(col(SettlementRun.id).desc()).limit(1)).first()
    return last if last is not None and last.finished_at is None and last.law_digest == book.digest else None


def _result(record: Record, prepared: Prepared, run: SettlementRun, now: datetime, book: LawBook) -> dict[str, Any]:
    cases = prepared.on(run.dated)
    result = computed(cases, prepared, book)
    settled, reapproved = result.get("settlement", {}), result.get("reapproval", {})
    return {
        "licence_id": record.id,
        "run_id": run.id,
        "computed_at": now,
        "law_digest": book.digest,
        "case_sha256": prepared.sha256,
        "ok": not result["problems"],
        "cases": cases,
        "result": result,
        "settled_vnd": settled.get("settled_vnd"),
        "paid_vnd": settled.get("paid_vnd"),
        "difference_vnd": settled.get("difference_vnd"),
        "outcome": settled.get("outcome"),
        "reapproved_vnd": reapproved.get("total_vnd"),
        "annual_vnd": reapproved.get("annual_vnd"),
    }


def _keep(session: Session, rows: Sequence[dict[str, Any]], book: LawBook) -> None:
    """Results in the place of those of the same licences under the same law book."""
    _forget(session, [row["licence_id"] for row in rows], book)
    session.add_all(SettlementResult(**row) for row in rows)
    session.flush()


def _forget(session: Session, licence_ids: Sequence[int], book: LawBook) -> None:
    for start in range(0, len(licence_ids), _AT_ONCE):
        part = licence_ids[start : start + _AT_ONCE]
        old = select(SettlementResult).where(
            SettlementResult.law_digest == book.digest, col(SettlementResult.licence_id).in_(part)
        )
        for row in session.exec(old).all():
            session.delete(row)
    session.flush()
