"""How a right was obtained, in the shape of the contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.contract.prices import Shape
from api.contract.types import Positive, SumVnd
from fees import right


class NoAuction(Shape):
    """Licensed without auction."""

    by: Literal["no_auction"]

    def domain(self) -> right.Right:
        return right.NoAuction()


class RateAuction(Shape):
    """Won as a rate, in percent."""

    by: Literal["rate_auction"]
    winning_rate_percent: Positive

    def domain(self) -> right.Right:
        return right.RateAuction(winning_rate=self.winning_rate_percent)


class MoneyAuction(Shape):
    """Won as a sum of money before Decree 10/2025."""

    by: Literal["money_auction"]
    won_vnd: SumVnd
    start_vnd: SumVnd
    rate_at_auction_percent: Positive

    def domain(self) -> right.Right:
        return right.MoneyAuction(
            won_vnd=self.won_vnd, start_vnd=self.start_vnd, rate_at_auction=self.rate_at_auction_percent
        )


Right = Annotated[NoAuction | RateAuction | MoneyAuction, Field(discriminator="by")]
RIGHTS = ("no_auction", "rate_auction", "money_auction")
