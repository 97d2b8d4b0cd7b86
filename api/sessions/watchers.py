"""How do thousands watch one session without slowing a bid? Everybody reads from one short list of rendered changes, at their own pace.

A watcher remembers only how far it has read. One that lags beyond the list is given the latest state and the place where its gap
begins; the log holds the rest. Watchers are woken in small groups, at most ten times a second for each session.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from api.sessions.board import bids, board
from auction_engine.log import Entry
from auction_engine.state import State

KEPT: Final = 256
"""Bids kept for watchers that lag; older ones are read from the log."""
PAUSE: Final = 0.1
"""Seconds between two wakings of the watchers of a session."""
KEEPALIVE: Final = 15.0
"""Seconds after which a silent stream says that it lives."""
AT_ONCE: Final = 50
"""Watchers woken before other work has its turn."""
_ALIVE: Final = b": \n\n"


@dataclass(slots=True, eq=False)
class Watcher:
    """One who watches. ``sent``: last sequence it was given; ``name``: of a bidder, who is told whether it leads."""

    session: str
    whole: bool
    sent: int
    name: str = ""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False


class _Watched:
    """A session with watchers: its state, the last bids, what is rendered of them."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.since = state.seq
        self.bids: Final[deque[dict[str, Any]]] = deque(maxlen=KEPT)
        self.watchers: Final[set[Watcher]] = set()
        self.waking: asyncio.Task[None] | None = None
        self._chunks: Final[dict[tuple[bool, int], bytes]] = {}
        self._rendered = -1

    def add(self, state: State, entries: Sequence[Entry]) -> None:
        new = bids(state, entries, whole=True)
        lost = len(self.bids) + len(new) - KEPT
        if lost > 0:
            self.since = max(self.since, (list(self.bids) + new)[lost - 1]["seq"])
        self.bids.extend(new)
        self.state = state

    def chunk(self, whole: bool, after: int) -> bytes:
        """What a watcher who has read up to ``after`` is given; rendered once for all who have read as far."""
        if self._rendered != self.state.seq:
            self._chunks.clear()
            self._rendered = self.state.seq
        found = self._chunks.get((whole, after))
        if found is None:
            if after >= self.since:
                found = render(self.state, [one for one in self.bids if one["seq"] > after], whole=whole)
            else:
                found = render(self.state, [], whole=whole, gap_after=after)
            self._chunks[whole, after] = found
        return found


def render(state: State, missed: Iterable[dict[str, Any]], *, whole: bool, gap_after: int | None = None) -> bytes:
    """Bids and the state after them as events of a stream. The state's id is where to go on from."""
    shown = board(state, whole=whole)
    named = bool(shown["leaders"]) or whole
    parts = [b"event: bid\ndata: " + orjson.dumps(one if named else {**one, "bidder": ""}) + b"\n\n" for one in missed]
    if gap_after is not None:
        parts.append(b'event: gap\ndata: {"after":%d}\n\n' % gap_after)
    parts.append(b"id: %d\nevent: state\ndata: %b\n\n" % (state.seq, orjson.dumps(shown)))
    return b"".join(parts)


class Hub:
    """The watchers of all sessions in this process; used in its event loop alone."""

    def __init__(self) -> None:
        self._watched: Final[dict[str, _Watched]] = {}

    def watched(self) -> dict[str, int]:
        """Sessions that somebody watches, with the last sequence they were told of."""
        return {name: one.state.seq for name, one in self._watched.items()}

    def publish(self, state: State, entries: Sequence[Entry], *, jump: bool = False) -> None:
        """Tell the watchers what was added. Where entries before these are missing nothing is told until they come, or it is a ``jump``."""
        watched = self._watched.get(state.session)
        if watched is None or not entries or state.seq <= watched.state.seq:
            return
        if entries[0].seq > watched.state.seq + 1:
            if not jump:
                return
            watched.bids.clear()
            watched.since = entries[0].seq - 1
        watched.add(state, [entry for entry in entries if entry.seq > watched.state.seq])
        if watched.waking is None or watched.waking.done():
            watched.waking = asyncio.get_running_loop().create_task(self._wake(watched))

    async def _wake(self, watched: _Watched) -> None:
        told = -1
        while told != watched.state.seq:
            told, began = watched.state.seq, time.monotonic()
            for number, watcher in enumerate(list(watched.watchers), start=1):
                watcher.news.set()
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - began)))

    def enter(self, state: State, watcher: Watcher) -> None:
        """Begin to watch; ``state`` is the present one, and is used where nobody watched before."""
        watched = self._watched.get(watcher.session)
        if watched is None:
            watched = self._watched[watcher.session] = _Watched(state)
        watched.watchers.add(watcher)
        watcher.news.set()

    def leave(self, watcher: Watcher) -> None:
        """Stop to watch."""
        watched = self._watched.get(watcher.session)
        if watched is not None:
            watched.watchers.discard(watcher)
            if not watched.watchers:
                del self._watched[watcher.session]

    def close(self) -> None:
        """Let every stream end."""
        for watched in self._watched.values():
            for watcher in watched.watchers:
                watcher.gone = True
                watcher.news.set()

    async def changes(self, watcher: Watcher) -> AsyncIterator[bytes]:
        """What a watcher is sent, until it is gone."""
        while not watcher.gone:
            try:
                await asyncio.wait_for(watcher.news.wait(), KEEPALIVE)
            except TimeoutError:
                yield _ALIVE
                continue
            watcher.news.clear()
            watched = self._watched.get(watcher.session)
            if watched is None or watcher.gone:
                return
            if watched.state.seq > watcher.sent:
                chunk = watched.chunk(watcher.whole, watcher.sent)
                watcher.sent = watched.state.seq
                yield chunk + _yours(watched.state, watcher.name)


def _yours(state: State, name: str) -> bytes:
    """Tells a bidder whether it leads."""
    if not name:
        return b""
    leads = name in state.live.leaders
    return b'event: you\ndata: {"seq":%d,"leading":%b}\n\n' % (state.seq, b"true" if leads else b"false")
