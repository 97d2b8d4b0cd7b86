"""Does the stored ledger say what its entries say, on both databases, and does it refuse to forget?"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, func, select

from api.store.engine import Store
from api.store.ledger import append, read_entries, reverse
from api.store.ledger_models import LedgerEntry, LedgerPosting
from api.store.ledger_sums import AGE_EDGES, balance, balances, year_report
from api.store.models import ImportBatch, Licence
from fees import ledger_balance, ledger_year
from fees.ledger import Debtor, Entry, Ledger
from fees.ledger_facts import Told, decision, interest_charge, notice, payment
from fees.testing_ledger import ledger_days, ledgers

FULL = os.environ.get("KHOANGSAN_GATES") == "full"
THREE = (Debtor(1, "A"), Debtor(2, "A"), Debtor(2, "B"))
DAY = date(2026, 3, 2)
NEXT = date(2026, 4, 1)


def register(store: Store, now: datetime, count: int) -> None:
    """Licences 1 to ``count``."""
    with store.write() as session:
        batch = ImportBatch(
            file_name="a.csv",
            sha256="0",
            imported_at=now,
            rows=0,
            new=0,
            unchanged=0,
            changed=0,
            set_aside=0,
            report={},
        )
        session.add(batch)
        session.flush()
        session.add_all(
            Licence(id=number, fingerprint="", source_file="a.csv", source_row=2, batch_id=batch.id, updated_at=now)
            for number in range(1, count + 1)
        )


@pytest.fixture
def ledger_store(store: Store, now: datetime) -> Store:
    register(store, now, 3)
    return store


def told(key: str, on: date = DAY, licence: int = 1, payer: str = "A") -> Told:
    return Told(key=key, debtor=Debtor(licence, payer), on=on, document="12/TB-CT")


def a_notice(key: str = "n", licence: int = 1) -> Entry:
    return notice(told(key, licence=licence), 100_000_000_000, instalment="2026", due_on=date(2026, 6, 1))


def fields(problems: Sequence[object]) -> list[str | None]:
    return [getattr(one, "field", None) for one in problems]


@contextmanager
def undone(store: Store) -> Iterator[Session]:
    """A write transaction that leaves nothing behind."""

    class Undo(Exception):  # noqa: N818 - not an error
        pass

    try:
        with store.write() as session:
            yield session
            raise Undo
    except Undo:
        pass


@settings(max_examples=300 if FULL else 25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledger=ledgers(THREE), on=ledger_days(), year=st.integers(2020, 2027))
def test_replay_is_what_is_stored(ledger_store: Store, now: datetime, ledger: Ledger, on: date, year: int) -> None:
    with undone(ledger_store) as session:
        for (
            entry
        ) in ledger.entries:  # one by one, as they were accepted: together a later, back-dated one would count too
            assert append(session, [entry], now=now) == ()
        assert read_entries(session) == ledger.entries
        assert balances(session, on) == ledger_balance.balances(_posted(ledger.entries), on)
        for licence, payer in ((1, None), (2, None), (None, "A"), (2, "B"), (None, None), (9, None)):
            own = tuple(
                entry
                for entry in ledger.entries
                if licence in (None, entry.debtor.licence) and payer in (None, entry.debtor.payer)
            )
            assert read_entries(session, licence=licence, payer=payer) == own
            dated = tuple(entry for entry in own if entry.on <= on)
            assert read_entries(session, licence=licence, payer=payer, until=on) == dated
            expected = ledger_balance.balance(ledger.entries, on, licence=licence, payer=payer)
            assert balance(session, on, licence=licence, payer=payer) == expected
        last = [entry for entry in _posted(ledger.entries) if entry.on.year <= year]
        expected_rows = ledger_year.year_report(last, year, by=lambda debtor: debtor.payer)
        assert year_report(session, year, by=lambda debtor: debtor.payer) == expected_rows


def _posted(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that move money: an account of nothing but stops of interest has no balance in the store."""
    return [entry for entry in entries if entry.postings]


def test_refused_entries_leave_nothing(ledger_store: Store, now: datetime) -> None:
    with ledger_store.write() as session:
        assert fields(append(session, [a_notice(), decision(told("d"), 0)], now=now)) == ["entries[1].postings"]
    with ledger_store.session() as session:
        assert read_entries(session) == ()


def test_sending_twice_adds_nothing_whatever_the_licence(ledger_store: Store, now: datetime) -> None:
    with ledger_store.write() as session:
        assert append(session, [a_notice()], now=now) == ()
    with ledger_store.write() as session:
        assert "entries[0].key" in fields(append(session, [a_notice()], now=now))
        assert fields(append(session, [a_notice(licence=2)], now=now)) == ["entries[0].key"]
        assert fields(append(session, [a_notice("m", licence=2), a_notice("x", licence=99)], now=now)) == [
            "entries[1].debtor.licence"
        ]
    with ledger_store.session() as session:
        assert [entry.key for entry in read_entries(session)] == ["n"]


