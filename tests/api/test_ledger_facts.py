"""Facts told to the ledger, on its page and over the API: previewed, written whole or not at all, once, taken back by reversal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.contract.ledger import MODELS, read_fact
from api.pages.ledgerfields import FORMS
from api.province.run import settle_province
from api.store.engine import Store
from api.store.ledger import read_entries
from api.store.ledger_sums import balance
from fees.ledger import Account, Entry, Fact
from tests.api.office import NOW
from tests.api.province_data import bring_in
from tests.api.test_settlement_pages import EVIL, PAYER, STONE, TODAY, application, filled, soup, told_beside, words_of

PLACE = f"/licences/{STONE}/ledger"
API = f"/v1/licences/{STONE}/ledger"


@pytest.fixture
def own(sqlite_store: Store) -> TestClient:
    return application(filled(sqlite_store))


def entries_of(store: Store, licence: int = STONE) -> tuple[Entry, ...]:
    with store.session() as session:
        return read_entries(session, licence=licence)


FORM: dict[str, dict[str, str]] = {
    "decision": {
        "decision_on": "05/01/2026", "decision_document": "QĐ 9", "decision_amount_vnd": "300.000.000", "decision_replaces": "no",
        "decision_schedule": "2027\t100.000.000\t31/05/2027\n2028\t200.000.000",
    },
    "notice": {
        "notice_on": "02/03/2026", "notice_document": "TB 15", "notice_instalment": "2026", "notice_amount_vnd": "250.000.000",
        "notice_due_on": "01/06/2026",
    },
    "interest": {"interest_on": "01/09/2026", "interest_document": "TB 77", "interest_amount_vnd": "1.500.000",
                 "interest_lowers": "no"},
    "stop": {"stop_on": "01/09/2026", "stop_document": "CV 8", "stop_reason": "forced_stop", "stop_first": "10/03/2022",
             "stop_last": "20/08/2025"},
    "opening": {"opening_on": "31/12/2021", "opening_document": "BB 4", "opening_instalment": "2021",
                "opening_amount_vnd": "30.000.000", "opening_interest_vnd": "900.000", "opening_due_on": "31/03/2021"},
    "offset": {"offset_on": "02/03/2026", "offset_document": "CV 21", "offset_way": "in", "offset_amount_vnd": "7.000.000"},
    "refund": {"refund_on": "02/03/2026", "refund_document": "QĐ 31", "refund_amount_vnd": "5.000.000"},
}  # fmt: skip
OVERPAID = {"fact": "payment", "key": "GNT-9", "on": "2026-02-02", "document": "GNT 9", "payer": PAYER,
            "principal_vnd": 100_000_000}  # fmt: skip
"""What the quarry owes is 40 million: 60 million of this is an excess."""


def sent(fact: str, **more: str) -> dict[str, str]:
    return {"do": fact, "key": f"page:{fact}", f"{fact}_payer": PAYER, **FORM[fact], **more}


def hidden(answer: Any) -> dict[str, str]:
    """What the preview's button sends."""
    form = soup(answer).select_one("#preview form")
    assert form is not None
    return {str(box["name"]): str(box["value"]) for box in form.select("input[name]")} | {"step": "write"}


@pytest.mark.parametrize("fact", FORM)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_fact_is_previewed_then_written_once(own: TestClient, sqlite_store: Store, fact: str, lang: str) -> None:
    if fact == "refund":
        assert own.post(API, json=OVERPAID).status_code == 201
    before = entries_of(sqlite_store)
    shown = own.post(f"{PLACE}?lang={lang}", data=sent(fact, step="preview"))
    assert shown.status_code == 200
    names = [tag["id"] for tag in soup(shown).find_all(id=True)]
    assert len(names) == len(set(names))
    assert entries_of(sqlite_store) == before
    answers = hidden(shown)
    for _ in range(2):
        assert own.post(PLACE, data=answers, follow_redirects=False).status_code == 303
    (new,) = entries_of(sqlite_store)[len(before) :]
    assert new.fact.value == fact
    assert new.document == sent(fact)[f"{fact}_document"]
    assert sum(one.amount_vnd for one in new.postings) == 0
    # the preview showed what was written
    cells = [int(cell.get_text().replace(".", "").replace(",", "")) for cell in soup(shown).select("#preview table.plain")[0].select("td") if cell.get_text()] if new.postings else []  # fmt: skip
    assert sorted(cells) == sorted(abs(one.amount_vnd) for one in new.postings)
    page = own.get(PLACE)
    assert new.document in words_of(page)


