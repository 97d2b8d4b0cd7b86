"""How is K_qđ found for each row of a column? The formulas of ``conversion``, and their roundings, over columns."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from fees.column_numbers import Column
from fees.column_words import Words
from fees.conversion import grade_ratio, loose_to_in_situ, loose_to_tonne


class Decimals(NamedTuple):
    """Decimals as whole numbers of their last place: 1475 with 3 places is 1.475."""

    values: NDArray[np.int64]
    places: int = 0

    def at(self, rows: slice | NDArray[np.intp]) -> Decimals:
        """Some of the rows."""
        return Decimals(at(self.values, rows), self.places)

    def column(self) -> Column:
        """The numbers to compute with."""
        return Column.of(self.values, self.places)


class Rule(IntEnum):
    """The rule of K_qđ, named after its function in ``fees.conversion``; DETERMINED: set by the authority."""

    SAME_UNIT = 0
    LOOSE_TO_IN_SITU = 1
    LOOSE_TO_TONNE = 2
    GRADE_RATIO = 3
    DETERMINED = 4


_NEEDS = {Rule.SAME_UNIT: 0, Rule.LOOSE_TO_IN_SITU: 1, Rule.LOOSE_TO_TONNE: 2, Rule.GRADE_RATIO: 2, Rule.DETERMINED: 1}

Rules = Rule | NDArray[np.uint8]
"""One rule for all rows, or one for each."""


def conversion_factors(rules: Rules, upper: Decimals, lower: Decimals, places: int) -> Column:
    """K_qđ of each row, its parameters and itself rounded half up to ``places``."""
    if isinstance(rules, Rule):
        return _factor(rules, upper, lower, places)
    factors: Words = np.zeros(len(rules), np.uint64)
    for rule, where in _by_rule(rules):
        chosen = np.flatnonzero(where)
        if len(chosen):
            found = _factor(rule, upper.at(chosen), lower.at(chosen), places).scaled(places)
            factors = factors.astype(np.promote_types(factors.dtype, found.dtype), copy=False)
            factors[chosen] = found
    return Column.of(factors, places)


def unsound(rules: Rules, upper: Decimals, lower: Decimals, places: int) -> NDArray[np.bool_] | None:
    """Rows in which a parameter that the rule needs is negative, or 0 after rounding; ``None`` where there are none."""
    found = None
    for number, given in enumerate((upper, lower), start=1):
        least = -(-(10**given.places) // (2 * 10**places))  # the smallest that is not rounded to 0
        if given.values.min(initial=least) >= least:
            continue
        small = given.values < least
        for rule, where in _by_rule(rules):
            if _NEEDS[rule] >= number:
                bad = where & small
                found = bad if found is None else found | bad
    return found


def at(values: NDArray[Any], rows: slice | NDArray[np.intp]) -> NDArray[Any]:
    """Some of the rows of an array."""
    return values[rows] if isinstance(rows, slice) else values.take(rows, mode="clip")


def _factor(rule: Rule, upper: Decimals, lower: Decimals, places: int) -> Column:
    match rule:
        case Rule.SAME_UNIT:
            return Column.constant(1)
        case Rule.LOOSE_TO_IN_SITU:
            return loose_to_in_situ(upper.column().rounded(places)).rounded(places)
        case Rule.LOOSE_TO_TONNE:
            return loose_to_tonne(upper.column().rounded(places), lower.column().rounded(places)).rounded(places)
        case Rule.GRADE_RATIO:
            return grade_ratio(upper.column().rounded(places), lower.column().rounded(places)).rounded(places)
        case Rule.DETERMINED:
            return upper.column().rounded(places)
    assert_never(rule)


def _by_rule(rules: Rules) -> list[tuple[Rule, Any]]:
    """Each rule with the rows it holds for (``True``: all)."""
    return [(rules, True)] if isinstance(rules, Rule) else [(one, rules == one) for one in Rule]
