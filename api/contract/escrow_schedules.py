"""The kinds ``escrow_schedule`` and ``restoration_cost``: shapes at the edge and the cases they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field

from api.contract.escrows import (
    INDEX_UNLESS_2008,
    ONE_TERM,
    YEAR,
    CpiYears,
    DepositYear,
    LicenceMonths,
    LicenceYears,
    cpi_years,
    one_term,
    term_of,
    year_problems,
)
from api.contract.prices import Shape
from api.contract.types import (
    Day,
    FreeText,
    Identifier,
    NonNegative,
    Positive,
    Read,
    SumOrZeroVnd,
    SumVnd,
    choice,
    whole,
    wrong,
)  # fmt: skip
from fees.escrow_balance import InterestTerms, Movement, RateFrom
from fees.escrow_cpi import CpiChoice
from fees.escrow_due import DueFacts
from fees.escrow_index import IndexKind, IndexStart
from fees.escrow_plan import Regime
from fees.escrow_recosting import ItemQuantity, Recosting
from fees.escrow_refund import Because, RefundAsked
from fees.escrow_schedule import Project, ScheduleCase, Supplement, compute_escrow_schedule
from fees.restoration_cost import Extra, Item, Part, RestorationCase, ShareOf, compute_restoration_cost
from fees.result import Computed
from rules.cpi import Measure
from rules.errors import Code, Problem
from rules.lawbook import LawBook

_MOST = 500
_ONE_TOTAL: dict[str, Any] = {
    "oneOf": [
        {"required": ["total_vnd"], "properties": {"total_vnd": {"type": "integer"}, "project": {"type": "null"}}},
        {"required": ["project"], "properties": {"project": {"type": "object"}, "total_vnd": {"type": "null"}}},
    ]
}
"""The sum to deposit, or the cost of the whole project that it is a share of."""
_PERCENT_LIMIT = Decimal(100)


def _percent(value: Any) -> Decimal:
    number: Decimal = _NON_NEGATIVE.read(value)
    if number > _PERCENT_LIMIT:
        raise wrong("Tỷ lệ không quá 100 %.", "A share is at most 100 %.")
    return number


_NON_NEGATIVE: Read = get_args(NonNegative)[1]
Percent = Annotated[Decimal, Read(_percent, _NON_NEGATIVE.schema)]
"""A share in percent, from 0 to 100."""


def schedule_facts(document: dict[str, Any]) -> Iterator[Problem]:
    """The names of the objects by year are years; terms and totals stand in one way each."""
    yield from one_term(document)
    supplement = document.get("supplement")
    if isinstance(supplement, dict):
        yield from one_term(supplement, ("supplement",))
    if (document.get("total_vnd") is None) == (document.get("project") is None):
        yield Problem(
            code=Code.INVALID_INPUT,
            path=("total_vnd",),
            message_vi="Nhập tổng số tiền ký quỹ (total_vnd), hoặc chi phí cả dự án (project), một trong hai.",
            message_en="Give the sum to deposit (total_vnd) or the cost of the whole project, one of the two.",
        )
    yield from cpi_years(document)
    yield from year_problems(document.get("cpi_announced_on"), ("cpi_announced_on",))


class SlipSeries(Shape):
    """How the price slip is read and which indices it takes: those given, the place's, the national ones where allowed."""

    kind: Annotated[IndexKind, choice(IndexKind)]
    from_: Annotated[IndexStart, choice(IndexStart)] = Field(alias="from")
    measure: Annotated[Measure, choice(Measure)]
    area: FreeText | None = None
    national_fallback: bool | None = None
    cpi: CpiYears | None = None

    def series(self) -> CpiChoice:
        return CpiChoice(
            measure=self.measure,
            area=self.area,
            national_fallback=bool(self.national_fallback),
            given={int(year): index for year, index in (self.cpi or {}).items() if YEAR.fullmatch(year)},
        )


class RestorationProject(Shape):
    """The whole project under the rules of 2008: its cost and its years."""

    project_cost_vnd: SumVnd
    project_years: LicenceYears


class Payment(Shape):
    """Principal paid in."""

    paid_on: Day
    amount_vnd: SumVnd


class RefundMade(Shape):
    """Principal given back."""

    refunded_on: Day
    amount_vnd: SumVnd


class Rate(Shape):
    """A yearly rate of the fund from a day on."""

    from_: Day = Field(alias="from")
    percent: NonNegative


class Interest(Shape):
    """The fund's rates, and the days it counts to a year."""

    days_per_year: Annotated[int, whole(360, 366)]
    rates: Annotated[list[Rate], Field(min_length=1, max_length=_MOST)]


class RefundWanted(Shape):
    """A refund to compute."""

    because: Annotated[Because, choice(Because)]
    on: Day
    percent: Percent | None = None


