"""``/licences/{id}/obligations/{kind}/{period}``: was a duty done, and what does it come to? Also the restoration plan.

The fields of a sum are those of its calculator, so what is kept is a case that the calculator computes too. Everything wrong
is told at once beside its field and nothing is kept; sent twice, the same is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.contract import compute
from api.duties.enterable import is_enterable
from api.duties.records import SUMS
from api.pages.answers import read_day
from api.pages.calculators import split_parts
from api.pages.casedocument import answered, problems_of
from api.pages.caseform import Field, Group, Rows, case_form, changed, fields_of, lists_of
from api.pages.explanation import explanation
from api.pages.fields import Spec
from api.pages.formview import Maker
from api.pages.guard import same_site
from api.pages.licences import find_licence
from api.pages.obligation_prefill import fixed_answers, kept_answers, prefilled
from api.pages.obligationview import duty_words
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.pages.summary import listed
from api.store.duty_records import ESCROW_PLAN, WRITE_LOCK, DutyEntry, drop_entry, get_entry, keep_entry
from api.store.models import Licence
from fees.obligation import DutyKind
from rules.trace import Text

router = APIRouter()
CASES: Final[dict[str, str]] = {**{kind: kind.value for kind in SUMS}, ESCROW_PLAN[0]: "escrow_schedule"}
"""The kind of the contract that says what a duty comes to."""
_LONGEST: Final = 2000
_MOST_FIELDS: Final = 3000
_DONE: Final = Spec(
    key="done_on", label=Text("Đã nộp ngày", "Filed, paid on"), read=read_day,
    help=Text("Ngày nộp hồ sơ, nộp tiền; để trống nếu chưa nộp.", "Day of filing or payment; empty where not done yet."),
)  # fmt: skip
_DUE: Final = Spec(
    key="due_on", label=Text("Hạn nộp", "Due on"), read=read_day, required=True,
    help=Text("Theo nghị quyết, thông báo của tỉnh.", "As the province's resolution or notice says."),
)  # fmt: skip
Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """The entry an address names."""

    licence: Licence
    kind: DutyKind
    period: str

    @property
    def licence_id(self) -> int:
        assert self.licence.id is not None
        return self.licence.id

    @property
    def case(self) -> str | None:
        return CASES.get(self.kind)

    @property
    def is_plan(self) -> bool:
        return (self.kind, self.period) == ESCROW_PLAN


@dataclass(slots=True)
class _Outcome:
    """What the answers come to: problems, or the entry that was kept."""

    errors: Errors = field(default_factory=dict)
    general: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.errors and not self.general


@router.get("/licences/{licence_id}/obligations/{kind}/{period}")
def entry(request: Request, licence_id: str, kind: str, period: str) -> Response:
    """The form with what is kept, or with what the register and the last entry of the kind say."""
    place = _place(request, licence_id, kind, period)
    with request.app.state.store.session() as session:
        kept = get_entry(session, place.licence_id, place.kind, place.period)
        given = prefilled(session, place.licence, place.kind) if kept is None else kept_answers(kept)
    return _page(request, place, given, _Outcome(), is_kept=kept is not None)


@router.post("/licences/{licence_id}/obligations/{kind}/{period}")
async def keep(request: Request, licence_id: str, kind: str, period: str) -> Response:
    """Keep the entry in the place of the one kept before, take it out, or show another row of a list."""
    same_site(request)
    place = await run_in_threadpool(_place, request, licence_id, kind, period)
    form = await posted(request, _MOST_FIELDS)
    if form is None:
        unread = _Outcome(general=(speech_of(request).text(UNREAD),))
        return await run_in_threadpool(_page, request, place, {}, unread, 400)
    given = {name: value[:_LONGEST] for name, value in form.items()}
    return await run_in_threadpool(_kept, request, place, given, given.pop("do", ""))


def _kept(request: Request, place: _Place, given: dict[str, str], do: str) -> Response:
    if place.case is not None and do.startswith(("add:", "drop:")):
        return _page(request, place, changed(place.case, given, do), _Outcome())
    store, t = request.app.state.store, speech_of(request)
    if do == "remove":
        with store.write(lock=WRITE_LOCK) as session:
            drop_entry(session, place.licence_id, place.kind, place.period)
    else:
        row, outcome = _read(place, given, t, request.app.state.today(), bare=do == "bare")
        if not outcome.ok:
            return _page(request, place, given, outcome, 422)
        with store.write(lock=WRITE_LOCK) as session:
            keep_entry(session, row)
    return secured(RedirectResponse(f"/licences/{place.licence_id}/obligations", 303))


def _read(place: _Place, given: Mapping[str, str], t: Speech, today: date, *, bare: bool) -> tuple[DutyEntry, _Outcome]:
    """The entry the answers tell, and everything wrong with them; ``bare``: done, whatever it came to."""
    outcome = _Outcome()
    row = DutyEntry(
        licence_id=place.licence_id, kind=place.kind.value, period=place.period, written_at=datetime.now(UTC)
    )
    row.done_on = _day("done_on", given, outcome, t)
    if row.done_on is not None and row.done_on > today:
        outcome.errors["done_on"] = t("Sau hôm nay: chỉ ghi khi đã nộp.", "Later than today: enter it once it is done.")
    if place.kind is DutyKind.INFRASTRUCTURE_CONTRIBUTION:
        row.on_day = _day("due_on", given, outcome, t)
        if row.on_day is None:
            outcome.errors.setdefault("due_on", t("Chưa nhập.", "Not filled in."))
    if place.case is not None and not bare:
        form = case_form(place.case, {**given, **fixed_answers(place.kind, place.period, place.licence, today)})
        told = answered(form, place.case)
        result = compute(told.document)
        wrong, outcome.general = problems_of(form, told, result, t)
        shown = {one.name for one in fields_of(_shown(form, place, today))}
        outcome.errors |= {name: text for name, text in wrong.items() if name in shown}
        outcome.general += tuple(text for name, text in wrong.items() if name not in shown)
        row.document = {name: value for name, value in told.document.items() if name not in ("id", "as_of")}
    elif row.done_on is None:
        outcome.errors.setdefault("done_on", t("Chưa nhập ngày nộp.", "The day of filing is not filled in."))
    return row, outcome


def _day(name: str, given: Mapping[str, str], outcome: _Outcome, t: Speech) -> date | None:
    text = given.get(name, "").strip()
    read = read_day(text) if text else None
    if isinstance(read, Text):
        outcome.errors[name] = t.text(read)
    return date.fromisoformat(read) if isinstance(read, str) else None


def _shown(form: Group, place: _Place, today: date) -> Group:
    """The form without the answers that the address or the clock gives."""
    fixed = fixed_answers(place.kind, place.period, place.licence, today)
    return replace(form, parts=tuple(part for part in form.parts if part.key not in fixed))


def _place(request: Request, licence_id: str, kind: str, period: str) -> _Place:
    """The entry of an address; 404 where the calendar of the licence has no such duty and nothing is kept of it."""
    licence = find_licence(request, licence_id)
    if kind not in tuple(DutyKind):
        raise HTTPException(404)
    place = _Place(licence, DutyKind(kind), period)
    with request.app.state.store.session() as session:
        known = is_enterable(session, licence, place.kind, period, request.app.state.today()) or (
            get_entry(session, place.licence_id, kind, period) is not None
        )
    if not known:
        raise HTTPException(404)
    return place


def _page(
    request: Request,
    place: _Place,
    given: Mapping[str, str],
    outcome: _Outcome,
    status: int = 200,
    *,
    is_kept: bool = False,
) -> Response:
    t, today = speech_of(request), request.app.state.today()
    maker = Maker(given, t, outcome.errors)
    specs = [] if place.is_plan else [_DONE]
    if place.kind is DutyKind.INFRASTRUCTURE_CONTRIBUTION:
        specs.insert(0, _DUE)
    own, form, x = maker.all(specs), None, None
    if place.case is not None:
        whole = case_form(place.case, {**given, **fixed_answers(place.kind, place.period, place.licence, today)})
        form = _shown(whole, place, today)
        if is_kept:
            result = compute(answered(whole, place.case).document)
            x = explanation(result, t) if result["ok"] else None
    wrong = [(one.name, one.label, one.error) for one in maker.wrong]
    wrong += [(one.name, t.text(one.words.label), outcome.errors[one.name]) for one in (fields_of(form) if form else ())
              if one.name in outcome.errors]  # fmt: skip
    return page(
        request,
        "obligations_entry.html",
        status,
        licence=place.licence,
        row=listed(place.licence, t, today),
        tab="obligations",
        back=f"/licences/{place.licence_id}/obligations",
        path=f"/licences/{place.licence_id}/obligations/{place.kind}/{place.period}",
        title=duty_words(place.kind, place.period, t),
        own=own,
        form=form,
        counts={} if form is None else {one.name + ".n": len(one.rows) for one in lists_of(form)},
        errors=outcome.errors,
        wrong=wrong,
        general=outcome.general,
        x=x,
        is_kept=is_kept,
        may_be_bare=form is not None and not place.is_plan,
        is_field=lambda part: isinstance(part, Field),
        is_rows=lambda part: isinstance(part, Rows),
        split=lambda several: split_parts(several, outcome.errors),
    )
