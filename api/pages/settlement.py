"""``/licences/{id}/settlement``: the settlement and re-approval of one licence, as an officer works on it."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.imports.aliases import Aliases, load_aliases
from api.imports.office_fields import OUTPUT
from api.imports.reconcile import capacity_of, reconcile
from api.pages.answers import read_day
from api.pages.downloads import result_json, result_xlsx
from api.pages.form import changed
from api.pages.grid import COLUMNS, MOST_YEARS, pasted
from api.pages.guard import same_site
from api.pages.ledgerview import freed_rows
from api.pages.licences import find_licence
from api.pages.posted import asked, posted
from api.pages.rendering import page, secured
from api.pages.settlecase import cases_of
from api.pages.settlefacts import facts_typed
from api.pages.settleneeds import years
from api.pages.settleprefill import prefilled
from api.pages.settleprices import Known, cutoff, load_known, with_prices
from api.pages.settleview import COMPUTE, results_of, settle_page
from api.pages.settlewarnings import warnings_of
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.province.edits import set_facts
from api.store.ledger import read_entries
from api.store.models import Licence
from api.store.office_data import weighed_of
from fees.ledger import by_debtor
from rules.trace import Text

router = APIRouter()
_ROWS: Final = re.compile(r"(add_year|paste)_([0-9]{1,2})")
_MOST_ANSWERS: Final = 5000
_FILES: Final = ("settlement.json", "settlement.xlsx", "reapproval.json", "reapproval.xlsx")
_NAMES: Final = {"settlement": "quyet-toan", "reapproval": "phe-duyet-lai"}
_NOTHING_PASTED: Final = Text(
    "Không thấy dòng nào trong phần dán: chép từ Excel các cột năm, sản lượng, đơn vị, giá.",
    "Nothing was found in what was pasted: copy the columns year, output, unit, price from the spreadsheet.",
)


@router.get("/licences/{licence_id}/settlement")
def settlement(request: Request, licence_id: str) -> Response:
    """The form (prefilled on the first visit), the computation beside it, and the result when it was asked for."""
    t, today = speech_of(request), request.app.state.today()
    licence = find_licence(request, licence_id)
    given = asked(request)
    action, kept = given.pop("do", ""), given.pop("kept", "")
    with request.app.state.store.session() as session:
        known = load_known(session, licence, given)
        aliases = load_aliases(session, OUTPUT)
        weighed = weighed_of(session, licence.id or 0)
        entries = read_entries(session, licence=licence.id or 0)
    notes: list[Text] = []
    if not action:
        given, notes = prefilled(known, today)
    elif action == "prices":
        given, notes = with_prices(known, given)
    else:
        given, notes = _acted(given, action, aliases)
    until = read_day(given.get("cutoff_on", "").strip())
    last = cutoff() if isinstance(until, Text) else type(today).fromisoformat(until)
    declared = {f"{one.output:f}" for one in known.outputs if one.output is not None}
    differ = [
        t(one.message_vi, one.message_en)
        for one in reconcile(known.outputs, weighed, capacity_of(licence))
        # declared output is held against the capacity as typed, year by year
        if not (one.code == "above_capacity" and one.value in declared)
    ]
    shown = settle_page(
        known,
        given,
        identifier(licence),
        t,
        asked=action == COMPUTE,
        notes=[t.text(one) for one in notes],
        warnings=list(dict.fromkeys([*warnings_of(known, given, t, last), *differ])),
    )
    return page(
        request,
        "settlement_licence.html",
        422 if shown.failed else 200,
        licence=licence,
        row=listed(licence, t, today),
        s=shown,
        path=f"/licences/{licence.id}/settlement",
        outputs=_declared(known, t),
        freed=freed_rows(entries, today, t),
        several=len(by_debtor(entries)) > 1,
        tab="settlement",
        kept=kept,
    )


@router.post("/licences/{licence_id}/settlement")
async def keep(request: Request, licence_id: str) -> Response:
    """Keep what was entered about the licence, for the settlement of the whole province; then show the result again."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    form = await posted(request, 5)
    if form is None:
        raise HTTPException(400)
    given = dict(parse_qsl(form.get("query", ""), max_num_fields=_MOST_ANSWERS))

    def write() -> dict[str, Text]:
        with request.app.state.store.write() as session:
            problems: dict[str, Text] = {}
            for mineral, told in facts_typed(given, licence.mineral_code).items():
                problems |= set_facts(session, licence.id or 0, told, mineral)
            if problems:
                session.rollback()
            return problems

    problems = await run_in_threadpool(write) if given else {}
    kept = "no" if problems or not given else "yes"
    again = urlencode({**given, "do": COMPUTE, "kept": kept})
    return secured(RedirectResponse(f"/licences/{licence.id}/settlement?{again}", 303))


@router.get("/licences/{licence_id}/settlement/{file}")
def download(request: Request, licence_id: str, file: str) -> Response:
    """The result of the contract as JSON or workbook; back to the form where there is none."""
    licence = find_licence(request, licence_id)
    if file not in _FILES:
        raise HTTPException(404)
    which, _, form = file.partition(".")
    given = asked(request)
    cases = cases_of({name: value for name, value in given.items() if name != "do"}, identifier(licence))
    case = getattr(cases, which)
    result = results_of(cases)[which == "reapproval"]
    name = f"{_NAMES[which]}-{licence.id}.{form}"
    if case is None or result is None or (case.unread and result["ok"]) or (form == "xlsx" and not result["ok"]):
        again = urlencode({**given, "do": COMPUTE})
        return secured(RedirectResponse(f"/licences/{licence.id}/settlement?{again}", 303))
    if form == "xlsx":
        return result_xlsx(request, result, name)
    return result_json(result, name)


def identifier(licence: Licence) -> str:
    """What the case of a licence is called."""
    return licence.number or f"licence {licence.id}"


def _acted(given: dict[str, str], action: str, aliases: Aliases) -> tuple[dict[str, str], list[Text]]:
    """The answers after a button."""
    match = _ROWS.fullmatch(action)
    if match is None:
        return changed(given, action), []
    index = int(match[2])
    prefix = f"m{index}_"
    if match[1] == "add_year":
        return {**given, f"{prefix}years": str(min(years(given, index) + 1, MOST_YEARS))}, []
    rows = pasted(given.pop(f"{prefix}paste", ""), aliases.unit)
    if not rows:
        return given, [_NOTHING_PASTED]
    kept = {name: value for name, value in given.items() if not re.match(rf"{prefix}y\d+_", name)}
    for number, row in enumerate(rows):
        kept |= {f"{prefix}y{number}_{name}": row[name] for name in COLUMNS if name in row}
    kept[f"{prefix}years"] = str(len(rows))
    return kept, [Text(f"Đã đưa {len(rows)} dòng vào bảng.", f"{len(rows)} rows were put into the grid.")]


def _declared(known: Known, t: Speech) -> list[dict[str, Any]]:
    return [
        {
            "year": one.year,
            "span": f"{t.day(one.starts_on)} – {t.day(one.ends_on)}",
            "output": "" if one.output is None else t.number(f"{one.output:f}"),
            "unit": t.unit(one.unit.value),
            "tax": "" if one.tax_output is None else t.number(f"{one.tax_output:f}"),
        }
        for one in known.outputs
    ]