@pytest.mark.parametrize("fact", FORM)
def test_everything_missing_is_told_at_once_beside_its_field(own: TestClient, sqlite_store: Store, fact: str) -> None:
    before = entries_of(sqlite_store)
    for step in ("preview", "write"):
        answer = own.post(PLACE, data={"do": fact, "step": step})
        assert answer.status_code == 422
        for spec in FORMS[fact].specs:
            if spec.required:
                assert told_beside(answer, f"{fact}_{spec.key}") == "Chưa nhập."
    assert entries_of(sqlite_store) == before


@pytest.mark.parametrize(
    ("fact", "change", "field"),
    [
        ("decision", {"decision_schedule": "2027\t1"}, "decision_schedule"),
        ("decision", {"decision_schedule": "2027\t100.000.000\n2027\t200.000.000"}, "decision_schedule"),
        ("decision", {"decision_schedule": f"{EVIL}\tx"}, "decision_schedule"),
        ("decision", {"decision_on": "01/01/2030"}, "decision_on"),
        ("notice", {"notice_instalment": "2023"}, "notice_instalment"),
        ("notice", {"notice_amount_vnd": "0"}, "notice_amount_vnd"),
        ("notice", {"notice_amount_vnd": "mười"}, "notice_amount_vnd"),
        ("notice", {"notice_due_on": "31/02/2026"}, "notice_due_on"),
        ("stop", {"stop_last": "01/01/2020"}, "stop_last"),
        ("stop", {"stop_reason": EVIL}, "stop_reason"),
        ("opening", {"opening_instalment": "2023"}, "opening_instalment"),
        ("opening", {"opening_amount_vnd": "0", "opening_interest_vnd": "0"}, "opening_amount_vnd"),
        ("offset", {"offset_way": "out"}, "offset_amount_vnd"),
        ("offset", {"offset_way": EVIL}, "offset_way"),
        ("offset", {"offset_own_interest_vnd": "1"}, "offset_own_interest_vnd"),
        ("offset", {"offset_way": "out", "offset_instalment": "2023"}, "offset_instalment"),
        ("refund", {}, "refund_amount_vnd"),
    ],
)
def test_a_wrong_fact_is_told_beside_its_field(
    own: TestClient, sqlite_store: Store, fact: str, change: dict[str, str], field: str
) -> None:
    before = entries_of(sqlite_store)
    answer = own.post(PLACE, data=sent(fact, **change))
    assert answer.status_code == 422
    assert told_beside(answer, field)
    assert "<script>alert" not in answer.text
    assert entries_of(sqlite_store) == before


def test_a_fact_like_one_that_stands_asks_back(own: TestClient, sqlite_store: Store) -> None:
    assert own.post(PLACE, data=sent("interest"), follow_redirects=False).status_code == 303
    again = own.post(PLACE, data=sent("interest", key="page:other"))
    assert told_beside(again, "again")
    assert (
        own.post(PLACE, data=sent("interest", key="page:other", again="yes"), follow_redirects=False).status_code == 303
    )
    assert [one.fact for one in entries_of(sqlite_store)].count(Fact.INTEREST) == 2


def test_a_decision_replaces_what_is_not_notified_and_its_schedule_leads_to_notices(
    own: TestClient, sqlite_store: Store
) -> None:
    shown = own.post(PLACE, data=sent("decision", decision_replaces="yes", step="preview"))
    assert "Số chưa thông báo 700.000.000 đồng" in words_of(shown)
    own.post(PLACE, data=hidden(shown))
    with sqlite_store.session() as session:
        assert balance(session, TODAY, licence=STONE).approved_vnd == 300_000_000
    page = soup(own.get(PLACE))
    links = [str(one["href"]) for one in page.select("section[aria-labelledby=planned-title] a")]
    assert len(links) == 2
    form = soup(own.get(links[0].partition("#")[0])).select_one("#tell-notice")
    assert form is not None
    assert form.has_attr("open")
    values = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[name]")}
    assert (values["notice_instalment"], values["notice_amount_vnd"], values["notice_due_on"]) == (
        "2027", "100000000", "31/05/2027",
    )  # fmt: skip
    own.post(PLACE, data=values | {"notice_document": "TB 1", "notice_on": "02/03/2026", "step": "write"})
    assert len(soup(own.get(PLACE)).select("section[aria-labelledby=planned-title] a")) == 1
    own.post(PLACE, data={"do": "reverse", "entry": "page:decision", "reversed_on": "01/11/2026", "reason": "BB 1"})
    assert "planned-title" not in own.get(PLACE).text


