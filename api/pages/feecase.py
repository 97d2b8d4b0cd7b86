"""One request of the fee form: the answers, the form they make, and the result when it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.contract import compute
from api.pages.downloads import result_json, result_xlsx
from api.pages.explanation import explanation
from api.pages.form import Case, case_of, changed
from api.pages.formview import FormView, errors_of, form_view
from api.pages.posted import asked
from api.pages.rendering import secured
from api.pages.speech import speech_of

Json = dict[str, Any]
COMPUTE: Final = "compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePage:
    """What a page with the fee form prints; ``x`` is the printed explanation, ``None`` where nothing was computed."""

    form: FormView
    x: Json | None
    query: str
    failed: bool


def fee_page(request: Request, prefilled: Mapping[str, str], identifier: str) -> FeePage:
    """The form as answered (prefilled on the first visit), and the result where the answers were sent to be computed."""
    t = speech_of(request)
    given = asked(request)
    action = given.pop("do", "")
    if not action:
        return FeePage(form=form_view(prefilled, t, {}), x=None, query="", failed=False)
    if action != COMPUTE:
        return FeePage(form=form_view(changed(given, action), t, {}), x=None, query="", failed=False)
    case, result = _computed(given, identifier)
    if case.unread or not result["ok"]:
        errors, general = errors_of(case, result, given, t)
        return FeePage(form=form_view(given, t, errors, general), x=None, query="", failed=True)
    filled = {name: value for name, value in given.items() if value.strip()}
    return FeePage(
        form=form_view(given, t, {}), x=explanation(result, t), query=urlencode({**filled, "do": COMPUTE}), failed=False
    )


def fee_json(request: Request, identifier: str, name: str) -> Response:
    """The contract's result as a file; the contract's error with status 422 where there is none."""
    case, result = _computed(asked(request), identifier)
    if case.unread and result["ok"]:
        return _back(request)
    return result_json(result, f"{name}.json")


def fee_xlsx(request: Request, identifier: str, name: str) -> Response:
    """The result as a workbook; back to the form, which says what is wrong, where there is none."""
    case, result = _computed(asked(request), identifier)
    if case.unread or not result["ok"]:
        return _back(request)
    return result_xlsx(request, result, f"{name}.xlsx")


def _computed(given: Mapping[str, str], identifier: str) -> tuple[Case, Json]:
    case = case_of(given, identifier)
    return case, compute(case.document)


def _back(request: Request) -> Response:
    answers = {**asked(request), "do": COMPUTE}
    return secured(RedirectResponse(f"{request.url.path.rpartition('/')[0]}?{urlencode(answers)}", 303))
