"""What do the minutes of the session say? Law 01/2016 Art. 44(2), Decree 62/2017 Art. 12: derived from the log, never typed.

:func:`session_minutes` is what the parties sign; it stops changing once the winner is announced or the auction failed.
:func:`statement` adds what became of the deposits and deadlines and may be asked at any time. Both are plain JSON values.
"""

from __future__ import annotations

import hashlib
from typing import Any

from auction_engine.canonical import canonical
from auction_engine.state import State


def session_minutes(state: State) -> dict[str, Any]:
    """Area, terms, those present and absent, every bid in order, and the winner."""
    plan, terms, regulation, grid, live = state.plan, state.terms, state.regulation, state.grid, state.live
    bids = list(live.last.chain())[::-1] if live.last else []
    listed = {name: one for name, one in state.bidders.items() if one.eligible}
    winner = state.result.winner
    won = winner != "" and grid is not None
    return {
        "session": state.session,
        "law_digest": plan.law_digest if plan else "",
        "engine": plan.engine if plan else "",
        "area": plan.area if plan else "",
        "place": plan.place if plan else "",
        "minerals": list(plan.minerals) if plan else [],
        "auctioned_mineral": plan.main if plan else "",
        "unit": terms.unit.value if terms else "",
        "start": terms.start if terms else "",
        "step": terms.step if terms else "",
        "deposit_vnd": terms.deposit_vnd if terms else 0,
        "mode": regulation.mode.value if regulation else "",
        "opened_at": state.opened_at,
        "rounds": live.round,
        "present": sorted(name for name, one in listed.items() if one.present),
        "absent": sorted(name for name, one in listed.items() if not one.present and not one.left),
        "disqualified": sorted(name for name, one in listed.items() if one.out),
        "bids": [
            {
                "bidder": one.bidder,
                "amount": grid.amount(one.steps),
                "steps": one.steps,
                "round": one.round,
                "at": one.at,
            }
            for one in bids
            if grid is not None
        ],
        "lots": list(state.lots),
        "refused_by": state.result.refused_by,
        "failed": state.result.failed,
        "ended_on": state.result.ended_on,
        "winner": winner,
        "won": grid.amount(state.result.steps) if won and grid else "",
        "steps": state.result.steps if won else 0,
    }


def minutes_digest(state: State) -> str:
    """SHA-256 of the minutes: what every party signs."""
    return hashlib.sha256(canonical(session_minutes(state))).hexdigest()


def statement(state: State) -> dict[str, Any]:
    """The minutes with what stands around them: signatures, every deposit, deadlines, how many commands were refused."""
    minutes = session_minutes(state)
    return {
        "minutes": minutes,
        "minutes_digest": hashlib.sha256(canonical(minutes)).hexdigest(),
        "stage": state.stage.value,
        "entries": state.seq,
        "refused": state.refused,
        "signed": [one.value for one in state.result.signed],
        "deposits": {
            name: {
                "held_vnd": one.deposit + one.unusable,
                "secures": one.secures,
                "refund_due_vnd": one.refund_due,
                "refund_by": one.refund_by,
                "refunded_vnd": one.refunded,
                "forfeited_vnd": one.forfeited,
                "forfeited_for": one.forfeit_ground.value if one.forfeit_ground else "",
                "remitted_vnd": one.remitted,
            }
            for name, one in state.bidders.items()
        },
        "due": {task.value: on for task, on in state.due.items()},
        "done": {task.value: on for task, on in state.done.items()},
        "failures": state.failures,
        "approved_by": state.approved_by,
    }
