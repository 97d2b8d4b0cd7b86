"""What becomes of each deposit when a session ends? Law 01/2016 Art. 39(4)-(8), Law 54/2024 Art. 102(3)-(4).

The winner's deposit secures what follows, those absent without excuse lose theirs, everybody else gets the money back within the
days the law gives. Nothing outside the closed list is ever forfeited.
"""

from __future__ import annotations

from datetime import date

from auction_engine.events import Event
from auction_engine.events_outcome import DepositForfeited, DepositSecures, RefundDue, SessionFailed
from auction_engine.law import due, whole
from auction_engine.moments import local_day
from auction_engine.refusing import cite
from auction_engine.state import Bidder, State
from auction_engine.values import Forfeit, Mode, Stage


def forfeit(state: State, bidder: str, ground: Forfeit, now: str) -> tuple[Event, ...]:
    """The deposit of one bidder on a ground of the closed list; nothing where it paid none."""
    held = state.bidders[bidder].deposit
    if not held:
        return ()
    article = cite(state, f"forfeit_{ground.value}", now)
    return (DepositForfeited(bidder=bidder, amount_vnd=held, ground=ground, article=article),)


def settled(state: State, now: str, ended: date, winner: str = "", *, session_held: bool = True) -> tuple[Event, ...]:
    """Every deposit at the end of a session; ``session_held`` false: nobody was absent, because nothing took place."""
    found: list[Event] = []
    back = due(state.book, "session.losers_refunded", ended)
    for name, one in state.bidders.items():
        held = one.deposit
        if name == winner:
            found.append(DepositSecures(bidder=name, amount_vnd=held, article=cite(state, "deposit_of_winner", now)))
            held = 0
        elif session_held and _absent(state, one):
            found += forfeit(state, name, Forfeit.ABSENT, now)
            held = 0
        if held + one.unusable:
            found.append(
                RefundDue(bidder=name, amount_vnd=held + one.unusable, due_on=back.on.isoformat(), article=back.article)
            )
    return tuple(found)


def _absent(state: State, one: Bidder) -> bool:
    """Paid in full and on the list, but neither present nor excused."""
    assert state.terms is not None
    full = one.deposit >= state.terms.deposit_vnd
    return full and bool(one.eligible) and not one.present and not one.excused and not one.out


def refund_now(state: State, bidder: str, now: str, rule: str = "losers_refunded") -> tuple[Event, ...]:
    """The whole money of one bidder goes back, counted from today."""
    one = state.bidders[bidder]
    if not one.deposit + one.unusable:
        return ()
    back = due(state.book, "session.losers_refunded", local_day(now))
    article = back.article if rule == "losers_refunded" else cite(state, rule, now)
    total = one.deposit + one.unusable
    return (RefundDue(bidder=bidder, amount_vnd=total, due_on=back.on.isoformat(), article=article),)


def failed(state: State, ground: str, now: str) -> tuple[Event, ...]:
    """The auction fails on a ground, with the count that Decree 193/2025 Art. 143(8) looks at, and all deposits settled."""
    on = local_day(now)
    failures = state.failures + 1
    return (
        SessionFailed(
            ground=ground,
            failures=failures,
            may_leave_auctions=failures >= whole(state.book, "session.failures", on),
            ended_on=on.isoformat(),
            article=cite(state, ground, now),
        ),
        *settled(state, now, on, session_held=_was_held(state)),
    )


def _was_held(state: State) -> bool:
    """Whether a session took place at which one could be absent; online those who never logged in are absent."""
    if state.regulation is not None and state.regulation.mode is Mode.ONLINE:
        return state.stage in (Stage.OPEN, Stage.DECLARED, Stage.RUNNER_UP)
    return state.stage in (Stage.LISTED, Stage.OPEN, Stage.DECLARED, Stage.RUNNER_UP)