def test_a_reversal_restores_the_balance_once(ledger_store: Store, now: datetime) -> None:
    with ledger_store.write() as session:
        append(session, [a_notice(), payment(told("p"), principal_vnd=7)], now=now)
        assert fields(reverse(session, "?", reversal_key="r", on=NEXT, now=now)) == ["key"]
        assert reverse(session, "p", reversal_key="r", on=NEXT, now=now) == ()
        assert fields(reverse(session, "p", reversal_key="r2", on=NEXT, now=now)) == ["entries[0].reverses"]
        assert balance(session, NEXT - timedelta(days=1), licence=1).owed_vnd == 100_000_000_000 - 7
        assert balance(session, NEXT, licence=1).owed_vnd == 100_000_000_000
        assert len(read_entries(session)) == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET payer = 'B'",
        "UPDATE ledger_posting SET amount_vnd = 1",
        "DELETE FROM ledger_posting",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_posting WHERE amount_vnd > 0",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(ledger_store: Store, now: datetime, change: str) -> None:
    with ledger_store.write() as session:
        append(session, [a_notice()], now=now)

    def tamper() -> None:
        with ledger_store.write() as session:
            session.connection().execute(text(change))

    with pytest.raises(IntegrityError, match="append-only"):
        tamper()
    with ledger_store.session() as session:
        assert read_entries(session) == (a_notice(),)


def test_a_licence_with_entries_stays(ledger_store: Store, now: datetime) -> None:
    with ledger_store.write() as session:
        append(session, [a_notice()], now=now)

    def remove() -> None:
        with ledger_store.write() as session:
            session.connection().execute(text("DELETE FROM licence WHERE id = 1"))

    with pytest.raises(IntegrityError):
        remove()


def test_the_largest_sums_come_back_whole(ledger_store: Store, now: datetime) -> None:
    with ledger_store.write() as session:
        assert append(session, [decision(told("d"), 10**18), decision(told("e"), 10**18 - 1)], now=now) == ()
        assert balance(session, DAY, licence=1).fee_vnd == 2 * 10**18 - 1


def test_an_entry_is_written_once_though_many_send_it_at_once(ledger_store: Store, now: datetime) -> None:
    """A payment that every writer sees as new, and a reversal that every writer thinks is the first."""
    with ledger_store.write() as session:
        append(session, [a_notice()], now=now)
    start, outcomes = threading.Barrier(6), []

    def send(number: int) -> None:
        start.wait()
        with ledger_store.write() as session:
            paid = append(session, [payment(told("p"), principal_vnd=5)], now=now)
            back = reverse(session, "n", reversal_key=f"r{number}", on=NEXT, now=now)
            outcomes.append((paid == (), back == ()))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [(False, False)] * 5 + [(True, True)]
    with ledger_store.session() as session:
        assert balance(session, NEXT, licence=1).prepaid_vnd == 5


def test_the_tables_are_those_of_the_models(store: Store) -> None:
    with store.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        different = [one for one in compare_metadata(context, SQLModel.metadata) if "ledger" in str(one)]
    assert different == []


def many(licences: int, entries: int) -> Iterator[Entry]:
    """A ledger of a province: each licence has as many entries, ten licences share a payer."""
    for licence in range(1, licences + 1):
        payer = f"01{licence // 10:08d}"
        yield decision(told(f"{licence}:d", date(2014, 1, 2), licence, payer), 10**12)
        for number in range(1, entries):
            on = date(2014, 1, 3) + timedelta(days=22 * number)
            entry = told(f"{licence}:{number}", on, licence, payer)
            if number % 3 == 0:
                yield interest_charge(entry, number)
            elif number % 3 == 1:
                yield notice(entry, 10**9 + number, instalment=str(number), due_on=on + timedelta(days=30))
            else:
                yield payment(entry, principal_vnd=10**9, interest_vnd=number)


@pytest.mark.gate
def test_any_balance_answers_within_twenty_milliseconds(store: Store, now: datetime) -> None:
    licences, entries = (1000, 200) if FULL else (100, 200)
    register(store, now, licences)
    began = time.perf_counter()
    with store.write() as session:
        assert append(session, list(many(licences, entries)), now=now) == ()
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE ledger_posting"))
    print(f"\n{store.engine.dialect.name}: {licences * entries} entries written in {time.perf_counter() - began:.1f} s")
    with store.session() as session:
        assert session.exec(select(func.count()).select_from(LedgerEntry)).one() == licences * entries
        assert session.exec(select(func.sum(LedgerPosting.amount_vnd))).one() == 0
        balance(session, DAY, licence=1)  # the connection is open and the statement compiled
        taken: dict[str, list[float]] = {"licence": [], "payer": []}
        for number in range(1, 41):
            on = date(2014, 1, 1) + timedelta(days=110 * number)
            licence = number * licences // 41 + 1
            began = time.perf_counter()
            balance(session, on, licence=licence)
            taken["licence"].append(time.perf_counter() - began)
            began = time.perf_counter()
            balance(session, on, payer=f"01{licence // 10:08d}")
            taken["payer"].append(time.perf_counter() - began)
        began = time.perf_counter()
        year_report(session, 2025, by=lambda debtor: debtor.payer)
        print(f"year report of all: {(time.perf_counter() - began) * 1000:.0f} ms, {len(AGE_EDGES)} age bands")
    for whose, times in taken.items():
        middle = sorted(times)[len(times) // 2]
        print(f"balance of a {whose}: median {middle * 1000:.2f} ms, worst {max(times) * 1000:.2f} ms")
        assert middle < 0.020
