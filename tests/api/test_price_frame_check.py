"""Does a code mean what its own list says, and is a price held against the right line of the frame?"""

from __future__ import annotations

from datetime import date

import pytest

from api.contract import compute
from api.imports.price_frame_check import frame_line, reassigned
from api.imports.prices import ListFacts, import_prices
from api.imports.sample import SAMPLE_PRICES
from api.store.engine import Store
from api.store.office_data import price_on
from fees.resource_tax import rate_line
from rules.lawbook import law_book
from tests.api.office import as_csv, bring, codes

HEADER = ("Mã", "Tên tài nguyên", "Đơn vị tính", "Giá (đồng)", "Quyết định", "Hiệu lực từ")
BOOK = law_book()
DAY = date(2024, 1, 1)


def line(code: str, name: str, on: str = "01/01/2024", price: int = 400000) -> tuple[object, ...]:
    return (code, name, "tấn", price, "5/2023/QĐ-UBND", on)


def told(store: Store, *lines: tuple[object, ...]) -> list[tuple[int | None, str]]:
    found = codes(bring(import_prices, store, as_csv(HEADER, *lines), preview=True))
    return [one for one in found if one[1] in ("code_of_older_meaning", "code_reads_as_before")]


def test_a_deeper_code_falls_back_to_the_frames_longest_line() -> None:
    found = frame_line(BOOK, "II202030403", DAY)
    assert found is not None
    assert (found.code, found.low, found.high) == ("II2020304", 90_000, 240_000)
    assert frame_line(BOOK, "II9999", DAY) is None


def test_a_reassigned_code_keeps_the_meaning_of_its_own_list(sqlite_store: Store) -> None:
    sericite, mud = line("II2406", "Quặng Sericite", "01/06/2018"), line("II2406", "Bùn khoáng", "01/06/2021")
    assert told(sqlite_store, sericite) == [(2, "code_of_older_meaning")]
    assert told(sqlite_store, mud) == []
    assert told(sqlite_store, line("II2406", "Quặng Sericite")) == [(2, "code_reads_as_before")]
    assert told(sqlite_store, line("II2407", "Bùn khoáng"), line("II2409", "Quặng silic")) == [
        (2, "code_reads_as_before"), (3, "code_reads_as_before"),
    ]  # fmt: skip
    assert told(sqlite_store, line("II24010101", "Quặng barit khai thác loại 1", "01/01/2020")) == [
        (2, "code_of_older_meaning")
    ]
    assert told(sqlite_store, line("II2403", "Quặng diatomit", "01/01/2018")) == []


def test_an_older_price_is_not_held_against_the_new_meaning(sqlite_store: Store) -> None:
    old = codes(bring(import_prices, sqlite_store, as_csv(HEADER, line("II2406", "Sericite", "01/06/2018", 350000))))
    assert (2, "price_outside_frame") not in old
    new = codes(bring(import_prices, sqlite_store, as_csv(HEADER, line("II2406", "Bùn khoáng", "01/06/2021", 350000))))
    assert (2, "price_outside_frame") in new


def test_every_reassigned_code_names_two_resources() -> None:
    assert len(BOOK.reassigned) == 14
    for code, one in BOOK.reassigned.items():
        assert one.before_vi != one.after_vi
        assert one.on == date(2020, 3, 5)
        now, before = BOOK.frame[code].at(one.on), BOOK.frame[code].at(date(2020, 3, 4))
        assert before is None, "the older price of a reassigned code is no price of the new resource"
        assert now is not None
        assert one.after_vi == now.name_vi
    assert reassigned(BOOK, "II202") is None


def test_the_sample_list_and_the_tax_of_its_magnetite(sqlite_store: Store) -> None:
    facts = ListFacts(valid_from=date(2020, 6, 1), region="", sample=True)
    report = bring(import_prices, sqlite_store, SAMPLE_PRICES.read_bytes(), facts=facts)
    assert not [one for one in report.findings if one.code == "code_reads_as_before"]
    with sqlite_store.session() as session:
        magnetite = price_on(session, None, "I10205", DAY)
        stone = price_on(session, None, "II202030403", DAY)
    assert stone is not None
    assert stone.price_vnd == 199_000
    assert magnetite is not None
    rate = rate_line(BOOK, magnetite.code, date(2024, 1, 1))
    assert rate is not None
    tax = compute(
        {
            "kind": "resource_tax",
            "period": "2024-01",
            "quantity": "100",
            "selling_price_vnd": "1100000",
            "provincial_price_vnd": magnetite.price_vnd,
            "rate_percent": str(rate.most),
        }
    )
    assert tax["result"] == {"taxable_price_vnd": "1250000", "tax_vnd": 17_500_000}


@pytest.mark.parametrize("code", ["II2406", "II240101", "II403", "II100104"])
def test_a_change_of_meaning_reaches_the_codes_below(code: str) -> None:
    assert reassigned(BOOK, code + "02") is BOOK.reassigned[code]
