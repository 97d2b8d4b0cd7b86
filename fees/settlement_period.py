"""Which years and which cut-off may a settlement have? Decree 193/2025 Art. 139(1) with Decree 21/2026."""

from __future__ import annotations

from datetime import date

from fees.line import Line
from fees.right import NoAuction
from fees.settlement_case import SettlementCase, SettlementKind, SettlementLine
from fees.working import Working
from rules.errors import Code, Path
from rules.lawbook import MonthDay
from rules.trace import Text


def check_cutoff(work: Working, kind: SettlementKind, cutoff_on: date) -> None:
    """Refuse a cut-off that does not fit the case (Art. 139(1)); say so where it is still to come."""
    if work.on < cutoff_on:
        work.trace.did_not_apply(
            "cutoff_ahead",
            Text(
                f"Tính trước: ngày quyết toán {work.on:%d/%m/%Y} trước ngày chốt {cutoff_on:%d/%m/%Y}; sản lượng đến ngày chốt "
                "mới là sản lượng quyết toán, phải tính lại khi có.",
                f"Computed ahead: the settlement of {work.on} comes before the cut-off {cutoff_on}; only the output up to the "
                "cut-off is settled, so compute again when it is known.",
            ),
            work.provision("settlement.period_end"),
        )
    first, last = work.law("settlement.first_cutoff").day(), work.law("settlement.period_end").value
    assert isinstance(last, MonthDay)
    if kind is SettlementKind.FIRST and cutoff_on != first:
        _refuse_cutoff(work, f"{first:%d/%m/%Y}", f"{first}")
    if kind is SettlementKind.PERIODIC and cutoff_on != last.of(cutoff_on.year):
        _refuse_cutoff(work, f"ngày {last.day}/{last.month}", f"{last.month:02}-{last.day:02} of a year")


def _refuse_cutoff(work: Working, vi: str, en: str) -> None:
    work.refuse(
        Code.INVALID_INPUT,
        ("cutoff_on",),
        f"Thời điểm chốt sản lượng của trường hợp này là {vi} (Điều 139 khoản 1).",
        f"The output cut-off of this case is {en} (Art. 139(1)).",
    )


def first_year(work: Working, kind: SettlementKind, cutoff_on: date) -> int | None:
    """The first year a periodic settlement covers; ``None`` for the other cases."""
    if kind is not SettlementKind.PERIODIC:
        return None
    return cutoff_on.year - int(work.law("settlement.period_years").number()) + 1


def check_years(line: Line, case: SettlementCase, mineral: SettlementLine) -> bool:
    """Whether every year of a mineral lies inside the period, once, with one source of its rate; says what does not."""
    last = case.cutoff_on.year
    first = first_year(line.work, case.kind, case.cutoff_on)
    seen: set[int] = set()
    sound = True
    for number, one in enumerate(mineral.years):
        path: Path = ("years", number, "year")
        if one.year > last or (first is not None and one.year < first):
            line.refuse(
                Code.INVALID_INPUT,
                path,
                f"Năm {one.year} nằm ngoài kỳ quyết toán ({first or '…'} đến {last}).",
                f"Year {one.year} lies outside the settled period ({first or '…'} to {last}).",
            )
            sound = False
        if one.year in seen:
            line.refuse(
                Code.INVALID_INPUT, path, f"Năm {one.year} khai hai lần.", f"Year {one.year} is declared twice."
            )
            sound = False
        seen.add(one.year)
        if one.rate is not None and not isinstance(mineral.right, NoAuction):
            line.refuse(
                Code.INVALID_INPUT,
                ("years", number, "rate_percent"),
                "Khu vực đấu giá dùng tỷ lệ trúng đấu giá; bỏ rate_percent.",
                "An auctioned area takes the winning rate; remove rate_percent.",
            )
            sound = False
    return sound