def test_an_excess_pays_another_licence_of_its_payer_and_the_rest_goes_back(
    own: TestClient, sqlite_store: Store
) -> None:
    other = 3  # a second licence of the same payer
    place = f"/v1/licences/{other}/ledger"
    brought = {"fact": "opening", "key": "BB-4", "on": "2025-12-31", "document": "BB 4", "payer": PAYER, "instalment": "2024",
               "amount_vnd": 50_000_000, "interest_vnd": 2_000_000, "due_on": "2024-05-31"}  # fmt: skip
    out = {"fact": "offset", "key": "CV-21-out", "on": "2026-03-02", "document": "CV 21", "payer": PAYER, "way": "out",
           "amount_vnd": 45_000_000}  # fmt: skip
    assert own.post(place, json=brought).status_code == 201
    too_early = own.post(API, json=out)
    assert (too_early.status_code, too_early.json()["error"]["field"]) == (422, "amount_vnd")
    for at, fact in (
        (API, OVERPAID),
        (API, out),
        (place, out | {"key": "CV-21-in", "way": "in", "instalment": "2024"}),
        (API, {"fact": "refund", "key": "QD-31", "on": "2026-04-01", "document": "QĐ 31", "payer": PAYER, "amount_vnd": 15_000_000}),
    ):  # fmt: skip
        assert own.post(at, json=fact).status_code == 201, fact
    first, second = own.get(API).json()["balance"], own.get(place).json()["balance"]
    assert (first["owed_vnd"], first["prepaid_vnd"], first["paid_vnd"], first["offset_vnd"]) == (
        0,
        0,
        145_000_000,
        -45_000_000,
    )
    # the fee offset never touches the late interest, and the payer's offsets come to nothing
    # the settlement request prints fee and interest together: asked, settled, owed, prepaid
    panel = soup(own.get(f"/licences/{other}/ledger")).select_one("section[aria-labelledby=inclusive-title]")
    assert panel is not None
    figures = [cell.get_text() for cell in panel.select("td")]
    assert [one.split()[0] for one in figures] == ["52.000.000", "45.000.000", "7.000.000", "0"]
    assert (second["owed_vnd"], second["offset_vnd"], second["interest_owed_vnd"]) == (5_000_000, 45_000_000, 2_000_000)
    with sqlite_store.session() as session:
        assert balance(session, TODAY, payer=PAYER).offset_vnd == 0
    more = own.post(API, json=out | {"key": "CV-22", "on": "2026-05-04", "amount_vnd": 1})
    assert (more.status_code, more.json()["error"]["field"]) == (422, "amount_vnd")


def test_a_forced_stop_prints_the_years_it_frees_and_what_was_notified_for_them(own: TestClient) -> None:
    own.post(PLACE, data=sent("stop"))
    text = words_of(own.get(PLACE))
    assert "không phải nộp tiền cấp quyền các năm 2023, 2024" in text
    assert "Điều 137 khoản 3 điểm a, 193/2025/NĐ-CP" in text
    assert "cần xác nhận của Ủy ban nhân dân cấp tỉnh" in text
    assert "Đã thông báo nộp tiền kỳ 2023" in text  # the quarry was asked to pay for 2023
    found = own.get(API).json()["freed_years"]
    assert [(one["years"], one["needs_confirmation"]) for one in found] == [([2023, 2024], True)]
    # mining again on 21 August 2025: 30 days end on Saturday 20 September and move to the Monday
    assert found[0]["due_on"] == "2025-09-22"
    settled = words_of(own.get(f"/licences/{STONE}/settlement"))
    for page in (text, settled):
        assert "nộp tiền của năm hoạt động trở lại chậm nhất 22/09/2025" in page
        assert "Điều 137 khoản 2 điểm c, 193/2025/NĐ-CP" in page
    assert "không phải nộp tiền cấp quyền các năm 2023, 2024" in settled


