"""Does undoing an import bring back exactly what was there before it, and never what others built upon?"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports.batches import UndoRefusedError, undo
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import import_prices
from api.imports.weighbridge import import_weighbridge
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from api.store.office_data import list_batches
from tests.api.office import NOW, TODAY, as_csv, bring, everything, register

OUTPUT = ("Số giấy phép", "Năm", "Sản lượng (tấn)")
PRICES = ("Mã", "Tên", "ĐVT", "Giá", "Quyết định", "Hiệu lực từ")
PAID = ("Số giấy phép", "Ngày nộp", "Số chứng từ", "Tiền cấp quyền")
LOADS = ("Trạm cân", "Số phiếu", "Ngày cân", "Biển số", "Số GP", "Khối lượng (kg)")
TABLES: tuple[tuple[Any, tuple[str, ...], tuple[tuple[object, ...], ...], tuple[tuple[object, ...], ...]], ...] = (
    (import_outputs, OUTPUT, (("10/GP-UBND", 2021, 5),), (("10/GP-UBND", 2021, 6), ("10/GP-UBND", 2022, 7))),
    (
        import_prices,
        PRICES,
        (("I10205", "a", "tấn", 5, "1/2020/QĐ-UBND", "01/01/2020"),),
        (("I10205", "a", "tấn", 6, "1/2020/QĐ-UBND", "01/01/2020"), ("I1", "b", "kg", 6, "1/2020/QĐ-UBND", "01/01/2020")),
    ),
    (import_payments, PAID, (("10/GP-UBND", "01/01/2020", "1", 5),), (("10/GP-UBND", "01/01/2020", "1", 6),)),
    (
        import_weighbridge,
        LOADS,
        (("T1", 1, "05/01/2024", "24C-1", "10/GP-UBND", 5), ("T1", 2, "06/01/2024", "24C-1", "13/GP-UBND", 5)),
        (("T1", 1, "01/01/2024", "24C-1", "10/GP-UBND", 5), ("T1", 3, "31/01/2024", "24C-1", "10/GP-UBND", 9)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("importer", "header", "first", "second"), TABLES)
def test_undo_brings_back_the_state_before(
    store: Store, importer: Any, header: tuple[str, ...], first: Any, second: Any
) -> None:
    register(store)
    empty = everything(store)
    one = bring(importer, store, as_csv(header, *first))
    between = everything(store)
    two = bring(importer, store, as_csv(header, *second))
    assert one.batch_id
    assert two.batch_id
    after = everything(store)
    with pytest.raises(UndoRefusedError, match=str(two.batch_id)):
        undo(store, one.batch_id, now=NOW)
    assert everything(store) == after
    undone = undo(store, two.batch_id, now=NOW)
    assert (undone.added, undone.restored) == (two.new, two.changed + two.removed)
    assert everything(store) == between
    undo(store, one.batch_id, now=NOW)
    assert everything(store) == empty
    with pytest.raises(UndoRefusedError, match="already"):
        undo(store, one.batch_id, now=NOW)
    assert bring(importer, store, as_csv(header, *first)).new == one.new


def test_imports_of_other_rows_do_not_stand_in_the_way(sqlite_store: Store) -> None:
    register(sqlite_store)
    one = bring(import_outputs, sqlite_store, as_csv(OUTPUT, ("10/GP-UBND", 2021, 5)))
    bring(import_outputs, sqlite_store, as_csv(OUTPUT, ("10/GP-UBND", 2022, 5)))
    bring(import_payments, sqlite_store, as_csv(PAID, ("10/GP-UBND", "01/01/2020", "1", 5)))
    assert one.batch_id
    undo(sqlite_store, one.batch_id, now=NOW)
    assert [row["year"] for row in everything(sqlite_store)["declared_output"]] == [2022]
    with sqlite_store.session() as session:
        assert [batch.undone_at is not None for batch in list_batches(session)] == [False, False, True]


def test_there_is_no_such_batch(sqlite_store: Store) -> None:
    with pytest.raises(UndoRefusedError, match="batches"):
        undo(sqlite_store, 99, now=NOW)


FILES = st.lists(
    st.tuples(st.integers(2018, 2024), st.integers(0, 3)), min_size=1, max_size=5, unique_by=lambda row: row[0]
)


@settings(max_examples=25)
@given(st.lists(FILES, min_size=1, max_size=6))
def test_undoing_all_imports_in_reverse_passes_through_every_state(files: list[list[tuple[int, int]]]) -> None:
    with _fresh() as store:
        register(store)
        states, batches = [everything(store)], []
        for rows in files:
            report = bring(import_outputs, store, as_csv(OUTPUT, *(("10/GP-UBND", *row) for row in rows)))
            if report.batch_id is None:
                assert everything(store) == states[-1]
                continue
            batches.append(report.batch_id)
            states.append(everything(store))
        for batch in reversed(batches):
            assert everything(store) == states.pop()
            undo(store, batch, now=NOW)
        assert everything(store) == states.pop()


@contextmanager
def _fresh() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        opened = open_store(f"sqlite:///{Path(folder) / 'k.db'}")
        migrate(opened)
        yield opened
        opened.close()


def test_a_preview_of_every_kind_writes_nothing(sqlite_store: Store) -> None:
    register(sqlite_store)
    before = everything(sqlite_store)
    for importer, header, first, _ in TABLES:
        stream = io.BytesIO(as_csv(header, *first))
        report = importer(sqlite_store, stream, file_name="a.csv", now=NOW, today=TODAY, preview=True)
        assert report.new == len(report.added) > 0
        assert report.batch_id is None
    assert everything(sqlite_store) == before
