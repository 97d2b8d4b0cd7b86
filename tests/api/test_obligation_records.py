"""What is entered for a calendar: kept whole or not at all, computed as the calculators compute it, shown with its state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlmodel import col, func, select

from api.app import create_app
from api.contract import compute
from api.contract.examples import EXAMPLES
from api.duties.escrow import Deposits, as_it_stood, deposits
from api.duties.facts import Span, all_duties, licence_duties
from api.duties.ics import calendar_ics
from api.imports.batches import UndoRefusedError
from api.imports.register_undo import undo_register
from api.imports.sample import load_sample
from api.pages.casedocument import answers_of
from api.settings import Settings
from api.store.duty_records import DutyEntry, DutyFacts
from api.store.engine import Store, open_store
from api.store.licences import get_licence
from api.store.migrate import migrate
from api.store.models import Licence
from fees.obligation import Duty, State
from rules.lawbook import law_book

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
RUNNING = 97
"""A licence of the sample register from 2022-02-11 to 2027-02-11."""
PLACE = f"/licences/{RUNNING}/obligations"
PLAN = {
    name: value
    for name, value in EXAMPLES["escrow_schedule"].items()
    if name not in ("as_of", "refund", "recosting", "interest")
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample register, read by every test of the module and emptied of records before each."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('records') / 'khoangsan.db'}")
    migrate(store)
    load_sample(store, now=NOW, today=TODAY)
    yield store
    store.close()


@pytest.fixture
def sample(filled: Store) -> Store:
    with filled.write() as session:
        for table in (DutyEntry, DutyFacts):
            session.connection().execute(table.__table__.delete())  # type: ignore[attr-defined]
    return filled


@pytest.fixture
def client(sample: Store) -> TestClient:
    app = create_app(sample, Settings(), clock=lambda: TODAY)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def answers(kind: str, **others: str) -> dict[str, str]:
    """The example of a kind as the answers of its form, without what the address gives."""
    known = {name: value for name, value in EXAMPLES[kind].items() if name not in ("period", "granted_on")}
    return {**answers_of(known), "do": "save", **others}


def duties_of(store: Store, as_of: date = TODAY, licence: int = RUNNING) -> dict[str, Duty]:
    span = Span(as_of=as_of, first=date(2020, 1, 1), last=date(2032, 12, 31))
    with store.session() as session:
        row = get_licence(session, licence)
        assert row is not None
        return {one.key: one for one in licence_duties(session, row, span, law_book()).duties}


def kept(store: Store) -> tuple[int, int]:
    """How many rows of facts and of entries there are."""
    with store.session() as session:
        facts = session.exec(select(func.count()).select_from(DutyFacts)).one()
        return facts, session.exec(select(func.count()).select_from(DutyEntry)).one()


def wrong(answer: Any) -> list[str]:
    """The fields an answer finds fault with."""
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    named = [str(one["href"]).removeprefix("#") for one in page.select("#errors a")]
    assert all(page.find(id=f"{name}-error") is not None for name in named)
    return named


# --- facts


def test_facts_change_the_calendar(client: TestClient, sample: Store) -> None:
    assert "resource_tax/2022-03" in duties_of(sample)
    told = {"operating_since": "05/06/2022", "e0_event": "transfer", "e0_on": "02/03/2026"}
    assert client.post(f"{PLACE}/facts", data=told).headers["location"] == PLACE
    found = duties_of(sample)
    assert "resource_tax/2022-05" not in found
    assert "resource_tax/2022-06" in found
    assert found["event_settlement/transfer-2026-03-02"].rule is not None
    page = client.get(PLACE).text
    assert "05/06/2022" in page
    assert "chuyển nhượng 02/03/2026" in page


def test_facts_are_corrected_and_kept_once_however_often_sent(client: TestClient, sample: Store) -> None:
    told = {"operating_since": "05/06/2022", "e0_event": "transfer", "e0_on": "02/03/2026",
            "e5_event": "closure", "e5_on": "30/09/2026"}  # fmt: skip
    for _ in range(2):
        assert client.post(f"{PLACE}/facts", data=told).status_code == 303
        assert kept(sample) == (1, 2)
    assert "resource_tax/2026-10" not in duties_of(sample)  # closed
    form = BeautifulSoup(client.get(f"{PLACE}/facts").text, "html.parser")
    assert {form.find(id=name)["value"] for name in ("e0_on", "e1_on", "e2_on")} == {"30/09/2026", "02/03/2026", ""}  # type: ignore[index]
    assert client.post(f"{PLACE}/facts", data={"operating_since": "06/06/2022"}).status_code == 303
    assert kept(sample) == (1, 0)
    assert "resource_tax/2026-10" in duties_of(sample)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_wrong_fact_is_told_at_once_and_nothing_is_kept(client: TestClient, sample: Store, lang: str) -> None:
    told = {"operating_since": "x", "filings_from": "01/01/2030", "auction_group": "III", "e0_event": "transfer",
            "e1_on": "01/01/2000", "e2_event": "closure", "e2_on": "01/01/2026", "e3_event": "closure", "e3_on": "01/02/2026",
            "e4_event": "nothing", "e4_on": "01/01/9000"}  # fmt: skip
    answer = client.post(f"{PLACE}/facts?lang={lang}", data=told)
    assert wrong(answer) == [
        "operating_since", "filings_from", "auction_ended_on", "auction_explored",
        "e0_on", "e1_event", "e1_on", "e3_on", "e4_event", "e4_on",
    ]  # fmt: skip
    assert kept(sample) == (0, 0)
    before = client.post(f"{PLACE}/facts", data={"operating_since": "10/02/2022"})
    assert wrong(before) == wrong(client.post(f"{PLACE}/facts", data={"operating_since": "12/02/2027"}))


def test_an_auction_asks_for_the_licence_dossier(client: TestClient, sample: Store) -> None:
    told = {"auction_ended_on": "15/09/2026", "auction_group": "III", "auction_explored": "yes"}
    assert client.post(f"{PLACE}/facts", data=told).status_code == 303
    found = duties_of(sample)["mining_dossier/2026-09-15"]
    assert found.rule is not None
    assert found.rule.nominal == date(2028, 3, 15)  # 18 months, group III
    assert found.state is State.OWED  # the licence of the register is older than the auction
    told["auction_explored"] = "no"
    client.post(f"{PLACE}/facts", data=told)
    found = duties_of(sample)["exploration_dossier/2026-09-15"]
    assert found.rule is not None
    assert found.rule.nominal == date(2027, 6, 15)


def test_a_licence_without_its_dates_still_has_the_calendar_of_its_auction(client: TestClient, sample: Store) -> None:
    with sample.session() as session:
        lacking = session.exec(select(Licence.id).where(col(Licence.issued_on).is_(None))).first()
    if lacking is None:
        with sample.write() as session:
            row = get_licence(session, 5)
            assert row is not None
            row.issued_on = None
            session.add(row)
        lacking = 5
    place = f"/licences/{lacking}/obligations"
    told = {"auction_ended_on": "15/09/2026", "auction_group": "III", "auction_explored": "yes"}
    assert client.post(f"{place}/facts", data=told).status_code == 303
    assert list(duties_of(sample, licence=lacking)) == ["mining_dossier/2026-09-15"]
    assert client.get(place).status_code == 200
    assert client.get(f"{place}/escrow_deposit/plan").status_code == 200


# --- returns and other sums


@pytest.mark.parametrize(
    ("kind", "period", "amount", "others"),
    [
        ("resource_tax", "2026-08", "tax_vnd", {}),
        ("environmental_fee", "2026-08", "fee_vnd", {}),
        ("infrastructure_contribution", "2026", "contribution_vnd", {"due_on": "31/12/2026"}),
    ],
)
def test_a_sum_is_that_of_its_calculator(
    client: TestClient, sample: Store, kind: str, period: str, amount: str, others: dict[str, str]
) -> None:
    expected = compute(EXAMPLES[kind])["result"][amount]
    assert client.post(f"{PLACE}/{kind}/{period}", data=answers(kind, **others)).status_code == 303
    duty = duties_of(sample)[f"{kind}/{period}"]
    assert duty.amount_vnd == expected
    assert duty.state is not State.PAID
    page = BeautifulSoup(client.get(f"{PLACE}?from=01/01/2026&until=31/12/2027").text, "html.parser")
    (link,) = page.select(f'a[href^="/calculator/{kind}?"]')
    shown = client.get(str(link["href"]))
    assert shown.status_code == 200
    assert f"{expected:,}".replace(",", ".") in BeautifulSoup(shown.text, "html.parser").select("#result")[0].get_text()
    again = BeautifulSoup(client.get(f"{PLACE}/{kind}/{period}").text, "html.parser")
    assert again.select_one("#result") is not None
    fields = {str(one["name"]): str(one.get("value", "")) for one in again.select("form input[name]")}
    chosen = {str(one["name"]): str(one.select("option[selected]")[0]["value"])
              for one in again.select("form select") if one.select("option[selected]")}  # fmt: skip
    assert client.post(f"{PLACE}/{kind}/{period}", data={**fields, **chosen, "do": "save"}).status_code == 303
    assert duties_of(sample)[f"{kind}/{period}"].amount_vnd == expected
    assert kept(sample) == (0, 1)


def test_the_licence_fee_is_computed_from_the_register(client: TestClient, sample: Store) -> None:
    with sample.session() as session:
        row = session.exec(select(Licence).where(col(Licence.issued_on) > date(2024, 4, 1))).first()
        assert row is not None
    key = f"licence_fee/{row.issued_on}"
    place = f"/licences/{row.id}/obligations/{key}"
    assert client.get(place).status_code == 200
    assert client.post(place, data={"licence_class": "facing_stone", "do": "save"}).status_code == 303
    case = {"kind": "licence_fee", "granted_on": str(row.issued_on), "licence_class": "facing_stone"}
    assert duties_of(sample, licence=row.id or 0)[key].amount_vnd == compute(case)["result"]["licence_fee_vnd"]


def test_filed_late_nil_and_only_the_day(client: TestClient, sample: Store) -> None:
    client.post(f"{PLACE}/resource_tax/2026-08", data=answers("resource_tax", done_on="25/09/2026"))
    client.post(f"{PLACE}/resource_tax/2026-09", data=answers("resource_tax", done_on="20/10/2026", quantity="0"))
    client.post(f"{PLACE}/environmental_fee/2026-09", data={"do": "bare", "done_on": "20/10/2026"})
    client.post(f"{PLACE}/periodic_report/2025", data={"do": "save", "done_on": "10/02/2026"})
    found = duties_of(sample)
    paid = ("resource_tax/2026-08", "resource_tax/2026-09", "environmental_fee/2026-09", "periodic_report/2025")
    assert all(found[key].state is State.PAID for key in paid)
    assert found["environmental_fee/2026-09"].amount_vnd is None
    assert found["resource_tax/2026-09"].amount_vnd == 0
    page = " ".join(BeautifulSoup(client.get(PLACE).text, "html.parser").get_text(" ").split())
    assert "ngày 25/09/2026 chậm 4 ngày" in page  # the 20th is a Sunday
    assert "tháng không phát sinh" in page
    rows = {one["key"]: one for one in client.get(f"{PLACE}.json").json()["licences"][0]["duties"]}
    assert rows["resource_tax/2026-08"]["done_on"] == "2026-09-25"
    assert rows["resource_tax/2026-08"]["case"]["quantity"] == "10000"
    # on the day before it was filed it was not
    assert duties_of(sample, date(2026, 9, 24))["resource_tax/2026-08"].state is not State.PAID


def test_nothing_is_overdue_before_the_day_from_which_filings_are_entered(client: TestClient, sample: Store) -> None:
    client.post(f"{PLACE}/resource_tax/2026-08", data={"do": "bare", "done_on": "18/09/2026"})
    assert {one.state for one in duties_of(sample).values()} == {State.PAID, State.OWED, State.UPCOMING, State.UNKNOWN}
    client.post(f"{PLACE}/facts", data={"filings_from": "21/09/2026"})
    late = {key for key, one in duties_of(sample).items() if one.state is State.OVERDUE}
    assert late == {"environmental_fee/2026-08", "resource_tax/2026-09", "environmental_fee/2026-09",
                    "resource_tax/2026-10", "environmental_fee/2026-10"}  # fmt: skip


def test_the_next_month_starts_from_the_last_one(client: TestClient) -> None:
    client.post(f"{PLACE}/resource_tax/2026-08", data=answers("resource_tax"))
    form = BeautifulSoup(client.get(f"{PLACE}/resource_tax/2026-09").text, "html.parser")
    values = {name: form.find(id=name)["value"] for name in ("provincial_price_vnd", "quantity", "selling_price_vnd")}  # type: ignore[index]
    assert values == {"provincial_price_vnd": "90000", "quantity": "", "selling_price_vnd": ""}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_problem_of_an_entry_is_told_at_once(client: TestClient, sample: Store, lang: str) -> None:
    told = answers("resource_tax", quantity="x", provincial_price_vnd="0", rate_percent="", done_on="01/01/2030")
    assert wrong(client.post(f"{PLACE}/resource_tax/2026-08?lang={lang}", data=told)) == [
        "done_on", "quantity", "provincial_price_vnd", "rate_percent",
    ]  # fmt: skip
    bad = client.post(f"{PLACE}/infrastructure_contribution/2026?lang={lang}", data={"do": "save"})
    assert "due_on" in wrong(bad)
    assert "set_on" in wrong(bad)
    assert wrong(client.post(f"{PLACE}/periodic_report/2025", data={"do": "save"})) == ["done_on"]
    assert wrong(client.post(f"{PLACE}/resource_tax/2026-08", data={"do": "bare"})) == ["done_on"]
    # a month before the decree: the address is wrong for the kind, and the page says so without a field
    early = client.post(f"{PLACE}/environmental_fee/2022-08", data=answers("environmental_fee"))
    assert early.status_code == 422
    assert "27/2023" in early.text
    assert kept(sample) == (0, 0)


def test_an_entry_is_removed_once_or_twice(client: TestClient, sample: Store) -> None:
    client.post(f"{PLACE}/resource_tax/2026-08", data=answers("resource_tax"))
    for _ in range(2):
        assert client.post(f"{PLACE}/resource_tax/2026-08", data={"do": "remove"}).status_code == 303
        assert kept(sample) == (0, 0)


def test_rows_of_a_list_come_and_go_without_being_kept(client: TestClient, sample: Store) -> None:
    told = answers("environmental_fee", do="add:minerals")
    page = client.post(f"{PLACE}/environmental_fee/2026-08", data=told)
    assert page.status_code == 200
    assert 'id="minerals.1.quantity"' in page.text
    assert 'value="7500"' in page.text
    assert kept(sample) == (0, 0)


@pytest.mark.parametrize(
    "address",
    ["resource_tax/2019-01", "resource_tax/2026-13", "resource_tax/x", "fee_instalment/2026", "first_settlement_done/first",
     "escrow_deposit/2026", "nothing/2026", "infrastructure_contribution/20", "event_settlement/transfer-2026-01-01", "event/x"],
)  # fmt: skip
def test_what_the_calendar_does_not_know_cannot_be_entered(client: TestClient, sample: Store, address: str) -> None:
    assert client.get(f"{PLACE}/{address}").status_code == 404
    assert client.post(f"{PLACE}/{address}", data={"do": "bare", "done_on": "01/01/2026"}).status_code == 404
    assert client.get("/licences/99999/obligations/facts").status_code == 404
    assert kept(sample) == (0, 0)


def test_another_site_enters_nothing(client: TestClient, sample: Store) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}
    for address in ("facts", "resource_tax/2026-08"):
        assert client.post(f"{PLACE}/{address}", data=answers("resource_tax"), headers=cross).status_code == 403
    assert kept(sample) == (0, 0)


@settings(max_examples=40, deadline=None)
@given(values=st.dictionaries(
    st.sampled_from(["operating_since", "filings_from", "auction_ended_on", "auction_group", "e0_event", "e0_on", "done_on",
                     "quantity", "provincial_price_vnd", "rate_percent", "payments.n", "payments.0.paid_on", "first_year",
                     "total_vnd", "regime", "index.kind", "plan_approved_on", "licence_years", "index.cpi.0.key", "index.cpi.n"]),
    st.text(max_size=12) | st.sampled_from(["01/01/2026", "08/2022", "34/2009", "5", "31/12/9999", "999999999999", "chain"]),
))  # fmt: skip
def test_nothing_typed_breaks_a_form(filled: Store, values: dict[str, str]) -> None:
    client = TestClient(create_app(filled, Settings(), clock=lambda: TODAY), raise_server_exceptions=False)
    for address in ("facts", "resource_tax/2026-08", "escrow_deposit/plan"):
        answer = client.post(f"{PLACE}/{address}", data={**values, "do": "save"}, follow_redirects=False)
        assert answer.status_code in (303, 422)
    assert client.get(PLACE).status_code == 200
    assert client.get("/obligations").status_code == 200


# --- the restoration plan


def test_deposits_are_those_of_the_plan(client: TestClient, sample: Store) -> None:
    assert client.post(f"{PLACE}/escrow_deposit/plan", data={**answers_of(PLAN), "do": "save"}).status_code == 303
    rows = compute(as_it_stood(PLAN, TODAY))["result"]["instalments"]
    found = duties_of(sample)
    for row in rows:
        duty = found[f"escrow_deposit/{row['year']}"]
        assert (duty.amount_vnd, duty.open_vnd) == (row["amount_vnd"], row["open_vnd"])
        assert (None if duty.rule is None else duty.rule.due_on.isoformat()) == row["due_on"]
    states = {one.period: one.state for key, one in found.items() if key.startswith("escrow_deposit/")}
    assert states == {
        "2023": State.PAID, "2024": State.PAID, "2025": State.OVERDUE, "2026": State.OWED, "2027": State.UPCOMING,
        "2028": State.UPCOMING, "2026+": State.OVERDUE, "2027+": State.UPCOMING,
    }  # fmt: skip
    page = " ".join(
        BeautifulSoup(client.get(f"{PLACE}?from=01/01/2023&until=31/12/2028").text, "html.parser").get_text(" ").split()
    )
    assert "ngày 05/03/2024 chậm 55 ngày" in page
    assert "chưa tính được trượt giá vì chưa có chỉ số giá tiêu dùng đến năm 2026; tiền gốc 150.000.000 đồng" in page
    assert "theo trí nhớ" in page  # Art. 37(6) is recalled
    form = BeautifulSoup(client.get(f"{PLACE}/escrow_deposit/plan").text, "html.parser")
    assert form.select_one("#result") is not None
    assert form.find(id="payments.1.paid_on")["value"] == "05/03/2024"  # type: ignore[index]


def test_the_amounts_without_a_day_link_to_the_whole_table(client: TestClient) -> None:
    client.post(f"{PLACE}/escrow_deposit/plan", data={**answers_of(PLAN), "do": "save"})
    page = BeautifulSoup(client.get(PLACE).text, "html.parser")
    links = {str(one["href"]) for one in page.select('a[href^="/calculator/escrow_schedule?"]')}
    assert len(links) == 1
    shown = BeautifulSoup(client.get(links.pop()).text, "html.parser")
    assert "168.767.799" in shown.select("#result")[0].get_text()


@settings(max_examples=60, deadline=None)
@given(on=st.dates(date(2022, 7, 1), date(2030, 1, 1)))
def test_a_plan_on_any_day_knows_what_was_paid_until_then(on: date) -> None:
    found = deposits(PLAN, on)
    assert isinstance(found, Deposits)
    paid = sum(one["amount_vnd"] for one in PLAN["payments"] if one["paid_on"] <= on.isoformat())
    assert sum(one.paid_vnd or 0 for one in found.dues) == min(paid, sum(one.amount_vnd or 0 for one in found.dues))
    assert len({one.period for one in found.dues}) == len(found.dues) == 8


@pytest.mark.parametrize("kind", ["38/2015", "34/2009"])
def test_each_regime_has_its_days(client: TestClient, sample: Store, kind: str) -> None:
    plan = {"regime": kind, "plan_approved_on": "2016-05-01" if kind == "38/2015" else "2010-05-01",
            "total_vnd": 1_000_000_000, "licence_years": 20, "first_year": 2017}  # fmt: skip
    if kind == "38/2015":
        plan["index"] = {"kind": "chain", "from": "approval_year", "measure": "annual_average", "area": "binh_dinh",
                         "national_fallback": True}  # fmt: skip
    assert client.post(f"{PLACE}/escrow_deposit/plan", data={**answers_of(plan), "do": "save"}).status_code == 303
    found = {key: one for key, one in duties_of(sample).items() if key.startswith("escrow_deposit/")}
    assert len(found) == 13 if kind == "38/2015" else 14  # those without a day only in the years asked for
    assert all((one.rule is None) == (kind == "38/2015") for one in found.values() if one.period != "2017")


def test_a_wrong_plan_is_told_beside_its_fields(client: TestClient, sample: Store) -> None:
    told = {**answers_of(PLAN), "do": "save", "index.area": "", "index.cpi.n": "1", "index.cpi.0.key": "2023",
            "index.cpi.0.value": "3,2", "payments.0.paid_on": "01/01/2030", "licence_months": "", "total_vnd": ""}  # fmt: skip
    named = wrong(client.post(f"{PLACE}/escrow_deposit/plan", data=told))
    assert {"index.cpi.0.value", "total_vnd", "licence_years"} <= set(named)
    assert kept(sample) == (0, 0)


# --- the store


def test_both_databases_keep_and_read_the_same(store: Store) -> None:
    load_sample(store, now=NOW, today=TODAY)
    client = TestClient(create_app(store, Settings(), clock=lambda: TODAY), follow_redirects=False)
    for _ in range(2):
        assert client.post(f"{PLACE}/escrow_deposit/plan", data={**answers_of(PLAN), "do": "save"}).status_code == 303
        assert client.post(f"{PLACE}/resource_tax/2026-08", data=answers("resource_tax")).status_code == 303
        told = {"operating_since": "05/06/2022", "e0_event": "transfer", "e0_on": "02/03/2026"}
        assert client.post(f"{PLACE}/facts", data=told).status_code == 303
    assert kept(store) == (1, 3)
    found = duties_of(store)
    assert found["resource_tax/2026-08"].amount_vnd == compute(EXAMPLES["resource_tax"])["result"]["tax_vnd"]
    assert found["escrow_deposit/2025"].open_vnd == 20998858


def test_a_register_with_records_is_not_undone(sqlite_store: Store) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    client = TestClient(create_app(sqlite_store, Settings(), clock=lambda: TODAY), follow_redirects=False)
    client.post(f"{PLACE}/resource_tax/2026-08", data=answers("resource_tax"))
    with pytest.raises(UndoRefusedError, match=r"lịch nghĩa vụ.*calendar of duties"):
        undo_register(sqlite_store, 1, now=NOW)


# --- speed


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A thousand licences, each with facts, a plan of ten years with payments, and two years of both returns."""
    store = open_store(f"sqlite:///{Path(tmp_path_factory.mktemp('thousand')) / 'khoangsan.db'}")
    migrate(store)
    load_sample(store, now=NOW, today=TODAY)
    with store.session() as session:
        row = get_licence(session, RUNNING)
        assert row is not None
        last = session.exec(select(func.max(Licence.id))).one()
    columns = row.model_dump() | {"issued_on": date(2022, 2, 11), "expires_on": date(2040, 2, 11)}
    ids = range((last or 0) + 1, (last or 0) + 1001)
    plan = {**PLAN, "licence_months": None, "licence_years": 10}
    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)][:22]
    written = {"written_at": NOW, "done_on": None, "on_day": None}
    with store.write() as session:
        run = session.connection().execute
        run(insert(Licence), [columns | {"id": number, "source_row": number} for number in ids])
        run(insert(DutyFacts), [{"licence_id": number, "operating_since": date(2022, 6, 1), "filings_from": date(2025, 1, 1),
                                 "written_at": NOW} for number in ids])  # fmt: skip
        rows: list[dict[str, Any]] = []
        for number in ids:
            mine = {"licence_id": number, **written}
            rows.append(mine | {"kind": "escrow_deposit", "period": "plan", "document": plan})
            for month in months:
                for kind in ("resource_tax", "environmental_fee"):
                    document = {**EXAMPLES[kind], "period": month}
                    rows.append(
                        mine | {"kind": kind, "period": month, "document": document, "done_on": date(2026, 11, 1)}
                    )
        run(insert(DutyEntry), rows)
    yield store
    store.close()


