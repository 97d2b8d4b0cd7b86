"""How does a session open, stand, fail technically, and who falls out of it? Law 01/2016 Art. 9(5), 50, Decree 62/2017 Art. 16a(4).

A timer is a command with ``now``. A stage that would run later than the regulation's limit does not run (house convention
``late_tick``): an opening is postponed, a closing interrupts the session until the council lets it go on or cancels it.
"""

from __future__ import annotations

from auction_engine.apply import apply
from auction_engine.commands_session import (
    CancelSession,
    CheckIn,
    Disqualify,
    OpenSession,
    Pause,
    ReportFault,
    Resume,
    WithdrawBid,
)
from auction_engine.decide_bids import stands_against
from auction_engine.decide_rounds import next_round
from auction_engine.events import Event
from auction_engine.events_session import (
    BidWithdrawn,
    CheckedIn,
    Disqualified,
    FaultReported,
    Paused,
    Resumed,
    RoundOpened,
    SessionCancelled,
    SessionOpened,
    SessionPostponed,
)
from auction_engine.law import whole
from auction_engine.moments import later, local_day, seconds_between
from auction_engine.refusing import cite, refused
from auction_engine.sealing import is_hex
from auction_engine.settling import failed, forfeit, settled
from auction_engine.state import State
from auction_engine.values import Forfeit, Mode, Phase, Stage, SystemFault

SECONDS = 60


def check_in(state: State, command: CheckIn, now: str) -> tuple[Event, ...]:
    """Presence before the opening; online also while bids are taken."""
    online = state.regulation is not None and state.regulation.mode is Mode.ONLINE
    late = online and state.stage is Stage.OPEN and now < state.live.ends_at
    if state.stage is not Stage.LISTED and not late:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    code = stands_against(state, command.bidder)
    if code == "":
        return (refused(state, command, now, "already_present", bidder=command.bidder),)
    if code != "not_present":
        return (refused(state, command, now, code, bidder=command.bidder),)
    if command.lot_share and not is_hex(command.lot_share):
        return (refused(state, command, now, "unreadable", field="lot_share", given=command.lot_share),)
    return (CheckedIn(bidder=command.bidder, lot_share=command.lot_share),)


def open_session(state: State, command: OpenSession, now: str) -> tuple[Event, ...]:
    """The opening with at least two who take part; too late it is postponed, with too few it fails."""
    regulation = state.regulation
    if state.stage is not Stage.LISTED or regulation is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    least = whole(state.book, "session.notices", local_day(now))
    if len(state.notices) < least:
        return (refused(state, command, now, "notices_missing", given=len(state.notices), least=least),)
    if now < regulation.opens_at:
        return (refused(state, command, now, "too_early", first=regulation.opens_at),)
    if now > later(regulation.opens_at, regulation.late_limit):
        return (postponed(state, "late_opening", now),)
    if regulation.council:
        part, of = (whole(state.book, "session.quorum", local_day(now), key) for key in ("part", "whole"))
        if command.members_present * of < regulation.council_members * part:
            facts = {"given": command.members_present, "members": regulation.council_members, "part": part, "of": of}
            return (refused(state, command, now, "quorum_missing", **facts),)
    online = regulation.mode is Mode.ONLINE
    taking_part = state.paid() if online else state.present()
    if len(taking_part) < regulation.min_bidders:
        return failed(state, "min_bidders", now)
    ends_at = later(now, regulation.window_minutes * SECONDS) if online else ""
    opened = SessionOpened(present=tuple(state.present()), ends_at=ends_at)
    if regulation.mode in (Mode.ORAL, Mode.ONLINE):
        return (opened,)
    return (opened, RoundOpened(round=1, among=(), at_least=regulation.first_steps, extra=False))


def postponed(state: State, reason: str, now: str) -> SessionPostponed:
    """The session is held another day; list and deposits are kept."""
    return SessionPostponed(reason=reason, article=cite(state, "online_cannot_start", now))


def cancelled(state: State, reason: str, rule: str, now: str) -> tuple[Event, ...]:
    """The session is void and every deposit still held goes back."""
    stop = SessionCancelled(reason=reason, article=cite(state, rule, now))
    return (stop, *settled(state, now, local_day(now), session_held=False))


def report_fault(state: State, command: ReportFault, now: str) -> tuple[Event, ...]:
    """Cannot start: another day. Could not bid, or a bid was not recorded: the result is cancelled."""
    starting = command.fault is SystemFault.CANNOT_START
    rule = "online_cannot_start" if starting else "online_cannot_bid"
    told = FaultReported(fault=command.fault, evidence=command.evidence, article=cite(state, rule, now))
    if starting:
        if state.stage is not Stage.LISTED:
            code = "cannot_start_is_over" if state.opened_at else "wrong_stage"
            return (refused(state, command, now, code, stage=state.stage),)
        return (told, postponed(state, command.fault.value, now))
    if state.stage not in (Stage.OPEN, Stage.DECLARED, Stage.RUNNER_UP):
        return (refused(state, command, now, "not_open"),)
    return (told, *cancelled(state, command.fault.value, rule, now))


