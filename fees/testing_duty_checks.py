"""What every recurring duty promises, as checks for any engine of the contract (extra ``testing``).

A check takes ``compute`` (one document in, one result out) and a document that it computes; it raises
:class:`BrokenInvariant` saying what does not hold. Each docstring names the article or the clause of the contract it states.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from fees.case import MiningMethod
from fees.licence_fee import APPRAISAL, Procedure
from fees.testing_checks import (
    check_cautions,
    check_deterministic,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
)
from fees.testing_results import Compute, Json, computed, number_of, require, step_of_rounding
from rules.lawbook import law_book
from rules.number import half_up, plain

Check = Callable[[Compute, Json], None]
_TIMES: Final = 3


def check_tax_is_q_g_t(compute: Compute, document: Json) -> None:
    """T = Q x G x t with G never below the provincial price (Law 45/2009 Art. 4, 6(1)), rounded half up once."""
    answer = computed(compute, document)
    price = number_of(answer["result"]["taxable_price_vnd"])
    sold = document.get("selling_price_vnd")
    higher = max(Fraction(document["provincial_price_vnd"]), Fraction(sold or 0))
    require(price == higher, f"the taxable price {price} is not the higher one, {higher}")
    rate = Fraction(
        document["rate_percent"] or next(step["value"] for step in answer["trace"] if step["symbol"] == "t")
    )
    tax = half_up(number_of(document["quantity"]) * price * rate / 100)
    require(answer["result"]["tax_vnd"] == tax, f"tax_vnd is not Q x G x t = {tax}")


def check_fee_is_linear_in_quantities(compute: Compute, document: Json) -> None:
    """F is linear in Q1 and Q2 (Decree 27/2023 Art. 7): with every quantity threefold it is threefold, but for rounding."""

    def threefold(one: Json, name: str) -> None:
        one[name] = plain(*(Decimal(one[name]) * _TIMES).as_integer_ratio())

    more = copy.deepcopy(document)
    threefold(more, "overburden_m3")
    for one in more["minerals"]:
        threefold(one, "quantity")
    once, thrice = (computed(compute, one)["result"]["fee_vnd"] for one in (document, more))
    require(abs(thrice - _TIMES * once) <= (_TIMES + 1) // 2, f"threefold quantities make {thrice} of {once}")


def check_open_pit_pays_its_coefficient(compute: Compute, document: Json) -> None:
    """F is (Q1 x f1 + Σ Q2 x f2) x K (Art. 7): methods differ by their K alone, f1 is the same."""
    results = [computed(compute, document | {"mining_method": method.value})["result"] for method in MiningMethod]
    exact = number_of(results[0]["k"])
    for one in results:
        require(one["f1_vnd"] == results[0]["f1_vnd"], "f1 differs by method")
        off = abs(one["fee_vnd"] * exact - results[0]["fee_vnd"] * number_of(one["k"]))
        require(off <= (exact + number_of(one["k"])) / 2, f"{one} and {results[0]} differ by more than K")


def check_order_of_charged_minerals_is_irrelevant(compute: Compute, document: Json) -> None:
    """The fee adds its minerals (Art. 7): in another order the same fee."""
    one, other = (
        computed(compute, document | {"minerals": minerals})["result"]["fee_vnd"]
        for minerals in (document["minerals"], document["minerals"][::-1])
    )
    require(one == other, f"{one} in one order, {other} in the other")


def check_return_is_due_on_a_working_day(compute: Compute, document: Json) -> None:
    """A monthly return is due after its month, on a working day (Decree 252/2026 Art. 3(7), 10(2)); asking for the date
    changes no sum."""
    with_date = computed(compute, document)["result"]
    without = computed(compute, {**document, "with_due_date": False})["result"]
    due = with_date.pop("due_on", None)
    require(with_date == without, "asking for the due date changes the sum")
    require((due is not None) == bool(document.get("with_due_date")), f"due_on is {due}")
    if due is not None:
        require(due[:7] > document["period"], f"{document['period']} is due on {due}")
        require(law_book().calendar.is_working_day(date.fromisoformat(due)), f"due on {due}, a day off")


def check_interest_is_proportional_to_the_days(compute: Compute, document: Json) -> None:
    """Interest is a daily share of what is late (Law 108/2025 Art. 16(2)(a)): twice the counted days, twice the interest,
    but for rounding; the day of payment and the due date do not count."""
    first = computed(compute, document)["result"]
    days, shifted = first["days"], date.fromisoformat(first["due_on_shifted"])
    paid = date.fromisoformat(document["paid_on"])
    require(days == max(0, (paid - shifted).days - 1), f"{days} days from {shifted} to {paid}")
    later = {**document, "paid_on": (shifted + timedelta(days=2 * days + 1)).isoformat()}
    second = computed(compute, later)["result"]
    require(second["days"] == 2 * days, f"{second['days']} is not twice {days}")
    off = abs(second["interest_vnd"] - 2 * first["interest_vnd"])
    require(off <= 1, f"twice the days make {second['interest_vnd']} of {first['interest_vnd']}")


def check_extension_is_never_dearer(compute: Compute, document: Json) -> None:
    """An extension or a transfer never costs more than a new licence (Circular 10/2024); both name one line."""
    if document["licence_class"] == APPRAISAL:
        return
    results = {one: computed(compute, document | {"procedure": one.value})["result"] for one in Procedure}
    new = results[Procedure.GRANT]
    for one in results.values():
        require(one["line"] == new["line"], "the procedure changes the line of the tariff")
        require(one["licence_fee_vnd"] <= new["licence_fee_vnd"], f"{one} is dearer than {new}")


def check_appraisal_grows_with_the_cost(compute: Compute, document: Json) -> None:
    """The fee for an appraisal never falls as the cost grows, and has no jump at a step (Circular 10/2024)."""
    if document["licence_class"] != APPRAISAL:
        return
    cost = document["exploration_cost_vnd"]
    fees = [
        computed(compute, document | {"exploration_cost_vnd": cost + more})["result"]["licence_fee_vnd"]
        for more in (0, 1)
    ]
    require(0 <= fees[1] - fees[0] <= 1, f"one đồng more of cost makes {fees[1]} of {fees[0]}")


def check_contribution_lines(compute: Compute, document: Json) -> None:
    """Each line is level x planned output, rounded once, its level at most its cap; the total adds the lines
    (Decree 193/2025 Art. 5(1))."""
    result, step = computed(compute, document)["result"], step_of_rounding(document)
    for given, line in zip(document["minerals"], result["minerals"], strict=True):
        amount = half_up(number_of(given["planned_quantity"]) * given["level_vnd_per_unit"], step)
        require(line["amount_vnd"] == amount, f"{line} is not Q x m = {amount}")
        require(line["level_vnd_per_unit"] <= number_of(line["cap_vnd_per_unit"]), f"{line} is above its cap")
    total = sum(line["amount_vnd"] for line in result["minerals"])
    require(result["contribution_vnd"] == total, f"contribution_vnd is not the sum of its lines, {total}")


_EXPLAINED: Final[tuple[Check, ...]] = (
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_trace_re_evaluates,
    check_cautions,
    check_deterministic,
)

DUTY_CHECKS_BY_KIND: Final[dict[str, tuple[Check, ...]]] = {
    "resource_tax": (check_tax_is_q_g_t, check_return_is_due_on_a_working_day, *_EXPLAINED),
    "environmental_fee": (
        check_fee_is_linear_in_quantities,
        check_open_pit_pays_its_coefficient,
        check_order_of_charged_minerals_is_irrelevant,
        check_return_is_due_on_a_working_day,
        *_EXPLAINED,
    ),
    "late_interest": (check_interest_is_proportional_to_the_days, *_EXPLAINED),
    "licence_fee": (check_extension_is_never_dearer, check_appraisal_grows_with_the_cost, *_EXPLAINED),
    "infrastructure_contribution": (check_contribution_lines, *_EXPLAINED),
}
"""The invariants of the recurring duties by the kind of document."""
