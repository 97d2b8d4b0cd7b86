"""What follows from a settlement: overpaid, underpaid, in which order it is offset, when the rest is due? Art. 139(8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from fees.case import MineralLine, Volume
from fees.due import deadline_end
from fees.licence_right import licence_right_fee, rounded_line, total_of
from fees.line import Line
from fees.price import priced
from fees.rate import fee_rate, non_auction_rate
from fees.settlement_case import SettlementCase, SettlementKind, SettlementLine
from fees.working import Working
from rules.errors import Code
from rules.lawbook import Deadline
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


def difference(T_qt: N, T_dn: N) -> N:
    """Settled less paid principal (Art. 139(8))."""
    return T_qt - T_dn


def outcome(work: Working, case: SettlementCase, total: Traced, rates: Mapping[int, Traced | None]) -> dict[str, Any]:
    """The sums after the comparison with what was paid; ``rates`` holds the rate of each auctioned mineral."""
    cite = (*work.provision("settlement.overpaid"), *work.provision("settlement.underpaid"))
    paid = work.trace.define(
        "T_đn", Text("Đã nộp vào ngân sách (tiền gốc)", "Paid into the budget (principal)"),
        Traced.of("T_đn", case.paid_vnd), "VND", cite,
    )  # fmt: skip
    delta = work.trace.define(
        "Δ", Text("Chênh lệch: quyết toán trừ đã nộp", "Difference: settled less paid"), difference(total, paid), "VND",
        cite,
    )  # fmt: skip
    owed = delta.whole()
    offset_debts, offset_next, rest = _offsets(work, case, max(-owed, 0))
    return {
        "settled_vnd": total.whole(),
        "paid_vnd": case.paid_vnd,
        "difference_vnd": owed,
        "outcome": "overpaid" if owed < 0 else "underpaid" if owed > 0 else "even",
        "offset_debts_vnd": offset_debts,
        "offset_next_instalments_vnd": offset_next,
        "excess_for_tax_office_vnd": rest,
        "additional_due_on": _due(work, case) if owed > 0 else None,
        "top_up": _top_up(work, case, owed, rates),
    }


def _offsets(work: Working, case: SettlementCase, excess: int) -> tuple[int, int, int]:
    """An excess goes to budget debts, then to the next instalments, then to the tax office (first settlement only)."""
    first = case.kind is SettlementKind.FIRST
    debts = later = 0
    if first:
        debts = min(excess, case.budget_debts_vnd)
        later = excess - debts if case.next_instalments_vnd is None else min(excess - debts, case.next_instalments_vnd)
    rest = excess - debts - later
    _step(work, "E_nợ", "Bù trừ vào các khoản nợ ngân sách", "Offset against budget debts", debts, "offset")
    _step(work, "E_kỳ", "Bù trừ vào các kỳ nộp tiếp theo", "Offset against the next instalments", later, "offset")
    name = "rest_to_tax_office" if first and rest else "offset" if first else "overpaid"
    _step(work, "E_thuế", "Còn thừa, cơ quan thuế giải quyết", "What is left, for the tax office", rest, name)
    if not (first and excess):
        return debts, later, rest
    work.trace.did_not_apply(
        "no_refund_first",
        Text(
            "Không hoàn trả ngay: quyết toán lần đầu phải bù trừ nợ ngân sách, rồi các kỳ nộp tiếp theo.",
            "No refund first: an excess of the first settlement is offset against budget debts, then next instalments.",
        ),
        work.provision("settlement.offset"),
    )
    return debts, later, rest


def _step(work: Working, symbol: str, vi: str, en: str, amount: int, provision: str) -> None:
    work.trace.define(symbol, Text(vi, en), Traced.of(symbol, amount), "VND", work.provision(f"settlement.{provision}"))


def _due(work: Working, case: SettlementCase) -> str | None:
    if case.notice_on is None:
        return None
    row = work.book.find("settlement.top_up_due", case.notice_on)
    if row is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("notice_on",),
            f"Chưa có thông báo quyết toán nào trước ngày Nghị định 193/2025 có hiệu lực; kiểm tra {case.notice_on:%d/%m/%Y}.",
            f"No settlement notice can be older than Decree 193/2025; check {case.notice_on}.",
        )
        return None
    if case.notice_on > work.book.horizon:
        work.past_horizon(case.notice_on)
    due = deadline_end(work, row, case.notice_on, ("notice_on",))
    if due is None:
        return None
    span = row.value
    assert isinstance(span, Deadline)
    kind = Text("ngày làm việc", "working days") if span.working else Text("ngày", "days")
    label = Text(
        f"Hạn nộp bổ sung: {span.days} {kind.vi} kể từ {span.starts.vi}",
        f"Additional payment due: {span.days} {kind.en} from {span.starts.en}",
    )
    work.trace.note("due_bs", label, due.isoformat(), "date", (row.cite, work.book.periods_cite))
    return due.isoformat()


def _top_up(
    work: Working, case: SettlementCase, owed: int, rates: Mapping[int, Traced | None]
) -> dict[str, int | None]:
    """The two readings of what is still to pay: the difference, or the unpaid quantity at the cut-off's price and rate."""
    _step(work, "T_bs1", "Còn phải nộp: phần chênh lệch", "Still to pay: the difference", max(owed, 0), "underpaid")
    if owed <= 0:
        return {"difference_vnd": 0, "repriced_vnd": None}
    name = "settlement.top_up_repriced"
    row = work.book.find(name, case.settled_on) or work.book.first(name)
    work.trace.caution(
        "reading_chosen",
        Text(
            "Số phải nộp bổ sung có hai cách hiểu: phần chênh lệch (mặc định), hoặc khối lượng chưa nộp tiền tính theo giá và "
            "tỷ lệ tại thời điểm chốt sản lượng; kết quả nêu cả hai.",
            "What is still to pay can be read in two ways: the difference (default), or the unpaid quantity at price and rate of "
            "the cut-off; the result shows both.",
        ),
        row.cites,
    )
    if any(one.cutoff_price is None or one.unpaid_quantity is None for one in case.minerals):
        return {"difference_vnd": owed, "repriced_vnd": None}
    amounts = [_repriced(work, case, index, rates.get(index)) for index in range(len(case.minerals))]
    sound = [one for one in amounts if one is not None]
    if len(sound) < len(amounts):
        return {"difference_vnd": owed, "repriced_vnd": None}
    label = Text("Cách hiểu thứ hai: định giá lại phần chưa nộp", "Second reading: what is unpaid, re-priced")
    total = total_of(work, sound, label=label, provision=name, symbol="T_bs")
    return {"difference_vnd": owed, "repriced_vnd": total.whole()}


