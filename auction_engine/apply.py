"""What does an event change? ``apply`` is total: every event of a log folds into the state, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from auction_engine import events_after as after
from auction_engine import events_before as before
from auction_engine import events_outcome as outcome
from auction_engine import events_session as live
from auction_engine.apply_bidder import apply_bidder
from auction_engine.apply_live import apply_live
from auction_engine.events import Event
from auction_engine.grid import Grid
from auction_engine.state import State, changed
from auction_engine.values import Stage, Task


def apply(state: State, event: Event) -> State:
    """The state after one event; the sequence moves with entries, not with events."""
    match event:
        case live.BidPlaced():
            return changed(state, live=apply_live(state.live, event, state.at))
        case outcome.Refused():
            return changed(state, refused=state.refused + 1)
        case (
            live.WindowExtended()
            | live.SignalRaised()
            | live.PriceCalled()
            | live.BallotSealed()
            | live.RoundClosed()
            | live.BallotOpened()
            | live.BallotInvalid()
            | live.BallotMissing()
            | live.RoundCounted()
            | live.RoundOpened()
            | live.ExtraRoundDeclined()
            | live.LotsCalled()
            | live.Paused()
            | live.Resumed()
            | live.BiddingClosed()
        ):
            return replace(state, live=apply_live(state.live, event, state.at))
        case live.LotsDrawn():
            drawn = apply_live(state.live, event, state.at)
            return replace(state, live=drawn, lots=(event.secret, event.seed, event.winner))
        case live.BidWithdrawn() | live.Disqualified():
            return replace(
                state, live=apply_live(state.live, event, state.at), bidders=apply_bidder(state.bidders, event)
            )
        case (
            before.DossierReceived()
            | before.BidderScreened()
            | before.DepositReceived()
            | before.DepositUnusable()
            | before.BidderLeft()
            | before.Excused()
            | live.CheckedIn()
            | outcome.DepositForfeited()
            | outcome.RefundDue()
            | outcome.DepositSecures()
            | after.DepositRefunded()
            | after.DepositRemitted()
        ):
            return replace(state, bidders=apply_bidder(state.bidders, event))
        case (
            outcome.WinnerDeclared()
            | outcome.ResultRefused()
            | outcome.RunnerUpFound()
            | outcome.RunnerUpDecided()
            | outcome.OfferAnswered()
            | outcome.MinutesSigned()
            | outcome.MinutesRefused()
            | outcome.MinutesComplete()
            | outcome.SessionFailed()
        ):
            return _outcome(state, event)
        case before.PlanApproved():
            return replace(state, stage=Stage.PLANNED, plan=event, failures=event.failures)
        case before.TermsSet():
            grid = Grid(unit=event.unit, start=event.start, step=event.step)
            return replace(state, stage=Stage.PRICED, terms=event, grid=grid)
        case before.RegulationIssued():
            return replace(state, stage=Stage.REGULATED, regulation=event)
        case before.Posted():
            return replace(state, posted_on=event.posted_on)
        case before.Notified():
            return replace(state, notices=(*state.notices, event.notified_on))
        case before.ListPublished():
            return replace(state, stage=Stage.LISTED)
        case before.Rescheduled():
            assert state.regulation is not None
            return replace(state, stage=Stage.LISTED, regulation=replace(state.regulation, opens_at=event.opens_at))
        case live.SessionOpened():
            return replace(state, stage=Stage.OPEN, opened_at=state.at, live=replace(state.live, ends_at=event.ends_at))
        case live.SessionPostponed():
            return replace(state, stage=Stage.POSTPONED)
        case live.SessionCancelled():
            return replace(state, stage=Stage.CANCELLED)
        case before.DossierSold() | live.FaultReported():
            return state
        case (
            after.DeadlineSet()
            | after.TaskDone()
            | after.ResultApproved()
            | after.ResultRejected()
            | after.DeadlineExtended()
            | after.DossierFiled()
            | after.DossierMissed()
            | after.LicenceGranted()
            | after.LicenceRefused()
            | after.ResultCancelled()
            | after.ApprovalCancelled()
            | after.ApprovalLapsed()
            | after.RateHandedOver()
        ):
            return _after(state, event)
        case _ as never:
            assert_never(never)


def _outcome(
    state: State,
    event: outcome.WinnerDeclared
    | outcome.ResultRefused
    | outcome.RunnerUpFound
    | outcome.RunnerUpDecided
    | outcome.OfferAnswered
    | outcome.MinutesSigned
    | outcome.MinutesRefused
    | outcome.MinutesComplete
    | outcome.SessionFailed,
) -> State:
    result = state.result
    match event:
        case outcome.WinnerDeclared():
            won = replace(result, winner=event.bidder, steps=event.steps, ended_on=event.ended_on, offered="")
            return replace(state, stage=Stage.DECLARED, result=won)
        case outcome.ResultRefused():
            gone = replace(result, winner="", refused_by=event.bidder, refused_steps=result.steps, signed=())
            return replace(state, stage=Stage.RUNNER_UP, result=gone)
        case outcome.RunnerUpFound():
            offered = event.bidders[0] if event.passes else ""
            return replace(state, result=replace(result, candidates=event.bidders, steps=event.steps, offered=offered))
        case outcome.RunnerUpDecided():
            return replace(state, result=replace(result, offered=event.bidder if event.accepted else ""))
        case outcome.OfferAnswered():
            return state
        case outcome.MinutesSigned():
            return replace(state, result=replace(result, signed=(*result.signed, event.party)))
        case outcome.MinutesRefused():
            return replace(state, result=replace(result, winner=""))
        case outcome.MinutesComplete():
            return replace(state, stage=Stage.MINUTED)
        case outcome.SessionFailed():
            failed = replace(result, winner="", failed=event.ground, ended_on=event.ended_on, offered="")
            return replace(state, stage=Stage.FAILED, result=failed, failures=event.failures)
        case _ as never:
            assert_never(never)


def _after(
    state: State,
    event: after.DeadlineSet
    | after.TaskDone
    | after.ResultApproved
    | after.ResultRejected
    | after.DeadlineExtended
    | after.DossierFiled
    | after.DossierMissed
    | after.LicenceGranted
    | after.LicenceRefused
    | after.ResultCancelled
    | after.ApprovalCancelled
    | after.ApprovalLapsed
    | after.RateHandedOver,
) -> State:
    match event:
        case after.DeadlineSet():
            return replace(state, due={**state.due, event.task: event.due_on})
        case after.TaskDone():
            stage = _STAGE_AFTER.get(event.task, state.stage)
            return replace(state, stage=stage, done={**state.done, event.task: event.done_on})
        case after.ResultApproved():
            return replace(state, stage=Stage.APPROVED, approved_by=event.decision)
        case after.ResultRejected():
            return replace(state, stage=Stage.REJECTED)
        case after.DeadlineExtended():
            return replace(state, due={**state.due, Task.LICENCE_DOSSIER: event.until})
        case after.DossierFiled():
            return replace(state, stage=Stage.FILED, done={**state.done, Task.LICENCE_DOSSIER: event.filed_on})
        case after.DossierMissed():
            return replace(state, missed=True)
        case after.LicenceGranted():
            return replace(state, stage=Stage.LICENSED, exploration_granted=event.exploration)
        case after.LicenceRefused():
            return replace(state, stage=Stage.LICENCE_REFUSED)
        case after.ResultCancelled():
            return replace(state, stage=Stage.RESULT_CANCELLED)
        case after.ApprovalCancelled():
            return replace(state, stage=Stage.APPROVAL_CANCELLED)
        case after.ApprovalLapsed():
            return replace(state, stage=Stage.LAPSED)
        case after.RateHandedOver():
            return replace(state, handed_rate=True)
        case _ as never:
            assert_never(never)


_STAGE_AFTER = {Task.FILE_HANDED_OVER: Stage.HANDED_OVER, Task.SUBMITTED: Stage.SUBMITTED}


def apply_all(state: State, events: Iterable[Event], at: str) -> State:
    """The state after one entry: its events in order, at one instant, one step further in the sequence."""
    state = changed(state, at=at, seq=state.seq + 1)
    for event in events:
        state = apply(state, event)
    return state
