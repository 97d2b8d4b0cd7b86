"""What does the settlement page show for given answers: the form with its grid, the computation beside it, the result?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from api.contract import compute
from api.pages import fields, settlefields
from api.pages.answers import read_text
from api.pages.explanation import explanation
from api.pages.fields import Spec
from api.pages.figures import cell
from api.pages.form import MOST_MINERALS, Given
from api.pages.formview import FieldView, Maker, errors_of, name_of
from api.pages.grid import MOST_YEARS
from api.pages.settlecase import Cases, cases_of
from api.pages.settlelive import NO_RATE, Live, is_rate_missing, live
from api.pages.settleneeds import is_graded, minerals, needs_of, reapproves, right_of, way_of, years
from api.pages.settleprices import Known, list_price, price_day, remaining_price_day, told_price, told_source
from api.pages.settlewarnings import typed_years
from api.pages.speech import Speech

Json = dict[str, Any]
COMPUTE: Final = "compute"
_PRICES: Final = ("price", "remaining_price", "cutoff_price")
_ROW: Final = re.compile(r"m(\d+)_y\d+_")
_MAIN: Final = ("mineral", "quantity_unit", "output_unit", "right", "price_kind", "price_unit", "price_code", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineForm:
    """The form of one mineral; ``rows`` is the grid, ``sources`` the lists its prices come from with their years, ``banded``
    how prices by grade bands are written, empty where they are plain."""

    index: int
    main: tuple[FieldView, ...]
    rows: tuple[tuple[FieldView, ...], ...]
    sources: tuple[tuple[str, str], ...]
    second: tuple[FieldView, ...]
    remaining: tuple[FieldView, ...]
    remaining_source: str
    banded: str
    may_add_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePage:
    """Everything ``settlement_licence.html`` prints; ``settled`` and ``reapproved`` are ``None`` where not computed."""

    top: tuple[FieldView, ...]
    reapproval: tuple[FieldView, ...]
    lines: tuple[LineForm, ...]
    counts: Mapping[str, int]
    wrong: tuple[FieldView, ...]
    general: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    live: Live
    settled: Json | None
    reapproved: Json | None
    query: str
    failed: bool
    may_add_mineral: bool


def results_of(cases: Cases) -> tuple[Json, Json | None]:
    """Both results of the contract; an answer that could not be read is an error of its document."""
    settlement = compute(cases.settlement.document)
    return settlement, None if cases.reapproval is None else compute(cases.reapproval.document)


def settle_page(
    known: Known,
    given: Given,
    identifier: str,
    t: Speech,
    *,
    asked: bool,
    notes: Sequence[str],
    warnings: Sequence[str],
) -> SettlePage:
    """The page; ``asked`` where the officer wants the result and hears what is wrong."""
    cases = cases_of(given, identifier)
    errors: dict[str, str] = {name: t.text(text) for name, text in _unread(cases).items()}
    general: list[str] = []
    settled = reapproved = None
    if asked:
        first, second = results_of(cases)
        for case, result in ((cases.reapproval, second), (cases.settlement, first)):
            if case is not None and result is not None and not result["ok"]:
                named, others = errors_of(case, result, given, t)
                missing = [one["field"] for one in result["errors"] if is_rate_missing(one)]
                named |= {name: t.text(NO_RATE) for path in missing if (name := name_of(case, path)) in named}
                errors |= named
                general += others
        settled = first if first["ok"] and not cases.settlement.unread else None
        unread = cases.reapproval is not None and cases.reapproval.unread
        reapproved = second if second is not None and second["ok"] and not unread else None
    maker = Maker(given, t, errors)
    top = maker.all(settlefields.SETTLEMENT.values())
    reapproval = maker.all(settlefields.REAPPROVAL.values()) if reapproves(given) else ()
    lines = tuple(_line(maker, known, index) for index in range(minerals(given)))
    filled = {name: value for name, value in given.items() if value.strip()}
    return SettlePage(
        top=top,
        reapproval=reapproval,
        lines=lines,
        counts={"minerals": len(lines), **{f"m{line.index}_years": len(line.rows) for line in lines}},
        wrong=tuple(_with_year(one, given) for one in maker.wrong) if asked else (),
        general=tuple(dict.fromkeys(general)) if asked else (),
        notes=tuple(notes),
        warnings=tuple(warnings),
        live=live(cases, t),
        settled=None if settled is None else outcome(settled, t),
        reapproved=None if reapproved is None else {**_explained(reapproved, t), **_left(reapproved["result"], t)},
        query=urlencode({**filled, "do": COMPUTE}),
        failed=asked and bool(errors or general),
        may_add_mineral=len(lines) < MOST_MINERALS,
    )


def outcome(result: Json, t: Speech) -> Json:
    """The figures of a settlement in the order in which an officer acts on them."""
    figures = result["result"]
    top_up = figures["top_up"]
    return {
        **_explained(result, t),
        "settled": t.money(figures["settled_vnd"]),
        "paid": t.money(figures["paid_vnd"]),
        "difference": t.money(abs(figures["difference_vnd"])),
        "outcome": figures["outcome"],
        "outcome_text": cell("outcome", figures["outcome"], t).text,
        "first_reading": t.money(top_up["difference_vnd"]),
        "second_reading": None if top_up["repriced_vnd"] is None else t.money(top_up["repriced_vnd"]),
        "offsets": [t.money(figures[name]) for name in (
            "offset_debts_vnd", "offset_next_instalments_vnd", "excess_for_tax_office_vnd",
        )],
        "due": t.day(figures["additional_due_on"]),
    }  # fmt: skip


def _explained(result: Json, t: Speech) -> Json:
    """The explanation, its cautions apart: they must be seen while it is folded."""
    x = explanation(result, t)
    return {"cautions": x["cautions"], "x": {**x, "cautions": []}}


def _left(figures: Json, t: Speech) -> Json:
    return {
        "total": t.money(figures["total_vnd"]),
        "annual": t.money(figures["annual_vnd"]),
        "payments": figures["payments"],
        "quantities": [
            (cell("mineral", one["mineral"], t).text, t.number(one["remaining_quantity"]))
            for one in figures["minerals"]
        ],
    }


def _with_year(field: FieldView, given: Given) -> FieldView:
    """A field of the grid called by its year, for a list of what is wrong."""
    hit = _ROW.match(field.name)
    year = given.get(f"{hit[0]}year", "").strip() if hit else ""
    return replace(field, label=f"{year}, {field.label}") if year else field


def _unread(cases: Cases) -> dict[str, Any]:
    found = dict(cases.settlement.unread)
    if cases.reapproval is not None:
        found |= cases.reapproval.unread
    return found


def _cell(spec: Spec, *, banded: bool) -> Spec:
    """The field of a price: text where it holds grade bands."""
    return replace(spec, read=read_text) if banded and spec.key in _PRICES else spec


def _line(maker: Maker, known: Known, index: int) -> LineForm:
    given, prefix, t = maker.given, f"m{index}_", maker.t
    conversion = [settlefields.OUTPUT_CONVERSION.get(key) or fields.CONVERSION[key] for key in needs_of(given, index)]
    main: list[Spec] = [settlefields.MINERAL[key] for key in _MAIN]
    main += [*settlefields.RIGHT[right_of(given, index)], *conversion]
    banded = given.get(f"{prefix}price_kind") == settlefields.BANDS
    left_out = {"price_unit" if banded else "", "" if is_graded(given, index) else "grade"}
    shown = [_cell(spec, banded=banded) for key, spec in settlefields.YEAR.items() if key not in left_out]
    sources: dict[str, list[str]] = {}
    for one in typed_years(given, index):
        found = list_price(known, given, index, price_day(given, one.year), one.kind)
        if found is not None and found.value == one.price:
            sources.setdefault(told_source(found, t), []).append(str(one.year))
    rows = tuple(maker.all(shown, f"{prefix}y{row}_") for row in range(years(given, index)))
    remaining: tuple[FieldView, ...] = ()
    if reapproves(given):
        way = way_of(given, index)
        own = settlefields.REMAINING
        mined = () if way == "flow" else (own["mined_before_2014"], own["mined_since_2014"])
        price = _cell(own["remaining_price"], banded=banded)
        remaining = maker.all((own["way"], *settlefields.WAYS[way], *mined, own["remaining_kind"], price), prefix)
    source = list_price(known, given, index, remaining_price_day(), given.get(f"{prefix}remaining_kind", ""))
    return LineForm(
        index=index,
        main=maker.all(main, prefix),
        rows=rows,
        sources=tuple((", ".join(several), text) for text, several in sources.items()),
        second=maker.all((_cell(spec, banded=banded) for spec in settlefields.SECOND_READING.values()), prefix),
        banded=t.text(settlefields.BANDED_PRICE) if banded else "",
        remaining=remaining,
        remaining_source="" if source is None else f"{told_price(source.value, t)}: {told_source(source, t)}",
        may_add_year=len(rows) < MOST_YEARS,
    )
