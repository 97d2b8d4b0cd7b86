"""``/calendar/{secret}.ics``: the duties of one licence for a calendar programme; the secret is the only key.

An unknown, revoked or replaced secret answers 404 like any address that does not exist.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from api.duties.facts import Span, licence_duties
from api.duties.ics import MEDIA_TYPE, calendar_ics
from api.pages.rendering import secured
from api.store.calendar_links import licence_of
from api.store.licences import get_licence
from fees.obligation import State
from rules.lawbook import law_book

router = APIRouter()
_BACK: Final = timedelta(days=365)
_AHEAD: Final = timedelta(days=3 * 365)


@router.get("/calendar/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """What is overdue, one year back, three years ahead."""
    today = request.app.state.today()
    with request.app.state.store.session() as session:
        licence_id = licence_of(session, token)
        licence = None if licence_id is None else get_licence(session, licence_id)
        if licence is None or licence.id is None:
            raise HTTPException(404)
        span = Span(as_of=today, first=licence.issued_on or today - _BACK, last=today + _AHEAD)
        found = licence_duties(session, licence, span, law_book())
        shown = [
            one for one in found.duties if one.state is State.OVERDUE or (one.rule and one.rule.due_on >= today - _BACK)
        ]
        content = calendar_ics(licence.id, licence.number or f"#{licence.id}", shown, today)
    headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": 'inline; filename="nghia-vu.ics"'}
    answer = Response(content, headers=headers)
    answer.headers["Content-Type"] = MEDIA_TYPE
    return secured(answer)
