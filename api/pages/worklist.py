"""``/settlement``: the province's first settlement: which licence is how far, what it lacks, who works on it."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.pages.guard import same_site
from api.pages.licences import find_licence
from api.pages.posted import UNREAD, posted
from api.pages.rendering import attachment, is_partial, page, secured
from api.pages.speech import speech_of
from api.pages.workbook import XLSX
from api.pages.worklistview import AUTHORITIES, NOBODY, choices, row_view, totals_view
from api.province.edits import set_item
from api.province.lacks import LackCode
from api.province.run import settle_province
from api.province.scope import Scope
from api.province.workbook import province_workbook
from api.province.worklist import Status, worklist
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
SIZE: Final = 50
_LONGEST: Final = 200
_LONGEST_NOTE: Final = 500
_FILTERS: Final = ("q", "scope", "status", "task", "lack", "owner", "mineral", "authority")
K = TypeVar("K", bound=StrEnum)


@router.get("/settlement")
def settlement(request: Request) -> Response:
    """The worklist, filtered; the list alone when htmx asks for it."""
    return _page(request, {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in _FILTERS}, None)


@router.get("/settlement/so-quyet-toan.xlsx")
def workbook(request: Request) -> Response:
    """The workbook of the province: a sheet per state, every line, what is missing to be filled in."""
    with TemporaryDirectory() as folder, request.app.state.store.session() as session:
        path = Path(folder) / "so-quyet-toan.xlsx"
        province_workbook(session, path, request.app.state.today())
        return attachment(path.read_bytes(), path.name, XLSX)


@router.post("/settlement/run")
def run(request: Request) -> Response:
    """Settle and re-approve all that can be, as of today; what is unchanged is not computed again."""
    same_site(request)
    state = request.app.state
    settle_province(state.store, on=state.today(), clock=lambda: datetime.now(UTC), resume=True)
    return secured(RedirectResponse("/settlement", 303))


@router.post("/settlement/{licence_id}")
async def change(request: Request, licence_id: str) -> Response:
    """Say who works on a licence and whether it is blocked, then show the same list again."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    form = await posted(request, 20)
    if form is None:
        return await run_in_threadpool(_page, request, {}, UNREAD, 400)
    given = {name: value.strip() for name, value in form.items()}
    asked = {name: given.get(f"f_{name}", "")[:_LONGEST] for name in _FILTERS}

    def write() -> tuple[Text, ...]:
        with request.app.state.store.write() as session:
            return set_item(
                session,
                licence.id or 0,
                now=datetime.now(UTC),
                owner=given.get("owner", "")[:_LONGEST],
                note=given.get("note", "")[:_LONGEST_NOTE],
                blocked=given.get("blocked") == "yes",
            )

    problems = await run_in_threadpool(write)
    if problems:
        return await run_in_threadpool(_page, request, asked, problems[0], 422)
    kept = {name: value for name, value in asked.items() if value}
    number = given.get("page", "")
    if number.isascii() and number.isdigit() and len(number) < 9:
        kept["page"] = number
    return secured(RedirectResponse(f"/settlement?{urlencode(kept)}#licence-{licence.id}", 303))


def _page(request: Request, asked: dict[str, str], problem: Text | None, status: int = 200) -> Response:
    t, today = speech_of(request), request.app.state.today()
    query = {name: asked.get(name, "") for name in _FILTERS}
    with request.app.state.store.session() as session:
        found = worklist(
            session,
            today,
            search=query["q"],
            scope=_one(Scope, query["scope"]),
            status=_one(Status, query["status"]),
            exchange=True if query["task"] == "exchange" else None,
            reapproval=True if query["task"] == "reapproval" else None,
            lack=_one(LackCode, query["lack"]),
            owner="" if query["owner"] == NOBODY else query["owner"] or None,
            mineral=query["mineral"] if query["mineral"] in law_book().minerals else None,
            authority=query["authority"] if query["authority"] in AUTHORITIES else None,
        )
    last = max(-(-len(found.rows) // SIZE), 1)
    text = request.query_params.get("page", "")
    number = min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    kept = {name: value for name, value in query.items() if value}
    rows = found.rows[(number - 1) * SIZE : number * SIZE]
    context: dict[str, Any] = {
        "rows": [row_view(one, t) for one in rows],
        "total": len(found.rows),
        "first": (number - 1) * SIZE + 1,
        "page_number": number,
        "last_page": last,
        "before": _address(kept, number - 1) if number > 1 else None,
        "after": _address(kept, number + 1) if number < last else None,
        "query": query,
        "filtered": bool(kept),
        "totals": totals_view(found.totals, t),
        "problem": problem,
    }
    if is_partial(request) and request.method == "GET":
        return page(request, "_worklist_rows.html", **context)
    return page(
        request,
        "worklist.html",
        status,
        **context,
        filters=choices(found, t),
        deadline=t.day(found.days.deadline),
        days_left=(found.days.deadline - today).days,
        all=totals_view(found.all_totals, t),
        owners=sorted(name for name in found.all_totals.owners if name),
    )


def _one(names: type[K], value: str) -> K | None:
    return names(value) if value in tuple(names) else None


def _address(kept: dict[str, str], number: int) -> str:
    return "/settlement?" + urlencode({**kept, "page": number})
