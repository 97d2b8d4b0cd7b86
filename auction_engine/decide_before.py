"""Which step may be taken before the session opens? Plan, posting, dossiers, list, deposits."""

from __future__ import annotations

from typing import assert_never

from auction_engine import commands_before as ask
from auction_engine import events_before as ev
from auction_engine.dates import day
from auction_engine.decide_deposits import leave, record_deposit
from auction_engine.decide_terms import issue_regulation, set_terms
from auction_engine.events import Event
from auction_engine.events_after import DeadlineSet
from auction_engine.law import due, earliest, whole
from auction_engine.moments import is_moment, local_day
from auction_engine.refusing import cite, cite_on, refused
from auction_engine.screening import screened
from auction_engine.settling import failed
from auction_engine.state import State
from auction_engine.tasks import task_done
from auction_engine.values import Stage, Task, Zone

ENGINE = "1"
"""Version of the decisions; a log names the one it was made with."""


def decide_before(state: State, command: ask.CommandBefore, now: str) -> tuple[Event, ...]:
    """Events of a command given before the session."""
    match command:
        case ask.ApprovePlan():
            return _plan(state, command, now)
        case ask.PublishPlan():
            return task_done(state, command, Task.PLAN_PUBLISHED, command.published_on, now)
        case ask.SetTerms():
            return set_terms(state, command, now)
        case ask.IssueRegulation():
            return issue_regulation(state, command, now)
        case ask.Post():
            return _post(state, command, now)
        case ask.Notify():
            return _notify(state, command, now)
        case ask.SellDossier() | ask.ReceiveDossier():
            return _dossier(state, command, now)
        case ask.ScreenBidder():
            if state.stage is not Stage.REGULATED:
                return (refused(state, command, now, "wrong_stage", stage=state.stage),)
            if command.bidder not in state.bidders or not state.bidders[command.bidder].filed:
                return (refused(state, command, now, "unknown_bidder", bidder=command.bidder),)
            found = command.found
            sums = (found.equity_vnd, found.guarantee_vnd, found.lenders_vnd, found.parent_promised_vnd)
            if found.estimate_vnd <= 0 or min(*sums, found.parent_equity_vnd) < 0:
                given = f"{found.estimate_vnd}, {sums}"
                return (refused(state, command, now, "unreadable", field="estimate_vnd, equity_vnd, …", given=given),)
            return (screened(state, command, now),)
        case ask.PublishList():
            return _list(state, command, now)
        case ask.RecordDeposit():
            return record_deposit(state, command, now)
        case ask.LeaveAuction():
            return leave(state, command, now)
        case ask.Reschedule():
            return _reschedule(state, command, now)
        case ask.Excuse():
            if command.bidder not in state.bidders:
                return (refused(state, command, now, "unknown_bidder", bidder=command.bidder),)
            if state.stage not in (Stage.LISTED, Stage.POSTPONED, Stage.OPEN, Stage.DECLARED):
                return (refused(state, command, now, "wrong_stage", stage=state.stage),)
            return (ev.Excused(bidder=command.bidder, evidence=command.evidence),)
        case _ as never:
            assert_never(never)


