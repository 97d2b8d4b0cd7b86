"""Do two people open a session, with the lock on: proposed, confirmed by another role, given once, both in the log?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.accounts.roles import Role
from api.app import create_app
from api.sessions.service import Sessions
from api.settings import Settings
from api.store.engine import Store
from rules.lawbook import law_book
from tests.api.accounts import PASSWORD, make
from tests.session_desk import Clock, desk, rehearse


class Person:
    """Somebody signed in over the API."""

    def __init__(self, app: Any, name: str) -> None:
        self.client = TestClient(app, raise_server_exceptions=False)
        self.client.portal = app.state.portal  # the loop in which the service runs
        answer = self.client.post("/v1/auth/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.headers = {"X-CSRF-Token": answer.json()["csrf"]}

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        return self.client.post(f"/v1/sessions/dien-tap{path}", json=body, headers=headers)


@pytest.fixture
def app(store: Store, tmp_path: Path) -> Iterator[Any]:
    """A session whose roll was called; its doors open at its own hour."""
    with desk(store, tmp_path) as opened:
        rehearsal = rehearse(opened, bidders=("bidder-a", "bidder-b"))
        rehearsal.ready()
    for name, role in (
        ("chu", Role.CHAIR),
        ("thu", Role.CLERK),
        ("thu2", Role.CLERK),
        ("bidder-a", Role.BIDDER),
        ("desk", Role.OPERATOR),
    ):
        make(store, name, role)
    clock = Clock()
    clock.now = rehearsal.opens_at
    app = create_app(store, Settings(signing_key_file=tmp_path / "operator.key"))
    app.state.sessions = Sessions(store, law_book(), tmp_path / "operator.key", clock)
    with TestClient(app) as running:
        app.state.portal = running.portal
        yield app


OPEN = {"command": {"type": "OpenSession"}}


def test_chair_and_clerk_open_together_and_a_bidder_bids(app: Any) -> None:
    chair, clerk, second_clerk, bidder = (Person(app, name) for name in ("chu", "thu", "thu2", "bidder-a"))
    alone = chair.post("/commands", OPEN, "alone")
    assert alone.json()["error"]["code"] == "second_needed"
    proposal = clerk.post("/proposals", OPEN)
    assert proposal.status_code == 201, proposal.text
    told = proposal.json()
    number, digest = told["proposal"], {"digest": told["digest"]}
    assert [one["proposal"] for one in chair.client.get("/v1/sessions/dien-tap/proposals").json()] == [number]
    assert clerk.post(f"/proposals/{number}/confirm", digest).status_code == 403, "not oneself"
    assert second_clerk.post(f"/proposals/{number}/confirm", digest).status_code == 403, "not the same role"
    assert bidder.post(f"/proposals/{number}/confirm", digest).status_code == 403
    assert chair.post(f"/proposals/{number}/confirm", {"digest": "0"}).status_code == 409, "not what was seen"
    done = chair.post(f"/proposals/{number}/confirm", digest)
    assert done.status_code == 200, done.text
    entry = done.json()["entry"]
    assert (entry["role"], entry["by"], entry["second"]) == ("chair", "chu", "thu")
    assert entry["events"][0]["type"] == "SessionOpened"
    assert chair.post(f"/proposals/{number}/confirm", digest).content == done.content, "again, the same"
    assert clerk.post(f"/proposals/{number}/refuse").status_code == 409
    bid = {"command": {"type": "Bid", "bidder": "bidder-a", "amount": "5.5"}}
    assert bidder.post("/commands", bid, "b").status_code == 200
    assert (
        bidder.client.post("/v1/sessions/dien-tap/commands", json=bid, headers={"Idempotency-Key": "c"}).status_code
        == 403
    )


def test_what_is_turned_down_is_not_done(app: Any) -> None:
    chair, clerk = Person(app, "chu"), Person(app, "thu")
    told = chair.post("/proposals", OPEN).json()
    assert clerk.post(f"/proposals/{told['proposal']}/refuse").json()["confirmed"] is False
    assert clerk.post(f"/proposals/{told['proposal']}/confirm", {"digest": told["digest"]}).status_code == 409
    assert app.state.sessions.read_state("dien-tap").opened_at == ""


def test_what_may_not_be_proposed(app: Any) -> None:
    chair, operator = Person(app, "chu"), Person(app, "desk")
    assert chair.post("/proposals", {"command": {"type": "Pause", "reason": "x"}}).status_code == 422
    assert chair.post("/proposals", {"command": {"type": "Nothing"}}).status_code == 422
    assert operator.post("/proposals", OPEN).status_code == 403
    assert chair.client.post("/v1/sessions/nowhere/proposals", json=OPEN, headers=chair.headers).status_code == 404
    assert chair.post("/proposals/99/confirm", {"digest": "0"}).status_code == 404
