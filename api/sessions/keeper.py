"""Where does a session stand now? States of the sessions in use, each the fold of its log, brought up to date where the log went on.

A state is never trusted beyond the row of its session: one that lags behind is folded on from the log, one that is ahead (a commit
that did not happen) is thrown away and folded anew.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from api.sessions import rows
from auction_engine.apply import apply_all
from auction_engine.log import ORIGIN, BrokenLogError
from auction_engine.state import State, new_state
from rules.lawbook import LawBook

MOST: Final = 512
"""Sessions kept in memory; others are folded anew when somebody asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hot:
    """A session in memory: its row's id, its state, the hash of its last entry."""

    id: int
    state: State
    head: str


class Keeper:
    """The states of the sessions in use; safe to ask from any thread."""

    def __init__(self, book: LawBook) -> None:
        self.book: Final = book
        self._hot: Final[OrderedDict[str, Hot]] = OrderedDict()
        self._lock: Final = Lock()

    def recent(self, connection: Connection, row: rows.Row) -> Hot:
        """The same for those who only look: as new as the row or newer."""
        hot = self._hot.get(row.name)
        return (
            hot if hot is not None and hot.id == row.id and hot.state.seq >= row.seq else self.current(connection, row)
        )

    def current(self, connection: Connection, row: rows.Row) -> Hot:
        """The state at the end of the log that a locked row names; ``BrokenLogError`` where log and row do not fit."""
        hot = self._hot.get(row.name)
        if hot is None or hot.id != row.id or hot.state.seq > row.seq:
            hot = Hot(id=row.id, state=new_state(row.name, self.book), head=ORIGIN)
        if hot.state.seq < row.seq:
            hot = _folded(connection, row, hot)
            self.keep(hot)
        if (hot.state.seq, hot.head) != (row.seq, row.head):
            raise BrokenLogError(f"the log of {row.name} does not end as its row says")
        return hot

    def keep(self, hot: Hot) -> None:
        """Remember a committed state; an older one never replaces a newer one."""
        with self._lock:
            known = self._hot.pop(hot.state.session, None)
            newer = known is not None and known.id == hot.id and known.state.seq > hot.state.seq
            self._hot[hot.state.session] = known if newer and known is not None else hot
            while len(self._hot) > MOST:
                self._hot.popitem(last=False)

    def forget(self, name: str) -> None:
        """Fold this session anew the next time."""
        with self._lock:
            self._hot.pop(name, None)


def _folded(connection: Connection, row: rows.Row, hot: Hot) -> Hot:
    state, head = hot.state, hot.head
    for line in rows.tail(connection, row, state.seq):
        entry = rows.read_line(line, head)
        if entry.seq != state.seq + 1:
            raise BrokenLogError(f"entry {state.seq + 1} of {row.name} is missing")
        state, head = apply_all(state, entry.events, entry.at), entry.hash
    return Hot(id=row.id, state=state, head=head)
