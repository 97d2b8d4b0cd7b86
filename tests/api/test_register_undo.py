"""Does undoing an import of a register bring back the register as it was, and never take away what others build upon?"""

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
from sqlmodel import Session, col, select

from api.imports.aliases import set_mineral
from api.imports.batches import UndoRefusedError, undo
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.register import import_register
from api.imports.register_undo import undo_register
from api.imports.remap import remap_minerals
from api.imports.report import ImportReport
from api.store.engine import Store, open_store
from api.store.licences import list_register_batches
from api.store.migrate import migrate
from api.store.models import Licence
from api.store.office import TaxPayment, WeighedMonth
from api.store.province import LicenceFacts, SettlementResult, SettlementRun, WorklistItem
from tests.api.office import NOW, TODAY, as_csv, bring

HEADER = ("Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS", "Ngày cấp", "CS tấn")
OUTPUT = ("Số giấy phép", "Năm", "Sản lượng (tấn)")


def register(store: Store, *rows: tuple[object, ...], preview: bool = False) -> ImportReport:
    stream = io.BytesIO(as_csv(HEADER, *rows))
    return import_register(store, stream, file_name="so.csv", now=NOW, today=TODAY, preview=preview)


def row(number: int, capacity: int, mineral: str = "Quặng sắt") -> tuple[object, ...]:
    return (f"{number}/GP-UBND", f"Công ty {number}", f"Mỏ {number}", mineral, "01/02/2020", capacity)


def licences(store: Store) -> list[dict[str, Any]]:
    with store.session() as session:
        return [one.model_dump() for one in session.exec(select(Licence).order_by(col(Licence.id))).all()]


def test_the_register_comes_back_as_it_was(store: Store) -> None:
    one = register(store, row(1, 100), row(2, 200))
    between = licences(store)
    two = register(store, row(1, 150), row(2, 200), row(3, 300))
    assert (two.new, two.changed, two.unchanged) == (1, 1, 1)
    assert one.batch_id
    assert two.batch_id
    after = licences(store)
    with pytest.raises(UndoRefusedError, match=rf"\({two.batch_id}\)"):
        undo_register(store, one.batch_id, now=NOW)
    assert licences(store) == after
    undone = undo_register(store, two.batch_id, now=NOW)
    assert (undone.kind, undone.added, undone.restored) == ("register", 1, 1)
    assert licences(store) == between
    with pytest.raises(UndoRefusedError, match="already"):
        undo_register(store, two.batch_id, now=NOW)
    assert licences(store) == between
    again = register(store, row(1, 150), row(2, 200), row(3, 300))
    assert (again.new, again.changed, again.unchanged) == (1, 1, 1)
    assert again.batch_id
    undo_register(store, again.batch_id, now=NOW)
    undo_register(store, one.batch_id, now=NOW)
    assert licences(store) == []
    with store.session() as session:
        assert all(batch.undone_at == NOW for batch in list_register_batches(session))


def _facts(session: Session) -> None:
    session.add(LicenceFacts(licence_id=1, price_code="I1", source_row=1))


def _item(session: Session) -> None:
    session.add(WorklistItem(licence_id=1, owner="A", updated_at=NOW))


@pytest.mark.parametrize(("hang", "named"), [(_facts, "thông tin bổ sung"), (_item, "phân công")])
def test_what_hangs_on_a_new_licence_is_named_and_nothing_is_undone(store: Store, hang: Any, named: str) -> None:
    batch = register(store, row(1, 100), row(2, 100)).batch_id
    assert batch
    with store.write() as session:
        hang(session)
    before = licences(store)
    with pytest.raises(UndoRefusedError, match=named) as refused:
        undo_register(store, batch, now=NOW)
    assert "1 giấy phép" in refused.value.reason.vi
    assert licences(store) == before


def test_a_settlement_result_keeps_its_licence_for_good(store: Store) -> None:
    batch = register(store, row(1, 100)).batch_id
    with store.write() as session:
        run = SettlementRun(started_at=NOW, dated=TODAY, law_digest="x")
        session.add(run)
        session.flush()
        assert run.id
        told: dict[str, Any] = {"ok": True, "cases": {}, "result": {}, "law_digest": "x", "case_sha256": "x"}
        session.add(SettlementResult(licence_id=1, run_id=run.id, computed_at=NOW, **told))
    assert batch
    with pytest.raises(UndoRefusedError, match="kết quả quyết toán") as refused:
        undo_register(store, batch, now=NOW)
    assert "nhập lại sổ đúng" in refused.value.reason.vi
    assert len(licences(store)) == 1


