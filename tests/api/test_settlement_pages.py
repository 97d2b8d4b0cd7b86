"""The pages of settlement, ledger, collection and imports: they tell the engine's truth, ask back, escape, never break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.contract import compute
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import ListFacts, import_prices
from api.pages.grid import COLUMNS, MOST_YEARS, pasted
from api.province.edits import facts_of
from api.settings import Settings
from api.store.engine import Store, open_store
from api.store.ledger import append, read_entries
from api.store.ledger_sums import balance
from api.store.migrate import migrate
from api.store.office_data import outputs_of
from fees.ledger import Debtor
from fees.ledger_facts import Told, decision, notice, payment
from tests.api.office import NOW, as_csv, as_xlsx, bring, register

TODAY = date(2026, 11, 24)
STONE, PAYER = 2, "Công ty cổ phần B"
PLACES = (
    "/settlement", "/settlement?status=todo&lack=right&q=cong+ty", "/settlement?owner=-&page=99", f"/licences/{STONE}/settlement",
    f"/licences/{STONE}/ledger", "/licences/1/ledger?on=31/12/2024", "/collection", "/collection?by=payer&on=31/12/2024",
    "/collection?by=licence", "/import/office",
)  # fmt: skip
UNITS = {"tấn": "tonne", "m3 nở rời": "m3_loose", "m3": "m3", "kg": "kg"}


def filled(store: Store) -> Store:
    """A small register with the outputs, prices, payments and ledger of one stone quarry."""
    register(store)
    head = ("Số GP", "Năm", "Từ ngày", "Đến ngày", "Sản lượng nguyên khai", "Đơn vị tính")
    years = [("11/GP-UBND", year, "", "", 1500 + year, "m3 nở rời") for year in range(2020, 2025)]
    last = ("11/GP-UBND", 2025, "01/01/2025", "30/06/2025", 900, "m3 nở rời")
    bring(import_outputs, store, as_csv(head, *years, last))
    prices = as_csv(("Mã", "Tên tài nguyên", "Đơn vị tính", "Giá tính thuế"), ("II20203", "Đá hộc", "m3", "90000"))
    facts = ListFacts(decision="12/2014/QĐ-UBND", valid_from=date(2014, 1, 1), region="", sample=True)
    bring(import_prices, store, prices, facts=facts)
    paid = ("Số GP", "Ngày nộp", "Số chứng từ", "Tiền cấp quyền đã nộp", "Tiền chậm nộp đã nộp")
    bring(import_payments, store, as_csv(paid, ("11/GP-UBND", "15/03/2020", "CT-1", "12.000.000", "300.000")))
    who = Debtor(STONE, PAYER)
    entries = [
        decision(Told(key="d", debtor=who, on=date(2022, 1, 5), document="QĐ 5"), 800_000_000),
        notice(
            Told(key="n", debtor=who, on=date(2023, 2, 1)), 100_000_000, instalment="2023", due_on=date(2023, 3, 31)
        ),
        payment(Told(key="p", debtor=who, on=date(2023, 8, 1), document="GNT 1"), principal_vnd=60_000_000),
    ]
    with store.write() as session:
        assert append(session, entries, now=NOW) == ()
    return store


def application(store: Store) -> TestClient:
    return TestClient(create_app(store, Settings(), clock=lambda: TODAY), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """For tests that only read."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('settlement') / 'khoangsan.db'}")
    migrate(store)
    yield application(filled(store))
    store.close()


@pytest.fixture
def pages(served: TestClient) -> TestClient:
    served.cookies.clear()
    return served


