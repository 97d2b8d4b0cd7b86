"""Licences of several minerals, prices by grade bands, means of the frame: through the whole run and its workbook."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from api.contract.compute import compute
from api.imports.gaps import import_gaps
from api.imports.outputs import import_outputs
from api.imports.own_sheets import FACTS_SHEET, LINES_SHEET, OUTPUT_SHEET
from api.imports.payments import import_payments
from api.imports.prices import ListFacts, import_prices
from api.imports.register import import_register
from api.province.bands import band_of, band_set
from api.province.edits import add_rate, set_facts
from api.province.lacks import LackCode
from api.province.run import settle_province
from api.province.workbook import province_workbook
from api.province.worklist import Status, WorklistRow, worklist
from api.store.engine import Store
from api.store.price_book import PriceList, PriceOn
from api.store.province import LicenceFacts, SettlementResult
from rules.quantity import Unit
from tests.api.office import as_csv, bring
from tests.api.province_data import NOW, TODAY

REGISTER = as_csv(
    ("Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS", "Cơ quan cấp", "Ngày cấp", "Ngày hết hạn", "TL phép tấn", "Vùng"),
    ("7/GP-UBND", "Công ty A", "Mỏ A", "Quặng sắt", "Tỉnh cấp", "05/06/2021", "05/06/2041", "9000000", "Lào Cai cũ"),
)
YEARS = range(2021, 2026)
PRICES = (
    ("Mã", "Tên tài nguyên", "Đơn vị tính", "Giá tính thuế"),
    ("I10201", "Quặng Manhetit có hàm lượng Fe<30%", "tấn", 300_000),
    ("I10202", "Quặng Manhetit có hàm lượng 30%≤Fe<40%", "tấn", 400_000),
    ("I10203", "Quặng Manhetit có hàm lượng Fe≥40%", "tấn", 600_000),
    ("I201", "Quặng mangan", "tấn", 500_000),
)
OUTPUT = (
    "Số giấy phép",
    "Loại khoáng sản",
    "Năm",
    "Từ ngày",
    "Đến ngày",
    "Sản lượng nguyên khai",
    "Đơn vị tính",
    "Hàm lượng",
)


def output(mineral: str, amount: int, grade: str = "") -> list[tuple[object, ...]]:
    return [
        ("7/GP-UBND", mineral, year, f"01/01/{year}", "30/06/2025" if year == 2025 else f"31/12/{year}", amount, "tấn", grade)
        for year in YEARS
    ]  # fmt: skip


def opened(store: Store, *outputs: tuple[object, ...], prices: tuple[Any, ...] = PRICES) -> None:
    bring(import_register, store, REGISTER)
    bring(import_outputs, store, as_csv(OUTPUT, *outputs))
    facts = ListFacts(decision="12/2020/QĐ-UBND", valid_from=date(2021, 1, 1), region="")
    bring(import_prices, store, as_csv(*prices), facts=facts)
    paid = ("Số giấy phép", "Ngày nộp", "Số chứng từ", "Tiền gốc")
    bring(import_payments, store, as_csv(paid, ("7/GP-UBND", "31/05/2023", "CT1", 1_000_000)))


def tell(store: Store, mineral: str = "", **values: object) -> None:
    with store.write() as session:
        assert set_facts(session, 1, values, mineral) == {}


def settled(store: Store) -> tuple[WorklistRow, SettlementResult | None]:
    settle_province(store, on=TODAY, clock=lambda: NOW)
    with store.session() as session:
        return worklist(session, TODAY).rows[0], session.exec(select(SettlementResult)).first()


def test_every_mineral_is_settled_by_itself_and_the_paid_sum_is_the_licences(store: Store) -> None:
    opened(store, *output("Quặng sắt", 1000, "35"), *output("Quặng mangan", 10))
    tell(store, right_by="no_auction", price_code="I102", price_kind="ore_bands", grade="35")
    tell(store, "manganese", price_code="I201", licensed_quantity="5000", quantity_unit="tonne")
    row, result = settled(store)
    assert result is not None
    assert (row.status, row.lacks, row.minerals) == (Status.SETTLED, (), ("iron", "manganese"))
    # by hand: five years of 1,000 t in the band 30-40 % (400,000 đ, K 1) and of 10 t at 500,000 đ, both at 2 %
    assert row.settled_vnd == 5 * (1000 * 400_000 * 2 // 100 + 10 * 500_000 * 2 // 100)
    assert row.paid_vnd == 1_000_000
    lines = [line for line in result.result["lines"] if line["part"] == "settlement"]
    assert [(line["mineral"], line["year"]) for line in lines] == [
        (code, year) for code in ("iron", "manganese") for year in YEARS
    ]
    assert {line["tax_price"] for line in lines[:5]} == {"400000"}
    assert all(line["articles"] and "12/2020" in line["price_list"] for line in result.result["lines"])
    left = {line["mineral"]: line["quantity"] for line in result.result["lines"] if line["part"] == "reapproval"}
    assert left == {"iron": str(9_000_000 - 5000), "manganese": str(5000 - 50)}
    assert compute(result.cases["settlement"])["result"] == result.result["settlement"]


def test_what_a_second_mineral_lacks_names_it(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000), *output("Quặng mangan", 10)[:2])
    tell(sqlite_store, right_by="no_auction", price_code="I201")
    row, result = settled(sqlite_store)
    assert result is None
    assert row.status is Status.TODO
    lacks = {(one.code, one.mineral): one for one in row.lacks}
    assert {mineral for _, mineral in lacks} == {"manganese"}
    assert {code for code, _ in lacks} == {
        LackCode.PRICE_CODE, LackCode.OUTPUT, LackCode.OUTPUT_TO_CUTOFF, LackCode.LICENSED,
    }  # fmt: skip
    assert lacks[LackCode.OUTPUT, "manganese"].years == (2023, 2024)
    assert all("Quặng mangan" in one.text.vi and "anganese" in one.text.en for one in lacks.values())


def test_the_gaps_of_each_mineral_are_filled_in_and_imported_again(sqlite_store: Store, tmp_path: Path) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000), *output("Quặng mangan", 10)[:2])
    path = tmp_path / "so.xlsx"
    with sqlite_store.session() as session:
        province_workbook(session, path, TODAY)
    book = openpyxl.load_workbook(path)
    facts, outputs = book[FACTS_SHEET], book[OUTPUT_SHEET]
    head = [str(cell.value) for cell in facts[1]]
    mineral = head.index("Loại khoáng sản")
    assert [row[mineral].value for row in facts.iter_rows(min_row=2)] == ["Quặng sắt", "Quặng mangan"]
    for cells, code in zip(facts.iter_rows(min_row=2), ("I10203", "I201"), strict=True):
        cells[head.index("Mã bảng giá")].value = code
        cells[head.index("Hình thức cấp quyền")].value = "Không đấu giá"
    facts.cell(3, head.index("Trữ lượng được phép của khoáng sản") + 1, 5000)
    facts.cell(3, head.index("Đơn vị trữ lượng") + 1, "tấn")
    for cells in outputs.iter_rows(min_row=2):
        assert cells[4].value == "Quặng mangan"
        cells[8].value, cells[9].value = 0, "tấn"
    book.save(path)
    for importer, new in ((import_gaps, 2), (import_outputs, 3)):
        report = bring(importer, sqlite_store, path.read_bytes(), file_name="so.xlsx")
        assert (report.new, report.work) == (new, 0), report.findings
    row, _ = settled(sqlite_store)
    assert row.status is Status.SETTLED
    with sqlite_store.session() as session:
        kept = {one.mineral_code: one.price_code for one in session.exec(select(LicenceFacts)).all()}
        province_workbook(session, path, TODAY)
    assert kept == {"": "I10203", "manganese": "I201"}
    lines = openpyxl.load_workbook(path)[LINES_SHEET]
    assert lines.max_row == 1 + 2 * 5 + 2


def test_a_fact_of_the_licence_in_the_row_of_another_mineral_is_refused_in_words(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000))
    head = ("Số giấy phép", "Ngày cấp", "Loại khoáng sản", "Mã bảng giá", "Tiền cấp quyền đã nộp (đồng)")
    row = ("7/GP-UBND", "05/06/2021", "Quặng mangan", "I201", "5000000")
    report = bring(import_gaps, sqlite_store, as_csv(head, row))
    assert [(one.row, one.code, one.field) for one in report.findings] == [(2, "fact_broken", "paid_vnd")]
    assert report.new == 0
    unknown = bring(import_gaps, sqlite_store, as_csv(head, ("7/GP-UBND", "05/06/2021", "Đá lạ", "I201", "")))
    assert [(one.row, one.code) for one in unknown.findings] == [(2, "mineral_open")]


def test_a_name_of_two_minerals_is_settled_once_each_has_its_row(sqlite_store: Store) -> None:
    """A register that writes "Sắt, mangan" names no code: the rows of facts say which minerals they are."""
    opened(sqlite_store)
    bring(import_register, sqlite_store, REGISTER.replace("Quặng sắt".encode(), '"Sắt, mangan lẫn"'.encode()))
    row, _ = settled(sqlite_store)
    assert LackCode.MINERAL in {one.code for one in row.lacks}
    bring(import_outputs, sqlite_store, as_csv(OUTPUT, *output("Quặng sắt", 1000), *output("Quặng mangan", 10)))
    tell(sqlite_store, right_by="no_auction")
    for code, price in (("iron", "I10203"), ("manganese", "I201")):
        tell(sqlite_store, code, price_code=price, licensed_quantity="90000", quantity_unit="tonne")
    row, _ = settled(sqlite_store)
    assert (row.status, row.minerals) == (Status.SETTLED, ("iron", "manganese"))
    assert row.settled_vnd == 5 * (1000 * 600_000 + 10 * 500_000) * 2 // 100


def test_a_companion_of_an_auctioned_mineral_has_its_own_rate(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000), *output("Quặng mangan", 10))
    tell(sqlite_store, right_by="rate_auction", winning_rate_percent="3", price_code="I10203")
    tell(sqlite_store, "manganese", price_code="I201", licensed_quantity="5000", quantity_unit="tonne")
    row, _ = settled(sqlite_store)
    assert [(one.code, one.mineral) for one in row.lacks] == [(LackCode.RIGHT, "manganese")]
    tell(sqlite_store, "manganese", winning_rate_percent="1.5")
    row, result = settled(sqlite_store)
    assert row.settled_vnd == 5 * (1000 * 600_000 * 3 // 100 + 10 * 500_000 * 15 // 1000)
    assert result is not None
    assert all("Điều 139 khoản 5 điểm b" in one["articles"] for one in result.result["lines"] if one["year"])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"price_code": "I201", "price_kind": "ore_bands"}, LackCode.BANDS),  # one line is no set of bands
        ({"price_code": "I999"}, LackCode.PRICE),
        ({"price_code": "I999", "price_kind": "ore_bands"}, LackCode.PRICE),
        ({"price_code": "I102", "price_kind": "ore_bands", "grade_unit": "g_per_tonne"}, LackCode.GRADE_UNIT),
        ({"price_code": "I102", "price_kind": "ore_bands"}, LackCode.CONVERSION),  # the grade
        ({"price_code": "I999", "frame_code": "I1"}, LackCode.FRAME),
        ({"frame_code": "no such line"}, LackCode.FRAME),
    ],
)
def test_a_price_that_cannot_be_built_is_a_lack(sqlite_store: Store, told: dict[str, object], code: LackCode) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000))
    tell(sqlite_store, right_by="no_auction", **told)
    row, result = settled(sqlite_store)
    assert result is None
    assert {one.code for one in row.lacks} == {code}
    assert all("{" not in one.text.vi + one.text.en for one in row.lacks)


def test_a_band_line_stands_for_its_whole_set(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000, "20"))
    tell(sqlite_store, right_by="no_auction", price_code="I10202", price_kind="ore_bands")
    tell(sqlite_store, grade="35")  # of the deposit, for what is left
    row, result = settled(sqlite_store)
    assert row.lacks == ()
    assert result is not None
    # 20 % lies in the open bottom band: 300,000 x 20 : 30
    assert result.result["lines"][0]["conversion_factor"] == "0.667"
    assert result.result["lines"][-1]["tax_price"] == "400000"


def test_the_mean_of_the_frame_stands_in_only_where_the_officer_named_it(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000))
    tell(sqlite_store, right_by="no_auction", price_code="I999", frame_code="I 1.02.01")
    row, result = settled(sqlite_store)
    assert row.status is Status.SETTLED, row.lacks
    assert result is not None
    # the frame prices I10201 at 250,000 to 350,000
    assert {line["tax_price"] for line in result.result["lines"]} == {"300000"}
    assert all("I10201" in line["price_list"] for line in result.result["lines"])
    assert "provisional_price" in {one["code"] for one in result.result["cautions"]}
    tell(sqlite_store, price_code="I10203")
    _, result = settled(sqlite_store)
    assert result is not None
    assert {line["tax_price"] for line in result.result["lines"]} == {"600000"}
    assert "provisional_price" not in {one["code"] for one in result.result["cautions"]}


def test_coal_counts_as_clean_coal_only_under_the_amended_article(sqlite_store: Store) -> None:
    bring(import_register, sqlite_store, REGISTER.replace("Quặng sắt".encode(), b"Than"))
    head = (*OUTPUT[:-1], "Than sạch (tấn)")
    rows = [(*row[:-1], 800) for row in output("Than", 1000)]
    bring(import_outputs, sqlite_store, as_csv(head, *rows))
    facts = ListFacts(decision="12/2020/QĐ-UBND", valid_from=date(2021, 1, 1), region="")
    bring(import_prices, sqlite_store, as_csv(PRICES[0], ("III1", "Than", "tấn", 1_000_000)), facts=facts)
    tell(sqlite_store, right_by="no_auction", price_code="III1", paid_vnd=0)
    for on, output_tonnes in ((date(2026, 1, 15), 1000), (date(2026, 1, 16), 800)):
        settle_province(sqlite_store, on=on, clock=lambda: NOW)
        with sqlite_store.session() as session:
            row = worklist(session, on).rows[0]
            result = session.exec(select(SettlementResult)).one()
        assert row.settled_vnd == 5 * output_tonnes * 1_000_000 * 2 // 100
        steps = compute(result.cases["settlement"])["trace"]
        assert {"than sạch" in step["label_vi"] for step in steps if step["symbol"].startswith("SL_")} == {on.day == 16}


BAND_NAMES = [
    ("Quặng Manhetit có hàm lượng Fe<30%", {"below": "30"}),
    ("Quặng limonit có hàm lượng Fe ≤ 30%", {"to": "30"}),
    ("Quặng mangan có hàm lượng 30<Mn≤35%", {"above": "30", "to": "35"}),
    ("Quặng đồng có hàm lượng 0,5% ≤ Cu <1%", {"from": "0.5", "below": "1"}),
    ("Quặng chì + kẽm hàm lượng 5%≤Pb+Zn<10%", {"from": "5", "below": "10"}),
    ("Quặng đất hiếm có hàm lượng >10% TR2O3", {"above": "10"}),
    ("Quặng vàng có hàm lượng Au≥8 gram/tấn", {"from": "8"}),
    ("Tinh quặng vàng có hàm lượng 82<Au≤240 gram/tấn", {"above": "82", "to": "240"}),
    ("Quặng Phosphorite có hàm lượng 20% ≤ P2O5 < 30%", {"from": "20", "below": "30"}),
    ("Đá hộc", None),
]


@pytest.mark.parametrize(("name", "edges"), BAND_NAMES)
def test_a_line_says_its_band(name: str, edges: dict[str, str] | None) -> None:
    assert band_of(name, 5) == (None if edges is None else {**edges, "amount": 5})


SOURCE = PriceList(
    region=None, region_key="", decision="1/QĐ-UBND", decision_key="1/qd-ubnd", valid_from=date(2020, 1, 1), valid_to=None,
    amends_key=None, sample=False,
)  # fmt: skip


def line(name: str, price: int = 5) -> PriceOn:
    return PriceOn(
        asked="I1", code="I1", name=name, price_vnd=price, unit=Unit.TONNE, unit_written="tấn", source=SOURCE
    )


@given(st.lists(st.integers(1, 999), min_size=1, max_size=8, unique=True), st.booleans(), st.data())
def test_printed_bands_read_back_and_compute(edges: list[int], included: bool, data: st.DataObject) -> None:
    """Whole sets in any order are read; with a band missing in the middle, or two units, they are not."""
    edges, low, high = sorted(edges), *(("≤", "<") if included else ("<", "≤"))
    names = [f"Fe{high}{edges[0] / 10:g}%".replace(".", ",")]
    names += [f"{a / 10:g}%{low}Fe{high}{b / 10:g}%".replace(".", ",") for a, b in itertools.pairwise(edges)]
    names.append(f"Fe{'≥' if included else '>'}{edges[-1] / 10:g}%".replace(".", ","))
    found = band_set([line(name) for name in data.draw(st.permutations(names))])
    assert found is not None
    assert [Decimal(band.get("below") or band.get("to")) * 10 for band in found.bands[:-1]] == edges
    if len(names) > 2:
        assert band_set([line(name) for name in (names[0], *names[2:])]) is None
    assert band_set([line(name) for name in (names[0].replace("%", " gram/tấn"), *names[1:])]) is None


def test_what_the_engine_refuses_names_its_mineral(sqlite_store: Store) -> None:
    opened(sqlite_store, *output("Quặng sắt", 1000), *output("Quặng mangan", 10))
    tell(sqlite_store, right_by="no_auction", price_code="I10203")
    tell(sqlite_store, "manganese", price_code="I201", licensed_quantity="49", quantity_unit="tonne")
    row, _ = settled(sqlite_store)
    assert row.status is Status.BLOCKED
    (problem,) = row.problems
    assert problem.vi.startswith("Quặng mangan: ")
    assert row.settled_vnd == 5 * (1000 * 600_000 + 10 * 500_000) * 2 // 100


def test_own_rates_are_asked_for_each_mineral(sqlite_store: Store) -> None:
    bring(import_register, sqlite_store, REGISTER.replace(b"05/06/2021", b"05/06/2019"))
    tell(sqlite_store, right_by="no_auction", price_code="I10203", paid_vnd=0)
    tell(sqlite_store, "manganese", price_code="I201")
    with sqlite_store.write() as session:
        own = {"rate_percent": "3", "instrument": "158/2016/NĐ-CP", "article": "Phụ lục I", "entered_by": "Cán bộ A"}
        assert not add_rate(
            session, key="iron", valid_from=date(2019, 1, 1), valid_until=date(2019, 9, 14), now=NOW, **own
        )
    row, _ = settled(sqlite_store)
    assert [one.mineral for one in row.lacks if one.code is LackCode.RATE] == ["manganese"]