class SupplementaryPlan(Shape):
    """A supplementary plan; ``starts_on``: its approval, or under the rules of 2008 the receipt of the extended licence."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_TERM]})

    plan_approved_on: Day
    total_vnd: SumVnd
    licence_years: LicenceYears | None = None
    licence_months: LicenceMonths | None = None
    first_year: DepositYear
    starts_on: Day | None = None


class Quantities(Shape):
    """An item with its estimated and actual quantity."""

    item: FreeText
    estimated: Positive
    actual: NonNegative


class RecostingFacts(Shape):
    """What is known after mine design."""

    on: Day
    cost_vnd: SumOrZeroVnd | None = None
    items: Annotated[list[Quantities], Field(max_length=_MOST)] | None = None


class EscrowSchedule(Shape):
    """The whole table of a restoration plan up to a day."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_TERM, INDEX_UNLESS_2008, _ONE_TOTAL]})

    id: Identifier | None = None
    kind: Literal["escrow_schedule"]
    regime: Annotated[Regime, choice(Regime)]
    plan_approved_on: Day
    total_vnd: SumVnd | None = None
    project: RestorationProject | None = None
    licence_years: LicenceYears | None = None
    licence_months: LicenceMonths | None = None
    first_year: DepositYear
    index: SlipSeries | None = None
    as_of: Day
    starts_on: Day | None = None
    cpi_announced_on: dict[str, Day] | None = None
    payments: Annotated[list[Payment], Field(max_length=_MOST)] | None = None
    refunds: Annotated[list[RefundMade], Field(max_length=_MOST)] | None = None
    interest: Interest | None = None
    refund: RefundWanted | None = None
    supplement: SupplementaryPlan | None = None
    recosting: RecostingFacts | None = None
    transferred_on: Annotated[list[Day], Field(max_length=_MOST)] | None = None

    def compute(self, book: LawBook) -> Computed:
        announced = {int(year): on for year, on in (self.cpi_announced_on or {}).items() if YEAR.fullmatch(year)}
        case = ScheduleCase(
            regime=self.regime,
            approved_on=self.plan_approved_on,
            total_vnd=self.total_vnd if self.project or self.total_vnd else 1,  # a missing one was refused before
            project=None
            if self.project is None
            else Project(cost_vnd=self.project.project_cost_vnd, years=self.project.project_years),
            term=term_of(self.licence_years, self.licence_months),
            first_year=self.first_year,
            as_of=self.as_of,
            kind=None if self.index is None else self.index.kind,
            start=None if self.index is None else self.index.from_,
            cpi=None if self.index is None else self.index.series(),
            due=DueFacts(starts_on=self.starts_on, cpi_announced_on=announced),
            payments=tuple(Movement(on=one.paid_on, amount_vnd=one.amount_vnd) for one in self.payments or ()),
            refunds=tuple(Movement(on=one.refunded_on, amount_vnd=one.amount_vnd) for one in self.refunds or ()),
            interest=self._interest(),
            refund=self._refund(),
            supplement=self._supplement(),
            recosting=self._recosting(),
            transferred_on=tuple(self.transferred_on or ()),
        )
        return compute_escrow_schedule(case, book)

    def _interest(self) -> InterestTerms | None:
        given = self.interest
        if given is None:
            return None
        rates = tuple(RateFrom(on=rate.from_, percent=rate.percent) for rate in given.rates)
        return InterestTerms(rates=rates, days_per_year=given.days_per_year)

    def _refund(self) -> RefundAsked | None:
        given = self.refund
        return None if given is None else RefundAsked(because=given.because, on=given.on, percent=given.percent)

    def _supplement(self) -> Supplement | None:
        given = self.supplement
        if given is None:
            return None
        return Supplement(
            approved_on=given.plan_approved_on,
            total_vnd=given.total_vnd,
            term=term_of(given.licence_years, given.licence_months),
            first_year=given.first_year,
            starts_on=given.starts_on,
        )

    def _recosting(self) -> Recosting | None:
        given = self.recosting
        if given is None:
            return None
        items = tuple(
            ItemQuantity(name=one.item, estimated=one.estimated, actual=one.actual) for one in given.items or ()
        )
        return Recosting(on=given.on, cost_vnd=given.cost_vnd, items=items)


class RestorationItem(Shape):
    """One item of the works."""

    part: Annotated[Part, choice(Part)]
    item: FreeText
    quantity: NonNegative
    unit: FreeText
    unit_price_vnd: NonNegative

    def domain(self) -> Item:
        return Item(
            part=self.part, name=self.item, quantity=self.quantity, unit=self.unit, unit_price=self.unit_price_vnd
        )


class CostShare(Shape):
    """Administration or contingency: an amount, or a share of the works."""

    amount_vnd: SumOrZeroVnd | None = None
    percent: Percent | None = None
    of: Annotated[ShareOf, choice(ShareOf)] | None = None

    def domain(self) -> Extra:
        return Extra(amount_vnd=self.amount_vnd, percent=self.percent, of=self.of or ShareOf.WORKS)


class RestorationCost(Shape):
    """The cost of a restoration plan from its items."""

    id: Identifier | None = None
    kind: Literal["restoration_cost"]
    priced_on: Day
    items: Annotated[list[RestorationItem], Field(min_length=1, max_length=_MOST)]
    administration: CostShare | None = None
    contingency: CostShare | None = None

    def compute(self, book: LawBook) -> Computed:
        case = RestorationCase(
            priced_on=self.priced_on,
            items=tuple(item.domain() for item in self.items),
            administration=None if self.administration is None else self.administration.domain(),
            contingency=None if self.contingency is None else self.contingency.domain(),
        )
        return compute_restoration_cost(case, book)