def test_imports_that_hang_on_it_are_undone_first(store: Store) -> None:
    batch = register(store, row(1, 100), row(2, 100)).batch_id
    output = bring(import_outputs, store, as_csv(OUTPUT, ("2/GP-UBND", 2021, 5))).batch_id
    paid = as_csv(("Số giấy phép", "Ngày nộp", "Số chứng từ", "Tiền cấp quyền"), ("1/GP-UBND", "01/01/2021", "1", 5))
    payment = bring(import_payments, store, paid).batch_id
    assert batch
    assert output
    assert payment
    with pytest.raises(UndoRefusedError) as refused:
        undo_register(store, batch, now=NOW)
    assert "sản lượng kê khai, khoản nộp" in refused.value.reason.vi
    assert "declared output, payments" in refused.value.reason.en
    undo(store, output, now=NOW)
    undo(store, payment, now=NOW)
    undo_register(store, batch, now=NOW)
    assert licences(store) == []


def test_what_hangs_on_a_changed_licence_stays(store: Store) -> None:
    register(store, row(1, 100))
    batch = register(store, row(1, 150)).batch_id
    bring(import_outputs, store, as_csv(OUTPUT, ("1/GP-UBND", 2021, 5)))
    assert batch
    undo_register(store, batch, now=NOW)
    assert [one["capacity_tonne"] for one in licences(store)] == ["100"]


def test_a_mineral_mapped_since_then_stays_mapped(sqlite_store: Store) -> None:
    store = sqlite_store
    register(store, row(1, 100, "Đá lạ"))
    batch = register(store, row(1, 150, "Đá lạ")).batch_id
    with store.write() as session:
        set_mineral(session, "Đá lạ", "construction_stone")
        remap_minerals(session, now=NOW)
    assert batch
    undo_register(store, batch, now=NOW)
    (one,) = licences(store)
    assert (one["capacity_tonne"], one["mineral_code"]) == ("100", "construction_stone")
    assert "mineral_code" not in {gap["field"] for gap in one["gaps"]}


def test_a_preview_of_a_register_writes_nothing(store: Store) -> None:
    register(store, row(1, 100))
    before = licences(store)
    told = register(store, row(1, 150), row(2, 5), preview=True)
    assert (told.new, told.changed, told.batch_id, told.preview) == (1, 1, None, True)
    assert licences(store) == before


def test_there_is_no_such_import(sqlite_store: Store) -> None:
    with pytest.raises(UndoRefusedError, match="no register import 99"):
        undo_register(sqlite_store, 99, now=NOW)


def test_every_table_that_refers_to_a_licence_is_looked_at() -> None:
    from api.imports.register_undo import _references

    looked_at = {column.table.name for column in _references()}
    assert {"declared_output", "tax_payment", "weighed_month", "licence_facts", "worklist_item"} <= looked_at
    assert {"settlement_result", "ledger_entry"} <= looked_at
    assert TaxPayment.__tablename__ in looked_at
    assert WeighedMonth.__tablename__ in looked_at


FILES = st.lists(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=4, unique_by=lambda one: one[0]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25)
@given(FILES)
def test_undoing_all_imports_in_reverse_passes_through_every_state(files: list[list[tuple[int, int]]]) -> None:
    with _fresh() as store:
        states, batches = [licences(store)], []
        for rows in files:
            report = register(store, *(row(number, capacity) for number, capacity in rows))
            if report.batch_id is None:
                assert licences(store) == states[-1]
                continue
            batches.append(report.batch_id)
            states.append(licences(store))
        for batch in reversed(batches):
            assert licences(store) == states.pop()
            undo_register(store, batch, now=NOW)
        assert licences(store) == states.pop() == []


@contextmanager
def _fresh() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        opened = open_store(f"sqlite:///{Path(folder) / 'k.db'}")
        migrate(opened)
        yield opened
        opened.close()
