"""How is the ledger kept and asked? Entries are checked by ``fees`` and added, never changed; balances are sums of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, case, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from api.store.ledger_models import LedgerEntry, LedgerPosting
from api.store.models import Licence
from fees.ledger import Account, Debtor, Entry, Fact, Ledger, Posting, Stop, StopReason
from fees.ledger_balance import Balance, balance_of_sums
from fees.ledger_checks import appended
from fees.ledger_facts import reversal
from fees.ledger_year import YearRow, year_row_of_sums
from rules.errors import Code, Problem

K = TypeVar("K")
AGE_EDGES: Final = (30, 90, 365, 1095)
"""Last days of the age bands of arrears (house convention; after 90 days the tax office may enforce)."""
_AT_ONCE: Final = 500
"""Most values of one IN list."""


def append(session: Session, entries: Sequence[Entry], *, now: datetime) -> tuple[Problem, ...]:
    """Add entries, all or none; what is wrong comes back, each problem under ``entries[i].field``.

    Call it inside ``Store.write()``. Writers of one licence wait for each other; a key that was already written is refused,
    so sending twice adds nothing.
    """
    licences = sorted({entry.debtor.licence for entry in entries})
    known = _locked_licences(session, licences)
    strangers = [index for index, entry in enumerate(entries) if entry.debtor.licence not in known]
    if strangers:
        return tuple(_no_licence(index, entries[index].debtor.licence) for index in strangers)
    written = {entry.key: entry for part in _parts(licences) for entry in _read(session, _of_licences(part))}
    for part in _parts([entry.key for entry in entries]):
        written.update((entry.key, entry) for entry in _read(session, _of_keys(part)))
    problems = appended(Ledger(entries=tuple(written.values())), entries).problems
    if not problems:
        _insert(session, entries, now)
    return problems


def reverse(
    session: Session, key: str, *, reversal_key: str, on: date, now: datetime, document: str | None = None
) -> tuple[Problem, ...]:
    """Take back the entry ``key`` from ``on``; a key that is not there, or already taken back, comes back as a problem."""
    found = list(_read(session, _of_keys([key])))
    if not found:
        return (
            Problem(
                code=Code.INVALID_INPUT,
                path=("key",),
                message_vi=f"Trong sổ không có bút toán {key} để đảo.",
                message_en=f"The ledger has no entry {key} to reverse.",
            ),
        )
    return append(session, [reversal(found[0], key=reversal_key, on=on, document=document)], now=now)


def read_entries(
    session: Session, *, licence: int | None = None, payer: str | None = None, until: date | None = None
) -> tuple[Entry, ...]:
    """The entries of a licence, of a payer or of all, in the order they were written; up to ``until`` where it is given."""

    def where(table: type[LedgerEntry] | type[LedgerPosting]) -> list[ColumnElement[bool]]:
        return [*_whose(table, licence, payer), *([col(table.dated) <= until] if until is not None else [])]

    return tuple(_read(session, where))


def balance(session: Session, on: date, *, licence: int | None = None, payer: str | None = None) -> Balance:
    """The balance on a day of one licence, of one payer, or of everything."""
    total = Balance()
    for one in balances(session, on, licence=licence, payer=payer).values():
        total += one
    return total


def balances(
    session: Session, on: date, *, licence: int | None = None, payer: str | None = None
) -> dict[Debtor, Balance]:
    """The balance of every account on a day, by licence and payer."""
    dated = [*_whose(LedgerPosting, licence, payer), col(LedgerPosting.dated) <= on]
    amount = func.sum(col(LedgerPosting.amount_vnd))
    sums: dict[Debtor, dict[Account, int]] = {}
    for debtor, account, found in _grouped(session, dated, amount):
        sums.setdefault(debtor, {})[account] = int(found)
    return {debtor: balance_of_sums(own) for debtor, own in sums.items()}


def year_report(session: Session, year: int, *, by: Callable[[Debtor], K]) -> dict[K, YearRow]:
    """The yearly report by group, as :func:`fees.ledger_year.year_report` gives it from the entries."""
    first, last = date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
    amount = col(LedgerPosting.amount_vnd)
    before = func.sum(case((col(LedgerPosting.dated) < first, amount), else_=0))
    sums: dict[Debtor, tuple[dict[Account, int], dict[Account, int]]] = {}
    for debtor, account, old, new in _grouped(session, [col(LedgerPosting.dated) <= last], before, func.sum(amount)):
        own = sums.setdefault(debtor, (dict.fromkeys(Account, 0), dict.fromkeys(Account, 0)))
        own[0][account], own[1][account] = int(old), int(new)
    rows: dict[K, YearRow] = {}
    for debtor, (then, now) in sums.items():
        group = by(debtor)
        rows[group] = rows.get(group, YearRow()) + year_row_of_sums(then, now)
    return rows


Where = Callable[[type[LedgerEntry] | type[LedgerPosting]], list[ColumnElement[bool]]]


def _whose(
    table: type[LedgerEntry] | type[LedgerPosting], licence: int | None, payer: str | None
) -> list[ColumnElement[bool]]:
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


def _grouped(
    session: Session, where: Sequence[ColumnElement[bool]], *totals: ColumnElement[Any]
) -> Iterator[tuple[Any, ...]]:
    """Debtor, account and the totals of their postings."""
    keys = (col(LedgerPosting.licence_id), col(LedgerPosting.payer), col(LedgerPosting.account))
    rows = session.connection().execute(select_columns(*keys, *totals).where(*where).group_by(*keys))
    for licence, payer, account, *found in rows:
        yield Debtor(licence, payer), Account(account), *found


def _read(session: Session, where: Where) -> Iterator[Entry]:
    connection = session.connection()
    postings: dict[int, list[Posting]] = {}
    columns = (col(LedgerPosting.entry_id), col(LedgerPosting.account), col(LedgerPosting.amount_vnd))
    for entry_id, account, amount in connection.execute(select_columns(*columns).where(*where(LedgerPosting))):
        postings.setdefault(entry_id, []).append(Posting(Account(account), amount))
    table = LedgerEntry
    chosen = select_columns(
        col(table.id), col(table.key), col(table.licence_id), col(table.payer), col(table.fact), col(table.dated),
        col(table.document), col(table.instalment), col(table.due_on), col(table.stop_reason), col(table.stop_first),
        col(table.stop_last), col(table.reverses),
    )  # fmt: skip
    for row in connection.execute(chosen.where(*where(table)).order_by(col(table.id))):
        yield _entry(row, postings.get(row.id, ()))


def _entry(row: Any, postings: Iterable[Posting]) -> Entry:
    stop = None
    if row.stop_reason is not None:
        stop = Stop(reason=StopReason(row.stop_reason), first=row.stop_first, last=row.stop_last)
    return Entry(
        key=row.key,
        debtor=Debtor(row.licence_id, row.payer),
        fact=Fact(row.fact),
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
