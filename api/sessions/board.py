"""What does a board show of a session? Plain values: for everybody, or for those who work on the session.

Online nobody but them sees who leads while bids are taken; in a hall everybody does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.sessions.actors import is_over
from auction_engine.events_session import BidPlaced
from auction_engine.log import Entry
from auction_engine.state import State
from auction_engine.values import Mode


def board(state: State, *, whole: bool) -> dict[str, Any]:
    """The live state; ``whole``: with names. Amounts are in the unit of the bids, steps counted from the start."""
    plan, terms, regulation, grid, live = state.plan, state.terms, state.regulation, state.grid, state.live
    named = whole or names_are_open(state)
    led = grid is not None and live.best >= 0
    found: dict[str, Any] = {
        "session": state.session,
        "seq": state.seq,
        "at": state.at,
        "stage": state.stage.value,
        "area": plan.area if plan else "",
        "place": plan.place if plan else "",
        "mineral": plan.main if plan else "",
        "unit": terms.unit.value if terms else "",
        "start": terms.start if terms else "",
        "step": terms.step if terms else "",
        "deposit_vnd": terms.deposit_vnd if terms else 0,
        "mode": regulation.mode.value if regulation else "",
        "opens_at": regulation.opens_at if regulation else "",
        "opened_at": state.opened_at,
        "phase": live.phase.value if state.opened_at else "",
        "best": grid.amount(live.best) if led and grid else "",
        "best_steps": live.best if led else None,
        "best_at": live.last.at if live.last and led else "",
        "tied": len(live.leaders) > 1,
        "leaders": list(live.leaders) if named else [],
        "calls": live.calls,
        "round": live.round,
        "ballots": len(live.sealed),
        "ends_at": live.ends_at,
        "extensions": live.extensions,
        "paused_at": live.paused_at,
        "signalled": live.signalled,
        "bidders_present": len(state.present()),
        "winner": state.result.winner if named else "",
        "won": grid.amount(state.result.steps) if grid and state.result.winner else "",
        "failed": state.result.failed,
    }
    if whole:
        found["refused"] = state.refused
        found["failures"] = state.failures
        found["posted_on"] = state.posted_on
        found["notices"] = list(state.notices)
        found["due"] = {task.value: on for task, on in state.due.items()}
        found["done"] = {task.value: on for task, on in state.done.items()}
        found["signed"] = [one.value for one in state.result.signed]
        found["bidders"] = [
            {
                "bidder": one.name,
                "filed": one.filed,
                "eligible": one.eligible,
                "left": one.left,
                "deposit_vnd": one.deposit,
                "present": one.present,
                "out": one.out,
            }
            for one in state.bidders.values()
        ]
    return found


def names_are_open(state: State) -> bool:
    """Whether everybody may see who bids."""
    online = state.regulation is not None and state.regulation.mode is Mode.ONLINE
    return is_over(state) or (state.opened_at != "" and not online)


def bids(state: State, entries: Sequence[Entry], *, whole: bool) -> list[dict[str, Any]]:
    """The valid bids of some entries, in order."""
    named, grid = whole or names_are_open(state), state.grid
    return [
        {
            "seq": entry.seq,
            "at": entry.at,
            "amount": grid.amount(event.steps),
            "steps": event.steps,
            "bidder": event.bidder if named else "",
        }
        for entry in entries
        for event in entry.events
        if isinstance(event, BidPlaced) and grid is not None
    ]
