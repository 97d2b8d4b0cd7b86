"""May these terms and this regulation stand? Law 54/2024 Art. 102, Decree 193/2025 Art. 145, Law 01/2016 Art. 34, 38, 39, 60."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from auction_engine.commands_before import IssueRegulation, SetTerms
from auction_engine.dates import day
from auction_engine.events import Event
from auction_engine.events_before import RegulationIssued, TermsSet
from auction_engine.grid import Grid, Unit
from auction_engine.law import latest, row, whole
from auction_engine.moments import is_moment, local_day
from auction_engine.refusing import refused
from auction_engine.sealing import is_hex
from auction_engine.state import State
from auction_engine.values import AreaKind, Mode, Stage
from fees.auction_bounds import GENERAL, HIGHER
from fees.case import Group
from rules.number import half_up, plain

RATES_SINCE = "193/2025/NĐ-CP"
"""The decree since which every start is a rate."""


_COUNTS = ("window_minutes", "extend_within", "extend_by", "longest_extensions", "rounds", "late_limit", "signal_times")
LONGEST_SPAN = 1_000_000
"""Largest count of minutes, seconds or rounds that a regulation may name: anything above is a slip of the pen."""
_DAY = len("2026-11-24")


class Band(NamedTuple):
    """Least and most percent that the law allows."""

    low: Fraction
    high: Fraction

    def text(self) -> dict[str, str]:
        return {"low": plain(*self.low.as_integer_ratio()), "high": plain(*self.high.as_integer_ratio())}


def set_terms(state: State, command: SetTerms, now: str) -> tuple[Event, ...]:
    """Terms on the grid of the law, else everything that is wrong with them."""
    plan = state.plan
    if plan is None or state.stage not in (Stage.PLANNED, Stage.PRICED):
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    on = day(command.set_on)
    if on is None:
        return (refused(state, command, now, "unreadable", field="set_on", given=command.set_on),)
    if command.estimated_fee_vnd <= 0 or command.deposit_vnd <= 0 or command.price_list_vnd < 0:
        return (refused(state, command, now, "unreadable", field="estimated_fee_vnd, deposit_vnd", given="≤ 0"),)
    try:
        grid = Grid(unit=command.unit, start=command.start, step=command.step)
    except ValueError:
        given = f"{command.start}, {command.step}"
        return (refused(state, command, now, "unreadable", field="start, step", given=given),)
    since = state.book.instrument(RATES_SINCE).period
    problems: list[Event] = []
    if since.contains(on):
        if command.unit is Unit.MONEY:
            problems.append(refused(state, command, now, "start_in_rate"))
        band = _band(state, on, "auction.step_min", "auction.step_max")
        first, width = _value(grid, 0), _value(grid, 1) - _value(grid, 0)
        if not band.low * first <= width * 100 <= band.high * first:
            facts = {"given": command.step, "start": command.start, **band.text()}
            problems.append(refused(state, command, now, "step_out_of_bounds", **facts))
    elif _money_known(state, on) and (plan.kind is AreaKind.UNEXPLORED) is (command.unit is Unit.MONEY):
        code = "start_in_rate" if plan.kind is AreaKind.UNEXPLORED else "start_in_money"
        problems.append(refused(state, command, now, code))
    if command.unit is Unit.RATE:
        rate = _rate(state, on)
        if rate is not None and grid.steps(rate) != 0:
            problems.append(refused(state, command, now, "start_is_rate", rate=rate, given=command.start))
    problems += _deposit(state, command, now, on)
    if problems:
        return tuple(problems)
    share = Fraction(command.deposit_vnd * 100, command.estimated_fee_vnd)
    return (
        TermsSet(
            set_on=command.set_on,
            unit=command.unit,
            start=grid.amount(0),
            step=command.step,
            estimated_fee_vnd=command.estimated_fee_vnd,
            deposit_vnd=command.deposit_vnd,
            deposit_percent=plain(*share.as_integer_ratio()),
            price_list_vnd=command.price_list_vnd,
        ),
    )


def _money_known(state: State, on: date) -> bool:
    """Whether the rules of Decree 22/2012 on unit and deposit were read for a day; those of Decree 10/2025 were not."""
    return state.book.find("auction_2012.deposit_min", on) is not None


def _value(grid: Grid, steps: int) -> Fraction:
    return Fraction(grid.amount(steps))


def _rate(state: State, on: date) -> str | None:
    """The rate of the auctioned mineral outside auctions, where the book knows it."""
    assert state.plan is not None
    line = state.book.find("licence_right.line", on, state.plan.main)
    found = None if line is None else state.book.find("licence_right.rate", on, line.text())
    return None if found is None else plain(*found.number().as_integer_ratio())


def _band(state: State, on: date, low: str, high: str, key: str = "") -> Band:
    least, most = (row(state.book, name, on, key).number() for name in (low, high))
    return Band(Fraction(least), Fraction(most))


def _deposit(state: State, command: SetTerms, now: str, on: date) -> list[Event]:
    """The deposit against its band of the estimated fee; half a đồng of rounding is left to it."""
    assert state.plan is not None
    if state.book.instrument(RATES_SINCE).period.contains(on):
        key = HIGHER
        if state.plan.group is not Group.IV:
            found = state.book.find("auction.deposit_band", on, state.plan.main)
            key = GENERAL if found is None else found.text()
        band = _band(state, on, "auction.deposit_min", "auction.deposit_max", key)
    elif _money_known(state, on):
        band = _band(state, on, "auction_2012.deposit_min", "auction_2012.deposit_max")
    else:
        return []
    least, most = (half_up(command.estimated_fee_vnd * share / 100) for share in band)
    if least <= command.deposit_vnd <= most:
        return []
    facts = {"given": command.deposit_vnd, "base": command.estimated_fee_vnd, **band.text()}
    return [refused(state, command, now, "deposit_out_of_bounds", **facts)]


def issue_regulation(state: State, command: IssueRegulation, now: str) -> tuple[Event, ...]:
    """The regulation with the counts the law sets on the opening day, else everything that is wrong with it."""
    if state.stage not in (Stage.PRICED, Stage.REGULATED) or state.posted_on:
        return (refused(state, command, now, "wrong_stage", stage=state.stage),)
    named = {
        name: getattr(command, name)
        for name in ("issued_on", "dossiers_from", "dossiers_until", "deposit_from", "deposit_until")
    }
    problems: list[Event] = [
        refused(state, command, now, "unreadable", field=name, given=text)
        for name, text in named.items()
        if day(text) is None
    ]
    if not is_moment(command.opens_at) or day(command.opens_at[:_DAY]) is None:
        problems.append(refused(state, command, now, "unreadable", field="opens_at", given=command.opens_at))
    if not is_hex(command.lot_commitment):
        given = command.lot_commitment
        problems.append(refused(state, command, now, "unreadable", field="lot_commitment", given=given))
    for name in _COUNTS:
        if not 0 <= getattr(command, name) <= LONGEST_SPAN:
            problems.append(refused(state, command, now, "unreadable", field=name, given=getattr(command, name)))
    if problems:
        return tuple(problems)
    opening = local_day(command.opens_at)
    problems = _against_the_law(state, command, now, opening)
    if problems:
        return tuple(problems)
    old = row(state.book, "session.tied_rounds", opening)
    tied = int(old.number()) if old.period.contains(opening) else 0
    return (
        RegulationIssued(
            **named,
            mode=command.mode,
            ballots=command.ballots,
            opens_at=command.opens_at,
            window_minutes=command.window_minutes,
            extend_within=command.extend_within,
            extend_by=command.extend_by,
            longest_extensions=command.longest_extensions,
            rounds=command.rounds,
            council=command.council,
            council_members=command.council_members,
            late_limit=command.late_limit,
            lot_commitment=command.lot_commitment,
            signal_times=command.signal_times,
            first_steps=whole(state.book, "session.first_steps", opening),
            calls=whole(state.book, "session.calls", opening),
            tied_rounds=tied,
            min_bidders=whole(state.book, "session.min_bidders", opening),
        ),
    )


def _against_the_law(state: State, command: IssueRegulation, now: str, opening: date) -> list[Event]:
    book = state.book
    problems: list[Event] = []

    def no(code: str, **facts: object) -> None:
        problems.append(refused(state, command, now, code, **facts))

    order = (command.issued_on, command.dossiers_from, command.dossiers_until, opening.isoformat())
    if list(order) != sorted(order) or command.deposit_from > command.deposit_until:
        no("dates_out_of_order", given=", ".join((*order, command.deposit_from, command.deposit_until)))
    if command.extra_conditions:
        no("extra_conditions", given="; ".join(command.extra_conditions))
    if command.extra_forfeits:
        no("extra_forfeits", given="; ".join(command.extra_forfeits))
    least = whole(book, "session.online_minutes", opening)
    if command.mode is Mode.ONLINE and command.window_minutes < least:
        no("window_too_short", given=command.window_minutes, least=least)
    members = whole(book, "session.council_members", opening)
    if command.council and command.council_members < members:
        no("council_too_small", given=command.council_members, least=members)
    last = latest(book, "session.dossiers_close", opening).on.isoformat()
    if command.dossiers_until > last:
        no("dossiers_close_late", last=last)
    first = latest(book, "session.deposit_opens", opening).on.isoformat()
    if command.deposit_from < first and not command.deposit_window_agreed:
        no("deposit_opens_early", first=first)
    last = latest(book, "session.deposit_closes", opening).on.isoformat()
    if command.deposit_until > last:
        no("deposit_closes_late", last=last)
    return problems
