"""``/import/reconcile``: declared output against weighbridge, resource tax, sales and capacity, with figures and articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.imports.cells import plain
from api.imports.reconcile import Mismatch, Reconciled, reconcile_province
from api.imports.reconcile_workbook import GROUP_OF, GROUPS, counted, reconcile_workbook
from api.pages.rendering import CONFIDENCE, attachment, page
from api.pages.speech import Speech, speech_of
from api.pages.workbook import XLSX
from api.store.text import fold
from rules.lawbook import law_book

router = APIRouter()
_SHOWN: Final = 300
_LONGEST: Final = 200


@router.get("/import/reconcile")
def reconciliation(request: Request) -> Response:
    """What does not agree, filtered by group, year, licence, holder or mine."""
    t, asked = speech_of(request), request.query_params
    group = asked.get("group", "") if asked.get("group", "") in GROUPS else ""
    search, year = (asked.get(name, "").replace("\0", " ").strip()[:_LONGEST] for name in ("q", "year"))
    with request.app.state.store.session() as session:
        found = reconcile_province(session)
    years = sorted({told.year for one in found for told in one.findings}, reverse=True)
    shown = [
        (one, told)
        for one in found
        if all(word in fold(f"{one.number} {one.holder} {one.mine}") for word in fold(search).split())
        for told in one.findings
        if group in ("", GROUP_OF[told.code]) and year in ("", str(told.year))
    ]
    numbers = counted(found)
    return page(
        request,
        "import_reconcile.html",
        rows=[_row(one, told, t) for one, told in shown[:_SHOWN]],
        total=len(shown),
        hidden=max(len(shown) - _SHOWN, 0),
        licences=len(found),
        groups=[(name, t.text(text), numbers[name]) for name, text in GROUPS.items()],
        years=[str(one) for one in years],
        query={"group": group, "year": year if year in {str(one) for one in years} else "", "q": search},
    )


@router.get("/import/reconcile/doi-chieu-san-luong.xlsx")
def workbook(request: Request) -> Response:
    """Everything that does not agree as a workbook."""
    found: Sequence[Reconciled]
    with request.app.state.store.session() as session:
        found = reconcile_province(session)
    return attachment(reconcile_workbook(found, request.app.state.today()), "doi-chieu-san-luong.xlsx", XLSX)


def _row(one: Reconciled, told: Mismatch, t: Speech) -> dict[str, Any]:
    def figure(value: Any) -> str:
        return "" if value is None else t.number(plain(value))

    rule = told.rule
    return {
        "id": one.licence_id,
        "number": one.number or str(one.licence_id),
        "holder": one.holder or "",
        "mine": one.mine or "",
        "mineral": t.text(law_book().minerals[told.mineral_code].name),
        "year": told.year,
        "base_name": t.text(told.base_name),
        "base": figure(told.base),
        "amount_name": t.text(told.amount_name),
        "amount": figure(told.amount),
        "unit": t.unit(told.unit.value),
        "percent": f"{figure(told.percent)}\u00a0%" if told.percent is not None else "",
        "limit": "" if told.limit is None else f"{figure(told.limit)}\u00a0%",
        "severity": told.severity.value,
        "message": t(told.message_vi, told.message_en),
        "action": t(told.action_vi, told.action_en),
        "sure": None if rule is None else t.text(CONFIDENCE[rule.cite.confidence][0]),
        "confidence": "" if rule is None else rule.cite.confidence.value.lower(),
    }
