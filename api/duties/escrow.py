"""Which deposits does a restoration plan ask for, on which days, and what was paid towards them?

From the kind ``escrow_schedule``: each deposit with its price slip, a year whose index is not known yet without an amount,
a day that waits for something without a day; the reason is told in the place of the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from api.contract import compute
from fees.escrow_plan import Regime
from fees.obligation import Due
from rules.citation import Citation, Confidence
from rules.formats import vnd
from rules.trace import Text

Json = dict[str, Any]
SUPPLEMENT: Final = "+"
"""Marks the years of the supplementary plan."""
_MOVED: Final = {"payments": "paid_on", "refunds": "refunded_on"}
_MARKS: Final = {"instalments": ("", ""), "supplement_instalments": (SUPPLEMENT, "₂")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposits:
    """The deposits of a plan on a day, when each was complete, and the case of the contract that explains them."""

    dues: tuple[Due, ...] = ()
    completed: dict[str, date] = field(default_factory=dict)
    document: Json | None = None


def as_it_stood(plan: Json, as_of: date) -> Json:
    """The case of a plan on a day, without what happened later."""
    on = as_of.isoformat()
    case = {**plan, "kind": "escrow_schedule", "as_of": on}
    for name, day in _MOVED.items():
        if plan.get(name):
            case[name] = [one for one in plan[name] if one[day] <= on]
    if plan.get("transferred_on"):
        case["transferred_on"] = [day for day in plan["transferred_on"] if day <= on]
    return case


def deposits(plan: Json, as_of: date) -> Deposits | Json:
    """The deposits of a plan as they stood on a day; the contract's error where it cannot be computed."""
    case = as_it_stood(plan, as_of)
    result = compute(case)
    if not result["ok"]:
        return result
    cites = {
        step["symbol"]: tuple(_citation(one) for one in step["cite"])
        for step in result["trace"]
        if step["symbol"].startswith("due")
    }
    if result["result"]["supplement"] is not None:  # its time to deposit runs from its own event
        first = result["result"]["supplement_instalments"][0]
        first["due_on"] = result["result"]["supplement"]["due_on"]
        cites[f"due_{first['year']}₂"] = cites.get("due₂", ())
    dues, completed = [], {}
    for name, (mark, subscript) in _MARKS.items():
        for row in result["result"][name]:
            period = f"{row['year']}{mark}"
            due_on = None if row["due_on"] is None else date.fromisoformat(row["due_on"])
            if row["completed_on"] is not None:
                completed[period] = date.fromisoformat(row["completed_on"])
            dues.append(
                Due(
                    period=period,
                    due_on=due_on,
                    amount_vnd=row["amount_vnd"],
                    paid_vnd=row["paid_vnd"],
                    arises_on=date(row["year"], 1, 1),
                    why=_why(row, Regime(case["regime"]), mark),
                    cites=cites.get(f"due_{row['year']}{subscript}", ()),
                )
            )
    return Deposits(dues=tuple(dues), completed=completed, document=case)


def _citation(cite: Json) -> Citation:
    return Citation(instrument=cite["instrument"], at=cite["at"], confidence=Confidence(cite["confidence"]))


def _why(row: Json, regime: Regime, mark: str) -> Text:
    """Where the amount comes from and what the day waits for."""
    base, number, last = row["base_vnd"], row["number"], row["year"] - 1
    if row["amount_vnd"] is None:
        amount = Text(
            f"Lần {number}: chưa tính được trượt giá vì chưa có chỉ số giá tiêu dùng đến năm {last}; tiền gốc {vnd(base)}.",
            f"Deposit {number}: not indexable yet, the consumer price index up to {last} is not known; base {vnd(base, 'en')}.",
        )
    elif row["index"] is None or row["amount_vnd"] == base:
        amount = Text(f"Lần {number}, theo phương án được phê duyệt.", f"Deposit {number}, by the approved plan.")
    else:
        shown = row["index"]
        amount = Text(
            f"Lần {number}: gốc {vnd(base)} nhân hệ số trượt giá {shown.replace('.', ',')}.",
            f"Deposit {number}: base {vnd(base, 'en')} times the price-slip index {shown}.",
        )
    if row["due_on"] is not None:
        return amount
    if regime is Regime.CIRCULAR_38_2015:
        wait = Text("Hạn theo quyết định phê duyệt phương án.", "Its day stands in the approval of the plan.")
    elif number == 1 and mark:
        wait = Text(
            "Chưa nhập ngày phê duyệt phương án bổ sung (nhận giấy phép gia hạn) nên chưa có hạn.",
            "No day yet: the approval of the supplement (receipt of the extended licence) was not entered.",
        )
    elif number == 1:
        wait = Text(
            "Chưa nhập ngày bắt đầu xây dựng cơ bản, khai thác nên chưa có hạn.",
            "No day yet: the day mining or basic construction starts was not entered.",
        )
    else:
        wait = Text(
            f"Chưa có hạn: hạn tính từ ngày công bố chỉ số giá tiêu dùng năm {last}.",
            f"No day yet: it runs from the announcement of the consumer price index of {last}.",
        )
    return Text(f"{amount.vi} {wait.vi}", f"{amount.en} {wait.en}")
