"""The public board as the street sees it: a bid appears by itself, a lost connection is said and made good, a phone and a wall can read it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx
import pytest
import uvicorn

from api.store.engine import open_store
from api.store.migrate import migrate
from tests.session_desk import Clock, desk, rehearse, unlocked

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


class Room:
    """An open session on a port that may be cut and come back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = f"sqlite:///{folder / 'khoangsan.db'}"
        store = open_store(self._store)
        migrate(store)
        with desk(store, folder) as office:
            rehearsal = rehearse(office)
            rehearsal.open()
            self.clock = Clock()
            self.clock.now = rehearsal.now
        store.close()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.board = f"http://127.0.0.1:{self.port}/sessions/dien-tap"
        self.start()

    def start(self) -> None:
        app = unlocked(open_store(self._store), self._folder, self.clock)
        self._server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="warning"))
        self._thread = Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def bid(self, bidder: str, amount: str) -> None:
        headers = {"X-Name": bidder, "X-Role": "bidder", "Idempotency-Key": f"{bidder}-{amount.replace('.', '-')}"}
        body = {"command": {"type": "Bid", "bidder": bidder, "amount": amount}}
        answer = httpx.post(f"http://127.0.0.1:{self.port}/v1/sessions/dien-tap/commands", json=body, headers=headers)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    opened = Room(tmp_path)
    yield opened
    opened.stop()


def shows(page: Any, name: str, text: str) -> None:
    page.wait_for_function(
        "([name, text]) => document.querySelector(`[data-${name}]`)?.textContent === text", arg=[name, text]
    )


def test_a_bid_appears_without_a_reload_and_a_cut_is_made_good(visit: Visit, room: Room) -> None:
    page = visit(room.board)
    page.evaluate("window.stayed = true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_text("Đang trực tiếp").wait_for()
    shows(page, "left", "00:30:00")
    room.bid("A", "5.5")
    shows(page, "best", "5,5\N{NO-BREAK SPACE}%")
    shows(page, "times", "1,1")
    shows(page, "count", "1")
    page.wait_for_timeout(2200)  # longer than a page that asks anew would wait
    assert room.board not in asked  # a bid costs the server nothing but the stream
    room.stop()
    page.get_by_text("Mất kết nối").wait_for()
    room.start()
    room.bid("B", "7")
    shows(page, "best", "7\N{NO-BREAK SPACE}%")
    shows(page, "count", "2")
    page.get_by_text("Đang trực tiếp").wait_for()
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1920, 1080)])
def test_the_board_fits_a_phone_and_a_wall(visit: Visit, room: Room, width: int, height: int) -> None:
    room.bid("A", "12.5")
    page = visit(f"{room.board}?lang=en", viewport={"width": width, "height": height})
    page.get_by_text("Live, by server time").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-best]").inner_text() == "12.5\N{NO-BREAK SPACE}%"
    if width > 1000:
        box = page.locator("[data-best]").bounding_box()
        assert box["height"] > 90  # read from the back of a room
        assert page.locator("#board").bounding_box()["height"] < height


def test_without_scripts_a_reload_shows_the_bid(visit: Visit, room: Room) -> None:
    page = visit(room.board, java_script_enabled=False)
    assert page.locator("[data-best]").inner_text() == "—"
    room.bid("A", "5.5")
    page.get_by_role("link", name="Tải lại").click()
    assert page.locator("[data-best]").inner_text() == "5,5\N{NO-BREAK SPACE}%"
