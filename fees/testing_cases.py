"""Whole documents of the compute contract that compute: both fee kinds, and declarations of output (extra ``testing``)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from fees.case import Area, Discard, Group, KaolinState, Licensor, MiningMethod, Split
from fees.output_conversion import KAOLIN
from fees.rate import non_auction_rate
from fees.testing_dates import FEE_KINDS, FeeKind, approval_dates, notice_dates, terms
from fees.testing_prices import Json, decimal_texts, lines, parameters
from rules.lawbook import LawBook, law_book
from rules.number import plain
from rules.quantity import Unit

MOST_LINES: Final = 3
_EXEMPTIBLE: Final = (Group.III, Group.IV)


def fee_documents(kind: FeeKind | None = None, book: LawBook | None = None) -> st.SearchStrategy[Json]:
    """Sound documents of one fee kind, or of both. Each computes: ``ok`` is true."""
    kinds = FEE_KINDS if kind is None else (kind,)
    return st.one_of([_fee_document(one, book or law_book()) for one in kinds])


@st.composite
def _fee_document(draw: st.DrawFn, kind: FeeKind, book: LawBook) -> Json:
    approved = draw(approval_dates(kind, book))
    issued, expires = draw(terms(approved, book))
    group = draw(st.sampled_from(list(Group)))
    count = draw(st.integers(1, MOST_LINES))
    document: Json = {
        "id": draw(st.one_of(st.text(max_size=12), st.integers(0, 10**9))),
        "kind": kind,
        "approved_on": approved.isoformat(),
        "licence": {"issued_on": issued.isoformat(), "expires_on": expires.isoformat(), "group": group.value},
        "minerals": [draw(mineral_lines(kind, approved, group, book)) for _ in range(count)],
    }
    notice = draw(notice_dates(approved, book))
    optional: Json = {"tax_notice_on": notice and notice.isoformat(), "rounding_vnd": draw(_ROUNDING)}
    if kind == "licence_right_fee_2019":
        document["mining_method"] = draw(_names(MiningMethod))
        document["area"] = draw(_names(Area))
        document["licensed_by"] = draw(_names(Licensor))
        optional["split"] = draw(st.one_of(st.none(), _names(Split)))
        optional["repricing"] = draw(st.one_of(st.none(), repricings(approved.year))) if count == 1 else None
    return _with_optional(draw, document, optional)


@st.composite
def mineral_lines(draw: st.DrawFn, kind: FeeKind, approved_on: date, group: Group, book: LawBook) -> Json:
    """One mineral: any code, a fitting price, perhaps an exempt volume, a rate won, waste rock or tailings."""
    rare = [
        code for code, one in book.minerals.items() if one.water or code == KAOLIN
    ]  # the ones with rules of their own
    mineral = draw(st.one_of(st.sampled_from(list(book.minerals)), st.sampled_from(rare)))
    line: Json = {"mineral": mineral, **draw(lines(mineral, kind, approved_on, book))}
    optional: Json = {"as": draw(st.one_of(st.none(), st.none(), _names(Discard)))}
    own = non_auction_rate(book, mineral, approved_on)
    assert own is not None
    won = st.builds(
        lambda more: plain(*(own.number() + Decimal(more)).as_integer_ratio()), decimal_texts("0", "150", 4)
    )
    optional["winning_rate_percent"] = draw(st.one_of(st.none(), won))
    quantity = line.get("quantity")
    if quantity is not None and group in _EXEMPTIBLE and book.minerals[mineral].exemptible:
        part = decimal_texts("0", quantity, 3)
        optional["exempt_quantity"] = draw(st.one_of(st.none(), st.just("0"), part, st.just(quantity)))
    return _with_optional(draw, line, optional)


@st.composite
def repricings(draw: st.DrawFn, first_year: int) -> list[Json]:
    """Re-pricings of Decree 67/2019 Art. 10: each year at most once, a price, a rate or both."""
    years = draw(st.lists(st.integers(first_year, first_year + 15), unique=True, min_size=1, max_size=4))
    found: list[Json] = []
    for year in years:
        price, rate = draw(st.integers(1, 10**7)), draw(decimal_texts("0.5", "9", 2))
        both = {"price_amount": price, "rate_percent": rate}
        kept = draw(st.sampled_from([("price_amount",), ("rate_percent",), tuple(both)]))
        found.append({"year": year, **{name: both[name] for name in kept}})
    return found


@st.composite
def output_declarations(draw: st.DrawFn, first_year: int = 2014, last_year: int = 2026) -> Json:
    """A declaration of yearly outputs that Annex V converts to the reserve's unit.

    ``{"mineral", "quantity_unit", "conversion", "years": [{"year", "output", "output_unit"}]}``; the conversion fits every
    output unit that occurs. For settlements and re-approvals.
    """
    book = law_book()
    mineral = draw(st.sampled_from([one.code for one in book.minerals.values() if not one.water]))
    reserve = draw(st.sampled_from((Unit.M3_IN_SITU, Unit.M3_LOOSE, Unit.TONNE)))
    outputs = {
        Unit.M3_IN_SITU: (Unit.M3_IN_SITU, Unit.M3_LOOSE, Unit.TONNE),
        Unit.TONNE: (Unit.TONNE, Unit.M3_LOOSE),
    }.get(reserve, (reserve,))
    conversion = draw(parameters("bulking_factor", "density"))
    if mineral == KAOLIN:
        reserve = Unit.TONNE
        outputs = (reserve,)
        conversion = {**draw(parameters("kaolin_recovery")), "kaolin_state": draw(_names(KaolinState))}
        state = draw(st.one_of(st.none(), _names(KaolinState)))
        conversion.update({} if state is None else {"output_state": state})
    years = sorted(draw(st.sets(st.integers(first_year, last_year), min_size=1, max_size=12)))
    return {
        "mineral": mineral,
        "quantity_unit": reserve.value,
        "conversion": conversion,
        "years": [
            {
                "year": year,
                "output": draw(decimal_texts("0", str(10**8), 3)),
                "output_unit": draw(st.sampled_from(outputs)).value,
            }
            for year in years
        ],
    }


_ROUNDING: Final = st.sampled_from([None, 1, 1000])


def _names(enum: type[Area | Discard | KaolinState | Licensor | MiningMethod | Split]) -> st.SearchStrategy[str]:
    return st.sampled_from([one.value for one in enum])


def _with_optional(draw: st.DrawFn, document: Json, optional: Json) -> Json:
    """Add the optional fields that have a value; of the others, some as null and some not at all."""
    for name, value in optional.items():
        if value is not None or draw(st.booleans()):
            document[name] = value
    return document
