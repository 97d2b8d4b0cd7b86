"""Whole documents of ``settlement``, ``reapproval`` and ``adjustment`` that compute (extra ``testing``)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from fees.case import Discard, KaolinState
from fees.output_conversion import KAOLIN
from fees.rate import non_auction_rate
from fees.right import lowest_rate
from fees.settlement_case import SettlementKind
from fees.testing_dates import law_changes, notice_dates, period_of
from fees.testing_prices import (
    banded,
    decimal_texts,
    determined,
    frame,
    frame_lines,
    graded,
    kaolin,
    parameters,
    raw,
    raw_converted,
)
from fees.testing_results import Json
from rules.lawbook import LawBook, MonthDay, law_book
from rules.number import plain
from rules.quantity import Unit

_FIRST_YEAR: Final = 2012
_MOST_YEARS: Final = 6
_MOST_LINES: Final = 3
_SOLID: Final = (Unit.M3_IN_SITU, Unit.M3_LOOSE, Unit.TONNE, Unit.KG)
_OUTPUTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "m3_in_situ": {"m3_loose": ("bulking_factor",), "tonne": ("density",)},
    "tonne": {"m3_loose": ("bulking_factor", "density")},
}
"""Output units that Annex V converts to those of a reserve, with the parameters it needs."""
_ROUNDING: Final = st.sampled_from([None, 1, 1000])
_FLOW_CODES: Final = ("hot_water", "mineral_water", "co2")
_LARGEST_FACTOR: Final = 10


@st.composite
def settlement_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound settlements of every case: all rights, price kinds and output units, years whose rate must be entered,
    approvals in the middle, notices around each change of the deadline, the second reading of a top-up. Each computes."""
    book = book or law_book()
    kind = draw(st.sampled_from(list(SettlementKind)))
    settled_on = draw(_decision_days(book))
    cutoff = draw(_cutoffs(kind, book))
    approved = draw(st.one_of(st.none(), st.dates(date(_FIRST_YEAR, 1, 1), date(2026, 6, 30))))
    first = cutoff.year - 4 if kind is SettlementKind.PERIODIC else _FIRST_YEAR
    repriced = draw(st.booleans())
    document: Json = {
        "id": draw(st.integers(0, 10**9)),
        "kind": "settlement",
        "case": kind.value,
        "settled_on": settled_on.isoformat(),
        "cutoff_on": cutoff.isoformat(),
        "paid_vnd": draw(st.one_of(st.just(0), st.integers(0, 10**18), st.integers(0, 10**9))),
        "minerals": [
            draw(_settled_minerals(book, settled_on, cutoff, approved, first, repriced=repriced))
            for _ in range(draw(st.integers(1, _MOST_LINES)))
        ],
    }
    notice = draw(notice_dates(settled_on, book))
    sums = st.one_of(st.none(), st.just(0), st.integers(0, 10**12))
    return _with_optional(
        draw,
        document,
        {
            "notice_on": notice and notice.isoformat(),
            "fee_approved_on": approved and approved.isoformat(),
            "budget_debts_vnd": draw(sums),
            "next_instalments_vnd": draw(sums),
            "rounding_vnd": draw(_ROUNDING),
        },
    )


@st.composite
def reapproval_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound re-approvals under both versions of Art. 141(2): every way of naming the licensed quantity, flows of waters and
    CO2, remainders down to nothing. Each computes."""
    book = book or law_book()
    decided = draw(_decision_days(book))
    document: Json = {
        "id": draw(st.integers(0, 10**9)),
        "kind": "reapproval",
        "decided_on": decided.isoformat(),
        "expires_on": draw(_ends(2025)).isoformat(),
        "minerals": [
            draw(st.one_of(_remaining_minerals(book, decided), _flowing_minerals(book, decided)))
            for _ in range(draw(st.integers(1, _MOST_LINES)))
        ],
    }
    notice = draw(notice_dates(decided, book))
    optional = {"tax_notice_on": notice and notice.isoformat(), "rounding_vnd": draw(_ROUNDING)}
    return _with_optional(draw, document, optional)


@st.composite
def adjustment_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound adjustments for every reason of Art. 136(1), triggered or not. Each computes."""
    book = book or law_book()
    adjusted = draw(_decision_days(book))
    first = draw(st.integers(2020, 2030))
    reason = draw(st.sampled_from(["reserve", "term", "price_or_rate"]))
    document: Json = {
        "id": draw(st.integers(0, 10**9)),
        "kind": "adjustment",
        "adjusted_on": adjusted.isoformat(),
        "reason": reason,
        "first_unsettled_year": first,
        "expires_on": draw(_ends(first)).isoformat(),
        "minerals": [
            draw(_adjusted_minerals(book, adjusted, reason)) for _ in range(draw(st.integers(1, _MOST_LINES)))
        ],
    }
    years = draw(st.lists(st.integers(first - 8, first - 1), unique=True, max_size=5))
    notice = draw(notice_dates(adjusted, book))
    optional = {
        "settled": [{"year": year, "amount_vnd": draw(st.integers(0, 10**12))} for year in years] or None,
        "tax_notice_on": notice and notice.isoformat(),
        "rounding_vnd": draw(_ROUNDING),
    }
    return _with_optional(draw, document, optional)


