"""Is a price found by place, day and code, from the right decision, and is an odd list told?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.prices import ListFacts, import_prices
from api.imports.sample import SAMPLE_PRICES
from api.store.engine import Store
from api.store.office_data import decision_key, price_book, price_on, region_key
from api.store.price_book import Line, PriceBook, PriceList
from rules.quantity import Unit
from rules.resource_codes import clean_code, codes_above
from tests.api.office import as_csv, as_xlsx, bring, codes, everything, register

HEADER = ("Mã", "Tên tài nguyên", "Đơn vị tính", "Giá (đồng)", "Quyết định", "Hiệu lực từ", "Vùng")
DAY = date(2024, 1, 1)


def line(code: str, price: object = "100000", decision: str = "5/2023/QĐ-UBND", valid_from: str = "01/01/2023",
         region: str = "", unit: str = "tấn") -> tuple[object, ...]:  # fmt: skip
    return (code, f"Tài nguyên {code}", unit, price, decision, valid_from, region)


def test_the_sample_list(store: Store) -> None:
    register(store)
    data = SAMPLE_PRICES.read_bytes()
    undated = bring(import_prices, store, data)
    assert (undated.new, undated.batch_id) == (0, None)
    assert codes(undated).count((2, "list_without_date")) == 1
    facts = ListFacts(valid_from=date(2020, 6, 1), region="", sample=True)
    report = bring(import_prices, store, data, facts=facts)
    assert report.new == 502
    assert (129, "no_price") in codes(report)
    assert not [one for one in report.findings if one.code == "code_orphan"]
    assert [one.row for one in report.findings if one.code == "price_outside_frame"] == [277]
    again = bring(import_prices, store, data, facts=facts)
    assert (again.unchanged, again.batch_id) == (502, None)
    with store.session() as session:
        found = price_on(session, "Yên Bái cũ", "II202030403", DAY)
        assert found is not None
        assert (found.price_vnd, found.unit, found.exact, found.source.sample) == (199000, Unit.M3_LOOSE, True, True)
        deeper = price_on(session, None, "II.2.02.03.04.03.01", DAY)
        assert deeper is not None
        assert (deeper.code, deeper.exact) == ("II202030403", False)
        assert price_on(session, None, "II2020304", DAY) is None
        assert price_on(session, None, "II202030403", date(2020, 5, 31)) is None


def test_old_lists_of_a_merged_province_and_the_new_one(store: Store) -> None:
    register(store)
    lists = [
        line("I10205", 100, "5/2023/QĐ-UBND", "01/01/2023", "Yên Bái cũ"),
        line("I10205", 200, "7/2023/QĐ-UBND", "01/01/2023", "Tỉnh Lào Cai"),
        line("I10205", 300, "1/2026/QĐ-UBND", "01/01/2026"),
    ]
    assert bring(import_prices, store, as_csv(HEADER, *lists)).new == 3
    with store.session() as session:
        asked = [("Yên Bái cũ", 2024), ("Lào Cai cũ", 2024), ("Yên Bái cũ", 2026), ("Lào Cai cũ", 2026), ("", 2024)]
        found = [price_on(session, region, "I10205", date(year, 2, 1)) for region, year in asked]
    assert [one and one.price_vnd for one in found] == [100, 200, 300, 300, None]
    assert [one and one.source.decision for one in found[:2]] == ["5/2023/QĐ-UBND", "7/2023/QĐ-UBND"]


def test_a_newer_list_without_the_code_does_not_let_the_older_one_answer(sqlite_store: Store) -> None:
    old, new = line("I10205", 100), line("II202", 200, "8/2024/QĐ-UBND", "01/06/2024")
    bring(import_prices, sqlite_store, as_csv(HEADER, old, new))
    with sqlite_store.session() as session:
        before = price_on(session, None, "I10205", date(2024, 5, 31))
        assert before is not None
        assert price_on(session, None, "I10205", date(2024, 6, 1)) is None


def test_an_amending_decision_lies_over_the_one_it_amends(sqlite_store: Store) -> None:
    bring(import_prices, sqlite_store, as_csv(HEADER, line("I10205", 100), line("I10204", 90)))
    amending = as_csv(HEADER, line("I10205", 150, "8/2024/QĐ-UBND", "01/06/2024"))
    bring(import_prices, sqlite_store, amending, facts=ListFacts(amends="QĐ số 05/2023/QĐ-UBND"))
    with sqlite_store.session() as session:
        found = [price_on(session, None, code, date(2024, 6, 1)) for code in ("I10205", "I10204")]
        assert [one and one.price_vnd for one in found] == [150, 90]
        assert [one.decision for one in price_book(session).lists_on("", date(2024, 6, 1))] == [
            "8/2024/QĐ-UBND", "5/2023/QĐ-UBND",
        ]  # fmt: skip


def test_what_is_told_about_a_list(sqlite_store: Store) -> None:
    register(sqlite_store)
    rows = [
        line("I10205", "1.250.000 đồng"),  # 2
        line("I10204", "1"),  # 3: below the frame
        line("II210103", "50000"),  # 4: the typing error of a real list, for II240103
        line("CÁT 01", "5"),  # 5: of another form
        line("", "5"),  # 6: no code
        line("I104", "5,5"),  # 7: half a đồng
        line("I201", "5", decision=""),  # 8
        line("I202", "600000"),  # 9
        line("I202", "700000"),  # 10: two prices for one code and date
        line("I301", "7", region="Vùng không có"),  # 11
    ]
    report = bring(import_prices, sqlite_store, as_csv(HEADER, *rows))
    found = [one for one in codes(report) if one[1] != "price_outside_frame"]
    assert found == [
        (None, "region_unknown"), (4, "code_orphan"), (5, "code_odd"), (6, "code_missing"), (7, "not_whole_vnd"),
        (7, "no_price"), (8, "list_without_decision"), (9, "row_contradicts"), (10, "row_contradicts"),
    ]  # fmt: skip
    assert (3, "price_outside_frame") in codes(report)
    assert [row["price_vnd"] for row in everything(sqlite_store)["price_line"] if row["code"] == "I10205"] == [1250000]


def test_excel_with_one_column_a_level(sqlite_store: Store) -> None:
    data = as_xlsx(
        ["Mã nhóm, loại tài nguyên", None, None, None, "Tên nhóm, loại tài nguyên", "ĐVT", "Giá tính thuế"],
        ["Cấp 1", "Cấp 2", "Cấp 3", "Cấp 4", None, None, None],
        ["II", None, None, None, "Khoáng sản không kim loại", None, None],
        [None, "II21", None, None, "Nhóm riêng của tỉnh", None, None],
        [None, None, "II2101", None, "Loại riêng", None, None],
        [None, None, None, "II210101", "Sản phẩm riêng", "m3", 83000],
        merge=["A1:D1", "E1:E2", "F1:F2", "G1:G2"],
    )
    facts = ListFacts(decision="5/2023/QĐ-UBND", valid_from=date(2023, 1, 1))
    report = bring(import_prices, sqlite_store, data, facts=facts, file_name="gia.xlsx")
    assert report.new == 1
    assert not [one for one in report.findings if one.code.startswith("code")]
    (kept,) = everything(sqlite_store)["price_line"]
    assert (kept["code"], kept["price_vnd"], kept["unit_written"]) == ("II210101", 83000, "m3")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Quyết định số 017/2009/QĐ-UBND ngày 25/9/2009", "17/2009/qd-ubnd"),
        ("17/2009/qđ - ubnd", "17/2009/qd-ubnd"),
        ("30/QĐ-UBND (số liệu mẫu)", "30/qd-ubnd"),
        ("Bảng giá cũ", "bang gia cu"),
    ],
)
def test_decisions_are_known_by_their_number(written: str, key: str) -> None:
    assert decision_key(written) == key


CODES = st.builds(
    lambda group, one, rest: group + one + "".join(rest),
    st.sampled_from(["I", "II", "V"]),
    st.integers(1, 24).map(str),
    st.lists(st.integers(1, 9).map(lambda level: f"{level:02d}"), max_size=5),
)


@given(CODES)
def test_the_codes_above_are_prefixes_longest_first_and_stay_in_their_group(code: str) -> None:
    above = list(codes_above(code))
    assert above == sorted(above, key=len, reverse=True)
    assert all(code.startswith(one) and len(code) > len(one) for one in above)
    figures = code.lstrip("IV")
    group = code[: len(code) - len(figures)] + figures[: 2 - len(figures) % 2]
    assert [one for one in above if one.lstrip("IV")] == [
        code[:end] for end in range(len(code) - 2, len(group) - 1, -2)
    ]


def test_nickel_is_not_under_iron() -> None:
    assert list(codes_above("I1101")) == ["I11", "I"]
    assert list(codes_above("I10205")) == ["I102", "I1", "I"]
    assert list(codes_above("X-9")) == []
    assert clean_code(" ii 2.02.03 ") == "II20203"


@given(st.lists(CODES, min_size=1, max_size=12, unique=True), CODES)
def test_the_longest_known_prefix_answers(listed: list[str], asked: str) -> None:
    one = PriceList(
        region=None, region_key="", decision="1", decision_key="1", valid_from=DAY, valid_to=None, amends_key=None,
        sample=False,
    )  # fmt: skip
    lines = {
        code: Line(code=code, name=None, price_vnd=index + 1, unit=None, unit_written=None)
        for index, code in enumerate(listed)
    }
    found = PriceBook([(one, lines)]).on("", asked, DAY)
    candidates = [code for code in (asked, *codes_above(asked)) if code in lines]
    assert (found and found.code) == (candidates[0] if candidates else None)
    if found:
        assert found.exact == (asked in lines)


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 40), st.integers(0, 40)), max_size=8),
       st.sampled_from(["a", "b", "c"]), st.integers(0, 40))  # fmt: skip
def test_the_list_in_force_last_answers(lists: list[tuple[str, int, int]], region: str, day: int) -> None:
    made = [
        PriceList(
            region=key or None, region_key=key, decision=str(index), decision_key=str(index),
            valid_from=DAY + timedelta(start), valid_to=DAY + timedelta(start + long), amends_key=None, sample=False,
        )
        for index, (key, start, long) in enumerate(lists)
    ]  # fmt: skip
    asked = DAY + timedelta(day)
    chosen = PriceBook([(one, {}) for one in made]).lists_on(region, asked)
    fitting = [one for one in made if one.region_key in ("", region) and one.valid_from <= asked]
    fitting = [one for one in fitting if one.valid_to is None or asked <= one.valid_to]
    assert bool(chosen) == bool(fitting)
    if chosen:
        assert chosen[0] in fitting
        assert all(one.valid_from <= chosen[0].valid_from for one in fitting)


def test_regions_are_compared_without_what_the_merger_added() -> None:
    assert region_key("Yên Bái cũ") == region_key("tỉnh Yên Bái (cũ)") == region_key("YÊN BÁI") != region_key("Lào Cai")
    assert region_key(None) == region_key("") == ""
