"""``/collection``: arrears of the province by age, the yearly report that adds up, collection against its targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlmodel import Session, col, select
from starlette.responses import Response

from api.pages.answers import read_day
from api.pages.bars import bars
from api.pages.guard import same_site
from api.pages.posted import UNREAD, posted
from api.pages.rendering import page, secured
from api.pages.speech import Speech, speech_of
from api.pages.targets import BILLION, LONGEST_SOURCE, Target, read_targets, targets
from api.store.ledger import debt_entries
from api.store.ledger_sums import AGE_EDGES, balances, year_report, year_totals
from api.store.models import Licence
from api.store.targets import own_targets, set_targets
from fees.arrears import Arrears, arrears
from fees.ledger import Debtor
from fees.ledger_year import Printed, YearRow, check
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.trace import Text

router = APIRouter()
_SHOWN: Final = 200
_CHART_YEARS: Final = 5
_GROUPS: Final = {
    "authority": Text("cơ quan cấp phép", "authority"),
    "payer": Text("người nộp", "payer"),
    "licence": Text("giấy phép", "licence"),
}
_AUTHORITIES: Final = {"ministry": Text("Bộ cấp", "Ministry"), "province": Text("Tỉnh cấp", "Province")}
_NOT_KNOWN: Final = Text("Chưa rõ", "Not known")
Group = tuple[str, str]
"""What a row is called, and the address it links to (empty: none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the register says of a licence with a ledger."""

    number: str
    authority: str


@router.get("/collection")
def collection(request: Request) -> Response:
    """Everything about the money of the province, as of a day."""
    return _page(request, None, {})


@router.post("/collection")
async def change(request: Request) -> Response:
    """Keep the province's own targets; what is wrong stands beside its field and nothing is kept."""
    same_site(request)
    form = await posted(request, 20)
    if form is None:
        return await run_in_threadpool(_page, request, {}, {"": UNREAD}, 400)
    given = {name: value.strip() for name, value in form.items()}
    wanted, errors = read_targets(given)
    if errors:
        return await run_in_threadpool(_page, request, given, errors, 422)

    def write() -> None:
        with request.app.state.store.write() as session:
            set_targets(session, wanted, now=datetime.now(UTC))

    await run_in_threadpool(write)
    return secured(RedirectResponse("/collection#against", 303))


def _page(request: Request, given: Mapping[str, str] | None, errors: Mapping[str, Text], status: int = 200) -> Response:
    t, today = speech_of(request), request.app.state.today()
    asked = request.query_params
    typed = asked.get("on", "").strip()[:30]
    read = read_day(typed) if typed else today.isoformat()
    wrong_day = read if isinstance(read, Text) else None
    on = today if isinstance(read, Text) else date.fromisoformat(read)
    by = asked.get("by", "") if asked.get("by", "") in _GROUPS else "authority"
    with request.app.state.store.session() as session:
        known, wanted = _licences(session), targets(own_targets(session))
        group = _grouping(by, known, t)
        owed = arrears(debt_entries(session, on), on, law_book(), edges=AGE_EDGES, by=group)
        report = year_report(session, on.year, by=group)
        at_end = _balances(session, date(on.year, 12, 31), group)
        years = year_totals(session, _years(on.year))
    all_owed, all_year = _all_arrears(owed), _sum(report.values())
    return page(
        request,
        "collection.html",
        status,
        on=typed or date_vi(on),
        on_day=date_vi(on),
        year=on.year,
        wrong_day=wrong_day,
        by=by,
        groups=[(key, t.text(name)) for key, name in _GROUPS.items()],
        group_name=t.text(_GROUPS[by]),
        ages=_ages(t),
        arrears=[_arrears_row(name, one, t) for name, one in _sorted(owed)[:_SHOWN]],
        arrears_total=_arrears_row((t("Cộng", "Total"), ""), all_owed, t),
        hidden=max(len(owed) - _SHOWN, 0),
        age_chart=bars(
            t("Nợ quá hạn theo số ngày chậm", "Overdue debt by days late"),
            (t("Nợ quá hạn", "Overdue"),),
            [(name, (value,)) for name, value in zip(_ages(t), all_owed.by_age, strict=True)]
            if all_owed.by_age
            else [],
            t,
        ),
        report=[_year_row(name, one, at_end, t) for name, one in sorted(report.items())[:_SHOWN]],
        report_total=_year_row((t("Cộng", "Total"), ""), all_year, None, t),
        year_chart=bars(
            t("Phải thu, đã thu, chuyển năm sau", "Receivable, collected, carried"),
            (t("Phải thu", "Receivable"), t("Đã thu", "Collected"), t("Chuyển năm sau", "Carried")),
            [(str(year), (row.receivable_vnd, row.collected_vnd, row.carried_vnd)) for year, row in years.items()],
            t,
        ),
        targets=list(wanted.values()),
        values=_typed(wanted, t) if given is None else {name: given.get(name, "") for name in _typed(wanted, t)},
        errors={name: t.text(text) for name, text in errors.items()},
        labels=_labels(wanted, t),
        longest=LONGEST_SOURCE,
        against=_against(years, on.year, wanted, t),
        empty=not known,
    )


def _typed(wanted: Mapping[str, Target], t: Speech) -> dict[str, str]:
    """The province's own targets as its form shows them: empty where the sample holds."""
    shown: dict[str, str] = {}
    for name, one in wanted.items():
        shown[name] = f"{one.value.normalize():f}".replace(".", ",") if one.own else ""
        shown[f"{name}_source"] = t.text(one.source) if one.own else ""
    return shown


def _labels(wanted: Mapping[str, Target], t: Speech) -> dict[str, str]:
    """What each box of the form of targets is called."""
    labels: dict[str, str] = {}
    for name, one in wanted.items():
        labels[name] = t.text(one.label)
        labels[f"{name}_source"] = f"{t('Theo kế hoạch, nghị quyết', 'Set by plan, resolution')}: {labels[name]}"
    return labels


def _licences(session: Session) -> dict[int, Known]:
    columns = (col(Licence.id), col(Licence.number), col(Licence.authority))
    return {
        int(row[0] or 0): Known(number=row[1] or f"#{row[0]}", authority=row[2] or "")
        for row in session.connection().execute(select(*columns))
    }


def _grouping(by: str, known: Mapping[int, Known], t: Speech) -> Callable[[Debtor], Group]:
    def group(debtor: Debtor) -> Group:
        licence = known[debtor.licence]
        if by == "payer":
            return debtor.payer, ""
        if by == "licence":
            return licence.number, f"/licences/{debtor.licence}/ledger"
        return t.text(_AUTHORITIES.get(licence.authority, _NOT_KNOWN)), ""

    return group


def _balances(session: Session, on: date, group: Callable[[Debtor], Group]) -> dict[Group, int]:
    """Owed less prepaid at the end of the year, by group: what the report's carried sums must come to."""
    found: dict[Group, int] = {}
    for debtor, one in balances(session, on).items():
        name = group(debtor)
        found[name] = found.get(name, 0) + one.owed_vnd - one.prepaid_vnd
    return found


def _years(last: int) -> range:
    return range(max(last - _CHART_YEARS + 1, 2), last + 1)


def _sum(rows: Iterable[YearRow]) -> YearRow:
    total = YearRow()
    for one in rows:
        total += one
    return total


def _all_arrears(rows: Mapping[Group, Arrears]) -> Arrears:
    total = Arrears(by_age=(0,) * (len(AGE_EDGES) + 1))
    for one in rows.values():
        total += one
    return total


def _sorted(rows: Mapping[Group, Arrears]) -> list[tuple[Group, Arrears]]:
    """Who owes most stands first."""
    return sorted(rows.items(), key=lambda pair: (-pair[1].overdue_vnd, -pair[1].owed_vnd, pair[0]))


def _ages(t: Speech) -> list[str]:
    starts = (1, *(edge + 1 for edge in AGE_EDGES))
    names = [f"{first}–{last}" for first, last in zip(starts, AGE_EDGES, strict=False)]
    return [*names, t(f"trên {AGE_EDGES[-1]}", f"over {AGE_EDGES[-1]}")]


def _arrears_row(name: Group, one: Arrears, t: Speech) -> dict[str, Any]:
    return {
        "name": name[0],
        "address": name[1],
        "not_due": t.number(one.not_due_vnd),
        "by_age": [t.number(value) if value else "" for value in one.by_age],
        "overdue": t.number(one.overdue_vnd),
        "interest": t.number(one.interest_vnd),
        "without_rate": one.without_rate,
        "prepaid": t.number(one.prepaid_vnd) if one.prepaid_vnd else "",
    }


def _year_row(name: Group, one: YearRow, at_end: Mapping[Group, int] | None, t: Speech) -> dict[str, Any]:
    carried = one.carried_vnd if at_end is None else at_end.get(name, 0)
    printed = Printed(
        opening_vnd=one.opening_vnd,
        notified_vnd=one.notified_vnd,
        receivable_vnd=one.receivable_vnd,
        collected_vnd=one.collected_vnd,
        carried_vnd=carried,
    )
    found = check(printed)
    return {
        "name": name[0],
        "address": name[1],
        "opening": t.number(one.opening_vnd),
        "notified": t.number(one.notified_vnd),
        "receivable": t.number(one.receivable_vnd),
        "collected": t.number(one.collected_vnd),
        "carried": t.number(carried),
        "interest_charged": t.number(one.interest_charged_vnd),
        "interest_collected": t.number(one.interest_collected_vnd),
        "check": t.text(found.text),
        "exact": found.exact,
    }


def _against(years: Mapping[int, YearRow], year: int, wanted: Mapping[str, Target], t: Speech) -> list[dict[str, Any]]:
    """Each target with what was reached, as a bar of the target's length."""
    now, before = years[year], years.get(year - 1, YearRow())
    share = _percent(now.collected_vnd, now.receivable_vnd)
    growth = _percent(now.collected_vnd - before.collected_vnd, before.collected_vnd)
    low, high = wanted["growth_low_percent"].value, wanted["growth_high_percent"].value
    revenue = wanted["revenue_billion_vnd"].value
    reached = Decimal(now.collected_vnd) / BILLION
    whole = wanted["collected_share_percent"].value
    shown = f"{low.normalize():f}–{high.normalize():f}"
    return [
        _bar(t("Tỷ lệ thu: đã thu trên phải thu", "Collected share of the receivable"), share, whole, whole,
             f"{t.number(f'{whole.normalize():f}')} %", "%", t),
        _bar(t(f"Tăng so với năm {year - 1}", f"Growth over {year - 1}"), growth, low, high, f"{shown} %", "%", t),
        _bar(t("Thu tiền cấp quyền trong năm", "Fee collected in the year"), reached, revenue, revenue,
             f"{t.number(f'{revenue:f}')} {t('tỷ đồng', 'bn VND')}", t("tỷ đồng", "bn VND"), t),
    ]  # fmt: skip


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(part) * 100 / whole if whole > 0 else None


def _bar(
    name: str, reached: Decimal | None, low: Decimal, high: Decimal, target: str, unit: str, t: Speech
) -> dict[str, Any]:
    top = max(high, reached or Decimal(0), Decimal(1))
    return {
        "name": name,
        "reached": t("chưa có số liệu", "no data") if reached is None else f"{t.number(f'{reached:.1f}')} {unit}",
        "target": target,
        "width": int(max(reached or Decimal(0), Decimal(0)) * 300 / top),
        "mark": int(low * 300 / top),
        "mark_end": int(high * 300 / top),
        "met": reached is not None and reached >= low,
    }
