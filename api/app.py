"""The web application: what hangs on which door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone

from fastapi import FastAPI

from api.accounts.install import install
from api.pages import mount_static, router
from api.routes import compute, health, law, ledger, session_proposals, sessions
from api.routes.openapi import with_contract
from api.sessions.service import Sessions
from api.settings import Settings
from api.store.engine import Store
from rules.lawbook import law_book

VIET_NAM = timezone(timedelta(hours=7))


def today() -> date:
    """Today in Viet Nam: the one clock of the pages."""
    return datetime.now(UTC).astimezone(VIET_NAM).date()


def create_app(store: Store, settings: Settings | None = None, clock: Callable[[], date] = today) -> FastAPI:
    """The application over an opened, migrated store."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await app.state.sessions.start()
        yield
        await app.state.sessions.stop()
        store.close()

    app = FastAPI(
        title="khoangsan",
        summary="Tính và giải thích mọi khoản của quyền khai thác khoáng sản / Every sum a mineral right owes, explained",
        description=compute.DESCRIPTION,
        version="1",
        docs_url=None,  # their assets would come from elsewhere; the document itself is at /openapi.json
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.store = store
    app.state.settings = settings or Settings()
    app.state.today = clock
    app.state.sessions = Sessions(store, law_book(), app.state.settings.signing_key_file)
    app.include_router(sessions.router)  # first: routes are tried in turn, and bids are in a hurry
    app.include_router(session_proposals.router)
    app.include_router(compute.router)
    app.include_router(law.router)
    app.include_router(ledger.router)
    app.include_router(health.router)
    app.include_router(router)
    mount_static(app)
    install(app)
    app.openapi = with_contract(app)  # type: ignore[method-assign]
    return app
