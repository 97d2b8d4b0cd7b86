"""Does the store keep what it is given, on both databases, also when it is asked wrongly?"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, func, select

from api.store.engine import Store, StoreError, open_store
from api.store.licences import UNKNOWN, count_filters, get_licence, list_licences
from api.store.migrate import migrate
from api.store.models import ImportBatch, Licence
from api.store.text import fold, number_key, words


def a_batch(now: datetime) -> ImportBatch:
    return ImportBatch(
        file_name="a.csv", sha256="0", imported_at=now, rows=0, new=0, unchanged=0, changed=0, set_aside=0, report={}
    )


def add(store: Store, now: datetime, **facts: object) -> int:
    with store.write() as session:
        batch = a_batch(now)
        session.add(batch)
        session.flush()
        told = {"search_text": fold(f"{facts.get('number')} {facts.get('mine_name')}"), **facts}
        licence = Licence(fingerprint="", source_file="a.csv", source_row=2, batch_id=batch.id, updated_at=now, **told)
        session.add(licence)
        session.flush()
        assert licence.id is not None
        return licence.id


def test_a_failed_write_leaves_nothing(store: Store, now: datetime) -> None:
    def fail() -> None:
        with store.write() as session:
            session.add(a_batch(now))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.session() as session:
        assert session.exec(select(func.count()).select_from(ImportBatch)).one() == 0


def test_moments_come_back_in_utc_and_need_a_zone(store: Store, now: datetime) -> None:
    moment = now.astimezone(tz=None) + timedelta(microseconds=7)
    add(store, moment, number="1/GP-UBND")
    with store.session() as session:
        batch = session.exec(select(ImportBatch)).one()
    assert batch.imported_at == moment
    assert batch.imported_at.utcoffset() == timedelta(0)
    with pytest.raises(Exception, match="time zone"):
        add(store, moment.replace(tzinfo=None), number="2/GP-UBND")


def test_a_licence_needs_its_import(store: Store, now: datetime) -> None:
    def orphan() -> None:
        with store.write() as session:
            session.add(Licence(fingerprint="", source_file="a", source_row=1, batch_id=999, updated_at=now))

    with pytest.raises(IntegrityError):
        orphan()


def test_writers_queue(store: Store, now: datetime) -> None:
    """Read-then-write from several threads loses no update: each sees what the one before it wrote."""
    licence_id = add(store, now, note="0")

    def count_up() -> None:
        for _ in range(5):
            with store.write(lock="count") as session:
                licence = session.get(Licence, licence_id)
                assert licence is not None
                licence.note = str(int(licence.note or "0") + 1)
                session.add(licence)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.session() as session:
        licence = get_licence(session, licence_id)
        assert licence is not None
        assert licence.note == "20"


def test_sqlite_settings(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        asked = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def test_migrating_twice_changes_nothing_and_gives_the_tables_of_the_models(database_url: str) -> None:
    store = open_store(database_url)
    assert migrate(store) is True
    assert migrate(store) is False
    with store.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        ours = {"licence", "import_batch", "header_alias", "mineral_alias"}
        different = [
            one for one in compare_metadata(context, SQLModel.metadata) if any(name in str(one) for name in ours)
        ]
    store.close()
    assert different == []


def test_a_database_of_a_newer_version_is_refused_in_words(store: Store) -> None:
    with store.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"phiên bản mới hơn.*newer version"):
        migrate(store)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:"])
def test_addresses_that_cannot_be_used(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///"):
        open_store(url)


def test_an_unreachable_server_is_told_in_words() -> None:
    with pytest.raises(StoreError, match=r"máy chủ.*server"):
        migrate(open_store("postgresql://nobody@127.0.0.1:1/nothing"))


def test_a_file_that_is_no_database_is_told_in_words(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "x.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="không dùng được"):
        migrate(open_store(f"sqlite:///{tmp_path / 'x.db'}"))


def test_filters_meet(store: Store, now: datetime, today: date) -> None:
    lime = add(store, now, number="1/GP-UBND", mine_name="Đá vôi Đồng Bông", mineral_code="construction_stone",
               authority="province", expires_on=today)  # fmt: skip
    iron = add(store, now, number="2/GP-BTNMT", mine_name="Núi 300", mineral_code="iron", authority="ministry",
               expires_on=today - timedelta(days=1))  # fmt: skip
    year = add(store, now, number="3/GP-UBND", mine_name="Sông Hồng", authority="province",
               expires_on=date(2026, 11, 24))  # fmt: skip
    later = add(store, now, number="4/GP-UBND", mine_name="Đá vôi 50%_", mineral_code="construction_stone",
                expires_on=date(2026, 11, 25))  # fmt: skip
    blank = add(store, now, number="5/GP-UBND")
    with store.session() as session:

        def found(**filters: object) -> list[int | None]:
            return [row.id for row in list_licences(session, today=today, **filters).rows]  # type: ignore[arg-type]

        assert found() == [lime, iron, year, later, blank]
        assert found(search="da voi") == found(search="VÔI đá") == [lime, later]
        assert found(search="dong bong da") == [lime]
        assert found(search="%") == found(search="_") == [later]
        assert found(search="vo\0zzz") == []
        assert found(mineral="construction_stone", authority="province") == [lime]
        assert found(mineral=UNKNOWN) == [year, blank]
        assert found(authority=UNKNOWN) == [later, blank]
        assert found(expiry="expired") == [iron]
        assert found(expiry="active") == [lime, year, later]
        assert found(expiry="within_year") == [lime, year]
        assert found(page=2, size=2) == [year, later]
        assert list_licences(session, today=today, page=9, size=2).total == 5
        counts = count_filters(session, today=today)
        assert counts.mineral == {"construction_stone": 2, "iron": 1, UNKNOWN: 2}
        assert counts.authority == {"province": 2, "ministry": 1, UNKNOWN: 2}
        assert counts.expiry == {"active": 3, "expired": 1, "within_year": 2, UNKNOWN: 1}


def test_counts_of_an_empty_store(store: Store, today: date) -> None:
    with store.session() as session:
        counts = count_filters(session, today=today)
        assert (counts.mineral, counts.authority) == ({}, {})
        assert set(counts.expiry.values()) == {0}
        assert get_licence(session, 1) is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("211/GP-UBND", "211/gp-ubnd"),
        (" GP số 0211 / GP - UBND \n(gia hạn GP 5784/GP-UBND)", "211/gp-ubnd"),
        ("136/QĐ-UBND (Điều chỉnh GP 4512/GP-UBND)", "136/qd-ubnd"),
        ("822/GP-UBND 13/4/2023 (gia hạn)", "822/gp-ubnd"),
        ("không rõ", "khong ro"),
        ("", ""),
    ],
)
def test_number_key(written: str, key: str) -> None:
    assert number_key(written) == key


@given(st.text())
def test_folding_is_settled_and_finds_its_own_words(written: str) -> None:
    assert fold(fold(written)) == fold(written)
    assert words(words(written)) == words(written)


def test_folding_vietnamese() -> None:
    assert fold("ĐÁ  vôi\nTRẮNG") == "da voi trang"
    assert words("CS (m³/năm)") == words("CS_m3_nam") == "cs m3 nam"
