"""Whole documents of the auction kinds that compute: terms, outcomes, payment plans, the old regimes (extra ``testing``)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from hypothesis import strategies as st

from fees.case import Area, Discard, Group, MiningMethod
from fees.output_conversion import KAOLIN
from fees.rate import non_auction_rate
from fees.testing_dates import FeeKind, approval_dates, terms
from fees.testing_prices import decimal_texts, lines
from fees.testing_results import Json
from rules.lawbook import LawBook, law_book
from rules.number import plain

AuctionKind = Literal["auction_terms", "auction_outcome", "payment_plan", "auction_money_2012", "auction_rate_2012"]
"""The auction kinds of the contract."""

AUCTION_KINDS: Final[tuple[AuctionKind, ...]] = (
    "auction_terms", "auction_outcome", "payment_plan", "auction_money_2012", "auction_rate_2012",
)  # fmt: skip
_MOST_LINES: Final = 3
_MOST_STEPS: Final = 200
_ROUNDING: Final = st.sampled_from([None, 1, 1000])
_SAND: Final = frozenset({"river_sand_gravel", "lake_sand_gravel", "sea_sand_gravel"})
_ONE_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=800)
"""Terms are drawn for this day: they begin up to 400 days and a turn of the year before it."""
_LARGEST: Final = Decimal(10**15)


def auction_documents(kind: AuctionKind | None = None, book: LawBook | None = None) -> st.SearchStrategy[Json]:
    """Sound documents of one auction kind, or of all. Each computes: ``ok`` is true."""
    book = book or law_book()
    made = {
        "auction_terms": _terms("auction_terms", book),
        "auction_outcome": _terms("auction_outcome", book),
        "payment_plan": _terms("payment_plan", book),
        "auction_money_2012": _money(book),
        "auction_rate_2012": _rate(book),
    }
    return st.one_of(list(made.values())) if kind is None else made[kind]


@st.composite
def _terms(draw: st.DrawFn, kind: AuctionKind, book: LawBook) -> Json:
    """Terms of any area; with a winning rate on the grid, and with levels around the expected ones."""
    on = draw(approval_dates("licence_right_fee", book))
    group = draw(st.sampled_from(list(Group)))
    minerals = [draw(_area_mineral(kind, on, book)) for _ in range(draw(st.integers(1, _MOST_LINES)))]
    sold = [index for index, line in enumerate(minerals) if line.get("as") is None]
    if not sold:
        sold = [draw(st.integers(0, len(minerals) - 1))]
        minerals[sold[0]].pop("as")
    starts = {_start(minerals[index]["mineral"], on, book) for index in sold}
    main = draw(st.one_of(st.none(), st.sampled_from(sold)))
    if main is None and kind != "auction_terms" and len(starts) > 1:
        main = sold[0]  # a winning rate on the grid needs to know which start it is of
    if main is not None:
        minerals[main]["main"] = True
        starts = {_start(minerals[main]["mineral"], on, book)}
    share = draw(decimal_texts("1", "10", 3))
    document: Json = {
        "id": draw(st.one_of(st.text(max_size=12), st.integers(0, 10**9))),
        "kind": kind,
        "set_on": on.isoformat(),
        "group": group.value,
        "explored": draw(st.booleans()),
        "step_percent_of_start": share,
        "deposit_percent": draw(_deposits(group, [minerals[index]["mineral"] for index in sold])),
        "minerals": minerals,
    }
    list_on = draw(st.one_of(st.none(), st.integers(0, 1000).map(lambda days: on - timedelta(days=days))))
    optional: Json = {"price_list_on": list_on and list_on.isoformat(), "rounding_vnd": draw(_ROUNDING)}
    document |= {name: value for name, value in optional.items() if value is not None or draw(st.booleans())}
    if kind != "auction_terms":
        start = starts.pop()
        steps = draw(st.one_of(st.just(0), st.integers(0, _MOST_STEPS)))
        won = start + steps * start * Decimal(share) / 100
        document["winning_rate_percent"] = plain(*won.as_integer_ratio())
    if kind == "payment_plan":
        issued, expires = draw(terms(on + _AHEAD, book))
        document["licence"] = {"issued_on": issued.isoformat(), "expires_on": expires.isoformat()}
        document["price_low_percent"] = draw(decimal_texts("10", "100", 2))
        document["price_high_percent"] = draw(decimal_texts("100", "200", 2))
    return document


def _start(mineral: str, on: date, book: LawBook) -> Decimal:
    row = non_auction_rate(book, mineral, on)
    assert row is not None
    return row.number()


@st.composite
def _area_mineral(draw: st.DrawFn, kind: AuctionKind, on: date, book: LawBook) -> Json:
    rare = [code for code, one in book.minerals.items() if one.water or code == KAOLIN]
    mineral = draw(st.one_of(*map(st.sampled_from, (list(book.minerals), sorted(_SAND), rare))))
    of_flow: FeeKind = "licence_right_fee_2019" if kind == "payment_plan" else "licence_right_fee"
    line: Json = {"mineral": mineral, **draw(lines(mineral, of_flow, on, book))}  # the fees of 2019 have no flows
    discard = draw(st.one_of(st.none(), st.none(), st.sampled_from([one.value for one in Discard])))
    if discard is not None:
        line["as"] = discard
    if kind == "payment_plan":
        quantity = line["quantity"]
        line["quantity_low"] = draw(st.one_of(st.just("0"), st.just(quantity), decimal_texts("0", quantity, 3)))
        high = min(2 * Decimal(quantity), _LARGEST)
        line["quantity_high"] = draw(st.one_of(st.just(quantity), decimal_texts(quantity, high, 3)))
    return line


def _deposits(group: Group, sold: list[str]) -> st.SearchStrategy[str]:
    """Deposit rates that keep the band, whichever of the minerals turns out to be auctioned; the edges too."""
    always = group is Group.IV or _SAND.issuperset(sold)
    never = group is not Group.IV and _SAND.isdisjoint(sold)
    least, most = ("10" if never else "20"), ("50" if always else "30")
    return st.one_of(decimal_texts(least, most, 3), st.sampled_from([least, most]))


def _old_days(first: date, book: LawBook) -> st.SearchStrategy[date]:
    """Days of the old regimes from ``first`` on, thick around the change of the deposit's band."""
    last = book.series["auction_2012.deposit_max", ""].rows[-1].period.end
    assert last is not None
    changes = [row.period.start for row in book.series["auction_2012.deposit_max", ""].rows]
    edges = [first, last - _ONE_DAY, *(change + shift * _ONE_DAY for change in changes for shift in (-1, 0, 1))]
    return st.one_of(st.dates(first, last - _ONE_DAY), st.sampled_from([day for day in edges if first <= day < last]))


