"""``/calculator/{kind}``: any sum of the contract without a login. The answers stand in the address; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.kinds import KINDS
from api.pages.casedocument import Answered, answered, answers_of, problems_of
from api.pages.caseform import Field, Part, Rows, case_form, changed, fields_of, lists_of
from api.pages.downloads import result_json, result_xlsx
from api.pages.explanation import explanation
from api.pages.inputs import kind_words
from api.pages.posted import asked
from api.pages.rendering import page, secured
from api.pages.speech import speech_of

router = APIRouter()
Json = dict[str, Any]
COMPUTE: Final = "compute"
_FEES: Final = ("licence_right_fee", "licence_right_fee_2019")
"""The kinds with a form of their own at ``/calculator``, which picks the decree by the day."""
_EXAMPLE: Final = "example"


def other_sums() -> list[tuple[str, Any]]:
    """Address and words of each calculator but the fee's own."""
    return [(f"/calculator/{kind}", kind_words(kind)) for kind in KINDS if kind not in _FEES]


@router.get("/calculator/{kind}")
def calculator(request: Request, kind: str) -> Response:
    """The form of a kind, and the result of its answers."""
    if kind in _FEES:
        return secured(RedirectResponse("/calculator", 303))
    _known(kind)
    t, given = speech_of(request), asked(request)
    action = given.pop("do", "")
    if action == _EXAMPLE:
        given = answers_of(EXAMPLES[kind])
    elif action and action != COMPUTE:
        given = changed(kind, given, action)
    form = case_form(kind, given)
    errors: dict[str, str] = {}
    general: tuple[str, ...] = ()
    x, query = None, ""
    if action in (COMPUTE, _EXAMPLE):
        case = answered(form, kind)
        result = compute(case.document)
        errors, general = problems_of(form, case, result, t)
        if not errors and not general:
            x = explanation(result, t)
            query = urlencode({**{name: value for name, value in given.items() if value.strip()}, "do": COMPUTE})
    return page(
        request,
        "case_calculator.html",
        422 if errors or general else 200,
        kind=kind,
        words=kind_words(kind),
        form=form,
        counts={one.name + ".n": len(one.rows) for one in lists_of(form)},
        errors=errors,
        wrong=[one for one in fields_of(form) if one.name in errors],
        general=general,
        x=x,
        query=query,
        path=f"/calculator/{kind}",
        kinds=other_sums(),
        is_field=lambda part: isinstance(part, Field),
        is_rows=lambda part: isinstance(part, Rows),
        split=lambda several: split_parts(several, errors),
    )


@router.get("/calculator/{kind}/result.json")
def as_json(request: Request, kind: str) -> Response:
    """The contract's result as a file; the contract's error with status 422 where there is none."""
    case, result = _computed(request, kind)
    if case.unread and result["ok"]:
        return _back(request, kind)
    return result_json(result, f"{kind}.json")


@router.get("/calculator/{kind}/result.xlsx")
def as_workbook(request: Request, kind: str) -> Response:
    """The result as a workbook; back to the form, which says what is wrong, where there is none."""
    case, result = _computed(request, kind)
    if case.unread or not result["ok"]:
        return _back(request, kind)
    return result_xlsx(request, result, f"{kind}.xlsx")


def _computed(request: Request, kind: str) -> tuple[Answered, Json]:
    _known(kind)
    case = answered(case_form(kind, asked(request)), kind)
    return case, compute(case.document)


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise HTTPException(404)


def _back(request: Request, kind: str) -> Response:
    return secured(RedirectResponse(f"/calculator/{kind}?{urlencode({**asked(request), 'do': COMPUTE})}", 303))


def split_parts(several: Sequence[Part], errors: Mapping[str, str]) -> tuple[list[Part], list[Part]]:
    """The parts shown at once, and those that wait folded."""
    usual = [part for part in several if _is_usual(part, errors)]
    return usual, [part for part in several if part not in usual]


def _is_usual(part: Part, errors: Mapping[str, str]) -> bool:
    """Whether a part is shown at once: needed, usual, answered or wrong."""
    if part.required or (part.words is not None and part.words.usual):
        return True
    return any(one.value.strip() or one.name in errors for one in fields_of(part))
