"""What becomes of money that comes in before a session, and of a bidder who leaves? Law 01/2016 Art. 39(1)-(3), Decree 193/2025 Art. 146(2a)."""

from __future__ import annotations

from auction_engine import events_before as ev
from auction_engine.commands_before import LeaveAuction, RecordDeposit
from auction_engine.dates import day
from auction_engine.events import Event
from auction_engine.refusing import cite, refused
from auction_engine.settling import refund_now
from auction_engine.state import State
from auction_engine.values import Stage


def record_deposit(state: State, command: RecordDeposit, now: str) -> tuple[Event, ...]:
    """Money that arrived is always recorded: towards the deposit, or to be paid back."""
    regulation, terms = state.regulation, state.terms
    if regulation is None or terms is None or state.stage not in (Stage.REGULATED, Stage.LISTED, Stage.POSTPONED):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    if command.amount_vnd <= 0 or day(command.paid_on) is None:
        given = f"{command.amount_vnd}, {command.paid_on}"
        return (refused(state, command, now, "unreadable", field="amount_vnd, paid_on", given=given),)
    bidder = state.bidders.get(command.bidder)
    entitled = bidder is not None and bidder.filed and bidder.eligible is not False and not bidder.left
    rule, usable = "may_take_part", 0
    if bidder is not None and entitled:
        rule, usable = "deposit_due", min(command.amount_vnd, terms.deposit_vnd - bidder.deposit)
    if not regulation.deposit_from <= command.paid_on <= regulation.deposit_until:
        rule, usable = "deposit_closes", 0
    found: list[Event] = []
    if bidder is not None and usable > 0:
        total = bidder.deposit + usable
        found.append(
            ev.DepositReceived(
                bidder=command.bidder,
                amount_vnd=usable,
                total_vnd=total,
                matched=total == terms.deposit_vnd,
                paid_on=command.paid_on,
                reference=command.reference,
            )
        )
    if command.amount_vnd > usable:
        found.append(
            ev.DepositUnusable(
                bidder=command.bidder,
                amount_vnd=command.amount_vnd - usable,
                paid_on=command.paid_on,
                reference=command.reference,
                article=cite(state, rule, now),
            )
        )
    return tuple(found)


def leave(state: State, command: LeaveAuction, now: str) -> tuple[Event, ...]:
    """A dossier taken back: before the list or while a session is postponed freely, after it only where the terms changed."""
    bidder = state.bidders.get(command.bidder)
    if bidder is None or not bidder.filed or bidder.left:
        return (refused(state, command, now, "unknown_bidder", bidder=command.bidder),)
    if state.stage not in (Stage.REGULATED, Stage.LISTED, Stage.POSTPONED):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    free = command.terms_changed or state.stage is not Stage.LISTED
    rule = "dossiers_kept" if state.stage is Stage.POSTPONED else "deposit_changed_terms"
    left = ev.BidderLeft(bidder=command.bidder, terms_changed=command.terms_changed, article=cite(state, rule, now))
    return (left, *refund_now(state, command.bidder, now)) if free else (left,)
