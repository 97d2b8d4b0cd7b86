"""What does one licence owe, since when, what comes next and why? The calendar of duties from licence to closure.

Calendar of duties, *lịch nghĩa vụ*. It gathers what other articles set: Decree 193/2025 Art. 137, 139 and 140 (licence-right
fee), Decree 252/2026 Art. 10 and before it Law 38/2019 Art. 44 (returns), Circular 36/2025 Art. 12 and 16 (map, report),
Law 54/2024 Art. 104(2) (after an auction). It computes no sum: amounts come from approved schedules, notices and plans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from fees.due import lean_on_calendar
from fees.obligation import BY_AUTHORITY, TITLES, Duty, DutyKind, ObligationsCase, State
from fees.obligation_dates import DutyDates
from fees.obligation_duties import duties
from fees.result import Computed
from fees.working import Working
from rules.citation import Citation
from rules.errors import Code
from rules.lawbook import LawBook
from rules.trace import Text

Json = dict[str, Any]
LONGEST_SPAN: Final = 100
"""Years a calendar may be asked for, and may lie beyond the law book's horizon (limits of the product)."""
_SUMS: Final = {
    State.OVERDUE: Text("Tổng đã quá hạn", "Overdue in sum"),
    State.OWED: Text("Tổng đang phải nộp", "Owed in sum"),
    State.UPCOMING: Text("Tổng sắp đến hạn", "Upcoming in sum"),
}
_BEFORE: Final = frozenset({
    DutyKind.FIRST_SETTLEMENT, DutyKind.FIRST_SETTLEMENT_DONE, DutyKind.PERIODIC_SETTLEMENT, DutyKind.PERIODIC_REPORT,
    DutyKind.MINE_MAP,
})  # fmt: skip
_RETURNS: Final = frozenset({
    DutyKind.RESOURCE_TAX, DutyKind.ENVIRONMENTAL_FEE, DutyKind.RESOURCE_TAX_FINAL, DutyKind.ENVIRONMENTAL_FEE_FINAL,
})  # fmt: skip


def compute_obligations(case: ObligationsCase, book: LawBook) -> Computed:
    """List and explain the duties of a case.

    Raises :class:`rules.errors.Refusal`: ``invalid_input`` for dates in the wrong order or a case with neither licence nor
    auction, ``out_of_range`` for a span or a date too far away.
    """
    work = Working(book, case.as_of)
    _check(work, case)
    work.settle()
    dates = DutyDates(book)
    found = duties(case, dates)
    _explain(work, case, found)
    return Computed(result_of(case, found), work.trace.steps, work.trace.cautions, work.trace.not_applied)


def result_of(case: ObligationsCase, found: Sequence[Duty]) -> Json:
    """The calendar in the shape of the contract; sums add what is open, or the amount where nobody knows what is open."""
    following = next((one for one in found if is_ahead(one)), None)
    return {
        "as_of": case.as_of.isoformat(),
        "from_on": case.from_on.isoformat(),
        "until_on": case.until_on.isoformat(),
        "overdue_vnd": _open(found, State.OVERDUE),
        "owed_vnd": _open(found, State.OWED),
        "upcoming_vnd": _open(found, State.UPCOMING),
        "without_amount": sum(one.amount_vnd is None for one in found if one.state is not State.PAID),
        "states": {state.value: sum(one.state is state for one in found) for state in State},
        "next": None if following is None else row_of(following),
        "duties": [row_of(one) for one in found],
    }


def row_of(duty: Duty) -> Json:
    """One duty as a flat row."""
    rule = duty.rule
    cite = rule.cites[0] if rule is not None else None
    return {
        "key": duty.key,
        "duty": duty.kind.value,
        "period": duty.period,
        "due_on": None if rule is None else rule.nominal.isoformat(),
        "due_on_shifted": None if rule is None else rule.due_on.isoformat(),
        "state": duty.state.value,
        "by_authority": duty.kind in BY_AUTHORITY,
        "expected": duty.expected,
        "article": None if cite is None else cite.at,
        "instrument": None if cite is None else cite.instrument,
        "confidence": None if cite is None else cite.confidence.value,
        "open_vnd": duty.open_vnd,
        "amount_vnd": duty.amount_vnd,
    }


def open_vnd(duty: Duty) -> int:
    """What is still to pay of a duty; its amount where nobody knows, 0 where that is unknown too."""
    return (duty.amount_vnd or 0) if duty.open_vnd is None else duty.open_vnd


def is_ahead(duty: Duty) -> bool:
    """Whether the licensee can still do it in time."""
    mine = duty.rule is not None and duty.kind not in BY_AUTHORITY
    return mine and duty.state in (State.OWED, State.UPCOMING)


def _open(found: Iterable[Duty], state: State) -> int:
    return sum(open_vnd(one) for one in found if one.state is state)


def _check(work: Working, case: ObligationsCase) -> None:
    if case.until_on < case.from_on:
        work.refuse(
            Code.INVALID_INPUT,
            ("until_on",),
            f"Ngày cuối {case.until_on:%d/%m/%Y} trước ngày đầu {case.from_on:%d/%m/%Y}.",
            f"The last day {case.until_on} lies before the first, {case.from_on}.",
        )
    life = case.licence
    if life is None and case.auction is None:
        work.refuse(
            Code.INVALID_INPUT,
            ("licence",),
            "Cần thông tin giấy phép (licence) hoặc cuộc đấu giá (auction).",
            "Give the licence or the auction.",
        )
    if life is not None:
        for name, day in (("expires_on", life.expires_on), ("operating_since", life.operating_since), ("closed_on", life.closed_on)):  # fmt: skip
            if day is not None and day < life.issued_on:
                work.refuse(
                    Code.INVALID_INPUT,
                    ("licence", name),
                    f"Ngày {day:%d/%m/%Y} trước ngày cấp giấy phép {life.issued_on:%d/%m/%Y}.",
                    f"{day} lies before the licence was issued, {life.issued_on}.",
                )
    _check_names(work, case)
    latest = work.book.horizon.year + LONGEST_SPAN
    for path, day in _days(case):
        if day.year > latest or (path == ("from_on",) and case.until_on.year - day.year > LONGEST_SPAN):
            work.refuse(
                Code.OUT_OF_RANGE,
                path,
                f"Ngày {day:%d/%m/%Y} quá xa: lịch dài nhất {LONGEST_SPAN} năm, đến năm {latest}.",
                f"{day} is too far away: a calendar spans at most {LONGEST_SPAN} years, up to {latest}.",
            )