def cancel_session(state: State, command: CancelSession, now: str) -> tuple[Event, ...]:
    """The council stops a session for a breach of its procedure (Art. 62(1)(b))."""
    if state.stage not in (Stage.LISTED, Stage.POSTPONED, Stage.OPEN, Stage.DECLARED, Stage.RUNNER_UP):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if not command.reason:
        return (refused(state, command, now, "reason_missing"),)
    return cancelled(state, command.reason, "stopped", now)


def pause(state: State, command: Pause, now: str) -> tuple[Event, ...]:
    """The session stands; the time left is kept."""
    if state.stage is not Stage.OPEN:
        return (refused(state, command, now, "not_open"),)
    if state.live.paused_at:
        return (refused(state, command, now, "paused"),)
    if state.live.ends_at and now >= state.live.ends_at:
        return (refused(state, command, now, "closed"),)
    return (Paused(at=now, reason=command.reason, by_timer=False),)


def resume(state: State, command: Resume, now: str) -> tuple[Event, ...]:
    """The session goes on with the time that was left; where a timer fired too late, with an extension or a whole window."""
    live, regulation = state.live, state.regulation
    if state.stage is not Stage.OPEN or not live.paused_at or regulation is None:
        return (refused(state, command, now, "not_paused"),)
    ends_at = ""
    if live.ends_at:
        left = seconds_between(live.paused_at, live.ends_at)
        fresh = regulation.extend_by or regulation.window_minutes * SECONDS
        ends_at = later(now, left if left > 0 else fresh)
    return (Resumed(reason=command.reason, ends_at=ends_at),)


def withdraw(state: State, command: WithdrawBid, now: str) -> tuple[Event, ...]:
    """The bid is taken back, its owner is out and loses the deposit, the session goes on from the next lower bid."""
    if state.stage is not Stage.OPEN:
        return (refused(state, command, now, "not_open"),)
    live = state.live
    bid = live.last is not None and any(one.bidder == command.bidder for one in live.last.chain())
    if not bid and command.bidder not in live.opened:
        return (refused(state, command, now, "nothing_to_withdraw", bidder=command.bidder),)
    assert state.regulation is not None
    sealed = state.regulation.mode is Mode.INDIRECT_BALLOT
    rule = "withdrawal_sealed" if sealed else "withdrawal"
    gone = BidWithdrawn(bidder=command.bidder, article=cite(state, rule, now))
    lost = forfeit(state, command.bidder, Forfeit.WITHDRAWN, now)
    return _go_on(state, (gone, *lost), now)


def disqualify(state: State, command: Disqualify, now: str) -> tuple[Event, ...]:
    """A bidder who breaks Art. 9(5) is out, before or in the session, and loses the deposit."""
    one = state.bidders.get(command.bidder)
    if one is None or not one.filed:
        return (refused(state, command, now, "unknown_bidder", bidder=command.bidder),)
    if one.out:
        return (refused(state, command, now, "out", bidder=command.bidder),)
    if state.stage not in (Stage.LISTED, Stage.POSTPONED, Stage.OPEN):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if not command.evidence:
        return (refused(state, command, now, "reason_missing"),)
    gone = Disqualified(
        bidder=command.bidder,
        violation=command.violation,
        evidence=command.evidence,
        article=cite(state, "tampering_bidder", now),
    )
    events = (gone, *forfeit(state, command.bidder, Forfeit.DISQUALIFIED, now))
    return events if state.stage is not Stage.OPEN else _go_on(state, events, now)


def _go_on(before: State, events: tuple[Event, ...], now: str) -> tuple[Event, ...]:
    """After a bidder fell out: what has to be taken up again.

    Where it did not lead, nothing. Where it led, bidding starts again from the next lower bid; ballots being opened are counted on.
    """
    state = before
    for event in events:
        state = apply(state, event)
    live, regulation = state.live, state.regulation
    assert regulation is not None
    if not state.present() and regulation.mode is not Mode.ONLINE:
        return (*events, *failed(state, "failed_withdrawn" if live.withdrawn else "failed_no_bid", now))
    same_lead = live.leaders == before.live.leaders
    nobody_left_in_round = bool(before.live.among) and not live.among
    if live.phase is Phase.OPENING or (same_lead and not nobody_left_in_round):
        return events
    oral = regulation.mode in (Mode.ORAL, Mode.ONLINE)
    if oral and live.phase is Phase.BIDDING:
        return events
    again: tuple[Event, ...] = (next_round(state),)
    if regulation.mode is Mode.ONLINE:
        fresh = regulation.extend_by or regulation.window_minutes * SECONDS
        again = (*again, Resumed(reason="withdrawal", ends_at=later(now, fresh)))
    return (*events, *again)
