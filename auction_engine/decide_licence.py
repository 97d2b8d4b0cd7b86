"""When must the winner file, what does a licence do to the deposit, which rate goes to the fee? Law 54/2024 Art. 102(3), 104, 105."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from auction_engine import commands_after as ask
from auction_engine import events_after as ev
from auction_engine.dates import day
from auction_engine.decide_outcome import explores_first
from auction_engine.events import Event
from auction_engine.grid import Unit
from auction_engine.law import months_later, row
from auction_engine.moments import local_day
from auction_engine.refusing import cite, refused
from auction_engine.settling import refund_now
from auction_engine.state import State
from auction_engine.tasks import bad_day
from auction_engine.values import Extension, Stage, Task
from fees.auction_outcome import companion_rate
from rules.number import Traced, plain

APPROVED = (Stage.APPROVED, Stage.FILED, Stage.LICENSED)
"""Stages of an approved result."""


def extend(state: State, command: ask.ExtendDossier, now: str) -> tuple[Event, ...]:
    """More time to file: in 2025 at most twelve months, since 2026 on the grounds of Art. 148a without a longest span."""
    if state.stage is not Stage.APPROVED or Task.LICENCE_DOSSIER not in state.due:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    last = state.due[Task.LICENCE_DOSSIER]
    until = command.until
    if day(until) is None:
        return (refused(state, command, now, "unreadable", field="until", given=until),)
    if until <= last:
        return (refused(state, command, now, "not_longer", given=until, last=last),)
    if explores_first(state):
        return (refused(state, command, now, "extension_ground", given=state.result.ended_on),)
    on = local_day(now)
    longest = state.book.find("session.extension_months", on)
    if longest is not None:
        end = months_later(state.book, date.fromisoformat(last), int(longest.number())).isoformat()
        if until > end:
            return (refused(state, command, now, "extension_too_long", last=end),)
        if command.ground not in (Extension.FORCE_MAJEURE, Extension.STATE_POLICY):
            return (refused(state, command, now, "extension_ground", given=on),)
    rule = "dossier_mining" if longest is not None else "extension"
    return (
        ev.DeadlineExtended(
            ground=command.ground, until=until, evidence=command.evidence, article=cite(state, rule, now)
        ),
    )


def file_dossier(state: State, command: ask.FileDossier, now: str) -> tuple[Event, ...]:
    if state.stage is not Stage.APPROVED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, command.filed_on, now, state.result.ended_on)
    if bad:
        return bad
    last = state.due[Task.LICENCE_DOSSIER]
    if command.filed_on > last:
        return (refused(state, command, now, "dossier_late", given=command.filed_on, last=last),)
    rule = "dossier_exploration" if explores_first(state) else "dossier_mining"
    return (ev.DossierFiled(filed_on=command.filed_on, reference=command.reference, article=cite(state, rule, now)),)


def decide_licence(state: State, command: ask.DecideLicence, now: str) -> tuple[Event, ...]:
    """Granted, or refused without the winner's fault: the deposit goes back (Art. 102(3)); at its fault it stays held."""
    if state.stage is not Stage.FILED:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    bad = bad_day(state, command, command.decided_on, now, state.done[Task.LICENCE_DOSSIER])
    if bad:
        return bad
    explores = explores_first(state)
    kind = "exploration" if explores else "mining"
    if command.granted:
        rule = f"deposit_returned_{kind}"
        granted = ev.LicenceGranted(
            exploration=explores,
            decision=command.decision,
            decided_on=command.decided_on,
            article=cite(state, rule, now),
        )
        return (granted, *refund_now(state, state.result.winner, now, rule))
    rule = f"deposit_returned_refused_{kind}"
    refusal = ev.LicenceRefused(
        winner_at_fault=command.winner_at_fault,
        decision=command.decision,
        decided_on=command.decided_on,
        article=cite(state, rule, now),
    )
    return (refusal,) if command.winner_at_fault else (refusal, *refund_now(state, state.result.winner, now, rule))


def hand_over_rate(state: State, command: ask.HandOverRate, now: str) -> tuple[Event, ...]:
    """R_đg of the auctioned mineral and of each other mineral of the area, R_đg,i = R_i x R_tđg : R_kđ (Art. 148(2))."""
    plan, grid = state.plan, state.grid
    if state.stage not in APPROVED or plan is None or grid is None or state.handed_rate:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    won, start = grid.amount(state.result.steps), grid.amount(0)
    rates: list[tuple[str, str]] = []
    if grid.unit is Unit.RATE:
        on = date.fromisoformat(state.result.ended_on)
        for mineral in plan.minerals:
            line = state.book.find("licence_right.line", on, mineral)
            if mineral == plan.main or line is None:
                continue
            own = row(state.book, "licence_right.rate", on, line.text()).number()
            rate = companion_rate(
                Traced.of("R_i", own), Traced.of("R_tđg", Decimal(won)), Traced.of("R_kđ", Decimal(start))
            )
            rates.append((mineral, plain(rate.num, rate.den)))
    return (
        ev.RateHandedOver(
            mineral=plan.main,
            amount=won,
            companions=tuple(mineral for mineral, _ in rates),
            rates=tuple(rate for _, rate in rates),
            article=cite(state, "rate_handed_over", now),
        ),
    )