def _plan(state: State, command: ask.ApprovePlan, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.NEW:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    problems: list[Event] = []
    if command.zone in (Zone.FORBIDDEN, Zone.TEMPORARILY_FORBIDDEN):
        problems.append(refused(state, command, now, "zone_forbidden"))
    elif command.zone is Zone.NON_AUCTION:
        problems.append(refused(state, command, now, "zone_non_auction"))
    for code in command.minerals:
        if code not in state.book.minerals:
            problems.append(refused(state, command, now, "unknown_mineral", given=code))
    if command.main not in command.minerals:
        problems.append(refused(state, command, now, "main_not_listed", given=command.main))
    on = day(command.approved_on)
    if on is None or command.failures < 0:
        given = f"{command.approved_on}, {command.failures}"
        problems.append(refused(state, command, now, "unreadable", field="approved_on, failures", given=given))
    if problems or on is None:
        return tuple(problems)
    publish = due(state.book, "session.plan_published", on)
    return (
        ev.PlanApproved(
            engine=ENGINE,
            law_digest=state.book.digest,
            area=command.area,
            place=command.place,
            group=command.group,
            kind=command.kind,
            minerals=command.minerals,
            main=command.main,
            failures=command.failures,
            may_leave_auctions=command.failures >= whole(state.book, "session.failures", on),
            decision=command.decision,
            approved_on=command.approved_on,
            publish_by=publish.on.isoformat(),
            article=cite(state, "in_plan", now),
        ),
        DeadlineSet(task=Task.PLAN_PUBLISHED, due_on=publish.on.isoformat(), article=publish.article),
    )


def _post(state: State, command: ask.Post, now: str) -> tuple[Event, ...]:
    on = day(command.posted_on)
    if state.stage is not Stage.REGULATED or state.posted_on or state.regulation is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if on is None or command.posted_on < state.regulation.issued_on:
        return (refused(state, command, now, "unreadable", field="posted_on", given=command.posted_on),)
    opening = local_day(state.regulation.opens_at)
    first = earliest(state.book, "session.posting", on, opening)
    if opening < first.on:
        return (refused(state, command, now, "posted_too_late", given=on, first=first.on),)
    return (
        ev.Posted(
            posted_on=command.posted_on,
            where=command.where,
            session_from=first.on.isoformat(),
            article=first.article,
        ),
    )


def _notify(state: State, command: ask.Notify, now: str) -> tuple[Event, ...]:
    on = day(command.notified_on)
    if state.stage is not Stage.REGULATED or state.regulation is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if not state.posted_on:
        return (refused(state, command, now, "not_posted"),)
    if on is None or command.notified_on < state.posted_on:
        return (refused(state, command, now, "unreadable", field="notified_on", given=command.notified_on),)
    opening = local_day(state.regulation.opens_at)
    if state.notices:
        last = day(state.notices[-1])
        assert last is not None
        first = earliest(state.book, "session.notice_gap", last, opening)
        if on < first.on:
            return (refused(state, command, now, "notice_too_soon", first=first.on),)
        held = earliest(state.book, "session.second_notice", on, opening)
        if len(state.notices) == 1 and opening < held.on:
            return (refused(state, command, now, "notice_too_late", given=on, first=held.on),)
    number = len(state.notices) + 1
    return (ev.Notified(number=number, notified_on=command.notified_on, where=command.where),)


def _dossier(state: State, command: ask.SellDossier | ask.ReceiveDossier, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.REGULATED or state.regulation is None:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if not state.posted_on:
        return (refused(state, command, now, "not_posted"),)
    first, last = state.regulation.dossiers_from, state.regulation.dossiers_until
    on = command.sold_on if isinstance(command, ask.SellDossier) else command.received_on
    if day(on) is None or not first <= on <= last:
        return (refused(state, command, now, "outside_reception", first=first, last=last),)
    if isinstance(command, ask.SellDossier):
        return (ev.DossierSold(buyer=command.buyer, sold_on=on, price_vnd=command.price_vnd),)
    if not command.complete:
        return (refused(state, command, now, "dossier_incomplete"),)
    known = state.bidders.get(command.bidder)
    if known is not None and known.filed and not known.left:
        return (refused(state, command, now, "already_received", bidder=command.bidder),)
    return (ev.DossierReceived(bidder=command.bidder, name=command.name, received_on=on, members=command.members),)


def _list(state: State, command: ask.PublishList, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.REGULATED or state.regulation is None or not state.posted_on:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if local_day(now).isoformat() <= state.regulation.dossiers_until:
        return (refused(state, command, now, "too_early", first=state.regulation.dossiers_until),)
    filed = [name for name, one in state.bidders.items() if one.filed and not one.left]
    open_ones = [name for name in filed if state.bidders[name].eligible is None]
    if open_ones:
        return (refused(state, command, now, "not_screened", given=", ".join(open_ones)),)
    eligible = state.eligible()
    listed = ev.ListPublished(bidders=tuple(eligible), article=cite(state, "selected", now))
    if len(eligible) >= state.regulation.min_bidders:
        return (listed,)
    ground = "failed_none" if not filed else "failed_one" if len(filed) == 1 else "min_bidders"
    return (listed, *failed(state, ground, now))


def _reschedule(state: State, command: ask.Reschedule, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.POSTPONED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if not is_moment(command.opens_at) or day(command.opens_at[:10]) is None or command.opens_at <= now:
        return (refused(state, command, now, "unreadable", field="opens_at", given=command.opens_at),)
    article = cite_on(state, "dossiers_kept", local_day(now))
    return (ev.Rescheduled(opens_at=command.opens_at, reason=command.reason, article=article),)
