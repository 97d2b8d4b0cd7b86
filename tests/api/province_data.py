"""A made-up province: register, declared output, price lists, payments, what was filled in, own rates."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

from api.imports.gaps import import_gaps
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import import_prices
from api.imports.register import import_register
from api.imports.report import ImportReport
from api.province.edits import add_rate
from api.store.engine import Store
from tests.api.office import as_csv

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
YEARS = range(2014, 2026)
LINES = (
    # local name, code of the price list, unit of the list, unit of the output, conversion: bulking, density
    ("Đá làm VLXDTT", "II202", "m3 nở rời", "m3 nở rời", "1.475", ""),
    ("Quặng sắt", "I102", "tấn", "tấn", "", ""),
    ("Sét gạch ngói", "II7", "m3 nở rời", "m3 nguyên khối", "1.3", ""),
)
"""The licences of the province take these in turn."""
_REGISTER = (
    "Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS", "Cơ quan cấp", "Ngày cấp", "Ngày hết hạn", "CS tấn", "CS m3", "TL phép tấn",
    "TL phép m3", "Vùng",
)  # fmt: skip
_OUTPUT = ("Số giấy phép", "Năm", "Từ ngày", "Đến ngày", "Sản lượng nguyên khai", "Đơn vị tính")
_PRICES = ("Mã", "Tên tài nguyên", "Đơn vị tính", "Giá tính thuế", "Quyết định", "Hiệu lực từ", "Hiệu lực đến", "Vùng")
_PAID = ("Số giấy phép", "Ngày nộp", "Số chứng từ", "Tiền gốc")
FACTS = (
    "Số giấy phép",
    "Ngày cấp",
    "Hình thức cấp quyền",
    "Mã bảng giá",
    "Hệ số nở rời",
    "Trữ lượng khai thác trước 2014",
)


def register_rows(count: int) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [_REGISTER]
    for number in range(count):
        name = LINES[number % len(LINES)][0]
        tonnes = "9000000" if name == "Quặng sắt" else ""
        rows.append(
            (f"{number + 1}/GP-UBND", f"Doanh nghiệp {number}", f"Mỏ số {number}", name, "Tỉnh cấp", "05/06/2013",
             "05/06/2043", "", "", tonnes, "" if tonnes else "9000000", "Lào Cai cũ")
        )  # fmt: skip
    return rows


def output_rows(count: int, years: Sequence[int] = YEARS) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [_OUTPUT]
    for number in range(count):
        unit = LINES[number % len(LINES)][3]
        for year in years:
            last = f"30/06/{year}" if year == YEARS[-1] else f"31/12/{year}"
            rows.append((f"{number + 1}/GP-UBND", year, f"01/01/{year}", last, 1000 + 13 * number + year % 7, unit))
    return rows


def price_rows(years: Sequence[int] = YEARS) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [_PRICES]
    for year in years:
        for order, (name, code, unit, *_) in enumerate(LINES):
            price = 60000 + 20000 * order + 1000 * (year - 2014)
            rows.append(
                (code, name, unit, price, f"7/{year - 1}/QĐ-UBND",
                 f"01/01/{year}", f"31/12/{year}", "Lào Cai cũ")
            )  # fmt: skip
    return rows


def paid_rows(count: int) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [_PAID]
    for number in range(count):
        rows.append((f"{number + 1}/GP-UBND", "31/05/2020", f"CT{number}", 20_000_000 + 1000 * number))
    return rows


def fact_rows(count: int) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [FACTS]
    for number in range(count):
        _, code, _, _, bulking, _ = LINES[number % len(LINES)]
        rows.append((f"{number + 1}/GP-UBND", "05/06/2013", "Không đấu giá", code, bulking, "0"))
    return rows


def bring_in(store: Store, count: int) -> list[ImportReport]:
    """Everything a province needs to be settled."""

    def told(rows: Sequence[Sequence[object]]) -> io.BytesIO:
        return io.BytesIO(as_csv(*rows))

    reports = [
        import_register(store, told(register_rows(count)), file_name="so.csv", now=NOW, today=TODAY),
        import_outputs(store, told(output_rows(count)), file_name="san-luong.csv", now=NOW, today=TODAY),
        import_prices(store, told(price_rows()), file_name="gia.csv", now=NOW, today=TODAY),
        import_payments(store, told(paid_rows(count)), file_name="da-nop.csv", now=NOW, today=TODAY),
        import_gaps(store, told(fact_rows(count)), file_name="bo-sung.csv", now=NOW, today=TODAY),
    ]
    rates(store)
    return reports


def rates(store: Store) -> None:
    """The rates of the years the law book does not hold, as an officer enters them (made up)."""
    with store.write() as session:
        for code in ("construction_stone", "iron", "brick_clay"):
            problems = add_rate(
                session,
                key=code,
                valid_from=date(2014, 1, 1),
                valid_until=date(2019, 9, 14),
                rate_percent="3",
                instrument="203/2013/NĐ-CP",
                article="Phụ lục I",
                entered_by="Cán bộ A",
                now=NOW,
            )
            assert not problems
