"""Which duties does one licence have between two days? One function per kind; each looks only at the periods it must.

A duty lies in a span by its day after the holiday shift, so the duties of a span are those of its parts together. Duties
whose day depends on what has not happened yet (a payment notice) have no day and belong to every span.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from fees.case import Group
from fees.obligation import (
    RETURNS,
    Auctioned,
    Due,
    Duty,
    DutyKind,
    Event,
    LicenceLife,
    ObligationsCase,
    Rule,
    State,
)
from fees.obligation_dates import DutyDates, year_end
from fees.obligation_fee import fee_duties
from fees.obligation_state import cites_of, duty_of
from fees.tax_return import DAY
from rules.lawbook import LawBook
from rules.trace import Text

_ONE_DAY: Final = timedelta(days=1)
_NO_DAY: Final = Text("Chưa biết hạn nộp.", "Its day is not known.")
_ORDER: Final = {kind: place for place, kind in enumerate(DutyKind)}


def duties(case: ObligationsCase, dates: DutyDates) -> list[Duty]:
    """The duties of a case, by day and kind; those without a day come last."""
    found = [one for one in _all(case, dates) if _is_within(case, one)]
    found.sort(key=lambda one: (one.rule is None, one.rule.due_on if one.rule else None, _ORDER[one.kind], one.period))
    return found


def _is_within(case: ObligationsCase, duty: Duty) -> bool:
    return duty.rule is None or case.from_on <= duty.rule.due_on <= case.until_on


def _all(case: ObligationsCase, dates: DutyDates) -> Iterator[Duty]:
    if case.auction is not None:
        yield from _dossiers(case, case.auction, dates)
    life = case.licence
    if life is None:
        return
    yield from _licence_fee(case, life, dates)
    yield from fee_duties(case, life, dates)
    yield from _sums(case, dates)
    if case.files_monthly:
        yield from _returns(case, life, dates)
    yield from _settlements(case, life, dates)
    yield from _reports(case, life, dates)


# --- after an auction, at the grant


def _dossiers(case: ObligationsCase, auction: Auctioned, dates: DutyDates) -> Iterator[Duty]:
    if auction.explored or auction.group is Group.IV:  # Art. 104(2)(b) names group IV without asking for exploration
        kind, parameter = DutyKind.MINING_DOSSIER, "auction.mining_dossier_months"
    else:
        kind, parameter = DutyKind.EXPLORATION_DOSSIER, "auction.exploration_dossier_months"
    rule = dates.dossier(parameter, auction.ended_on, auction.group)
    if rule is not None:
        granted = case.licence is not None and case.licence.issued_on >= auction.ended_on
        yield duty_of(case, kind, auction.ended_on.isoformat(), rule, paid=granted)


def _licence_fee(case: ObligationsCase, life: LicenceLife, dates: DutyDates) -> Iterator[Duty]:
    if not case.from_on <= dates.book.calendar.next_working_day(life.issued_on) <= case.until_on:
        return
    row = dates.book.find("licence_fee.payable", life.issued_on)
    if row is not None:
        why = Text("Nộp một lần khi được cấp giấy phép.", "Paid once when the licence is granted.")
        rule = dates.given(life.issued_on, why, row.cites)
        yield duty_of(case, DutyKind.LICENCE_FEE, life.issued_on.isoformat(), rule, case.licence_fee_vnd)


# --- escrow, contribution


def _sums(case: ObligationsCase, dates: DutyDates) -> Iterator[Duty]:
    parts: tuple[tuple[DutyKind, tuple[Due, ...], str, Text], ...] = (
        (
            DutyKind.ESCROW_DEPOSIT,
            case.escrow,
            "escrow.total",
            Text("Theo kế hoạch ký quỹ của phương án được phê duyệt.", "By the deposit plan that was approved."),
        ),
        (
            DutyKind.INFRASTRUCTURE_CONTRIBUTION,
            case.infrastructure,
            "infrastructure_contribution.formula",
            Text("Theo nghị quyết của Hội đồng nhân dân tỉnh.", "By the resolution of the provincial council."),
        ),
    )
    for kind, given, parameter, why in parts:
        for one in given:
            still = None
            if one.paid_vnd is not None and one.amount_vnd is not None:
                still = max(0, one.amount_vnd - one.paid_vnd)
            rule = _given(one, one.why or why, parameter, dates)
            if rule is None:
                state = _state_without_day(case, one, still)
                yield Duty(kind, one.period, None, one.why or _NO_DAY, state, one.amount_vnd, still)
            else:
                yield duty_of(case, kind, one.period, rule, one.amount_vnd, still)


def _state_without_day(case: ObligationsCase, one: Due, still: int | None) -> State:
    if still == 0:
        return State.PAID
    if one.arises_on is None:
        return State.UNKNOWN
    if case.as_of < one.arises_on:
        return State.UPCOMING
    return State.UNKNOWN if still is None else State.OWED


def _given(one: Due, why: Text, parameter: str, dates: DutyDates) -> Rule | None:
    """The day of a sum; one that was computed with its own rule stays where it is."""
    if one.due_on is None:
        return None
    if one.cites:
        return Rule(why, date(one.due_on.year, 1, 1), one.due_on, one.due_on, one.cites)
    return dates.given(one.due_on, why, cites_of(dates.book, parameter, one.due_on))


# --- monthly and final returns


def _returns(case: ObligationsCase, life: LicenceLife, dates: DutyDates) -> Iterator[Duty]:
    start, sums = life.operating_since or life.issued_on, dict(case.declared)
    if start > life.ends_on:
        return  # closed before it was mined: nothing was made
    first = max(start, _months_before(case.from_on), dates.book.first(DAY).period.start)
    period, last = first.replace(day=1), min(life.ends_on, case.until_on)
    while period <= last:
        month = dates.month(period)
        for kind, key, monthly in month.returns:
            yield duty_of(case, kind, month.name, monthly, sums.get(key))
        period = month.following
    for year in _years(case, start, life.ends_on):
        closing = life.closed_on is not None and year == life.ends_on.year
        for _, kind, declared in RETURNS:
            rule = dates.closing(life.ends_on, declared) if closing else dates.final(year, declared)
            if rule is not None:
                yield duty_of(case, kind, f"{year}", rule)


def _months_before(day: date) -> date:
    """The first day of the month two months before: no return due on ``day`` is of an older month."""
    for _ in range(2):
        day = day.replace(day=1)
        day = day - _ONE_DAY if day > date.min else day
    return day.replace(day=1)


def _years(case: ObligationsCase, first: date, last: date) -> range:
    """The years with a life of the licence whose yearly duties can fall into the span."""
    return range(max(first.year, case.from_on.year - 2), min(last.year, case.until_on.year) + 1)


# --- settlements


def _settlements(case: ObligationsCase, life: LicenceLife, dates: DutyDates) -> Iterator[Duty]:
    book = dates.book
    law = book.instrument("54/2024/QH15").period.start
    if life.issued_on < law <= life.expires_on:
        settled = case.first_settled_on is not None
        for kind, parameter in (
            (DutyKind.FIRST_SETTLEMENT, "settlement.dossier_deadline"),
            (DutyKind.FIRST_SETTLEMENT_DONE, "settlement.authority_deadline"),
        ):
            yield duty_of(case, kind, "first", dates.first_settlement(parameter), paid=settled)
    for last_year in _period_ends(case, life, book):
        rule = dates.periodic_settlement(last_year)
        if rule is not None:
            yield duty_of(case, DutyKind.PERIODIC_SETTLEMENT, f"{last_year}", rule)
    closure = life.closed_on or next((on for event, on in case.events if event is Event.CLOSURE), None)
    for event, on in case.events:
        if event is not Event.CLOSURE and (rule := dates.event_settlement(on)) is not None:
            yield duty_of(case, DutyKind.EVENT_SETTLEMENT, f"{event}-{on}", rule)
    rule = dates.event_settlement(closure or life.expires_on)
    if rule is not None:
        yield duty_of(case, DutyKind.EVENT_SETTLEMENT, Event.CLOSURE.value, rule, expected=closure is None)


def _period_ends(case: ObligationsCase, life: LicenceLife, book: LawBook) -> Iterator[int]:
    """Last years of the five-year periods that the licence outlives and whose dossier can fall into the span."""
    law = book.instrument("54/2024/QH15").period.start
    length = int(book.first("settlement.period_years").number())
    last = (case.settlement_from or max(life.issued_on.year, law.year)) - 1
    while (last := last + length) < min(life.ends_on.year, case.until_on.year + 1):
        if last >= case.from_on.year - 2:
            yield last


# --- reports


def _reports(case: ObligationsCase, life: LicenceLife, dates: DutyDates) -> Iterator[Duty]:
    for year in _years(case, life.issued_on, life.ends_on):
        rule = dates.report(year)
        if rule is not None:
            yield duty_of(case, DutyKind.PERIODIC_REPORT, f"{year}", rule)
    exempt = life.mineral is not None and dates.book.series.get(("report.map_exempt", life.mineral)) is not None
    started = life.operating_since or life.issued_on
    for year in () if exempt else _years(case, started, life.ends_on):
        rule = dates.mine_map(year)
        if rule is not None and life.ends_on >= year_end(year):
            yield duty_of(case, DutyKind.MINE_MAP, f"{year}", rule)
