"""The kinds a case can be of: its shape at the edge, and the checks of a raw document that no single field can make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from api.contract.across import grades, licensed_quantity, quantity_or_flow, repricings
from api.contract.interest import LateInterest
from api.contract.licence_rights import LicenceRightFee, LicenceRightFee2019
from api.contract.prices import Shape
from api.contract.settlements import Adjustment, Reapproval, Settlement
from fees.result import Computed
from rules.errors import Problem
from rules.lawbook import LawBook


class Case(Protocol):
    """A validated case."""

    def compute(self, book: LawBook) -> Computed: ...


class Kind(NamedTuple):
    """A kind: its model (a :class:`Case`), and its checks across fields."""

    model: type[Shape]
    across_fields: tuple[Callable[[dict[str, Any]], Iterator[Problem]], ...]


KINDS: dict[str, Kind] = {
    "licence_right_fee": Kind(LicenceRightFee, (quantity_or_flow, grades)),
    "licence_right_fee_2019": Kind(LicenceRightFee2019, (repricings, grades)),
    "settlement": Kind(Settlement, (grades,)),
    "reapproval": Kind(Reapproval, (licensed_quantity, grades)),
    "adjustment": Kind(Adjustment, (grades,)),
    "late_interest": Kind(LateInterest, ()),
}
