"""The grid of a settlement with prices by grade bands, means of the frame and several minerals: it sends what the contract takes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.contract import compute
from api.imports.outputs import import_outputs
from api.imports.prices import ListFacts, import_prices
from api.imports.register import import_register
from api.pages.grid import pasted
from api.pages.settlebands import read_bands, typed_bands
from api.province.edits import all_facts_of, facts_of
from api.province.run import settle_province
from api.province.worklist import Status, worklist
from api.store.engine import Store
from rules.trace import Text
from tests.api.office import NOW, as_csv, bring
from tests.api.test_province_minerals import OUTPUT, PRICES, REGISTER, output
from tests.api.test_settlement_pages import UNITS, answers_of, application, soup, told_beside, words_of

PLACE = "/licences/1/settlement"
BANDS = "x<30: 300.000; 30≤x<40: 400.000; x≥40: 600.000"


@pytest.fixture
def mine(sqlite_store: Store) -> TestClient:
    """An iron mine with a list of grade bands that begins in 2022: 2021 has no price."""
    bring(import_register, sqlite_store, REGISTER)
    bring(import_outputs, sqlite_store, as_csv(OUTPUT, *output("Quặng sắt", 1000, "35")))
    facts = ListFacts(decision="12/2021/QĐ-UBND", valid_from=date(2022, 1, 1), region="")
    bring(import_prices, sqlite_store, as_csv(*PRICES), facts=facts)
    return application(sqlite_store)


def asked(pages: TestClient, **more: str) -> dict[str, str]:
    first = answers_of(pages.get(PLACE)) | {"m0_price_kind": "ore_bands", "m0_price_code": "I102"} | more
    return answers_of(pages.get(PLACE, params=first | {"do": "prices"}))


def test_bands_are_fetched_as_text_and_sent_as_bands(mine: TestClient) -> None:
    answers = asked(mine)
    assert [answers[f"m0_y{row}_price"] for row in range(5)] == ["", BANDS, BANDS, BANDS, BANDS]
    assert answers["m0_remaining_price"] == BANDS
    assert answers["m0_price_unit"] == "tonne"
    sent = answers | {"m0_y0_price": BANDS.replace("300", "280"), "m0_grade": "35", "do": "compute", "paid_vnd": "0"}
    page = mine.get(PLACE, params=sent)
    assert page.status_code == 200, words_of(page)
    got = mine.get(f"{PLACE}/settlement.json", params=sent)
    years = json.loads(got.content)["result"]["minerals"][0]["years"]
    assert [year["price_vnd"] for year in years] == ["400000"] * 5
    assert "12/2021/QĐ-UBND" in words_of(page)
    left = json.loads(mine.get(f"{PLACE}/reapproval.json", params=sent).content)
    assert left["result"]["minerals"][0]["price_vnd"] == "400000"


def test_a_year_without_a_list_takes_the_mean_of_the_frame_and_says_so(mine: TestClient) -> None:
    start = answers_of(mine.get(PLACE)) | {
        "m0_price_kind": "ore_bands", "m0_price_code": "I102", "m0_code": "I 1.02.02", "m0_grade": "35", "paid_vnd": "0",
    }  # fmt: skip
    fetched = mine.get(PLACE, params=start | {"do": "prices"})
    assert "bình quân khung giá" in words_of(fetched)
    answers = answers_of(fetched)
    assert answers["m0_y0_kind"] == "frame_average"
    assert [answers[f"m0_y{row}_kind"] for row in range(1, 5)] == [""] * 4
    sent = answers | {"do": "compute"}
    assert mine.get(PLACE, params=sent).status_code == 200
    result = json.loads(mine.get(f"{PLACE}/settlement.json", params=sent).content)
    frame, *others = result["result"]["minerals"][0]["years"]
    expected = compute({
        "kind": "settlement", "case": "first", "settled_on": "2026-11-24", "cutoff_on": "2025-06-30", "paid_vnd": 0,
        "minerals": [{
            "mineral": "iron", "quantity_unit": "tonne", "right": {"by": "no_auction"},
            "years": [{"year": 2021, "output": "1000", "output_unit": "tonne",
                       "price": {"kind": "frame_average", "code": "I10202"}}],
        }],
    })  # fmt: skip
    assert frame["price_vnd"] == expected["result"]["minerals"][0]["years"][0]["price_vnd"]
    assert {year["price_vnd"] for year in others} == {"400000"}
    assert "provisional_price" in {one["code"] for one in result["cautions"]}


def test_bands_that_cannot_be_read_or_leave_a_hole_are_told_beside_their_cell(mine: TestClient) -> None:
    answers = asked(mine) | {"do": "compute", "m0_grade": "35", "paid_vnd": "0"}
    for broken in ("nhiều giá", "x<30: -5", "x<30: 300.000; 35≤x<40: 400.000; x≥40: 600.000"):
        page = mine.get(PLACE, params=answers | {"m0_y0_price": broken})
        assert page.status_code == 422
        assert told_beside(page, "m0_y0_price")


def test_a_band_that_differs_from_the_list_is_a_warning(mine: TestClient) -> None:
    answers = asked(mine) | {"do": "live", "m0_y1_price": BANDS.replace("600", "650")}
    live = soup(mine.get(PLACE, params=answers)).select_one("#live")
    assert live is not None
    assert "khác bảng giá" in live.get_text()


def test_what_is_kept_of_two_minerals_settles_the_province(mine: TestClient, sqlite_store: Store) -> None:
    bring(import_outputs, sqlite_store, as_csv(OUTPUT, *output("Quặng mangan", 10)))
    fill = {
        "m0_price_kind": "ore_bands", "m0_price_code": "I102", "m0_grade": "35", "m0_code": "I10202",
        "m1_price_code": "I201", "m1_code": "I201", "m1_licensed_quantity": "5000", "m1_quantity_unit": "tonne", "paid_vnd": "0",
    }  # fmt: skip
    first = answers_of(mine.get(PLACE)) | fill
    answers = answers_of(mine.get(PLACE, params=first | {"do": "prices"})) | {"do": "compute"}
    assert answers["minerals"] == "2"
    page = mine.get(PLACE, params=answers)
    assert page.status_code == 200, [one.get_text() for one in soup(page).select("#errors li")]
    query = soup(page).select_one("form[method=post] input[name=query]")
    assert query is not None
    assert mine.post(PLACE, data={"query": str(query["value"])}).status_code == 200
    with sqlite_store.session() as session:
        assert facts_of(session, 1).price_kind == "ore_bands"
        assert facts_of(session, 1).frame_code == "I10202"
        assert all_facts_of(session, 1)["manganese"].licensed_quantity == "5000"
    again = answers_of(mine.get(PLACE))
    assert (again["m0_price_code"], again["m1_price_code"], again["m1_licensed_quantity"]) == ("I102", "I201", "5000")
    shown = json.loads(mine.get(f"{PLACE}/settlement.json", params=answers).content)
    with sqlite_store.write() as session:
        facts = facts_of(session, 1)
        facts.paid_vnd = 0
        session.add(facts)
    settle_province(sqlite_store, on=date(2026, 11, 24), clock=lambda: NOW)
    with sqlite_store.session() as session:
        row = worklist(session, date(2026, 11, 24)).rows[0]
    assert (row.status, row.settled_vnd) == (Status.SETTLED, shown["result"]["settled_vnd"])


def test_nothing_is_kept_of_a_mineral_that_does_not_exist(mine: TestClient, sqlite_store: Store) -> None:
    query = "minerals=2&m0_mineral=iron&m0_price_code=I102&m1_mineral=gold%3F&m1_price_code=I201"
    assert mine.post(PLACE, data={"query": query}, follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        assert facts_of(session, 1).price_code == "I102"
        assert all_facts_of(session, 1) == {}


def test_a_pasted_block_may_name_the_kind_of_price_and_hold_bands() -> None:
    block = f"Năm\tSản lượng\tĐơn vị\tLoại giá\tGiá\tHàm lượng\n2021\t1000\ttấn\tBình quân khung giá\t\t\n2022\t900\ttấn\t\t{BANDS}\t35"
    assert pasted(block, UNITS.get) == [
        {"year": "2021", "output": "1000", "unit": "tonne", "kind": "frame_average"},
        {"year": "2022", "output": "900", "unit": "tonne", "price": BANDS, "grade": "35"},
    ]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**15)), min_size=2, max_size=9, unique_by=lambda one: one[0]),
    st.booleans(),
)  # fmt: skip
def test_bands_read_back_as_typed(drawn: list[tuple[int, int]], included: bool) -> None:
    low, high = ("from", "below") if included else ("above", "to")
    edges = [format(Decimal(edge).scaleb(-3).normalize(), "f") for edge, _ in sorted(drawn)]
    bands: list[dict[str, object]] = [{high: edges[0], "amount": drawn[0][1]}]
    for number, (_, amount) in enumerate(drawn[1:]):
        bands.append({low: edges[number], high: edges[number + 1], "amount": amount})
    bands.append({low: edges[-1], "amount": 7})
    assert read_bands(typed_bands(bands)) == bands


@given(st.text(max_size=80) | st.text(alphabet="x<>≤≥=:;0123456789., %", max_size=80))
def test_no_text_breaks_the_reader_of_bands(text: str) -> None:
    found = read_bands(text)
    assert isinstance(found, Text) or all(band["amount"] >= 0 for band in found)
