"""The state of one computation: the law on its day, the trace being written, the problems being found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules.citation import Citation, Confidence
from rules.errors import Code, Path, Problem, Refusal
from rules.lawbook import LawBook, Row
from rules.number import Traced
from rules.trace import Text, Trace

_BY_CONFIDENCE = {
    Confidence.SECONDARY: (
        "secondary_parameter",
        Text("Dùng số liệu lấy từ nguồn thứ cấp, chưa đọc văn bản gốc:", "Uses a value from a secondary source:"),
    ),
    Confidence.RECALLED: (
        "recalled_parameter",
        Text("Dùng số liệu theo trí nhớ, chưa đọc nguồn nào:", "Uses a value recalled without any source:"),
    ),
}


class Working:
    """Look-ups by date that leave their cautions behind, and problems collected instead of thrown."""

    __slots__ = ("book", "on", "problems", "trace")

    def __init__(self, book: LawBook, on: date) -> None:
        self.book = book
        self.on = on
        self.trace = Trace()
        self.problems: list[Problem] = []
        if on > book.horizon:
            self.past_horizon(on)

    def past_horizon(self, day: date) -> None:
        """Caution that the law after the book's horizon was not looked at."""
        self.trace.caution(
            "past_horizon",
            Text(
                f"Ngày {day:%d/%m/%Y} sau ngày cuối cùng sổ luật được rà soát ({self.book.horizon:%d/%m/%Y}).",
                f"{day} lies after the last day the law book was reviewed ({self.book.horizon}).",
            ),
        )

    def refuse(self, code: Code, path: Path | None, vi: str, en: str) -> None:
        """Write down a problem; :meth:`settle` throws them all."""
        self.problems.append(Problem(code=code, path=path, message_vi=vi, message_en=en))

    def settle(self) -> None:
        """Stop here if anything was refused."""
        if self.problems:
            raise Refusal(self.problems)

    def law(self, parameter: str, key: str = "", on: date | None = None) -> Row:
        """The row in force on the case's day (or ``on``), with the cautions that its confidence and reading ask for."""
        row = self.book.get(parameter, on or self.on, key)
        self.lean_on(row.cite)
        self.read(row)
        return row

    def provision(self, name: str) -> tuple[Citation, ...]:
        """Where a rule stands on the case's day.

        A rule that comes into force later is applied with the caution ``before_its_article`` and cited as it will stand.
        """
        row = self.book.find(name, self.on)
        if row is None:
            row = self.book.first(name)
            self.trace.caution(
                "before_its_article",
                Text(
                    f"Áp dụng trước khi điều khoản có hiệu lực (từ {row.period.start:%d/%m/%Y}): {row.cite.at}, "
                    f"{row.cite.instrument}.",
                    f"Applied before its article is in force (from {row.period.start}): {row.cite.at}, "
                    f"{row.cite.instrument}.",
                ),
                row.cites,
            )
        self.read(row)
        return row.cites

    def read(self, row: Row) -> None:
        """Caution where the law allows two readings and the row takes one."""
        if row.reading is not None:
            self.trace.caution("reading_chosen", row.reading, row.cites)

    def lean_on(self, cite: Citation) -> None:
        """Caution where a number rests on less than the legal text."""
        known = _BY_CONFIDENCE.get(cite.confidence)
        if known is not None:
            code, text = known
            where = f"{cite.instrument}, {cite.at}."
            self.trace.caution(code, Text(f"{text.vi} {where}", f"{text.en} {where}"), (cite,))

    def rounded_parameter(
        self, symbol: str, label: Text, value: Decimal, unit: str, cite: tuple[Citation, ...]
    ) -> Traced:
        """A conversion parameter, rounded half up to the decimals the annexes ask for."""
        places = self.places()
        given = Traced.of(symbol, value)
        return self.trace.define(symbol, label, given.rounded(places), unit, cite)

    def places(self) -> int:
        """Decimals of conversion factors and their parameters."""
        return int(self.law("conversion.decimals").number())
