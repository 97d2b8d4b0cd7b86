"""Which deposit, and how is the sum won paid, in auctions before Decree 193/2025? Decree 22/2012 Art. 5, Law 01/2016 Art. 39(1),
Joint Circular 54/2014 Art. 7."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from fees.auction_bounds import within
from fees.auction_terms import deposit
from fees.licence_right import printed
from fees.working import Working
from rules.errors import Code
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)


def rest_of_sum(T_dg: N, first: N) -> N:
    """What is left of a sum won after the first payment (Joint Circular 54/2014 Art. 7(2)), or after the deposit."""
    return T_dg - first


def deposit_bounds_known(work: Working, given: Decimal) -> bool:
    """Whether the book has a deposit band on the case's day and the deposit keeps it; else it is refused by name."""
    if work.find("auction_2012.deposit_max") is None:
        gap = work.book.gap("auction_2012.deposit_max", work.on)
        assert gap is not None  # the book explains every hole
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("set_on",),
            f"{gap.reason.vi} {gap.ask.vi}",
            f"{gap.reason.en} {gap.ask.en}",
        )
        return False
    low, high = work.law("auction_2012.deposit_min"), work.law("auction_2012.deposit_max")
    return within(work, "deposit_percent", Text("Tiền đặt trước", "The deposit"), given, low, high)


def explained_deposit(work: Working, start: Traced, given: Decimal, provision: str) -> dict[str, Any]:
    """The deposit: a share of the starting price within its band."""
    trace, found = work.trace, {}
    for name, label in (("min", Text("tối thiểu", "Smallest")), ("max", Text("tối đa", "Largest"))):
        row = work.law(f"auction_2012.deposit_{name}")
        text = Text(f"Tỷ lệ đặt trước {label.vi}", f"{label.en} deposit rate")
        bound = trace.define(f"H_{name}", text, Traced.percent(f"H_{name}", row.number()), "%", row.cites)
        found[f"deposit_percent_{name}"] = printed(bound)
    cite = work.provision(provision)
    H = trace.define("H", Text("Tỷ lệ đặt trước", "Deposit rate"), Traced.percent("H", given), "%", cite)
    T_dt = trace.define(
        "T_đt",
        Text("Tiền đặt trước", "Advance deposit"),
        deposit(start, H).half_up(1),
        "VND",
        cite,
        work.book.conventions["line_rounding"],
    )
    return {**found, "deposit_vnd": T_dt.whole()}


def explained_payment(work: Working, T_dg: Traced, deposit_vnd: int) -> dict[str, Any]:
    """How a sum won is paid: at once before the licence, or a first payment and the rest within some years.

    The deposit counts towards it (Decree 22/2012 Art. 5(3)). Before Joint Circular 54/2014 only that is known.
    """
    trace = work.trace
    cite = work.provision("auction_2012.deposit_offset")
    T_dt = Traced.of("T_đt", deposit_vnd)
    label = Text("Còn phải nộp sau khi trừ tiền đặt trước", "Left to pay after the deposit")
    after = trace.define("T_sđt", label, rest_of_sum(T_dg, T_dt), "VND", cite)
    found: dict[str, Any] = {"after_deposit_vnd": after.whole()}
    if work.find("auction_2012.paid_at_once") is None:
        return found
    limit = work.law("auction_2012.paid_at_once")
    once = trace.define(
        "T_1 lần",
        Text("Mức tiền trúng đấu giá thu một lần, đến", "Sum won that is paid at once, up to"),
        Traced.of("T_1 lần", limit.number()),
        "VND",
        limit.cites,
    )
    if T_dg.value <= once.value:
        label = Text("Cách nộp: một lần trước khi cấp phép", "Paid at once before the licence")
        trace.note("payment_mode", label, "one_off", "1", limit.cites)
        return {
            **found,
            "payment_mode": "one_off",
            "first_payment_vnd": T_dg.whole(),
            "rest_vnd": None,
            "longest_years": None,
        }
    years = work.law("auction_2012.longest_years")
    trace.note(
        "mode",
        Text("Cách nộp: nhiều lần; lần đầu trước khi cấp phép", "Paid in instalments, the first before the licence"),
        "instalments",
        "1",
        limit.cites,
    )
    rest = trace.define(
        "T_còn",
        Text("Phần còn lại sau lần đầu tối thiểu", "Rest after the least first payment"),
        rest_of_sum(T_dg, once),
        "VND",
        limit.cites,
    )
    longest = trace.define(
        "N_max",
        Text(
            "Thời gian nộp phần còn lại, không quá (dưới 10 năm khai thác: không quá nửa thời hạn)",
            "The rest is paid within (licences under 10 years: within half the term)",
        ),
        Traced.of("N_max", years.number()),
        "year",
        years.cites,
    )
    return {
        **found,
        "payment_mode": "instalments",
        "first_payment_vnd": once.whole(),
        "rest_vnd": rest.whole(),
        "longest_years": longest.whole(),
    }


def say_the_step_is_free(work: Working, provision: str) -> None:
    """The old rules set no bounds for the step, those of Law 54/2024 do."""
    low, high = (work.book.first(f"auction.step_{name}").number() for name in ("min", "max"))
    work.trace.did_not_apply(
        "no_step_bounds",
        Text(
            f"Không kiểm tra bước giá theo khung {low}-{high} %: trước Luật Địa chất và khoáng sản 2024, hội đồng đấu giá hoặc Ủy ban nhân dân "
            "cấp tỉnh quyết định bước giá, không có khung.",
            f"The step is not held against {low}-{high} %: before the Law on Geology and Minerals of 2024 the auction council or the provincial "
            "People's Committee decided it, without bounds.",
        ),
        work.provision(provision),
    )
