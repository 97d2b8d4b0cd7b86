"""Do declarations of output come in as offices write them: whole, once, with every doubt named?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from api.imports.outputs import import_outputs
from api.store.engine import Store
from api.store.office_data import all_outputs, list_batches, outputs_of
from rules.quantity import Unit
from tests.api.office import as_csv, as_xlsx, bring, codes, everything, register

HEADER = ("Số giấy phép", "Năm", "Sản lượng (tấn)")


def test_yearly_outputs_of_a_licence(store: Store) -> None:
    register(store)
    report = bring(
        import_outputs, store, as_csv(HEADER, ("10/GP-UBND", 2021, "900,5"), ("010/GP-UBND", "Năm 2022", "0"))
    )
    assert (report.new, report.exit_status) == (2, 0)
    with store.session() as session:
        first, second = outputs_of(session, 1)
        assert all_outputs(session) == {1: (first, second)}
        assert outputs_of(session, 2) == ()
    assert (first.year, first.output, first.unit, first.mineral_code) == (
        2021,
        Decimal("900.5"),
        Unit.TONNE,
        "white_marble",
    )
    assert (first.starts_on, first.ends_on) == (date(2021, 1, 1), date(2021, 12, 31))
    assert second.output == 0


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    register(store)
    data = as_csv(HEADER, ("10/GP-UBND", 2021, "900"), ("10/GP-UBND", 2022, "800"))
    first = bring(import_outputs, store, data)
    before = everything(store)
    again = bring(import_outputs, store, data)
    assert (again.new, again.unchanged, again.changed, again.batch_id) == (0, 2, 0, None)
    assert again.findings == first.findings
    assert everything(store) == before
    with store.session() as session:
        assert len(list_batches(session)) == 1


def test_a_preview_shows_the_change_and_writes_nothing(store: Store) -> None:
    register(store)
    bring(import_outputs, store, as_csv(HEADER, ("10/GP-UBND", 2021, "900")))
    before = everything(store)
    report = bring(
        import_outputs, store, as_csv(HEADER, ("10/GP-UBND", 2021, "950"), ("10/GP-UBND", 2022, "1")), preview=True
    )
    assert [(one.field, one.old, one.new) for one in report.changes[0].changes] == [("output", "900", "950")]
    assert [one.number for one in report.added] == ["10/GP-UBND · 2022"]
    assert report.batch_id is None
    assert everything(store) == before


def test_columns_a_file_does_not_have_stay_as_they_are(sqlite_store: Store) -> None:
    register(sqlite_store)
    bring(import_outputs, sqlite_store, as_csv((*HEADER, "Hàm lượng"), ("10/GP-UBND", 2021, "900", "33,5")))
    tax = as_csv(("Số giấy phép", "Năm", "Sản lượng tính thuế (tấn)"), ("10/GP-UBND", 2021, "500"))
    assert bring(import_outputs, sqlite_store, tax).changed == 1
    with sqlite_store.session() as session:
        (one,) = outputs_of(session, 1)
    assert (one.output, one.tax_output, one.grade) == (900, 500, Decimal("33.5"))


def test_form_05_keeps_product_and_raw_output(sqlite_store: Store) -> None:
    header = ("Số giấy phép", "Năm", "Sản lượng khoáng sản đã khai thác", "Đơn vị sản phẩm",
              "Sản lượng quy đổi ra khoáng sản nguyên khai", "Đơn vị tính")  # fmt: skip
    register(sqlite_store)
    bring(import_outputs, sqlite_store, as_csv(header, ("13/GP-UBND", 2021, "100", "tấn", "250", "tấn")))
    alone = as_csv(
        ("Số giấy phép", "Năm", "Sản lượng khoáng sản đã khai thác", "ĐVT"), ("13/GP-UBND", 2022, "70", "tấn")
    )
    bring(import_outputs, sqlite_store, alone)
    with sqlite_store.session() as session:
        first, second = outputs_of(session, 6)
    assert (first.output, first.product_output, first.product_unit) == (250, 100, Unit.TONNE)
    assert (second.output, second.product_output) == (70, None)


@pytest.mark.parametrize(
    ("written", "m3", "unit"),
    [
        ("tấn", None, Unit.TONNE),
        ("kg", None, Unit.KG),
        ("m³ nguyên khối", None, Unit.M3_IN_SITU),
        ("m3 nở rời", None, Unit.M3_LOOSE),
        ("m3", Unit.M3_LOOSE, Unit.M3_LOOSE),
        ("M3", Unit.M3_IN_SITU, Unit.M3_IN_SITU),
        ("m3", None, None),
        ("xe", None, None),
        ("", None, None),
    ],
)
def test_units(sqlite_store: Store, written: str, m3: Unit | None, unit: Unit | None) -> None:
    register(sqlite_store)
    data = as_csv(("Số GP", "Năm", "Sản lượng", "ĐVT"), ("11/GP-UBND", 2021, "900", written))
    report = bring(import_outputs, sqlite_store, data, m3=m3)
    with sqlite_store.session() as session:
        assert [one.unit for one in outputs_of(session, 2)] == ([unit] if unit else [])
    assert report.exit_status == (0 if unit else 1)


def test_m3_of_water_is_water(sqlite_store: Store) -> None:
    register(sqlite_store)
    bring(import_outputs, sqlite_store, as_csv(("Số GP", "Năm", "Sản lượng (m3)"), ("12/GP-BTNMT", 2021, "900")))
    with sqlite_store.session() as session:
        assert [one.unit for one in outputs_of(session, 5)] == [Unit.M3_WATER]


def test_what_is_told_about_bad_rows(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [
        HEADER,
        ("99/GP-UBND", 2021, "1"),  # 2: no such licence
        ("211/GP-UBND", 2021, "1"),  # 3: two licences
        ("10/GP-UBND", 2021, "-5"),  # 4: negative
        ("10/GP-UBND", "hai nghìn", "5"),  # 5: no year
        ("10/GP-UBND", 2030, "5"),  # 6: future
        ("10/GP-UBND", 2009, "5"),  # 7: before the licence
        ("10/GP-UBND", 2012, "4996"),  # 8: with 7 above the reserve
        ("10/GP-UBND", 2013, "1.234"),  # 9: may be two things
        ("10/GP-UBND", 2014, "1,234,567"),  # 10
        ("10/GP-UBND", 2015, "1.234.567"),  # 11
        ("10/GP-UBND", 2016, "#REF!"),  # 12
        ("10/GP-UBND", 2025, "5"),  # 13: holds the cut-off
    ]
    report = bring(import_outputs, sqlite_store, as_csv(*rows))
    assert codes(report) == [
        (2, "licence_unknown"), (3, "licence_several"),
        (4, "number_out_of_range"), (4, "nothing_told"), (5, "not_a_year"), (5, "period_broken"), (6, "period_future"),
        (7, "before_licence"), (8, "year_missing"), (8, "above_reserve"), (9, "ambiguous_number"), (9, "nothing_told"), (12, "excel_error"), (12, "nothing_told"),
        (13, "cutoff_inside"),
    ]  # fmt: skip
    for one in report.findings:
        assert all((one.message_vi, one.message_en, one.action_vi, one.action_en))
    with sqlite_store.session() as session:
        assert {one.year: one.output for one in outputs_of(session, 1)} == {
            2009: 5, 2012: 4996, 2014: 1234567, 2015: 1234567, 2025: 5,
        }  # fmt: skip


def test_the_same_year_twice(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [
        ("10/GP-UBND", 2021, "7"),
        ("10/GP-UBND", 2021, "7,0"),
        ("13/GP-UBND", 2021, "1"),
        ("13/GP-UBND", 2021, "2"),
    ]
    report = bring(import_outputs, sqlite_store, as_csv(HEADER, *rows))
    assert codes(report) == [(3, "row_repeated"), (4, "row_contradicts"), (5, "row_contradicts")]
    with sqlite_store.session() as session:
        assert set(all_outputs(session)) == {1}


def test_halves_of_a_year_meet_and_do_not_overlap(sqlite_store: Store) -> None:
    register(sqlite_store)
    header = (*HEADER, "Từ ngày", "Đến ngày")
    halves = [("10/GP-UBND", 2025, "3", "", "30/06/2025"), ("10/GP-UBND", 2025, "4", "01/07/2025", "")]
    assert bring(import_outputs, sqlite_store, as_csv(header, *halves)).exit_status == 0
    third = bring(import_outputs, sqlite_store, as_csv(header, ("10/GP-UBND", 2025, "4", "01/06/2025", "30/06/2025")))
    assert codes(third) == [(2, "period_overlaps")]
    across = bring(import_outputs, sqlite_store, as_csv(header, ("10/GP-UBND", 2024, "4", "01/06/2024", "30/06/2025")))
    assert codes(across) == [(2, "period_broken")]
    with sqlite_store.session() as session:
        assert [one.ends_on.month for one in outputs_of(session, 1)] == [6, 12]


def test_a_shared_number_is_told_apart_by_date_holder_or_mine(sqlite_store: Store) -> None:
    register(sqlite_store)
    header = ("Số GP", "Ngày cấp", "Tên đơn vị", "Tên mỏ", "Năm", "Sản lượng (kg)")
    rows = [
        ("211/GP-UBND", "30/06/2012", "", "", 2020, 1),
        ("211/GP-UBND ngày 09/06/2006", "", "", "", 2020, 2),
        ("211/GP-UBND", "", "hộ d", "", 2021, 3),
        ("211/GP-UBND", "", "", "Mỏ sét C", 2021, 4),
        ("", "", "Cty TNHH một thành viên A", "", 2021, 5),
    ]
    assert bring(import_outputs, sqlite_store, as_csv(header, *rows)).new == 5
    with sqlite_store.session() as session:
        found = {key: [int(one.output or 0) for one in rows] for key, rows in all_outputs(session).items()}
    assert found == {1: [5], 3: [2, 4], 4: [1, 3]}


def test_excel_with_titles_merged_licences_and_totals(sqlite_store: Store) -> None:
    register(sqlite_store)
    data = as_xlsx(
        ["BẢN KÊ KHAI SẢN LƯỢNG"],
        ["STT", "Giấy phép khai thác", "Năm", "Sản lượng nguyên khai (tấn)", "Sản lượng tiêu thụ (tấn)"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["I", "Khu vực Yên Bái"],
        [1, "10/GP-UBND", 2021, 900, 850.5],
        [2, None, 2022, "950", None],
        [3, None, 2023, 1000, 7],
        ["Tổng cộng", None, None, 2850, 857.5],
        merge=["B5:B7"],
    )
    report = bring(import_outputs, sqlite_store, data, file_name="sl.xlsx")
    assert (report.new, report.set_aside) == (3, 2)
    with sqlite_store.session() as session:
        assert [(one.year, one.output, one.sold) for one in outputs_of(session, 1)] == [
            (2021, 900, Decimal("850.5")), (2022, 950, None), (2023, 1000, 7),
        ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"x,y\n1,2\n", b"\xff\xfea", b"PK\x03\x04nonsense"])
def test_unreadable_files_leave_the_store_alone(sqlite_store: Store, data: bytes) -> None:
    report = bring(import_outputs, sqlite_store, data)
    assert report.exit_status == 2
    assert report.problem is not None
