"""``/law``: what the law book says on a day, what changed between two days, what it does not hold."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.law_view import changes, gaps, rows_on
from api.pages.answers import read_day
from api.pages.rendering import page
from api.pages.speech import Speech, speech_of
from api.store.text import fold
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
_SPAN: Final = re.compile(r"(\d+) (.+) / (.+)")
_MONTH_DAY: Final = re.compile(r"(\d\d)-(\d\d)")
Json = dict[str, Any]


@router.get("/law")
def parameters(request: Request) -> Response:
    """The rows in force on a day that hold all words searched for."""
    t, book = speech_of(request), law_book()
    on, problem = _day(request, "on", request.app.state.today())
    search = request.query_params.get("q", "").strip()[:200]
    rows = [_told(row, t) for row in rows_on(book, on)]
    found = [row for row in rows if all(word in row["searched"] for word in fold(search).split())]
    return page(
        request,
        "law.html",
        422 if problem else 200,
        rows=found,
        total=len(rows),
        on=date_vi(on),
        problem=problem,
        search=search,
        book=book,
        today=request.app.state.today(),
    )


@router.get("/law/changes")
def differences(request: Request) -> Response:
    """What differs between the law of two days."""
    t, book = speech_of(request), law_book()
    starts = [one.period.start for one in book.instruments if one.period.start <= request.app.state.today()]
    newest = max(starts, default=request.app.state.today())
    before, wrong_before = _day(request, "from", date.fromordinal(newest.toordinal() - 1))
    after, wrong_after = _day(request, "to", newest)
    problem = wrong_before or wrong_after
    found = [
        {"row": _told(one["after"] or one["before"], t), "before": _or_none(one["before"], t), "after": _or_none(one["after"], t),
         "value_changed": one["value_changed"]}
        for one in changes(book, before, after)
    ]  # fmt: skip
    found.sort(key=lambda one: not one["value_changed"])
    return page(
        request,
        "law_changes.html",
        422 if problem else 200,
        changes=found,
        before=date_vi(before),
        after=date_vi(after),
        problem=problem,
        starts=sorted(set(starts)),
    )


@router.get("/law/gaps")
def named_gaps(request: Request) -> Response:
    """What the book does not hold, why, and what to enter instead."""
    return page(request, "law_gaps.html", gaps=gaps(law_book()))


def _day(request: Request, name: str, default: date) -> tuple[date, Text | None]:
    """The day asked for; the default, with what is wrong, where it cannot be read."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return default, None
    found = read_day(text)
    return (default, found) if isinstance(found, Text) else (date.fromisoformat(str(found)), None)


def _value(text: str, t: Speech) -> str:
    """A value of the book in one language: ``24 working days``, ``31/05``, ``5 %``, ``30/06/2025``."""
    if match := _SPAN.fullmatch(text):
        return f"{match[1]} {t(match[2], match[3])}"
    if match := _MONTH_DAY.fullmatch(text):
        return f"{match[2]}/{match[1]}"
    number, _, unit = text.partition(" ")
    return t.measure(t.day(number), unit)


def _or_none(row: Json | None, t: Speech) -> Json | None:
    return None if row is None else _told(row, t)


def _told(row: Json, t: Speech) -> Json:
    """A row of the book with its names and value in one language."""
    key = row["key"] or ""
    mineral = law_book().minerals.get(key)
    told = {
        "parameter": row["parameter"],
        "title": t.of(row, "title") or row["parameter"],
        "key": t.text(mineral.name) if mineral else key,
        "code": key if mineral else "",
        "value": "; ".join(_value(one, t) for one in (row["value"] or "").split("; ")),
        "from": t.day(row["from"]),
        "until": t.day(row["until"]),
        "cite": [row["cite"]],
        "reading": t.of(row, "reading"),
    }
    cite = row["cite"]
    words = (told["parameter"], told["title"], told["key"], key, told["value"], cite["instrument"], cite["at"])
    return {**told, "searched": fold(" ".join(words))}
