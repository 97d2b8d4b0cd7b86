"""What does it cost to restore a mine? Decree 08/2022 Art. 37 and Circular 38/2015 Art. 12(1): all items of the approved works.

Restoration cost, *chi phí cải tạo, phục hồi môi trường*: quantity times unit price of every item of the pit, the waste dumps,
the yard and the surroundings, with administration and contingency. No share of these two was read anywhere: they are
given as an amount or as a share of a named base, and without them there is no total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any, Final, TypeVar

from fees.licence_right import LARGEST_TOTAL, printed
from fees.result import Computed
from fees.working import Working
from rules.citation import Citation
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


class Part(StrEnum):
    """The parts of a mine that are restored."""

    PIT = "pit"
    DUMPS = "dumps"
    YARD = "yard"
    SURROUNDINGS = "surroundings"


_PARTS: Final = {
    Part.PIT: ("M_kt", Text("Khai trường, moong, giếng lò", "Pit or shaft")),
    Part.DUMPS: ("M_bt", Text("Bãi thải", "Waste dumps")),
    Part.YARD: ("M_cn", Text("Mặt bằng sân công nghiệp và công trình phụ trợ", "Industrial yard and auxiliary areas")),
    Part.SURROUNDINGS: ("M_xq", Text("Khu vực xung quanh bị ảnh hưởng", "Other affected areas")),
}


class ShareOf(StrEnum):
    """What a share is taken of."""

    WORKS = "works"
    WORKS_AND_ADMINISTRATION = "works_and_administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the works; ``quantity`` in ``unit`` (as the plan writes it), ``unit_price`` in đồng a unit."""

    part: Part
    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Administration or contingency: an amount, or a share in percent of ``of``."""

    amount_vnd: int | None = None
    percent: Decimal | None = None
    of: ShareOf = ShareOf.WORKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationCase:
    """The items of a plan costed on a day; ``None`` where administration or contingency is not known yet."""

    priced_on: date
    items: tuple[Item, ...]
    administration: Extra | None = None
    contingency: Extra | None = None


def item_cost(q: N, g: N) -> N:
    """Quantity times unit price."""
    return q * g


def share_of(s: N, base: N) -> N:
    """A share of the works."""
    return s * base


def compute_restoration_cost(case: RestorationCase, book: LawBook) -> Computed:
    """Compute and explain the cost of a restoration plan.

    Raises :class:`rules.errors.Refusal`: ``no_rule_at_date`` where the law book holds no rule on that day,
    ``invalid_input`` for a share and an amount together or neither, ``out_of_range`` for a sum above 10^18 đồng.
    """
    work = Working(book, case.priced_on)
    row = work.find("restoration.total")
    if row is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("priced_on",),
            f"Sổ luật không có quy định về chi phí cải tạo, phục hồi môi trường tại ngày {case.priced_on:%d/%m/%Y}.",
            f"The law book has no rule on restoration costs on {case.priced_on}.",
        )
    _check(work, "administration", case.administration)
    _check(work, "contingency", case.contingency)
    work.settle()
    assert row is not None
    work.lean_on(row.cite)
    cite = row.cites
    lines = [_line(work, item, number, cite) for number, item in enumerate(case.items, start=1)]
    parts = _parts(work, case.items, lines, cite)
    label = Text("Chi phí các hạng mục", "Cost of the works")
    works = work.trace.define("M", label, reduce(add, parts.values()), "VND", cite)
    admin = _extra(work, "M_hc", Text("Chi phí hành chính", "Administration"), case.administration, works, None, cite)
    backup = _extra(work, "M_k", Text("Dự phòng", "Contingency"), case.contingency, works, admin, cite)
    total = _total(work, works, admin, backup, cite)
    if (works if total is None else total).whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Chi phí vượt 10^18 đồng: kiểm tra khối lượng và đơn giá.",
            "The cost exceeds 10^18 đồng: check quantities and unit prices.",
        )
    work.settle()
    result: dict[str, Any] = {
        "restoration_cost_vnd": None if total is None else total.whole(),
        "works_vnd": works.whole(),
        "administration_vnd": None if admin is None else admin.whole(),
        "contingency_vnd": None if backup is None else backup.whole(),
        "parts": [{"part": part.value, "amount_vnd": amount.whole()} for part, amount in parts.items()],
        "items": [_shown(item, line) for item, line in zip(case.items, lines, strict=True)],
    }
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _check(work: Working, name: str, extra: Extra | None) -> None:
    if extra is not None and (extra.amount_vnd is None) == (extra.percent is None):
        work.refuse(
            Code.INVALID_INPUT,
            (name,),
            "Nhập số tiền (amount_vnd) hoặc tỷ lệ (percent), một trong hai.",
            "Give an amount (amount_vnd) or a share (percent), one of the two.",
        )
    if name == "administration" and extra is not None and extra.of is ShareOf.WORKS_AND_ADMINISTRATION:
        work.refuse(
            Code.INVALID_INPUT,
            (name, "of"),
            "Chi phí hành chính không thể tính trên chính nó: chọn works.",
            "Administration cannot be a share of itself: choose works.",
        )


def _line(work: Working, item: Item, number: int, cite: Sequence[Citation]) -> tuple[Traced, Traced, Traced]:
    """Quantity, unit price and cost of an item, as steps."""
    name = Text(f"{item.name}: khối lượng ({item.unit})", f"{item.name}: quantity ({item.unit})")
    q = work.trace.define(f"q_{number}", name, Traced.of(f"q_{number}", item.quantity), "1", cite)
    name = Text(f"{item.name}: đơn giá", f"{item.name}: unit price")
    g = work.trace.define(f"g_{number}", name, Traced.of(f"g_{number}", item.unit_price), "VND", cite)
    name = Text(f"{item.name}: thành tiền", f"{item.name}: cost")
    convention = work.book.conventions["restoration_line"]
    return q, g, work.trace.define(f"m_{number}", name, item_cost(q, g).half_up(1), "VND", cite, convention)


def _shown(item: Item, line: tuple[Traced, Traced, Traced]) -> dict[str, Any]:
    q, g, cost = line
    return {
        "part": item.part.value,
        "item": item.name,
        "unit": item.unit,
        "quantity": printed(q),
        "unit_price_vnd": printed(g),
        "amount_vnd": cost.whole(),
    }


def _parts(
    work: Working, items: Sequence[Item], lines: Sequence[tuple[Traced, Traced, Traced]], cite: Sequence[Citation]
) -> dict[Part, Traced]:
    """The sum of each part that has items."""
    found = {}
    for part, (symbol, label) in _PARTS.items():
        costs = [line[2] for item, line in zip(items, lines, strict=True) if item.part is part]
        if costs:
            found[part] = work.trace.define(symbol, label, reduce(add, costs), "VND", cite)
    return found


def _extra(
    work: Working,
    symbol: str,
    label: Text,
    extra: Extra | None,
    works: Traced,
    administration: Traced | None,
    cite: Sequence[Citation],
) -> Traced | None:
    """Administration or contingency as a step; ``None`` where it is not given (or its base is not known)."""
    if extra is None:
        gap = work.book.gap("restoration.shares", work.on)
        assert gap is not None  # no share was read for any time
        work.trace.did_not_apply(
            f"{symbol}_unknown", Text(f"{label.vi}: {gap.ask.vi}", f"{label.en}: {gap.ask.en}"), ()
        )
        return None
    if extra.percent is None:
        assert extra.amount_vnd is not None  # checked before
        return work.trace.define(symbol, label, Traced.of(symbol, extra.amount_vnd), "VND", cite)
    base = works
    if extra.of is ShareOf.WORKS_AND_ADMINISTRATION:
        if administration is None:
            return None
        base = works + administration
    name = Text(f"{label.vi}: tỷ lệ", f"{label.en}: share")
    s = work.trace.define(f"s_{symbol}", name, Traced.percent(f"s_{symbol}", extra.percent), "%", cite)
    convention = work.book.conventions["restoration_line"]
    return work.trace.define(symbol, label, share_of(s, base).half_up(1), "VND", cite, convention)


def _total(
    work: Working, works: Traced, administration: Traced | None, contingency: Traced | None, cite: Sequence[Citation]
) -> Traced | None:
    if administration is None or contingency is None:
        return None
    label = Text("Tổng chi phí cải tạo, phục hồi môi trường", "Restoration cost in total")
    return work.trace.define("M_cp", label, works + administration + contingency, "VND", cite)
