"""Whole documents of the recurring duties that compute (extra ``testing``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from fees.case import MiningMethod
from fees.environmental_fee import FRAME
from fees.licence_fee import APPRAISAL, MEASURE_FIELDS, Procedure, licence_classes
from fees.resource_tax import RATES
from fees.testing_dates import law_changes
from fees.testing_prices import decimal_texts
from fees.testing_results import Json
from rules.lawbook import LawBook, law_book
from rules.number import plain
from rules.quantity import Unit

_LAST: Final = date(2028, 12, 31)
_QUANTITIES: Final = st.one_of(st.just("0"), decimal_texts("0", "100000000"), decimal_texts("0", "10000000000"))
_RATES: Final = st.integers(1, 10**6)


def _days(first: date, book: LawBook) -> st.SearchStrategy[date]:
    """Days from ``first`` on, thickest around the changes of the law."""
    near = [day + timedelta(days=by) for day in law_changes(book) for by in (-1, 0, 1)]
    return st.one_of(st.sampled_from([day for day in near if first <= day <= _LAST]), st.dates(first, _LAST))


def _optional(draw: st.DrawFn, values: Json) -> Json:
    """Some of the optional fields, some of the others as null."""
    asked = {name: draw(st.sampled_from(("given", "null", "absent"))) for name in values}
    return {
        name: value if asked[name] == "given" else None for name, value in values.items() if asked[name] != "absent"
    }


@st.composite
def resource_tax_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound months of the resource tax: with and without a selling price, nil months, the rate entered or by its code."""
    book = book or law_book()
    by_code = draw(st.booleans())
    first = book.first("resource_tax.formula").period.start
    if by_code:
        first = min(line.period.start for series in book.tariffs[RATES].lines.values() for line in series.rows)
    dated = draw(st.booleans())
    if dated:
        first = max(first, book.first("tax_return.monthly_day").period.start)
    code = draw(st.sampled_from(sorted(book.tariffs[RATES].lines))) + draw(st.sampled_from(("", "02", "0203")))
    return {
        "id": draw(st.integers(0, 10**9)),
        "kind": "resource_tax",
        "period": draw(_days(first, book)).isoformat()[:7],
        "quantity": draw(_QUANTITIES),
        "provincial_price_vnd": draw(st.integers(1, 10**7)),
        "rate_percent": None if by_code else draw(decimal_texts("0.001", "100")),
        **({"resource_code": code} if by_code else {}),
        **({"with_due_date": True} if dated else {}),
        **_optional(
            draw,
            {
                "selling_price_vnd": draw(decimal_texts("0.01", "10000000")),
                "unit": draw(st.sampled_from(list(Unit))).value,
            },
        ),
    }


@st.composite
def environmental_fee_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound months of the environmental fee: every method, salvage, polymetallic ore, nil months, lines of the frame."""
    book = book or law_book()
    count = draw(st.integers(1, 4))
    shares: list[str | None] = [None] * count
    whole = draw(_QUANTITIES)
    if draw(st.booleans()):
        cuts = sorted(draw(st.sets(st.integers(1, 999), min_size=count - 1, max_size=count - 1)))
        parts = [high - low for low, high in zip([0, *cuts], [*cuts, 1000], strict=True)]
        shares = [plain(part, 10) for part in parts]
    minerals = [
        {
            "quantity": whole if share is not None else draw(_QUANTITIES),
            "rate_vnd_per_unit": draw(_RATES),
            **({"grade_share_percent": share} if share is not None else {}),
            **_optional(
                draw,
                {
                    "mineral": draw(st.sampled_from(sorted(book.minerals))),
                    "unit": draw(st.sampled_from(list(Unit))).value,
                    "frame_line": draw(st.sampled_from(sorted(book.tariffs[FRAME].lines))),
                },
            ),
        }
        for share in shares
    ]
    after = book.first("environmental_fee.formula").period.start + timedelta(days=31)
    return {
        "id": draw(st.integers(0, 10**9)),
        "kind": "environmental_fee",
        "period": draw(_days(after.replace(day=1), book)).isoformat()[:7],
        "overburden_m3": draw(_QUANTITIES),
        "mining_method": draw(st.sampled_from(list(MiningMethod))).value,
        "minerals": minerals,
        **_optional(draw, {"salvage": draw(st.booleans()), "with_due_date": draw(st.booleans())}),
    }


@st.composite
def late_interest_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound payments: before, on and after the due date, around days off and changes of the law."""
    book = book or law_book()
    due = draw(_days(book.first("late_interest.daily_rate").period.start, book))
    return {
        "id": draw(st.integers(0, 10**9)),
        "kind": "late_interest",
        "amount_vnd": draw(st.one_of(st.integers(0, 10**13), st.sampled_from((0, 1, 5000, 10**15)))),
        "due_on": due.isoformat(),
        "paid_on": (due + timedelta(days=draw(st.integers(-20, 900)))).isoformat(),
    }


