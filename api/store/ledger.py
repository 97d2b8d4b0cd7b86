"""How is the ledger kept and read? Entries are checked by ``fees`` and added, never changed; what they come to is in
:mod:`api.store.ledger_sums`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, insert, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from api.store.ledger_models import LedgerEntry, LedgerPosting
from api.store.models import Licence
from fees.ledger import Account, Debtor, Entry, Fact, Ledger, Posting, Stop, StopReason
from fees.ledger_checks import appended
from fees.ledger_facts import reversal
from rules.errors import Code, Problem

ACCOUNTS: Final = {one.value: one for one in Account}
_FACTS: Final = {one.value: one for one in Fact}
"""Names as stored: an enumeration's own look-up is slow where a province's entries are read."""
_AT_ONCE: Final = 500
"""Most values of one IN list."""


def append(session: Session, entries: Sequence[Entry], *, now: datetime) -> tuple[Problem, ...]:
    """Add entries, all or none; what is wrong comes back, each problem under ``entries[i].field``.

    Call it inside ``Store.write()``. Writers of one licence wait for each other; a key that was already written is refused,
    so sending twice adds nothing.
    """
    problems = check(session, entries)
    if not problems:
        _insert(session, entries, now)
    return problems


def check(session: Session, entries: Sequence[Entry]) -> tuple[Problem, ...]:
    """What :func:`append` would say of the entries; nothing is added."""
    licences = sorted({entry.debtor.licence for entry in entries})
    known = _locked_licences(session, licences)
    strangers = [index for index, entry in enumerate(entries) if entry.debtor.licence not in known]
    if strangers:
        return tuple(_no_licence(index, entries[index].debtor.licence) for index in strangers)
    written = {entry.key: entry for part in _parts(licences) for entry in _read(session, _of_licences(part))}
    for part in _parts([entry.key for entry in entries]):
        written.update((entry.key, entry) for entry in _read(session, _of_keys(part)))
    return appended(Ledger(entries=tuple(written.values())), entries).problems


def reverse(
    session: Session, key: str, *, reversal_key: str, on: date, now: datetime, document: str | None = None
) -> tuple[Problem, ...]:
    """Take back the entry ``key`` from ``on``; a key that is not there, or already taken back, comes back as a problem."""
    found = find_entry(session, key)
    if found is None:
        return (
            Problem(
                code=Code.INVALID_INPUT,
                path=("key",),
                message_vi=f"Trong sổ không có bút toán {key} để đảo.",
                message_en=f"The ledger has no entry {key} to reverse.",
            ),
        )
    return append(session, [reversal(found, key=reversal_key, on=on, document=document)], now=now)


def find_entry(session: Session, key: str) -> Entry | None:
    """The entry written under a key."""
    return next(_read(session, _of_keys([key])), None)


def read_entries(
    session: Session, *, licence: int | None = None, payer: str | None = None, until: date | None = None
) -> tuple[Entry, ...]:
    """The entries of a licence, of a payer or of all, in the order they were written; up to ``until`` where it is given."""

    def where(table: type[LedgerEntry] | type[LedgerPosting]) -> list[ColumnElement[bool]]:
        return [*whose(table, licence, payer), *([col(table.dated) <= until] if until is not None else [])]

    return tuple(_read(session, where))


def debt_entries(session: Session, until: date) -> tuple[Entry, ...]:
    """What debts are made of: entries up to a day that post to what is owed, stops and reversals, without other postings.

    All that :func:`fees.arrears.arrears` looks at, read in one go for a whole province.
    """
    owed = and_(col(LedgerPosting.entry_id) == col(LedgerEntry.id), col(LedgerPosting.account) == Account.OWED.value)
    always = col(LedgerEntry.fact).in_((Fact.STOP.value, Fact.REVERSAL.value))
    chosen = (
        select_columns(*_columns(), col(LedgerPosting.amount_vnd))
        .outerjoin(LedgerPosting, owed)
        .where(col(LedgerEntry.dated) <= until, or_(always, col(LedgerPosting.amount_vnd).is_not(None)))
        .order_by(col(LedgerEntry.id))
    )
    return tuple(
        _entry(row, () if row.amount_vnd is None else (Posting(Account.OWED, row.amount_vnd),))
        for row in session.connection().execute(chosen)
    )


Where = Callable[[type[LedgerEntry] | type[LedgerPosting]], list[ColumnElement[bool]]]


def whose(
    table: type[LedgerEntry] | type[LedgerPosting], licence: int | None, payer: str | None
) -> list[ColumnElement[bool]]:
    """The conditions that choose a licence, a payer, or everything."""
    where: list[ColumnElement[bool]] = []
    if licence is not None:
        where.append(col(table.licence_id) == licence)
    if payer is not None:
        where.append(col(table.payer) == payer)
    return where


def _of_licences(licences: Sequence[int]) -> Where:
    return lambda table: [col(table.licence_id).in_(licences)]


def _of_keys(keys: Sequence[str]) -> Where:
    wanted = select_columns(col(LedgerEntry.id)).where(col(LedgerEntry.key).in_(keys))
    return lambda table: [col(table.id if table is LedgerEntry else LedgerPosting.entry_id).in_(wanted)]


def _read(session: Session, where: Where) -> Iterator[Entry]:
    connection = session.connection()
    postings: dict[int, list[Posting]] = {}
    columns = (col(LedgerPosting.entry_id), col(LedgerPosting.account), col(LedgerPosting.amount_vnd))
    for entry_id, account, amount in connection.execute(select_columns(*columns).where(*where(LedgerPosting))):
        postings.setdefault(entry_id, []).append(Posting(ACCOUNTS[account], amount))
    chosen = select_columns(*_columns())
    for row in connection.execute(chosen.where(*where(LedgerEntry)).order_by(col(LedgerEntry.id))):
        yield _entry(row, postings.get(row.id, ()))


def _columns() -> tuple[Any, ...]:
    table = LedgerEntry
    return (
        col(table.id), col(table.key), col(table.licence_id), col(table.payer), col(table.fact), col(table.dated),
        col(table.document), col(table.instalment), col(table.due_on), col(table.stop_reason), col(table.stop_first),
        col(table.stop_last), col(table.reverses),
    )  # fmt: skip


def _entry(row: Any, postings: Iterable[Posting]) -> Entry:
    stop = None
    if row.stop_reason is not None:
        stop = Stop(reason=StopReason(row.stop_reason), first=row.stop_first, last=row.stop_last)
    return Entry(
        key=row.key,
        debtor=Debtor(row.licence_id, row.payer),
        fact=_FACTS[row.fact],
        on=row.dated,
        postings=tuple(sorted(postings)),
        document=row.document,
        instalment=row.instalment,
        due_on=row.due_on,
        stop=stop,
        reverses=row.reverses,
    )


def _insert(session: Session, entries: Sequence[Entry], now: datetime) -> None:
    connection = session.connection()
    rows = [
        {
            "key": entry.key,
            "licence_id": entry.debtor.licence,
            "payer": entry.debtor.payer,
            "fact": entry.fact.value,
            "dated": entry.on,
            "document": entry.document,
            "instalment": entry.instalment,
            "due_on": entry.due_on,
            "stop_reason": None if entry.stop is None else entry.stop.reason.value,
            "stop_first": None if entry.stop is None else entry.stop.first,
            "stop_last": None if entry.stop is None else entry.stop.last,
            "reverses": entry.reverses,
            "recorded_at": now,
        }
        for entry in entries
    ]
    if not rows:
        return
    numbered = insert(LedgerEntry).returning(col(LedgerEntry.id), sort_by_parameter_order=True)
    ids = connection.execute(numbered, rows).scalars().all()
    postings = [
        {
            "entry_id": entry_id,
            "account": account.value,
            "licence_id": entry.debtor.licence,
            "payer": entry.debtor.payer,
            "dated": entry.on,
            "amount_vnd": amount,
        }
        for entry_id, entry in zip(ids, entries, strict=True)
        for account, amount in entry.postings
    ]
    if postings:
        connection.execute(insert(LedgerPosting), postings)


def _locked_licences(session: Session, licences: Sequence[int]) -> set[int]:
    """Those that exist; on PostgreSQL each waits here for another writer of it (SQLite has one writer anyway)."""
    number = col(Licence.id)
    return {
        int(one)
        for part in _parts(licences)
        for one in session.connection()
        .execute(select_columns(number).where(number.in_(part)).order_by(number).with_for_update())
        .scalars()
        if one is not None
    }


T = TypeVar("T")


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _no_licence(index: int, licence: int) -> Problem:
    return Problem(
        code=Code.INVALID_INPUT,
        path=("entries", index, "debtor", "licence"),
        message_vi=f"Sổ đăng ký không có giấy phép số {licence}; nhập giấy phép trước.",
        message_en=f"The register has no licence {licence}; import the licence first.",
    )