@pytest.fixture
def own(sqlite_store: Store) -> TestClient:
    """For tests that write."""
    return application(filled(sqlite_store))


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def words_of(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


def answers_of(answer: Any) -> dict[str, str]:
    """What the form would send."""
    found = {}
    for box in soup(answer).select("form.case input[name], form.case select[name]"):
        if box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            found[str(box["name"])] = str(chosen["value"]) if chosen else ""
        else:
            found[str(box["name"])] = str(box.get("value", ""))
    return found


def told_beside(answer: Any, name: str) -> str:
    box = soup(answer).find(id=name)
    assert isinstance(box, Tag)
    assert box["aria-invalid"] == "true"
    told = soup(answer).find(id=str(box["aria-describedby"]).split()[0])
    assert isinstance(told, Tag)
    return told.get_text(strip=True)


def settle(pages: TestClient, **more: str) -> dict[str, str]:
    """The quarry's form with prices fetched and everything it lacks."""
    place = f"/licences/{STONE}/settlement"
    first = answers_of(pages.get(place)) | {"m0_price_code": "II 2.02.03", "m0_price_unit": "m3_loose", "do": "prices"}
    fetched = answers_of(pages.get(place, params=first))
    return fetched | {"m0_bulking_factor": "1,475", "do": "compute"} | more


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_answers_in_both_languages(pages: TestClient, place: str, lang: str) -> None:
    answer = pages.get(f"{place}{'&' if '?' in place else '?'}lang={lang}")
    assert answer.status_code == 200
    page = soup(answer)
    assert page.html is not None
    assert page.html["lang"] == lang
    labelled = {label["for"] for label in page.find_all("label")}
    for box in page.find_all(["input", "select", "textarea"]):
        assert box.get("type") == "hidden" or box["id"] in labelled
    names = [tag["id"] for tag in page.find_all(id=True)]
    assert len(names) == len(set(names))
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"]


def test_the_form_starts_from_declarations_and_payments(pages: TestClient) -> None:
    found = answers_of(pages.get(f"/licences/{STONE}/settlement"))
    assert [found[f"m0_y{row}_year"] for row in range(6)] == ["2020", "2021", "2022", "2023", "2024", "2025"]
    assert found["m0_y0_output"] == "3520"
    assert found["m0_output_unit"] == "m3_loose"
    assert found["paid_vnd"] == "12000000"
    assert found["m0_mined_since_2014"] == str(sum(1500 + year for year in range(2020, 2025)) + 900)


def test_prices_come_from_the_list_and_say_which(pages: TestClient) -> None:
    answer = pages.get(f"/licences/{STONE}/settlement", params=settle(pages) | {"do": "refresh"})
    assert answers_of(answer)["m0_y0_price"] == "90000"
    assert "12/2014/QĐ-UBND" in words_of(answer)
    assert "SỐ LIỆU MẪU" in words_of(answer)


def test_the_page_shows_what_the_contract_computes(pages: TestClient) -> None:
    place = f"/licences/{STONE}/settlement"
    asked = settle(pages, notice_on="01/12/2026", m0_unpaid_quantity="5000", m0_cutoff_price="95.000")
    answer = pages.get(place, params=asked)
    assert answer.status_code == 200
    results = {}
    for which in ("settlement", "reapproval"):
        got = pages.get(f"{place}/{which}.json", params=asked)
        assert got.status_code == 200
        results[which] = json.loads(got.content)
        sheet = pages.get(f"{place}/{which}.xlsx", params=asked)
        assert sheet.content[:2] == b"PK"
    figures, text = results["settlement"]["result"], words_of(answer)
    expected = compute({
        "id": "11/GP-UBND", "kind": "settlement", "case": "first", "settled_on": "2026-11-24", "cutoff_on": "2025-06-30",
        "paid_vnd": 12000000, "notice_on": "2026-12-01", "rounding_vnd": 1,
        "minerals": [{
            "mineral": "construction_stone", "quantity_unit": "m3_in_situ", "right": {"by": "no_auction"},
            "unpaid_quantity": "5000", "cutoff_price": {"kind": "raw", "amount": 95000, "unit": "m3_loose"},
            "cutoff_conversion": {"bulking_factor": "1.475"},
            "years": [{
                "year": year, "output": str(1500 + year if year < 2025 else 900), "output_unit": "m3_loose",
                "price": {"kind": "raw", "amount": 90000, "unit": "m3_loose"}, "conversion": {"bulking_factor": "1.475"},
            } for year in range(2020, 2026)],
        }],
    })  # fmt: skip
    assert figures == expected["result"]
    assert figures["outcome"] == "underpaid"
    for amount in (
        figures["difference_vnd"],
        figures["top_up"]["repriced_vnd"],
        results["reapproval"]["result"]["annual_vnd"],
    ):
        assert f"{amount:,} đồng".replace(",", ".") in text
    assert "05/01/2027" in text


def test_what_was_entered_is_kept_for_the_province(own: TestClient, sqlite_store: Store) -> None:
    place = f"/licences/{STONE}/settlement"
    answer = own.get(place, params=settle(own))
    query = soup(answer).select_one("form[method=post] input[name=query]")
    assert query is not None
    assert own.post(place, data={"query": str(query["value"])}).status_code == 200
    with sqlite_store.session() as session:
        facts = facts_of(session, STONE)
    assert (facts.price_code, facts.bulking_factor, facts.right_by) == ("II 2.02.03", "1.475", "no_auction")
    found = answers_of(own.get(place))
    assert found["m0_bulking_factor"] == "1,475"
    assert found["m0_y0_price"] == "90000"
    for broken in ("", "a=1&a=2&%ff=%00", "m0_bulking_factor=0&m0_price_code=" + "x" * 3000):
        assert own.post(place, data={"query": broken}, follow_redirects=False).status_code == 303


def test_an_overpaid_licence_shows_the_offsets_in_their_order(pages: TestClient) -> None:
    asked = settle(pages, paid_vnd="900.000.000", budget_debts_vnd="5.000.000", next_instalments_vnd="1.000.000")
    offsets = soup(pages.get(f"/licences/{STONE}/settlement", params=asked)).select("ol.offsets li b")
    assert [one.get_text() for one in offsets][:2] == ["5.000.000 đồng", "1.000.000 đồng"]


def test_what_can_be_computed_is_shown_while_a_year_is_wrong(pages: TestClient) -> None:
    asked = settle(pages, m0_y1_output="1.250", do="live")
    live = soup(pages.get(f"/licences/{STONE}/settlement", params=asked)).select_one("#live")
    assert live is not None
    years = [cell.get_text(strip=True) for cell in live.select("tbody th")]
    assert years == ["2020", "2022", "2023", "2024", "2025"]
    assert "1250" in live.get_text()


def test_an_ambiguous_number_is_asked_back_beside_its_cell(pages: TestClient) -> None:
    answer = pages.get(f"/licences/{STONE}/settlement", params=settle(pages, m0_y1_output="1.250"))
    assert answer.status_code == 422
    assert "1250" in told_beside(answer, "m0_y1_output")
    assert "Số phải nộp bổ sung: hai cách hiểu" not in words_of(answer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"m0_y2_year": "2010"}, "trước ngày cấp giấy phép"),
        ({"m0_y2_output": "99999999"}, "vượt công suất"),
        ({"m0_y2_year": "", "m0_y2_output": "", "m0_y2_price": ""}, "Thiếu năm 2022"),
        ({"m0_y2_price": "80.000"}, "khác bảng giá"),
    ],
)
def test_the_page_warns_as_one_types(pages: TestClient, change: dict[str, str], said: str) -> None:
    live = soup(pages.get(f"/licences/{STONE}/settlement", params=settle(pages, do="live") | change)).select_one(
        "#live"
    )
    assert live is not None
    assert said in live.get_text()


