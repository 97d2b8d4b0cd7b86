"""Does an explanation hold? An evaluator for the ``formula`` and ``substituted`` texts of a trace (extra ``testing``).

Grammar: numbers (``1.475``, ``2/3``, ``3 %``, ``24 giờ``), symbols of earlier steps, ``+``, ``−``, ``×``, ``:``, parentheses,
``round(a; places)`` and ``half_up(a; step)`` (half up), ``floor(a)``, ``ceil(a)``. Products and sums read left to right.
Values are exact fractions; a step in ``%`` counts as hundredths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

_NUMBER: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?:/([0-9]+))?(\s?%|\s[^\W\d_]+)?")
_NAME: Final = re.compile(r"[^\W\d][\w,]*")
_ROUNDED_INPUT: Final = re.compile(r"round\((?P<name>.+); [0-9]+\)")


class BrokenInvariant(AssertionError):  # noqa: N818 - it says what is broken, as Refusal says what is refused
    """What a computation or its explanation promises does not hold; the message says what and where."""


def evaluate(text: str, values: Mapping[str, Fraction]) -> Fraction:
    """The exact value of one formula; ``values`` are those of the symbols it may use.

    Raises :class:`BrokenInvariant` for a text outside the grammar or a symbol that stands for nothing.
    """
    reader = _Reader(text, values)
    value = reader.sum()
    if reader.rest:
        raise BrokenInvariant(f"{text!r}: cannot read {reader.rest!r}")
    return value


def figure(step: Mapping[str, Any]) -> Fraction | None:
    """The value of a step as its formula computes it (hundredths for ``%``); ``None`` where it is no number."""
    try:
        value = Fraction(step["value"])
    except ValueError:
        return None
    return value / 100 if step["unit"] == "%" else value


def re_evaluate(trace: Sequence[Mapping[str, Any]]) -> dict[str, Fraction]:
    """Compute a trace again, from each ``substituted`` alone and from each ``formula`` with the earlier steps.

    Returns the values by symbol. Raises :class:`BrokenInvariant` where a text does not give the step's value, names a
    symbol that no earlier step defines, or defines a symbol twice. An input names itself: ``Q``, or ``round(H_n; 3)``.
    """
    known: dict[str, Fraction] = {}
    noted: set[str] = set()
    for step in trace:
        symbol, formula, value = step["symbol"], step["formula"], figure(step)
        if symbol in known or symbol in noted:
            raise BrokenInvariant(f"{symbol} is defined twice")
        if value is None:
            if formula != symbol or step["substituted"] != step["value"]:
                raise BrokenInvariant(f"{symbol}: {step['value']!r} is no number and no plain note")
            noted.add(symbol)
            continue
        _same(symbol, step["substituted"], evaluate(step["substituted"], {}), value)
        rounded = _ROUNDED_INPUT.fullmatch(formula)
        if symbol not in (formula, rounded["name"] if rounded else None):
            _same(symbol, formula, evaluate(formula, known), value)
        known[symbol] = value
    return known


def _same(symbol: str, text: str, found: Fraction, stated: Fraction) -> None:
    if found != stated:
        raise BrokenInvariant(f"{symbol}: {text!r} gives {found}, the step says {stated}")


class _Reader:
    """Recursive descent over one formula."""

    def __init__(self, text: str, values: Mapping[str, Fraction]) -> None:
        self.rest = text.strip()
        self._text = text
        self._values = values
        self._longest_first = sorted(values, key=len, reverse=True)

    def sum(self) -> Fraction:
        value = self._product()
        while True:
            if self._take("+"):
                value += self._product()
            elif self._take("−"):
                value -= self._product()
            else:
                return value

    def _product(self) -> Fraction:
        value = self._atom()
        while True:
            if self._take("×"):
                value *= self._atom()
            elif self._take(":"):
                divisor = self._atom()
                if not divisor:
                    raise BrokenInvariant(f"{self._text!r} divides by zero")
                value /= divisor
            else:
                return value

    def _atom(self) -> Fraction:
        for name, function in _FUNCTIONS.items():
            if self._take(name + "("):
                return function(self)
        if self._take("("):
            value = self.sum()
            self._expect(")")
            return value
        for symbol in self._longest_first:
            after = self.rest[len(symbol) : len(symbol) + 1]
            if self.rest.startswith(symbol) and not (after.isalnum() or after in ("_", ",")):
                self._skip(len(symbol))
                return self._values[symbol]
        number = _NUMBER.match(self.rest)
        if number is None:
            symbol_like = _NAME.match(self.rest)
            what = f"{symbol_like[0]} stands for no earlier step" if symbol_like else f"cannot read {self.rest!r}"
            raise BrokenInvariant(f"{self._text!r}: {what}")
        self._skip(number.end())
        value = Fraction(number[1]) / int(number[2] or 1)
        return value / 100 if (number[3] or "").strip() == "%" else value

    def _take(self, sign: str) -> bool:
        if not self.rest.startswith(sign):
            return False
        self._skip(len(sign))
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise BrokenInvariant(f"{self._text!r}: {sign!r} expected before {self.rest!r}")

    def _skip(self, length: int) -> None:
        self.rest = self.rest[length:].lstrip()

    def rounding(self, unit: Callable[[int], Fraction]) -> Fraction:
        value = self.sum()
        self._expect(";")
        step = unit(int(self._atom()))
        self._expect(")")
        return step * floor(value / step + Fraction(1, 2))

    def whole(self, part: Callable[[Fraction], int]) -> Fraction:
        value = self.sum()
        self._expect(")")
        return Fraction(part(value))


_FUNCTIONS: Final[dict[str, Callable[[_Reader], Fraction]]] = {
    "round": lambda reader: reader.rounding(lambda places: Fraction(1, 10**places)),
    "half_up": lambda reader: reader.rounding(Fraction),
    "floor": lambda reader: reader.whole(floor),
    "ceil": lambda reader: reader.whole(ceil),
}
