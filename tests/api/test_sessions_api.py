"""Does the door of the sessions answer right: commands, refusals, malformed requests, reading rights, proofs, the live stream?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store.engine import Store
from auction_engine.checkpoints import Checkpoint, Receipt, check_receipt, public_key
from auction_engine.commands import Order
from auction_engine.commands_before import ApprovePlan
from auction_engine.log import COMMANDS
from auction_engine.rehearsal import Rehearsal
from auction_engine.values import Role
from auction_engine.verify import Verified, verify, verify_chain
from rules.lawbook import law_book
from tests.session_desk import Clock, rehearse, unlocked

ACCOUNT = {Role.AGENCY: "operator", Role.SELLER: "operator"}


class Door:
    """Gives the orders of a rehearsal through HTTP. Stands in for ``auction_engine.session.Session``."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self.client = client
        self.clock = clock
        self.session = ""
        self.number = 0

    def send(self, order: Order, key: str = "") -> httpx.Response:
        self.number += 1
        headers = {
            "X-Name": order.by,
            "X-Role": ACCOUNT.get(order.role, order.role.value),
            "X-Second": order.second,
            "Idempotency-Key": key or f"door-{self.number}",
        }
        command = COMMANDS.write(order.command)
        if isinstance(order.command, ApprovePlan):
            command.pop("type")
            body = {"session": order.session, "plan": command}
            return self.client.post("/v1/sessions", content=orjson.dumps(body), headers=headers)
        body = {"command": command, "expected": order.expected}
        return self.client.post(f"/v1/sessions/{order.session}/commands", content=orjson.dumps(body), headers=headers)

    def submit(self, order: Order, now: str) -> Any:
        self.clock.now, self.session = now, order.session
        answer = self.send(order)
        assert answer.status_code in (200, 201), answer.text
        return self.client.app.state.sessions.read_entry(order.session, answer.json()["seq"])

    @property
    def state(self) -> Any:
        return self.client.app.state.sessions.read_state(self.session)


@pytest.fixture
def door(store: Store, tmp_path: Path) -> Iterator[Door]:
    clock = Clock()
    with TestClient(unlocked(store, tmp_path, clock), raise_server_exceptions=False) as client:
        yield Door(client, clock)


@pytest.fixture
def bidding(door: Door) -> Rehearsal:
    rehearsal = rehearse(door)
    rehearsal.open()
    return rehearsal


def bid(door: Door, bidder: str, amount: Any, key: str = "", **more: Any) -> httpx.Response:
    door.number += 1
    headers = {"X-Name": bidder, "X-Role": "bidder", "Idempotency-Key": key or f"bid-{door.number}"}
    body = {"command": {"type": "Bid", "bidder": bidder, "amount": amount}, **more}
    return door.client.post("/v1/sessions/dien-tap/commands", json=body, headers=headers)


def get(door: Door, path: str, role: str = "public", name: str = "", **headers: str) -> httpx.Response:
    return door.client.get(f"/v1/sessions{path}", headers={"X-Role": role, "X-Name": name, **headers})


def test_from_plan_to_approval_and_bundle(door: Door, bidding: Rehearsal) -> None:
    first = bid(door, "A", "5.5")
    assert first.status_code == 200
    assert first.json()["entry"]["events"] == [{"type": "BidPlaced", "bidder": "A", "steps": 1}]
    board = get(door, "/dien-tap").json()
    assert (board["best"], board["leaders"], board["seq"]) == ("5.5", [], first.json()["seq"])
    assert get(door, "/dien-tap", "clerk").json()["leaders"] == ["A"]
    for path in ("/log", "/minutes", "/bundle"):
        assert get(door, f"/dien-tap{path}").status_code == 403
    bidding.close_window = lambda: None  # type: ignore[method-assign]
    door.clock.now = bidding.now = door.state.live.ends_at
    for _ in range(100):
        if door.state.live.phase == "closed":
            break
        time.sleep(0.02)
    bidding.declare()
    bidding.sign()
    bidding.approve()
    log = get(door, "/dien-tap/log").content
    assert verify_chain(log.splitlines()) == door.state.seq
    assert get(door, f"/dien-tap/log?after={door.state.seq - 2}").content.splitlines() == log.splitlines()[-2:]
    found = verify(get(door, "/dien-tap/bundle").content.splitlines(keepends=True), law_book())
    assert isinstance(found, Verified), found
    assert get(door, "/dien-tap/minutes").json()["minutes"]["winner"] == "A"
    assert [one["name"] for one in get(door, "").json()] == ["dien-tap"]


