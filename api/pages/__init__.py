"""The pages for people: server-rendered, Vietnamese first; htmx makes them quicker, nothing depends on it."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api.pages import (
    calculator,
    collection,
    errors,
    imports,
    law,
    ledger,
    licences,
    mappings,
    office,
    settlement,
    worklist,
)
from api.pages.recent import RecentReports
from api.pages.rendering import StaticPages
from api.pages.waiting import WaitingFiles

__all__ = ["mount_static", "router"]

router = APIRouter(include_in_schema=False, default_response_class=errors.HTMLResponse)
for _part in (licences, settlement, ledger, worklist, collection, calculator, office, imports, mappings, law):
    router.include_router(_part.router)


def mount_static(app: FastAPI) -> None:
    """Give an application what the pages need beside their routes: style sheet, error pages, recent import reports, previewed files."""
    app.mount("/static", StaticPages(), name="static")
    app.state.recent_reports = RecentReports()
    app.state.waiting_files = WaitingFiles()
    errors.install(app)
