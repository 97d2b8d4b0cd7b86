"""The calendar of duties at the doors: pages, feed with its secret link, workbook, JSON, command line."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text
from typer.testing import CliRunner

from api.app import create_app
from api.contract import compute
from api.contract.examples import EXAMPLES
from api.duties.facts import Span, all_duties, licence_duties
from api.duties.ics import calendar_ics, escaped, folded
from api.imports.sample import load_sample
from api.settings import Settings
from api.store.calendar_links import CalendarLink
from api.store.engine import Store, open_store
from api.store.ledger import append
from api.store.licences import get_licence
from api.store.migrate import migrate
from fees.ledger import Debtor
from fees.ledger_facts import Told, notice, payment
from rules.lawbook import law_book

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
RUNNING = 97
"""A licence of the sample register that runs until 2027-02-11."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample register with one ledger: half of 2026 is overdue."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('duties') / 'khoangsan.db'}")
    migrate(store)
    load_sample(store, now=NOW, today=TODAY)
    debtor = Debtor(RUNNING, "Người nộp mẫu")
    due = notice(Told(key="n", debtor=debtor, on=date(2026, 4, 1)), 400, instalment="2026", due_on=date(2026, 5, 31))
    paid = payment(Told(key="p", debtor=debtor, on=date(2026, 6, 1), document="1"), principal_vnd=150)
    with store.write() as session:
        assert not append(session, [due, paid], now=NOW)
    yield store
    store.close()


@pytest.fixture
def client(sample: Store) -> TestClient:
    return TestClient(create_app(sample, Settings(), clock=lambda: TODAY), raise_server_exceptions=False)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def parsed(content: bytes) -> list[tuple[str, str]]:
    """Name and value of every content line, unfolded and unescaped as RFC 5545 says; checks the form of the lines."""
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no character was cut
    found = []
    for line in content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        found.append((name, re.sub(r"\\(.)", lambda sign: {"n": "\n", "N": "\n"}.get(sign[1], sign[1]), value)))
    return found


def new_address(client: TestClient, licence: int = RUNNING) -> str:
    answer = client.post(f"/licences/{licence}/obligations", data={"do": "new"})
    (box,) = soup(answer).select("#feed-address")
    return str(box["value"]).removeprefix("http://testserver")


def test_the_page_tells_what_is_owed_since_when_what_comes_next_and_why(client: TestClient) -> None:
    page = soup(client.get(f"/licences/{RUNNING}/obligations"))
    words = " ".join(page.get_text(" ").split())
    first = page.select_one("section.panel tbody tr")
    assert first is not None
    row = " ".join(first.get_text(" ").split())
    assert "01/06/2026" in row  # the 31st of May is a Sunday
    assert "250 đồng" in row
    assert f"chậm {(TODAY - date(2026, 6, 1)).days} ngày" in row
    assert "193/2025/NĐ-CP" in row
    assert "Việc tiếp theo: Khai, nộp thuế tài nguyên tháng , kỳ 11/2026, hạn 21/12/2026" in words


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "place",
    ["/obligations", "/obligations?state=overdue", "/obligations?duty=periodic_report&q=da&mineral=iron&authority=province",
     f"/licences/{RUNNING}/obligations", "/licences/1/obligations?from=01/01/2020&until=31/12/2030",
     "/obligations?state=nope&duty=nope&mineral=%00&authority=x&q=%00"],
)  # fmt: skip
def test_every_page_answers_in_both_languages(client: TestClient, place: str, lang: str) -> None:
    answer = client.get(place + ("&" if "?" in place else "?") + f"lang={lang}")
    assert answer.status_code == 200
    assert soup(answer).html["lang"] == lang  # type: ignore[index]


@pytest.mark.parametrize(
    "query", ["from=x", "from=01/01/2027&until=01/01/2026", "until=31/12/9999", "from=01/01/0001&until=31/12/0001"]
)
@pytest.mark.parametrize("place", ["/obligations", f"/licences/{RUNNING}/obligations"])
def test_a_wrong_span_is_told_beside_its_field(client: TestClient, place: str, query: str) -> None:
    answer = client.get(f"{place}?{query}")
    assert answer.status_code == 422
    assert soup(answer).select_one("#span-error") is not None


def test_overdue_debts_are_found_however_old(client: TestClient) -> None:
    body = client.get("/obligations.json?state=overdue").json()
    found = [(one["id"], duty["key"]) for one in body["licences"] for duty in one["duties"]]
    assert found == [(RUNNING, "fee_instalment/2026")]


