"""Which rate applies? Decree 193/2025 Annex III and Art. 132(1), 148; Decree 67/2019 Annex I."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fees.case import Discard
from fees.line import Line
from rules.errors import Code
from rules.lawbook import LawBook, Row
from rules.number import Traced, plain
from rules.trace import Text


def non_auction_rate(book: LawBook, mineral: str, on: date) -> Row | None:
    """The row of the rate table for a mineral on a day (percent), without cautions; ``None`` where the book has none."""
    line = book.find("licence_right.line", on, mineral)
    return None if line is None else book.find("licence_right.rate", on, line.text())


def fee_rate(line: Line, *, companion: bool, on: date | None = None) -> Traced | None:
    """Rate R (*tỷ lệ thu*) in percent: the table's, or the one won at auction.

    ``companion`` says that another line of the licence is the auctioned mineral, so that this line may carry a computed
    rate below its own; ``on`` is the day of the table, that of the case where absent. ``None`` after writing down what is wrong.
    """
    given = line.given
    if given.discard is not None:
        return _discard_rate(line, given.discard, on)
    if given.winning_rate is not None:
        return _winning_rate(line, given.winning_rate, companion=companion)
    return _table_rate(line, on)


def _table_rate(line: Line, on: date | None) -> Traced:
    work, mineral = line.work, line.given.mineral
    place = work.law("licence_right.line", mineral, on)
    rate = work.law("licence_right.rate", place.text(), on)
    return line.table_value("R", "Tỷ lệ thu tiền cấp quyền", "Fee rate", rate, "%")


def _winning_rate(line: Line, winning: Decimal, *, companion: bool) -> Traced | None:
    work = line.work
    own = non_auction_rate(work.book, line.given.mineral, work.on)
    assert own is not None  # the book covers every mineral while the procedure exists
    if winning < own.number() and not companion:
        line.refuse(
            Code.OUT_OF_RANGE,
            ("winning_rate_percent",),
            f"Tỷ lệ trúng đấu giá {_text(winning)} % thấp hơn tỷ lệ thu của khoáng sản ({_text(own.number())} %), "
            "là giá khởi điểm. Kiểm tra lại biên bản đấu giá.",
            f"The winning rate {_text(winning)} % lies below the mineral's own rate ({_text(own.number())} %), which is "
            "the starting price. Check the auction minutes.",
        )
        return None
    cite = work.provision("rate.auction")
    work.trace.did_not_apply(
        "table_rate_replaced",
        Text(
            f"Không dùng tỷ lệ của bảng ({_text(own.number())} %){line.name.vi}: khu vực đấu giá lấy tỷ lệ trúng đấu giá.",
            f"The table's rate ({_text(own.number())} %){line.name.en} is not used: an auctioned area takes the winning rate.",
        ),
        (*own.cites, *cite),
    )
    return line.define(
        "R",
        "Tỷ lệ thu trúng đấu giá",
        "Winning rate",
        Traced.percent("R" + line.mark, winning),
        "%",
        cite,
    )


def _discard_rate(line: Line, discard: Discard, on: date | None) -> Traced:
    name = "rate.tailings" if discard is Discard.TAILINGS else "rate.waste_rock"
    cite = line.work.provision(name)
    rate = _table_rate(line, on)
    if line.given.winning_rate is not None:
        line.work.trace.did_not_apply(
            "winning_rate_not_for_waste",
            Text(
                f"Không dùng tỷ lệ trúng đấu giá{line.name.vi}: đất đá thải, quặng đuôi lấy tỷ lệ của khu vực không đấu giá.",
                f"The winning rate{line.name.en} is not used: waste rock and tailings take the non-auction rate.",
            ),
            cite,
        )
    line.work.trace.steps[-1]["cite"].extend(one.json for one in cite)
    return rate


def _text(value: Decimal) -> str:
    return plain(*value.as_integer_ratio())
