"""What does the store know of a licence that its calendar of duties needs?

Notified debts and payments come from the ledger, the years that are not notified yet from the re-approval computed with the
present law book, what was entered for the calendar from its records, everything else from the register. A licence without
its two dates has no calendar but that of the auction its area was won in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from api.duties.records import Recorded, Told, recorded, with_records
from api.store.duty_records import read_entries_of, read_facts
from api.store.ledger import read_entries
from api.store.models import Licence
from api.store.province import SettlementResult
from fees.ledger import Entry, Fact, active, by_debtor
from fees.ledger_debts import debts_of
from fees.obligation import Duty, Instalment, LicenceLife, NotifiedDebt, ObligationsCase
from fees.obligation_dates import DutyDates
from fees.obligation_duties import duties
from rules.lawbook import LawBook
from rules.trace import Text

_LONGEST: Final = 100
"""Years from issue to the end beyond which a date of the register is taken for a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days asked for, both included, and the day states are told for."""

    as_of: date
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceDuties:
    """A licence with its duties; ``lacks`` says why it has no calendar.

    ``told``: what was entered of a duty, by key. ``faults``: entries that cannot be computed.
    """

    licence: Licence
    duties: tuple[Duty, ...]
    lacks: Text | None = None
    told: Mapping[str, Told] = field(default_factory=dict)
    faults: tuple[Text, ...] = ()


def licence_duties(session: Session, licence: Licence, span: Span, book: LawBook) -> LicenceDuties:
    """The calendar of one licence."""
    assert licence.id is not None
    entries = read_entries(session, licence=licence.id, until=span.as_of)
    schedules = _schedules(session, book, licence.id)
    facts, told = read_facts(session, licence.id), read_entries_of(session, licence.id)
    found = recorded(facts.get(licence.id), told.get(licence.id, ()), span.as_of)
    return _found(licence, entries, schedules.get(licence.id), found, span, DutyDates(book))


def all_duties(
    session: Session, span: Span, book: LawBook, wanted: Callable[[Licence], bool] = lambda _: True
) -> Iterator[LicenceDuties]:
    """The calendars of the licences that are wanted, in the order of the register."""
    entries: dict[int, list[Entry]] = {}
    for entry in read_entries(session, until=span.as_of):
        entries.setdefault(entry.debtor.licence, []).append(entry)
    schedules, dates = _schedules(session, book), DutyDates(book)
    facts, told = read_facts(session), read_entries_of(session)
    for licence in session.exec(select(Licence).order_by(col(Licence.id))).all():
        if licence.id is not None and wanted(licence):
            found = recorded(facts.get(licence.id), told.get(licence.id, ()), span.as_of)
            yield _found(licence, entries.get(licence.id, ()), schedules.get(licence.id), found, span, dates)


def _found(
    licence: Licence,
    entries: Sequence[Entry],
    schedule: tuple[Instalment, ...] | None,
    found: Recorded,
    span: Span,
    dates: DutyDates,
) -> LicenceDuties:
    case = case_of(licence, entries, schedule, found, span)
    if isinstance(case, Text):
        return LicenceDuties(licence=licence, duties=(), lacks=case)
    listed = tuple(duties(case, dates))
    return LicenceDuties(licence=licence, duties=listed, told=found.told, faults=tuple(found.faults))


def case_of(
    licence: Licence,
    entries: Sequence[Entry],
    schedule: tuple[Instalment, ...] | None,
    found: Recorded,
    span: Span,
) -> ObligationsCase | Text:
    """The case of a licence, or what the register lacks for one."""
    issued, expires = licence.issued_on, licence.expires_on
    case = ObligationsCase(as_of=span.as_of, from_on=span.first, until_on=span.last)
    if issued is None or expires is None:
        if found.auction is not None:
            return replace(case, auction=found.auction)
        return Text(
            "Sổ đăng ký thiếu ngày cấp hoặc ngày hết hạn giấy phép: bổ sung để lập lịch.",
            "The register lacks the day of issue or of expiry: add it to have a calendar.",
        )
    if not 0 <= expires.year - issued.year <= _LONGEST or expires < issued:
        return Text(
            "Ngày cấp và ngày hết hạn giấy phép không khớp nhau: kiểm tra trong sổ đăng ký.",
            "The days of issue and expiry do not fit: check the register.",
        )
    debts = tuple(_debts(entries, span.as_of)) if entries else None
    life = LicenceLife(
        issued_on=issued,
        expires_on=expires,
        mineral=licence.mineral_code,
        operating_since=None if found.facts is None else found.facts.operating_since,
        closed_on=found.closed_on,
    )
    return replace(
        case,
        licence=life,
        schedule=_still_to_notify(schedule, debts),
        debts=debts,
        first_settled_on=next((one.on for one in active(entries, span.as_of) if one.fact is Fact.SETTLEMENT), None),
        **with_records(case, found),
    )


def _debts(entries: Sequence[Entry], as_of: date) -> Iterator[NotifiedDebt]:
    """The debts of every payer; a name that two payers share carries the payer."""
    topped = {entry.key for entry in entries if entry.fact is Fact.SETTLEMENT}
    names: set[str] = set()
    for debtor, own in by_debtor(entries).items():
        for debt in debts_of(own, as_of).debts:
            name = debt.instalment
            if name in names:
                name = f"{name} ({debtor.payer}, {debt.key})"
            names.add(name)
            yield NotifiedDebt(
                name=name,
                due_on=debt.due_on,
                amount_vnd=debt.amount_vnd,
                open_vnd=debt.open_vnd,
                top_up=debt.key in topped,
            )


def _still_to_notify(
    schedule: tuple[Instalment, ...] | None, debts: tuple[NotifiedDebt, ...] | None
) -> tuple[Instalment, ...] | None:
    """The years of the schedule that no debt of the ledger already stands for, whatever part of the year it names."""
    if schedule is None or debts is None:
        return schedule
    notified = {debt.name.partition("/")[0] for debt in debts if not debt.top_up}
    return tuple(one for one in schedule if f"{one.year}" not in notified)


def _schedules(session: Session, book: LawBook, licence_id: int | None = None) -> dict[int, tuple[Instalment, ...]]:
    """The payments of the re-approvals that the present law book computed."""
    chosen = select_columns(col(SettlementResult.licence_id), col(SettlementResult.result)).where(
        col(SettlementResult.law_digest) == book.digest
    )
    if licence_id is not None:
        chosen = chosen.where(col(SettlementResult.licence_id) == licence_id)
    return {
        licence: tuple(_payments(result["reapproval"]["schedule"]))
        for licence, result in session.connection().execute(chosen)
        if result.get("reapproval")
    }


def _payments(schedule: Iterable[Mapping[str, Any]]) -> Iterator[Instalment]:
    for one in schedule:
        due = one["due_on"]
        yield Instalment(
            year=one["year"], amount_vnd=one["amount_vnd"], due_on=None if due is None else date.fromisoformat(due)
        )
