"""Is a bid that was answered still there after the server was killed, once, and does the session go on?"""

from __future__ import annotations

import random
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.store.engine import Store
from auction_engine.log import ORIGIN, read_entry
from tests.gates import rounds
from tests.session_desk import desk, rehearse
from tests.session_server import Nursery

BIDDERS = ("A", "B", "C", "D")


@dataclass
class Client:
    """A bidder that keeps what was answered, and sends again under the same key what was not."""

    name: str
    steps: Any
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)

    def run(self, port: int, stop: threading.Event) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            while not stop.is_set():
                if not self.open:
                    self.open[uuid.uuid4().hex] = str(next(self.steps))
                for key, amount in list(self.open.items()):
                    try:
                        answer = self._send(client, key, amount)
                    except httpx.TransportError:
                        return
                    assert answer.status_code in (200, 409), answer.text
                    told = answer.json()
                    self.answered[key] = {name: told[name] for name in ("seq", "hash")}
                    del self.open[key]

    def _send(self, client: httpx.Client, key: str, amount: str) -> httpx.Response:
        body = {"command": {"type": "Bid", "bidder": self.name, "amount": amount}}
        headers = {"X-Name": self.name, "X-Role": "bidder", "Idempotency-Key": key}
        return client.post("/v1/sessions/dien-tap/commands", json=body, headers=headers)

    def settle(self, port: int) -> None:
        """Send once more what was never answered."""
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            for key, amount in list(self.open.items()):
                told = self._send(client, key, amount).json()
                self.answered[key] = {name: told[name] for name in ("seq", "hash")}
            self.open.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.gate
def test_no_answered_bid_is_lost_or_doubled_by_a_kill(
    store: Store, database_url: str, tmp_path: Path, full_gates: bool
) -> None:
    with desk(store, tmp_path) as opened:
        rehearsal = rehearse(opened, bidders=BIDDERS, window_minutes=1_000_000)
        rehearsal.open()
        begun = opened.state.seq
    steps = count(6)
    clients = [Client(name, steps) for name in BIDDERS]
    nursery, dice, port = Nursery(database_url, tmp_path, rehearsal.opens_at), random.Random(7), free_port()
    try:
        for _ in rounds(f"kills-{store.engine.dialect.name}", 1000 if full_gates else 4):
            nursery.start(port)
            stop = threading.Event()
            threads = [threading.Thread(target=client.run, args=(port, stop)) for client in clients]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.05, 0.5))
            nursery.kill()
            stop.set()
            for thread in threads:
                thread.join()
        nursery.start(port)
        for client in clients:
            client.settle(port)
        nursery.kill()
    finally:
        nursery.close()
    with desk(store, tmp_path, rehearsal.now) as again:
        again.name = "dien-tap"
        prev, keys = ORIGIN, dict[str, dict[str, Any]]()
        for number, line in enumerate(again.log(), start=1):
            entry = read_entry(line, prev)
            assert entry.seq == number
            prev = entry.hash
            if entry.order.key:
                assert entry.order.key not in keys, "written twice"
                keys[entry.order.key] = {"seq": entry.seq, "hash": entry.hash}
        assert again.state.seq == number
    answered = {key: told for client in clients for key, told in client.answered.items()}
    assert answered == keys
    assert len(answered) > len(clients)
    print(f"\n{store.engine.dialect.name}: {len(answered)} bids answered, all there once, log of {number - begun} more")
