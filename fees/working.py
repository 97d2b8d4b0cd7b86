"""The state of one computation: the law on its day, the trace being written, the problems being found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from rules.citation import Citation, Confidence
from rules.errors import Code, Path, Problem, Refusal
from rules.lawbook import LawBook, Row
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

    __slots__ = ("_places", "_rows", "_smallest", "book", "on", "problems", "trace")

    def __init__(self, book: LawBook, on: date) -> None:
        self.book = book
        self.on = on
        self._rows = book.in_force(on)
        self._places: int | None = None
        self._smallest: Decimal | None = None
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

    def find(self, parameter: str) -> Row | None:
        """The row of a parameter without key in force on the case's day, or ``None``; no caution is given."""
        return self._rows.get((parameter, ""))

    def law(self, parameter: str, key: str = "", on: date | None = None) -> Row:
        """The row in force on the case's day (or ``on``), with the cautions that its confidence and reading ask for."""
        row = self._rows[parameter, key] if on is None else self.book.get(parameter, on, key)
        if not row.settled:
            self.lean_on(row.cite)
            self.read(row)
        return row

    def provision(self, name: str) -> tuple[Citation, ...]:
        """Where a rule stands on the case's day.

        A rule that comes into force later is applied with the caution ``before_its_article`` and cited as it will stand.
        """
        row = self._rows.get((name, ""))
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
        if not row.settled:
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

    def line_rounding(self, step: int) -> Text:
        """The convention by which a printed line is rounded, with its caution where a province set the unit."""
        if step == 1:
            return self.book.conventions["line_rounding"]
        text = self.book.conventions["province_rounding"]
        convention = Text(text.vi.replace("{step}", str(step)), text.en.replace("{step}", str(step)))
        self.trace.caution("province_rounding", convention)
        return convention

    def places(self) -> int:
        """Decimals of conversion factors and their parameters."""
        if self._places is None:
            self._places = int(self.law("conversion.decimals").number())
        return self._places

    def smallest(self) -> Decimal:
        """The smallest conversion parameter that does not vanish when it is rounded half up."""
        if self._smallest is None:
            self._smallest = _half_of_last(self.places())
        return self._smallest


@lru_cache
def _half_of_last(places: int) -> Decimal:
    """Half a unit of the last of so many decimals."""
    return Decimal(5).scaleb(-places - 1)
