"""What does the law say on a day about outputs that do not agree? The limit, its article, how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from rules.citation import Citation, Confidence
from rules.lawbook import LawBook, Row, law_book
from rules.trace import Text

LIMIT: Final = "output.difference_limit"
CAPACITY: Final = "licence.capacity_changed"
DECLARANT: Final = "settlement.declarant_answers"
_NOT_READ: Final = Text("Chưa đọc được chính văn bản.", "The text itself was not read.")
_NONE: Final = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row of the book as findings print it; ``caution`` says what makes it less than certain on that day."""

    row: Row
    caution: Text

    @property
    def cite(self) -> Citation:
        """Where it stands."""
        return self.row.cite

    @property
    def cited(self) -> str:
        """Where it stands, as printed."""
        return f"{self.cite.instrument}, {self.cite.at}"

    def number(self) -> Decimal:
        """Its value."""
        return self.row.number()


def rule_on(parameter: str, day: date, book: LawBook | None = None) -> Rule:
    """The rule in force on a day; before its first day that first rule, with what the named gap asks for as a caution.

    A rule without such a gap says what is to be done now and holds whatever the period.
    """
    book = book or law_book()
    row = book.find(parameter, day)
    if row is None:
        first = book.first(parameter)
        gap = book.gap(parameter, day)
        if gap is None:
            return Rule(row=first, caution=_doubt(first))
        since = first.period.start.strftime("%d/%m/%Y")
        before = Text(f"Kỳ này trước {since}: {gap.ask.vi}", f"The period lies before {since}: {gap.ask.en}")
        return Rule(row=first, caution=before)
    return Rule(row=row, caution=_doubt(row))


def _doubt(row: Row) -> Text:
    return _NONE if row.cite.confidence is Confidence.VERIFIED else _NOT_READ