def _check_names(work: Working, case: ObligationsCase) -> None:
    """Nothing may be told twice: each payment, deposit and event has its own name."""
    for path, names in (
        (("fee", "schedule"), [one.name for one in case.schedule or ()]),
        (("fee", "debts"), [one.name for one in case.debts or ()]),
        (("escrow",), [one.period for one in case.escrow]),
        (("infrastructure",), [one.period for one in case.infrastructure]),
        (("events",), [f"{event} {on}" for event, on in case.events]),
        (("declared",), [key for key, _ in case.declared]),
    ):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            listed = ", ".join(twice)
            work.refuse(
                Code.INVALID_INPUT,
                path,
                f"Khai trùng: {listed}; mỗi kỳ chỉ khai một lần.",
                f"Told twice: {listed}; give each once.",
            )


def _days(case: ObligationsCase) -> Iterable[tuple[tuple[str | int, ...], date]]:
    yield ("as_of",), case.as_of
    yield ("from_on",), case.from_on
    yield ("until_on",), case.until_on
    if case.licence is not None:
        yield ("licence", "issued_on"), case.licence.issued_on
        yield ("licence", "expires_on"), case.licence.expires_on
        if case.licence.closed_on is not None:
            yield ("licence", "closed_on"), case.licence.closed_on
    if case.auction is not None:
        yield ("auction", "ended_on"), case.auction.ended_on
    if case.first_notice_on is not None:
        yield ("fee", "first_notice_on"), case.first_notice_on
    for index, one in enumerate(case.schedule or ()):
        if one.due_on is not None:
            yield ("fee", "schedule", index, "due_on"), one.due_on
    for index, debt in enumerate(case.debts or ()):
        yield ("fee", "debts", index, "due_on"), debt.due_on
    for index, (_, on) in enumerate(case.events):
        yield ("events", index, "on"), on
    for name, given in (("escrow", case.escrow), ("infrastructure", case.infrastructure)):
        for index, due in enumerate(given):
            if due.due_on is not None:
                yield (name, index, "due_on"), due.due_on


def _explain(work: Working, case: ObligationsCase, found: Sequence[Duty]) -> None:
    """One step per duty, and the cautions that the days rest on."""
    calendar, leaned = work.book.calendar, set[Citation]()
    kinds = {one.kind for one in found}
    if case.until_on > work.book.horizon:
        work.past_horizon(case.until_on)
    for one in found:
        _explain_amount(work, one)
        if one.rule is None:
            label = TITLES[one.kind]
            work.trace.did_not_apply(
                "no_due_date",
                Text(f"{label.vi} {one.period}: {one.why.vi}", f"{label.en} {one.period}: {one.why.en}"),
                (),
            )
            continue
        title, rule = TITLES[one.kind], one.rule
        label = Text(f"{title.vi}, kỳ {one.period}. {rule.why.vi}", f"{title.en}, {one.period}. {rule.why.en}")
        work.trace.note(one.key, label, rule.due_on.isoformat(), "date", rule.cites)
        lean_on_calendar(work, rule.due_on, estimated=calendar.is_estimated(rule.nominal))
        leaned.update(rule.cites)
    _explain_sums(work, found)
    for cite in sorted(leaned, key=lambda cite: (cite.instrument, cite.at)):
        work.lean_on(cite)
    for name, ours in (
        ("before_a_day", _BEFORE), ("return_law", _RETURNS), ("first_settlement_period", {DutyKind.PERIODIC_SETTLEMENT}),
    ):  # fmt: skip
        if kinds & ours:
            work.trace.caution("reading_chosen", work.book.conventions[name])
    if any(one.expected for one in found):
        work.trace.caution("reading_chosen", work.book.conventions["expected_closure"])


def _explain_amount(work: Working, one: Duty) -> None:
    """The sums of a duty, each with the article that asks for it."""
    title, cites = TITLES[one.kind], () if one.rule is None else one.rule.cites
    for name, amount, vi, en in (
        ("amount_vnd", one.amount_vnd, "số tiền", "amount"),
        ("open_vnd", one.open_vnd, "còn phải nộp", "still to pay"),
    ):
        if amount is not None:
            label = Text(f"{title.vi}, kỳ {one.period}: {vi}", f"{title.en}, {one.period}: {en}")
            work.trace.note(f"{one.key}/{name}", label, str(amount), "VND", cites)


def _explain_sums(work: Working, found: Sequence[Duty]) -> None:
    """What is open in each state, with the articles of the duties that it adds."""
    for state, label in _SUMS.items():
        adds = [one.rule.cites for one in found if one.state is state and one.rule is not None and open_vnd(one)]
        cites = tuple(dict.fromkeys(cite for each in adds for cite in each)) or (work.book.periods_cite,)
        work.trace.note(f"{state}_vnd", label, str(_open(found, state)), "VND", cites)
