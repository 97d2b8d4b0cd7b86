"""``/settlement/rates``: the province's own cited, dated rates R of the years that the law book does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.responses import Response

from api.pages.answers import read_day
from api.pages.guard import same_site
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.province.edits import LONGEST_CITATION, add_rate, list_rates, rate_lines, remove_rate
from api.province.lacks import LackCode
from api.province.worklist import worklist
from api.store.province import ProvinceRate
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
PLACE: Final = "/settlement/rates"
_LABELS: Final = {
    "key": Text("Khoáng sản, hoặc cả dòng của bảng", "Mineral, or a whole line of the table"),
    "rate_percent": Text("Tỷ lệ thu R (%)", "Rate R (%)"),
    "valid_from": Text("Áp dụng từ ngày", "Valid from"),
    "valid_until": Text("Đến hết ngày", "Until, inclusive"),
    "instrument": Text("Văn bản", "Instrument"),
    "article": Text("Điều khoản, phụ lục", "Article, annex"),
    "entered_by": Text("Người nhập", "Entered by"),
}
_DAYS: Final = ("valid_from", "valid_until")
_SHOWN: Final = 100
Errors = dict[str, Text]


@router.get(PLACE)
def rates(request: Request) -> Response:
    """The rates, what still waits for one, the form; answers in the address fill the form in."""
    asked = {name: request.query_params.get(name, "")[:LONGEST_CITATION] for name in _LABELS}
    return _page(request, asked, {})


@router.post(PLACE)
async def add(request: Request) -> Response:
    """Keep a rate; what is wrong stands beside its field and nothing is kept."""
    same_site(request)
    form = await posted(request, 20)
    if form is None:
        return await run_in_threadpool(_page, request, {}, {"": UNREAD}, 400)
    given = {name: value.strip() for name, value in form.items()}
    errors = await run_in_threadpool(_added, request, given)
    if errors:
        return await run_in_threadpool(_page, request, given, errors, 422)
    return secured(RedirectResponse(f"{PLACE}#rates", 303))


@router.get(PLACE + "/{rate_id}/remove")
def ask(request: Request, rate_id: str) -> Response:
    """Ask before a rate is taken away."""
    t = speech_of(request)
    with request.app.state.store.session() as session:
        found = session.get(ProvinceRate, _number(rate_id))
        if found is None:
            raise HTTPException(404)
        shown = _row(found, _names(t), t)
    return page(request, "rate_remove.html", rate=shown, place=PLACE)


@router.post(PLACE + "/{rate_id}/remove")
def remove(request: Request, rate_id: str) -> Response:
    """Take a rate away; a rate that is gone already is gone."""
    same_site(request)
    with request.app.state.store.write() as session:
        remove_rate(session, _number(rate_id))
    return secured(RedirectResponse(f"{PLACE}#rates", 303))


def rate_address(mineral: str | None, days: tuple[date, ...]) -> str:
    """The page with its form filled in for the days of a mineral whose rate is missing: whole years."""
    asked = {"key": mineral or ""}
    if days:
        asked |= {
            "valid_from": date_vi(date(min(days).year, 1, 1)),
            "valid_until": date_vi(date(max(days).year, 12, 31)),
        }
    return f"{PLACE}?{urlencode(asked)}#new"


def _added(request: Request, given: Mapping[str, str]) -> Errors:
    days: dict[str, date | None] = {}
    unread: Errors = {}
    for name in _DAYS:
        text = given.get(name, "")
        read = read_day(text) if text else None
        days[name] = date.fromisoformat(read) if isinstance(read, str) else None
        if isinstance(read, Text):
            unread[name] = read
    with request.app.state.store.write() as session:
        problems = add_rate(
            session,
            key=given.get("key", ""),
            valid_from=days["valid_from"],
            valid_until=days["valid_until"],
            rate_percent=given.get("rate_percent", ""),
            instrument=given.get("instrument", ""),
            article=given.get("article", ""),
            entered_by=given.get("entered_by", ""),
            now=datetime.now(UTC),
        )
    if "key" in problems:
        problems["key"] = Text("Chọn khoáng sản hoặc dòng của bảng.", "Choose a mineral or a line of the table.")
    return problems | unread


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise HTTPException(404)
    return int(text)


def _page(request: Request, given: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    t, today = speech_of(request), request.app.state.today()
    names = _names(t)
    with request.app.state.store.session() as session:
        rows = [_row(one, names, t) for one in list_rates(session)]
        waiting = _waiting(session, today, names, t)
    lines = rate_lines(law_book())
    return page(
        request,
        "rates.html",
        status,
        place=PLACE,
        rates=rows,
        waiting=waiting[:_SHOWN],
        hidden=max(len(waiting) - _SHOWN, 0),
        minerals=[(code, names[code]) for code in law_book().minerals],
        lines=[(line, names[line]) for line in lines],
        values={name: given.get(name, "")[:LONGEST_CITATION] for name in _LABELS},
        labels={name: t.text(text) for name, text in _LABELS.items()},
        errors={name: t.text(text) for name, text in errors.items()},
    )


def _names(t: Speech) -> dict[str, str]:
    """What each key is called: a mineral by its name, a line of the table with its minerals."""
    book = law_book()
    names = {code: t.text(one.name) for code, one in book.minerals.items()}
    for line, minerals in rate_lines(book).items():
        decree, _, place = line.partition("/")
        several = ", ".join(names[one] for one in minerals)
        names[line] = t(f"dòng {place} (bảng của Nghị định {decree}): {several}",
                        f"line {place} (table of Decree {decree}): {several}")  # fmt: skip
    return names


def _row(one: ProvinceRate, names: Mapping[str, str], t: Speech) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": names.get(one.key, one.key),
        "key": one.key,
        "rate": t.number(one.rate_percent),
        "span": f"{t.day(one.valid_from)} – {t.day(one.valid_until)}",
        "instrument": one.instrument,
        "article": one.article,
        "entered_by": one.entered_by,
        "entered_at": t.moment(one.entered_at),
    }


def _waiting(session: Session, today: date, names: Mapping[str, str], t: Speech) -> list[dict[str, Any]]:
    """The minerals whose settlements wait for a rate: which days, of how many licences."""
    days: dict[str, set[date]] = {}
    licences: dict[str, int] = {}
    for row in worklist(session, today, lack=LackCode.RATE).rows:
        for lack in row.lacks:
            if lack.code is LackCode.RATE:
                mineral = lack.mineral or ""
                licences[mineral] = licences.get(mineral, 0) + 1
                days.setdefault(mineral, set()).update(lack.days)
    return [
        {
            "name": names.get(mineral, mineral),
            "days": ", ".join(t.day(day) for day in sorted(days[mineral])),
            "licences": t.number(number),
            "address": rate_address(mineral, tuple(sorted(days[mineral]))),
        }
        for mineral, number in sorted(licences.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
