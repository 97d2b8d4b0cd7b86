"""``/obligations`` and ``/licences/{id}/obligations``: what is owed, since when, what comes next, why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session
from starlette.responses import Response

from api.duties.facts import LicenceDuties, Span, all_duties, licence_duties
from api.pages.answers import read_day
from api.pages.guard import same_site
from api.pages.licences import find_licence
from api.pages.obligation_summary import facts_told
from api.pages.obligationview import STATES, as_json, months, view, workbook
from api.pages.posted import posted
from api.pages.rendering import attachment, page
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.pages.workbook import XLSX
from api.store.calendar_links import link_of, new_link, revoke_link
from api.store.models import Licence
from api.store.text import fold
from fees.obligation import BY_AUTHORITY, TITLES, Duty, DutyKind, State
from fees.obligations import is_ahead, open_vnd
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
SHOWN: Final = 300
"""Most duties on the page of all licences; the workbook holds every one."""
_LONGEST: Final = 200
_LONGEST_SPAN: Final = 20 * 366
_AHEAD: Final = timedelta(days=548)
_MONTHS: Final = timedelta(days=92)
_AUTHORITIES: Final = {"ministry": Text("Bộ cấp", "Ministry"), "province": Text("Tỉnh cấp", "Province")}
_FILTERS: Final = ("q", "mineral", "authority", "duty", "state", "from", "until")
Json = dict[str, Any]


@router.get("/licences/{licence_id}/obligations")
def of_licence(request: Request, licence_id: str) -> Response:
    """The duties of one licence in one page."""
    return _licence_page(request, find_licence(request, licence_id))


@router.post("/licences/{licence_id}/obligations")
async def change_link(request: Request, licence_id: str) -> Response:
    """Make the calendar link of a licence anew, shown this once, or end it."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    form = await posted(request, 5)
    if form is None:
        return await run_in_threadpool(_licence_page, request, licence, status=400)
    return await run_in_threadpool(_change_link, request, licence, form.get("do", ""))


@router.get("/licences/{licence_id}/obligations.json")
def licence_json(request: Request, licence_id: str) -> Response:
    """The duties of one licence as JSON."""
    licence = find_licence(request, licence_id)
    span, _ = _span(request, _life(request, licence))
    content = json.dumps(as_json([_one(request, licence, span)], span, law_book().digest), ensure_ascii=False, indent=2)
    return attachment(content.encode(), f"nghia-vu-{licence.id}.json", "application/json")


@router.get("/licences/{licence_id}/obligations.xlsx")
def licence_workbook(request: Request, licence_id: str) -> Response:
    """The duties of one licence as a workbook."""
    licence = find_licence(request, licence_id)
    span, _ = _span(request, _life(request, licence))
    content = workbook([_one(request, licence, span)], span, speech_of(request))
    return attachment(content, f"nghia-vu-{licence.id}.xlsx", XLSX)


@router.get("/obligations")
def of_all(request: Request) -> Response:
    """The duties of all licences, filtered, with the sums of each month."""
    t = speech_of(request)
    span, wrong = _span(request, _quarter(request))
    asked = _asked(request)
    with request.app.state.store.session() as session:
        found = _filtered(session, asked, span)
        rows = sorted(
            ((one, duty) for one in found for duty in one.duties),
            key=lambda pair: (pair[1].rule.due_on if pair[1].rule else date.max, pair[0].licence.id or 0, pair[1].key),
        )
        shown = [view(one, duty, t, span) for one, duty in rows[:SHOWN]]
        lacking = [one for one in found if one.lacks is not None]
    every = [duty for _, duty in rows]
    kept = {name: value for name, value in asked.items() if value}
    return page(
        request,
        "obligations.html",
        422 if wrong else 200,
        rows=shown,
        total=len(rows),
        hidden=max(0, len(rows) - SHOWN),
        months=_months(found, t),
        sums=_sums(every, t),
        asked=asked | {"from": asked["from"] or date_vi(span.first), "until": asked["until"] or date_vi(span.last)},
        wrong=wrong,
        minerals=[(code, t.text(mineral.name)) for code, mineral in law_book().minerals.items()],
        authorities=[(code, t.text(name)) for code, name in _AUTHORITIES.items()],
        kinds=[(kind.value, t.text(title)) for kind, title in TITLES.items()],
        states=[(state.value, t.text(name)) for state, name in STATES.items()],
        query=urlencode(kept),
        lacking=len(lacking),
    )


@router.get("/obligations.xlsx")
def all_workbook(request: Request) -> Response:
    """What the filters leave, as a workbook."""
    span, _ = _span(request, _quarter(request))
    with request.app.state.store.session() as session:
        content = workbook(_filtered(session, _asked(request), span), span, speech_of(request))
    return attachment(content, "nghia-vu.xlsx", XLSX)


@router.get("/obligations.json")
def all_json(request: Request) -> Response:
    """What the filters leave, as JSON."""
    span, _ = _span(request, _quarter(request))
    with request.app.state.store.session() as session:
        content = as_json(_filtered(session, _asked(request), span), span, law_book().digest)
    return attachment(json.dumps(content, ensure_ascii=False).encode(), "nghia-vu.json", "application/json")


