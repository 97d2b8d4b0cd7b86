"""The pages for people: server-rendered, Vietnamese first; htmx makes them quicker, nothing depends on it."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api.pages import (
    calculator,
    calculators,
    collection,
    errors,
    imports,
    law,
    ledger,
    licences,
    mappings,
    obligation_entry,
    obligation_facts,
    obligation_feed,
    obligations,
    office,
    rates,
    reconciliation,
    session_board,
    settlement,
    worklist,
)
from api.pages.rendering import StaticPages

__all__ = ["mount_static", "router"]

router = APIRouter(include_in_schema=False, default_response_class=errors.HTMLResponse)
for _part in (
    licences,
    settlement,
    ledger,
    rates,
    worklist,
    collection,
    obligations,
    obligation_feed,
    obligation_facts,
    obligation_entry,
    calculator,
    calculators,
    office,
    reconciliation,
    imports,
    mappings,
    session_board,
    law,
):
    router.include_router(_part.router)


def mount_static(app: FastAPI) -> None:
    """Give an application what the pages need beside their routes: style sheet and error pages."""
    app.mount("/static", StaticPages(), name="static")
    errors.install(app)
