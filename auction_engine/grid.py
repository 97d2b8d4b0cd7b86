"""Which bids exist? Law 54/2024 Art. 102(1)-(2): the start plus a whole number of steps, nothing between.

A rate is a plain decimal text in percent (``"5.25"``), a sum of an old file whole đồng (``7206468750``). Inside the engine a bid is
its number of steps above the start, so that no comparison ever rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rules.number import plain

Amount = str | int
"""A rate in percent as plain decimal text, or a sum in whole đồng."""

LONGEST: Final = 40
"""Characters of the longest amount that is read at all."""


class Unit(StrEnum):
    """What bids are made in: the rate R (since 2025-03-01, and earlier in unexplored areas) or đồng."""

    RATE = "rate"
    MONEY = "money"


class Fault(StrEnum):
    """Why an amount is no bid on the grid; the value is the code of its refusal."""

    WRONG_UNIT = "wrong_unit"
    UNREADABLE = "unreadable_amount"
    BELOW_START = "below_start"
    OFF_GRID = "off_grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The bids of a session: ``start + n x step``. ``ValueError`` where start or step is no positive amount of the unit."""

    unit: Unit
    start: Amount
    step: Amount
    _places: int = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    _width: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start, step = _digits(self.start, self.unit), _digits(self.step, self.unit)
        if isinstance(start, Fault) or isinstance(step, Fault):
            raise ValueError(f"{self.start!r} and {self.step!r} make no grid of {self.unit.value}")
        places = max(start[1], step[1])
        first, width = (number * 10 ** (places - own) for number, own in (start, step))
        if not first or not width:
            raise ValueError("start and step of a grid are positive")
        for name, value in (("_places", places), ("_first", first), ("_width", width)):
            object.__setattr__(self, name, value)

    def steps(self, amount: object) -> int | Fault:
        """How many steps an amount lies above the start."""
        read = _digits(amount, self.unit)
        if isinstance(read, Fault):
            return read
        number, places = read
        if places > self._places:
            return Fault.BELOW_START if number < self._first * 10 ** (places - self._places) else Fault.OFF_GRID
        above = number * 10 ** (self._places - places) - self._first
        if above < 0:
            return Fault.BELOW_START
        steps, rest = divmod(above, self._width)
        return Fault.OFF_GRID if rest else steps

    def amount(self, steps: int) -> Amount:
        """The amount ``steps`` above the start, written shortest."""
        value = self._first + steps * self._width
        return value if self.unit is Unit.MONEY else plain(value, 10**self._places)

    def around(self, amount: Amount) -> tuple[Amount, Amount]:
        """The bids just below and just above an amount that lies between two of them."""
        read = _digits(amount, self.unit)
        assert not isinstance(read, Fault)
        number, places = read
        scale = max(places, self._places)
        above = number * 10 ** (scale - places) - self._first * 10 ** (scale - self._places)
        below = above // (self._width * 10 ** (scale - self._places))
        return self.amount(below), self.amount(below + 1)

    def times_start(self, steps: int) -> tuple[int, int]:
        """The bid over the start, as numerator and denominator."""
        return self._first + steps * self._width, self._first


def _digits(amount: object, unit: Unit) -> tuple[int, int] | Fault:
    """The digits of an amount and how many of them are decimals."""
    if unit is Unit.MONEY:
        if type(amount) is not int:
            return Fault.UNREADABLE if isinstance(amount, str) and amount.endswith("…") else Fault.WRONG_UNIT
        return (amount, 0) if 0 <= amount < 10**LONGEST else Fault.UNREADABLE
    if not isinstance(amount, str):
        return Fault.WRONG_UNIT  # in a session of rates a sum of money is never read as one
    if len(amount) > LONGEST or not amount.isascii():
        return Fault.UNREADABLE
    whole, point, decimals = amount.partition(".")
    if not whole.isdigit() or (point and not decimals.isdigit()) or (len(whole) > 1 and whole[0] == "0"):
        return Fault.UNREADABLE
    return int(whole + decimals), len(decimals)
