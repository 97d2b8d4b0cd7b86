"""How does a told fact become entries of a licence's ledger? Everything wrong at once, then previewed or written as a whole.

A fact sent twice under one key is written once. Nothing is changed: a wrong entry is taken back by its reversal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from api.bookkeeping.settled import settlement_entries
from api.contract.ledger import (
    OffsetWay,
    ToldDecision,
    ToldFact,
    ToldInterest,
    ToldNotice,
    ToldOffset,
    ToldOpening,
    ToldPayment,
    ToldRefund,
    ToldReversal,
    ToldSettlement,
    ToldStop,
)
from api.store.ledger import append, check, find_entry, read_entries
from api.store.models import Licence
from api.store.schedules import Planned, keep_schedule
from fees.ledger import Debtor, Entry, Stop, active
from fees.ledger_balance import Balance, balance
from fees.ledger_facts import (
    Told,
    decision,
    interest_charge,
    interest_stop,
    notice,
    offset_in,
    offset_out,
    opening,
    payment,
    refund,
    reversal,
)
from rules.errors import Code, Problem
from rules.trace import Text

_LAST: Final = date.max
_POSTINGS: Final = {"payment": "principal_vnd", "settlement": "instalment", "reversal": "entry"}
_FIELDS: Final = {"stop": "last", "reverses": "entry", "debtor": "payer", "licence": "payer"}
"""Where a problem of an entry stands in the fact that made it, where the names differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a fact comes to: its entries, what to know about them, the balance before and after; or what is wrong.

    ``known``: the fact stands in the ledger already under its key, nothing was added. ``written``: it stands there now.
    """

    entries: tuple[Entry, ...] = ()
    schedule: tuple[Planned, ...] = ()
    notes: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()
    before: Balance = field(default_factory=Balance)
    after: Balance = field(default_factory=Balance)
    known: bool = False
    written: bool = False


def tell(
    session: Session, licence: Licence, fact: ToldFact, *, key: str, today: date, now: datetime | None = None
) -> Outcome:
    """Preview a fact, or write it where ``now`` is given (call it inside ``Store.write()`` then).

    ``key`` is the key of its entry; a decision's or settlement's further entries are called after it.
    """
    assert licence.id is not None
    written = read_entries(session, licence=licence.id)
    standing = find_entry(session, key)
    made = _made(session, licence, fact, key, written, today)
    if standing is not None:
        return _again(standing, fact, licence, made, written)
    problems = [*_of_day(fact, today), *made.problems]
    if not problems:
        problems += _like_one(made.entries, written, fact)
    if not problems:
        found = check(session, made.entries) if now is None else append(session, made.entries, now=now)
        problems += [_placed(one, fact) for one in found]
    if problems:
        return Outcome(problems=tuple(problems))
    if now is not None and made.schedule:
        keep_schedule(session, key, made.schedule)
    return Outcome(
        entries=made.entries,
        schedule=made.schedule,
        notes=made.notes,
        before=balance(written, _LAST),
        after=balance([*written, *made.entries], _LAST),
        written=now is not None,
    )


def _made(
    session: Session, licence: Licence, fact: ToldFact, key: str, written: tuple[Entry, ...], today: date
) -> Outcome:
    """The entries of a fact, or what is wrong with them before the ledger is asked."""
    assert licence.id is not None
    if isinstance(fact, ToldReversal):
        target = next((one for one in written if one.key == fact.entry), None)
        if target is None:
            return _refused("entry", Text("Giấy phép này không có bút toán đó.", "This licence has no such entry."))
        return Outcome(entries=(reversal(target, key=key, on=fact.on, document=fact.document),))
    payer = fact.payer or licence.holder
    if not payer:
        return _refused("payer", Text("Nhập người nộp.", "Enter the payer."))
    told = Told(key=key, debtor=Debtor(licence.id, payer), on=fact.on, document=fact.document)
    match fact:
        case ToldDecision():
            return _decided(told, fact, written)
        case ToldNotice():
            entry = notice(told, fact.amount_vnd, instalment=fact.instalment, due_on=fact.due_on)
        case ToldPayment():
            entry = payment(
                told, principal_vnd=fact.principal_vnd, interest_vnd=fact.interest_vnd, instalment=fact.instalment
            )
        case ToldInterest():
            entry = interest_charge(told, -fact.amount_vnd if fact.lowers else fact.amount_vnd)
        case ToldStop():
            stop = Stop(reason=fact.reason, first=fact.first, last=fact.last)
            entry = interest_stop(told, stop, instalment=fact.instalment)
        case ToldOpening():
            entry = opening(
                told, fact.amount_vnd, instalment=fact.instalment, due_on=fact.due_on, interest_vnd=fact.interest_vnd
            )
        case ToldOffset(way=OffsetWay.IN):
            entry = offset_in(told, fact.amount_vnd, instalment=fact.instalment)
        case ToldOffset():
            entry = offset_out(told, fact.amount_vnd, own_interest_vnd=fact.own_interest_vnd)
        case ToldRefund():
            entry = refund(told, fact.amount_vnd)
        case ToldSettlement():
            settled = settlement_entries(
                session, told, written, instalment=fact.instalment, paid_differs=fact.paid_differs, today=today
            )
            return Outcome(entries=settled.entries, notes=settled.notes, problems=settled.problems)
    return Outcome(entries=(entry,))


def _decided(told: Told, fact: ToldDecision, written: Sequence[Entry]) -> Outcome:
    """The approved fee; where it replaces what is not notified yet, the change to it."""
    schedule = tuple(
        Planned(instalment=one.instalment, amount_vnd=one.amount_vnd, due_on=one.due_on) for one in fact.schedule
    )
    own = [entry for entry in written if entry.debtor == told.debtor]
    open_vnd = balance(own, told.on).approved_vnd if fact.replaces else 0
    notes = []
    if open_vnd:
        notes.append(Text(
            f"Số chưa thông báo {open_vnd:,} đồng của các quyết định trước được thay bằng {fact.amount_vnd:,} đồng.".replace(",", "."),
            f"VND {open_vnd:,} of earlier decisions, not yet notified, are replaced by VND {fact.amount_vnd:,}.",
        ))  # fmt: skip
    return Outcome(entries=(decision(told, fact.amount_vnd - open_vnd),), schedule=schedule, notes=tuple(notes))


def _again(standing: Entry, fact: ToldFact, licence: Licence, made: Outcome, written: Sequence[Entry]) -> Outcome:
    """The key is taken: by this very fact, which then stands already, or by another."""
    same = (standing.debtor.licence, standing.fact.value, standing.on, standing.document) == (
        licence.id, fact.fact, fact.on, fact.document,
    )  # fmt: skip
    derived = isinstance(fact, ToldDecision | ToldSettlement)  # what they post depends on the ledger of their day
    if not same or (not derived and made.entries[:1] != (standing,)):
        return _refused("key", Text(
            "Khóa này đã dùng cho một bút toán khác.", "This key was used for another entry."
        ))  # fmt: skip
    entries = tuple(one for one in written if one.key == standing.key or one.key.startswith(f"{standing.key}:"))
    now = balance(written, _LAST)
    return Outcome(entries=entries, before=now, after=now, known=True)


def _of_day(fact: ToldFact, today: date) -> Iterator[Problem]:
    if fact.on > today:
        yield _problem("on", Text(
            f"Ngày sau hôm nay ({today:%d/%m/%Y}).", f"The day lies after today ({today})."
        ))  # fmt: skip


def _like_one(entries: Sequence[Entry], written: Sequence[Entry], fact: ToldFact) -> Iterator[Problem]:
    """A fact like one that stands: sent under another key it may be the same one."""
    if fact.again or isinstance(fact, ToldReversal):
        return
    alike: Callable[[Entry], object] = lambda one: (  # noqa: E731
        one.debtor, one.fact, one.on, one.document, one.postings, one.instalment, one.stop
    )  # fmt: skip
    known = {alike(one) for one in active(written, _LAST)}
    if any(alike(one) in known for one in entries):
        yield _problem("again", Text(
            "Sổ đã có bút toán cùng số chứng từ, ngày và số tiền. Đánh dấu nếu đây là một khoản khác.",
            "The ledger has an entry with this document, day and sum. Tick where this is another one.",
        ))  # fmt: skip


def _placed(problem: Problem, fact: ToldFact) -> Problem:
    """A problem of the ledger beside the field of the fact."""
    last = str(problem.path[-1]) if problem.path else ""
    name = _POSTINGS.get(fact.fact, "amount_vnd") if last == "postings" else _FIELDS.get(last, last)
    return Problem(code=problem.code, path=(name,), message_vi=problem.message_vi, message_en=problem.message_en)


def _refused(name: str, text: Text) -> Outcome:
    return Outcome(problems=(_problem(name, text),))


def _problem(name: str, text: Text) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=(name,), message_vi=text.vi, message_en=text.en)
