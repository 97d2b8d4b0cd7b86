"""Does a declaration with a column for each year say the same as one with a row for each year?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports.aliases import product_aliases
from api.imports.batches import undo
from api.imports.office_fields import OUTPUT
from api.imports.outputs import import_outputs
from api.imports.year_columns import year_column
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from api.store.office_data import all_outputs
from tests.api.office import NOW, as_csv, as_xlsx, bring, codes, everything, register

YEARS = tuple(range(2014, 2026))
HEAD = ("Số GP", "Tên đơn vị", "Đơn vị tính")


def read(name: str) -> tuple[str, str, str, str | None] | None:
    aliases = product_aliases(OUTPUT)
    found = year_column(name, OUTPUT.measured, aliases.field, aliases.unit)
    return None if found is None else (found.field, found.first.isoformat(), found.last.isoformat(), found.unit)


@pytest.mark.parametrize(
    ("name", "field", "first", "last", "unit"),
    [
        ("2014", "output", "2014-01-01", "2014-12-31", None),
        ("Năm 2014", "output", "2014-01-01", "2014-12-31", None),
        ("Sản lượng năm 2014 (tấn)", "output", "2014-01-01", "2014-12-31", "tonne"),
        ("Sản lượng (tấn) 2014", "output", "2014-01-01", "2014-12-31", "tonne"),
        ("Sản lượng (m3 nguyên khối) Năm 2020", "output", "2020-01-01", "2020-12-31", "m3_in_situ"),
        ("Sản lượng tiêu thụ 2021", "sold", "2021-01-01", "2021-12-31", None),
        ("Sản lượng tính thuế tài nguyên năm 2021", "tax_output", "2021-01-01", "2021-12-31", None),
        ("6 tháng đầu năm 2025", "output", "2025-01-01", "2025-06-30", None),
        ("SL 6 tháng cuối 2025 (tấn)", "output", "2025-07-01", "2025-12-31", "tonne"),
        ("Đến 30/6/2025", "output", "2025-01-01", "2025-06-30", None),
        ("Sản lượng đến hết ngày 30/06/2025 (tấn)", "output", "2025-01-01", "2025-06-30", "tonne"),
        ("01/07/2025 - 31/12/2025", "output", "2025-07-01", "2025-12-31", None),
        ("Từ ngày 01/7/2025 đến hết 31/12/2025", "output", "2025-07-01", "2025-12-31", None),
    ],
)
def test_a_header_names_a_period_and_a_quantity(name: str, field: str, first: str, last: str, unit: str | None) -> None:
    assert read(name) == (field, first, last, unit)


@pytest.mark.parametrize(
    "name",
    ["Tổng 2014-2024", "Giá năm 2014", "Quyết định 12/2014", "20145", "Mã 2014", "Đến 31/02/2025", "Ghi chú", ""],
)
def test_other_headers_are_no_years(name: str) -> None:
    assert read(name) is None


def stored(store: Store) -> list[dict[str, Any]]:
    place = ("source_sheet", "source_row", "batch_id")
    rows = [
        {name: value for name, value in row.items() if name not in place}
        for row in everything(store)["declared_output"]
    ]
    return sorted(rows, key=repr)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from(("10/GP-UBND", "13/GP-UBND")), st.dictionaries(st.sampled_from(YEARS[:-1]), st.integers(0, 10**7), min_size=1), min_size=1))  # fmt: skip
def test_both_layouts_store_the_same(told: dict[str, dict[int, int]]) -> None:
    years = sorted({year for amounts in told.values() for year in amounts} | {2014, 2015})
    wide = as_csv((*HEAD, *years), *((number, "", "tấn", *(amounts.get(year, "") for year in years)) for number, amounts in told.items()))  # fmt: skip
    long = as_csv(("Số GP", "Năm", "Đơn vị tính", "Sản lượng"), *((number, year, "tấn", amount) for number, amounts in told.items() for year, amount in amounts.items()))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for name, data in (("wide", wide), ("long", long)):
            store = open_store(f"sqlite:///{Path(folder) / name}.db")
            migrate(store)
            register(store)
            report = bring(import_outputs, store, data)
            assert report.new == report.rows == sum(map(len, told.values()))
            found.append(stored(store))
            again = bring(import_outputs, store, data)
            assert (again.new, again.changed, again.batch_id) == (0, 0, None)
            store.close()
        assert found[0] == found[1]


def test_a_sheet_as_offices_keep_it(store: Store) -> None:
    register(store)
    empty = everything(store)
    data = as_xlsx(
        ("BẢNG SẢN LƯỢNG CÁC NĂM",),
        ("Số GP", "Tên đơn vị", "Sản lượng (tấn)", None, None, "Ghi chú"),
        (None, None, 2019, "Năm 2020", "6 tháng đầu năm 2025", None),
        (1, 2, 3, 4, 5, 6),
        ("10/GP-UBND", "Công ty TNHH MTV A", 100, 0, "50,5", "đã kiểm tra"),
        ("13/GP-UBND", "Công ty cổ phần B", "-", "1.250", "mười", None),
        ("99/GP-UBND", "Không có", 1, 2, 3, None),
        ("Tổng cộng", None, 100, 0, 50.5, None),
        merge=("C2:E2",),
    )
    preview = bring(import_outputs, store, data, preview=True)
    assert everything(store) == empty
    report = bring(import_outputs, store, data)
    assert report.added == preview.added
    assert (report.rows, report.new, report.set_aside) == (9, 3, 1)
    told = codes(report)
    assert (2, "columns_are_years") in told
    assert (6, "ambiguous_number") in told
    assert (6, "not_a_number") in told
    assert told.count((7, "licence_unknown")) == 1
    places = {one.column for one in report.findings if one.code == "not_a_number"}
    assert places == {"Sản lượng (tấn) 6 tháng đầu năm 2025"}
    with store.session() as session:
        rows = all_outputs(session)[1]
    assert [(row.year, str(row.output), row.unit.value, row.ends_on.month) for row in rows] == [
        (2019, "100", "tonne", 12), (2020, "0", "tonne", 12), (2025, "50.5", "tonne", 6),
    ]  # fmt: skip
    assert report.batch_id
    undo(store, report.batch_id, now=NOW)
    assert everything(store) == empty


def test_several_quantities_of_a_year_make_one_row(sqlite_store: Store) -> None:
    register(sqlite_store)
    head = ("Số GP", "Sản lượng 2020 (tấn)", "Tiêu thụ 2020 (tấn)", "Sản lượng 2021 (tấn)", "Tiêu thụ 2021 (tấn)")
    report = bring(import_outputs, sqlite_store, as_csv(head, ("10/GP-UBND", 5, 4, 7, "")))
    assert report.new == 2
    with sqlite_store.session() as session:
        rows = all_outputs(session)[1]
    assert [(row.year, row.output, row.sold) for row in rows] == [(2020, 5, 4), (2021, 7, None)]


def test_a_unit_that_no_header_and_no_column_names_is_asked_for(sqlite_store: Store) -> None:
    register(sqlite_store)
    report = bring(
        import_outputs, sqlite_store, as_csv(("Số GP", "Tên đơn vị", "2020", "2021"), ("10/GP-UBND", "", 5, 6))
    )
    assert codes(report).count((2, "unit_missing")) == 1
    assert report.new == 0


def test_a_column_of_years_keeps_the_long_layout(sqlite_store: Store) -> None:
    register(sqlite_store)
    head = ("Số GP", "Năm", "Sản lượng (tấn)", "Sản lượng 2019", "Sản lượng 2020")
    report = bring(import_outputs, sqlite_store, as_csv(head, ("10/GP-UBND", 2021, 5, 1, 2)))
    assert report.new == 1
    assert codes(report).count((1, "unknown_column")) == 2