@st.composite
def rights(draw: st.DrawFn, mineral: str, on: date, book: LawBook) -> Json:
    """How a right was obtained; rates won lie at or above the lowest the mineral had up to a day."""
    by = draw(st.sampled_from(["no_auction", "no_auction", "rate_auction", "money_auction"]))
    if by == "rate_auction":
        row = lowest_rate(book, mineral, on)
        assert row is not None  # the book covers every mineral while the procedure exists
        rate = row.number() + Decimal(draw(decimal_texts("0", "20", 4)))
        return {"by": by, "winning_rate_percent": plain(*rate.as_integer_ratio())}
    if by == "money_auction":
        start = draw(st.integers(1, 10**12))
        won = draw(st.one_of(st.just(start), st.integers(start, 10 * start)))
        return {
            "by": by,
            "won_vnd": won,
            "start_vnd": start,
            "rate_at_auction_percent": draw(decimal_texts("0.5", "5", 2)),
        }
    return {"by": by}


@st.composite
def _settled_minerals(
    draw: st.DrawFn, book: LawBook, settled_on: date, cutoff: date, approved: date | None, first: int, *, repriced: bool
) -> Json:
    mineral = draw(_minerals(book))
    base = draw(_priced(mineral, book))
    unit = base["quantity_unit"]
    years = draw(st.lists(st.integers(first, cutoff.year), unique=True, min_size=1, max_size=_MOST_YEARS))
    days = {year: approved if approved and year < approved.year else date(year, 1, 1) for year in years}
    dated = {year: non_auction_rate(book, mineral, day) is not None for year, day in days.items()}
    right = draw(rights(mineral, settled_on, book))
    discard = draw(st.sampled_from([None, None, *(one.value for one in Discard)]))
    if right["by"] != "no_auction" and not all(dated.values()):
        discard = None  # the table's rate is asked for, and none may be entered
    line: Json = {"mineral": mineral, "quantity_unit": unit, "right": right, "years": []}
    for year in years:
        at = draw(_prices_of_day(base, mineral, book, days[year]))
        one = {"year": year, **draw(_outputs(mineral, unit, at)), "price": at["price"]}
        if right["by"] == "no_auction" and (not dated[year] or draw(st.integers(0, 4)) == 0):
            one["rate_percent"] = draw(decimal_texts("0.5", "9", 3))
        line["years"].append(one)
    has_rate = non_auction_rate(book, mineral, cutoff) is not None
    if repriced and (has_rate or (right["by"] != "no_auction" and discard is None)):
        at = draw(_prices_of_day(base, mineral, book, cutoff))
        line["cutoff_price"] = at["price"]
        line["unpaid_quantity"] = draw(decimal_texts("0", "1000000", 3))
        if at["price"]["kind"] != "raw" or at["price"]["unit"] != unit or draw(st.booleans()):
            line["cutoff_conversion"] = at.get("conversion") or {}
    return _with_optional(draw, line, {"as": discard})


@st.composite
def _prices_of_day(draw: st.DrawFn, base: Json, mineral: str, book: LawBook, on: date) -> Json:
    """The price of another day in the same unit of reserve: of the same kind, raw mineral, or the frame's average."""
    unit = base["quantity_unit"]
    plain_raw = {"price": {"kind": "raw", "amount": draw(st.integers(1, _dearest(unit))), "unit": unit}}
    found = [plain_raw, base]
    fitting = [one for one in frame_lines(book, on) if one.unit == unit]
    if fitting:
        found.append(draw(frame(fitting)))
    chosen = draw(st.sampled_from(found))
    return plain_raw if chosen.get("quantity_unit", unit) != unit else chosen


