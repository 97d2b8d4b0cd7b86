"""How is TL_qđ found for each row of a column? The formulas of ``output_conversion``, and their roundings, over columns."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from fees.column_conversion import Decimals
from fees.column_numbers import Column
from fees.column_words import Words
from fees.output_conversion import (
    output_loose_to_in_situ,
    output_loose_to_tonne,
    output_sieved_to_unsieved,
    output_tonne_to_in_situ,
    output_unsieved_to_sieved,
)


class OutputRule(IntEnum):
    """The rule of TL_qđ, named after its function in ``fees.output_conversion``; DETERMINED: set by the authority."""

    SAME_UNIT = 0
    LOOSE_TO_IN_SITU = 1
    LOOSE_TO_TONNE = 2
    TONNE_TO_IN_SITU = 3
    UNSIEVED_TO_SIEVED = 4
    SIEVED_TO_UNSIEVED = 5
    DETERMINED = 6


class _Needs(NamedTuple):
    upper: bool
    lower: bool


_NEEDS = {
    OutputRule.SAME_UNIT: _Needs(upper=False, lower=False),
    OutputRule.LOOSE_TO_IN_SITU: _Needs(upper=False, lower=True),
    OutputRule.LOOSE_TO_TONNE: _Needs(upper=True, lower=True),
    OutputRule.TONNE_TO_IN_SITU: _Needs(upper=False, lower=True),
    OutputRule.UNSIEVED_TO_SIEVED: _Needs(upper=True, lower=False),
    OutputRule.SIEVED_TO_UNSIEVED: _Needs(upper=False, lower=True),
    OutputRule.DETERMINED: _Needs(upper=True, lower=False),
}
_ONE = Column.constant(1)


def output_factors(rules: NDArray[np.uint8], upper: Decimals, lower: Decimals, places: int) -> Column:
    """TL_qđ of each row, its parameters and itself rounded half up to ``places``.

    ``upper`` and ``lower`` are what stands above and below the fraction bar of the rule: D, H_th or the determined
    factor; H_n, D or H_th (any number where the rule does not ask).
    """
    factors: Words = np.zeros(len(rules), np.uint64)
    for rule in OutputRule:
        chosen = np.flatnonzero(rules == rule)
        if len(chosen):
            found = _factor(rule, upper.at(chosen), lower.at(chosen), places).scaled(places)
            factors = factors.astype(np.promote_types(factors.dtype, found.dtype), copy=False)
            factors[chosen] = found
    return Column.of(factors, places)


def unsound_outputs(rules: NDArray[np.uint8], upper: Decimals, lower: Decimals, places: int) -> NDArray[np.bool_]:
    """Rows in which a parameter that the rule needs is negative, or 0 after rounding."""
    found = np.zeros(len(rules), np.bool_)
    for name, given in (("upper", upper), ("lower", lower)):
        least = -(-(10**given.places) // (2 * 10**places))  # the smallest that is not rounded to 0
        small = given.values < least
        if small.any():
            asking: list[Any] = [rule for rule in OutputRule if getattr(_NEEDS[rule], name)]
            found |= small & np.isin(rules, asking)
    return found


def _factor(rule: OutputRule, upper: Decimals, lower: Decimals, places: int) -> Column:
    above, below = upper.column, lower.column
    match rule:
        case OutputRule.SAME_UNIT:
            return _ONE
        case OutputRule.LOOSE_TO_IN_SITU:
            return output_loose_to_in_situ(_ONE, below().rounded(places)).rounded(places)
        case OutputRule.LOOSE_TO_TONNE:
            return output_loose_to_tonne(above().rounded(places), below().rounded(places)).rounded(places)
        case OutputRule.TONNE_TO_IN_SITU:
            return output_tonne_to_in_situ(_ONE, below().rounded(places)).rounded(places)
        case OutputRule.UNSIEVED_TO_SIEVED:
            return output_unsieved_to_sieved(above().rounded(places)).rounded(places)
        case OutputRule.SIEVED_TO_UNSIEVED:
            return output_sieved_to_unsieved(_ONE, below().rounded(places)).rounded(places)
        case OutputRule.DETERMINED:
            return above().rounded(places)
    assert_never(rule)