def _old_deposits(on: date, book: LawBook) -> st.SearchStrategy[str]:
    least, most = (book.get(f"auction_2012.deposit_{name}", on).number() for name in ("min", "max"))
    return st.one_of(decimal_texts(least, most, 3), st.sampled_from([str(least), str(most)]))


@st.composite
def _old_mineral(draw: st.DrawFn, on: date, book: LawBook) -> Json:
    mineral = draw(st.sampled_from(list(book.minerals)))
    return {"mineral": mineral, **draw(lines(mineral, "licence_right_fee_2019", on, book))}


@st.composite
def _money(draw: st.DrawFn, book: LawBook) -> Json:
    """Auctions in money: an approved start, a computed one, or an approved one above the fee."""
    form = draw(st.sampled_from(["given", "computed", "both"]))
    first = book.instrument("22/2012/NĐ-CP" if form == "given" else "67/2019/NĐ-CP").period.start
    on = draw(_old_days(first, book))
    document: Json = {
        "id": draw(st.integers(0, 10**9)),
        "kind": "auction_money_2012",
        "set_on": on.isoformat(),
        "step_vnd": draw(st.integers(1, 10**12)),
        "deposit_percent": draw(_old_deposits(on, book)),
    }
    start = None
    if form != "computed":
        above_every_fee = form == "both"
        start = draw(st.integers(10**17, 5 * 10**17) if above_every_fee else st.integers(1, 10**12))
        document["start_vnd"] = start
    if form != "given":
        document["minerals"] = [draw(_old_mineral(on, book)) for _ in range(draw(st.integers(1, _MOST_LINES)))]
        document["mining_method"] = draw(_names(MiningMethod))
        document["area"] = draw(_names(Area))
        document["rounding_vnd"] = draw(_ROUNDING)
    if start is not None:
        won: Any = st.integers(0, 10**5).map(lambda steps: start + steps * document["step_vnd"])
        document["won_vnd"] = draw(st.one_of(st.none(), st.just(start), won))
    if form == "given":
        document["rate_at_auction_percent"] = draw(st.one_of(st.none(), decimal_texts("1", "15", 2)))
    return document


@st.composite
def _rate(draw: st.DrawFn, book: LawBook) -> Json:
    """Auctions by rate of unexplored areas, with and without a winning rate on the grid."""
    on = draw(_old_days(book.instrument("67/2019/NĐ-CP").period.start, book))
    line = draw(_old_mineral(on, book))
    start, step = _start(line["mineral"], on, book), draw(decimal_texts("0.01", "1", 3))
    won = st.integers(0, _MOST_STEPS).map(lambda steps: plain(*(start + steps * Decimal(step)).as_integer_ratio()))
    return {
        "id": draw(st.integers(0, 10**9)),
        "kind": "auction_rate_2012",
        "set_on": on.isoformat(),
        "mining_method": draw(_names(MiningMethod)),
        "step_rate_percent": step,
        "deposit_percent": draw(_old_deposits(on, book)),
        "winning_rate_percent": draw(st.one_of(st.none(), won)),
        "rounding_vnd": draw(_ROUNDING),
        "minerals": [line],
    }


def _names(enum: type[Area | MiningMethod]) -> st.SearchStrategy[str]:
    return st.sampled_from([one.value for one in enum])
