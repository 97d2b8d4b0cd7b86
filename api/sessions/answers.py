"""What does the sender of a command get? Its entry of the log as it stands there; for a refusal the contract's error beside it."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from fastapi.responses import Response

from api.contract.problems import problem_json
from auction_engine.events_outcome import Refused
from auction_engine.log import Entry
from rules.errors import Code, Problem

_JSON = "application/json"
_REFUSED = 409
_AGAIN = {"Retry-After": "1"}


def entry_answer(entry: Entry, *, created: bool = False) -> Response:
    """Status 200 (201 for a session begun), or 409 where the order was refused. The same entry always gives the same bytes."""
    refusals = [event for event in entry.events if isinstance(event, Refused)]
    line = entry.line()
    if not refusals:
        name = orjson.dumps(entry.order.session)
        head = b'{"ok":true,"session":' + name + b',"seq":%d,' % entry.seq
        return Response(head + line[1:], 201 if created else 200, media_type=_JSON)
    listed = [
        {
            "code": one.code,
            "field": None,
            "message_vi": one.reason_vi,
            "message_en": one.reason_en,
            "articles": list(one.articles),
        }
        for one in refusals
    ]
    told = {"ok": False, "session": entry.order.session, "seq": entry.seq, "error": listed[0], "errors": listed}
    return Response(orjson.dumps(told)[:-1] + b"," + line[1:], _REFUSED, media_type=_JSON)


def wrong(problems: Sequence[Problem], status: int) -> Response:
    """A request that is no order, with everything that is wrong with it; nothing was written."""
    listed = [problem_json(one) for one in problems]
    return Response(orjson.dumps({"ok": False, "error": listed[0], "errors": listed}), status, media_type=_JSON)


def not_written(vi: str, en: str) -> Response:
    """Nothing is durable, or nobody can tell: the same key tells."""
    problem = Problem(
        code=Code.INVALID_INPUT,
        path=None,
        message_vi=f"{vi} Hãy gửi lại với cùng Idempotency-Key.",
        message_en=f"{en} Send it again with the same Idempotency-Key.",
    )
    answer = wrong([problem], 503)
    answer.headers.update(_AGAIN)
    return answer