def test_the_json_and_the_workbook_hold_the_same_duties(client: TestClient) -> None:
    query = "from=01/01/2026&until=31/12/2027"
    body = client.get(f"/licences/{RUNNING}/obligations.json?{query}").json()
    (licence,) = body["licences"]
    book = load_workbook(BytesIO(client.get(f"/licences/{RUNNING}/obligations.xlsx?{query}").content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(licence["duties"]) > 20
    shifted = [duty["due_on_shifted"] for duty in licence["duties"] if duty["due_on_shifted"]]
    assert ["-".join(reversed(str(row[0]).split("/"))) for row in rows if row[0]] == shifted
    months = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert sum(int(str(row[1])) for row in months) == len(shifted)


def test_a_licence_without_dates_says_so(sqlite_store: Store) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    with sqlite_store.write() as session:
        session.connection().execute(text("UPDATE licence SET expires_on = NULL WHERE id = 2"))
        session.connection().execute(
            text("UPDATE licence SET issued_on = '2030-01-01', expires_on = '2020-01-01' WHERE id = 3")
        )
    client = TestClient(create_app(sqlite_store, Settings(), clock=lambda: TODAY))
    assert "thiếu ngày cấp hoặc ngày hết hạn" in client.get("/licences/2/obligations").text
    assert "không khớp nhau" in client.get("/licences/3/obligations").text
    book = load_workbook(BytesIO(client.get("/obligations.xlsx").content))
    assert book.worksheets[2].max_row == 3


def test_the_feed_is_a_calendar_that_programmes_read(client: TestClient) -> None:
    answer = client.get(new_address(client))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = parsed(answer.content)
    assert lines[0] == ("BEGIN", "VCALENDAR")
    assert lines[-1] == ("END", "VCALENDAR")
    assert {"VERSION", "PRODID", "METHOD"} <= {name for name, _ in lines}
    events = sum(line == ("BEGIN", "VEVENT") for line in lines)
    ids = [value for name, value in lines if name == "UID"]
    assert events == len(ids) == len(set(ids)) > 10
    assert f"{RUNNING}/fee_instalment/2026@khoangsan" in ids
    dates = [value for name, value in lines if name == "DTSTART;VALUE=DATE"]
    assert len(dates) == events
    assert "20260601" in dates
    assert sum(name == "DTSTAMP" for name, _ in lines) == events
    opened: list[str] = []
    for name, value in lines:
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
    assert not opened
    descriptions = [value for name, value in lines if name == "DESCRIPTION" and "\n" in value]
    assert any("Điều 137 khoản 2 điểm b, 193/2025/NĐ-CP; Điều 144-148" in one for one in descriptions)
    assert client.get(new_address(client)).content == answer.content


def test_a_link_is_secret_replaced_and_revoked(client: TestClient, sample: Store) -> None:
    first = new_address(client)
    second = new_address(client)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    token = second.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 32
    with sample.session() as session:
        row = session.get(CalendarLink, RUNNING)
        assert row is not None
        assert token not in repr(row)
    assert token not in client.get(f"/licences/{RUNNING}/obligations").text  # told once, never again
    client.post(f"/licences/{RUNNING}/obligations", data={"do": "revoke"})
    assert client.get(second).status_code == 404
    client.post(f"/licences/{RUNNING}/obligations", data={"do": "revoke"})
    for wrong in ("", "x", "%00", "a" * 500, "..%2f..", row.token_sha256):
        assert client.get(f"/calendar/{wrong}.ics").status_code == 404


def test_another_site_cannot_make_or_end_a_link(client: TestClient) -> None:
    address = new_address(client)
    answer = client.post(
        f"/licences/{RUNNING}/obligations", data={"do": "revoke"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert client.get(address).status_code == 200
    assert client.post(f"/licences/{RUNNING}/obligations", data={"do": "what"}).status_code == 422


def test_a_link_is_kept_by_both_databases(store: Store) -> None:
    load_sample(store, now=NOW, today=TODAY)
    client = TestClient(create_app(store, Settings(), clock=lambda: TODAY))
    assert client.get(new_address(client)).status_code == 200


@given(line=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_folding_loses_nothing(line: str) -> None:
    assert folded(line).replace(b"\r\n ", b"").decode() == line + "\r\n"
    assert all(len(part) <= 75 for part in folded(line).split(b"\r\n"))


@given(value=st.text(max_size=100))
def test_no_text_can_break_out_of_its_line(value: str) -> None:
    written = escaped(value)
    assert not set(written) & set("\r\n\0")
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", written)


@settings(max_examples=20, deadline=None)
@given(number=st.text(min_size=1, max_size=80))
def test_a_feed_survives_any_licence_number(sample: Store, number: str) -> None:
    with sample.session() as session:
        licence = get_licence(session, RUNNING)
        assert licence is not None
        span = Span(as_of=TODAY, first=date(2026, 1, 1), last=date(2027, 12, 31))
        found = licence_duties(session, licence, span, law_book())
    lines = parsed(calendar_ics(RUNNING, number, found.duties, TODAY))
    assert sum(line == ("BEGIN", "VEVENT") for line in lines) == sum(one.rule is not None for one in found.duties)


def test_a_feed_takes_under_a_twentieth_of_a_second(client: TestClient) -> None:
    address = new_address(client)
    client.get(address)
    took = []
    for _ in range(5):
        start = process_time()
        client.get(address)
        took.append(process_time() - start)
    assert min(took) < 0.05


def test_one_licence_and_all_agree(sample: Store) -> None:
    span = Span(as_of=TODAY, first=date(2025, 1, 1), last=date(2028, 12, 31))
    with sample.session() as session:
        every = {one.licence.id: one.duties for one in all_duties(session, span, law_book())}
        for number in (1, 50, RUNNING):
            licence = get_licence(session, number)
            assert licence is not None
            assert licence_duties(session, licence, span, law_book()).duties == every[number]


def test_the_contract_answers_with_an_article_for_each_duty() -> None:
    answer = compute(EXAMPLES["obligations"])
    rows = answer["result"]["duties"]
    assert all(row["article"] and row["instrument"] for row in rows)
    overdue = [row for row in rows if row["state"] == "overdue" and row["open_vnd"]]
    assert [(row["key"], row["open_vnd"]) for row in overdue] == [("fee_instalment/2026", 97812500)]
    assert answer["result"]["overdue_vnd"] == 97812500
    assert {one["code"] for one in answer["cautions"]} >= {"past_horizon", "reading_chosen", "secondary_parameter"}


@pytest.fixture
def khoangsan(sample: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command over the sample, on the day of the tests."""
    import typer

    from api.commands.calendar import calendar

    monkeypatch.setattr("api.app.today", lambda: TODAY)
    app = typer.Typer()
    app.command()(calendar)

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, [*words, "--database", str(sample.engine.url)])

    return run


def test_the_command_writes_each_form(khoangsan: Any, sample: Store, tmp_path: Path) -> None:
    with sample.session() as session:
        licence = get_licence(session, RUNNING)
        assert licence is not None
        number = licence.number or ""
    table = khoangsan(number)
    assert table.exit_code == 0, table.output
    assert "21/12/2026" in table.output
    body = json.loads(khoangsan(number, "--format", "json", "--from", "01/01/2026", "--to", "2026-12-31").stdout)
    assert body["from_on"] == "2026-01-01"
    assert body["licences"][0]["number"] == number
    out = tmp_path / "x.xlsx"
    assert khoangsan("--all", "--format", "xlsx", "--out", str(out)).exit_code == 0
    assert load_workbook(out).worksheets[0].max_row > 100
    feed = tmp_path / "x.ics"
    assert khoangsan(number, "--format", "ics", "--out", str(feed)).exit_code == 0
    assert parsed(feed.read_bytes())[0] == ("BEGIN", "VCALENDAR")


@pytest.mark.parametrize(
    "words",
    [(), ("1/GP", "--all"), ("không có",), ("--all", "--format", "xlsx"), ("--all", "--format", "ics"),
     ("--all", "--from", "01/01/2027", "--to", "01/01/2026"), ("--all", "--to", "31/12/9999")],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_says_why(khoangsan: Any, words: tuple[str, ...]) -> None:
    answer = khoangsan(*words)
    assert answer.exit_code == 2
    assert len(answer.output.splitlines()) >= 2


def test_the_ledger_of_tomorrow_does_not_count_yet(sample: Store) -> None:
    before = Span(as_of=date(2026, 5, 31), first=date(2026, 1, 1), last=date(2026, 12, 31))
    with sample.session() as session:
        licence = get_licence(session, RUNNING)
        assert licence is not None
        for as_of, still, state in ((before.as_of, 400, "owed"), (before.as_of + timedelta(days=1), 250, "owed"), (TODAY, 250, "overdue")):  # fmt: skip
            span = Span(as_of=as_of, first=before.first, last=before.last)
            (debt,) = [
                one for one in licence_duties(session, licence, span, law_book()).duties if one.amount_vnd == 400
            ]
            assert (debt.open_vnd, debt.state.value) == (still, state)
