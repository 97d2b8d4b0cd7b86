"""What does a mineral right owe for what was really mined? Decree 193/2025 Art. 139 with Decree 21/2026: T = Σ Q_i x G_i x R_i.

Settlement, *quyết toán tiền cấp quyền khai thác khoáng sản*: per mineral and year, the declared output in units of the
reserve, the price of 1 January at the grade really mined, the rate of 1 January or the one won at auction. Each
mineral-year is rounded once. What follows from the difference to what was paid is in ``settlement_outcome``.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeVar

from fees.case import MineralLine, Volume
from fees.licence_right import in_force, licence_right_fee, printed, rounded_line, total_of
from fees.line import Line
from fees.output_conversion import output_factor
from fees.price import priced
from fees.rate import non_auction_rate
from fees.result import Computed
from fees.right import NoAuction, auction_rate, is_companion
from fees.settlement_case import OutputYear, SettlementCase, SettlementLine
from fees.settlement_outcome import outcome
from fees.settlement_period import check_cutoff, check_years
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)
COAL = "coal"


def counts_clean_coal(book: LawBook, mineral: str, settled_on: date) -> bool:
    """Whether a settlement of that day counts coal as clean coal (Art. 139(3) as amended from 2026-01-16), not raw output."""
    return mineral == COAL and book.find("settlement.clean_coal", settled_on) is not None


def settled_quantity(SL: N, TL: N) -> N:
    """Q_qt = SL x TL_qđ: declared output in units of the reserve (Art. 139(3))."""
    return SL * TL


def compute_settlement(case: SettlementCase, book: LawBook) -> Computed:
    """Compute and explain a settlement.

    Raises :class:`rules.errors.Refusal` with every problem of the case (not in force before 2025-07-02).
    """
    work = Working(book, case.settled_on)
    if not in_force(work, ("settled_on",), decree="193/2025/NĐ-CP"):
        work.settle()
    check_cutoff(work, case.kind, case.cutoff_on)
    minerals = [_mineral(work, case, index) for index in range(len(case.minerals))]
    work.settle()
    settled = [one for one in minerals if one is not None]
    total = total_of(work, [one.total for one in settled], label=TOTAL, provision="settlement.formula", symbol="T_qt")
    work.trace.did_not_apply(
        "no_k1_k2",
        Text(
            "Không nhân K1, K2 kể cả các năm trước 2025: công thức quyết toán chỉ gồm sản lượng, giá và tỷ lệ.",
            "No K1 and K2, not even for years before 2025: the settlement formula has output, price and rate alone.",
        ),
        work.provision("settlement.formula"),
    )
    lines = {index: one for index, one in enumerate(minerals) if one is not None}
    result = outcome(work, case, total, {index: one.rate for index, one in lines.items()})
    work.settle()
    result["minerals"] = [
        {"mineral": case.minerals[index].mineral, "settled_vnd": one.total.whole(), "years": one.years}
        for index, one in lines.items()
    ]
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


TOTAL = Text("Tổng tiền cấp quyền sau quyết toán", "Total fee after settlement")


class Settled(NamedTuple):
    """A mineral of a settlement: its total, its printed years, the rate an auction left (``None`` without auction)."""

    total: Traced
    years: list[dict[str, object]]
    rate: Traced | None


def _mineral(work: Working, case: SettlementCase, index: int) -> Settled | None:
    mineral = case.minerals[index]
    given = MineralLine(
        mineral=mineral.mineral,
        amount=Volume(quantity=mineral.years[0].output, unit=mineral.unit),
        price=mineral.years[0].price,
        discard=mineral.discard,
    )
    line = Line.of(work, given, index, len(case.minerals))
    sound = check_years(line, case, mineral)
    R = None
    if not isinstance(mineral.right, NoAuction) and mineral.discard is None:
        others = [(one.mineral, one.right) for one in case.minerals if one is not mineral]
        R = auction_rate(line, mineral.right, companion=is_companion(work.book, work.on, others))
        sound = sound and R is not None
    years = [_year(line, case, mineral, number, R) for number in range(len(mineral.years))]
    if not sound or None in years:
        return None
    amounts = [one for one in years if one is not None]
    total = amounts[0].amount
    for one in amounts[1:]:
        total = total + one.amount
    label = Text("Quyết toán" + line.name.vi, "Settled" + line.name.en)
    if len(amounts) > 1:
        total = work.trace.define("ΣT" + line.mark, label, total, "VND", work.provision("settlement.each_mineral"))
    return Settled(total, [one.printed for one in amounts], R)


class _Year(NamedTuple):
    amount: Traced
    printed: dict[str, object]


def _year(
    line: Line, case: SettlementCase, mineral: SettlementLine, number: int, auctioned: Traced | None
) -> _Year | None:
    work, one = line.work, mineral.years[number]
    at = _day_of_law(case, one.year)
    year = Line(
        work=work,
        given=MineralLine(
            mineral=mineral.mineral,
            amount=Volume(quantity=one.output, unit=one.unit),
            price=one.price,
            conversion=one.conversion,
            discard=mineral.discard,
        ),
        path=(*line.path, "years", number),
        mark=f"{line.mark}_{one.year}",
        name=Text(f"{line.name.vi}, năm {one.year}", f"{line.name.en}, {one.year}"),
        price_on=at,
    )
    price = priced(year, mineral.unit)
    TL = output_factor(year, one.unit, mineral.unit, one.conversion)
    R = _rate(year, case, mineral, one, at) if auctioned is None else auctioned
    if TL is None or price is None or R is None:
        return None
    clean = counts_clean_coal(work.book, mineral.mineral, case.settled_on)
    SL = year.define(
        "SL",
        "Sản lượng than sạch trong than khai thác" if clean else "Sản lượng nguyên khai đã khai thác",
        "Clean coal in the coal mined" if clean else "Raw output mined",
        Traced.of("SL" + year.mark, one.output),
        one.unit,
        work.provision("settlement.output"),
    )
    Q = year.define(
        "Q", "Sản lượng quyết toán", "Settled quantity", settled_quantity(SL, TL), mineral.unit,
        work.provision("settlement.output"),
    )  # fmt: skip
    T = rounded_line(year, licence_right_fee(Q, price.G, R), case.rounding_vnd, provision="settlement.formula")
    return _Year(
        T,
        {
            "year": one.year,
            "quantity": printed(Q),
            "output_factor": printed(TL),
            "price_vnd": printed(price.G),
            "conversion_factor": printed(price.K),
            "rate_percent": printed(R),
            "amount_vnd": T.whole(),
        },
    )


def _day_of_law(case: SettlementCase, year: int) -> date:
    """1 January of the year; for years before that of the (provisional) approval, the day of the approval."""
    approved = case.fee_approved_on
    return approved if approved is not None and year < approved.year else date(year, 1, 1)


def _rate(line: Line, case: SettlementCase, mineral: SettlementLine, one: OutputYear, at: date) -> Traced | None:
    """R of the year without auction: the table's on that day, or the user's where it is given."""
    work = line.work
    cite = work.provision("rate.waste_rock" if mineral.discard else "settlement.rate")
    if one.rate is not None:
        work.trace.caution(
            "user_rate",
            Text(
                f"Tỷ lệ thu{line.name.vi} do người dùng nhập; kiểm tra văn bản của thời điểm đó.",
                f"The rate{line.name.en} was entered by the user; check the instrument of that time.",
            ),
            cite,
        )
        number = Traced.percent("R" + line.mark, one.rate)
        return line.define("R", "Tỷ lệ thu (người dùng nhập)", "Rate (as entered)", number, "%", cite)
    if non_auction_rate(work.book, mineral.mineral, at) is None:
        gap = work.book.gap("licence_right.rate", at)
        reason = gap.reason if gap else Text("Sổ luật không có tỷ lệ thu.", "The law book has no rate.")
        line.refuse(
            Code.NO_RULE_AT_DATE,
            ("rate_percent",),
            f"Không có tỷ lệ thu vào ngày {at:%d/%m/%Y}: {reason.vi} Nhập rate_percent của năm này.",
            f"No rate on {at}: {reason.en} Enter rate_percent for this year.",
        )
        return None
    place = work.law("licence_right.line", mineral.mineral, at)
    row = work.law("licence_right.rate", place.text(), at)
    number = Traced.percent("R" + line.mark, row.number())
    return line.define("R", f"Tỷ lệ thu ngày {at:%d/%m/%Y}", f"Rate on {at}", number, "%", (*cite, *row.cites))
