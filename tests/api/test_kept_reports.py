"""Can every report and every previewed file be opened again, by any process, exactly as it was?"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import kept_reports
from api.imports.findings import Finding, Place, Severity, Unreadable
from api.imports.kept_reports import (
    OFFICE_SUBJECTS,
    Waiting,
    find_preview,
    find_report,
    keep_loose,
    keep_waiting,
    name_of,
    report_name,
    take_waiting,
)
from api.imports.outputs import import_outputs
from api.imports.report import FieldChange, ImportReport, RowChange
from api.imports.report_pack import pack, unpack
from api.store.engine import Store, open_store
from tests.api.office import NOW, TODAY, as_csv, bring, register

TEXT = st.text(max_size=20)
MAYBE = st.none() | TEXT
PLACES = st.builds(Place, sheet=MAYBE, row=st.none() | st.integers(1, 10**6), column=MAYBE)
CHANGES = st.lists(
    st.builds(
        RowChange,
        licence_id=st.integers(0, 10**12),
        number=MAYBE,
        place=PLACES,
        changes=st.lists(
            st.builds(FieldChange, field=TEXT, label_vi=TEXT, label_en=TEXT, old=MAYBE, new=MAYBE), max_size=3
        ).map(tuple),
    ),
    max_size=3,
).map(tuple)
REPORTS = st.builds(
    ImportReport,
    file_name=TEXT,
    sha256=TEXT,
    imported_at=st.datetimes(timezones=st.just(UTC)),
    today=st.dates(),
    rows=st.integers(0, 10**9),
    new=st.integers(0, 10**9),
    unchanged=st.integers(0, 10**9),
    set_aside=st.integers(0, 10**9),
    changes=CHANGES,
    added=CHANGES,
    findings=st.lists(
        st.builds(
            Finding, severity=st.sampled_from(Severity), code=TEXT, sheet=MAYBE, row=st.none() | st.integers(1, 99),
            column=MAYBE, field=MAYBE, value=MAYBE, message_vi=TEXT, message_en=TEXT, action_vi=TEXT, action_en=TEXT,
        ),
        max_size=3,
    ).map(tuple),
    problem=st.none() | st.builds(Unreadable, code=TEXT, message_vi=TEXT, message_en=TEXT),
    batch_id=st.none() | st.integers(1, 10**12),
    kind=st.sampled_from(("register", *OFFICE_SUBJECTS)),
    preview=st.booleans(),
    removed=st.integers(0, 10**9),
)  # fmt: skip


@given(REPORTS)
def test_a_report_comes_back_equal(report: ImportReport) -> None:
    again = unpack(pack(report))
    assert again == report
    assert again.batch_id == report.batch_id


def test_ten_thousand_rows_stay_small() -> None:
    place = Place(sheet="Sheet1", row=1)
    facts = tuple(
        FieldChange(field=f"f{n}", label_vi="Sản lượng", label_en="Output", old=None, new=str(n)) for n in range(12)
    )
    rows = tuple(
        RowChange(licence_id=n, number=f"{n}/GP-UBND", place=replace(place, row=n), changes=facts)
        for n in range(10_000)
    )
    report = ImportReport(file_name="a", sha256="b", imported_at=NOW, today=TODAY, new=10_000, added=rows)
    assert len(pack(report)) < 300_000


OUTPUT = ("Số giấy phép", "Năm", "Sản lượng (tấn)")


def test_a_report_outlives_the_process_that_made_it(store: Store, database_url: str) -> None:
    register(store)
    report = bring(import_outputs, store, as_csv(OUTPUT, ("10/GP-UBND", 2021, 5), ("10/GP-UBND", 2022, "x")))
    name = report_name(store, report)
    other = open_store(database_url)
    try:
        with other.session() as session:
            found = find_report(session, name)
            assert report.batch_id
            assert name_of(session, OFFICE_SUBJECTS, report.batch_id) == name
            # the register's first batch has the same number and its own report
            own = name_of(session, ("register",), 1)
            assert own
            assert own != name
            first = find_report(session, own)
    finally:
        other.close()
    assert found == report
    assert first is not None
    assert (first.kind, first.batch_id, first.new) == ("register", 1, 6)


def test_an_import_that_changes_nothing_has_a_report_too(sqlite_store: Store) -> None:
    register(sqlite_store)
    data = as_csv(OUTPUT, ("10/GP-UBND", 2021, 5))
    first = report_name(sqlite_store, bring(import_outputs, sqlite_store, data))
    again = bring(import_outputs, sqlite_store, data)
    assert again.batch_id is None
    name = report_name(sqlite_store, again)
    assert name != first
    with sqlite_store.session() as session:
        assert find_report(session, name) == again
        assert find_report(session, "nope") is None


def test_reports_without_a_batch_make_room_and_those_of_batches_stay(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_reports, "_MOST_LOOSE", 3)
    register(sqlite_store)
    kept = report_name(sqlite_store, bring(import_outputs, sqlite_store, as_csv(OUTPUT, ("10/GP-UBND", 2021, 5))))
    names = []
    for day in range(1, 7):
        at = datetime(2026, 1, day, tzinfo=UTC)
        report = ImportReport(file_name="a", sha256="b", imported_at=at, today=date(2026, 1, day))
        names.append(keep_loose(sqlite_store, report))
    with sqlite_store.session() as session:
        assert [find_report(session, name) is not None for name in names] == [False] * 3 + [True] * 3
        assert find_report(session, kept) is not None


def preview(store: Store, data: bytes, day: int = 1) -> str:
    report = bring(import_outputs, store, data, preview=True)
    report = replace(report, imported_at=datetime(2026, 1, day, tzinfo=UTC))
    return keep_waiting(store, report, Waiting(file_name="sl.csv", given={"kind": "output", "m3": ""}, data=data))


def test_a_previewed_file_waits_for_any_process(store: Store, database_url: str) -> None:
    register(store)
    data = as_csv(OUTPUT, ("10/GP-UBND", 2021, 5))
    name = preview(store, data)
    other = open_store(database_url)
    try:
        with other.session() as session:
            shown = find_preview(session, name)
        assert shown is not None
        assert (shown.preview, shown.new) == (True, 1)
        taken = take_waiting(other, name)
        assert taken == Waiting(file_name="sl.csv", given={"kind": "output", "m3": ""}, data=data)
    finally:
        other.close()
    assert take_waiting(store, name) is None
    with store.session() as session:
        assert find_preview(session, name) is None


def test_waiting_files_make_room(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_reports, "_MOST_WAITING", 2)
    register(sqlite_store)
    names = [preview(sqlite_store, as_csv(OUTPUT, ("10/GP-UBND", 2021, 5)), day) for day in range(1, 5)]
    with sqlite_store.session() as session:
        assert [find_preview(session, name) is not None for name in names] == [False, False, True, True]


def test_a_previewed_file_is_taken_by_one_of_many(store: Store) -> None:
    register(store)
    name = preview(store, as_csv(OUTPUT, ("10/GP-UBND", 2021, 5)))
    got: list[Waiting | None] = []
    start = threading.Barrier(4)

    def take() -> None:
        start.wait()
        got.append(take_waiting(store, name))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is not None for one in got) == [False, False, False, True]
