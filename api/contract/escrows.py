"""The kinds of the restoration deposit (*ký quỹ*): shapes at the edge and the cases they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field

from api.contract.prices import Shape
from api.contract.types import Day, Identifier, Positive, Read, SumVnd, choice, whole, wrong
from fees.escrow import EscrowCase, compute_escrow
from fees.escrow_index import IndexKind, IndexStart, SlipReading, YearIndex
from fees.escrow_plan import LicenceTerm, Regime
from fees.result import Computed
from rules.errors import Code, Path, Problem
from rules.lawbook import LawBook

_LEAST_CPI, _LARGEST_CPI = Decimal(50), Decimal(200)
_MOSTYEARS = 100
_MOST_CPIYEARS = 200
_LONGEST_CPI = 20
YEAR = re.compile(r"(19|20|21)[0-9]{2}")


def _cpi(value: Any) -> Decimal:
    """An index with the previous year as 100: a rise of 3.2 % is 103.2, and 3.2 is asked back."""
    number: Decimal = _POSITIVE.read(value)
    if len(value) > _LONGEST_CPI:
        raise wrong(f"Dài quá {_LONGEST_CPI} ký tự.", f"Longer than {_LONGEST_CPI} characters.")
    if not _LEAST_CPI <= number <= _LARGEST_CPI:
        raise wrong(
            f"Chỉ số giá tiêu dùng lấy năm trước = 100, từ {_LEAST_CPI} đến {_LARGEST_CPI}: giá tăng 3,2 % thì ghi "
            f'"103.2". Có phải ý là "{100 + number}"?',
            f"The index takes the previous year as 100, between {_LEAST_CPI} and {_LARGEST_CPI}: a rise of 3.2 % is "
            f'"103.2". Is "{100 + number}" meant?',
        )
    return number


_POSITIVE: Read = get_args(Positive)[1]
Cpi = Annotated[Decimal, Read(_cpi, {**_POSITIVE.schema, "maxLength": _LONGEST_CPI})]
"""A yearly consumer price index, previous year = 100."""
CpiYears = Annotated[
    dict[str, Cpi],
    Field(max_length=_MOST_CPIYEARS, json_schema_extra={"propertyNames": {"pattern": f"^{YEAR.pattern}$"}}),
]
DepositYear = Annotated[int, whole(1900, 2199)]
LicenceYears = Annotated[int, whole(1, _MOSTYEARS)]
LicenceMonths = Annotated[int, whole(1, 12 * _MOSTYEARS)]

TERM_NAMES = ("licence_years", "licence_months")
ONE_TERM: dict[str, Any] = {
    "oneOf": [
        {"required": [name], "properties": {name: {"type": "integer"}, other: {"type": "null"}}}
        for name, other in (TERM_NAMES, TERM_NAMES[::-1])
    ]
}
"""Exactly one of the two ways to state a term."""
INDEX_UNLESS_2008: dict[str, Any] = {
    "if": {"required": ["regime"], "properties": {"regime": {"const": Regime.CIRCULAR_34_2009.value}}},
    "else": {"required": ["index"], "properties": {"index": {"type": "object"}}},
}
"""Only the rules of 2008 do without an index."""


def cpi_years(document: dict[str, Any]) -> Iterator[Problem]:
    """The indices are an object from years to decimals."""
    index = document.get("index")
    cpi = index.get("cpi") if isinstance(index, dict) else None
    if cpi is None:
        return
    if not isinstance(cpi, dict):
        yield _wrong(
            ("index", "cpi"),
            'Phải là đối tượng JSON từ năm đến chỉ số, như {"2019": "102.57"}.',
            'Must be an object from years to indices, such as {"2019": "102.57"}.',
        )
        return
    yield from year_problems(cpi, ("index", "cpi"))


def one_term(document: dict[str, Any], path: Path = ()) -> Iterator[Problem]:
    """The term stands in one of its two ways; a broken one has its own problem."""
    given = [name for name in TERM_NAMES if document.get(name) is not None]
    if not given:
        yield _wrong(
            (*path, TERM_NAMES[0]),
            "Thiếu thời hạn giấy phép: nhập licence_years (năm) hoặc licence_months (tháng).",
            "The licence term is missing: give licence_years or licence_months.",
        )
    if len(given) > 1:
        yield _wrong(
            (*path, TERM_NAMES[1]),
            "Thời hạn giấy phép chỉ nhập một cách: licence_years hoặc licence_months.",
            "Give the licence term in one way: licence_years or licence_months.",
        )


def term_of(years: int | None, months: int | None) -> LicenceTerm:
    """The term given. A missing or doubled one was refused before; the rest of the case is still checked over one year."""
    return LicenceTerm(years=years, months=None if years else months or 12)


def year_problems(years: Any, path: Path) -> Iterator[Problem]:
    """Names of an object that are no years."""
    for year in years if isinstance(years, dict) else ():
        if not YEAR.fullmatch(year):
            yield _wrong(
                (*path, year),
                "Năm phải có bốn chữ số, từ 1900 đến 2199.",
                "A year has four digits, from 1900 to 2199.",
            )


def _wrong(path: Path, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


class PriceSlip(Shape):
    """How the price slip is read, and the indices of the locality by year."""

    kind: Annotated[IndexKind, choice(IndexKind)]
    from_: Annotated[IndexStart, choice(IndexStart)] = Field(alias="from")
    cpi: CpiYears

    def domain(self) -> SlipReading:
        given = {int(year): YearIndex(index=index) for year, index in self.cpi.items() if YEAR.fullmatch(year)}
        return SlipReading(kind=self.kind, start=self.from_, cpi=given)


class Escrow(Shape):
    """The deposits of a restoration plan (Decree 08/2022 Art. 37 and its predecessors)."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_TERM, INDEX_UNLESS_2008]})

    id: Identifier | None = None
    kind: Literal["escrow"]
    regime: Annotated[Regime, choice(Regime)]
    plan_approved_on: Day
    total_vnd: SumVnd
    licence_years: LicenceYears | None = None
    licence_months: LicenceMonths | None = None
    first_year: DepositYear
    index: PriceSlip | None = None

    def compute(self, book: LawBook) -> Computed:
        case = EscrowCase(
            regime=self.regime,
            plan_approved_on=self.plan_approved_on,
            total_vnd=self.total_vnd,
            term=term_of(self.licence_years, self.licence_months),
            first_year=self.first_year,
            index=None if self.index is None else self.index.domain(),
        )
        return compute_escrow(case, book)
