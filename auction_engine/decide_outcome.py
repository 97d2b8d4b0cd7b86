"""Who has won, who comes next, and when do the minutes stand? Law 01/2016 Art. 44, 45, 51, 52, Law 54/2024 Art. 104(2)."""

from __future__ import annotations

from datetime import date

from auction_engine.apply import apply
from auction_engine.commands_session import (
    AnswerOffer,
    DecideRunnerUp,
    DeclareWinner,
    RefuseMinutes,
    RefuseResult,
    SignMinutes,
)
from auction_engine.decide_session import postponed
from auction_engine.events import Event
from auction_engine.events_after import DeadlineSet, DossierMissed
from auction_engine.events_outcome import (
    MinutesComplete,
    MinutesRefused,
    MinutesSigned,
    OfferAnswered,
    ResultRefused,
    RunnerUpDecided,
    RunnerUpFound,
    WinnerDeclared,
)
from auction_engine.events_session import BiddingClosed, Paused
from auction_engine.grid import Unit
from auction_engine.law import due, months_later, row, whole
from auction_engine.minutes import minutes_digest
from auction_engine.moments import later, local_day
from auction_engine.refusing import cite, refused
from auction_engine.settling import failed, forfeit, settled
from auction_engine.state import State
from auction_engine.values import AreaKind, Forfeit, Mode, Party, Phase, Stage, Task
from fees.case import Group


def tick(state: State, now: str) -> tuple[Event, ...]:
    """What falls due at an instant; nothing for a timer with nothing to do."""
    regulation, live = state.regulation, state.live
    if state.stage is Stage.LISTED and regulation is not None:
        if now > later(regulation.opens_at, regulation.late_limit):
            return (postponed(state, "late_opening", now),)
    elif state.stage is Stage.OPEN and regulation is not None and regulation.mode is Mode.ONLINE:
        if live.phase is Phase.BIDDING and not live.paused_at and now >= live.ends_at:
            if now > later(live.ends_at, regulation.late_limit):
                return (Paused(at=now, reason="late_tick", by_timer=True),)
            if live.best < 0:
                return failed(state, "failed_withdrawn" if live.withdrawn else "failed_no_bid", now)
            return (BiddingClosed(steps=live.best, leader=live.leaders[0]),)
    elif state.stage is Stage.APPROVED and not state.missed:
        last = state.due[Task.LICENCE_DOSSIER]
        if local_day(now).isoformat() > last:
            return (DossierMissed(due_on=last, article=cite(state, _dossier_rule(state), now)),)
    return ()


def declare(state: State, command: DeclareWinner, now: str) -> tuple[Event, ...]:
    """The winner, once bidding is closed and one bidder leads."""
    live = state.live
    if state.stage is not Stage.OPEN:
        return (refused(state, command, now, "not_open"),)
    if live.paused_at:
        return (refused(state, command, now, "paused"),)
    if live.phase is not Phase.CLOSED or len(live.leaders) != 1:
        return (refused(state, command, now, "still_bidding"),)
    return (_won(state, live.leaders[0], live.best, now),)


def _won(state: State, bidder: str, steps: int, now: str) -> WinnerDeclared:
    assert state.grid is not None
    return WinnerDeclared(
        bidder=bidder,
        steps=steps,
        amount=state.grid.amount(steps),
        ended_on=local_day(now).isoformat(),
        article=cite(state, "ended", now),
    )


def refuse_result(state: State, command: RefuseResult, now: str) -> tuple[Event, ...]:
    """The winner refuses: the next bid, and whether it is near enough (Art. 51(1)); a second refusal fails the auction."""
    if state.stage is not Stage.DECLARED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.bidder != state.result.winner:
        return (refused(state, command, now, "not_winner", bidder=command.bidder),)
    again = bool(state.result.refused_by)
    events: tuple[Event, ...] = (
        ResultRefused(bidder=command.bidder, article=cite(state, "runner_up", now)),
        *forfeit(state, command.bidder, Forfeit.REFUSED, now),
    )
    after = _folded(state, events)
    found = None if again else _next_bid(after, now)
    if found is None:
        return (*events, *failed(after, "failed_refused", now))
    events = (*events, found)
    if found.passes is False:
        return (*events, *failed(_folded(after, (found,)), "failed_refused", now))
    return events


def _next_bid(state: State, now: str) -> RunnerUpFound | None:
    """The best bid of another bidder. Sums pass where next + deposit >= refused; rates and old sessions are decided."""
    grid, terms, regulation = state.grid, state.terms, state.regulation
    assert grid is not None
    assert terms is not None
    assert regulation is not None
    others = [
        one
        for one in (state.live.last.chain() if state.live.last else ())
        if one.bidder != state.result.refused_by and not state.bidders[one.bidder].out
    ]
    if not others:
        return None
    steps = max(one.steps for one in others)
    bidders = tuple(dict.fromkeys(one.bidder for one in reversed(others) if one.steps == steps))
    decided = grid.unit is Unit.RATE or regulation.tied_rounds > 0 or len(bidders) > 1
    passes: bool | None = None
    if not decided:
        next_sum, refused_sum = grid.amount(steps), grid.amount(state.result.refused_steps)
        assert isinstance(next_sum, int)
        assert isinstance(refused_sum, int)
        passes = next_sum + terms.deposit_vnd >= refused_sum
    article = cite(state, "runner_up_decided" if decided else "runner_up", now)
    return RunnerUpFound(bidders=bidders, steps=steps, passes=passes, article=article)


