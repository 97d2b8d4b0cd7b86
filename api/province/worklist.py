"""Which licences of the province wait for their first settlement, what does each lack, how many days are left?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session

from api.province.cases import Prepared, prepare
from api.province.lacks import Lack, LackCode
from api.province.records import Province, Record, load_province, load_records
from api.province.scope import Calendar, Scope
from api.store.text import fold
from rules.lawbook import LawBook, law_book
from rules.trace import Text

K = TypeVar("K", bound=StrEnum)


class Status(StrEnum):
    """How far a licence is. ``none``: the transition asks nothing of it."""

    TODO = "todo"
    READY = "ready"
    SETTLED = "settled"
    BLOCKED = "blocked"
    NONE = "none"


STATUS_NAMES: Mapping[Status, Text] = {
    Status.TODO: Text("Còn thiếu", "Lacking"),
    Status.READY: Text("Sẵn sàng", "Ready"),
    Status.SETTLED: Text("Đã quyết toán", "Settled"),
    Status.BLOCKED: Text("Vướng mắc", "Blocked"),
    Status.NONE: Text("Không thuộc diện", "Not concerned"),
}
SCOPE_NAMES: Mapping[Scope, Text] = {
    Scope.RUNNING: Text("Còn hiệu lực ngày 01/7/2025", "Running on 1 July 2025"),
    Scope.EXPIRED: Text("Hết hạn: kiểm tra gia hạn, cấp lại", "Expired: eligible for extension or re-grant?"),
    Scope.ENDED: Text("Hết hạn trước các năm quyết toán", "Ended before the years that are settled"),
    Scope.AFTER: Text("Cấp theo luật mới", "Issued under the new law"),
    Scope.UNKNOWN: Text("Không rõ ngày cấp", "Issue date unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One licence of the worklist. Sums are those of the last result under the present law book, in whole đồng;
    ``stale`` says that the data have changed since. ``days_left`` is negative after the deadline, ``None`` where there
    is nothing to do. ``minerals`` are all codes, the licence's own (``mineral_code``) first. ``register_says`` are the
    register's status and note; ``problems`` what the engine refused."""

    licence_id: int
    number: str | None
    holder: str | None
    mine: str | None
    mineral_code: str | None
    minerals: tuple[str, ...]
    mineral_local: str | None
    authority: str | None
    region: str | None
    issued_on: date | None
    expires_on: date | None
    scope: Scope
    settlement: bool
    reapproval: bool
    exchange: bool
    status: Status
    lacks: tuple[Lack, ...]
    problems: tuple[Text, ...]
    deadline: date | None
    days_left: int | None
    owner: str | None
    note: str | None
    register_says: str
    settled_vnd: int | None = None
    paid_vnd: int | None = None
    difference_vnd: int | None = None
    outcome: str | None = None
    reapproved_vnd: int | None = None
    annual_vnd: int | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts and sums over rows, in whole đồng; ``lacks`` counts the licences that lack a thing."""

    licences: int
    by_status: Mapping[Status, int]
    by_scope: Mapping[Scope, int]
    settlement: int
    reapproval: int
    exchange: int
    lacks: Mapping[LackCode, int]
    owners: Mapping[str, int]
    settled_vnd: int
    paid_vnd: int
    underpaid_vnd: int
    overpaid_vnd: int
    reapproved_vnd: int
    annual_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """The rows that match, in the order of the register; ``totals`` are theirs, ``all_totals`` the whole province's."""

    rows: Sequence[WorklistRow]
    totals: Totals
    all_totals: Totals
    days: Calendar


def worklist(
    session: Session,
    today: date,
    *,
    search: str = "",
    scope: Scope | None = None,
    status: Status | None = None,
    exchange: bool | None = None,
    reapproval: bool | None = None,
    lack: LackCode | None = None,
    owner: str | None = None,
    mineral: str | None = None,
    authority: str | None = None,
    book: LawBook | None = None,
) -> Worklist:
    """The worklist as of ``today``, filtered. ``owner`` "" finds licences without one; ``search`` as for licences."""
    book = book or law_book()
    province = load_province(session, book)
    records = load_records(session, book)
    rows = [row_of(record, prepare(record, province, today), province, today) for record in records]
    asked = fold(search.replace("\0", " ")).split()
    kept = [
        row
        for row, record in zip(rows, records, strict=True)
        if all(word in record.licence.search_text for word in asked)
        and scope in (None, row.scope)
        and status in (None, row.status)
        and exchange in (None, row.exchange)
        and reapproval in (None, row.reapproval)
        and (lack is None or any(one.code is lack for one in row.lacks))
        and (owner is None or owner == (row.owner or ""))
        and (mineral is None or mineral in row.minerals)
        and authority in (None, row.authority)
    ]
    return Worklist(rows=kept, totals=totals_of(kept), all_totals=totals_of(rows), days=province.days)


