"""Numbers that a formula can be written over: traced exact numbers here, exact columns in ``fees/columns.py``.

A formula is a small function written as the decree writes it (``Q * G * R``). Over :class:`Traced` numbers it returns
the exact value together with its own text, in symbols and in figures; over columns it computes a million rows. There is
no second implementation that could drift away.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Protocol, Self

_ATOM, _PRODUCT, _SUM = 3, 2, 1


class Number(Protocol):
    """What a legal formula may do with its operands."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self, /) -> Self: ...
    def __truediv__(self, other: Self, /) -> Self: ...

    def rounded(self, places: int, /) -> Self:
        """Round half up to ``places`` decimals."""
        ...

    def half_up(self, step: int, /) -> Self:
        """Round half up to a multiple of ``step`` (1 or 1000 đồng)."""
        ...


class Traced:
    """An exact number that knows how it was made.

    ``num / den`` is the value (not reduced, ``den > 0``); ``formula`` is its text in symbols, ``shown`` in figures;
    ``text`` is the value printed (in percent where it was given so), ``None`` until it is known.
    Division by zero raises ``ZeroDivisionError``: inputs that could cause it are refused before a formula runs.
    """

    __slots__ = ("den", "formula", "num", "rank", "shown", "text")

    def __init__(
        self, num: int, den: int, formula: str, shown: str, rank: int = _ATOM, text: str | None = None
    ) -> None:
        self.num = num
        self.den = den
        self.formula = formula
        self.shown = shown
        self.rank = rank
        self.text = text

    @classmethod
    def of(cls, symbol: str, value: Decimal | int | Fraction, shown: str | None = None) -> Traced:
        """A named operand."""
        num, den, text = _exact(value)
        return cls(num, den, symbol, shown or text, _ATOM, text)

    @classmethod
    def percent(cls, symbol: str, value: Decimal | int | Fraction) -> Traced:
        """A named operand given in percent: 3 stands for 3 %."""
        num, den, text = _exact(value)
        return cls(num, den * 100, symbol, f"{text} %", _ATOM, text)

    @property
    def value(self) -> Fraction:
        """The exact value."""
        return Fraction(self.num, self.den)

    def __add__(self, other: Traced) -> Traced:
        return Traced(
            self.num * other.den + other.num * self.den,
            self.den * other.den,
            f"{self.formula} + {other.formula}",
            f"{self.shown} + {other.shown}",
            _SUM,
        )

    def __sub__(self, other: Traced) -> Traced:
        formula, shown = _bracketed(other, _PRODUCT)
        return Traced(
            self.num * other.den - other.num * self.den,
            self.den * other.den,
            f"{self.formula} − {formula}",
            f"{self.shown} − {shown}",
            _SUM,
        )

    def __mul__(self, other: Traced) -> Traced:
        if self.rank >= _PRODUCT and other.rank == _ATOM:  # the common case, without looking for brackets
            return Traced(
                self.num * other.num,
                self.den * other.den,
                f"{self.formula} × {other.formula}",
                f"{self.shown} × {other.shown}",
                _PRODUCT,
            )
        left, left_shown = _bracketed(self, _PRODUCT)
        right, right_shown = _bracketed(other, _ATOM)
        return Traced(
            self.num * other.num,
            self.den * other.den,
            f"{left} × {right}",
            f"{left_shown} × {right_shown}",
            _PRODUCT,
        )

    def __truediv__(self, other: Traced) -> Traced:
        if other.num <= 0:
            raise ZeroDivisionError(other.formula)
        left, left_shown = _bracketed(self, _PRODUCT)
        right, right_shown = _bracketed(other, _ATOM)
        return Traced(
            self.num * other.den,
            self.den * other.num,
            f"{left} : {right}",
            f"{left_shown} : {right_shown}",
            _PRODUCT,
        )

    def rounded(self, places: int) -> Traced:
        scale = 10**places
        if self.num * scale % self.den == 0:
            return self
        return Traced(
            _half_up(self.num * scale, self.den),
            scale,
            f"round({self.formula}; {places})",
            f"round({self.shown}; {places})",
        )

    def half_up(self, step: int) -> Traced:
        if self.num % (self.den * step) == 0:
            return self
        return Traced(
            _half_up(self.num, self.den * step) * step,
            1,
            f"half_up({self.formula}; {step})",
            f"half_up({self.shown}; {step})",
        )

    def floor(self) -> Traced:
        """The whole đồng below: what an equal instalment takes."""
        return Traced(self.num // self.den, 1, f"floor({self.formula})", f"floor({self.shown})")

    def ceiling(self) -> Traced:
        """The next whole number: how many instalments a part of a year makes."""
        return Traced(-(-self.num // self.den), 1, f"ceil({self.formula})", f"ceil({self.shown})")

    def whole(self) -> int:
        """The value as an integer; only for values that are whole by construction."""
        quotient, rest = divmod(self.num, self.den)
        if rest:
            raise ValueError(f"{self.formula} is not whole")
        return quotient


def _exact(value: Decimal | int | Fraction) -> tuple[int, int, str]:
    """Numerator, denominator and shortest text of a value; a decimal already written shortest is taken by its digits."""
    if type(value) is int:
        return value, 1, str(value)
    if isinstance(value, Decimal):
        text = str(value)
        whole, point, decimals = text.partition(".")
        if text.isdigit():
            return int(text), 1, text
        if point and decimals.isdigit() and decimals[-1] != "0":
            return int(whole + decimals), 10 ** len(decimals), text
    num, den = value.as_integer_ratio()
    return num, den, plain(num, den)


def _bracketed(number: Traced, rank: int) -> tuple[str, str]:
    if number.rank >= rank:
        return number.formula, number.shown
    return f"({number.formula})", f"({number.shown})"


def _half_up(num: int, den: int) -> int:
    # All quantities of the fee are non-negative, so half up and half away from zero are the same.
    return (2 * num + den) // (2 * den)


def half_up(value: Fraction, step: int = 1) -> int:
    """Round a plain exact value half up to a multiple of ``step``."""
    return _half_up(value.numerator, value.denominator * step) * step


def plain(num: int, den: int = 1) -> str:
    """Print ``num / den`` as the shortest plain decimal, or as a reduced ``n/d`` where it does not terminate."""
    if den == 1:
        return str(num)
    common = gcd(num, den)
    num //= common
    den //= common
    if den == 1:
        return str(num)
    scale = _decimal_scale(den)
    if scale is None:
        return f"{num}/{den}"
    places, factor = scale
    digits = str(abs(num) * factor).rjust(places + 1, "0")
    return f"{'-' if num < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@lru_cache(maxsize=4096)
def _decimal_scale(den: int) -> tuple[int, int] | None:
    """Decimals of 1 / den and the factor that makes it that many; ``None`` where it does not terminate."""
    rest, twos, fives = den, 0, 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    places = max(twos, fives)
    return (places, 10**places // den) if rest == 1 else None
