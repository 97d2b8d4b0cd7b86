"""What the terms of an auction are computed from: the area's minerals with step and deposit, as given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fees.case import Group, MineralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionCase:
    """An area put up for auction. ``step_of_start`` is the step in percent of the start, ``deposit`` H in percent of the
    estimated fee; ``main`` is the place of the main mineral in ``minerals``. ``explored``: the quantities are recognised
    reserves, else resources of a survey. ``price_list_on``: the day the province's price list came into force.
    """

    set_on: date
    group: Group
    explored: bool
    step_of_start: Decimal
    deposit: Decimal
    minerals: tuple[MineralLine, ...]
    main: int | None = None
    price_list_on: date | None = None
    rounding_vnd: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCase:
    """Terms and the rate that won, in percent."""

    terms: AuctionCase
    winning_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCase:
    """An outcome over a licence term, with low and high quantities (by mineral) and prices (percent of the given ones)."""

    outcome: OutcomeCase
    issued_on: date
    expires_on: date
    quantities_low: tuple[Decimal, ...]
    quantities_high: tuple[Decimal, ...]
    price_low: Decimal
    price_high: Decimal
