"""The pages: every one answers in both languages, tells the truth of the engine, escapes what it was told, and never breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import insert, text

from api.app import create_app
from api.contract import compute
from api.contract.examples import EXAMPLES
from api.imports.sample import SAMPLE, load_sample
from api.pages.answers import read_day, read_decimal, read_quantity, read_whole, typed_quantity
from api.pages.chart import chart
from api.pages.explanation import explanation_html
from api.pages.figures import SCHEDULE, label
from api.pages.speech import Speech
from api.settings import Settings
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from api.store.models import ImportBatch, Licence
from api.store.text import fold
from rules.trace import Text
from rules.words import amount_in_words
from tests.browser.answers import OLD, STONE

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
PLACES = [
    "/licences", "/licences?page=2", "/licences?q=da+voi&authority=province&expiry=expired", "/licences?q=khongco", "/licences/1",
    "/calculator", "/import", "/import/mappings", "/import/batches/1", "/law", "/law?on=01/01/2020&q=cat", "/law/changes",
    "/law/changes?from=01/07/2025&to=02/07/2025", "/law/gaps",
]  # fmt: skip


def application(store: Store, **chosen: Any) -> TestClient:
    return TestClient(create_app(store, Settings(**chosen), clock=lambda: TODAY), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application over the sample register, for tests that only read."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'khoangsan.db'}")
    migrate(store)
    load_sample(store, now=NOW, today=TODAY)
    yield application(store)
    store.close()


@pytest.fixture
def pages(served: TestClient) -> TestClient:
    """The same for a reader who comes for the first time: no language remembered."""
    served.cookies.clear()
    return served


@pytest.fixture
def own_pages(sqlite_store: Store) -> TestClient:
    """The application over an empty register of its own."""
    return application(sqlite_store)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def words_of(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


def error_of(answer: Any, name: str) -> str:
    """The message beside a field, reached the way a screen reader reaches it."""
    page = soup(answer)
    box = page.find(id=name)
    assert isinstance(box, Tag)
    assert box["aria-invalid"] == "true"
    told = page.find(id=str(box["aria-describedby"]).split()[0])
    assert isinstance(told, Tag)
    return told.get_text(strip=True)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_answers_in_both_languages(pages: TestClient, place: str, lang: str) -> None:
    answer = pages.get(place, params={**{k: v[0] for k, v in parse_qs(urlsplit(place).query).items()}, "lang": lang})
    assert answer.status_code == 200
    page = soup(answer)
    assert page.html is not None
    assert page.html["lang"] == lang
    assert page.h1 is not None
    assert page.find("main", id="main") is not None
    assert ("Giấy phép" if lang == "vi" else "Licences") in words_of(answer)


@pytest.mark.parametrize("place", [*PLACES, "/nope"])
def test_no_page_needs_inline_script_or_style_and_every_field_has_a_label(pages: TestClient, place: str) -> None:
    answer = pages.get(place)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = soup(answer)
    assert all(script.get("src") and not script.get_text() for script in page.find_all("script"))
    assert not page.find_all("style")
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
    labelled = {label["for"] for label in page.find_all("label")}
    for box in page.find_all(["input", "select"]):
        assert box.get("type") == "hidden" or box["id"] in labelled
    names = [tag["id"] for tag in page.find_all(id=True)]
    assert len(names) == len(set(names))
    for table in page.find_all("table"):
        assert table.find("th", scope="col") is not None


def test_the_first_page_is_the_register(pages: TestClient) -> None:
    assert pages.get("/", follow_redirects=False).headers["location"] == "/licences"


def test_the_language_is_remembered_and_the_switch_keeps_the_place(pages: TestClient) -> None:
    with TestClient(pages.app) as reader:
        english = reader.get("/licences?q=cat&lang=en")
        assert "Register of mining licences" in english.text
        assert "Register of mining licences" in reader.get("/licences").text
        link = soup(english).find("a", class_="language")
        assert isinstance(link, Tag)
        assert parse_qs(urlsplit(str(link["href"])).query) == {"q": ["cat"], "lang": ["vi"]}
        assert "Sổ giấy phép" in reader.get(str(link["href"])).text


def shown(answer: Any) -> list[str]:
    return [row.get_text(" ", strip=True) for row in soup(answer).select("table.register tbody tr")]


def test_search_ignores_accents_and_finds_all_words(pages: TestClient) -> None:
    found = shown(pages.get("/licences?q=da voi"))
    assert found
    assert found == shown(pages.get("/licences?q=Đá VÔI"))
    assert all("da" in fold(row) and "voi" in fold(row) for row in found)


@pytest.mark.parametrize("name", ["mineral", "authority", "expiry"])
def test_each_filter_shows_as_many_as_it_says(pages: TestClient, name: str) -> None:
    options = soup(pages.get("/licences")).select(f"#{name} option[value]:not([value=''])")
    assert options
    for option in options:
        said = int(re.sub(r"\D", "", option.get_text().rpartition("(")[2]))
        assert re.search(rf"trong {said}\b", words_of(pages.get(f"/licences?{name}={option['value']}"))) or said == 0


def test_the_pages_of_the_list_show_every_licence_once(pages: TestClient) -> None:
    address: str | None = "/licences"
    seen: list[str] = []
    while address:
        page = soup(pages.get(address))
        seen += [str(link["href"]) for link in page.select("table.register th a")]
        after = page.find("a", rel="next")
        address = str(after["href"]) if isinstance(after, Tag) else None
    assert len(seen) == len(set(seen)) > 100
    assert pages.get("/licences?page=99999").status_code == 200


def test_htmx_gets_the_list_alone_but_its_history_gets_the_page(pages: TestClient) -> None:
    part = pages.get("/licences?q=cat", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert shown(part) == shown(pages.get("/licences?q=cat"))
    restored = pages.get("/licences?q=cat", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text
    assert "HX-Request" in part.headers["Vary"]


def test_a_licence_says_what_is_missing_and_what_to_do(pages: TestClient) -> None:
    answer = pages.get("/licences/1")
    missing = soup(answer).find(id="missing")
    assert isinstance(missing, Tag)
    assert "Bổ sung theo giấy phép" in missing.get_text()
    assert "Complete it from the licence" in pages.get("/licences/1?lang=en").text


def test_the_form_starts_with_what_the_register_knows(pages: TestClient) -> None:
    page = soup(pages.get("/licences/3"))
    value = {str(box["id"]): box.get("value") for box in page.select("form.case input[id]")}
    assert value["approved_on"] == "20/03/2026"
    assert (value["issued_on"], value["expires_on"]) == ("29/03/2019", "29/03/2034")
    assert value["m0_quantity"] == "112094,1"
    chosen = {str(box["id"]): box.select_one("option[selected]") for box in page.select("form.case select")}
    assert {name: str(option["value"]) for name, option in chosen.items() if option is not None}.items() >= {
        "m0_mineral": "river_sand_gravel", "m0_quantity_unit": "m3_in_situ", "m0_price_kind": "raw",
    }.items()  # fmt: skip


@pytest.mark.parametrize(("answers", "kind"), [(STONE, "licence_right_fee"), (OLD, "licence_right_fee_2019")])
def test_the_page_shows_exactly_what_the_engine_says(pages: TestClient, answers: dict[str, str], kind: str) -> None:
    expected = compute(EXAMPLES[kind] | {"id": "calculator"})
    assert expected["ok"]
    answer = pages.get("/calculator", params=answers)
    assert answer.status_code == 200
    told = words_of(answer)
    total = expected["result"]["total_vnd"]
    assert f"{total:,}".replace(",", ".") + " đồng" in told
    assert amount_in_words(total) in told
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all("td")] for row in soup(answer).select(".schedule tbody tr")
    ]
    assert [(int(row[1]), int(re.sub(r"\D", "", row[2])), row[3]) for row in rows] == [
        (one["year"], one["amount_vnd"], date.fromisoformat(one["due_on"]).strftime("%d/%m/%Y"))
        for one in expected["result"]["schedule"]
    ]
    for step in expected["trace"]:
        assert step["label_vi"] in told
        assert all(f"{cite['at']}, {cite['instrument']}" in told for cite in step["cite"])
    for several in (expected["cautions"], expected["not_applied"]):
        assert all(one["message_vi"] in told for one in several)
    assert expected["law"]["digest"] in told
    assert soup(answer).select_one("svg rect.bar") is not None


@pytest.mark.parametrize(("answers", "kind"), [(STONE, "licence_right_fee"), (OLD, "licence_right_fee_2019")])
def test_the_downloads_hold_the_result(pages: TestClient, answers: dict[str, str], kind: str) -> None:
    page = soup(pages.get("/calculator", params=answers))
    links = {str(link["href"]).partition("?")[0]: str(link["href"]) for link in page.select("#result .actions a")}
    expected = compute(EXAMPLES[kind] | {"id": "calculator"})
    as_json = pages.get(links["/calculator/fee.json"])
    assert as_json.json() == expected
    assert "attachment" in as_json.headers["Content-Disposition"]
    book = load_workbook(BytesIO(pages.get(links["/calculator/fee.xlsx"]).content))
    assert book.sheetnames == ["Kết quả", "Lịch nộp", "Diễn giải", "Cảnh báo"]
    schedule = [row[1:3] for row in book["Lịch nộp"].iter_rows(min_row=2, values_only=True)]
    assert schedule == [(one["year"], one["amount_vnd"]) for one in expected["result"]["schedule"]]
    assert all(type(amount) is int for _, amount in schedule)
    assert book["Diễn giải"].max_row == len(expected["trace"]) + 1
    assert book["Cảnh báo"].max_row == len(expected["cautions"]) + len(expected["not_applied"]) + 1
    assert expected["result"]["total_vnd"] in [row[1] for row in book["Kết quả"].iter_rows(values_only=True)]


def test_a_link_to_a_result_means_the_same_in_both_languages(pages: TestClient) -> None:
    answers = STONE | {"m0_quantity": "1250000,5"}
    vietnamese = pages.get("/calculator/fee.json", params=answers | {"lang": "vi"}).json()
    assert vietnamese["ok"]
    assert vietnamese == pages.get("/calculator/fee.json", params=answers | {"lang": "en"}).json()


def test_everything_wrong_is_said_beside_its_field_at_once(pages: TestClient) -> None:
    answers = STONE | {"approved_on": "31/02/2026", "group": "", "m0_quantity": "1.250", "m0_price_amount": "-5", "m0_bulking_factor": ""}  # fmt: skip
    answer = pages.get("/calculator", params=answers)
    assert answer.status_code == 422
    assert error_of(answer, "approved_on").startswith("Ngày không đọc được")
    assert error_of(answer, "group") == "Chưa nhập."
    assert "1250" in error_of(answer, "m0_quantity")
    assert error_of(answer, "m0_price_amount").startswith("Phải là số nguyên")
    summary = soup(answer).select("#errors li a")
    assert {str(link["href"]) for link in summary} >= {"#approved_on", "#group", "#m0_quantity", "#m0_price_amount"}
    assert soup(answer).find(id="result") is None
    english = pages.get("/calculator", params=answers | {"lang": "en"})
    assert error_of(english, "group") == "Not filled in."


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"m0_bulking_factor": ""}, "m0_bulking_factor", "Chưa nhập."),
        ({"m0_quantity_unit": ""}, "m0_quantity_unit", "Chưa nhập."),
        ({"approved_on": "01/01/2010"} | {k: OLD[k] for k in ("mining_method", "area", "licensed_by")}, "approved_on", "67/2019"),
        ({"m0_price_unit": "kg"}, "m0_price_unit", "Không có quy tắc quy đổi"),
        ({"expires_on": "01/01/2026"}, "expires_on", ""),
        ({"m0_winning_rate_percent": "1"}, "m0_winning_rate_percent", ""),
        ({"m0_exempt_quantity": "2000000"}, "m0_exempt_quantity", ""),
        ({"m0_mineral": "unobtainium"}, "m0_mineral", "unobtainium"),
    ],
)  # fmt: skip
def test_what_the_law_refuses_is_said_beside_its_field(
    pages: TestClient, changes: dict[str, str], name: str, said: str
) -> None:
    answer = pages.get("/calculator", params=STONE | changes)
    assert answer.status_code == 422
    assert said in error_of(answer, name)


BASE = {key: value for key, value in STONE.items() if not key.startswith("m0_")} | {
    "m0_quantity": "1000000",
    "m0_quantity_unit": "tonne",
}
KINDS: list[tuple[dict[str, str], set[str]]] = [
    ({"m0_price_kind": "raw", "m0_mineral": "iron", "m0_price_amount": "450000", "m0_price_unit": "tonne"}, set()),
    ({"m0_price_kind": "raw", "m0_mineral": "other_industrial", "m0_price_amount": "450000", "m0_price_unit": "m3_loose",
      "m0_bulking_factor": "1,475", "m0_density": "2,65"}, {"bulking_factor", "density"}),
    ({"m0_price_kind": "ore_grade", "m0_mineral": "iron", "m0_price_amount": "450000", "m0_grade": "42", "m0_price_grade": "60",
      "m0_grade_unit": "percent"}, {"grade", "price_grade", "grade_unit"}),
    ({"m0_price_kind": "concentrate", "m0_mineral": "titanium", "m0_price_amount": "450000", "m0_grade": "1,2",
      "m0_price_grade": "50"}, {"grade", "price_grade", "grade_unit"}),
    ({"m0_price_kind": "component", "m0_mineral": "other_industrial", "m0_price_amount": "450000", "m0_grade": "20",
      "m0_price_grade": "30"}, {"grade", "price_grade", "grade_unit"}),
    ({"m0_price_kind": "ore_bands", "m0_mineral": "iron", "m0_bands": "3", "m0_b0_high": "30", "m0_b0_amount": "250000",
      "m0_b1_low": "30", "m0_b1_high": "40", "m0_b1_amount": "350.000", "m0_b2_low": "40", "m0_b2_amount": "450000",
      "m0_grade": "35"}, {"grade", "grade_unit"}),
    ({"m0_price_kind": "kaolin_sieved", "m0_mineral": "kaolin", "m0_price_amount": "450000", "m0_kaolin_state": "unsieved",
      "m0_kaolin_recovery": "0,35"}, {"kaolin_state", "kaolin_recovery"}),
    ({"m0_price_kind": "kaolin_sieved", "m0_mineral": "kaolin", "m0_price_amount": "450000", "m0_kaolin_state": "sieved"},
     {"kaolin_state"}),
    ({"m0_price_kind": "determined", "m0_mineral": "iron", "m0_price_amount": "450000", "m0_price_unit": "kg", "m0_factor": "1,2",
      "m0_factor_source": "Văn bản 1/QĐ"}, {"factor", "factor_source"}),
    ({"m0_price_kind": "frame_average", "m0_mineral": "iron", "m0_code": "I10201"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "asked"), KINDS)
def test_each_kind_of_price_asks_for_what_it_needs_and_no_more(
    pages: TestClient, answers: dict[str, str], asked: set[str]
) -> None:
    answer = pages.get("/calculator", params=BASE | answers)
    assert answer.status_code == 200, words_of(answer)
    conversions = {
        "bulking_factor", "density", "grade", "price_grade", "grade_unit", "kaolin_state", "kaolin_recovery", "factor", "factor_source",
    }  # fmt: skip
    assert {name for name in conversions if soup(answer).find(id=f"m0_{name}")} == asked
    without = {name: value for name, value in answers.items() if name.removeprefix("m0_") not in conversions}
    if asked - {"grade_unit"}:
        again = pages.get("/calculator", params=BASE | without)
        assert {
            error_of(again, f"m0_{name}") for name in asked - {"grade_unit", "kaolin_recovery", "factor_source"}
        } == {"Chưa nhập."}


def test_water_asks_for_its_flow(pages: TestClient) -> None:
    answers = BASE | {
        "m0_mineral": "mineral_water", "m0_flow_m3_per_day": "120,5", "m0_term_days": "3.650", "m0_price_kind": "raw",
        "m0_price_amount": "200.000", "m0_price_unit": "m3_water",
    }  # fmt: skip
    answer = pages.get("/calculator", params=answers)
    assert answer.status_code == 200, words_of(answer)
    assert soup(answer).find(id="m0_quantity") is None


def test_minerals_and_rows_can_be_added_and_taken_away(pages: TestClient) -> None:
    two = pages.get("/calculator", params=STONE | {"do": "add_mineral"})
    assert soup(two).find(id="m1_mineral") is not None
    second = {name.replace("m0_", "m1_"): value for name, value in STONE.items() if name.startswith("m0_")}
    both = STONE | second | {"minerals": "2", "m0_mineral": "fill_material"}
    assert len(pages.get("/calculator/fee.json", params=both).json()["result"]["minerals"]) == 2
    left = soup(pages.get("/calculator", params=both | {"do": "drop_mineral_0"}))
    assert left.find(id="m1_mineral") is None
    chosen = left.select_one("#m0_mineral option[selected]")
    assert chosen is not None
    assert chosen["value"] == "construction_stone"
    assert soup(pages.get("/calculator", params=OLD | {"do": "add_repricing"})).find(id="p1_year") is not None


NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "-1", "1e9", "NaN", "Infinity", "1.250", "9" * 40, "9" * 5000, "\0", "<script>", "=1+1", "31/02/2026",
                     "99/99/9999", "01/01/0001", "²", "١٢", "1,5", "100,5", "m3_loose", "tonne", "ore_bands", "kaolin_sieved"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(
        st.sampled_from([*STONE, *OLD, *(name for answers, _ in KINDS for name in answers), "m0_bands", "m0_as", "lang", "m1_mineral"]),
        NASTY,
        max_size=8,
    ),
    base=st.sampled_from([STONE, OLD, *(BASE | answers for answers, _ in KINDS)]),
    action=st.one_of(st.sampled_from(["compute", "add_mineral", "add_band_0", "drop_mineral_0", "add_band_" + "9" * 5000]), NASTY),
    place=st.sampled_from(["/calculator", "/calculator/fee.json", "/calculator/fee.xlsx", "/licences/1"]),
)  # fmt: skip
def test_no_answer_breaks_the_form(
    pages: TestClient, changes: dict[str, str], base: dict[str, str], action: str, place: str
) -> None:
    answer = pages.get(place, params={**base, "do": action, **changes})
    assert answer.status_code in (200, 422)
    assert "Traceback" not in answer.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["q", "mineral", "authority", "expiry", "page", "on", "from", "to", "lang"]), NASTY
    ),
    place=st.sampled_from(["/licences", "/law", "/law/changes", "/law/gaps", "/import", "/import/mappings"]),
)
def test_no_query_breaks_a_page(pages: TestClient, asked: dict[str, str], place: str) -> None:
    assert pages.get(place, params=asked).status_code in (200, 422)


@given(whole=st.integers(0, 10**15))
def test_a_whole_number_reads_the_same_however_it_is_grouped(whole: int) -> None:
    for written in (f"{whole}", f"{whole:,}", f"{whole:,}".replace(",", "."), f"{whole:,}".replace(",", " ")):
        assert read_whole(written) == whole


@given(number=st.decimals(0, 10**12, places=4, allow_nan=False))
def test_a_quantity_of_the_register_survives_the_form(number: Any) -> None:
    plain = format(number, "f").rstrip("0").rstrip(".")
    assert read_quantity(typed_quantity(plain)) == plain


@pytest.mark.parametrize(
    ("written", "read"), [("1,475", "1.475"), ("1.475", "1.475"), ("0,050", "0.05"), ("12", "12"), ("007", "7")]
)
def test_small_decimals_take_either_sign(written: str, read: str) -> None:
    assert read_decimal(written) == read


@pytest.mark.parametrize("written", ["1.250", "1,250", "", "x", "1.2.3", "-5", "1e5", "NaN", "٣"])
def test_what_may_mean_two_things_or_nothing_is_refused(written: str) -> None:
    assert isinstance(read_quantity(written), Text)


@given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_date_reads_back(day: date) -> None:
    assert read_day(day.strftime("%d/%m/%Y").zfill(10)) == day.isoformat() == read_day(day.isoformat())


@given(
    payments=st.lists(
        st.fixed_dictionaries({"year": st.integers(2020, 2060), "amount_vnd": st.integers(0, 10**18)}), max_size=60
    )
)
def test_the_chart_keeps_the_order_of_amounts_within_its_frame(payments: list[dict[str, Any]]) -> None:
    drawn = chart(payments, Speech("vi"))
    years = sorted({one["year"] for one in payments})
    if drawn is None:
        assert len(years) < 2 or not any(one["amount_vnd"] for one in payments)
        return
    sums = [sum(one["amount_vnd"] for one in payments if one["year"] == year) for year in years]
    assert len(drawn.bars) == len(years)
    for bar in drawn.bars:
        assert 0 <= bar.y <= bar.y + bar.height == drawn.base
        assert drawn.left <= bar.x
        assert bar.x + bar.width <= drawn.width
    for (one, high), (other, higher) in zip(
        zip(sums, drawn.bars, strict=True), list(zip(sums, drawn.bars, strict=True))[1:], strict=False
    ):
        assert (one - other) * (high.height - higher.height) >= 0
    assert len({figure for _, figure in drawn.ticks}) == len(drawn.ticks) <= 6


# --- what people put in -----------------------------------------------------------------------------------------------

HEADER = "So_GP,Ten_don_vi,Ten_mo_xa,Loai_KS,Co_quan_cap,Ngay_cap,Ngay_het_han,Dien_tich_ha,CS_m3,TL_phep_m3"
ROW = "{number},{holder},Mỏ thử,{mineral},Tỉnh cấp,09/06/2026,09/06/2036,5,1000,20000"


def register(**values: str) -> bytes:
    filled = {"number": "1/GP-UBND", "holder": "Đơn vị A", "mineral": "Quặng sắt"} | values
    return f"{HEADER}\n{ROW.format(**filled)}\n".encode()


def upload(client: TestClient, content: bytes, name: str = "so.csv", **headers: str) -> Any:
    return client.post("/import", files={"file": (name, content)}, headers=headers)


def test_a_register_goes_in_and_its_report_comes_out(own_pages: TestClient) -> None:
    first = upload(own_pages, SAMPLE.read_bytes(), SAMPLE.name)
    assert first.status_code == 200
    assert first.url.path.startswith("/import/reports/")
    assert re.search(r"\b151 giấy phép mới", words_of(first))
    rows = soup(first).select("table.findings tbody tr")
    assert rows
    assert all(row.select("td")[-1].get_text(strip=True) for row in rows)
    book = load_workbook(BytesIO(own_pages.get(f"{first.url.path}/report.xlsx").content))
    assert book["Phát hiện"].max_row - 1 >= len(rows)
    again = upload(own_pages, SAMPLE.read_bytes(), SAMPLE.name)
    assert "Tệp không làm thay đổi sổ" in words_of(again)
    history = own_pages.get("/import")
    assert SAMPLE.name in history.text
    assert len(soup(history).select("tbody tr")) == 1


def test_a_changed_row_shows_old_and_new(own_pages: TestClient) -> None:
    upload(own_pages, register())
    answer = upload(own_pages, register().replace(b"09/06/2036", b"10/07/2037"))
    assert [tag.get_text() for tag in soup(answer).find_all(["del", "ins"])] == ["09/06/2036", "10/07/2037"]
    assert "10/07/2037" in own_pages.get("/import/batches/2").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        ("Số GP,Tên đơn vị\n1,Đá".encode("cp1258", "replace") + b"\xff\xfe\xe1", "không phải UTF-8"),
        (b"PK\x03\x04not really", "hỏng"),
        (b"just words\nand more", "dòng tên cột"),
        (b"\0" * 5000, "dòng tên cột"),
    ],
)
def test_an_unreadable_file_gets_a_clear_answer(own_pages: TestClient, content: bytes, said: str) -> None:
    answer = upload(own_pages, content)
    assert answer.status_code == 400
    assert said in words_of(answer)
    assert "Sổ chưa có giấy phép nào" in own_pages.get("/licences").text


@pytest.mark.parametrize("megabytes", [1.5, 3, 30])
def test_a_huge_file_is_refused_with_the_limit(sqlite_store: Store, megabytes: float) -> None:
    small = application(sqlite_store, import_max_mb=1)
    answer = upload(small, b"x" * int(megabytes * 1024 * 1024))
    assert answer.status_code in (400, 413)
    assert "giới hạn 1 MB" in words_of(answer)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"), (b"garbage", "multipart/form-data; boundary=x"), (b"garbage", "multipart/form-data"),
        (b"a=b", "application/x-www-form-urlencoded"), (b"{}", "application/json"), (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["/import", "/import/mappings"])
def test_a_broken_form_is_not_a_broken_server(own_pages: TestClient, place: str, body: bytes, kind: str) -> None:
    answer = own_pages.post(place, content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 422)
    assert soup(answer).select_one("[role=alert], h1") is not None


@pytest.mark.parametrize("place", ["/import", "/import/mappings"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://bad.example"}, {"Origin": "null"}])  # fmt: skip
def test_other_sites_cannot_post_here(own_pages: TestClient, place: str, headers: dict[str, str]) -> None:
    answer = own_pages.post(place, files={"file": ("so.csv", register())}, headers=headers)
    assert answer.status_code == 403
    assert "trang khác" in words_of(answer)
    assert "Sổ chưa có giấy phép nào" in own_pages.get("/licences").text
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert upload(own_pages, register(), **own).status_code == 200


SCRIPT = "<script>alert(1)</script>"


def test_what_somebody_wrote_never_becomes_markup(own_pages: TestClient) -> None:
    report = upload(own_pages, register(holder=SCRIPT, mineral=SCRIPT, number=SCRIPT), f"{SCRIPT}.csv")
    own_pages.post("/import/mappings", data={"do": "set_header", "name": SCRIPT, "chosen": "note"})
    own_pages.post(
        "/import/mappings", data={"do": "set_mineral", "name": "x" + SCRIPT, "chosen": "iron", "where": SCRIPT}
    )
    places = [
        "/licences",
        "/licences/1",
        f"/licences?q={SCRIPT}",
        "/import",
        "/import/batches/1",
        "/import/mappings",
        f"/law?q={SCRIPT}",
    ]
    places += [
        f"/law?on={SCRIPT}",
        f"/law/changes?from={SCRIPT}",
        f"/calculator?do=compute&m0_quantity={SCRIPT}&m0_mineral={SCRIPT}",
    ]
    answers = [report, *(own_pages.get(place) for place in places)]
    assert sum("&lt;script&gt;" in answer.text for answer in answers) >= 8
    for answer in answers:
        assert answer.status_code in (200, 422)
        assert SCRIPT not in answer.text
        assert "alert" not in "".join(script.get_text() for script in soup(answer).find_all("script"))


def test_no_cell_of_a_workbook_is_a_formula(own_pages: TestClient) -> None:
    upload(own_pages, register(number="=1+1"))
    answer = own_pages.get("/licences/1/fee.xlsx", params=STONE)
    assert answer.status_code == 200
    cells = [cell for sheet in load_workbook(BytesIO(answer.content)) for row in sheet.iter_rows() for cell in row]
    assert "'=1+1" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_mapping_reaches_the_licences_and_can_be_taken_back(own_pages: TestClient) -> None:
    upload(own_pages, register(mineral="Đá lạ"))
    assert "Đá lạ" in own_pages.get("/import/mappings").text
    assert "Chưa xác định được mã" in own_pages.get("/licences/1").text
    own_pages.post("/import/mappings", data={"do": "set_mineral", "name": "đá LẠ", "chosen": "construction_stone"})
    assert "Chưa xác định được mã" not in own_pages.get("/licences/1").text
    own_pages.post("/import/mappings", data={"do": "remove_mineral", "name": "đá lạ"})
    assert "Chưa xác định được mã" in own_pages.get("/licences/1").text


@pytest.mark.parametrize(
    "answers",
    [
        {"do": "set_mineral", "name": "", "chosen": "iron"}, {"do": "set_mineral", "name": "x", "chosen": "unobtainium"},
        {"do": "set_header", "name": "x", "chosen": "nothing"}, {"do": "set_header"}, {"do": "other"}, {},
    ],
)  # fmt: skip
def test_a_wrong_mapping_says_so(own_pages: TestClient, answers: dict[str, str]) -> None:
    answer = own_pages.post("/import/mappings", data=answers)
    assert answer.status_code == 422
    assert soup(answer).select_one("[role=alert]") is not None


# --- the law, the errors, the document of its own -----------------------------------------------------------------------


def test_the_law_page_shows_the_law_of_the_day(pages: TestClient) -> None:
    assert "67/2019/NĐ-CP" in words_of(pages.get("/law?on=01/01/2021"))
    now = soup(pages.get("/law?on=01/03/2026&q=da hoa trang"))
    rows = [row.get_text(" ", strip=True) for row in now.select("table.law tbody tr")]
    assert any("Đá hoa trắng" in row for row in rows)
    assert all(word in fold(row) for row in rows for word in ("da", "hoa", "trang"))
    wrong = pages.get("/law?on=31/02/2026")
    assert wrong.status_code == 422
    assert error_of_date(wrong).startswith("Ngày không đọc được")


def test_values_of_the_book_read_in_the_language_of_the_page(pages: TestClient) -> None:
    def value(name: str, lang: str) -> str:
        rows = soup(pages.get(f"/law?on=01/03/2026&q={name}&lang={lang}")).select("table.law tbody tr")
        return " | ".join(row.select("td")[1].get_text(strip=True) for row in rows)

    assert value("licence_right.first_due", "vi") == "24 ngày làm việc"
    assert value("licence_right.first_due", "en") == "24 working days"
    assert value("licence_right.later_due", "vi") == "31/05"
    assert set(value("licence_right.k1", "vi")) <= set(" |")


def error_of_date(answer: Any) -> str:
    told = soup(answer).find(id="on-error")
    assert isinstance(told, Tag)
    return told.get_text(strip=True)


def test_the_changes_between_two_days_show_both_sides(pages: TestClient) -> None:
    same = pages.get("/law/changes?from=01/03/2026&to=02/03/2026")
    assert "0 khác biệt" in words_of(same)
    across = soup(pages.get("/law/changes?from=15/01/2026&to=16/01/2026"))
    assert across.select("table.law tbody tr")
    assert "21/2026/NĐ-CP" in across.get_text()


def test_every_named_gap_says_what_to_do(pages: TestClient) -> None:
    rows = soup(pages.get("/law/gaps")).select("table.law tbody tr")
    assert rows
    assert all(cell.get_text(strip=True) for row in rows for cell in row.find_all("td"))


@pytest.mark.parametrize("place", ["/nope", "/licences/0", "/licences/x", "/licences/" + "9" * 30, "/licences/-1", "/import/batches/77", "/import/reports/zz", "/licences/1/nope"])  # fmt: skip
def test_what_is_not_there_has_a_page_in_both_languages(pages: TestClient, place: str) -> None:
    answer = pages.get(place)
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text
    assert "There is no such page" in answer.text


def test_machines_keep_their_json_errors(pages: TestClient) -> None:
    assert pages.get("/v1/nope").headers["content-type"] == "application/json"
    assert pages.post("/licences").status_code == 405


def test_a_failure_of_our_own_shows_no_stack_trace(sqlite_store: Store, own_pages: TestClient) -> None:
    with sqlite_store.write() as session:
        session.connection().execute(text("DROP TABLE licence"))
    answer = own_pages.get("/licences")
    assert answer.status_code == 500
    assert "Có lỗi ở phía hệ thống" in answer.text
    assert "sqlalchemy" not in answer.text.lower()


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names_in(inner)}
    return {name for inner in value for name in names_in(inner)} if isinstance(value, list) else set()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_figure_of_every_kind_has_a_name_in_both_languages(kind: str) -> None:
    for name in names_in(compute(EXAMPLES[kind])["result"]) - {SCHEDULE}:
        assert label(name, Speech("vi")) != name
        assert label(name, Speech("en")) != name


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_explanation_is_a_document_of_its_own(kind: str, lang: Any) -> None:
    result = compute(EXAMPLES[kind] | {"id": SCRIPT})
    html = explanation_html(result, lang)
    page = BeautifulSoup(html, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == lang
    assert not page.find_all("script")
    assert not page.find_all("link")
    assert all(step[f"label_{lang}"] in page.get_text() for step in result["trace"])
    assert not page.select("details:not([open])")
    refused = explanation_html(compute(EXAMPLES[kind] | {"minerals": []}), lang)
    assert "minerals" in refused


def test_ten_thousand_licences_are_listed_in_under_a_tenth_of_a_second(
    sqlite_store: Store, own_pages: TestClient
) -> None:
    with sqlite_store.write() as session:
        batch = ImportBatch(
            file_name="x", sha256="x", imported_at=NOW, rows=0, new=0, unchanged=0, changed=0, set_aside=0, report={}
        )
        session.add(batch)
        session.flush()
        row = {
            "holder": "Đơn vị", "mine_name": "Mỏ đá", "mineral_local": "Đá vôi", "mineral_code": "construction_stone",
            "authority": "province", "issued_on": date(2020, 1, 1), "licensed_m3": "1600830", "fingerprint": "x", "source_file": "x",
            "source_row": 1, "batch_id": batch.id, "updated_at": NOW, "gaps": [], "extra": {},
        }  # fmt: skip
        rows = [
            row | {"number": f"{n}/GP", "search_text": f"{n}/gp don vi mo da", "expires_on": date(2026 + n % 20, 1, 1)}
            for n in range(10_000)
        ]
        session.connection().execute(insert(Licence), rows)
    for place in ("/licences", "/licences?q=mo+da&expiry=active&page=150", "/licences?q=khongco"):
        took = []
        for _ in range(5):
            start = perf_counter()
            assert own_pages.get(place).status_code == 200
            took.append(perf_counter() - start)
        assert min(took) < 0.1, (place, took)
