"""What is each mineral put up for auction expected to owe? Decree 193/2025 Art. 145(1)(c), 148(1)(b): T = Q x G x R."""

from __future__ import annotations

from typing import Any, NamedTuple

from fees.auction_case import AuctionCase
from fees.case import Flow
from fees.licence_right import licence_right_fee, printed, reserve_unit, rounded_line
from fees.line import Line
from fees.price import Priced, priced
from fees.quantity import flow_quantity
from fees.rate import fee_rate
from fees.working import Working
from rules.number import Traced
from rules.trace import Text

ESTIMATED = Text("Tiền cấp quyền dự tính", "Estimated fee")


class Estimated(NamedTuple):
    """One mineral at the rates outside auctions: quantity, price, rate and rounded fee."""

    line: Line
    Q: Traced
    price: Priced
    R: Traced
    T: Traced


def estimated_lines(work: Working, case: AuctionCase) -> list[Estimated | None]:
    """Every mineral of the area at the rates outside auctions; ``None`` for one that cannot be computed (written down)."""
    count = len(case.minerals)
    return [_estimated(Line.of(work, given, index, count), case) for index, given in enumerate(case.minerals)]


def _estimated(line: Line, case: AuctionCase) -> Estimated | None:
    """T = Q x G x R of one mineral with the rate of Annex III; ``None`` after writing down what is wrong."""
    Q = _quantity(line, case)
    price = priced(line, reserve_unit(line.given))
    R = fee_rate(line, companion=False)
    if price is None or R is None:
        return None
    exact = licence_right_fee(Q, price.G, R)
    T = rounded_line(line, exact, case.rounding_vnd, "auction.dearest_mineral", label=ESTIMATED)
    return Estimated(line, Q, price, R, T)


def _quantity(line: Line, case: AuctionCase) -> Traced:
    """Q: the recognised reserve of an explored area, else the resource of a survey (Art. 145(1)(c))."""
    amount = line.given.amount
    label = Text("Tài nguyên, khối lượng đưa ra đấu giá", "Resource or volume put up")
    if case.explored:
        label = Text("Trữ lượng, khối lượng đưa ra đấu giá", "Reserve or volume put up")
    if isinstance(amount, Flow):
        return flow_quantity(line, amount, "auction.deposit", "Q", label, Text("Thời hạn khai thác", "Licence term"))
    number = Traced.of("Q" + line.mark, amount.quantity)
    return line.define("Q", label.vi, label.en, number, amount.unit.value, line.work.provision("auction.deposit"))


def money_equivalents(auctioned: Estimated, R_kd: Traced, R_b: Traced) -> dict[str, Any]:
    """What offices publish beside the rates: the start and a step of the auctioned mineral in đồng, whole and per unit."""
    line, G = auctioned.line, auctioned.price.G
    work, unit = line.work, reserve_unit(line.given)
    cite = work.provision("auction.starting_price")
    trace, convention = work.trace, work.book.conventions["line_rounding"]
    per_unit = {}
    for symbol, rate, label in (
        ("g_kđ", R_kd, Text("Giá khởi điểm tạm tính cho một đơn vị", "Start in đồng per unit")),
        ("g_b", R_b, Text("Bước giá tạm tính cho một đơn vị", "Step in đồng per unit")),
    ):
        per_unit[symbol] = trace.define(symbol, label, G * rate, f"VND/{unit}", cite)
    T_b = trace.define(
        "T_b",
        Text("Bước giá tạm tính bằng tiền", "Step in đồng"),
        licence_right_fee(auctioned.Q, G, R_b).half_up(1),
        "VND",
        cite,
        convention,
    )
    return {
        "start_vnd": auctioned.T.whole(),
        "step_vnd": T_b.whole(),
        "start_per_unit_vnd": printed(per_unit["g_kđ"]),
        "step_per_unit_vnd": printed(per_unit["g_b"]),
    }