def _repriced(work: Working, case: SettlementCase, index: int, auctioned: Traced | None) -> Traced | None:
    mineral: SettlementLine = case.minerals[index]
    assert mineral.cutoff_price is not None
    assert mineral.unpaid_quantity is not None
    given = MineralLine(
        mineral=mineral.mineral,
        amount=Volume(quantity=mineral.unpaid_quantity, unit=mineral.unit),
        price=mineral.cutoff_price,
        conversion=mineral.cutoff_conversion or max(mineral.years, key=lambda one: one.year).conversion,
        discard=mineral.discard,
    )
    plain = Line.of(work, given, index, len(case.minerals))
    line = Line(
        work=work,
        given=given,
        path=plain.path,
        mark=f"{plain.mark}_chốt",
        name=Text(f"{plain.name.vi}, tại thời điểm chốt", f"{plain.name.en}, at the cut-off"),
        price_on=case.cutoff_on,
        price_field="cutoff_price",
        conversion_field="cutoff_conversion",
    )
    price = priced(line, mineral.unit)
    if price is None:
        return None
    if auctioned is None and non_auction_rate(work.book, mineral.mineral, case.cutoff_on) is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("cutoff_on",),
            f"Sổ luật không có tỷ lệ thu vào ngày {case.cutoff_on:%d/%m/%Y} để định giá lại phần chưa nộp; bỏ cutoff_price.",
            f"The law book has no rate on {case.cutoff_on} to re-price what is unpaid; leave cutoff_price out.",
        )
        return None
    R = auctioned or fee_rate(line, companion=False, on=case.cutoff_on)
    if R is None:
        return None
    cite = work.provision("settlement.top_up_repriced")
    quantity = Traced.of("Q" + line.mark, mineral.unpaid_quantity)
    Q = line.define("Q", "Khối lượng chưa nộp tiền", "Unpaid quantity", quantity, mineral.unit, cite)
    return rounded_line(
        line, licence_right_fee(Q, price.G, R), case.rounding_vnd, provision="settlement.top_up_repriced"
    )
