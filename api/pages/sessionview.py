"""What may everybody see of an auction session, and in which words? Plain values for the public list, board and result.

Names follow :func:`api.sessions.board.board`: in a hall all see who leads, online nobody does before the minutes are signed. What
lies unopened, what was paid in and who was turned away is not public and never enters these values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from api.pages.speech import Speech
from api.sessions.actors import is_over
from api.sessions.board import board
from auction_engine.grid import Unit
from auction_engine.minutes import session_minutes
from auction_engine.moments import read
from auction_engine.state import State
from auction_engine.values import Mode, Phase, Stage
from auction_engine.words import say
from rules.lawbook import law_book
from rules.number import half_up, plain
from rules.trace import Text

Json = dict[str, Any]
_PHASES: Final[dict[Phase, Text]] = {
    Phase.BIDDING: Text("Đang nhận trả giá", "Bids are being taken"),
    Phase.OPENING: Text("Hết giờ bỏ phiếu, đang mở phiếu", "The round is closed, ballots are being opened"),
    Phase.TIED: Text("Nhiều người cùng mức cao nhất, mời trả tiếp", "Tied at the best bid, asked to bid on"),
    Phase.LOTS: Text("Nhiều người cùng mức cao nhất, bốc thăm", "Tied at the best bid, lots are drawn"),
    Phase.CLOSED: Text("Đã hết trả giá, chờ công bố người trúng", "Bidding is over, the winner is yet to be announced"),
}
_PAUSED: Final = Text("Phiên tạm dừng", "The session is paused")
_WAITS: Final = Text("Chờ mở phiên", "Waiting for the opening")
_CENTI: Final = 100
_STRUCTURE: Final = (
    "stage",
    "phase",
    "round",
    "calls",
    "paused_at",
    "signalled",
    "tied",
    "bidders_present",
    "opens_at",
)


def stands(state: State) -> Text:
    """Where a session stands, in a sentence short enough for a wall."""
    if state.stage is Stage.OPEN:
        return _PAUSED if state.live.paused_at else _PHASES[state.live.phase]
    if state.stage is Stage.LISTED:
        return _WAITS
    said = say(state.stage)
    return Text(said.vi[:1].upper() + said.vi[1:], said.en[:1].upper() + said.en[1:])


def amount(t: Speech, state: State, value: object) -> str:
    """A bid in the unit of the session: ``5,5 %``, or whole đồng."""
    if value == "" or value is None or state.grid is None:
        return "—"
    return f"{t.number(value)}\N{NO-BREAK SPACE}%" if state.grid.unit is Unit.RATE else t.money(int(str(value)))


def row(t: Speech, state: State) -> Json:
    """A session in the list, also the head of its other pages."""
    plan, terms, regulation = state.plan, state.terms, state.regulation
    mineral = law_book().minerals.get(plan.main) if plan else None
    mode = t.text(say(regulation.mode)) if regulation else ""
    return {
        "session": state.session,
        "area": plan.area if plan else state.session,
        "place": plan.place if plan else "",
        "mineral": t.text(mineral.name) if mineral else plan.main if plan else "",
        "mode": mode.removeprefix("an ")[:1].upper() + mode.removeprefix("an ")[1:],
        "start": amount(t, state, terms.start if terms else ""),
        "step": amount(t, state, terms.step if terms else ""),
        "opens": t.moment(read(regulation.opens_at)) if regulation else "—",
        "state": t.text(stands(state)),
        "over": is_over(state),
        "opened": state.opened_at != "",
    }


def shown(t: Speech, state: State, now: str) -> Json:
    """The board at an instant of the server's clock; ``seq`` is the place in the log that it shows."""
    found, grid, terms = board(state, whole=False), state.grid, state.terms
    best = state.live.best if grid is not None and state.live.best >= 0 else None
    price = terms.price_list_vnd if terms and terms.unit is Unit.RATE else 0
    return {
        **row(t, state),
        "seq": state.seq,
        "now": now,
        "unit": found["unit"],
        "plain_start": found["start"],
        "price": price,
        "best": amount(t, state, found["best"]),
        "best_at": t.moment(read(found["best_at"])) if found["best_at"] else "",
        "implied": implied(t, state, best) if price else "",
        "has_price": price > 0,
        "times": times(t, state, best),
        "signalled": state.live.signalled,
        "signal_times": state.regulation.signal_times if state.regulation else 0,
        "leaders": found["leaders"],
        "tied": found["tied"],
        "bids": sum(1 for _ in state.live.last.chain()) if state.live.last else 0,
        "present": found["bidders_present"],
        "round": found["round"],
        "until": _until(state),
        "waits": not state.opened_at,
        "key": structure(found),
    }


def structure(found: Json) -> str:
    """What a script cannot show by changing figures alone: where it differs the page is asked for anew (``board.js`` joins the same)."""
    return "|".join(str(found[name]).lower() for name in _STRUCTURE)


def times(t: Speech, state: State, steps: int | None) -> str:
    """A bid as a multiple of the start, to two decimals."""
    if steps is None or state.grid is None:
        return "—"
    return t.number(plain(half_up(Fraction(*state.grid.times_start(steps)) * _CENTI), _CENTI))


def implied(t: Speech, state: State, steps: int | None) -> str:
    """What a rate means in đồng for a unit of the price list; rounded to the đồng."""
    if steps is None or state.grid is None or state.terms is None:
        return "—"
    return t.money(half_up(state.terms.price_list_vnd * Fraction(str(state.grid.amount(steps))) / _CENTI))


def result(t: Speech, state: State) -> Json:
    """The outcome with the bids of the minutes; only for a session that is over."""
    minutes = session_minutes(state)
    won = state.result.winner != ""
    return {
        **row(t, state),
        "winner": state.bidders[state.result.winner].name if won else "",
        "paddle": state.result.winner,
        "won": amount(t, state, minutes["won"]),
        "times": times(t, state, state.result.steps if won else None),
        "implied": implied(t, state, state.result.steps) if won and _priced(state) else "",
        "failed": state.result.failed != "",
        "ended": t.day(state.result.ended_on),
        "started": t.moment(read(state.opened_at)) if state.opened_at else "—",
        "present": len(minutes["present"]),
        "absent": len(minutes["absent"]),
        "rounds": minutes["rounds"],
        "bids": [
            {"at": t.moment(read(one["at"])), "amount": amount(t, state, one["amount"]), "bidder": one["bidder"]}
            for one in minutes["bids"]
        ],
    }


def _priced(state: State) -> bool:
    return state.terms is not None and state.terms.unit is Unit.RATE and state.terms.price_list_vnd > 0


def _until(state: State) -> str:
    """The instant that the countdown runs to: the opening, then the end of an online window; nothing while paused."""
    regulation, live = state.regulation, state.live
    if regulation is None or live.paused_at:
        return ""
    if state.stage is Stage.LISTED:
        return regulation.opens_at
    runs = state.stage is Stage.OPEN and live.phase is Phase.BIDDING and regulation.mode is Mode.ONLINE
    return live.ends_at if runs else ""
