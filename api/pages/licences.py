"""``/licences``: the register (search, filters, pages) and each licence with its fee."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.pages.feecase import fee_json, fee_page, fee_xlsx
from api.pages.rendering import is_partial, page, secured
from api.pages.speech import Speech, speech_of
from api.pages.summary import facts, listed, prefill
from api.store.licences import UNKNOWN, Expiry, FilterCounts, count_filters, get_licence, list_licences
from api.store.models import Licence
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
SIZE: Final = 50
_LONGEST_SEARCH: Final = 200
_AUTHORITIES: Final = {
    "ministry": Text("Bộ cấp", "Ministry"),
    "province": Text("Tỉnh cấp", "Province"),
    UNKNOWN: Text("Chưa rõ", "Not known"),
}
_EXPIRIES: Final = {
    "active": Text("Còn hiệu lực", "In force"),
    "within_year": Text("Hết hạn trong một năm", "Ends within a year"),
    "expired": Text("Đã hết hạn", "Expired"),
}


@router.get("/")
def home() -> Response:
    """The register is the first page."""
    return secured(RedirectResponse("/licences", 302))


@router.get("/licences")
def licences(request: Request) -> Response:
    """The licences that match; the list alone when htmx asks for it."""
    t, today = speech_of(request), request.app.state.today()
    asked = request.query_params
    search = asked.get("q", "").strip()[:_LONGEST_SEARCH]
    mineral = _known(asked.get("mineral"), (*law_book().minerals, UNKNOWN))
    authority = _known(asked.get("authority"), tuple(_AUTHORITIES))
    expiry = cast("Expiry | None", _known(asked.get("expiry"), tuple(_EXPIRIES)))
    wanted = _page_number(asked.get("page", ""))
    with request.app.state.store.session() as session:
        filters: dict[str, Any] = {"search": search, "mineral": mineral, "authority": authority, "expiry": expiry}
        found = list_licences(session, today=today, page=wanted, size=SIZE, **filters)
        last = max(-(-found.total // SIZE), 1)
        if wanted > last:
            wanted = last
            found = list_licences(session, today=today, page=wanted, size=SIZE, **filters)
        partial = is_partial(request)
        counts = None if partial else count_filters(session, today=today)
    query = {"q": search, "mineral": mineral, "authority": authority, "expiry": expiry}
    kept = {name: value for name, value in query.items() if value}
    context: dict[str, Any] = {
        "rows": [listed(licence, t, today) for licence in found.rows],
        "total": found.total,
        "first": (wanted - 1) * SIZE + 1,
        "page_number": wanted,
        "last_page": last,
        "before": _address(kept, wanted - 1) if wanted > 1 else None,
        "after": _address(kept, wanted + 1) if wanted < last else None,
        "filtered": bool(kept),
        "query": query,
    }
    if counts is None:
        return page(request, "_licence_results.html", **context)
    return page(request, "licences.html", **context, filters=_filters(counts, t), all=sum(counts.authority.values()))


@router.get("/licences/{licence_id}")
def licence(request: Request, licence_id: str) -> Response:
    """A licence as registered, what is missing in it, the fee form, and the fee."""
    t, today = speech_of(request), request.app.state.today()
    found = find_licence(request, licence_id)
    fee = fee_page(request, prefill(found, today), _identifier(found))
    return page(
        request,
        "licence.html",
        422 if fee.failed else 200,
        licence=found,
        row=listed(found, t, today),
        facts=facts(found, t),
        fee=fee,
        path=f"/licences/{found.id}",
        tab="licence",
    )


@router.get("/licences/{licence_id}/fee.json")
def as_json(request: Request, licence_id: str) -> Response:
    """The result of the contract."""
    found = find_licence(request, licence_id)
    return fee_json(request, _identifier(found), f"tien-cap-quyen-{found.id}")


@router.get("/licences/{licence_id}/fee.xlsx")
def as_workbook(request: Request, licence_id: str) -> Response:
    """The result as a workbook."""
    found = find_licence(request, licence_id)
    return fee_xlsx(request, _identifier(found), f"tien-cap-quyen-{found.id}")


def find_licence(request: Request, licence_id: str) -> Licence:
    """The licence of an address; 404 where there is none."""
    if not (licence_id.isascii() and licence_id.isdigit() and len(licence_id) < 19):
        raise HTTPException(404)
    with request.app.state.store.session() as session:
        found: Licence | None = get_licence(session, int(licence_id))
    if found is None:
        raise HTTPException(404)
    return found


def _identifier(licence: Licence) -> str:
    return licence.number or f"licence {licence.id}"


def _known(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def _page_number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _address(kept: dict[str, str], number: int) -> str:
    return "/licences?" + urlencode({**kept, "page": number})


def _filters(counts: FilterCounts, t: Speech) -> dict[str, list[tuple[str, str, int]]]:
    """The choices of each filter: value, name, how many licences."""
    names = {code: t.text(mineral.name) for code, mineral in law_book().minerals.items()}
    minerals = [(code, names[code], counts.mineral[code]) for code in names if code in counts.mineral]
    if UNKNOWN in counts.mineral:
        minerals.append((UNKNOWN, t("Chưa có mã khoáng sản", "Mineral not mapped"), counts.mineral[UNKNOWN]))
    return {
        "mineral": minerals,
        "authority": [
            (v, t.text(name), counts.authority.get(v, 0)) for v, name in _AUTHORITIES.items() if v in counts.authority
        ],
        "expiry": [(v, t.text(name), counts.expiry.get(v, 0)) for v, name in _EXPIRIES.items()],
    }
