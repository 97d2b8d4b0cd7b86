"""``/licences/{id}/obligations/facts``: the life of a licence that no register tells: mining, auction, events.

Everything wrong is told at once beside its field and nothing is kept; sent twice, the same is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.pages.answers import read_day
from api.pages.fields import Spec
from api.pages.formview import Maker
from api.pages.guard import same_site
from api.pages.inputs import choice_words
from api.pages.licences import find_licence
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.store.duty_records import (
    EVENT,
    WRITE_LOCK,
    DutyEntry,
    DutyFacts,
    Entered,
    keep_facts,
    read_entries_of,
    read_facts,
)
from api.store.models import Licence
from fees.case import Group
from fees.obligation import Event
from rules.formats import date_vi
from rules.trace import Text

router = APIRouter()
_LONGEST: Final = 30
_EMPTY_ROWS: Final = 2
_MOST_EVENTS: Final = 60
_FURTHEST: Final = 60
"""Years ahead that a day may lie."""
_GROUPS: Final = tuple((group.value, Text(f"Nhóm {group}", f"Group {group}")) for group in Group)
_EXPLORED: Final = (
    ("yes", Text("đã thăm dò, hoặc tận thu", "explored, or salvage")),
    ("no", Text("chưa thăm dò", "not explored")),
)
_LIFE: Final = (
    Spec(
        key="operating_since", label=Text("Ngày bắt đầu khai thác", "Mining since"), read=read_day,
        help=Text("Tờ khai tháng tính từ tháng này; để trống: từ ngày cấp giấy phép.",
                  "Monthly returns begin in this month; empty: from the day of the licence."),
    ),
    Spec(
        key="filings_from", label=Text("Ghi đủ các lần nộp từ ngày", "Every filing is entered from"), read=read_day,
        help=Text("Từ ngày này, việc chưa ghi đã nộp mà qua hạn là quá hạn; trước đó là chưa rõ.",
                  "From this day on, what is past its day and not entered is overdue; before it, not known."),
    ),
)  # fmt: skip
_AUCTION: Final = (
    Spec(key="auction_ended_on", label=Text("Ngày kết thúc cuộc đấu giá", "Session ended on"), read=read_day),
    Spec(key="auction_group", label=Text("Nhóm khoáng sản", "Mineral group"), options=_GROUPS, blank=Text("— chọn —", "— choose —")),
    Spec(key="auction_explored", label=Text("Khu vực", "Area"), options=_EXPLORED, blank=Text("— chọn —", "— choose —"),
         help=Text("Quyết định thời hạn nộp hồ sơ cấp giấy phép.", "Decides how long there is to file the licence dossier.")),
)  # fmt: skip
_EVENT: Final = (
    Spec(
        key="event", label=Text("Sự kiện", "Event"), blank=Text("— chọn —", "— choose —"),
        options=tuple((event.value, choice_words(event.value)) for event in Event),
    ),
    Spec(key="on", label=Text("Ngày quyết định, văn bản", "Day of the decision"), read=read_day),
)  # fmt: skip
Errors = dict[str, Text]


@dataclass(slots=True)
class _Read:
    """What the answers mean, and what is wrong with them, by field."""

    given: Mapping[str, str]
    errors: Errors = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        text = self.given.get(name, "")
        read = read_day(text) if text else None
        if isinstance(read, Text):
            self.errors[name] = read
        return date.fromisoformat(read) if isinstance(read, str) else None


@router.get("/licences/{licence_id}/obligations/facts")
def facts(request: Request, licence_id: str) -> Response:
    """The form with what is kept."""
    licence = find_licence(request, licence_id)
    assert licence.id is not None
    with request.app.state.store.session() as session:
        kept = read_facts(session, licence.id).get(licence.id)
        entries = read_entries_of(session, licence.id).get(licence.id, [])
    return _page(request, licence, _answers(kept, [one for one in entries if one.kind == EVENT]), {})


@router.post("/licences/{licence_id}/obligations/facts")
async def keep(request: Request, licence_id: str) -> Response:
    """Keep the answers in the place of what was kept."""
    same_site(request)
    licence = await run_in_threadpool(find_licence, request, licence_id)
    form = await posted(request, 2 * _MOST_EVENTS + 20)
    if form is None:
        return await run_in_threadpool(_page, request, licence, {}, {"": UNREAD}, 400)
    given = {name: value.strip()[:_LONGEST] for name, value in form.items()}
    errors = await run_in_threadpool(_kept, request, licence, given)
    if errors:
        return await run_in_threadpool(_page, request, licence, given, errors, 422)
    return secured(RedirectResponse(f"/licences/{licence.id}/obligations", 303))


def _kept(request: Request, licence: Licence, given: Mapping[str, str]) -> Errors:
    """What is wrong with the answers; nothing is wrong where they were kept."""
    assert licence.id is not None
    read, now = _Read(given), datetime.now(UTC)
    today = request.app.state.today()
    row = DutyFacts(licence_id=licence.id, written_at=now)
    row.operating_since, row.filings_from = read.day("operating_since"), read.day("filings_from")
    _check_auction(read, row, today)
    events = _events(read, licence, now, today)
    _check_life(read, row, licence, today)
    if not read.errors:
        with request.app.state.store.write(lock=WRITE_LOCK) as session:
            keep_facts(session, row, events)
    return read.errors


def _check_life(read: _Read, row: DutyFacts, licence: Licence, today: date) -> None:
    since, issued, expires = row.operating_since, licence.issued_on, licence.expires_on
    if since is not None and issued is not None and since < issued:
        read.errors["operating_since"] = _before_issue(issued)
    elif since is not None and expires is not None and since > expires:
        read.errors["operating_since"] = Text(
            f"Sau ngày hết hạn giấy phép {expires:%d/%m/%Y}.", f"After the licence ended, {expires}."
        )
    if row.filings_from is not None and row.filings_from > today:
        read.errors["filings_from"] = _ahead(today)


def _check_auction(read: _Read, row: DutyFacts, today: date) -> None:
    """The three answers stand together or not at all."""
    row.auction_ended_on = read.day("auction_ended_on")
    group, explored = read.given.get("auction_group", ""), read.given.get("auction_explored", "")
    row.auction_group = group if group in tuple(Group) else None
    row.auction_explored = {"yes": True, "no": False}.get(explored)
    if not (read.given.get("auction_ended_on") or group or explored):
        return
    missing = Text(
        "Chưa nhập: ngày kết thúc, nhóm và khu vực đi cùng nhau; bỏ cả ba nếu không qua đấu giá.",
        "Not filled in: day, group and area stand together; empty all three where there was no auction.",
    )
    for name, value in (
        ("auction_ended_on", row.auction_ended_on), ("auction_group", row.auction_group),
        ("auction_explored", row.auction_explored),
    ):  # fmt: skip
        if value is None:
            read.errors.setdefault(name, missing)
    if row.auction_ended_on is not None and row.auction_ended_on > today:
        read.errors["auction_ended_on"] = _ahead(today)


def _events(read: _Read, licence: Licence, now: datetime, today: date) -> list[DutyEntry]:
    found: dict[str, DutyEntry] = {}
    closed = False
    for index in range(_MOST_EVENTS):
        name, at = f"e{index}_event", f"e{index}_on"
        event, on = read.given.get(name, ""), read.day(at)
        if not event and not read.given.get(at):
            continue
        if event not in tuple(Event):
            read.errors[name] = Text("Chọn sự kiện, hoặc xoá ngày.", "Choose the event, or empty the day.")
        if not read.given.get(at):
            read.errors[at] = Text("Nhập ngày, hoặc bỏ chọn sự kiện.", "Enter the day, or choose no event.")
        if on is not None and licence.issued_on is not None and on < licence.issued_on:
            read.errors[at] = _before_issue(licence.issued_on)
        elif on is not None and on.year > today.year + _FURTHEST:
            read.errors[at] = Text(
                f"Quá xa: không quá {_FURTHEST} năm tới.", f"Too far ahead: at most {_FURTHEST} years."
            )
        period = f"{event}-{on}"
        if period in found or (closed and event == Event.CLOSURE):
            read.errors.setdefault(at, Text("Đã có ở dòng trên.", "It stands above already."))
        closed = closed or event == Event.CLOSURE
        if event in tuple(Event) and on is not None:
            assert licence.id is not None
            found[period] = DutyEntry(licence_id=licence.id, kind=EVENT, period=period, on_day=on, written_at=now)
    return list(found.values())


def _before_issue(issued: date) -> Text:
    return Text(f"Trước ngày cấp giấy phép {issued:%d/%m/%Y}.", f"Before the licence was issued, {issued}.")


def _ahead(today: date) -> Text:
    return Text(f"Sau hôm nay, {today:%d/%m/%Y}.", f"Later than today, {today}.")


def _answers(kept: DutyFacts | None, events: list[Entered]) -> dict[str, str]:
    found = {f"e{index}_event": one.period.partition("-")[0] for index, one in enumerate(events)}
    found |= {f"e{index}_on": date_vi(one.on_day) for index, one in enumerate(events) if one.on_day}
    if kept is None:
        return found
    days = {name: getattr(kept, name) for name in ("operating_since", "filings_from", "auction_ended_on")}
    found |= {name: date_vi(day) for name, day in days.items() if day is not None}
    found["auction_group"] = kept.auction_group or ""
    found["auction_explored"] = {True: "yes", False: "no", None: ""}[kept.auction_explored]
    return found


def _page(request: Request, licence: Licence, given: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    t: Speech = speech_of(request)
    maker = Maker(given, t, {name: t.text(text) for name, text in errors.items()})
    used = [index for index in range(_MOST_EVENTS) if given.get(f"e{index}_event") or given.get(f"e{index}_on")]
    rows = min(max(used, default=-1) + 1 + _EMPTY_ROWS, _MOST_EVENTS)
    shown: dict[str, Any] = {
        "life": maker.all(_LIFE),
        "auction": maker.all(_AUCTION),
        "events": [maker.all(_EVENT, f"e{index}_") for index in range(rows)],
    }
    return page(
        request,
        "obligations_facts.html",
        status,
        licence=licence,
        row=listed(licence, t, request.app.state.today()),
        tab="obligations",
        path=f"/licences/{licence.id}/obligations",
        wrong=maker.wrong,
        general=t.text(errors[""]) if "" in errors else "",
        **shown,
    )