def worklist_row(session: Session, licence_id: int, today: date, *, book: LawBook | None = None) -> WorklistRow | None:
    """The row of one licence, ``None`` where there is no such licence."""
    book = book or law_book()
    province = load_province(session, book)
    for record in load_records(session, book, [licence_id]):
        return row_of(record, prepare(record, province, today), province, today)
    return None


def row_of(record: Record, prepared: Prepared, province: Province, today: date) -> WorklistRow:
    """The row of a licence whose cases are prepared."""
    licence, item, result = record.licence, record.item, record.result
    stands = prepared.standing
    current = result is not None and result.case_sha256 == prepared.sha256
    status = _status(record, prepared, current=current)
    concerned = status is not Status.NONE
    deadline = province.days.deadline if concerned else None
    problems = result.result.get("problems", []) if result is not None and current else []
    return WorklistRow(
        licence_id=record.id,
        number=licence.number,
        holder=licence.holder,
        mine=licence.mine_name or licence.place,
        mineral_code=licence.mineral_code,
        minerals=prepared.minerals,
        mineral_local=licence.mineral_local,
        authority=licence.authority,
        region=licence.region,
        issued_on=licence.issued_on,
        expires_on=licence.expires_on,
        scope=stands.scope,
        settlement=stands.settlement,
        reapproval=stands.reapproval,
        exchange=stands.exchange,
        status=status,
        lacks=prepared.lacks,
        problems=tuple(Text(one["message_vi"], one["message_en"]) for one in problems),
        deadline=deadline,
        days_left=None if deadline is None else (deadline - today).days,
        owner=None if item is None else item.owner,
        note=None if item is None else item.note,
        register_says="; ".join(said.strip() for said in (licence.status, licence.note) if said and said.strip()),
        settled_vnd=None if result is None else result.settled_vnd,
        paid_vnd=None if result is None else result.paid_vnd,
        difference_vnd=None if result is None else result.difference_vnd,
        outcome=None if result is None else result.outcome,
        reapproved_vnd=None if result is None else result.reapproved_vnd,
        annual_vnd=None if result is None else result.annual_vnd,
        stale=result is not None and not current,
    )


def _status(record: Record, prepared: Prepared, *, current: bool) -> Status:
    if record.item is not None and record.item.status == Status.BLOCKED:
        return Status.BLOCKED
    if prepared.lacks and not (prepared.standing.exchange and prepared.settlement is not None):
        return Status.TODO
    if not prepared.standing.settlement:
        return Status.NONE
    if not current or record.result is None:
        return Status.READY
    return Status.SETTLED if record.result.ok else Status.BLOCKED


def totals_of(rows: Iterable[WorklistRow]) -> Totals:
    """Counts and sums over rows; sums of data that have changed since do not count."""
    rows = list(rows)
    current = [row for row in rows if not row.stale]
    return Totals(
        licences=len(rows),
        by_status=_counted(Status, (row.status for row in rows)),
        by_scope=_counted(Scope, (row.scope for row in rows)),
        settlement=sum(row.settlement for row in rows),
        reapproval=sum(row.reapproval for row in rows),
        exchange=sum(row.exchange for row in rows),
        lacks=Counter(code for row in rows for code in {one.code for one in row.lacks}),
        owners=Counter(row.owner or "" for row in rows),
        settled_vnd=sum(row.settled_vnd or 0 for row in current),
        paid_vnd=sum(row.paid_vnd or 0 for row in current),
        underpaid_vnd=sum(max(row.difference_vnd or 0, 0) for row in current),
        overpaid_vnd=sum(max(-(row.difference_vnd or 0), 0) for row in current),
        reapproved_vnd=sum(row.reapproved_vnd or 0 for row in current),
        annual_vnd=sum(row.annual_vnd or 0 for row in current),
    )


def _counted(names: type[K], found: Iterable[K]) -> dict[K, int]:
    counted = Counter(found)
    return {name: counted[name] for name in names}
