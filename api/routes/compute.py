"""``POST /v1/compute`` and ``/v1/compute/batch``: the compute contract over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.contract import compute_line
from api.contract.examples import EXAMPLES
from api.contract.kinds import KINDS
from api.contract.reading import LARGEST_CASE
from api.contract.schemas import schema_of
from api.contract.stream import compute_lines, result_line

router = APIRouter(prefix="/v1", tags=["compute"])

DESCRIPTION = """
One JSON document in, one JSON document out: every sum with its steps, articles and cautions. Money and counts are JSON
integers, quantities and rates are strings with plain decimals, dates are `2026-03-02`. Errors carry a stable code, the
field and both languages, all problems at once.

Một hồ sơ JSON vào, một kết quả JSON ra: mỗi khoản kèm từng bước tính, điều khoản và cảnh báo.
"""

_JSON_LINES = "application/x-ndjson"


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_CASES = {
    "application/json": {
        "schema": {"oneOf": [{"$ref": f"#/components/schemas/{kind.model.__name__}"} for kind in KINDS.values()]},
        "examples": {name: {"summary": name, "value": example} for name, example in EXAMPLES.items()},
    }
}


@router.post(
    "/compute",
    summary="Tính một hồ sơ / Compute one case",
    responses={
        200: {"description": "Kết quả / Result"},
        422: {
            "description": "Hồ sơ sai / Error object",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    },
    openapi_extra={"requestBody": {"required": True, "content": _CASES}},
)
async def compute_one(request: Request) -> Response:
    """One case in, its result out: 200, or 422 with the contract's error object."""
    text = await _body(request, LARGEST_CASE + 1)
    result = await run_in_threadpool(compute_line, text)
    return Response(result_line(result), 200 if result["ok"] else 422, media_type="application/json")


@router.post(
    "/compute/batch",
    summary="Tính nhiều hồ sơ (JSON Lines) / Compute many cases",
    responses={200: {"description": "Mỗi dòng một kết quả / One result a line", "content": {_JSON_LINES: {}}}},
    openapi_extra={
        "requestBody": {"required": True, "content": {_JSON_LINES: {"schema": {"type": "string"}}}},
    },
)
async def compute_batch(request: Request) -> Response:
    """JSON Lines in, JSON Lines out, in order; each line says whether it is ok. Streams both ways."""
    return _Lines(_results(request))


@router.get("/kinds", summary="Các loại hồ sơ / Kinds of cases")
def kinds() -> list[str]:
    """The kinds this engine computes."""
    return list(KINDS)


@router.get("/schema/{kind}", summary="JSON Schema của một loại hồ sơ / JSON Schema of a kind")
def schema(kind: str) -> dict[str, Any]:
    """Which fields a case of this kind has and which are required."""
    if kind not in KINDS:
        raise HTTPException(404, f"Không có loại hồ sơ {kind!r} / no such kind; see /v1/kinds")
    return schema_of(kind)


class _Lines(Response):
    """Answers while the request is still being read.

    Starlette's own streaming response waits for a disconnect on the channel that brings the rest of the request, and so may
    swallow a part of it.
    """

    media_type = _JSON_LINES

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async for line in self._lines:
                await send({"type": "http.response.body", "body": line, "more_body": True})
        except ClientDisconnect:
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _body(request: Request, most: int) -> bytes:
    """The body up to ``most`` bytes; a longer one is cut there, which makes it too long for a case."""
    parts, size = [], 0
    async for chunk in request.stream():
        parts.append(chunk[: most - size])
        size += len(parts[-1])
        if size >= most:
            break
    return b"".join(parts)


async def _results(request: Request) -> AsyncIterator[bytes]:
    first, rest = True, b""
    async for chunk in request.stream():
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LARGEST_CASE + 1:
            rest = rest[: LARGEST_CASE + 1]  # enough to be refused as too long; the rest of the line is dropped
        if lines:
            yield await run_in_threadpool(_computed, lines, first)
            first = False
    yield await run_in_threadpool(_computed, [rest], first)


def _computed(lines: list[bytes], first: bool) -> bytes:
    return b"".join(map(result_line, compute_lines(lines, first=first)))