def province(store: Store) -> TestClient:
    bring_in(store, 3)
    settle_province(store, on=TODAY, clock=lambda: NOW)
    return application(store)


def settlement(**more: str) -> dict[str, str]:
    return {
        "do": "settlement", "key": "page:qt", "settlement_on": "20/11/2026", "settlement_document": "TB-QT 3",
        "settlement_payer": "Doanh nghiệp 0", "step": "write",
    } | more  # fmt: skip


def test_the_computed_settlement_enters_the_books(sqlite_store: Store) -> None:
    pages, place = province(sqlite_store), "/licences/1/ledger"
    assert "Đã tính: quyết toán" in words_of(pages.get(place))
    refused = pages.post(place, data=settlement())
    assert refused.status_code == 422
    assert soup(refused).select_one("#settlement_paid_differs") is not None
    assert entries_of(sqlite_store, 1) == ()
    paid = {
        "do": "payment",
        "paid_on": "31/05/2020",
        "document": "CT0",
        "principal": "20.000.000",
        "payer": "Doanh nghiệp 0",
    }
    assert pages.post(place, data=paid, follow_redirects=False).status_code == 303
    shown = pages.post(place, data=settlement(step="preview"))
    assert shown.status_code == 200
    assert "ghi chênh lệch" in words_of(shown)
    for _ in range(2):
        assert pages.post(place, data=hidden(shown), follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        now = balance(session, TODAY, licence=1)
    entry = entries_of(sqlite_store, 1)[-1]
    assert (entry.fact, entry.instalment) == (Fact.SETTLEMENT, "QT 2026")
    # 24 working days from Friday 20/11/2026, with the holiday of 24/11 between
    assert entry.due_on == date(2026, 12, 25)
    # paid + owed = settled
    assert now.paid_vnd + now.owed_vnd - now.prepaid_vnd == now.fee_vnd == entry.amount(Account.OWED)
    assert now.paid_vnd == 20_000_000


def test_an_excess_is_offset_against_budget_debts_and_the_rest_waits(sqlite_store: Store) -> None:
    from api.province.edits import set_facts

    bring_in(sqlite_store, 1)
    with sqlite_store.write() as session:
        assert set_facts(session, 1, {"budget_debts_vnd": 5_000_000}) == {}
    pages, place = application(sqlite_store), "/licences/1/ledger"
    from api.imports.payments import import_payments
    from tests.api.office import as_csv, bring

    head = ("Số giấy phép", "Ngày nộp", "Số chứng từ", "Tiền gốc")
    bring(import_payments, sqlite_store, as_csv(head, ("1/GP-UBND", "01/06/2024", "CT-9", 900_000_000)))
    settle_province(sqlite_store, on=TODAY, clock=lambda: NOW)
    for on, document, amount in (("31/05/2020", "CT0", "20.000.000"), ("01/06/2024", "CT-9", "900.000.000")):
        data = {"do": "payment", "paid_on": on, "document": document, "principal": amount, "payer": "Doanh nghiệp 0"}
        assert pages.post(place, data=data, follow_redirects=False).status_code == 303
    assert pages.post(place, data=settlement(), follow_redirects=False).status_code == 303
    with sqlite_store.session() as session:
        now = balance(session, TODAY, licence=1)
    assert now.offset_vnd == -5_000_000
    assert now.owed_vnd == 0
    assert now.prepaid_vnd == 920_000_000 - now.fee_vnd - 5_000_000


def test_a_settlement_of_old_figures_is_not_written(sqlite_store: Store) -> None:
    from api.province.edits import set_facts

    pages = province(sqlite_store)
    with sqlite_store.write() as session:
        set_facts(session, 1, {"budget_debts_vnd": 1})
    answer = pages.post("/licences/1/ledger", data=settlement(settlement_paid_differs="yes"))
    assert answer.status_code == 422
    assert "hãy quyết toán trước" in words_of(answer)
    assert entries_of(sqlite_store, 1) == ()


NOTICE = {
    "fact": "notice", "key": "TB-1", "on": "2026-03-02", "document": "TB 1", "payer": PAYER, "instalment": "2026",
    "amount_vnd": 5_000_000, "due_on": "2026-06-01",
}  # fmt: skip


def test_the_api_previews_writes_once_and_tells_everything(own: TestClient, sqlite_store: Store) -> None:
    before = entries_of(sqlite_store)
    shown = own.post(f"{API}?preview=true", json=NOTICE)
    assert (shown.status_code, shown.json()["written"]) == (200, False)
    assert entries_of(sqlite_store) == before
    first, again = own.post(API, json=NOTICE), own.post(API, json=NOTICE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["entries"] == again.json()["entries"] == shown.json()["entries"]
    postings = {one["account"]: one["amount_vnd"] for one in first.json()["entries"][0]["postings"]}
    assert postings == {"owed": 5_000_000, "approved": -5_000_000}
    assert first.json()["after"]["owed_vnd"] - first.json()["before"]["owed_vnd"] == 5_000_000
    other = own.post(API, json=NOTICE | {"amount_vnd": 6_000_000})
    assert (other.status_code, other.json()["error"]["field"]) == (422, "key")
    wrong = own.post(API, json={"fact": "notice", "on": "2.3.2026", "amount_vnd": 1.5, "x": 1})
    assert [one["field"] for one in wrong.json()["errors"]] == [
        "on",
        "amount_vnd",
        "x",
        "document",
        "instalment",
        "due_on",
    ]
    assert all(one["message_vi"] and one["message_en"] for one in wrong.json()["errors"])
    listed = own.get(API).json()
    assert listed["entries"][-1]["key"] == "TB-1"
    assert listed["balance"]["owed_vnd"] == 45_000_000
    back = own.post(API, json={"fact": "reversal", "on": "2026-04-01", "document": "BB", "entry": "TB-1"})
    assert back.status_code == 201
    assert own.get(API).json()["balance"]["owed_vnd"] == 40_000_000


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"fact":"x"}', b"\xff", b'{"fact":"notice","on":1,"on":2}', b"[" * 50 + b"]" * 50]
)
def test_no_body_breaks_the_api(own: TestClient, body: bytes) -> None:
    answer = own.post(API, content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["message_en"]


def test_doors_of_licences_that_are_not_there(own: TestClient) -> None:
    for place in (
        "/v1/licences/999/ledger",
        "/v1/licences/0/ledger",
        f"/v1/licences/{10**20}/ledger",
        "/v1/licences/x/ledger",
    ):
        assert own.get(place).status_code in (404, 422)
        assert own.post(place, json=NOTICE).status_code in (404, 422)
    assert own.post(API, json=NOTICE, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert own.post(API, content=b" " * (1 << 21)).status_code == 413


def test_openapi_shows_every_fact(own: TestClient) -> None:
    document = own.get("/openapi.json").json()
    assert {one.__name__ for one in MODELS.values()} <= set(document["components"]["schemas"])


WORDS = st.sampled_from(["", "0", "-1", "1e9", "9" * 40, "31/02/2026", "01/01/0001", "31/12/9999", "2023", "1.250", EVIL, "yes",
                         "forced_stop", "p", "n", "2026\t1\n\n;;", "\ud7ff"])  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_answers_break_the_books(own: TestClient, sqlite_store: Store, data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from([*FORM, "settlement", "payment", "reverse", EVIL]))
    base = sent(fact) if fact in FORM else {"do": fact}
    names = [*base, "settlement_on", "settlement_document", "paid_on", "document", "principal", "interest", "payer", "entry",
             "reversed_on", "reason", "again", "step", "stop_instalment", "decision_schedule"]  # fmt: skip
    asked = base | data.draw(st.dictionaries(st.sampled_from(names), WORDS, max_size=5)) | {"do": fact}
    answer = own.post(PLACE, data=asked, follow_redirects=False)
    assert answer.status_code in (200, 303, 422)
    assert "<script>alert" not in answer.text
    page = own.get(PLACE)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    for entry in entries_of(sqlite_store):
        assert sum(one.amount_vnd for one in entry.postings) == 0


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(
    st.sampled_from(["fact", "on", "document", "schedule", "amount_vnd", "instalment", "key"]), inner) | st.lists(inner, max_size=3),
    max_leaves=8))  # fmt: skip
def test_any_document_is_a_fact_or_problems(document: object) -> None:
    for one in (document, {"fact": "decision", "schedule": document}, {"fact": "stop", "first": document}):
        found = read_fact(one)
        assert not isinstance(found, list) or found
