"""Which facts does an officer add to a licence, what is each called, and which values may it have?"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from api.imports.fields import Field, Kind
from api.imports.office_fields import FACT_FIELDS
from api.store.text import words
from fees.case import GradedKind, GradeUnit, KaolinState
from rules.quantity import UNIT_NAMES
from rules.trace import Text

_PLAIN: Final = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_MOST_DIGITS: Final = 64
_LARGEST: Final = Decimal(10) ** 15
_LARGEST_SUM: Final = 10**18
_LONGEST: Final = 2000
_MOST_YEARS: Final = 1000


class Choice(NamedTuple):
    """A value of the contract and the names an office writes for it."""

    value: str
    names: tuple[str, ...]


_STATES: Final = (
    Choice(KaolinState.UNSIEVED, ("Trước rây",)),
    Choice(KaolinState.SIEVED, ("Dưới rây",)),
)
CHOICES: Final[dict[str, tuple[Choice, ...]]] = {
    "right_by": (
        Choice("no_auction", ("Không đấu giá", "không", "no auction")),
        Choice("rate_auction", ("Đấu giá theo tỷ lệ", "trúng đấu giá theo tỷ lệ")),
        Choice("money_auction", ("Đấu giá theo tiền", "trúng đấu giá theo tiền")),
    ),
    "price_kind": (
        Choice("raw", ("Nguyên khai",)),
        Choice(GradedKind.ORE_GRADE, ("Quặng theo hàm lượng",)),
        Choice("ore_bands", ("Quặng theo khoảng hàm lượng",)),
        Choice(GradedKind.CONCENTRATE, ("Tinh quặng",)),
        Choice(GradedKind.COMPONENT, ("Thành phần có ích",)),
        Choice("kaolin_unsieved", ("Cao lanh trước rây",)),
        Choice("kaolin_sieved", ("Cao lanh dưới rây",)),
        Choice("determined", ("Cơ quan xác định",)),
    ),
    "quantity_unit": tuple(Choice(unit.value, (name.vi, name.en)) for unit, name in UNIT_NAMES.items()),
    "grade_unit": (Choice(GradeUnit.PERCENT, ("%", "phần trăm")), Choice(GradeUnit.G_PER_TONNE, ("g/tấn", "g/t"))),
    "kaolin_state": _STATES,
    "output_state": _STATES,
    "eligible": (Choice("yes", ("Có", "đủ điều kiện", "x")), Choice("no", ("Không", "không đủ điều kiện"))),
}
"""The closed choices: the value, then what is written for it (the first name is printed)."""

FACTS: Final[dict[str, Field]] = {field.name: field for field in FACT_FIELDS}
OF_LICENCE: Final = frozenset(("eligible", "fee_approved_on", "licence_years", "paid_vnd", "budget_debts_vnd"))
"""The facts that hold for a whole licence, whatever it mines."""
_WHOLE: Final = frozenset(("licence_years",))
_MAY_BE_ZERO: Final = frozenset(("mined_before_2014",))


def chosen(name: str, written: str) -> str | None:
    """The value of the contract for what is written, ``None`` when it is none."""
    key = words(written)
    for one in CHOICES[name]:
        if written.strip() == one.value or any(
            key == words(known) if key else written.strip() == known for known in one.names
        ):
            return one.value
    return None


def fact_problem(name: str, value: object) -> Text | None:
    """What is wrong with the value of a fact, ``None`` when nothing is."""
    field = FACTS.get(name)
    if field is None:
        return Text(f"Không có thông tin {name}.", f"There is no fact {name}.")
    if value is None:
        return None
    if name == "eligible":
        return None if isinstance(value, bool) else Text("Phải là có hoặc không.", "Must be yes or no.")
    if name in CHOICES:
        known = ", ".join(one.value for one in CHOICES[name])
        sound = value in [one.value for one in CHOICES[name]]
        return None if sound else Text(f"Phải là một trong: {known}.", f"Must be one of: {known}.")
    if name in _WHOLE:
        whole = type(value) is int and 1 <= value <= _MOST_YEARS
        return None if whole else Text("Phải là số năm, từ 1.", "Must be a whole number of years, from 1.")
    match field.kind:
        case Kind.NUMBER | Kind.PARAMETER:
            return _number_problem(value, zero=name in _MAY_BE_ZERO)
        case Kind.MONEY:
            least = 0 if name in ("paid_vnd", "budget_debts_vnd") else 1
            sound = type(value) is int and least <= value <= _LARGEST_SUM
            return None if sound else Text("Phải là số đồng nguyên.", "Must be a sum in whole đồng.")
        case Kind.DATE:
            return None if isinstance(value, date) else Text("Phải là ngày.", "Must be a date.")
        case _:
            sound = isinstance(value, str) and len(value.strip()) > 0 and len(value) <= _LONGEST
            return None if sound else Text("Phải là chữ, không để trống.", "Must be a text.")


def _number_problem(value: object, *, zero: bool) -> Text | None:
    if not isinstance(value, str) or len(value) > _MOST_DIGITS or not _PLAIN.fullmatch(value):
        return Text('Phải là số thập phân như "1.475".', 'Must be a plain decimal such as "1.475".')
    number = Decimal(value)
    if number > _LARGEST or (not number and not zero):
        return Text("Phải lớn hơn 0 và không quá lớn.", "Must be above 0 and not too large.")
    return None
