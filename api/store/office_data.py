"""What do the stored output, prices, payments and loads say about a licence?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col, select

from api.store.office import DeclaredOutput, OfficeBatch, PriceLine, TaxPayment, WeighedMonth
from api.store.price_book import Line, PriceBook, PriceList, PriceOn
from api.store.text import fold, words
from rules.quantity import Unit
from rules.resource_codes import clean_code, codes_above

_DECISION: Final = re.compile(r"0*(\d+)\s*/\s*(\d{4})?\s*/?\s*(qd\s*-\s*[a-z]+)")
_KG_PER_TONNE: Final = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyOutput:
    """Raw output of a mineral in a period within one year, in ``unit``; ``None`` where it was not declared.

    ``sold``, ``opening_stock`` and ``tax_output`` are in ``unit``; ``clean_coal`` in tonnes; ``density`` in tonnes per
    m³; ``grade`` as declared.
    """

    licence_id: int
    mineral_code: str
    year: int
    starts_on: date
    ends_on: date
    unit: Unit
    output: Decimal | None
    grade: Decimal | None
    clean_coal: Decimal | None
    product_output: Decimal | None
    product_unit: Unit | None
    sold: Decimal | None
    opening_stock: Decimal | None
    tax_output: Decimal | None
    density: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment in whole đồng; ``principal`` or else late interest."""

    paid_on: date
    document: str
    amount_vnd: int
    principal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What was paid for a licence, principal and interest apart, by date."""

    payments: tuple[Payment, ...]

    @property
    def principal_vnd(self) -> int:
        """The fee paid, in whole đồng."""
        return sum(one.amount_vnd for one in self.payments if one.principal)

    @property
    def interest_vnd(self) -> int:
        """The late interest paid, in whole đồng."""
        return sum(one.amount_vnd for one in self.payments if not one.principal)

    def until(self, day: date) -> Paid:
        """What was paid up to and on a day."""
        return Paid(payments=tuple(one for one in self.payments if one.paid_on <= day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What went over the weighbridges in a month for a licence and mineral."""

    licence_id: int
    mineral_code: str
    month: date
    loads: int
    tonnes: Decimal


def region_key(region: str | None) -> str:
    """How regions are compared: "Yên Bái cũ", "tỉnh Yên Bái (cũ)" and "Yên Bái" are one; nothing: the whole province."""
    said = words(region or "").split()
    return " ".join(word for word in said if word not in ("tinh", "cu"))


def decision_key(written: str) -> str:
    """The number of a decision, comparable: "Quyết định số 017/2009/QĐ-UBND ngày ..." gives "17/2009/qd-ubnd"."""
    match = _DECISION.search(fold(written))
    if match is None:
        return words(written)
    number, year, letters = match.groups()
    return "/".join(part for part in (number, year, "".join(letters.split())) if part)


def outputs_of(session: Session, licence_id: int) -> tuple[YearlyOutput, ...]:
    """The declared outputs of a licence by mineral and time."""
    return all_outputs(session, [licence_id]).get(licence_id, ())


def all_outputs(session: Session, licence_ids: Iterable[int] | None = None) -> Mapping[int, tuple[YearlyOutput, ...]]:
    """The declared outputs by licence, of all licences or of the named ones: one query for a whole province."""
    chosen = select(DeclaredOutput).order_by(col(DeclaredOutput.mineral_code), col(DeclaredOutput.starts_on))
    if licence_ids is not None:
        chosen = chosen.where(col(DeclaredOutput.licence_id).in_(list(licence_ids)))
    found: defaultdict[int, list[YearlyOutput]] = defaultdict(list)
    for row in session.exec(chosen).all():
        found[row.licence_id].append(_output(row))
    return {licence_id: tuple(rows) for licence_id, rows in found.items()}


def price_on(session: Session, region: str | None, code: str, day: date) -> PriceOn | None:
    """The price of a code in force in a region on a day, with its decision; ``None`` where there is none."""
    asked = clean_code(code)
    return price_book(session, codes=(asked, *codes_above(asked))).on(region_key(region), asked, day)


