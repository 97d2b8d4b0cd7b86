"""Do the public pages of a session tell everybody the truth of the log, in both languages, and nothing that is not public?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.pages.sessionview import shown
from api.pages.speech import Speech
from api.store.engine import Store
from auction_engine.commands_session import Seal
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.sealing import seal
from auction_engine.state import State
from auction_engine.values import Ballots, Mode, Role
from auction_engine.verify import Verified, verify
from rules.lawbook import law_book
from tests.session_desk import OPENS_ON, Desk, desk, rehearse, unlocked

PLACE = "/sessions/dien-tap"


@pytest.fixture
def office(sqlite_store: Store, tmp_path: Path) -> Iterator[Desk]:
    with desk(sqlite_store, tmp_path) as opened:
        yield opened


@pytest.fixture
def pages(office: Desk, sqlite_store: Store, tmp_path: Path) -> TestClient:
    return TestClient(unlocked(sqlite_store, tmp_path, office.clock), raise_server_exceptions=False)


def seen(pages: TestClient, place: str, lang: str = "vi") -> Any:
    answer = pages.get(place, params={"lang": lang})
    assert answer.status_code == 200, answer.text
    found = BeautifulSoup(answer.text, "html.parser")
    assert found.html is not None
    assert found.html["lang"] == lang
    return found


def finish(rehearsal: Rehearsal) -> None:
    rehearsal.close_window()
    rehearsal.declare()
    rehearsal.sign()


@pytest.mark.parametrize(
    ("lang", "best", "state"),
    [("vi", "6,5\N{NO-BREAK SPACE}%", "Đang nhận"), ("en", "6.5\N{NO-BREAK SPACE}%", "Bids are being")],
)
def test_the_board_shows_the_best_bid_and_who_leads_only_in_a_hall(
    office: Desk, pages: TestClient, lang: str, best: str, state: str
) -> None:
    rehearsal = rehearse(office)
    rehearsal.open()
    rehearsal.bid("A", "5.5")
    rehearsal.bid("B", "6.5")
    rehearsal.bid("C", "6")  # too low: refused, no valid bid
    board = seen(pages, PLACE, lang)
    assert board.select_one("[data-best]").text == best
    assert board.select_one("[data-count]").text == "2"
    assert board.select_one("[data-times]").text == ("1,3" if lang == "vi" else "1.3")
    assert state in board.select_one("[data-state]").text
    assert board.select_one("#board")["data-until"] == office.state.live.ends_at
    assert board.select_one("[data-leaders]") is None
    assert "Công ty" not in str(board)


def test_in_a_hall_everybody_sees_who_leads(office: Desk, pages: TestClient) -> None:
    rehearsal = rehearse(office, mode=Mode.ORAL)
    rehearsal.open()
    rehearsal.bid("B", "5.5")
    board = seen(pages, PLACE)
    assert board.select_one("[data-leaders]").text == "B"
    assert board.select_one("[data-left]") is None


def test_the_result_comes_when_it_stands_with_what_proves_it(office: Desk, pages: TestClient) -> None:
    rehearsal = rehearse(office)
    rehearsal.open()
    rehearsal.bid("A", "5.5")
    rehearsal.bid("B", "10")
    assert "Chưa có kết quả" in seen(pages, f"{PLACE}/result").text
    finish(rehearsal)
    for lang, won in (("vi", "10\N{NO-BREAK SPACE}%"), ("en", "10\N{NO-BREAK SPACE}%")):
        result = seen(pages, f"{PLACE}/result", lang)
        assert result.select_one("[data-won]").text == won
        assert "Công ty B (B)" in result.text
        assert result.select_one("[data-head]").text in office.log()[-1].decode()
    link = result.select_one("a[download]")["href"]
    bundle = pages.get(link).content
    found = verify(bundle.splitlines(keepends=True), law_book())
    assert isinstance(found, Verified), found
    assert f"khoangsan session verify dien-tap.jsonl --key {found.head.public_key}" in result.text
    assert found.statement["minutes_digest"] in result.text


def test_an_auction_without_bids_has_no_winner(office: Desk, pages: TestClient) -> None:
    rehearsal = rehearse(office)
    rehearsal.open()
    rehearsal.close_window()
    result = seen(pages, f"{PLACE}/result")
    assert "Không có người trúng" in result.text
    assert "đấu giá không thành" in result.select_one(".lead").text.lower()


def test_nothing_unopened_and_no_money_of_a_bidder_is_shown(office: Desk, pages: TestClient) -> None:
    rehearsal = rehearse(office, mode=Mode.INDIRECT_BALLOT, ballots=Ballots.SEALED)
    rehearsal.open()
    number = office.state.live.round
    hidden = seal("dien-tap", number, "A", "17.5", "ab" * 32)
    rehearsal.must(Seal(bidder="A", round=number, seal=hidden), Role.BIDDER, "A")
    for place in (PLACE, f"{PLACE}/result", "/sessions"):
        text = str(seen(pages, place))
        for secret in (hidden, "17.5", "17,5", "UNC", "477.000.000", "477000000", "bi-mat", "Công ty"):
            assert secret not in text, secret


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_list_holds_every_session_at_every_stage(office: Desk, pages: TestClient, lang: str) -> None:
    assert ("Chưa có phiên" if lang == "vi" else "no auction session") in seen(pages, "/sessions", lang).text
    rehearsal = rehearse(office)
    rehearsal.plan()
    for step in (rehearsal.post, lambda: None):
        for place in ("/sessions", PLACE, f"{PLACE}/result"):
            assert "Khu vực mẫu số 1" in seen(pages, place, lang).text
        step()
    listed = seen(pages, "/sessions", lang)
    assert listed.select_one("tbody a")["href"] == PLACE
    assert f"{OPENS_ON:%d/%m/%Y} 09:00" in listed.text


@pytest.mark.parametrize(
    "place", ["/sessions/khong-co", "/sessions/khong-co/result", "/sessions/%00", f"/sessions/{'a' * 300}"]
)
def test_a_session_that_is_not_there(pages: TestClient, place: str) -> None:
    answer = pages.get(place)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.fixture(scope="module")
def terms_set() -> State:
    rehearsal = Rehearsal(Script(opens_on=OPENS_ON), law_book())
    rehearsal.plan()
    return rehearsal.session.state


@given(steps=st.integers(0, 10**6), price=st.integers(1, 10**9))
def test_the_meaning_of_a_rate_is_exact_to_the_dong(terms_set: State, steps: int, price: int) -> None:
    assert terms_set.terms is not None
    terms, live = replace(terms_set.terms, price_list_vnd=price), replace(terms_set.live, best=steps)
    board = shown(Speech("en"), replace(terms_set, terms=terms, live=live), terms_set.at)
    tenths = 50 + 5 * steps  # of a percent: from 5 %, each step 0.5 %
    assert board["implied"] == f"VND {(2 * price * tenths + 1000) // 2000:,}"
    whole, tenth = divmod(10 + steps, 10)  # a step is a tenth of the start
    assert board["times"] == f"{whole:,}" + (f".{tenth}" if tenth else "")
