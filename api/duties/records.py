"""What do the entries of a licence say of its duties: done or not, which sum, computed from what?

Every sum comes from a case of the contract that is computed with the present law book, so that the calculator shows the same
sum with its articles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from api.contract import compute
from api.duties.escrow import Deposits, deposits
from api.store.duty_records import ESCROW_PLAN, EVENT, DutyFacts, Entered
from fees.case import Group
from fees.obligation import Auctioned, Due, DutyKind, Event, ObligationsCase
from rules.trace import Text

Json = dict[str, Any]
SUMS: Final = {
    DutyKind.RESOURCE_TAX: "tax_vnd",
    DutyKind.ENVIRONMENTAL_FEE: "fee_vnd",
    DutyKind.LICENCE_FEE: "licence_fee_vnd",
    DutyKind.INFRASTRUCTURE_CONTRIBUTION: "contribution_vnd",
}
"""The duties whose entry holds a case of the contract of the same name, and the sum of its result."""


class Told(NamedTuple):
    """What is known of a duty besides the calendar: the case behind its sum, and when it was done."""

    document: Json | None
    done_on: date | None


@dataclass(slots=True, kw_only=True)
class Recorded:
    """The entries of a licence as they stood on a day; ``faults`` says which cannot be computed any more."""

    facts: DutyFacts | None = None
    done: set[str] = field(default_factory=set)
    declared: dict[str, int] = field(default_factory=dict)
    licence_fee_vnd: int | None = None
    contributions: list[Due] = field(default_factory=list)
    deposits: Deposits = field(default_factory=Deposits)
    events: list[tuple[Event, date]] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    faults: list[Text] = field(default_factory=list)

    @property
    def closed_on(self) -> date | None:
        """The day of the closure decision."""
        return next((on for event, on in self.events if event is Event.CLOSURE), None)

    @property
    def auction(self) -> Auctioned | None:
        """The auction the area was won in."""
        facts = self.facts
        if facts is None or facts.auction_ended_on is None or facts.auction_group is None:
            return None
        return Auctioned(
            ended_on=facts.auction_ended_on,
            group=Group(facts.auction_group),
            explored=bool(facts.auction_explored),
        )

    def filings(self, as_of: date) -> tuple[frozenset[str] | None, date | None]:
        """What was filed, and from which day on all of it is entered; nothing is overdue where nobody says so."""
        since = None if self.facts is None else self.facts.filings_from
        if since is None and not self.done:
            return None, None
        return frozenset(self.done), since or as_of


def recorded(facts: DutyFacts | None, entries: Iterable[Entered], as_of: date) -> Recorded:
    """What the entries of a licence say on a day."""
    found = Recorded(facts=facts)
    for one in entries:
        if one.kind == EVENT:
            if one.on_day is not None:
                found.events.append((Event(one.period.partition("-")[0]), one.on_day))
        elif (one.kind, one.period) == ESCROW_PLAN:
            _take_plan(found, one, as_of)
        else:
            _take(found, one, as_of)
    return found


def _take(found: Recorded, one: Entered, as_of: date) -> None:
    key, kind = f"{one.kind}/{one.period}", DutyKind(one.kind)
    amount = None
    if one.document is not None:
        result = compute(one.document)
        if result["ok"]:
            amount = result["result"][SUMS[kind]]
        else:
            found.faults.append(_fault(key, result))
    done = one.done_on is not None and one.done_on <= as_of
    if done:
        found.done.add(key)
    found.told[key] = Told(one.document if amount is not None else None, one.done_on if done else None)
    if kind is DutyKind.LICENCE_FEE:
        found.licence_fee_vnd = amount
    elif kind is DutyKind.INFRASTRUCTURE_CONTRIBUTION:
        found.contributions.append(Due(period=one.period, due_on=one.on_day, amount_vnd=amount))
    elif amount is not None:
        found.declared[key] = amount


def _take_plan(found: Recorded, one: Entered, as_of: date) -> None:
    assert one.document is not None
    taken = deposits(one.document, as_of)
    if isinstance(taken, dict):
        found.faults.append(_fault(DutyKind.ESCROW_DEPOSIT, taken))
        return
    found.deposits = taken
    for due in taken.dues:
        key = f"{DutyKind.ESCROW_DEPOSIT}/{due.period}"
        found.told[key] = Told(taken.document if due.amount_vnd is not None else None, taken.completed.get(due.period))


def _fault(key: str, result: Json) -> Text:
    """An entry that was sound when it was written and is no longer, for the law book has changed."""
    first = result["errors"][0]
    return Text(
        f"Mục đã nhập «{key}» không tính được với sổ luật hiện tại: {first['message_vi']}",
        f"The entry {key} cannot be computed with the present law book: {first['message_en']}",
    )


def with_records(case: ObligationsCase, found: Recorded) -> dict[str, Any]:
    """The fields of a calendar's case that entries fill in."""
    done, done_from = found.filings(case.as_of)
    years = range(case.from_on.year, case.until_on.year + 1)
    return {
        "auction": found.auction,
        "events": tuple(found.events),
        "escrow": tuple(one for one in found.deposits.dues if one.due_on is not None or int(one.period[:4]) in years),
        "infrastructure": tuple(found.contributions),
        "licence_fee_vnd": found.licence_fee_vnd,
        "done": done,
        "done_from": done_from,
        "declared": tuple(found.declared.items()),
    }
