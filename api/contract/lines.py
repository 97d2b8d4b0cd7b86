"""What the lines of all kinds share: their names, and a quantity that is a volume or a flow."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Protocol

from api.contract.types import one_of
from fees import case
from rules.lawbook import law_book
from rules.quantity import Unit

MineralCode = Annotated[str, one_of(tuple(law_book().minerals), "Mã khoáng sản", "mineral code")]
MOST_LINES = 1000
"""Most entries of one list of a case."""


class Measured(Protocol):
    """A line whose quantity is given with its unit, or (mineral and hot water) as a flow with its term."""

    @property
    def quantity(self) -> Decimal | None: ...
    @property
    def quantity_unit(self) -> Unit | None: ...
    @property
    def flow_m3_per_day(self) -> Decimal | None: ...
    @property
    def term_days(self) -> int | None: ...
    @property
    def hours_per_day(self) -> Decimal | None: ...


def volume_or_flow(line: Measured) -> case.Volume | case.Flow:
    """The quantity of a line in the way it was given."""
    if line.flow_m3_per_day is not None and line.term_days is not None:
        return case.Flow(
            flow_m3_per_day=line.flow_m3_per_day, term_days=line.term_days, hours_per_day=line.hours_per_day
        )
    assert line.quantity is not None  # quantity_or_flow() saw both
    assert line.quantity_unit is not None
    return case.Volume(quantity=line.quantity, unit=line.quantity_unit)
