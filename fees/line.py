"""One mineral line inside a computation: where it stands, how its symbols and labels are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fees.case import MineralLine
from fees.working import Working
from rules.citation import Citation
from rules.errors import Code, Path
from rules.lawbook import Row
from rules.number import Traced
from rules.trace import Step, Text

_UNNAMED = Text("", "")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(index: int) -> str:
    """The number of a line (from 1; ``index`` from 0) as it is set below a symbol."""
    return str(index + 1).translate(_SUBSCRIPTS)


@dataclass(
    slots=True, kw_only=True
)  # not frozen: one is made for each line of each case, and freezing costs a microsecond
class Line:
    """A mineral line at work. ``mark`` is empty where the licence has one mineral, else its subscript number.

    ``price_on`` is the day whose price frame counts where no provincial price is given; ``price_field`` and
    ``conversion_field`` are where the input has its price and its conversion.
    """

    work: Working
    given: MineralLine
    path: Path
    mark: str
    name: Text
    price_on: date
    price_field: str = "price"
    conversion_field: str = "conversion"

    @classmethod
    def of(cls, work: Working, given: MineralLine, index: int, count: int) -> Line:
        """Line ``index`` (from 0) of ``count``."""
        mark, name = "", _UNNAMED
        if count > 1:
            mineral = work.book.minerals[given.mineral].name
            mark, name = subscript(index), Text(f" ({mineral.vi})", f" ({mineral.en})")
        return cls(work=work, given=given, path=("minerals", index), mark=mark, name=name, price_on=work.on)

    def define(self, symbol: str, vi: str, en: str, number: Traced, unit: str, cite: Sequence[Citation]) -> Traced:
        """Write a step of this line."""
        if self.name.vi:
            vi, en = vi + self.name.vi, en + self.name.en
        return self.work.trace.write(symbol + self.mark, vi, en, number, unit, cite)

    def table_value(self, symbol: str, vi: str, en: str, row: Row, unit: str) -> Traced:
        """Write the step of a value that a table of the law holds."""
        if self.name.vi:
            return self.define(symbol, vi, en, _operand(symbol + self.mark, row, unit), unit, row.cites)
        steps = self.work.trace.steps
        known = row.leaves.get(symbol)
        if known is None:
            number = self.define(symbol, vi, en, _operand(symbol, row, unit), unit, row.cites)
            row.leaves[symbol] = _copy(steps[-1]), number
            return number
        steps.append(_copy(known[0]))
        return known[1]

    def refuse(self, code: Code, field: Path, vi: str, en: str) -> None:
        """Write down a problem of a field of this line."""
        self.work.refuse(code, self.path + field, vi, en)


def _copy(step: Step) -> Step:
    """A step of its own, so that nothing done to one result reaches another."""
    copied = step.copy()
    copied["cite"] = step["cite"].copy()
    return copied


def _operand(symbol: str, row: Row, unit: str) -> Traced:
    value = row.number()
    return Traced.percent(symbol, value) if unit == "%" else Traced.of(symbol, value)