def decide_runner_up(state: State, command: DecideRunnerUp, now: str) -> tuple[Event, ...]:
    """The seller's decision where the law gives no test, with its reason."""
    result = state.result
    if state.stage is not Stage.RUNNER_UP or result.offered:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.bidder not in result.candidates:
        return (refused(state, command, now, "not_candidate", bidder=command.bidder),)
    if not command.reason.strip():
        return (refused(state, command, now, "reason_missing"),)
    decided = RunnerUpDecided(
        bidder=command.bidder,
        accepted=command.accepted,
        reason=command.reason,
        article=cite(state, "runner_up_decided", now),
    )
    return (decided,) if command.accepted else (decided, *failed(state, "failed_refused", now))


def answer_offer(state: State, command: AnswerOffer, now: str) -> tuple[Event, ...]:
    """The next bidder takes the area at its own bid, or the auction fails; declining an offer costs no deposit."""
    result = state.result
    if state.stage is not Stage.RUNNER_UP or not result.offered:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.bidder != result.offered:
        return (refused(state, command, now, "not_candidate", bidder=command.bidder),)
    answered = OfferAnswered(bidder=command.bidder, accepts=command.accepts)
    if command.accepts:
        return (answered, _won(state, command.bidder, result.steps, now))
    return (answered, *failed(state, "failed_refused", now))


def sign_minutes(state: State, command: SignMinutes, by: str, now: str) -> tuple[Event, ...]:
    """A signature under the minutes of this log; the last one settles the deposits and starts the deadlines."""
    if state.stage is not Stage.DECLARED or state.regulation is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.party is Party.WINNER and by != state.result.winner:
        return (refused(state, command, now, "not_winner", bidder=by),)
    digest = minutes_digest(state)
    if command.digest != digest:
        return (refused(state, command, now, "wrong_minutes", digest=digest),)
    if command.party in state.result.signed:
        return (refused(state, command, now, "already_signed"),)
    signed = MinutesSigned(party=command.party, digest=digest)
    needed = set(Party) if state.regulation.council else set(Party) - {Party.CHAIR}
    if needed - {*state.result.signed, command.party}:
        return (signed,)
    ended = date.fromisoformat(state.result.ended_on)
    complete = MinutesComplete(digest=digest, article=cite(state, "minutes", now))
    return (signed, complete, *settled(state, now, ended, state.result.winner), *_deadlines(state, ended))


def refuse_minutes(state: State, command: RefuseMinutes, now: str) -> tuple[Event, ...]:
    """A winner who does not sign does not take the area (Art. 44(3)): the auction fails and the deposit is lost."""
    if state.stage is not Stage.DECLARED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.bidder != state.result.winner:
        return (refused(state, command, now, "not_winner", bidder=command.bidder),)
    events: tuple[Event, ...] = (
        MinutesRefused(bidder=command.bidder, article=cite(state, "minutes_refused", now)),
        *forfeit(state, command.bidder, Forfeit.MINUTES, now),
    )
    return (*events, *failed(_folded(state, events), "failed_minutes", now))


def _deadlines(state: State, ended: date) -> tuple[Event, ...]:
    """What the end of the session starts: register, hand over, and the licence dossier by group and regime."""
    found: list[Event] = []
    for task in (Task.RESULT_REGISTERED, Task.FILE_HANDED_OVER, Task.LOSERS_REFUNDED):
        span = due(state.book, f"session.{task.value}", ended)
        found.append(DeadlineSet(task=task, due_on=span.on.isoformat(), article=span.article))
    old = row(state.book, "session.result_published", ended)
    if old.period.contains(ended):
        for task in (Task.RESULT_PUBLISHED, Task.SUBMITTED):
            span = due(state.book, f"session.{task.value}", ended)
            found.append(DeadlineSet(task=task, due_on=span.on.isoformat(), article=span.article))
    found.append(_licence_deadline(state, ended, old=old.period.contains(ended)))
    return tuple(found)


def _licence_deadline(state: State, ended: date, *, old: bool) -> DeadlineSet:
    plan = state.plan
    assert plan is not None
    explores = explores_first(state)
    if old:
        name, key = ("session.exploration_months_2012" if explores else "session.mining_months_2012"), ""
    else:
        name, key = ("auction.exploration_dossier_months" if explores else "auction.mining_dossier_months"), plan.group
    last = months_later(state.book, ended, whole(state.book, name, ended, key))
    place = row(state.book, name, ended, key).cite
    article = f"{place.at}, {place.instrument}"
    return DeadlineSet(task=Task.LICENCE_DOSSIER, due_on=last.isoformat(), article=article)


def explores_first(state: State) -> bool:
    """Whether the winner files for exploration first: unexplored areas of groups I to III."""
    plan = state.plan
    return plan is not None and plan.kind is AreaKind.UNEXPLORED and plan.group is not Group.IV


def _dossier_rule(state: State) -> str:
    return "dossier_exploration" if explores_first(state) else "dossier_mining"


def _folded(state: State, events: tuple[Event, ...]) -> State:
    for event in events:
        state = apply(state, event)
    return state
