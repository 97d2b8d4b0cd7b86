"""Test material for any engine of the compute contract: documents, faults and invariants (extra ``testing``).

Strategies (Hypothesis) draw plain JSON documents, decimals as text, money and counts as integers::

    from hypothesis import given
    from fees.testing import FEE_CHECKS, broken_documents, check_refusal, fee_documents

    @given(fee_documents())
    def test_what_every_fee_promises(document):
        for check in FEE_CHECKS:
            check(compute, document)

    @given(broken_documents())
    def test_refusals(broken):
        check_refusal(compute, broken)

``compute`` is your own: one parsed document in, one parsed result out. A check raises :class:`BrokenInvariant` (an
``AssertionError``) that says what does not hold; its docstring names the article or clause it states.

* :func:`fee_documents`: sound documents of ``licence_right_fee`` and ``licence_right_fee_2019``, every mineral code, price
  kind and conversion, dates around every change of law; all of them compute.
* :func:`broken_documents`: one of those with one fault, as :class:`Broken` (document, field, code, what was done).
  :func:`spoiled` and :func:`unlawful` list every fault of a given document.
* :func:`output_declarations`: yearly outputs that Annex V converts, for settlements.
* :func:`settlement_documents`, :func:`reapproval_documents`, :func:`adjustment_documents`: sound documents of these kinds;
  :data:`DUTY_DOCUMENTS` those of the recurring duties by kind.
* :func:`auction_documents`: sound documents of the auction kinds, :data:`AUCTION_CHECKS_BY_KIND` their invariants.
* :data:`FEE_CHECKS`: the invariants of a sound fee; :data:`SETTLEMENT_CHECKS`, :data:`REAPPROVAL_CHECKS`,
  :data:`ADJUSTMENT_CHECKS`, :data:`DUTY_CHECKS_BY_KIND`: those of the other kinds, :data:`CHECKS_BY_KIND` by the name of
  the kind; :func:`check_refusal`: the shape and order of errors.
* :func:`escrow_documents`, :func:`escrow_schedule_documents`, :func:`restoration_cost_documents`: restoration deposits, with
  :data:`ESCROW_CHECKS`, :data:`ESCROW_SCHEDULE_CHECKS`, :data:`RESTORATION_COST_CHECKS`.
* :func:`evaluate`, :func:`re_evaluate`: the grammar of a trace's formulas, for checks of your own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fees.testing_auction_checks import (
    AUCTION_CHECKS_BY_KIND,
    check_deposit_is_monotone_in_its_rate,
    check_deposit_is_share_of_estimate,
    check_old_deposit,
    check_old_line,
    check_old_outcome,
    check_order_of_area_minerals_is_irrelevant,
    check_plan_spreads_each_scenario,
    check_rates_follow_the_winning_rate,
    check_step_is_share_of_start,
    check_the_auctioned_mineral,
    check_the_estimate_adds_its_lines,
    check_the_start_as_outcome_is_the_terms,
)
from fees.testing_auctions import AUCTION_KINDS, AuctionKind, auction_documents
from fees.testing_broken import broken_documents, check_refusal, unlawful
from fees.testing_cases import fee_documents, mineral_lines, output_declarations, repricings
from fees.testing_checks import (
    CAUTION_CODES,
    FEE_CHECKS,
    check_cautions,
    check_deterministic,
    check_due_dates_ascend,
    check_every_figure_is_in_the_trace,
    check_every_step_is_cited,
    check_fee_is_linear_in_quantity,
    check_fee_is_monotone_in_price,
    check_fee_is_monotone_in_rate,
    check_line_is_q_g_r,
    check_order_of_minerals_is_irrelevant,
    check_schedule_sums_to_total,
    check_total_adds_printed_lines,
    check_trace_re_evaluates,
)
from fees.testing_dates import FEE_KINDS, FeeKind, approval_dates, law_changes, notice_dates, period_of, terms
from fees.testing_duties import (
    DUTY_DOCUMENTS,
    environmental_fee_documents,
    infrastructure_contribution_documents,
    late_interest_documents,
    licence_fee_documents,
    resource_tax_documents,
)
from fees.testing_duty_checks import DUTY_CHECKS_BY_KIND
from fees.testing_escrow import (
    ESCROW_CHECKS,
    ESCROW_CHECKS_BY_KIND,
    ESCROW_SCHEDULE_CHECKS,
    RESTORATION_COST_CHECKS,
    check_chaining_is_associative,
    check_days_late,
    check_deposits_sum_to_total,
    check_first_share_by_term,
    check_index_never_falls_with_rising_prices,
    check_indexing_by_100_is_the_identity,
    check_interest_is_between_its_rates,
    check_parts_sum_to_works,
    check_payments_are_all_counted,
    check_regime_is_cited,
    check_which_deposits_are_indexed,
    escrow_documents,
    escrow_schedule_documents,
    restoration_cost_documents,
)
from fees.testing_faults import Broken, spoiled
from fees.testing_prices import decimal_texts, frame_lines, lines, parameters
from fees.testing_results import Compute, Json
from fees.testing_settlement_checks import (
    ADJUSTMENT_CHECKS,
    REAPPROVAL_CHECKS,
    SETTLEMENT_CHECKS,
    check_additional_due_date,
    check_adjusted_lines,
    check_equal_instalments,
    check_offsets_take_the_excess_in_order,
    check_order_of_years_is_irrelevant,
    check_outcome_is_consistent,
    check_remaining_lines,
    check_settled_lines,
    check_settled_years_keep_their_sum,
    check_threshold_is_symmetric,
    check_top_up_shows_both_readings,
    check_trigger,
    check_two_periods_settle_as_one,
)
from fees.testing_settlement_checks import CHECKS_BY_KIND as SETTLEMENT_CHECKS_BY_KIND
from fees.testing_settlements import adjustment_documents, reapproval_documents, rights, settlement_documents
from fees.testing_trace import BrokenInvariant, evaluate, re_evaluate

CHECKS_BY_KIND: Final[dict[str, tuple[Callable[[Compute, Json], None], ...]]] = {
    "licence_right_fee": FEE_CHECKS,
    "licence_right_fee_2019": FEE_CHECKS,
    **SETTLEMENT_CHECKS_BY_KIND,
    **AUCTION_CHECKS_BY_KIND,
    **DUTY_CHECKS_BY_KIND,
    **ESCROW_CHECKS_BY_KIND,
}
"""The invariants by the kind of document."""

__all__ = [
    "ADJUSTMENT_CHECKS",
    "AUCTION_CHECKS_BY_KIND",
    "AUCTION_KINDS",
    "CAUTION_CODES",
    "CHECKS_BY_KIND",
    "DUTY_CHECKS_BY_KIND",
    "DUTY_DOCUMENTS",
    "ESCROW_CHECKS",
    "ESCROW_CHECKS_BY_KIND",
    "ESCROW_SCHEDULE_CHECKS",
    "FEE_CHECKS",
    "FEE_KINDS",
    "REAPPROVAL_CHECKS",
    "RESTORATION_COST_CHECKS",
    "SETTLEMENT_CHECKS",
    "AuctionKind",
    "Broken",
    "BrokenInvariant",
    "Compute",
    "FeeKind",
    "Json",
    "adjustment_documents",
    "approval_dates",
    "auction_documents",
    "broken_documents",
    "check_additional_due_date",
    "check_adjusted_lines",
    "check_cautions",
    "check_chaining_is_associative",
    "check_days_late",
    "check_deposit_is_monotone_in_its_rate",
    "check_deposit_is_share_of_estimate",
    "check_deposits_sum_to_total",
    "check_deterministic",
    "check_due_dates_ascend",
    "check_equal_instalments",
    "check_every_figure_is_in_the_trace",
    "check_every_step_is_cited",
    "check_fee_is_linear_in_quantity",
    "check_fee_is_monotone_in_price",
    "check_fee_is_monotone_in_rate",
    "check_first_share_by_term",
    "check_index_never_falls_with_rising_prices",
    "check_indexing_by_100_is_the_identity",
    "check_interest_is_between_its_rates",
    "check_line_is_q_g_r",
    "check_offsets_take_the_excess_in_order",
    "check_old_deposit",
    "check_old_line",
    "check_old_outcome",
    "check_order_of_area_minerals_is_irrelevant",
    "check_order_of_minerals_is_irrelevant",
    "check_order_of_years_is_irrelevant",
    "check_outcome_is_consistent",
    "check_parts_sum_to_works",
    "check_payments_are_all_counted",
    "check_plan_spreads_each_scenario",
    "check_rates_follow_the_winning_rate",
    "check_refusal",
    "check_regime_is_cited",
    "check_remaining_lines",
    "check_schedule_sums_to_total",
    "check_settled_lines",
    "check_settled_years_keep_their_sum",
    "check_step_is_share_of_start",
    "check_the_auctioned_mineral",
    "check_the_estimate_adds_its_lines",
    "check_the_start_as_outcome_is_the_terms",
    "check_threshold_is_symmetric",
    "check_top_up_shows_both_readings",
    "check_total_adds_printed_lines",
    "check_trace_re_evaluates",
    "check_trigger",
    "check_two_periods_settle_as_one",
    "check_which_deposits_are_indexed",
    "decimal_texts",
    "environmental_fee_documents",
    "escrow_documents",
    "escrow_schedule_documents",
    "evaluate",
    "fee_documents",
    "frame_lines",
    "infrastructure_contribution_documents",
    "late_interest_documents",
    "law_changes",
    "licence_fee_documents",
    "lines",
    "mineral_lines",
    "notice_dates",
    "output_declarations",
    "parameters",
    "period_of",
    "re_evaluate",
    "reapproval_documents",
    "repricings",
    "resource_tax_documents",
    "restoration_cost_documents",
    "rights",
    "settlement_documents",
    "spoiled",
    "terms",
    "unlawful",
]
