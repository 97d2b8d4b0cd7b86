"""Published sessions replayed as logs: tests/cases/auction_sessions.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auction_engine.bundle import sign_bundle
from auction_engine.commands_session import CallPrice
from auction_engine.grid import Unit
from auction_engine.minutes import session_minutes
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.testing import check_all
from auction_engine.values import AreaKind, Mode, Role, Stage
from auction_engine.verify import Verified, verify
from rules.lawbook import law_book

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/auction_sessions.toml").read_text("utf-8"))["session"]


def rehearsed(case: dict[str, Any]) -> Rehearsal:
    script = Script(
        session=case["id"],
        opens_on=case["opens_on"],
        mode=Mode(case["mode"]),
        kind=AreaKind(case["kind"]),
        minerals=(case["mineral"],),
        unit=Unit(case["unit"]),
        start=case["start"],
        step=case["step"],
        estimated_fee_vnd=case["estimated_fee_vnd"],
        deposit_vnd=case["deposit_vnd"],
    )
    hall = Rehearsal(script, law_book())
    hall.open()
    return hall


def bids_of(case: dict[str, Any]) -> list[int]:
    last = case["steps"]
    return [*range(case["rise"], last, case["rise"]), last]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_session(case: dict[str, Any]) -> None:
    hall = rehearsed(case)
    grid = hall.session.state.grid
    assert grid is not None
    for place, steps in enumerate(bids_of(case)):
        hall.wait(60)
        bidder = hall.script.bidders[place % 2]
        if hall.script.mode is Mode.ORAL:
            hall.bid(bidder, grid.amount(steps))
        else:
            hall.ballots({bidder: grid.amount(steps)})
    if hall.script.mode is Mode.ORAL:
        for _ in range(3):
            hall.must(CallPrice(), Role.AUCTIONEER)
    else:
        hall.ballots({})  # nobody bids any more
    hall.declare()
    minutes = session_minutes(hall.session.state)
    assert (minutes["steps"], minutes["won"]) == (case["steps"], case["won"])
    hall.sign()
    assert hall.session.state.stage is Stage.MINUTED
    check_all(hall.session)
    bundle = sign_bundle(hall.session.state, hall.session.entries, Ed25519PrivateKey.generate(), every=50)
    found = verify(bundle.splitlines(keepends=True), law_book())
    assert isinstance(found, Verified), found
    assert found.statement["minutes"] == minutes