def price_book(session: Session, codes: Sequence[str] | None = None) -> PriceBook:
    """All price lists, to be asked many times; ``codes`` limits the lines that are loaded, never the lists."""
    facts = [getattr(PriceLine, one.name) for one in fields(PriceList)]
    named = session.connection().execute(select(*facts).distinct()).mappings().all()
    lines: dict[PriceList, dict[str, Line]] = {PriceList(**row): {} for row in named}
    chosen = select(PriceLine)
    if codes is not None:
        chosen = chosen.where(col(PriceLine.code).in_(codes))
    for row in session.exec(chosen).all():
        its_list = PriceList(**{one.name: getattr(row, one.name) for one in fields(PriceList)})
        lines[its_list][row.code] = Line(
            code=row.code,
            name=row.name,
            price_vnd=row.price_vnd,
            unit=None if row.unit is None else Unit(row.unit),
            unit_written=row.unit_written,
        )
    return PriceBook(lines.items())


def paid_of(session: Session, licence_id: int) -> Paid:
    """The payments of a licence by date."""
    return all_paid(session, [licence_id]).get(licence_id, Paid(payments=()))


def all_paid(session: Session, licence_ids: Iterable[int] | None = None) -> Mapping[int, Paid]:
    """The payments by licence; those without a licence are left out (see ``unassigned_payments``)."""
    chosen = select(TaxPayment).where(col(TaxPayment.licence_id).is_not(None))
    if licence_ids is not None:
        chosen = chosen.where(col(TaxPayment.licence_id).in_(list(licence_ids)))
    found: defaultdict[int, list[Payment]] = defaultdict(list)
    for row in session.exec(chosen.order_by(col(TaxPayment.paid_on), col(TaxPayment.id))).all():
        assert row.licence_id is not None
        found[row.licence_id].append(_payment(row))
    return {licence_id: Paid(payments=tuple(rows)) for licence_id, rows in found.items()}


def unassigned_payments(session: Session) -> Sequence[TaxPayment]:
    """The payments of which only the payer is known."""
    chosen = select(TaxPayment).where(col(TaxPayment.licence_id).is_(None)).order_by(col(TaxPayment.paid_on))
    return session.exec(chosen).all()


def weighed_of(session: Session, licence_id: int) -> tuple[Weighed, ...]:
    """The weighed months of a licence by mineral and month, over all weighbridges."""
    return all_weighed(session, [licence_id]).get(licence_id, ())


def all_weighed(session: Session, licence_ids: Iterable[int] | None = None) -> Mapping[int, tuple[Weighed, ...]]:
    """The weighed months by licence."""
    chosen = select(WeighedMonth)
    if licence_ids is not None:
        chosen = chosen.where(col(WeighedMonth.licence_id).in_(list(licence_ids)))
    sums: defaultdict[tuple[int, str, date], list[int]] = defaultdict(lambda: [0, 0])
    for row in session.exec(chosen).all():
        total = sums[row.licence_id, row.mineral_code, row.month]
        total[0] += row.loads
        total[1] += row.weight_kg
    found: defaultdict[int, list[Weighed]] = defaultdict(list)
    for (licence_id, mineral, month), (loads, kilograms) in sorted(sums.items()):
        found[licence_id].append(
            Weighed(
                licence_id=licence_id,
                mineral_code=mineral,
                month=month,
                loads=loads,
                tonnes=Decimal(kilograms) / _KG_PER_TONNE,
            )
        )
    return {licence_id: tuple(rows) for licence_id, rows in found.items()}


def list_batches(session: Session, *, limit: int = 100) -> Sequence[OfficeBatch]:
    """The imports of office tables, newest first."""
    return session.exec(select(OfficeBatch).order_by(col(OfficeBatch.id).desc()).limit(limit)).all()


def _output(row: DeclaredOutput) -> YearlyOutput:
    return YearlyOutput(
        licence_id=row.licence_id,
        mineral_code=row.mineral_code,
        year=row.year,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        unit=Unit(row.unit),
        output=_decimal(row.output),
        grade=_decimal(row.grade),
        clean_coal=_decimal(row.clean_coal),
        product_output=_decimal(row.product_output),
        product_unit=None if row.product_unit is None else Unit(row.product_unit),
        sold=_decimal(row.sold),
        opening_stock=_decimal(row.opening_stock),
        tax_output=_decimal(row.tax_output),
        density=_decimal(row.density),
    )


def _payment(row: TaxPayment) -> Payment:
    return Payment(
        paid_on=row.paid_on, document=row.document, amount_vnd=row.amount_vnd, principal=row.part == "principal"
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