def _licence_page(request: Request, licence: Licence, *, token: str | None = None, status: int = 200) -> Response:
    t = speech_of(request)
    span, wrong = _span(request, _life(request, licence))
    found = _one(request, licence, span)
    assert licence.id is not None
    with request.app.state.store.session() as session:
        link = link_of(session, licence.id)
        facts = facts_told(session, licence.id, t)
    whole = _one(request, licence, Span(as_of=span.as_of, first=licence.issued_on or span.first, last=span.last))
    due = [one for one in whole.duties if one.kind not in BY_AUTHORITY and one.state in (State.OVERDUE, State.OWED)]
    following = next((one for one in found.duties if is_ahead(one)), None)
    rows = [view(found, one, t, span) for one in found.duties]
    past = [row for row, one in zip(rows, found.duties, strict=True) if _is_past(one, span)]
    above = {one.key for one in due}
    ahead = [
        row for row, one in zip(rows, found.duties, strict=True) if not _is_past(one, span) and one.key not in above
    ]
    return page(
        request,
        "obligations_licence.html",
        422 if wrong else status,
        licence=licence,
        row=listed(licence, t, span.as_of),
        tab="obligations",
        path=f"/licences/{licence.id}/obligations",
        lacks=found.lacks,
        facts=facts,
        faults=[t.text(one) for one in found.faults],
        year=span.as_of.year,
        due=[view(found, one, t, span) for one in due],
        following=None if following is None else view(found, following, t, span),
        sums=_sums(whole.duties, t),
        past=past,
        ahead=ahead,
        asked={"from": date_vi(span.first), "until": date_vi(span.last)},
        wrong=wrong,
        query=urlencode({name: value for name, value in request.query_params.items() if name in ("from", "until")}),
        link=None if link is None else t.day(link.created_at.date()),
        feed=None if token is None else str(request.url_for("feed", token=token)),
    )


def _is_past(duty: Duty, span: Span) -> bool:
    """Over, and nothing is known to be open: it stands in the folded list."""
    return duty.rule is not None and duty.rule.due_on < span.as_of and duty.state is not State.OVERDUE


def _change_link(request: Request, licence: Licence, do: str) -> Response:
    assert licence.id is not None
    token = None
    with request.app.state.store.write() as session:
        if do == "new":
            token = new_link(session, licence.id, now=datetime.now(UTC))
        elif do == "revoke":
            revoke_link(session, licence.id)
    return _licence_page(request, licence, token=token, status=200 if do in ("new", "revoke") else 422)


def _one(request: Request, licence: Licence, span: Span) -> LicenceDuties:
    with request.app.state.store.session() as session:
        return licence_duties(session, licence, span, law_book())


def _filtered(session: Session, asked: Json, span: Span) -> list[LicenceDuties]:
    """The licences that match, each with the duties that match."""
    found = []
    for one in all_duties(session, span, law_book(), _licences_wanted(asked)):
        kept = tuple(
            duty
            for duty in one.duties
            if (not asked["duty"] or duty.kind.value == asked["duty"])
            and (not asked["state"] or duty.state.value == asked["state"])
        )
        found.append(LicenceDuties(licence=one.licence, duties=kept, lacks=one.lacks))
    return found


def _licences_wanted(asked: Json) -> Callable[[Licence], bool]:
    words = fold(asked["q"]).split()

    def wanted(licence: Licence) -> bool:
        return (
            (not asked["mineral"] or licence.mineral_code == asked["mineral"])
            and (not asked["authority"] or licence.authority == asked["authority"])
            and all(word in licence.search_text for word in words)
        )

    return wanted


def _asked(request: Request) -> dict[str, str]:
    asked = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    known: dict[str, Any] = {
        "mineral": law_book().minerals, "authority": _AUTHORITIES, "duty": set(DutyKind), "state": set(State),
    }  # fmt: skip
    return {name: value if name not in known or value in known[name] else "" for name, value in asked.items()}


def _life(request: Request, licence: Licence) -> Span:
    """Two years back and a year and a half ahead."""
    today = request.app.state.today()
    return Span(as_of=today, first=max(licence.issued_on or today, date(today.year - 2, 1, 1)), last=today + _AHEAD)


def _quarter(request: Request) -> Span:
    """This month and the next three; what is overdue, from as long ago as a span can begin."""
    today = request.app.state.today()
    if request.query_params.get("state") == State.OVERDUE:
        return Span(as_of=today, first=today - timedelta(days=_LONGEST_SPAN) + _MONTHS, last=today + _MONTHS)
    return Span(as_of=today, first=today.replace(day=1), last=today + _MONTHS)


def _span(request: Request, usual: Span) -> tuple[Span, Text | None]:
    """The days asked for, or the usual ones and what is wrong with those asked for."""
    found = {"from": usual.first, "until": usual.last}
    for name in found:
        typed = request.query_params.get(name, "").strip()[:30]
        if not typed:
            continue
        read = read_day(typed)
        if isinstance(read, Text):
            return usual, read
        found[name] = date.fromisoformat(read)
    first, last = found["from"], found["until"]
    if not 0 <= (last - first).days <= _LONGEST_SPAN or not 1900 <= first.year <= last.year <= usual.as_of.year + 60:
        return usual, Text(
            "Khoảng ngày không hợp lệ: ngày cuối không trước ngày đầu, dài nhất 20 năm, không quá 60 năm tới.",
            "The span is not valid: the last day is not before the first, at most 20 years, at most 60 years ahead.",
        )
    return Span(as_of=usual.as_of, first=first, last=last), None


def _sums(found: Any, t: Speech) -> list[tuple[str, str, int]]:
    """Name, sum and count of each state, for the licensee's own duties."""
    sums = []
    for state, name in STATES.items():
        several = [one for one in found if one.state is state and one.kind not in BY_AUTHORITY]
        money = sum((one.amount_vnd or 0) if state is State.PAID else open_vnd(one) for one in several)
        known = any(one.amount_vnd is not None for one in several) or not several
        sums.append((t.text(name), t.money(money) if known else "–", len(several)))
    return sums


def _months(found: list[LicenceDuties], t: Speech) -> list[Json]:
    return [one | {"amount": t.number(one["amount_vnd"]), "open": t.number(one["open_vnd"])} for one in months(found)]
