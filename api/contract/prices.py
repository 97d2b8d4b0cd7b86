"""The price and conversion objects of the contract, and the domain values they stand for."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.contract.types import FreeText, NonNegative, Positive, PriceVnd, Share, UnitName, choice, wrong
from fees import case


class Shape(BaseModel):
    """A closed object: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, protected_namespaces=())


class RawPrice(Shape):
    """Price of raw mineral per ``unit``."""

    kind: Literal["raw"]
    amount: PriceVnd
    unit: UnitName

    def domain(self) -> case.Price:
        return case.RawPrice(amount=self.amount, unit=self.unit)


class GradedPrice(Shape):
    """One price at the conversion's ``price_grade``: ore, concentrate or useful component."""

    kind: Literal["ore_grade", "concentrate", "component"]
    amount: PriceVnd
    unit: UnitName

    def domain(self) -> case.Price:
        return case.GradedPrice(kind=case.GradedKind(self.kind), amount=self.amount, unit=self.unit)


class Band(Shape):
    """One band: ``from`` (≥) or ``above`` (>), ``below`` (<) or ``to`` (≤); open where an edge is absent."""

    from_: NonNegative | None = Field(None, alias="from")
    above: NonNegative | None = None
    below: Positive | None = None
    to: Positive | None = None
    amount: PriceVnd

    @model_validator(mode="after")
    def _one_edge_each(self) -> Self:
        if (self.from_ is not None and self.above is not None) or (self.below is not None and self.to is not None):
            raise wrong(
                "Mỗi đầu của khoảng chỉ có một cận: from hoặc above, below hoặc to.",
                "Each end of a band has one edge: from or above, below or to.",
            )
        return self

    def domain(self) -> case.Band:
        low = self.from_ if self.from_ is not None else self.above
        high = self.below if self.below is not None else self.to
        return case.Band(low=low, above=self.above is not None, high=high, to=self.to is not None, amount=self.amount)


class BandedPrice(Shape):
    """Prices by grade bands, ascending, without hole or overlap."""

    kind: Literal["ore_bands"]
    bands: Annotated[list[Band], Field(min_length=1, max_length=100)]
    unit: UnitName

    def domain(self) -> case.Price:
        return case.BandedPrice(bands=tuple(band.domain() for band in self.bands), unit=self.unit)


class KaolinPrice(Shape):
    """Price of kaolin before (``kaolin_unsieved``) or under (``kaolin_sieved``) the sieve."""

    kind: Literal["kaolin_unsieved", "kaolin_sieved"]
    amount: PriceVnd
    unit: UnitName

    def domain(self) -> case.Price:
        state = case.KaolinState(self.kind.removeprefix("kaolin_"))
        return case.KaolinPrice(state=state, amount=self.amount, unit=self.unit)


class DeterminedPrice(Shape):
    """A price whose factor the authority set (``conversion.factor`` with its source)."""

    kind: Literal["determined"]
    amount: PriceVnd
    unit: UnitName

    def domain(self) -> case.Price:
        return case.DeterminedPrice(amount=self.amount, unit=self.unit)


class FrameAverage(Shape):
    """No provincial price yet: the mean of line ``code`` of the Ministry's price frame."""

    kind: Literal["frame_average"]
    code: FreeText
    unit: UnitName | None = None

    def domain(self) -> case.Price:
        return case.FrameAverage(code=self.code, unit=self.unit)


Price = Annotated[
    RawPrice | GradedPrice | BandedPrice | KaolinPrice | DeterminedPrice | FrameAverage,
    Field(discriminator="kind"),
]
PRICE_KINDS = (
    "raw", "ore_grade", "concentrate", "component", "ore_bands", "kaolin_unsieved", "kaolin_sieved", "determined",
    "frame_average",
)  # fmt: skip


class Conversion(Shape):
    """Conversion parameters; unused ones are allowed. Grades are in ``grade_unit``, at most 100 where it is percent."""

    bulking_factor: Positive | None = None
    density: Positive | None = None
    grade: Positive | None = None
    price_grade: Positive | None = None
    grade_unit: Annotated[case.GradeUnit, choice(case.GradeUnit)] | None = None
    kaolin_recovery: Share | None = None
    kaolin_state: Annotated[case.KaolinState, choice(case.KaolinState)] | None = None
    factor: Positive | None = None
    factor_source: FreeText | None = None
    output_state: Annotated[case.KaolinState, choice(case.KaolinState)] | None = None
    output_factor: Positive | None = None

    def domain(self) -> case.Conversion:
        return case.Conversion(
            bulking_factor=self.bulking_factor,
            density=self.density,
            grade=self.grade,
            price_grade=self.price_grade,
            grade_unit=self.grade_unit or case.GradeUnit.PERCENT,
            kaolin_recovery=self.kaolin_recovery,
            kaolin_state=self.kaolin_state,
            factor=self.factor,
            factor_source=self.factor_source,
            output_state=self.output_state,
            output_factor=self.output_factor,
        )


def conversion_of(conversion: Conversion | None) -> case.Conversion:
    """The conversion of a line; none is an empty one."""
    return case.Conversion() if conversion is None else conversion.domain()
