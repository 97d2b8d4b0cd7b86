"""What does a miner contribute to roads and environmental works of the place in a year? Decree 193/2025 Art. 5.

The provincial People's Council may set a level for each unit of raw mineral, at most a share of the resource-tax price;
the contribution (*kinh phí đóng góp hạ tầng*) of a year is the level times the planned output.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, Final, TypeVar

from fees.licence_right import LARGEST_TOTAL
from fees.line import subscript
from fees.result import Computed
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced, plain
from rules.trace import Text

N = TypeVar("N", bound=Number)
FORMULA: Final = "infrastructure_contribution.formula"
CAP: Final = "infrastructure_contribution.cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMineral:
    """One mineral: planned raw output of the year; price and level in đồng per the same unit."""

    mineral: str
    planned: Decimal
    price_vnd: int
    level_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCase:
    """A year's contribution, set on a day; each line rounded half up to ``rounding_vnd``."""

    set_on: date
    minerals: tuple[PlannedMineral, ...]
    rounding_vnd: int = 1


def contribution(Q: N, m: N) -> N:
    """D = Q x m: planned output and level."""
    return Q * m


def largest_level(G: N, p: N) -> N:
    """The largest level: G x p."""
    return G * p


def compute_contribution(case: ContributionCase, book: LawBook) -> Computed:
    """Compute and explain a year's contribution.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` before the decree, ``out_of_range`` for a level above the cap
    (the message names it) or a total above 10^18 đồng.
    """
    work = Working(book, case.set_on)
    if work.find(FORMULA) is None:
        start = book.first(FORMULA).period.start
        work.refuse(
            Code.NOT_IN_FORCE,
            ("set_on",),
            f"Kinh phí đóng góp hạ tầng có từ Nghị định 193/2025, ngày {start:%d/%m/%Y}.",
            f"The contribution exists since Decree 193/2025, {start}.",
        )
    work.settle()
    _check_levels(work, case)
    work.settle()
    lines = [_line(work, case, index) for index in range(len(case.minerals))]
    amounts = [amount for _, amount in lines]
    total = amounts[0]
    if len(amounts) > 1:
        label = Text("Kinh phí đóng góp của năm", "Contribution of the year")
        total = work.trace.define("D", label, reduce(add, amounts), "VND", work.provision(FORMULA))
    if total.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Số tiền vượt 10^18 đồng: kiểm tra sản lượng và mức đóng góp.",
            "The amount exceeds 10^18 đồng: check the output and the level.",
        )
    work.settle()
    result = {"contribution_vnd": total.whole(), "minerals": [line for line, _ in lines]}
    return Computed(result, work.trace.steps, work.trace.cautions, work.trace.not_applied)


def _check_levels(work: Working, case: ContributionCase) -> None:
    """Refuse a level above its cap, naming the cap."""
    cap = work.law(CAP)
    for index, one in enumerate(case.minerals):
        largest = largest_level(Traced.of("G", one.price_vnd), Traced.percent("p", cap.number()))
        if one.level_vnd > largest.value:
            bound = plain(largest.num, largest.den)
            work.refuse(
                Code.OUT_OF_RANGE,
                ("minerals", index, "level_vnd_per_unit"),
                f"Mức đóng góp {one.level_vnd} đồng vượt {cap.number()} % giá tính thuế tài nguyên: tối đa {bound} đồng.",
                f"The level of {one.level_vnd} đồng is above {cap.number()} % of the resource-tax price: at most {bound} đồng.",
            )


def _line(work: Working, case: ContributionCase, index: int) -> tuple[dict[str, Any], Traced]:
    """One mineral, explained: its cap, its level, its output, its amount."""
    one, trace, cite = case.minerals[index], work.trace, work.provision(FORMULA)
    several = len(case.minerals) > 1
    mark, name = (subscript(index), work.book.minerals[one.mineral].name) if several else ("", Text("", ""))

    def label(vi: str, en: str) -> Text:
        return Text(f"{vi} ({name.vi})", f"{en} ({name.en})") if several else Text(vi, en)

    cap = work.law(CAP)
    G = trace.define(
        "G" + mark, label("Giá tính thuế tài nguyên", "Resource-tax price"), Traced.of("G" + mark, one.price_vnd),
        "VND", cap.cites,
    )  # fmt: skip
    text = label("Tỷ lệ đóng góp tối đa", "Largest share of the price")
    p = trace.define("p" + mark, text, Traced.percent("p" + mark, cap.number()), "%", cap.cites)
    text = label("Mức đóng góp tối đa", "Largest level")
    most = trace.define("m_max" + mark, text, largest_level(G, p), "VND", cap.cites)
    text = label("Mức đóng góp của tỉnh", "Level set by the province")
    m = trace.define("m" + mark, text, Traced.of("m" + mark, one.level_vnd), "VND", cap.cites)
    text = label("Sản lượng nguyên khai dự kiến của năm", "Planned raw output of the year")
    Q = trace.define("Q" + mark, text, Traced.of("Q" + mark, one.planned), "1", cite)
    text = label("Kinh phí đóng góp", "Contribution")
    exact = contribution(Q, m).half_up(case.rounding_vnd)
    amount = trace.define("D" + mark, text, exact, "VND", cite, work.line_rounding(case.rounding_vnd))
    printed = {
        "mineral": one.mineral,
        "planned_quantity": plain(Q.num, Q.den),
        "level_vnd_per_unit": one.level_vnd,
        "cap_vnd_per_unit": plain(most.num, most.den),
        "amount_vnd": amount.whole(),
    }
    return printed, amount
