"""``/calculator``: the fee of a licence that is not in the register."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.calculators import other_sums
from api.pages.feecase import fee_json, fee_page, fee_xlsx
from api.pages.form import present_law_from
from api.pages.rendering import page
from rules.formats import date_vi

router = APIRouter()
_NAME: Final = "tien-cap-quyen"


@router.get("/calculator")
def calculator(request: Request) -> Response:
    """The form, and the result of its answers."""
    prefilled = {"approved_on": date_vi(request.app.state.today()), "m0_price_kind": "raw"}
    fee = fee_page(request, prefilled, "calculator")
    return page(
        request,
        "calculator.html",
        422 if fee.failed else 200,
        fee=fee,
        x=fee.x,
        path="/calculator",
        start=present_law_from(),
        kinds=other_sums(),
    )


@router.get("/calculator/fee.json")
def as_json(request: Request) -> Response:
    """The result of the contract."""
    return fee_json(request, "calculator", _NAME)


@router.get("/calculator/fee.xlsx")
def as_workbook(request: Request) -> Response:
    """The result as a workbook."""
    return fee_xlsx(request, "calculator", _NAME)
