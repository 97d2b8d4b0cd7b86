"""A session in memory: give it orders, get entries. The state is always the fold of its log.

The log never runs backwards: an instant before the last one is taken as the last one. An order whose key was answered before gets
the same entry again where it is the same order, and :class:`KeyReusedError` where it is another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final, get_args

from auction_engine.apply import apply_all
from auction_engine.commands import Command, Order
from auction_engine.decide import decide
from auction_engine.events import Event
from auction_engine.events_outcome import Refused
from auction_engine.grid import LONGEST
from auction_engine.log import ORIGIN, BrokenLogError, Entry, make_entry
from auction_engine.moments import is_moment, read
from auction_engine.state import State, new_state
from rules.lawbook import LawBook


class KeyReusedError(ValueError):
    """The same idempotency key with another order."""


class Session:
    """One session with its whole log."""

    def __init__(self, name: str, book: LawBook) -> None:
        self.state: State = new_state(name, book)
        self.entries: list[Entry] = []
        self._answers: Final[dict[str, Entry]] = {}

    @property
    def head(self) -> str:
        """Hash of the last entry."""
        return self.entries[-1].hash if self.entries else ORIGIN

    def submit(self, order: Order, now: str) -> Entry | None:
        """Answer an order; ``None`` for a timer with nothing to do.

        Raises ``ValueError`` for an instant that is none or a number too large to write, :class:`KeyReusedError` for a key that answered another order.
        """
        read(now)
        order = recordable(order)
        answered = self._answers.get(order.key) if order.key else None
        if answered is not None:
            if answered.order != order:
                raise KeyReusedError(order.key)
            return answered
        state, entry = advance(self.state, order, max(now, self.state.at), self.head)
        if entry is None:
            return None
        self.state = state
        self.entries.append(entry)
        if order.key:
            self._answers[order.key] = entry
        return entry


def advance(state: State, order: Order, now: str, head: str) -> tuple[State, Entry | None]:
    """The next state and entry of an order; for stores that keep the log themselves. ``order`` is :func:`recordable`."""
    events = decide(state, order, now)
    if not events:
        return state, None
    entry = make_entry(state.seq + 1, now, order, events, head)
    return apply_all(state, events, now), entry


def recordable(order: Order) -> Order:
    """The order as it can be written down: an amount longer than any bid is cut, and so refused as unreadable.

    Raises ``ValueError`` for another number beyond 2^62 either way, which no office writes.
    """
    command = order.command
    changed: dict[str, str] = {}
    for name in _NUMBERS[type(command)]:
        value = getattr(command, name)
        if isinstance(value, str):
            if len(value) > LONGEST:
                changed[name] = f"{value[:LONGEST]}…"
        elif not -MOST < value < MOST:
            if name not in _AMOUNTS:
                raise ValueError(f"{name} is too large")
            changed[name] = f"{str(value % MOST)[:LONGEST]}…"
    if not changed:
        return order
    cut: Any = changed  # only fields of amounts, which take text
    return replace(order, command=replace(command, **cut))


MOST: Final = 1 << 62
"""Numbers from here on are no sums: 64-bit JSON integers end soon after."""
_AMOUNTS: Final = frozenset({"amount", "start", "step"})
_NUMBERS: Final = {
    kind: tuple(field.name for field in fields(kind) if field.name in _AMOUNTS or field.type == "int")
    for kind in get_args(Command)
}
"""Fields of each command that hold numbers or amounts."""


def replay(book: LawBook, name: str, entries: Iterable[Entry]) -> State:
    """The state of a log, folded from its events alone."""
    state = new_state(name, book)
    for entry in entries:
        state = apply_all(state, entry.events, entry.at)
    return state


def redecide(state: State, entry: Entry) -> State:
    """The state after deciding an entry's order again; :class:`BrokenLogError` where the decision differs from the log.

    The sentences of refusals may be worded anew; code and articles may not differ.
    """
    if entry.seq != state.seq + 1 or not is_moment(entry.at) or entry.at < state.at:
        raise BrokenLogError("sequence or time does not go on")
    if recordable(entry.order) != entry.order:
        raise BrokenLogError("an amount is longer than any log writes")
    again = decide(state, entry.order, entry.at)
    if again != entry.events and [_unworded(one) for one in again] != [_unworded(one) for one in entry.events]:
        raise BrokenLogError(f"the engine decides {_kinds(again)}, the log says {_kinds(entry.events)}")
    return apply_all(state, entry.events, entry.at)


def _unworded(event: Event) -> Event:
    return replace(event, reason_vi="", reason_en="") if isinstance(event, Refused) else event


def _kinds(events: Iterable[Event]) -> str:
    return ", ".join(type(event).__name__ for event in events) or "nothing"
