"""How is a session streamed to a browser? Server-sent events, each watcher at its own pace.

The response writes to the connection itself: the server holds it back while a slow reader's buffer is full, and nobody else waits.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from api.sessions.rows import BATCH
from api.sessions.service import Sessions
from api.sessions.watchers import Watcher, render
from auction_engine.state import State

_RETRY: Final = b"retry: 1000\n\n"
"""A browser that was cut comes back after a second."""


class EventStream(Response):
    """The stream of one watcher: first the present state (with the bids since ``last_event_id``), then every change."""

    media_type = "text/event-stream"

    def __init__(self, sessions: Sessions, state: State, *, whole: bool, name: str, last_event_id: int | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._sessions: Final = sessions
        self._state: Final = state
        self._last: Final = last_event_id
        self._watcher: Final = Watcher(session=state.session, whole=whole, sent=state.seq, name=name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the reader or the server goes away."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        watcher = self._watcher
        self._sessions.hub.enter(self._state, watcher)
        left = asyncio.create_task(self._until_gone(receive))
        try:
            with suppress(OSError, asyncio.CancelledError):  # the server ends streams by cancelling them
                await send(_part(_RETRY + await self._first()))
                async for chunk in self._sessions.hub.changes(watcher):
                    await send(_part(chunk))
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._sessions.hub.leave(watcher)
            left.cancel()

    async def _first(self) -> bytes:
        last, state, whole = self._last, self._state, self._watcher.whole
        if last is None:
            return render(state, [], whole=whole)
        if state.seq - last > BATCH:
            return render(state, [], whole=whole, gap_after=last)
        found = await run_in_threadpool(self._sessions.read_bids, state.session, last, whole=whole)
        return render(state, [one for one in found if one["seq"] <= state.seq], whole=whole)

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._watcher.gone = True
        self._watcher.news.set()


def _part(chunk: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": True}
