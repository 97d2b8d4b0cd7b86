"""Which licence in the store does a row of a file mean?

A licence has no number that is its own: provinces and years reuse "211/GP-UBND", corrections change dates and names,
and two regions write their registers in one file. So four facts are compared, folded: licence number, issue date, mine
(or place) and holder.

1. Rows that say exactly the same are the same licence.
2. Then: all four facts and the mineral agree; then all four facts alone. Where several rows and licences agree
   equally, the first row is the first licence, the second the second.
3. Then: three of the four agree, none of the three being empty, and row and licence are each other's only candidate.
   So one fact may be corrected: the number, the date, the mine's name, or the holder after a transfer.

Whatever is left is a new licence. Nothing is matched on the number alone; the report says where a number is shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from api.store.text import number_key, words

_FACTS = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells licences apart: (number, issue date, mine, holder), the mineral, and the fingerprint of the rest."""

    facts: tuple[str, str, str, str]
    mineral: str
    fingerprint: str


def identity(
    *,
    number: str | None,
    issued_on: date | None,
    mine_name: str | None,
    place: str | None,
    holder: str | None,
    mineral_local: str | None,
    fingerprint: str,
) -> Identity:
    """The identity of a row or of a stored licence; empty facts are ""."""
    facts = (number_key(number or ""), str(issued_on or ""), words(mine_name or place or ""), words(holder or ""))
    return Identity(facts, words(mineral_local or ""), fingerprint)


def match(rows: Sequence[Identity], stored: Sequence[Identity]) -> list[int | None]:
    """For each row the index of the stored licence it means, or ``None``; no licence is meant twice."""
    meant: list[int | None] = [None] * len(rows)
    free = dict.fromkeys(range(len(stored)))
    for key in (_whole, _facts_and_mineral, _facts):
        _pair_in_order(rows, stored, meant, free, key)
    _pair_three_of_four(rows, stored, meant, free)
    return meant


def _whole(one: Identity) -> Hashable:
    return one.fingerprint


def _facts_and_mineral(one: Identity) -> Hashable:
    return (one.facts, one.mineral) if any(one.facts) else None


def _facts(one: Identity) -> Hashable:
    return one.facts if any(one.facts) else None


def _pair_in_order(
    rows: Sequence[Identity],
    stored: Sequence[Identity],
    meant: list[int | None],
    free: dict[int, None],
    key: Callable[[Identity], Hashable],
) -> None:
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in reversed(free):
        waiting[key(stored[index])].append(index)
    for position, row in enumerate(rows):
        if meant[position] is None and (wanted := key(row)) is not None and waiting.get(wanted):
            meant[position] = waiting[wanted].pop()
            del free[meant[position] or 0]


def _pair_three_of_four(
    rows: Sequence[Identity], stored: Sequence[Identity], meant: list[int | None], free: dict[int, None]
) -> None:
    by_three: defaultdict[tuple[int, tuple[str, ...]], set[int]] = defaultdict(set)
    for index in free:
        for three in _threes(stored[index]):
            by_three[three].add(index)
    candidates: dict[int, set[int]] = {}
    claims: defaultdict[int, set[int]] = defaultdict(set)
    for position, row in enumerate(rows):
        if meant[position] is None:
            candidates[position] = {index for three in _threes(row) for index in by_three.get(three, ())}
            for index in candidates[position]:
                claims[index].add(position)
    for position, found in candidates.items():
        if len(found) == 1 and len(claims[(index := next(iter(found)))]) == 1:
            meant[position] = index


def _threes(one: Identity) -> list[tuple[int, tuple[str, ...]]]:
    """The four ways of leaving one fact out, each only when the other three are known."""
    ways = [(left_out, one.facts[:left_out] + one.facts[left_out + 1 :]) for left_out in range(_FACTS)]
    return [(left_out, three) for left_out, three in ways if all(three)]