def test_a_refusal_is_in_the_log_with_its_article(door: Door, bidding: Rehearsal) -> None:
    seq = door.state.seq
    bid(door, "A", "6")
    for amount, code in (
        ("6", "not_higher"),
        ("5.7", "off_grid"),
        ("4.5", "below_start"),
        ("9" * 400, "unreadable_amount"),
        (int("9" * 400), "unreadable_amount"),
        (10**20, "unreadable_amount"),
        (5_000_000, "wrong_unit"),
        ("", "unreadable_amount"),
    ):
        answer = bid(door, "B", amount)
        assert answer.status_code == 409, answer.text
        error = answer.json()["error"]
        assert error["code"] == code, amount
        assert error["articles"]
        assert error["message_vi"]
        assert error["message_en"]
    assert bid(door, "C", "7", expected=1).json()["error"]["code"] == "stale_sequence"
    assert bid(door, "X", "7").json()["error"]["code"] == "unknown_bidder"
    foreign = {"command": {"type": "Bid", "bidder": "A", "amount": "8"}}
    headers = {"X-Name": "B", "X-Role": "bidder", "Idempotency-Key": "f"}
    answer = door.client.post("/v1/sessions/dien-tap/commands", json=foreign, headers=headers)
    assert answer.json()["error"]["code"] == "not_own_name"
    assert door.state.seq == seq + 1 + 8 + 3
    assert door.state.live.best == 2


def test_the_same_key_gives_the_same_bytes(door: Door, bidding: Rehearsal) -> None:
    first, second = bid(door, "A", "5.5", "k"), bid(door, "A", "5.5", "k")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    refused, again = bid(door, "B", "5.5", "k"), bid(door, "B", "5.5", "k")
    assert (refused.status_code, refused.content) == (409, again.content)
    other = bid(door, "A", "6", "k")
    assert other.status_code == 422
    assert other.json()["error"]["field"] == "Idempotency-Key"
    plan = Order(session="p", role=Role.AGENCY, by="o", command=bidding_plan(bidding))
    assert [door.send(plan, "k2").status_code for _ in range(2)] == [201, 201]
    assert door.send(plan, "k3").status_code == 422


def bidding_plan(rehearsal: Rehearsal) -> ApprovePlan:
    entry = rehearsal.session.client.app.state.sessions.read_entry("dien-tap", 1)  # type: ignore[attr-defined]
    assert isinstance(entry.order.command, ApprovePlan)
    return entry.order.command