def test_a_thousand_licences_for_ten_years_with_their_records_take_under_five_seconds(thousand: Store) -> None:
    span = Span(as_of=TODAY, first=date(2025, 1, 1), last=date(2034, 12, 31))
    start, found, sums = process_time(), 0, 0
    with thousand.session() as session:
        for one in all_duties(session, span, law_book(), lambda licence: licence.expires_on == date(2040, 2, 11)):
            found += len(one.duties)
            sums += sum(duty.amount_vnd is not None for duty in one.duties)
    took = process_time() - start
    assert found > 1000 * 10 * 24
    assert sums > 1000 * 44
    assert took < 5


def test_a_feed_with_records_takes_under_a_twentieth_of_a_second(thousand: Store) -> None:
    span = Span(as_of=TODAY, first=date(2022, 2, 11), last=TODAY + timedelta(days=3 * 365))
    took = []
    for _ in range(5):
        start = process_time()
        with thousand.session() as session:
            row = session.exec(select(Licence).order_by(col(Licence.id).desc())).first()
            assert row is not None
            assert row.id is not None
            found = licence_duties(session, row, span, law_book())
            assert len(calendar_ics(row.id, "x", found.duties, TODAY)) > 10_000
        took.append(process_time() - start)
    assert min(took) < 0.05
