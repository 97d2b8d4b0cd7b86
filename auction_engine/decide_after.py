"""What happens to a result? Law 54/2024 Art. 102-106, Decree 193/2025 Art. 148-149, 148a, Law 01/2016 Art. 45, 72-73.

Two cancellations are kept apart: of the *result* (property-auction law; deposits are restored where the law restores) and of its
*approval* (mineral law; a winner who missed its day loses the deposit). An approval may also lapse without a decision.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from auction_engine import commands_after as ask
from auction_engine import events_after as ev
from auction_engine.decide_licence import APPROVED, decide_licence, extend, file_dossier, hand_over_rate
from auction_engine.events import Event
from auction_engine.law import due
from auction_engine.refusing import cite, refused
from auction_engine.settling import forfeit, refund_now
from auction_engine.state import State
from auction_engine.tasks import bad_day, task_done
from auction_engine.values import ApprovalGround, AreaKind, Forfeit, LapseGround, ResultGround, Stage, Task

_WON = (Stage.MINUTED, Stage.HANDED_OVER, Stage.SUBMITTED, Stage.APPROVED, Stage.FILED)


def decide_after(state: State, command: ask.CommandAfter, now: str) -> tuple[Event, ...]:
    """Events of a command given after the session."""
    match command:
        case ask.RegisterResult():
            return _step(state, command, Task.RESULT_REGISTERED, _WON, now)
        case ask.HandOverFile():
            return _handed_over(state, command, now)
        case ask.SubmitResult():
            return _submitted(state, command, now)
        case ask.ApproveResult() | ask.RejectResult():
            return _decision(state, command, now)
        case ask.PublishResult():
            return _step(state, command, Task.RESULT_PUBLISHED, (*_WON, Stage.LICENSED), now, command.where)
        case ask.RefundDeposit() | ask.RemitDeposit():
            return _money(state, command, now)
        case ask.ExtendDossier():
            return extend(state, command, now)
        case ask.FileDossier():
            return file_dossier(state, command, now)
        case ask.DecideLicence():
            return decide_licence(state, command, now)
        case ask.CancelResult():
            return _cancel_result(state, command, now)
        case ask.CancelApproval():
            return _cancel_approval(state, command, now)
        case ask.LapseApproval():
            return _lapse(state, command, now)
        case ask.HandOverRate():
            return hand_over_rate(state, command, now)
        case _ as never:
            assert_never(never)


_Step = ask.RegisterResult | ask.HandOverFile | ask.SubmitResult | ask.PublishResult


def _step(
    state: State, command: _Step, task: Task, stages: tuple[Stage, ...], now: str, note: str = ""
) -> tuple[Event, ...]:
    if state.stage not in stages:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.done_on < state.result.ended_on:
        return (refused(state, command, now, "before_its_day", given=command.done_on, first=state.result.ended_on),)
    return task_done(state, command, task, command.done_on, now, note)


def _handed_over(state: State, command: ask.HandOverFile, now: str) -> tuple[Event, ...]:
    done = _step(state, command, Task.FILE_HANDED_OVER, (Stage.MINUTED,), now)
    if not isinstance(done[0], ev.TaskDone) or Task.SUBMITTED in state.due:
        return done
    return (*done, _deadline(state, Task.SUBMITTED, date.fromisoformat(command.done_on)))


def _submitted(state: State, command: ask.SubmitResult, now: str) -> tuple[Event, ...]:
    done = _step(state, command, Task.SUBMITTED, (Stage.HANDED_OVER,), now)
    if not isinstance(done[0], ev.TaskDone):
        return done
    return (*done, _deadline(state, Task.APPROVED, date.fromisoformat(command.done_on)))


def _deadline(state: State, task: Task, event: date) -> ev.DeadlineSet:
    span = due(state.book, f"session.{task.value}", event)
    return ev.DeadlineSet(task=task, due_on=span.on.isoformat(), article=span.article)


def _decision(state: State, command: ask.ApproveResult | ask.RejectResult, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.SUBMITTED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    first = state.done[Task.SUBMITTED]
    if command.done_on < first:
        return (refused(state, command, now, "before_its_day", given=command.done_on, first=first),)
    done = task_done(state, command, Task.APPROVED, command.done_on, now)
    if not isinstance(done[0], ev.TaskDone):
        return done
    article = cite(state, "decision", now)
    if isinstance(command, ask.ApproveResult):
        return (*done, ev.ResultApproved(decision=command.decision, article=article))
    if not command.reason.strip():
        return (refused(state, command, now, "reason_missing"),)
    rejected = ev.ResultRejected(reason=command.reason, article=article)
    return (*done, rejected, *refund_now(state, state.result.winner, now))


def _money(state: State, command: ask.RefundDeposit | ask.RemitDeposit, now: str) -> tuple[Event, ...]:
    one = state.bidders.get(command.bidder)
    refund = isinstance(command, ask.RefundDeposit)
    on = command.refunded_on if isinstance(command, ask.RefundDeposit) else command.remitted_on
    bad = bad_day(state, command, on, now)
    if bad:
        return bad
    if isinstance(command, ask.RefundDeposit):
        if one is None or not one.refund_due:
            return (refused(state, command, now, "no_refund_due", bidder=command.bidder),)
        return (
            ev.DepositRefunded(
                bidder=command.bidder,
                amount_vnd=one.refund_due,
                refunded_on=on,
                reference=command.reference,
                late=on > one.refund_by,
            ),
        )
    if one is None or not one.forfeited or one.remitted or refund:
        return (refused(state, command, now, "no_forfeit", bidder=command.bidder),)
    return (
        ev.DepositRemitted(
            bidder=command.bidder,
            amount_vnd=one.forfeited,
            remitted_on=on,
            reference=command.reference,
            article=cite(state, "forfeit_to_budget", now),
        ),
    )


def _cancel_result(state: State, command: ask.CancelResult, now: str) -> tuple[Event, ...]:
    """The result is void. A winner who colluded gets nothing back here: damages are for the civil law (Art. 73)."""
    if state.stage not in (*_WON, Stage.DECLARED, Stage.LICENSED, Stage.REJECTED):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, command.decided_on, now, state.result.ended_on)
    if bad:
        return bad
    if command.ground is ResultGround.AGREED and not command.state_unharmed:
        return (refused(state, command, now, "state_harmed"),)
    article = cite(state, f"cancel_{command.ground.value}", now)
    void = ev.ResultCancelled(
        ground=command.ground, decision=command.decision, decided_on=command.decided_on, article=article
    )
    lapsed: tuple[Event, ...] = ()
    if state.stage in APPROVED:
        lapsed = (
            ev.ApprovalLapsed(
                ground=LapseGround.RESULT_CANCELLED,
                evidence=command.decision,
                lapsed_on=command.decided_on,
                article=cite(state, "lapse_result_cancelled", now),
            ),
        )
    at_fault = command.winner_at_fault and command.ground in (ResultGround.COLLUSION, ResultGround.VOID)
    back = () if at_fault else refund_now(state, state.result.winner, now, "deposit_returned_cancelled")
    return (*lapsed, void, *back)


def _cancel_approval(state: State, command: ask.CancelApproval, now: str) -> tuple[Event, ...]:
    if state.stage not in APPROVED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, command.decided_on, now, state.result.ended_on)
    if bad:
        return bad
    lost: tuple[Event, ...] = ()
    match command.ground:
        case ApprovalGround.LATE_DOSSIER:
            last = state.due[Task.LICENCE_DOSSIER]
            if state.stage is not Stage.APPROVED or command.decided_on <= last:
                return (refused(state, command, now, "dossier_not_missed", last=last),)
            lost = forfeit(state, state.result.winner, Forfeit.LATE_DOSSIER, now)
        case ApprovalGround.LOST_RIGHT:
            if state.plan is None or state.plan.kind is not AreaKind.UNEXPLORED:
                return (refused(state, command, now, "wrong_area_kind"),)
        case _ as never:
            assert_never(never)
    article = cite(state, f"cancel_{command.ground.value}", now)
    gone = ev.ApprovalCancelled(
        ground=command.ground, decision=command.decision, decided_on=command.decided_on, article=article
    )
    return (gone, *lost)


def _lapse(state: State, command: ask.LapseApproval, now: str) -> tuple[Event, ...]:
    needed = (Stage.LICENSED,) if command.ground is not LapseGround.RESULT_CANCELLED else (Stage.RESULT_CANCELLED,)
    if state.stage not in needed:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, command.lapsed_on, now, state.result.ended_on)
    if bad:
        return bad
    article = cite(state, f"lapse_{command.ground.value}", now)
    return (
        ev.ApprovalLapsed(
            ground=command.ground, evidence=command.evidence, lapsed_on=command.lapsed_on, article=article
        ),
    )
