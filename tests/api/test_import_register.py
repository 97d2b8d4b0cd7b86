"""Does the real register become licences, twice the same, once changed, with nothing lost on the way?"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from api.imports.aliases import (
    load_aliases,
    product_aliases,
    remove_header,
    remove_mineral,
    set_header,
    set_mineral,
)
from api.imports.cells import is_blank
from api.imports.fields import FIELDS, IGNORE
from api.imports.reading import ImportLimits
from api.imports.register import import_register
from api.imports.remap import remap_minerals
from api.imports.report import ImportReport
from api.imports.sample import SAMPLE, load_sample
from api.store.engine import Store
from api.store.models import ImportBatch, Licence
from rules.lawbook import law_book

NOW = datetime(2025, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2025, 11, 24)

HEADER = ("So_GP", "Ten_don_vi", "Ten_mo_xa", "Loai_KS", "Co_quan_cap", "Ngay_cap", "Ngay_het_han", "Dien_tich_ha",
          "CS_m3", "TL_phep_m3")  # fmt: skip
GOOD = ("12/GP-UBND", "Hộ A", "Mỏ B, sông C", "Cát, sỏi", "Tỉnh cấp", "01/02/2020", "01/02/2030", "2.5", "1000", "9000")


def as_csv(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows((header, *rows))
    return text.getvalue().encode()


def run(store: Store, data: bytes, name: str = "so.csv", limits: ImportLimits | None = None) -> ImportReport:
    return import_register(store, io.BytesIO(data), file_name=name, now=NOW, today=TODAY, limits=limits)


def licences(store: Store) -> list[Licence]:
    with store.session() as session:
        return list(session.exec(select(Licence).order_by(Licence.id)).all())  # type: ignore[arg-type]


def codes(report: ImportReport) -> list[tuple[int | None, str]]:
    return [(one.row, one.code) for one in report.findings]


def changed(row: Sequence[str], **cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True))


def test_the_real_register(store: Store) -> None:
    data = SAMPLE.read_bytes()
    report = run(store, data, SAMPLE.name)
    assert (report.rows, report.new, report.unchanged, report.changed, report.set_aside) == (151, 151, 0, 0, 0)
    assert report.exit_status == 1
    kept = licences(store)
    with io.StringIO(data.decode("utf-8-sig"), newline="") as text:
        written = list(csv.DictReader(text))
    assert [one.source_row for one in kept] == list(range(2, 153))
    for row, one in zip(written, kept, strict=True):
        assert one.number is not None
        assert one.number.split() == row["So_GP"].split()
        assert (one.holder or "").split() == row["Ten_don_vi"].split()
        assert one.issued_on is not None
        assert one.issued_on.strftime("%d/%m/%Y") == row["Ngay_cap"]
        assert (one.licensed_tonne or "") == row["TL_phep_tan"]
        assert one.authority == {"Bộ cấp": "ministry", "Tỉnh cấp": "province", "": None}[row["Co_quan_cap"]]
    both = [one for one in kept if one.number_key == "211/gp-ubnd"]
    assert len({one.holder for one in both}) == 2
    found = {(one.row, one.column, one.value, one.code) for one in report.findings}
    assert (122, "CS_m3", "Lưu lượng được phê duyệt 371", "not_a_number") in found
    assert (122, "Dien_tich_ha", "Chiều sâu LK 95", "not_a_number") in found
    assert (14, "Dien_tich_ha", "13.323", "ambiguous_number") in found
    assert (41, None, "211/GP-UBND", "same_number") in found
    assert {one.code for one in report.findings if one.row == 146} >= {"missing"}  # its mineral is blank
    water = kept[120]
    assert (water.capacity_m3, water.area_ha) == (None, None)
    assert {gap["value"] for gap in water.gaps} >= {"Lưu lượng được phê duyệt 371", "Chiều sâu LK 95"}


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    first = run(store, SAMPLE.read_bytes())
    before = [one.model_dump() for one in licences(store)]
    again = run(store, SAMPLE.read_bytes(), "khac.csv")
    assert (again.rows, again.new, again.unchanged, again.changed) == (151, 0, 151, 0)
    assert again.findings == first.findings
    assert again.batch_id is None
    assert [one.model_dump() for one in licences(store)] == before
    with store.session() as session:
        assert session.exec(select(func.count()).select_from(ImportBatch)).one() == 1


def test_a_changed_row_shows_its_difference(store: Store) -> None:
    data = SAMPLE.read_text("utf-8-sig")
    run(store, data.encode())
    old = "527/GP-UBND,29/03/2019,29/03/2034,5.6,Tỉnh cấp,,8000,"
    assert data.count(old) == 1
    report = run(store, data.replace(old, "527/GP-UBND,29/03/2019,29/09/2034,,Tỉnh cấp,,8000,").encode())
    assert (report.new, report.unchanged, report.changed) == (0, 150, 1)
    (row,) = report.changes
    assert [(one.field, one.old, one.new) for one in row.changes] == [
        ("expires_on", "2034-03-29", "2034-09-29"),
        ("area_ha", "5.6", None),
    ]
    assert row.place.row == 4
    kept = licences(store)[2]
    assert (kept.expires_on, kept.area_ha) == (date(2034, 9, 29), None)
    assert [gap["code"] for gap in kept.gaps] == ["missing"]


@pytest.mark.parametrize(
    ("name", "cell", "field"),
    [
        ("So_GP", "13/GP-UBND", "number"),
        ("Ten_don_vi", "Hộ Z", "holder"),
        ("Ten_mo_xa", "Mỏ Z, sông C", "mine_name"),
        ("Ngay_cap", "03/02/2020", "issued_on"),
        ("So_GP", "", "number"),
        ("Ngay_cap", "không rõ", "issued_on"),
    ],
)
def test_one_corrected_fact_is_still_the_same_licence(sqlite_store: Store, name: str, cell: str, field: str) -> None:
    other = changed(GOOD, So_GP="99/GP-UBND", Ten_mo_xa="Mỏ khác, suối C", Ngay_cap="05/05/2015")
    run(sqlite_store, as_csv(GOOD, other))
    report = run(sqlite_store, as_csv(changed(GOOD, **{name: cell}), other))
    assert (report.new, report.unchanged, report.changed) == (0, 1, 1)
    assert [one.field for one in report.changes[0].changes] == [field]


def test_two_corrected_facts_are_another_licence_and_a_shared_number_is_told(sqlite_store: Store) -> None:
    run(sqlite_store, as_csv(GOOD))
    report = run(sqlite_store, as_csv(changed(GOOD, Ten_don_vi="Hộ Z", Ten_mo_xa="Mỏ Z, sông C")))
    assert (report.new, report.changed) == (1, 0)
    assert (2, "same_number_stored") in codes(report)


def test_repeated_rows_are_kept_and_told(sqlite_store: Store) -> None:
    data = as_csv(GOOD, changed(GOOD, Dien_tich_ha="3"), GOOD)
    report = run(sqlite_store, data)
    assert report.new == 3
    assert codes(report) == [(3, "same_number"), (4, "duplicate_row")]
    again = run(sqlite_store, data)
    assert (again.new, again.unchanged) == (0, 3)


def test_a_row_now_readable_is_a_change(sqlite_store: Store) -> None:
    run(sqlite_store, as_csv(changed(GOOD, Dien_tich_ha="13.323")))
    report = run(sqlite_store, as_csv(changed(GOOD, Dien_tich_ha="13,3230")))
    assert [(one.old, one.new) for one in report.changes[0].changes] == [
        ("13.323 (chưa đọc được / not read)", "13.323")
    ]
    assert licences(sqlite_store)[0].gaps == []


def test_what_is_told_about_a_row(sqlite_store: Store) -> None:
    rows = [
        GOOD,
        changed(GOOD, So_GP="13/GP-BTNMT", Ngay_het_han="01/02/2019"),
        changed(GOOD, So_GP="14/GP-UBND", Ngay_het_han="23/11/2025", Co_quan_cap="Xã"),
        changed(GOOD, So_GP="15/GP-UBND", Ngay_het_han="24/11/2025", Loai_KS="Đá mặt trăng"),
        changed(GOOD, So_GP="16/GP-UBND", CS_m3="-", TL_phep_m3="", Ngay_cap="2020"),
    ]
    report = run(sqlite_store, as_csv(*rows))
    assert codes(report) == [
        (3, "expires_before_issued"),
        (3, "authority_conflict"),
        (4, "unknown_authority"),
        (4, "expired"),
        (5, "unmapped_mineral"),
        (6, "not_a_date"),
        (6, "missing"),
        (6, "missing"),
    ]
    for one in report.findings:
        assert all((one.message_vi, one.message_en, one.action_vi, one.action_en))
        assert one.column in HEADER


def test_headings_and_totals_are_set_aside_not_lost(sqlite_store: Store) -> None:
    heading = ("", "I. Cấp bởi Bộ", *[""] * 8)
    total = ("", "Tổng cộng", *[""] * 5, "4.5", "1000", "9000")
    report = run(sqlite_store, as_csv(heading, GOOD, [""] * 10, total))
    assert (report.rows, report.new, report.set_aside) == (3, 1, 2)
    assert [(one.row, one.code, one.value) for one in report.findings] == [
        (2, "not_a_licence", "I. Cấp bởi Bộ"),
        (5, "not_a_licence", "Tổng cộng / 4.5 / 1000 / 9000"),
    ]


def test_unknown_columns_are_kept(sqlite_store: Store) -> None:
    report = run(sqlite_store, as_csv((*GOOD, "0912", "dư"), header=(*HEADER, "Điện thoại")))
    assert codes(report) == [(1, "unknown_column")]
    assert report.exit_status == 0
    assert licences(sqlite_store)[0].extra == {"Điện thoại": "0912", "cột 12": "dư"}
    again = run(sqlite_store, as_csv((*GOOD, "0913", "dư"), header=(*HEADER, "Điện thoại")))
    assert [(one.label_vi, one.old, one.new) for one in again.changes[0].changes] == [("Điện thoại", "0912", "0913")]


def test_a_missing_column_is_told_once_and_stays_a_gap(sqlite_store: Store) -> None:
    report = run(sqlite_store, as_csv(GOOD[:5], changed(GOOD, So_GP="13/GP-UBND")[:5], header=HEADER[:5]))
    assert [code for _, code in codes(report)] == ["column_missing"] * 5
    assert all(len(one.gaps) == 5 for one in licences(sqlite_store))


@pytest.mark.parametrize("sign", [";", "\t", ","])
@pytest.mark.parametrize("start", ["", "\ufeff", "SỔ GIẤY PHÉP\nTỉnh Lào Cai\n\n"])
def test_csv_as_it_comes(sqlite_store: Store, sign: str, start: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign)
    spaced = [f"  {cell}\u00a0" for cell in GOOD]
    writer.writerows(((*HEADER[:3], " loại  KHOÁNG sản ", *HEADER[4:]), range(1, 11), spaced))
    report = run(sqlite_store, (start + text.getvalue()).encode())
    assert (report.rows, report.new, report.findings) == (1, 1, ())
    assert licences(sqlite_store)[0].mineral_code == "river_sand_gravel"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "no_header"),
        (b"a,b\n1,2\n", "no_header"),
        (as_csv(GOOD).decode().encode("utf-16"), "not_utf8"),
        (as_csv(GOOD) + "x,Ho é,,,".encode("latin-1"), "not_utf8"),
        (as_csv(GOOD) + b'x,"' + b"y" * 200_000, "broken_csv"),
        (b"\xd0\xcf\x11\xe0 old excel", "old_or_locked_excel"),
        (b"PK\x03\x04 not a zip", "broken_excel"),
        (b"x" * 2001, "too_large"),
    ],
)
def test_files_that_cannot_be_read(sqlite_store: Store, data: bytes, code: str) -> None:
    limits = ImportLimits(max_bytes=2000 if code == "too_large" else 10**7)
    report = run(sqlite_store, data, limits=limits)
    assert report.problem is not None
    assert (report.problem.code, report.exit_status) == (code, 2)
    assert report.problem.message_vi
    assert report.problem.message_en
    assert licences(sqlite_store) == []


def test_officers_change_headers(store: Store) -> None:
    data = as_csv(GOOD, header=("Mã hồ sơ", *HEADER[1:]))
    with store.write() as session:
        set_header(session, " MÃ hồ-sơ ", "number")
        set_header(session, "Ten_don_vi", IGNORE)
        assert load_aliases(session).field("ma ho so") == "number"
    run(store, data)
    (kept,) = licences(store)
    assert (kept.number, kept.holder, kept.extra) == ("12/GP-UBND", None, {})
    with store.write() as session:
        assert remove_header(session, "Ten_don_vi")
        assert not remove_header(session, "Ten_don_vi")
        assert load_aliases(session).field("Ten_don_vi") == "holder"
        set_header(session, "So_GP", None)
        assert load_aliases(session).field("So_GP") is None
        with pytest.raises(ValueError, match="no field"):
            set_header(session, "x", "nothing")
        with pytest.raises(ValueError, match="empty"):
            set_header(session, " - ", "number")


def test_officers_change_minerals_and_stored_licences_follow(store: Store, now: datetime) -> None:
    run(store, as_csv(changed(GOOD, Loai_KS="Sét"), changed(GOOD, So_GP="13/GP-UBND")))
    with store.write() as session:
        set_mineral(session, "SÉT", "brick_clay")
        set_mineral(session, "Cát, sỏi", "lake_sand_gravel", where="sông C")
        assert remap_minerals(session, now=now) == 2
        with pytest.raises(ValueError, match="no code"):
            set_mineral(session, "x", "moon_rock")
    clay, sand = licences(store)
    assert (clay.mineral_code, clay.gaps) == ("brick_clay", [])
    assert sand.mineral_code == "lake_sand_gravel"
    again = run(store, as_csv(changed(GOOD, Loai_KS="Sét"), changed(GOOD, So_GP="13/GP-UBND")))
    assert again.changed == 0
    with store.write() as session:
        assert remove_mineral(session, "sét")
        assert remap_minerals(session, now=now) == 1
    assert [gap["code"] for gap in licences(store)[0].gaps] == ["unmapped_mineral"]


def test_the_products_own_aliases_mean_something() -> None:
    aliases = product_aliases()
    assert set(aliases.headers.values()) == {*FIELDS, IGNORE}
    assert set(aliases.minerals.values()) <= set(law_book().minerals)
    assert aliases.mineral("Cát, sỏi", "Cát sông Hồng") == "river_sand_gravel"
    assert aliases.mineral("Cát, sỏi", "suối Cạn") == "stream_sand_gravel"
    assert aliases.mineral("Cát, sỏi", "suối Cạn chảy vào sông Hồng") is None
    assert aliases.mineral("Cát, sỏi", "xã Minh Chuẩn") is None


def test_the_sample_is_loaded_once(store: Store, now: datetime, today: date) -> None:
    first = load_sample(store, now=now, today=today)
    assert first is not None
    assert first.new == 151
    assert load_sample(store, now=now, today=today) is None
    assert len(licences(store)) == 151


MESSY = st.sampled_from(["", " ", "-", "1.234", "1.234,5", "31/02/2020", "01/02/2020", "Tổng", "Tỉnh cấp", "5/GP-UBND",
                         "=1+1", "đá\nvôi", "Cát, sỏi", "Hộ A"]) | st.text(max_size=8)  # fmt: skip


def as_text(table: list[list[str]]) -> bytes:
    # the file is UTF-8: lone surrogates cannot be written
    clean = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in table]
    return as_csv(*clean)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(MESSY, min_size=10, max_size=10), max_size=12), st.randoms(use_true_random=False))
def test_no_row_is_lost(sqlite_store: Store, table: list[list[str]], random: Any) -> None:
    """Rows in = new + unchanged + changed + set aside, whatever they hold, on top of whatever is stored."""
    before = len(licences(sqlite_store))
    report = run(sqlite_store, as_text(table))
    assert report.problem is None
    filled = sum(not all(is_blank(cell) for cell in row) for row in table)
    assert report.rows == filled
    assert report.new + report.unchanged + report.changed + report.set_aside == filled
    assert sum(one.code == "not_a_licence" for one in report.findings) == report.set_aside
    assert len(licences(sqlite_store)) == before + report.new
    again = run(sqlite_store, as_text(table))
    assert (again.new, again.changed, again.rows) == (0, 0, report.rows)
    random.shuffle(table)
    assert run(sqlite_store, as_text(table)).new == 0
    assert replace(again, findings=()).exit_status == 0
