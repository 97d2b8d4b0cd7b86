"""What does the fee cost in this project? The scalar path with its explanation, and the same formulas over columns."""

from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256

import numpy as np
import orjson
from numpy.typing import NDArray

from bench.data import AREAS, METHODS, MINERALS, STARTS, Case, Rows
from bench.measure import Columns, Traced
from fees import column_law
from fees.case import (
    Area,
    Conversion,
    Fee2019Case,
    FeeCase,
    Group,
    Licence,
    Licensor,
    MineralLine,
    MiningMethod,
    RawPrice,
    Volume,
)
from fees.column_conversion import Decimals, Rule
from fees.column_law import ColumnLaw
from fees.columns import FeeColumns, licence_right_fees
from fees.licence_right import explained_total
from fees.licence_right_2019 import explained_total_2019
from fees.working import Working
from rules.lawbook import law_book
from rules.quantity import Unit

_SECOND_DECREE = str(STARTS[1])


def traced() -> Traced:
    """One licence, explained; its domain case is built once, as the peers' systems and graphs are."""
    return lambda case: ours_traced(domain(case))


def ours_traced(case: FeeCase) -> tuple[int, str]:
    """The fee of a licence and the SHA-256 of its canonical JSON with trace, cautions and rules that did not apply."""
    # the peers compute no schedule of payments, so neither is one here
    work = Working(law_book(), case.approved_on)
    if isinstance(case, Fee2019Case):
        amounts, total = explained_total_2019(work, case)
        lines = [one.printed for one in amounts]
    else:
        lines, total = explained_total(work, case)
    amount = total.whole()
    trace = work.trace
    document = orjson.dumps(
        {
            "result": {"total_vnd": amount, "minerals": lines},
            "trace": trace.steps,
            "cautions": trace.cautions,
            "not_applied": trace.not_applied,
        },
        option=orjson.OPT_SORT_KEYS,
    )
    return amount, sha256(document).hexdigest()


@cache
def domain(case: Case) -> FeeCase:
    """A case of the bench as the project's own."""
    approved_on = date.fromisoformat(case.approved_on)
    loose = case.density == "1"
    line = MineralLine(
        mineral=case.mineral,
        amount=Volume(quantity=Decimal(case.quantity), unit=Unit.M3_IN_SITU if loose else Unit.TONNE),
        price=RawPrice(amount=case.price, unit=Unit.M3_LOOSE),
        conversion=Conversion(bulking_factor=Decimal(case.bulking), density=None if loose else Decimal(case.density)),
    )
    licence = Licence(
        issued_on=approved_on, expires_on=approved_on.replace(year=approved_on.year + 10, day=1), group=Group.III
    )
    if case.approved_on >= _SECOND_DECREE:
        return FeeCase(approved_on=approved_on, licence=licence, minerals=(line,))
    return Fee2019Case(
        approved_on=approved_on,
        licence=licence,
        minerals=(line,),
        mining_method=MiningMethod(case.method),
        area=Area(case.area),
        licensed_by=Licensor.PROVINCE,
    )


def columns() -> Columns:
    """All licences over the law book compiled once."""
    assert (column_law.METHODS, column_law.AREAS) == (METHODS, AREAS)
    law = ColumnLaw.of(law_book(), MINERALS)

    def fees(rows: Rows) -> NDArray[np.int64]:
        answer = licence_right_fees(as_columns(rows), law)
        assert not answer.refused.any()
        return answer.amounts

    return fees


def as_columns(rows: Rows) -> FeeColumns:
    """The rows of the bench as the project's columns: the same arrays, none copied."""
    return FeeColumns(
        approved_on=rows.approved_on,
        mineral=rows.mineral,
        method=rows.method,
        area=rows.area,
        quantity=Decimals(rows.quantity, 3),
        price=Decimals(rows.price),
        rule=Rule.LOOSE_TO_TONNE,
        upper=Decimals(rows.bulking, 3),
        lower=Decimals(rows.density, 3),
    )
