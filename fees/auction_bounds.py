"""Which step and which deposit may be set, and which values may win? Law 54/2024 Art. 102(2), Decree 193/2025 Art. 145(1)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fees.case import Group
from fees.working import Working
from rules.errors import Code
from rules.lawbook import Row
from rules.number import plain
from rules.trace import Text

GENERAL = "general"
HIGHER = "group_iv_river_lake_sea"


def deposit_band(work: Working, group: Group, mineral: str) -> str:
    """The band of the advance deposit: the higher one for group IV and for sand and gravel of rivers, lakes and the sea."""
    if group is Group.IV:
        return HIGHER
    row = work.book.find("auction.deposit_band", work.on, mineral)
    return GENERAL if row is None else row.text()


def within(work: Working, field: str, what: Text, given: Decimal, low: Row, high: Row) -> bool:
    """Whether a percentage keeps its legal bounds; refuses it with the bounds where it does not."""
    least, most = low.number(), high.number()
    if least <= given <= most:
        return True
    bounds = f"{_text(least)} % - {_text(most)} %"
    work.refuse(
        Code.OUT_OF_RANGE,
        (field,),
        f"{what.vi} {_text(given)} % nằm ngoài khung {bounds} ({low.cite.at}, {low.cite.instrument}).",
        f"{what.en} {_text(given)} % lies outside {bounds} ({low.cite.at}, {low.cite.instrument}).",
    )
    return False


def check_grid(work: Working, field: str, given: Decimal | int, start: Fraction, step: Fraction | None) -> None:
    """Refuse a winning value below the start or between two steps, naming the nearest valid ones; without a lawful step
    (``None``) only the first can be said.
    """
    above = Fraction(given) - start
    if above < 0:
        work.refuse(
            Code.OUT_OF_RANGE,
            (field,),
            f"Giá trúng {_text(given)} thấp hơn giá khởi điểm {_text(start)}.",
            f"The winning value {_text(given)} lies below the starting price {_text(start)}.",
        )
    elif step is not None and above % step:
        low = start + above // step * step
        near = f"{_text(low)}, {_text(low + step)}"
        work.refuse(
            Code.OUT_OF_RANGE,
            (field,),
            f"Giá trúng {_text(given)} không bằng giá khởi điểm cộng số nguyên lần bước giá; gần nhất: {near}.",
            f"The winning value {_text(given)} is not the start plus a whole number of steps; nearest: {near}.",
        )


def _text(value: Decimal | int | Fraction) -> str:
    return plain(*value.as_integer_ratio())
