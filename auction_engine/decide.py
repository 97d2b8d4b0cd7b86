"""What does a command do to a session? ``decide(state, order, now)``: events, or the refusal as an event. Pure: no clock, no file."""

from __future__ import annotations

from typing import assert_never

from auction_engine import commands_after as after
from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.commands import Command, Order
from auction_engine.decide_after import decide_after
from auction_engine.decide_before import decide_before
from auction_engine.decide_bids import call_price, place_bid, record_ballot, reveal_ballot, seal_ballot
from auction_engine.decide_outcome import (
    answer_offer,
    decide_runner_up,
    declare,
    refuse_minutes,
    refuse_result,
    sign_minutes,
    tick,
)
from auction_engine.decide_rounds import close_round, count_round, decline_extra_round, draw_lots
from auction_engine.decide_session import (
    cancel_session,
    check_in,
    disqualify,
    open_session,
    pause,
    report_fault,
    resume,
    withdraw,
)
from auction_engine.events import Event
from auction_engine.events_outcome import Refused
from auction_engine.refusing import refused
from auction_engine.roles import ALLOWED, TWO_PEOPLE
from auction_engine.state import State
from auction_engine.values import Mode, Party, Role


def decide(state: State, order: Order, now: str) -> tuple[Event, ...]:
    """Events of an order at an instant, to be folded with :func:`auction_engine.apply.apply_all`.

    One :class:`Refused` for each problem where the order has no effect; nothing where a timer has nothing to do. Never raises for
    anything an order may hold.
    """
    stop = _stop(state, order, now)
    if stop is not None:
        return (stop,)
    command = order.command
    match command:
        case live.Bid():
            return place_bid(state, command, now)
        case live.Seal():
            return seal_ballot(state, command, now)
        case live.Reveal():
            return reveal_ballot(state, command, now)
        case live.RecordBallot():
            return record_ballot(state, command, now)
        case live.CallPrice():
            return call_price(state, command, now)
        case live.Tick():
            return tick(state, now)
        case live.CheckIn():
            return check_in(state, command, now)
        case live.OpenSession():
            return open_session(state, command, now)
        case live.CloseRound():
            return close_round(state, command, now)
        case live.CountRound():
            return count_round(state, command, now)
        case live.DeclineExtraRound():
            return decline_extra_round(state, command, now)
        case live.DrawLots():
            return draw_lots(state, command, now)
        case live.WithdrawBid():
            return withdraw(state, command, now)
        case live.Disqualify():
            return disqualify(state, command, now)
        case live.Pause():
            return pause(state, command, now)
        case live.Resume():
            return resume(state, command, now)
        case live.ReportFault():
            return report_fault(state, command, now)
        case live.CancelSession():
            return cancel_session(state, command, now)
        case live.DeclareWinner():
            return declare(state, command, now)
        case live.RefuseResult():
            return refuse_result(state, command, now)
        case live.DecideRunnerUp():
            return decide_runner_up(state, command, now)
        case live.AnswerOffer():
            return answer_offer(state, command, now)
        case live.SignMinutes():
            return sign_minutes(state, command, order.by, now)
        case live.RefuseMinutes():
            return refuse_minutes(state, command, now)
        case (
            before.ApprovePlan()
            | before.PublishPlan()
            | before.SetTerms()
            | before.IssueRegulation()
            | before.Post()
            | before.Notify()
            | before.SellDossier()
            | before.ReceiveDossier()
            | before.ScreenBidder()
            | before.PublishList()
            | before.RecordDeposit()
            | before.LeaveAuction()
            | before.Reschedule()
            | before.Excuse()
        ):
            return decide_before(state, command, now)
        case (
            after.RegisterResult()
            | after.HandOverFile()
            | after.RefundDeposit()
            | after.RemitDeposit()
            | after.SubmitResult()
            | after.ApproveResult()
            | after.RejectResult()
            | after.PublishResult()
            | after.ExtendDossier()
            | after.FileDossier()
            | after.DecideLicence()
            | after.CancelResult()
            | after.CancelApproval()
            | after.LapseApproval()
            | after.HandOverRate()
        ):
            return decide_after(state, command, now)
        case _ as never:
            assert_never(never)


_SIGNS = {
    Party.AUCTIONEER: Role.AUCTIONEER,
    Party.CLERK: Role.CLERK,
    Party.SELLER: Role.SELLER,
    Party.CHAIR: Role.CHAIR,
}


def _stop(state: State, order: Order, now: str) -> Refused | None:
    """What stops an order whatever it asks: another session, a moved sequence, a role, a missing second person, a foreign name."""
    command = order.command
    if order.session != state.session:
        return refused(state, command, now, "wrong_session", given=order.session)
    if now < state.at:
        return refused(state, command, now, "clock_back", given=now, known=state.at)
    if order.expected is not None and order.expected != state.seq:
        return refused(state, command, now, "stale_sequence", given=order.expected, known=state.seq)
    if order.role not in ALLOWED[type(command)]:
        return refused(state, command, now, "not_your_role", role=order.role)
    if isinstance(command, live.SignMinutes) and order.role is not _SIGNS.get(command.party, Role.BIDDER):
        return refused(state, command, now, "not_your_role", role=order.role)
    if order.role is Role.BIDDER:
        return _own_name(state, order, command, now)
    if isinstance(command, live.Bid) and _online(state):
        return refused(state, command, now, "not_your_role", role=order.role)
    if type(command) in TWO_PEOPLE and (not order.second or order.second == order.by):
        return refused(state, command, now, "second_needed")
    return None


def _own_name(state: State, order: Order, command: Command, now: str) -> Refused | None:
    """A bidder acts for itself, bids itself online alone, and signs as winner or for the bidders."""
    name = getattr(command, "bidder", order.by)
    if name != order.by:
        return refused(state, command, now, "not_own_name", given=order.by, bidder=name)
    if isinstance(command, live.Bid) and not _online(state):
        return refused(state, command, now, "not_your_role", role=order.role)
    if isinstance(command, live.SignMinutes) and order.by not in state.bidders:
        return refused(state, command, now, "unknown_bidder", bidder=order.by)
    return None


def _online(state: State) -> bool:
    return state.regulation is not None and state.regulation.mode is Mode.ONLINE
