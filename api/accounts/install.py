"""How does an application get accounts? Its gate, its routes, and how a shut door looks to people and to machines."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.accounts import login_pages, pages, rest
from api.accounts.callers import Gate
from api.accounts.passwords import nobodys_hash
from api.accounts.refusals import AccessError, RefusedError
from api.contract.problems import problem_json
from api.pages.rendering import page, secured
from api.routes.errors import is_machine, refused_request
from rules.errors import Code, Problem
from rules.trace import Text


def install(app: FastAPI) -> None:
    """Add accounts to an application whose ``state.store`` is set; routes without a dependency of the gate stay open."""
    nobodys_hash()
    app.state.gate = Gate(app.state.store)
    app.include_router(rest.router)
    app.include_router(login_pages.router)
    app.include_router(pages.router)
    app.add_exception_handler(AccessError, _shut)
    app.add_exception_handler(RefusedError, _refused)


async def _shut(request: Request, error: Exception) -> Response:
    assert isinstance(error, AccessError)
    if is_machine(request):
        vi, en = f"{error.title.vi}. {error.advice.vi}", f"{error.title.en}. {error.advice.en}"
        answer = refused_request(HTTPException(error.status, f"{vi} / {en}"))
        if error.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if error.status == 401:
        back = request.url.path if request.method in ("GET", "HEAD") else ""
        return secured(RedirectResponse(f"/login?{urlencode({'next': back})}" if back else "/login", 303))
    return page(request, "error.html", error.status, title=error.title, advice=error.advice, code=error.status)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    if not is_machine(request):
        return page(
            request,
            "error.html",
            error.status,
            title=Text("Việc này không làm được", "This cannot be done"),
            advice=error.text,
            code=error.status,
        )
    listed = [
        problem_json(
            Problem(
                code=Code.INVALID_INPUT,
                path=(one.field,) if one.field else None,
                message_vi=one.text.vi,
                message_en=one.text.en,
            )
        )
        for one in error.all
    ]
    answer = JSONResponse({"id": None, "kind": None, "ok": False, "error": listed[0], "errors": listed}, error.status)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