def _dearest(unit: str) -> int:
    return 10**9 if unit == Unit.KG.value else 10**7


@st.composite
def _outputs(draw: st.DrawFn, mineral: str, unit: str, at: Json) -> Json:
    """``output``, ``output_unit`` and ``conversion``: the price's parameters with those that Annex V needs."""
    conversion = dict(at.get("conversion") or {})
    price = at["price"]
    small = Unit.KG.value in (unit, price.get("unit"))
    found: Json = {"output": draw(decimal_texts("0", str(10**4 if small else 10**6), 3)), "output_unit": unit}
    way = draw(st.sampled_from(["same", "annex", "authority"]))
    if mineral == KAOLIN and way == "annex":
        state = draw(st.one_of(st.none(), st.sampled_from([one.value for one in KaolinState])))
        conversion = {**draw(parameters("kaolin_recovery")), **conversion}
        conversion.update({} if state is None else {"output_state": state})
    elif way == "annex" and price["kind"] != "determined" and "kaolin_state" not in conversion:
        # a determined factor stands beside no parameter of a formula
        outputs = _OUTPUTS.get(unit, {})
        if outputs:
            found["output_unit"] = draw(st.sampled_from(sorted(outputs)))
            conversion = {**draw(parameters(*outputs[found["output_unit"]])), **conversion}
    elif way == "authority":
        found["output_unit"] = Unit.KG.value if unit != Unit.KG.value else Unit.TONNE.value
        source = {
            "output_factor": draw(decimal_texts("0.001", str(_LARGEST_FACTOR))),
            "factor_source": "Văn bản 15/UBND",
        }
        conversion = {**source, **conversion}
    if "kaolin_state" in conversion and "kaolin_recovery" not in conversion:
        conversion |= draw(parameters("kaolin_recovery"))
    found["conversion"] = conversion
    return found


@st.composite
def _remaining_minerals(draw: st.DrawFn, book: LawBook, decided: date) -> Json:
    mineral = draw(_minerals(book))
    at = draw(_priced(mineral, book, draw(st.booleans()) and _price_day(book)))
    unit = at["quantity_unit"]
    declared = draw(_outputs(mineral, unit, at))
    before, since = (draw(decimal_texts("0", "10000", 2)) for _ in range(2))
    mined = _LARGEST_FACTOR * (Decimal(before) + Decimal(since)) + Decimal(draw(decimal_texts("0.001", "10000", 3)))
    if declared["output_unit"] == unit and mineral != KAOLIN and Decimal(before) + Decimal(since) > 0:
        mined = draw(st.sampled_from([mined, Decimal(before) + Decimal(since)]))  # down to nothing left
    licensed = plain(*mined.as_integer_ratio())
    names = ["allowed", "mining", "in_design", "geological", "mine"]
    start = draw(st.integers(0, len(names) - 1))
    ways: list[Json] = [
        {"licensed_quantity": licensed},
        {"reserves": {names[start]: licensed, **dict.fromkeys(names[start + 1 :], "0.001")}},
        {"capacity_per_year": licensed, "licence_years": draw(st.integers(1, 30))},
        {
            "consumption_per_product": draw(decimal_texts("1", "2", 3)),
            "products_per_year": licensed,
            "remaining_years": draw(decimal_texts("1", "20", 1)),
        },
    ]
    line: Json = {
        "mineral": mineral,
        "quantity_unit": unit,
        **draw(st.sampled_from(ways)),
        "mined_since_2014": since,
        "output_unit": declared["output_unit"],
        "price": at["price"],
        "conversion": declared["conversion"],
        "right": draw(rights(mineral, decided, book)),
    }
    discard = draw(st.sampled_from([None, None, *(one.value for one in Discard)]))
    return _with_optional(draw, line, {"mined_before_2014": before if Decimal(before) else None, "as": discard})


@st.composite
def _flowing_minerals(draw: st.DrawFn, book: LawBook, decided: date) -> Json:
    mineral = draw(st.sampled_from(_FLOW_CODES))
    line: Json = {
        "mineral": mineral,
        "flow_m3_per_day": draw(decimal_texts("0.1", "100000", 3)),
        "term_days": draw(st.integers(1, 20000)),
        "price": {"kind": "raw", "amount": draw(st.integers(1, 10**6)), "unit": Unit.M3_WATER.value},
        "right": draw(rights(mineral, decided, book)),
    }
    return _with_optional(draw, line, {"hours_per_day": draw(st.one_of(st.none(), decimal_texts("0.5", "24", 2)))})


