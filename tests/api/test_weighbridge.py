"""Are loads added up rightly, repeated tickets counted once, and ten million of them in time and memory?"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.imports.aliases import product_aliases
from api.imports.batches import undo
from api.imports.headers import find_reading
from api.imports.load_records import read_loads
from api.imports.office_fields import WEIGHED
from api.imports.tables import CsvReading, tables
from api.imports.weighbridge import import_weighbridge
from api.imports.weighing import Weighing, weigh
from api.store.engine import Store
from api.store.office_data import all_weighed, weighed_of
from tests.api.office import NOW, TODAY, as_csv, as_xlsx, bring, codes, everything, register

HEADER = (
    "Trạm cân",
    "Số phiếu cân",
    "Thời gian cân",
    "Biển số xe",
    "Số giấy phép",
    "Khoáng sản",
    "Khối lượng hàng (kg)",
)


def load(ticket: object, moment: str = "05/01/2024 08:30:00", number: str = "10/GP-UBND", kg: object = 20_000,
         scale: str = "T1", mineral: str = "", plate: str = "24C-123.45") -> tuple[object, ...]:  # fmt: skip
    return (scale, ticket, moment, plate, number, mineral, kg)


def test_loads_become_monthly_sums(store: Store) -> None:
    register(store)
    data = as_csv(
        HEADER,
        load(1),
        load(2, "2024-01-31T23:59:59", kg="25.340"),
        load(3, "1-2-2024", kg="18500,5"),
        load(4, number="11/GP-UBND", mineral="đá vôi VLXDTT"),
        load(5, number="211/GP-UBND ngày 30/06/2012", scale="T2"),
        [""] * 7,
    )
    report = bring(import_weighbridge, store, data)
    assert (report.rows, report.new, report.exit_status) == (5, 4, 0)
    assert {row["covers_to"] for row in everything(store)["weighed_month"] if row["licence_id"] == 1} == {
        date(2024, 1, 31), date(2024, 2, 1),
    }  # fmt: skip
    with store.session() as session:
        first, second = weighed_of(session, 1)
        assert (first.month, first.loads, first.tonnes) == (date(2024, 1, 1), 2, Decimal("45.34"))
        assert (second.month, second.loads, second.tonnes) == (date(2024, 2, 1), 1, Decimal("18.5"))
        assert {key: rows[0].mineral_code for key, rows in all_weighed(session).items()} == {
            1: "white_marble", 2: "construction_stone", 4: "brick_clay",
        }  # fmt: skip
    again = bring(import_weighbridge, store, data)
    assert (again.new, again.changed, again.unchanged, again.batch_id) == (0, 0, 4, None)


def test_repeated_tickets_count_once_and_numbers_used_again_are_told(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [load(1), load(" 1 ", kg=30_000), load(1, scale="T2"), load(1, "06/01/2024")]
    report = bring(import_weighbridge, sqlite_store, as_csv(HEADER, *rows))
    assert codes(report) == [(None, "tickets_reused"), (3, "load_repeated")]
    assert report.set_aside == 1
    with sqlite_store.session() as session:
        assert [(one.loads, one.tonnes) for one in weighed_of(session, 1)] == [(3, 60)]


def test_without_tickets_the_moment_and_the_plate_tell_loads_apart(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [load(""), load(""), load("", plate="24C-999.99"), load("", "05/01/2024 08:30:01")]
    bring(import_weighbridge, sqlite_store, as_csv(HEADER, *rows))
    with sqlite_store.session() as session:
        assert [one.loads for one in weighed_of(session, 1)] == [3]


def test_tonnes_in_the_header(sqlite_store: Store) -> None:
    register(sqlite_store)
    data = as_csv(("Số phiếu", "Ngày cân", "Số GP", "Trọng lượng (tấn)"), (1, "05/01/2024", "10/GP-UBND", "25.340"),
                  (2, "05/01/2024", "10/GP-UBND", "25,34"))  # fmt: skip
    bring(import_weighbridge, sqlite_store, data)
    with sqlite_store.session() as session:
        assert [one.tonnes for one in weighed_of(session, 1)] == [Decimal("50.68")]


def test_what_is_told_about_bad_loads(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [
        load(1, "31/02/2024"), load(2, kg="nặng"), load(3, kg="-5"), load(4, kg=600_000), load(5, "03/03/2026"), load(6, ""),
        load(7, number="77/GP-UBND"), load(8, number="77/GP-UBND"), load(9, mineral="đá lạ"), load(10, number="211/GP-UBND"),
    ]  # fmt: skip
    report = bring(import_weighbridge, sqlite_store, as_csv(HEADER, *rows))
    assert codes(report) == [
        (None, "loads_without_licence"), (None, "loads_without_mineral"), (None, "loads_without_licence"),
        (2, "load_unreadable"), (3, "load_unreadable"), (4, "load_unreadable"), (5, "load_unreadable"),
        (6, "load_in_future"), (7, "load_unreadable"),
    ]  # fmt: skip
    told = next(one for one in report.findings if one.value == "77/GP-UBND")
    assert "2 lượt (40 tấn)" in told.message_vi
    assert everything(sqlite_store)["weighed_month"] == []


def test_a_hundred_bad_loads_are_listed_and_the_rest_counted(sqlite_store: Store) -> None:
    register(sqlite_store)
    report = bring(import_weighbridge, sqlite_store, as_csv(HEADER, *(load(1, kg="x") for _ in range(250))))
    assert report.by_code() == {"load_unreadable": 100, "loads_beyond": 1}
    assert any("150" in one.message_vi for one in report.findings)


def test_days_meet_are_replaced_or_refused_never_counted_twice(sqlite_store: Store) -> None:
    register(sqlite_store)

    def month(*days: int, kg: int = 10_000) -> bytes:
        return as_csv(HEADER, *(load(day, f"{day:02d}/01/2024", kg=kg) for day in days))

    def tonnes() -> Decimal:
        with sqlite_store.session() as session:
            return sum((one.tonnes for one in weighed_of(session, 1)), Decimal(0))

    assert bring(import_weighbridge, sqlite_store, month(1, 10)).new == 1
    assert bring(import_weighbridge, sqlite_store, month(11, 20)).new == 1
    assert tonnes() == 40
    part = bring(import_weighbridge, sqlite_store, month(5, 25))
    assert (codes(part), part.batch_id) == ([(None, "loads_overlap")], None)
    inside = bring(import_weighbridge, sqlite_store, month(2, 3))
    assert codes(inside) == [(None, "loads_overlap")]
    whole = bring(import_weighbridge, sqlite_store, month(1, 10, 11, 20, 31, kg=9_000))
    assert (whole.changed, whole.removed) == (1, 1)
    assert tonnes() == 45


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "broken_excel"),
        (as_csv(("Số GP", "Ngày cân", "Biển số")), "no_header"),
        (as_csv(HEADER, *(load(1, number=f"{index}/GP") for index in range(200_001))), "too_many_groups"),
        (as_csv(HEADER, load(1)) + b"\xff", "not_utf8"),
    ],
)
def test_unreadable_files(sqlite_store: Store, data: bytes, code: str) -> None:
    report = bring(import_weighbridge, sqlite_store, data)
    assert report.problem is not None
    assert report.problem.code == code


def summed(path: Path) -> Weighing:
    with path.open("rb") as stream:
        found = find_reading(next(tables(stream, max_unpacked_bytes=1)), product_aliases(WEIGHED))
        assert found is not None
        header, reading = found
        assert isinstance(reading, CsvReading)
        return weigh(reading.records(), header, scale="", today=TODAY)


LOADS = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2"]),
        st.integers(1, 4).map(str),
        st.integers(0, 70),
        st.sampled_from(["10/GP-UBND", "11/GP-UBND"]),
        st.integers(1, 40_000),
    ),
    max_size=40,
)


@given(LOADS)
def test_sums_agree_with_adding_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, loads: list[tuple[str, str, int, str, int]]
) -> None:
    file = tmp_path_factory.mktemp("can") / "can.csv"
    days = [(date(2024, 1, 1) + timedelta(day)) for _, _, day, _, _ in loads]
    rows = [load(ticket, f"{day:%d/%m/%Y} 08:00", number, kg, scale)
            for (scale, ticket, _, number, kg), day in zip(loads, days, strict=True)]  # fmt: skip
    file.write_bytes(as_csv(HEADER, *rows))
    seen: set[tuple[str, str, date]] = set()
    expected: defaultdict[tuple[str, str, date], list[int]] = defaultdict(lambda: [0, 0])
    for (scale, ticket, _, number, kg), day in zip(loads, days, strict=True):
        if (scale, ticket, day) not in seen:
            seen.add((scale, ticket, day))
            total = expected[scale, number, day.replace(day=1)]
            total[0] += 1
            total[1] += kg
    result = summed(file)
    assert {(one.scale, one.number, one.month): [one.loads, one.weight_kg] for one in result.sums} == expected
    assert (result.rows, result.loads) == (len(loads), len(seen))
    assert result.repeated_count == len(loads) - len(seen)


HALF_PAST_SEVEN = datetime(2024, 1, 5, 7, 30)  # noqa: DTZ001 - Excel has no zones
SHEET = ("Trạm cân", "Số phiếu", "Thời gian cân", "Biển số", "Số GP", "Khối lượng (tấn)")


def sheets_of_loads(*sheets: tuple[str, list[tuple[object, ...]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_loads_of_several_sheets_are_one_file(store: Store) -> None:
    register(store)
    empty = everything(store)
    data = sheets_of_loads(
        ("Tháng 1", [
            ("SỔ THEO DÕI CÂN",), SHEET,
            ("T1", 1, HALF_PAST_SEVEN, "24C-1", "10/GP-UBND", 25.345), (),
            ("T1", 2, date(2024, 1, 31), "24C-1", "10/GP-UBND", "20"), ("T1", 3, "hôm qua", "24C-1", "10/GP-UBND", 20),
        ]),
        ("Tháng 2", [
            (*SHEET[1:3], SHEET[0], *SHEET[3:]), (4, "06/02/2024 10:00", "T1", "24C-1", "10/GP-UBND", 20),
            (1, HALF_PAST_SEVEN, "T1", "24C-1", "10/GP-UBND", 25.345),
        ]),
        ("Ghi chú", [("không có số cân",)]),
    )  # fmt: skip
    preview = bring(import_weighbridge, store, data, preview=True)
    assert everything(store) == empty
    report = bring(import_weighbridge, store, data)
    assert report.added == preview.added
    assert (report.rows, report.set_aside, report.new) == (5, 2, 2)
    places = {(one.code, one.sheet, one.row) for one in report.findings}
    assert places == {
        ("sheet_without_header", "Ghi chú", None), ("load_unreadable", "Tháng 1", 6), ("load_repeated", "Tháng 2", 3),
    }  # fmt: skip
    with store.session() as session:
        months = [(one.month, one.loads, one.tonnes) for one in weighed_of(session, 1)]
    assert months == [(date(2024, 1, 1), 2, Decimal("45.345")), (date(2024, 2, 1), 1, Decimal(20))]
    again = bring(import_weighbridge, store, data)
    assert (again.new, again.changed, again.removed, again.batch_id) == (0, 0, 0, None)
    assert report.batch_id
    undo(store, report.batch_id, now=NOW)
    assert everything(store) == empty


def test_sheets_with_other_columns_are_refused(sqlite_store: Store) -> None:
    register(sqlite_store)
    in_kilograms = (*SHEET[:5], "Khối lượng (kg)")
    data = sheets_of_loads(("A", [SHEET]), ("B", [in_kilograms]))
    report = bring(import_weighbridge, sqlite_store, data)
    assert report.problem is not None
    assert report.problem.code == "sheets_differ"
    assert "«A» và «B»" in report.problem.message_vi


ONE_LOAD = st.tuples(
    st.sampled_from(("T1", "T2")), st.integers(1, 9), st.dates(date(2023, 11, 1), date(2024, 3, 31)),
    st.just("24C-1"), st.sampled_from(("10/GP-UBND", "13/GP-UBND", "99/GP-UBND")), st.integers(1, 60_000).map(lambda kg: Decimal(kg) / 1000),
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(ONE_LOAD, min_size=1, max_size=12))
def test_excel_and_csv_come_to_the_same(loads: list[tuple[object, ...]]) -> None:
    found = []
    for data in (as_xlsx(SHEET, *loads), as_csv(SHEET, *loads)):
        records = read_loads(io.BytesIO(data), product_aliases(WEIGHED))
        weighing = weigh(records.records(), records.header, scale="", today=TODAY)
        found.append((weighing.rows, weighing.loads, weighing.repeated, sorted(map(str, weighing.sums))))
    assert found[0] == found[1]


@pytest.mark.gate
def test_millions_of_loads_in_time_and_memory(tmp_path: Path, full_gates: bool) -> None:
    """Ten million loads in under 60 s and 1 GB, from the file to the store."""
    count, licences = (10_000_000, 200) if full_gates else (100_000, 20)
    seconds, megabytes = (60.0, 1000) if full_gates else (10.0, 400)
    file, expected = tmp_path / "can.csv", write_loads(tmp_path / "can.csv", count, licences)
    run = subprocess.run(
        [sys.executable, "-m", "tests.api.weigh_file", str(file), str(tmp_path / "k.db"), str(licences)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(run.stdout)
    print(f"weighbridge: {told['rows']} rows, {file.stat().st_size >> 20} MB, {told['seconds']:.1f} s, "
          f"{told['megabytes']} MB at most", file=sys.stderr)  # fmt: skip
    file.unlink()
    assert (told["rows"], told["loads"], told["kilograms"], told["repeated"]) == expected
    assert told["seconds"] < seconds
    assert told["megabytes"] < megabytes


def write_loads(file: Path, count: int, licences: int) -> tuple[int, int, int, int]:
    """A file of ``count`` loads over three years, one in a thousand repeated: rows, loads, kilograms, repeated."""
    chosen = random.Random(7)
    plates = [f"24C-{chosen.randrange(10_000, 99_999)}" for _ in range(3000)]
    weights = [chosen.randrange(1000, 2600) * 10 for _ in range(4999)]
    days = [(date(2022, 1, 1) + timedelta(day)).strftime("%d/%m/%Y") for day in range(1095)]
    loads = kilograms = repeated = 0
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(HEADER) + "\n")
        line = ""
        for index in range(count):
            if index % 1000 == 999:
                repeated += 1
            else:
                which, weight, minute = index % licences, weights[index % 4999], index % 1440
                line = (
                    f"T{which},{index},{days[index * 1095 // count]} {minute // 60:02d}:{minute % 60:02d}:{index % 60:02d},"
                    f"{plates[index % 3000]},{100 + which}/GP-UBND,Đá làm VLXDTT,{weight}\n"
                )
                loads += 1
                kilograms += weight
            out.write(line)
    return count, loads, kilograms, repeated
