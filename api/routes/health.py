"""Is the service up, and with which law?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text

from rules.lawbook import law_book

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """State of the service."""

    status: str
    law_digest: str
    database: str


@router.get("/healthz", summary="Tình trạng dịch vụ / State of the service")
def healthz(request: Request) -> Health:
    """Answers once the law book is loaded and the database can be read."""
    with request.app.state.store.session() as session:
        session.connection().execute(text("SELECT 1"))
        name = session.get_bind().dialect.name
    return Health(status="ok", law_digest=law_book().digest, database=name)
