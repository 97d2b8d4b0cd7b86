"""Which price holds for a code, at a place, on a day, and from which decision does it come?

Two questions in this order. Which list: of the lists of the region and of the whole province that are in force, the one
in force last (the region's own before the province's on the same day), with the lists that amend it laid over it.
Which line: the code itself, then the codes above it, longest first, all within that list. A code means what its own
instrument says, so no line of another list is ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.quantity import Unit
from rules.resource_codes import clean_code, codes_above

WHOLE_PROVINCE: Final = ""
"""The region key of a list that holds for the whole province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """One list: a decision, where it holds (``None``: the whole province), from when to when (inclusive)."""

    region: str | None
    region_key: str
    decision: str
    decision_key: str
    valid_from: date
    valid_to: date | None
    amends_key: str | None
    sample: bool

    def holds(self, region_key: str, day: date) -> bool:
        """Whether the list is in force there on that day."""
        inside = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return inside and self.region_key in (region_key, WHOLE_PROVINCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOn:
    """A price: đồng per ``unit`` of line ``code`` (``asked`` is the code looked for), and the list it stands in.

    ``unit`` is ``None`` where the contract has no such unit; ``unit_written`` is what the list says.
    """

    asked: str
    code: str
    name: str | None
    price_vnd: int
    unit: Unit | None
    unit_written: str | None
    source: PriceList

    @property
    def exact(self) -> bool:
        """Whether the list has the very code, not one above it."""
        return self.code == self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A price in a list."""

    code: str
    name: str | None
    price_vnd: int
    unit: Unit | None
    unit_written: str | None


class PriceBook:
    """Price lists with their lines, ready to be asked."""

    def __init__(self, lists: Iterable[tuple[PriceList, Mapping[str, Line]]]) -> None:
        self._lists = tuple(lists)

    def lists_on(self, region_key: str, day: date) -> Sequence[PriceList]:
        """The list in force and what amends it, in the order in which their lines are looked at."""
        return [chosen for chosen, _ in self._in_force(region_key, day)]

    def on(self, region_key: str, code: str, day: date) -> PriceOn | None:
        """The price, or ``None`` where no list is in force or the one in force has neither the code nor one above."""
        asked = clean_code(code)
        in_force = self._in_force(region_key, day)
        for candidate in (asked, *codes_above(asked)):
            for chosen, lines in in_force:
                if line := lines.get(candidate):
                    return _price_on(asked, line, chosen)
        return None

    def below(self, region_key: str, code: str, day: date) -> Sequence[PriceOn]:
        """The prices of the codes right below a code, by code, each from the list that amends last."""
        asked = clean_code(code)
        found: dict[str, PriceOn] = {}
        for chosen, lines in self._in_force(region_key, day):
            for line in lines.values():
                if line.code not in found and next(codes_above(line.code), None) == asked:
                    found[line.code] = _price_on(line.code, line, chosen)
        return [found[name] for name in sorted(found)]

    def _in_force(self, region_key: str, day: date) -> list[tuple[PriceList, Mapping[str, Line]]]:
        holding = [pair for pair in self._lists if pair[0].holds(region_key, day)]
        bases = [pair for pair in holding if pair[0].amends_key is None]
        if not bases:
            return []
        base = max(bases, key=lambda pair: _rank(pair[0]))
        amending = [
            pair
            for pair in holding
            if pair[0].amends_key == base[0].decision_key and pair[0].region_key == base[0].region_key
        ]
        return [*sorted(amending, key=lambda pair: _rank(pair[0]), reverse=True), base]


def _price_on(asked: str, line: Line, source: PriceList) -> PriceOn:
    return PriceOn(
        asked=asked,
        code=line.code,
        name=line.name,
        price_vnd=line.price_vnd,
        unit=line.unit,
        unit_written=line.unit_written,
        source=source,
    )


def _rank(one: PriceList) -> tuple[date, bool, str]:
    return (one.valid_from, one.region_key != WHOLE_PROVINCE, one.decision_key)
