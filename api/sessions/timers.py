"""When does a timer of a session fire? Derived from its state alone, so that it survives any restart; what it does is the engine's matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from auction_engine.commands import Order
from auction_engine.commands_session import Tick
from auction_engine.moments import later, moment, read
from auction_engine.state import State
from auction_engine.values import Mode, Phase, Role, Stage, Task

_VIET_NAM: Final = timezone(timedelta(hours=7))
_NEXT: Final = timedelta(microseconds=1)


def next_tick(state: State) -> str | None:
    """The first instant at which a timer of this session has something to do; ``None`` where no timer runs.

    An opening that nobody opened is postponed after its limit, an online window closes at its end, a licence dossier is missed the
    day after its last day.
    """
    regulation, live = state.regulation, state.live
    if state.stage is Stage.LISTED and regulation is not None:
        return moment(read(later(regulation.opens_at, regulation.late_limit)) + _NEXT)
    if state.stage is Stage.OPEN and regulation is not None and regulation.mode is Mode.ONLINE:
        runs = live.phase is Phase.BIDDING and not live.paused_at
        return live.ends_at if runs and live.ends_at else None
    if state.stage is Stage.APPROVED and not state.missed and Task.LICENCE_DOSSIER in state.due:
        last = date.fromisoformat(state.due[Task.LICENCE_DOSSIER])
        return moment(datetime.combine(last + timedelta(days=1), time(), _VIET_NAM).astimezone(UTC))
    return None


def tick_order(session: str) -> Order:
    """What a timer asks of its session."""
    return Order(session=session, role=Role.SYSTEM, by=Role.SYSTEM.value, command=Tick())