def test_receipts_are_for_their_sender(door: Door, bidding: Rehearsal) -> None:
    seq = bid(door, "A", "5.5").json()["seq"]
    assert get(door, f"/dien-tap/receipts/{seq}").status_code == 403
    assert get(door, f"/dien-tap/receipts/{seq}", "bidder", "B").status_code == 403
    assert get(door, "/dien-tap/receipts/999", "clerk").status_code == 404
    given = get(door, f"/dien-tap/receipts/{seq}", "bidder", "A").json()
    key = public_key(given.pop("public_key"))
    receipt = Receipt(**{**given, "proof": tuple(given["proof"]), "checkpoint": Checkpoint(**given["checkpoint"])})
    assert check_receipt(receipt, key)
    assert asdict(receipt)["hash"] == door.client.app.state.sessions.read_entry("dien-tap", seq).hash


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", [None]),
        (b"[1]", [None]),
        (b"{", [None]),
        (b"\xff", [None]),
        (b"{" + b'"a":{' * 30 + b"}" * 31, [None]),
        (b"[" * 60_000, [None]),
        (b"{}", ["command"]),
        (b'{"command": 1}', ["command"]),
        (b'{"command": {"type": ["Bid"]}}', ["command.type"]),
        (b'{"command": {"type": "Tick"}}', ["command.type"]),
        (b'{"command": {"type": "Bid"}}', ["command.bidder", "command.amount"]),
        (b'{"command": {"type": "Bid", "bidder": "A", "amount": 5.5}}', ["command.amount", "command.amount"]),
        (b'{"command": {"type": "Bid", "bidder": "A", "amount": NaN}}', ["command.amount", "command.amount"]),
        (b'{"command": {"type": "Bid", "bidder": "A", "amount": "6", "amount": "7"}}', ["command.amount"]),
        (b'{"command": {"type": "Bid", "bidder": "\\ud800", "amount": "6"}}', [None]),
        (b'{"command": {"type": "Bid", "bidder": "A", "amount": "6", "x": 1}, "y": 1, "expected": -1}', ["y"]),
        (b'{"command": {"type": "Bid", "bidder": "A", "amount": "6", "x": 1}, "expected": true}', ["command.x", "expected"]),
        (b'{"command": {"type": "CloseRound", "round": 99999999999999999999}}', ["command.round"]),
    ],
)  # fmt: skip
def test_a_malformed_command_is_named_and_not_written(
    door: Door, bidding: Rehearsal, body: bytes, fields: list[str | None]
) -> None:
    seq = door.state.seq
    headers = {"X-Name": "A", "X-Role": "bidder", "Idempotency-Key": "m"}
    answer = door.client.post("/v1/sessions/dien-tap/commands", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == fields
    assert door.state.seq == seq


def test_doors_that_stay_shut(door: Door, bidding: Rehearsal) -> None:
    send = door.client.post
    body = {"command": {"type": "Bid", "bidder": "A", "amount": "5.5"}}
    bidder = {"X-Name": "A", "X-Role": "bidder"}
    assert send("/v1/sessions/dien-tap/commands", json=body, headers=bidder).status_code == 422
    assert (
        send("/v1/sessions/dien-tap/commands", json=body, headers={**bidder, "Idempotency-Key": "a b"}).status_code
        == 422
    )
    long = send("/v1/sessions/dien-tap/commands", content=b" " * 70_000, headers={**bidder, "Idempotency-Key": "l"})
    assert long.status_code == 413
    lost = send("/v1/sessions/nowhere/commands", json=body, headers={**bidder, "Idempotency-Key": "n"})
    assert lost.status_code == 404
    assert "phiên" in lost.json()["error"]["message_vi"]
    watcher = {"X-Name": "O", "X-Role": "observer", "Idempotency-Key": "o"}
    assert send("/v1/sessions/dien-tap/commands", json=body, headers=watcher).status_code == 403
    elsewhere = {**bidder, "Idempotency-Key": "e", "Origin": "https://elsewhere.example"}
    assert send("/v1/sessions/dien-tap/commands", json=body, headers=elsewhere).status_code == 403
    for path in ("", "/log", "/minutes", "/bundle", "/bids", "/receipts/1", "/stream"):
        assert get(door, f"/nowhere{path}", "clerk").status_code == 404
    assert get(door, "/dien-tap/log?after=x", "clerk").status_code == 422
    assert get(door, f"/dien-tap/receipts/{10**30}", "clerk").status_code == 422


def test_the_lock_is_on_by_default(store: Store, tmp_path: Path, bidding: Rehearsal) -> None:
    app = unlocked(store, tmp_path)
    app.dependency_overrides.clear()
    with TestClient(app) as client:
        body = {"command": {"type": "Bid", "bidder": "A", "amount": "5.5"}}
        answer = client.post("/v1/sessions/dien-tap/commands", json=body, headers={"Idempotency-Key": "x"})
        assert answer.status_code == 401
        assert client.get("/v1/sessions/dien-tap").json()["leaders"] == []


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
COMMAND_NAMES = st.sampled_from(
    ["Bid", "ScreenBidder", "SetTerms", "IssueRegulation", "Reveal", "SignMinutes", "Tick", "Pause"]
)
FIELDS = st.dictionaries(
    st.sampled_from(["type", "bidder", "amount", "found", "reason", "party", "digest", "round"]), ANY
)
BODIES = st.one_of(
    st.binary(max_size=200),
    ANY,
    st.fixed_dictionaries({"command": st.tuples(COMMAND_NAMES, FIELDS).map(lambda one: {**one[1], "type": one[0]})}),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=BODIES, key=st.sampled_from(["", "k", "é", "a" * 100]), role=st.sampled_from(["bidder", "clerk", "chair", "x"])
)
def test_no_malformed_request_is_our_fault(door: Door, body: object, key: str, role: str) -> None:
    if not door.session:
        rehearse(door).open()
    import json

    content = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass")
    headers = {"X-Name": "A", "X-Role": role, "Idempotency-Key": key.encode()}
    for path in ("/v1/sessions/dien-tap/commands", "/v1/sessions"):
        assert door.client.post(path, content=content, headers=headers).status_code < 500


def test_every_command_is_in_the_openapi_document(door: Door) -> None:
    schemas = door.client.get("/openapi.json").json()["components"]["schemas"]
    offered = {one["$ref"].rpartition("/")[2] for one in schemas["AuctionOrder"]["properties"]["command"]["oneOf"]}
    assert {"Bid", "OpenSession", "HandOverRate"} <= offered
    assert "Tick" not in offered
    assert schemas["Bid"]["required"] == ["type", "bidder", "amount"]
    assert "type" not in schemas["AuctionPlan"]["properties"]["plan"]["required"]


class Server:
    """The application behind a real socket, in a thread."""

    def __init__(self, app: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=self.port, log_level="error", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def served(store: Store, tmp_path: Path) -> Iterator[Door]:
    clock = Clock()
    app = unlocked(store, tmp_path, clock)
    server = Server(app)
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=10) as client:
        client.app = app  # type: ignore[attr-defined]
        yield Door(client, clock)
    server.close()


class Stream:
    """Events of a stream, one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()

    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in self._lines:
            if not line and "event" in found:
                return found
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                found[name] = orjson.loads(value) if name != "event" else value
        raise EOFError

    def until(self, kind: str) -> list[dict[str, Any]]:
        found = [self.event()]
        while found[-1]["event"] != kind:
            found.append(self.event())
        return found


def test_the_stream_tells_every_bid_and_goes_on_where_it_was_cut(served: Door) -> None:
    rehearsal = rehearse(served)
    rehearsal.open()
    with served.client.stream(
        "GET", "/v1/sessions/dien-tap/stream", headers={"X-Role": "bidder", "X-Name": "A"}
    ) as one:
        stream = Stream(one)
        first = stream.until("state")[-1]
        assert first["id"] == first["data"]["seq"] == served.state.seq
        assert bid(served, "A", "5.5").status_code == 200
        told = stream.until("you")
        assert [event["event"] for event in told] == ["bid", "state", "you"]
        assert told[0]["data"]["amount"] == told[1]["data"]["best"] == "5.5"
        assert told[0]["data"]["bidder"] == ""
        assert told[2]["data"]["leading"] is True
        last = told[1]["id"]
    for step in (6, 7, 8):
        bid(served, "B", str(step))
    with served.client.stream("GET", "/v1/sessions/dien-tap/stream", headers={"Last-Event-ID": str(last)}) as one:
        told = Stream(one).until("state")
        assert [event["data"]["amount"] for event in told if event["event"] == "bid"] == ["6", "7", "8"]
        assert told[-1]["data"]["best"] == "8"


def test_a_slow_watcher_slows_nobody_and_gets_the_latest(served: Door) -> None:
    """One socket that is never read, while bids go on and a quick watcher follows; then the slow one gets a gap and the end."""
    rehearsal = rehearse(served)
    rehearsal.open()
    slow = socket.create_connection(("127.0.0.1", served.client.base_url.port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    slow.sendall(b"GET /v1/sessions/dien-tap/stream HTTP/1.1\r\nHost: x\r\n\r\n")
    with served.client.stream("GET", "/v1/sessions/dien-tap/stream") as one:
        quick = Stream(one)
        taken = []
        for step in range(1, 400):
            began = time.perf_counter()
            assert bid(served, "AB"[step % 2], str(5 + step)).status_code == 200
            taken.append(time.perf_counter() - began)
        seen = []
        while not seen or seen[-1]["data"].get("best") != "404":
            seen.append(quick.event())
        amounts = [event["data"]["amount"] for event in seen if event["event"] == "bid"]
        assert amounts == [str(5 + step) for step in range(1, 400)], "a quick watcher misses nothing"
    assert sorted(taken)[len(taken) // 2] < 0.25
    slow.settimeout(5)
    text = b""
    while b'"best":"404"' not in text:
        text += slow.recv(65536)
    slow.close()
