"""The kinds a case can be of: its shape at the edge, and the checks of a raw document that no single field can make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

from api.contract.across import grades, licensed_quantity, quantity_or_flow, repricings
from api.contract.auctions import AuctionOutcome, AuctionTerms, PaymentPlan, levels, one_main
from api.contract.auctions_2012 import MoneyAuction2012, RateAuction2012, start_known
from api.contract.duties import (
    EnvironmentalFee,
    InfrastructureContribution,
    LicenceFee,
    ResourceTax,
    no_procedure_of_appraisals,
    rate_or_code,
)
from api.contract.escrow_schedules import EscrowSchedule, RestorationCost, schedule_facts
from api.contract.escrows import Escrow, cpi_years, one_term
from api.contract.interest import LateInterest
from api.contract.licence_rights import LicenceRightFee, LicenceRightFee2019
from api.contract.obligations import Obligations
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
    "resource_tax": Kind(ResourceTax, (rate_or_code,)),
    "environmental_fee": Kind(EnvironmentalFee, ()),
    "licence_fee": Kind(LicenceFee, (no_procedure_of_appraisals,)),
    "infrastructure_contribution": Kind(InfrastructureContribution, ()),
    "auction_terms": Kind(AuctionTerms, (quantity_or_flow, grades, one_main)),
    "auction_outcome": Kind(AuctionOutcome, (quantity_or_flow, grades, one_main)),
    "payment_plan": Kind(PaymentPlan, (grades, one_main, levels)),
    "auction_money_2012": Kind(MoneyAuction2012, (grades, start_known)),
    "auction_rate_2012": Kind(RateAuction2012, (grades,)),
    "escrow": Kind(Escrow, (cpi_years, one_term)),
    "escrow_schedule": Kind(EscrowSchedule, (schedule_facts,)),
    "restoration_cost": Kind(RestorationCost, ()),
    "obligations": Kind(Obligations, ()),
}
