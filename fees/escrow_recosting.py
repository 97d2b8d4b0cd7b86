"""Must a restoration plan be costed again? Decree 158/2016 Art. 44(1), in force 2017-01-15 to 2025-07-02.

The total deposit changes where the works cost more than 15 % above the approved total after mine design, or the actual
quantity of an item exceeds its estimate by more than 10 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from fees.licence_right import printed
from fees.working import Working
from rules.errors import Code
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuantity:
    """An item of the works: quantity estimated in the plan and actual quantity, in one unit."""

    name: str
    estimated: Decimal
    actual: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Recosting:
    """What is known after design: the cost of the works (``None`` if not costed) and the quantities of items."""

    on: date
    cost_vnd: int | None = None
    items: tuple[ItemQuantity, ...] = ()


def change(new: N, old: N) -> N:
    """The change as a share of what was approved."""
    return (new - old) / old


def recosted(work: Working, given: Recosting, A: Traced) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Whether the plan must be costed again, and each item with its change; ``None`` where no rule is known that day."""
    limits = [work.book.find(f"escrow.{name}", given.on) for name in ("recost_total", "recost_quantity")]
    total_limit, item_limit = limits
    if total_limit is None or item_limit is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("recosting", "on"),
            f"Sổ luật không có mức phải lập lại dự toán ký quỹ tại ngày {given.on:%d/%m/%Y}.",
            f"The law book holds no re-costing threshold on {given.on}.",
        )
        return None
    cite = total_limit.cites
    label = Text("Ngưỡng tăng tổng chi phí", "Threshold of the total cost")
    limit = work.trace.define("g", label, Traced.percent("g", total_limit.number()), "%", cite)
    label = Text("Ngưỡng tăng khối lượng một hạng mục", "Threshold of an item's quantity")
    each = work.trace.define("g_h", label, Traced.percent("g_h", item_limit.number()), "%", item_limit.cites)
    required, shown = False, None
    if given.cost_vnd is not None:
        label = Text("Chi phí sau thiết kế mỏ", "Cost of the works after mine design")
        cost = work.trace.define("M_tk", label, Traced.of("M_tk", given.cost_vnd), "VND", cite)
        label = Text("Thay đổi so với tổng được phê duyệt", "Change against the approved total")
        moved = work.trace.define("δ", label, change(cost, A), "%", cite)
        required, shown = moved.value > limit.value, printed(moved)
    rows = []
    for number, item in enumerate(given.items, start=1):
        symbols = (f"K_{number}", f"K_tt_{number}")
        label = Text(f"Khối lượng dự toán: {item.name}", f"Estimated quantity: {item.name}")
        estimated = work.trace.define(symbols[0], label, Traced.of(symbols[0], item.estimated), "1", item_limit.cites)
        label = Text(f"Khối lượng thực tế: {item.name}", f"Actual quantity: {item.name}")
        actual = work.trace.define(symbols[1], label, Traced.of(symbols[1], item.actual), "1", item_limit.cites)
        label = Text(f"Thay đổi khối lượng: {item.name}", f"Change of quantity: {item.name}")
        moved = work.trace.define(f"δ_{number}", label, change(actual, estimated), "%", item_limit.cites)
        beyond = moved.value > each.value
        required = required or beyond
        rows.append({"item": item.name, "quantity_change_percent": printed(moved), "beyond": beyond})
    return {"required": required, "cost_change_percent": shown}, rows