PASTED = [
    ("2020\t1.250.000\ttấn\t90.000\n2021\t1.300,5\ttấn\t95.000", [
        {"year": "2020", "output": "1.250.000", "unit": "tonne", "price": "90.000"},
        {"year": "2021", "output": "1.300,5", "unit": "tonne", "price": "95.000"}]),
    ("Năm\tGiá tính thuế\tSản lượng\tĐVT\n31/12/2020\t90000\t500\tm3 nở rời\nTổng cộng\t\t500\t", [
        {"year": "2020", "price": "90000", "output": "500", "unit": "m3_loose"}]),
    ("2020;1250;m3;90000", [{"year": "2020", "output": "1250", "price": "90000"}]),
    ("Năm 2020  1 250  90 000", [{"year": "2020", "output": "1 250", "price": "90 000"}]),
    ('2020\t"1.250"\t\t', [{"year": "2020", "output": "1.250"}]),
    ("", []), ("\n\t\t\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), PASTED)
def test_a_pasted_block_becomes_rows_as_written(text: str, rows: list[dict[str, str]]) -> None:
    assert pasted(text, UNITS.get) == rows


@given(st.text(max_size=400) | st.text(alphabet='0123456789.,;\t\n năm"', max_size=400))
def test_no_pasted_text_breaks_the_reader(text: str) -> None:
    rows = pasted(text, UNITS.get)
    assert len(rows) <= MOST_YEARS
    assert all(set(row) <= set(COLUMNS) and row for row in rows)


def test_pasting_replaces_the_grid_and_asks_back(pages: TestClient) -> None:
    block = "2021\t1.250\tm3 nở rời\t90.000\n2022\t1.300.000\tm3 nở rời\t90.000"
    answer = pages.get(f"/licences/{STONE}/settlement", params=settle(pages) | {"m0_paste": block, "do": "paste_0"})
    found = answers_of(answer)
    assert found["m0_years"] == "2"
    assert (found["m0_y0_output"], found["m0_y1_output"]) == ("1.250", "1.300.000")
    assert "1250" in told_beside(answer, "m0_y0_output")
    nothing = pages.get(f"/licences/{STONE}/settlement", params=settle(pages) | {"m0_paste": " ", "do": "paste_0"})
    assert answers_of(nothing)["m0_years"] == "6"


EVIL = "<script>alert(1)</script>\"'"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_answers_break_the_settlement_page(pages: TestClient, data: st.DataObject) -> None:
    values = st.sampled_from(
        ["", "0", "-1", "1e9", "9" * 40, "31/02/2026", "2020", "1.250", EVIL, "NaN", "\ud7ff", "tonne", "²", "ore_bands",
         "frame_average", "x<30: 5; x≥30: 7", "I10202"]
    )  # fmt: skip
    names = ["occasion", "settled_on", "cutoff_on", "paid_vnd", "minerals", "m0_years", "m0_mineral", "m0_quantity_unit", "m0_right",
             "m0_price_kind", "m0_price_unit", "m0_price_code", "m0_y0_year", "m0_y0_output", "m0_y0_price", "m0_y0_unit", "m0_y0_rate",
             "m0_code", "m0_y0_kind", "m0_remaining_kind", "m0_grade",
             "m0_way", "m0_licensed_quantity", "reapprove", "fee_approved_on", "m0_kaolin_state", "m0_output_state"]  # fmt: skip
    asked = data.draw(st.dictionaries(st.sampled_from(names), values, max_size=12))
    asked["do"] = data.draw(st.sampled_from(
        ["compute", "live", "refresh", "prices", "add_year_0", "add_year_9", "paste_0", "paste_77", "drop_mineral_0", "add_mineral", EVIL]
    ))  # fmt: skip
    answer = pages.get(f"/licences/{STONE}/settlement", params=asked)
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    for which in ("settlement.json", "reapproval.xlsx"):
        got = pages.get(f"/licences/{STONE}/settlement/{which}", params=asked, follow_redirects=False)
        assert got.status_code in (200, 303, 422)


@pytest.mark.parametrize(
    "kind", ["ore_grade", "ore_bands", "concentrate", "component", "kaolin_unsieved", "determined", "frame_average"]
)
@pytest.mark.parametrize("way", ["quantity", "reserves", "capacity", "products", "flow"])
def test_every_choice_names_what_it_needs(pages: TestClient, kind: str, way: str) -> None:
    asked = settle(pages, m0_price_kind=kind, m0_way=way, m0_right="money_auction")
    answer = pages.get(f"/licences/{STONE}/settlement", params=asked)
    assert answer.status_code == 422
    wrong = [link["href"].removeprefix("#") for link in soup(answer).select("#errors a")]
    assert "m0_won_vnd" in wrong
    assert all(soup(answer).find(id=name) for name in wrong)


def pay(**more: str) -> dict[str, str]:
    return {
        "do": "payment", "paid_on": "01/10/2026", "document": "GNT 77", "principal": "10.000.000", "interest": "", "instalment": "",
        "payer": PAYER, "key": "page:one",
    } | more  # fmt: skip


def test_a_payment_is_added_once(own: TestClient, sqlite_store: Store) -> None:
    place = f"/licences/{STONE}/ledger"
    for _ in range(2):
        assert own.post(place, data=pay(), follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        assert balance(session, TODAY, licence=STONE).paid_vnd == 70_000_000
    again = own.post(place, data=pay(key="page:two"))
    assert again.status_code == 422
    assert soup(again).find(id="again") is not None
    assert own.post(place, data=pay(key="page:two", again="yes"), follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"paid_on": "31/02/2026"}, "paid_on"),
        ({"paid_on": "01/01/2030"}, "paid_on"),
        ({"principal": "mười triệu"}, "principal"),
        ({"principal": "", "interest": ""}, "principal"),
        ({"principal": "9" * 30}, "principal"),
        ({"document": ""}, "document"),
        ({"payer": ""}, "payer"),
        ({"interest": "-5"}, "interest"),
    ],
)
def test_a_wrong_payment_is_told_beside_its_field(
    own: TestClient, sqlite_store: Store, change: dict[str, str], field: str
) -> None:
    with sqlite_store.session() as session:
        before = read_entries(session)
    answer = own.post(f"/licences/{STONE}/ledger", data=pay(**change))
    assert answer.status_code == 422
    assert told_beside(answer, field)
    with sqlite_store.session() as session:
        assert read_entries(session) == before


