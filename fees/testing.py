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
* :data:`FEE_CHECKS`: the invariants of a sound fee; :func:`check_refusal`: the shape and order of errors.
* :func:`evaluate`, :func:`re_evaluate`: the grammar of a trace's formulas, for checks of your own.
"""

from __future__ import annotations

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
from fees.testing_faults import Broken, spoiled
from fees.testing_prices import decimal_texts, frame_lines, lines, parameters
from fees.testing_results import Compute, Json
from fees.testing_trace import BrokenInvariant, evaluate, re_evaluate

__all__ = [
    "CAUTION_CODES",
    "FEE_CHECKS",
    "FEE_KINDS",
    "Broken",
    "BrokenInvariant",
    "Compute",
    "FeeKind",
    "Json",
    "approval_dates",
    "broken_documents",
    "check_cautions",
    "check_deterministic",
    "check_due_dates_ascend",
    "check_every_figure_is_in_the_trace",
    "check_every_step_is_cited",
    "check_fee_is_linear_in_quantity",
    "check_fee_is_monotone_in_price",
    "check_fee_is_monotone_in_rate",
    "check_line_is_q_g_r",
    "check_order_of_minerals_is_irrelevant",
    "check_refusal",
    "check_schedule_sums_to_total",
    "check_total_adds_printed_lines",
    "check_trace_re_evaluates",
    "decimal_texts",
    "evaluate",
    "fee_documents",
    "frame_lines",
    "law_changes",
    "lines",
    "mineral_lines",
    "notice_dates",
    "output_declarations",
    "parameters",
    "period_of",
    "re_evaluate",
    "repricings",
    "spoiled",
    "terms",
    "unlawful",
]