@st.composite
def licence_fee_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound licences of every class, and reserves, with measures around the bounds of the tariff."""
    book = book or law_book()
    of_class = draw(st.one_of(st.sampled_from(list(licence_classes())), st.just(APPRAISAL)))
    document: Json = {
        "id": draw(st.integers(0, 10**9)),
        "kind": "licence_fee",
        "granted_on": draw(_days(book.first("licence_fee.payable").period.start, book)).isoformat(),
        "licence_class": of_class,
    }
    if of_class == APPRAISAL:
        bounds = [int(row.number()) for (name, _), row in book.in_force(_LAST).items() if name == f"{APPRAISAL}.from"]
        near = st.builds(lambda bound, by: max(0, bound + by), st.sampled_from(bounds), st.integers(-1, 1))
        return document | {"exploration_cost_vnd": draw(st.one_of(near, st.integers(0, 10**14)))}
    bounds = sorted(
        {
            int(condition.bound)
            for series in book.tariffs["licence_fees"].lines.values()
            for line in series.rows
            for one in line.applies
            for condition in one.conditions
        }
    )
    for name in licence_classes()[of_class]:
        bound = Decimal(draw(st.sampled_from(bounds))) + draw(st.sampled_from((-1, 0, 1))) * Decimal("0.5")
        document[MEASURE_FIELDS[name]] = plain(*bound.as_integer_ratio())
    return document | _optional(draw, {"procedure": draw(st.sampled_from(list(Procedure))).value})


@st.composite
def infrastructure_contribution_documents(draw: st.DrawFn, book: LawBook | None = None) -> Json:
    """Sound contributions: levels up to the cap, one mineral or several."""
    book = book or law_book()
    minerals = []
    for _ in range(draw(st.integers(1, 3))):
        price = draw(st.integers(100, 10**7))
        minerals.append(
            {
                "mineral": draw(st.sampled_from(sorted(book.minerals))),
                "planned_quantity": draw(_QUANTITIES),
                "resource_tax_price_vnd": price,
                "level_vnd_per_unit": draw(st.one_of(st.just(price // 100), st.integers(1, price // 100))),
            }
        )
    return {
        "id": draw(st.integers(0, 10**9)),
        "kind": "infrastructure_contribution",
        "set_on": draw(_days(book.first("infrastructure_contribution.formula").period.start, book)).isoformat(),
        "minerals": minerals,
        **_optional(draw, {"rounding_vnd": draw(st.sampled_from((1, 1000)))}),
    }


DUTY_DOCUMENTS: Final[dict[str, Callable[[], st.SearchStrategy[Any]]]] = {
    "resource_tax": resource_tax_documents,
    "environmental_fee": environmental_fee_documents,
    "late_interest": late_interest_documents,
    "licence_fee": licence_fee_documents,
    "infrastructure_contribution": infrastructure_contribution_documents,
}
"""Sound documents by kind."""
