"""``/v1/law``: what the law book says on a day, what changed between two days, and what it does not hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from api.law_view import changes, gaps, rows_on
from rules.lawbook import law_book

router = APIRouter(prefix="/v1/law", tags=["law"])


@router.get("", summary="Sổ luật / The law book")
def book() -> dict[str, Any]:
    """Digest, horizon and instruments of the book."""
    law = law_book()
    return {
        "digest": law.digest,
        "horizon": law.horizon.isoformat(),
        "title_vi": law.title.vi,
        "title_en": law.title.en,
        "instruments": [
            {
                "number": one.number,
                "title_vi": one.title.vi,
                "title_en": one.title.en,
                "in_force_from": one.period.start.isoformat(),
                "in_force_until": one.period.end.isoformat() if one.period.end else None,
            }
            for one in law.instruments
        ],
    }


@router.get("/parameters", summary="Tham số vào một ngày / Parameters on a day")
def parameters(request: Request, on: Annotated[date | None, Query()] = None) -> list[dict[str, Any]]:
    """Every row in force on a day (today where absent) with its citation and confidence."""
    return rows_on(law_book(), on or request.app.state.today())


@router.get("/parameters/{name}", summary="Một tham số / One parameter")
def parameter(name: str, request: Request, on: Annotated[date | None, Query()] = None) -> list[dict[str, Any]]:
    """The rows of one parameter in force on a day; 404 where the book holds none."""
    found = rows_on(law_book(), on or request.app.state.today(), name)
    if not found:
        raise HTTPException(404, f"Sổ luật không có {name!r} vào ngày này / the law book holds no such row on this day")
    return found


@router.get("/diff", summary="Thay đổi giữa hai ngày / Changes between two days")
def diff(from_: Annotated[date, Query(alias="from")], to: Annotated[date, Query()]) -> list[dict[str, Any]]:
    """What differs between the law of two days."""
    return changes(law_book(), from_, to)


@router.get("/gaps", summary="Khoảng trống / Gaps")
def named_gaps() -> list[dict[str, Any]]:
    """What the book does not hold, why, and what to enter instead."""
    return gaps(law_book())
