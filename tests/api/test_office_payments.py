"""Are payments counted once, for the right licence, the fee and late interest apart?"""

from __future__ import annotations

from datetime import date

from api.imports.payments import import_payments
from api.store.engine import Store
from api.store.office_data import all_paid, paid_of, unassigned_payments
from tests.api.office import as_csv, as_xlsx, bring, codes, everything, register

HEADER = ("Số giấy phép", "Người nộp", "Ngày nộp", "Số chứng từ", "Tiền cấp quyền", "Tiền chậm nộp")


def test_principal_and_interest_stay_apart(store: Store) -> None:
    register(store)
    rows = [
        HEADER,
        ("10/GP-UBND", "Công ty TNHH một thành viên A", "15/03/2023", "CT 01", "1.234", "56"),
        ("10/GP-UBND", "", "15/03/2024", "CT 02", "1.000.000.000 đ", ""),
    ]
    report = bring(import_payments, store, as_csv(*rows))
    assert (report.new, report.exit_status) == (3, 0)
    again = bring(import_payments, store, as_csv(*rows))
    assert (again.unchanged, again.batch_id) == (3, None)
    with store.session() as session:
        paid = paid_of(session, 1)
        assert (paid.principal_vnd, paid.interest_vnd) == (1_000_001_234, 56)
        early = paid.until(date(2023, 12, 31))
        assert (early.principal_vnd, early.interest_vnd) == (1234, 56)
        assert [one.document for one in paid.payments] == ["CT 01", "CT 01", "CT 02"]
        assert paid_of(session, 2).payments == ()


def test_one_column_of_sums_with_what_was_paid(sqlite_store: Store) -> None:
    register(sqlite_store)
    data = as_xlsx(
        ["Số GP", "Ngày nộp", "Số chứng từ", "Số tiền", "Nội dung"],
        ["12/GP-BTNMT", date(2023, 3, 15), 77, 500, "Tiền cấp quyền khai thác khoáng sản"],
        ["12/GP-BTNMT", date(2023, 3, 15), 77, 20, "Tiền chậm nộp"],
        ["12/GP-BTNMT", date(2023, 3, 15), 78, 20, "Lệ phí"],
        ["12/GP-BTNMT", date(2023, 3, 15), 79, 20, None],
        ["Cộng", None, None, 560, None],
    )
    report = bring(import_payments, sqlite_store, data, file_name="nop.xlsx")
    assert codes(report) == [(4, "unknown_part"), (4, "part_missing"), (5, "part_missing"), (6, "not_a_row")]
    with sqlite_store.session() as session:
        paid = paid_of(session, 5)
    assert (paid.principal_vnd, paid.interest_vnd) == (500, 20)


def test_what_is_told_about_bad_payments(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [
        HEADER,
        ("10/GP-UBND", "Công ty cổ phần B", "15/03/2023", "1", "5", ""),  # 2: another payer
        ("10/GP-UBND", "", "15/03/2027", "2", "5", ""),  # 3: in the future
        ("10/GP-UBND", "", "31/02/2023", "3", "5", ""),  # 4: no such day
        ("10/GP-UBND", "", "01/02/2023", "", "5", ""),  # 5: no document
        ("10/GP-UBND", "", "01/02/2023", "4", "5,5", ""),  # 6: half a đồng
        ("10/GP-UBND", "", "01/02/2023", "5", "5", ""),  # 7
        ("10/GP-UBND", "", "01/02/2023", "5", "5", ""),  # 8: the same again
        ("10/GP-UBND", "", "01/02/2023", "6", "5", ""),  # 9
        ("10/GP-UBND", "", "01/02/2023", "6", "6", ""),  # 10: contradicts 9
        ("98/GP-UBND", "", "01/02/2023", "7", "6", ""),  # 11: no such licence
    ]
    report = bring(import_payments, sqlite_store, as_csv(*rows))
    assert codes(report) == [
        (2, "other_payer"), (3, "paid_in_future"), (4, "not_a_date"), (5, "missing"), (6, "not_whole_vnd"),
        (8, "row_repeated"), (9, "row_contradicts"), (10, "row_contradicts"), (11, "licence_unknown"),
    ]  # fmt: skip
    with sqlite_store.session() as session:
        assert {key: paid.principal_vnd for key, paid in all_paid(session).items()} == {1: 5}


def test_a_payer_of_several_licences_waits_for_a_licence_and_is_not_counted_twice(sqlite_store: Store) -> None:
    register(sqlite_store)
    alone = as_csv(HEADER, ("", "CTY CP B", "15/03/2023", "CT9", "700", ""))
    report = bring(import_payments, sqlite_store, alone)
    assert codes(report) == [(2, "payment_unassigned")]
    with sqlite_store.session() as session:
        assert [one.amount_vnd for one in unassigned_payments(session)] == [700]
        assert all_paid(session) == {}
    named = as_csv(HEADER, ("11/GP-UBND", "CTY CP B", "15/03/2023", "CT9", "700", ""))
    assert bring(import_payments, sqlite_store, named).changed == 1
    again = bring(import_payments, sqlite_store, alone)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    with sqlite_store.session() as session:
        assert paid_of(session, 2).principal_vnd == 700
        assert unassigned_payments(session) == []
    assert len(everything(sqlite_store)["tax_payment"]) == 1