@st.composite
def _adjusted_minerals(draw: st.DrawFn, book: LawBook, adjusted: date, reason: str) -> Json:
    mineral = draw(_minerals(book))
    at = draw(_priced(mineral, book, adjusted))
    line: Json = {
        "mineral": mineral,
        "remaining_quantity": draw(decimal_texts("0.001", "1000000", 3)),
        "quantity_unit": at["quantity_unit"],
        "price": at["price"],
        "right": draw(rights(mineral, adjusted, book)),
    }
    if at.get("conversion"):
        line["conversion"] = at["conversion"]
    row = non_auction_rate(book, mineral, adjusted)
    assert row is not None  # the book covers every mineral while the procedure exists
    approved = {
        "approved_price_vnd": draw(st.one_of(_near(at["price"]), decimal_texts("1", "10000000", 2))),
        "approved_rate_percent": draw(st.one_of(st.just(str(row.number())), decimal_texts("0.5", "9", 2))),
    }
    needed = reason == "price_or_rate"
    kept = draw(st.sets(st.sampled_from(sorted(approved)), min_size=1 if needed else 0))
    return _with_optional(draw, line, {name: approved[name] for name in sorted(kept)})


def _near(price: Json) -> st.SearchStrategy[str]:
    """The price itself, and what it was before it moved by a fifth, a little more, a little less."""
    amount = Decimal(price.get("amount", 1000))
    shares = [Decimal(one) for one in ("1", "1.25", "1.2500001", "0.8", "0.84", "1.1")]
    return st.sampled_from([plain(*(amount * share).as_integer_ratio()) for share in shares])


@st.composite
def _priced(draw: st.DrawFn, mineral: str, book: LawBook, framed_on: date | bool = False) -> Json:
    """Unit of reserve, price and conversion that fit each other; averages of the frame where a day is given."""
    water = book.minerals[mineral].water
    units = (Unit.M3_WATER,) if water else _SOLID
    ways: list[st.SearchStrategy[Json]] = [raw(units), determined()]
    if not water:
        ways += [raw_converted(), raw_converted(), graded(units), banded(units)]
    if mineral == KAOLIN:
        ways += [kaolin(), kaolin(), kaolin()]
    if isinstance(framed_on, date):
        fitting = [one for one in frame_lines(book, framed_on) if (one.unit is Unit.M3_WATER) is water]
        ways += [frame(fitting)] if fitting else []
    found: Json = draw(st.one_of(ways))
    return found


def _minerals(book: LawBook) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(list(book.minerals)), st.sampled_from([KAOLIN, "coal"]))


def _price_day(book: LawBook) -> date:
    return book.first("reapproval.price_on").day()


def _decision_days(book: LawBook) -> st.SearchStrategy[date]:
    """Days of a decision: around each change of law since the procedure exists, any other day, some past the horizon."""
    first, last = period_of("licence_right_fee", book).start, book.horizon + timedelta(days=400)
    near = {day + timedelta(days=by) for day in law_changes(book) for by in (-1, 0, 1)}
    return st.one_of(st.sampled_from(sorted(day for day in near if first <= day <= last)), st.dates(first, last))


def _cutoffs(kind: SettlementKind, book: LawBook) -> st.SearchStrategy[date]:
    if kind is SettlementKind.FIRST:
        return st.just(book.first("settlement.first_cutoff").day())
    if kind is SettlementKind.PERIODIC:
        end = book.first("settlement.period_end").value
        assert isinstance(end, MonthDay)
        return st.sampled_from([end.of(year) for year in range(2023, 2029)])
    return st.dates(date(2018, 1, 1), date(2027, 12, 31))


def _ends(first: int) -> st.SearchStrategy[date]:
    """Ends of a term: around the day from which the last year counts, and any other."""
    years = st.integers(first, first + 30)
    edges = [(6, 30), (7, 1), (7, 2), (12, 31), (1, 1)]
    return st.one_of(
        st.builds(lambda year, edge: date(year, *edge), years, st.sampled_from(edges)),
        st.dates(date(first, 1, 1), date(first + 30, 12, 31)),
    )


def _with_optional(draw: st.DrawFn, document: Json, optional: dict[str, Any]) -> Json:
    """Add the optional fields that have a value; of the others, some as null and some not at all."""
    for name, value in optional.items():
        if value is not None or draw(st.booleans()):
            document[name] = value
    return document
