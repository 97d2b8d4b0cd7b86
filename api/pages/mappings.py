"""``/import/mappings``: the officer's own reading of column headers and local mineral names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from starlette.responses import Response

from api.imports.aliases import (
    product_aliases,
    remove_header,
    remove_mineral,
    set_header,
    set_mineral,
)
from api.imports.fields import FIELDS, IGNORE
from api.imports.remap import remap_minerals
from api.pages.guard import same_site
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.store.models import HeaderAlias, Licence, MineralAlias
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
_OPEN: Final = ""
"""The choice that switches a reading off."""
_LONGEST: Final = 200
_MOST_OPEN_NAMES: Final = 100


@router.get("/import/mappings")
def mappings(request: Request) -> Response:
    """Both lists, what is still open, and the product's own readings."""
    return _page(request, None)


@router.post("/import/mappings")
async def change(request: Request) -> Response:
    """Set or take away one reading; stored licences follow a mineral's."""
    same_site(request)
    form = await posted(request, 10)
    if form is None:
        return await run_in_threadpool(_page, request, UNREAD, 400)
    answers = {name: value.strip()[:_LONGEST] for name, value in form.items()}
    try:
        await run_in_threadpool(_change, request, answers)
    except ValueError as error:
        return await run_in_threadpool(_page, request, Text(str(error), str(error)), 422)
    return secured(RedirectResponse("/import/mappings", 303))


def _change(request: Request, answers: dict[str, str]) -> None:
    name, chosen = answers.get("name", ""), answers.get("chosen", _OPEN) or None
    with request.app.state.store.write(lock="register_import") as session:
        match answers.get("do"):
            case "set_header":
                set_header(session, name, chosen)
            case "remove_header":
                remove_header(session, name)
            case "set_mineral":
                set_mineral(session, name, chosen, where=answers.get("where", ""))
                remap_minerals(session, now=datetime.now(UTC))
            case "remove_mineral":
                remove_mineral(session, name, where=answers.get("where", ""))
                remap_minerals(session, now=datetime.now(UTC))
            case _:
                raise ValueError("Không rõ thao tác. / Unknown action.")


def _page(request: Request, problem: Text | None, status: int = 200) -> Response:
    t = speech_of(request)
    with request.app.state.store.session() as session:
        headers = session.exec(select(HeaderAlias).order_by(col(HeaderAlias.header_key))).all()
        minerals = session.exec(
            select(MineralAlias).order_by(col(MineralAlias.name_key), col(MineralAlias.where_key))
        ).all()
        unmapped = _unmapped(session)
    return page(
        request,
        "mappings.html",
        status,
        headers=headers,
        minerals=minerals,
        unmapped=unmapped,
        fields=_fields(t),
        codes=[(code, t.text(mineral.name)) for code, mineral in law_book().minerals.items()],
        product=product_aliases(),
        problem=problem,
    )


def _fields(t: Speech) -> list[tuple[str, str]]:
    found = [(name, t(field.label_vi, field.label_en)) for name, field in FIELDS.items()]
    return [*found, (IGNORE, t("Bỏ qua cột này", "Leave this column out"))]


def _unmapped(session: Session) -> list[tuple[Any, int]]:
    """Local mineral names without a code, the most frequent first."""
    name, count = col(Licence.mineral_local), func.count()
    chosen = (
        select_columns(name, count)
        .where(col(Licence.mineral_code).is_(None), name.is_not(None))
        .group_by(name)
        .order_by(count.desc(), name)
        .limit(_MOST_OPEN_NAMES)
    )
    return [(row[0], row[1]) for row in session.connection().execute(chosen)]
