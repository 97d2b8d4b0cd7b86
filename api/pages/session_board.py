"""``/sessions``: what everybody may see of the auction sessions: the list, a board for the wall and the phone, the result."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.rendering import page
from api.pages.sessionview import result, row, shown
from api.pages.speech import speech_of
from api.sessions.actors import is_over
from api.sessions.reading import is_name
from api.sessions.service import Sessions
from api.sessions.writer import NoSessionError
from auction_engine.minutes import minutes_digest
from auction_engine.state import State
from rules.trace import Text

router = APIRouter()
_PAGE: Final = 50
_TITLE: Final = Text("Không có phiên đấu giá này", "There is no such auction session")
_ADVICE: Final = Text(
    "Hãy xem lại tên phiên trong địa chỉ, hoặc chọn trong danh sách các phiên đấu giá.",
    "Check the session's name in the address, or choose it from the list of auction sessions.",
)


@router.get("/sessions")
def several(request: Request, after: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The sessions by name, fifty at a time."""
    t, sessions = speech_of(request), _sessions(request)
    told = sessions.read_list(after if is_name(after) else "", _PAGE + 1)
    begun = [one.name for one in told[:_PAGE] if one.seq > 0]  # a name without a plan is nobody's session yet
    return page(
        request,
        "sessions.html",
        rows=[row(t, sessions.read_state(name)) for name in begun],
        after=told[_PAGE - 1].name if len(told) > _PAGE else "",
    )


@router.get("/sessions/{session}")
def board(request: Request, session: str) -> Response:
    """The public board."""
    state = _state(request, session)
    if state is None:
        return _absent(request)
    now = max(_sessions(request).clock(), state.at)
    return page(request, "session_board.html", board=shown(speech_of(request), state, now))


@router.get("/sessions/{session}/result")
def outcome(request: Request, session: str) -> Response:
    """The result once it stands, with what is needed to prove it; before that, where the session is."""
    state = _state(request, session)
    if state is None:
        return _absent(request)
    t, over = speech_of(request), is_over(state)
    return page(
        request,
        "session_result.html",
        one=result(t, state) if over else row(t, state),
        over=over,
        head=_sessions(request).read_entry(session, state.seq).hash if over else "",
        entries=state.seq,
        minutes=minutes_digest(state) if over else "",
        public_key=_sessions(request).notary.public_key() if over else "",
    )


def _sessions(request: Request) -> Sessions:
    found: Sessions = request.app.state.sessions
    return found


def _state(request: Request, name: str) -> State | None:
    if not is_name(name):
        return None
    try:
        state = _sessions(request).read_state(name)
    except NoSessionError:
        return None
    return state if state.seq > 0 else None


def _absent(request: Request) -> Response:
    return page(request, "error.html", 404, title=_TITLE, advice=_ADVICE, code=404)
