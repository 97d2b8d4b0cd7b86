"""Targets of the province's own are kept with their plan; sums of a whole province come from the database and are the entries'."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.pages.targets import read_targets
from api.store.engine import Store
from api.store.ledger import append, debt_entries, read_entries
from api.store.ledger_sums import AGE_EDGES, balance, year_report, year_totals
from api.store.targets import own_targets
from fees.arrears import arrears
from fees.ledger import Debtor, Entry, Ledger
from fees.ledger_facts import Told, decision, interest_charge, notice, payment
from fees.ledger_year import YearRow
from fees.testing_ledger import ledger_days, ledgers
from rules.lawbook import law_book
from tests.api.test_settlement_pages import EVIL, application, filled, soup, told_beside, words_of
from tests.api.test_store_ledger import THREE, register, undone

PLAN = "Kế hoạch 12/KH-UBND"


@pytest.fixture
def own(sqlite_store: Store) -> TestClient:
    return application(filled(sqlite_store))


def wanted(**more: str) -> dict[str, str]:
    return {"revenue_billion_vnd": "1.500", "revenue_billion_vnd_source": PLAN} | more


def test_own_targets_are_kept_with_their_plan_and_can_be_taken_back(own: TestClient, sqlite_store: Store) -> None:
    before = words_of(own.get("/collection"))
    assert "số mẫu, kế hoạch Lào Cai 2026-2030" in before
    assert own.post("/collection", data=wanted(), follow_redirects=False).status_code == 303
    after = words_of(own.get("/collection"))
    assert "1.500 tỷ đồng" in after
    assert f"chỉ tiêu của tỉnh, {PLAN}" in after
    assert "số mẫu, kế hoạch Ninh Thuận 2022" in after
    assert [box["value"] for box in soup(own.get("/collection")).select("#revenue_billion_vnd")] == ["1500"]
    with sqlite_store.session() as session:
        assert {name: row.value for name, row in own_targets(session).items()} == {"revenue_billion_vnd": "1500"}
    assert own.post("/collection", data={}, follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        assert own_targets(session) == {}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"growth_low_percent": "nhiều", "collected_share_percent": "-1"},
         ["growth_low_percent", "growth_low_percent_source", "collected_share_percent", "collected_share_percent_source"]),
        ({"revenue_billion_vnd_source": ""}, ["revenue_billion_vnd_source"]),
        ({"revenue_billion_vnd": ""}, ["revenue_billion_vnd"]),
        ({"revenue_billion_vnd": "9" * 25}, ["revenue_billion_vnd"]),
        ({"growth_low_percent": "30", "growth_low_percent_source": PLAN}, ["growth_high_percent"]),
        ({"revenue_billion_vnd_source": EVIL * 20}, ["revenue_billion_vnd_source"]),
    ],
)  # fmt: skip
def test_a_wrong_target_is_told_beside_its_field_and_nothing_is_kept(
    own: TestClient, sqlite_store: Store, change: dict[str, str], wrong: list[str]
) -> None:
    answer = own.post("/collection", data=wanted(**change))
    assert answer.status_code == 422
    assert [told_beside(answer, name) for name in wrong]
    assert len(soup(answer).select(".field.wrong")) == len(wrong)
    assert "<script>alert" not in answer.text
    with sqlite_store.session() as session:
        assert own_targets(session) == {}


@given(st.dictionaries(st.sampled_from([*wanted(), "growth_low_percent", "growth_high_percent"]), st.text(max_size=12)))
def test_every_typed_target_is_a_figure_or_an_error(typed: dict[str, str]) -> None:
    found, errors = read_targets(typed)
    for name, one in found.items():
        written = typed.get(name, "").strip()
        assert (one is not None) == bool(written) or name in errors
        assert one is None or (one.value >= Decimal(0) and (one.source or errors))


@pytest.fixture
def ledger_store(store: Store, now: datetime) -> Store:
    register(store, now, 3)
    return store


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledger=ledgers(THREE), on=ledger_days(), year=st.integers(2020, 2027))
def test_sums_of_the_province_are_those_of_its_entries(
    ledger_store: Store, now: datetime, ledger: Ledger, on: date, year: int
) -> None:
    with undone(ledger_store) as session:
        for entry in ledger.entries:
            assert append(session, [entry], now=now) == ()
        whole = arrears(read_entries(session, until=on), on, law_book(), edges=AGE_EDGES, by=lambda one: one)
        owing = arrears(debt_entries(session, on), on, law_book(), edges=AGE_EDGES, by=lambda one: one)
        assert {who: one for who, one in whole.items() if one.owed_vnd or one.prepaid_vnd or one.interest_vnd} == {
            who: one for who, one in owing.items() if one.owed_vnd or one.prepaid_vnd or one.interest_vnd
        }
        for one, row in year_totals(session, range(year, year + 3)).items():
            total = YearRow()
            for each in year_report(session, one, by=lambda debtor: debtor).values():
                total += each
            assert (row.opening_vnd, row.notified_vnd, row.collected_vnd, row.carried_vnd, row.interest_collected_vnd) == (
                total.opening_vnd, total.notified_vnd, total.collected_vnd, total.carried_vnd, total.interest_collected_vnd,
            )  # fmt: skip


def province(licences: int) -> Iterator[Entry]:
    """Twelve years of every licence: a notice and a payment a year, every fourth late, every fifth short."""
    for number in range(1, licences + 1):
        who = Debtor(number, f"01{number // 3:08d}")
        yield decision(Told(key=f"{number}d", debtor=who, on=date(2014, 2, 1)), 12 * 10**9)
        for year in range(2014, 2026):
            due, late = date(year, 5, 31), number % 4 == 0
            yield notice(
                Told(key=f"{number}n{year}", debtor=who, on=date(year, 3, 1)), 10**9, instalment=str(year), due_on=due
            )
            paid = Told(key=f"{number}p{year}", debtor=who, on=due + timedelta(days=60 if late else -10))
            yield payment(paid, principal_vnd=9 * 10**8 if number % 5 == 0 else 10**9)
            if late:
                yield interest_charge(Told(key=f"{number}i{year}", debtor=who, on=date(year, 9, 1)), 10**7)


@pytest.mark.gate
def test_the_whole_provinces_balance_and_page_are_quick(store: Store, full_gates: bool) -> None:
    licences, now = (1000 if full_gates else 200), datetime(2026, 11, 24, 3, tzinfo=UTC)
    register(store, now, licences)
    with store.write() as session:
        assert append(session, list(province(licences)), now=now) == ()
    pages, on = application(store), date(2026, 11, 24)
    taken: dict[str, list[int]] = {"balance": [], "page": []}
    with store.session() as session:
        balance(session, on)  # the connection is open and the statement compiled
        for _ in range(9):
            began = time.perf_counter_ns()
            found = balance(session, on)
            taken["balance"].append(time.perf_counter_ns() - began)
    assert found.owed_vnd == licences // 5 * 12 * 10**8
    for _ in range(3):
        began = time.perf_counter_ns()
        answer = pages.get("/collection?by=licence")
        taken["page"].append(time.perf_counter_ns() - began)
        assert answer.status_code == 200
    middle = {name: sorted(times)[len(times) // 2] // 10**6 for name, times in taken.items()}
    print(
        f"\n{store.engine.dialect.name}, {licences} licences x 12 years: balance of all {middle['balance']} ms, page {middle['page']} ms"
    )
    assert middle["balance"] < 20
    assert middle["page"] < 3000