def test_a_reversal_takes_an_entry_back_once(own: TestClient, sqlite_store: Store) -> None:
    place = f"/licences/{STONE}/ledger"
    asked = {"do": "reverse", "entry": "p", "reversed_on": "01/11/2026", "reason": "BB 3"}
    assert told_beside(own.post(place, data=asked | {"reversed_on": "01/01/2020"}), "reversed_on")
    assert own.post(place, data=asked, follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        assert balance(session, TODAY, licence=STONE).paid_vnd == 0
    assert own.post(place, data=asked).status_code == 422
    other = own.post("/licences/1/ledger", data=asked)
    assert other.status_code == 422


def test_changes_from_another_site_are_refused(own: TestClient) -> None:
    for place in (
        f"/licences/{STONE}/ledger",
        f"/settlement/{STONE}",
        "/settlement/run",
        "/import/office",
        "/import/office/undo/1",
    ):
        assert own.post(place, data=pay(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_ledger_shows_debts_and_escapes(own: TestClient) -> None:
    own.post(f"/licences/{STONE}/ledger", data=pay(document=EVIL))
    answer = own.get(f"/licences/{STONE}/ledger")
    assert "<script>alert" not in answer.text
    assert "30.000.000 đồng" in words_of(answer)
    assert len(soup(answer).select("svg rect.series-0")) > 1


def test_an_owner_is_set_and_the_filters_kept(own: TestClient) -> None:
    answer = own.post(
        f"/settlement/{STONE}", data={"owner": EVIL, "note": "hẹn 1/12", "f_lack": "right"}, follow_redirects=False
    )
    assert answer.headers["location"] == f"/settlement?lack=right#licence-{STONE}"
    page = own.get("/settlement", params={"owner": EVIL})
    assert "<script>alert" not in page.text
    assert len(soup(page).select("table.worklist tbody tr")) == 1
    assert "hẹn 1/12" in words_of(page)
    assert "37" in words_of(page)


def test_the_worklist_is_one_part_for_htmx_and_a_workbook(own: TestClient) -> None:
    part = own.get("/settlement?q=khongco", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Không có giấy phép nào khớp" in part.text
    assert own.post("/settlement/run", follow_redirects=False).status_code == 303
    assert own.get("/settlement/so-quyet-toan.xlsx").content[:2] == b"PK"


def test_the_year_adds_up(pages: TestClient) -> None:
    answer = pages.get("/collection?on=31/12/2023&by=licence")
    text = words_of(answer)
    assert "100.000.000" in text
    assert "40.000.000" in text
    assert "khớp" in text
    assert "60,0 %" in text
    assert "3.250 tỷ đồng" in text
    assert told_beside(pages.get("/collection?on=31/02/2023"), "on")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/settlement", "/collection", f"/licences/{STONE}/ledger"]),
    st.dictionaries(
        st.sampled_from(["q", "on", "by", "page", "status", "owner", "lack"]),
        st.text(max_size=20) | st.sampled_from([EVIL, "0", "01/01/0001", "31/12/9999", "9" * 25]),
    ),
)
def test_no_question_breaks_the_lists(pages: TestClient, place: str, asked: dict[str, str]) -> None:
    answer = pages.get(f"{place}?{urlencode(asked, errors='ignore')}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


OUTPUT = as_csv(
    ("Số GP", "Năm", "Sản lượng nguyên khai", "Đơn vị tính"),
    ("13/GP-UBND", "2020", "1.250", "tấn"),
    ("13/GP-UBND", "2021", "500", "tấn"),
)


def test_a_file_is_previewed_then_written_then_undone(own: TestClient, sqlite_store: Store) -> None:
    def outputs() -> int:
        with sqlite_store.session() as session:
            return len(outputs_of(session, 6))

    preview = own.post(
        "/import/office", data={"kind": "output"}, files={"file": (EVIL, OUTPUT)}, follow_redirects=False
    )
    assert preview.status_code == 303
    place = preview.headers["location"]
    shown = own.get(place)
    assert outputs() == 0
    assert "1250" in words_of(shown)
    assert "<script>alert" not in shown.text
    assert own.get(f"{place}/report.xlsx").content[:2] == b"PK"
    written = own.post(place)
    assert written.status_code == 200
    assert outputs() == 1
    assert own.post(place).status_code == 404
    batch = max(int(form["action"].rpartition("/")[2]) for form in soup(own.get("/import/office")).select("table form"))
    assert own.post(f"/import/office/undo/{batch}", follow_redirects=False).status_code == 303
    assert outputs() == 0
    assert own.post(f"/import/office/undo/{batch}").status_code == 409


@pytest.mark.parametrize("kind", ["output", "prices", "payments", "weighbridge", "gaps"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"PK\x03\x04broken", as_xlsx(("x", "=1+1"), ("y", 2), merge=("A1:B1",))],
)
def test_no_file_breaks_the_import(own: TestClient, kind: str, content: bytes) -> None:
    answer = own.post("/import/office", data={"kind": kind}, files={"file": ("tep.xlsx", content)})
    assert answer.status_code in (200, 400)
    assert "chưa ghi gì" in words_of(answer).lower()


def test_a_form_without_file_or_kind_says_so(own: TestClient) -> None:
    assert own.post("/import/office", data={"kind": "output"}).status_code == 422
    assert own.post("/import/office", data={"kind": EVIL}, files={"file": ("a.csv", OUTPUT)}).status_code == 422
    wrong = own.post(
        "/import/office", data={"kind": "prices", "valid_from": "31/02/2020"}, files={"file": ("a.csv", OUTPUT)}
    )
    assert wrong.status_code == 422
    for place in ("/import/office/preview/x", "/import/office/reports/x", "/import/office/preview/x/report.xlsx"):
        assert own.get(place).status_code == 404
