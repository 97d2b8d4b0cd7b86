"""What should an officer look at in the years as typed, before any computation? Holes, output over the licence, odd prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from api.imports.cells import plain
from api.imports.reconcile import capacity_of
from api.pages.answers import read_quantity, read_whole
from api.pages.form import Given
from api.pages.settlebands import read_bands
from api.pages.settlecase import filled_rows
from api.pages.settlefields import BANDS
from api.pages.settleneeds import kind_of, minerals
from api.pages.settleprices import Known, list_price, price_day, told_price, told_source
from api.pages.speech import Speech
from api.store.models import Licence
from rules.quantity import Unit
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedYear:
    """One row of the grid that says a year; ``output`` and ``price`` are ``None`` where they are not readable."""

    row: int
    year: int
    output: Decimal | None
    unit: Unit | None
    price: int | list[dict[str, Any]] | None
    kind: str


def typed_years(given: Given, index: int) -> list[TypedYear]:
    """The rows of a mineral in which a year stands."""
    found = []
    for row in filled_rows(given, index):
        own = f"m{index}_y{row}_"
        year, output = read_whole(given.get(f"{own}year", "").strip()), given.get(f"{own}output", "").strip()
        kind, typed = given.get(f"{own}kind", ""), given.get(f"{own}price", "").strip()
        price = read_bands(typed) if kind_of(given, index, kind) == BANDS else read_whole(typed)
        number = read_quantity(output)
        unit = given.get(f"{own}unit") or given.get(f"m{index}_output_unit", "")
        if isinstance(year, int) and 1 <= year <= 9999:
            found.append(TypedYear(
                row=row, year=year, output=Decimal(str(number)) if not isinstance(number, Text) else None,
                unit=Unit(unit) if unit in tuple(Unit) else None, price=None if isinstance(price, Text) or not typed else price,
                kind=kind,
            ))  # fmt: skip
    return found


def warnings_of(known: Known, given: Given, t: Speech, until: date) -> list[str]:
    """The warnings in reading order, in one language."""
    return [t.text(one) for index in range(minerals(given)) for one in _of_mineral(known, given, index, t, until)]


def _of_mineral(known: Known, given: Given, index: int, t: Speech, until: date) -> Iterator[Text]:
    rows, licence = typed_years(given, index), known.licence
    said = [one.year for one in rows]
    if missing := sorted(set(range(min(said, default=0), max(said, default=0))) - set(said)):
        listed = ", ".join(map(str, missing[:12])) + ("…" if len(missing) > 12 else "")
        yield Text(
            f"Thiếu năm {listed}: nhập 0 nếu không khai thác (dừng mỏ thì ghi căn cứ).",
            f"Years {listed} are missing: enter 0 where nothing was mined.",
        )
    for one in rows:
        if licence.issued_on and one.year < licence.issued_on.year:
            yield Text(
                f"Năm {one.year} trước ngày cấp giấy phép ({t.day(licence.issued_on)}).",
                f"{one.year} lies before the licence ({t.day(licence.issued_on)}).",
            )
        if one.year > until.year:
            yield Text(f"Năm {one.year} sau ngày chốt.", f"{one.year} lies after the cut-off.")
        yield from _over_capacity(licence, one, t)
        yield from _price(known, given, index, one, t)
    yield from _over_reserve(licence, rows, t)


def _over_capacity(licence: Licence, one: TypedYear, t: Speech) -> Iterator[Text]:
    allowed = capacity_of(licence).in_unit(one.unit) if one.unit is not None else None
    if allowed and one.output is not None and one.output > allowed:
        output, most = t.number(plain(one.output)), t.number(plain(allowed))
        yield Text(
            f"Năm {one.year}: sản lượng {output} vượt công suất được phép {most}.",
            f"{one.year}: output {output} exceeds the licensed capacity {most}.",
        )


def _over_reserve(licence: Licence, rows: list[TypedYear], t: Speech) -> Iterator[Text]:
    for unit, reserve in (
        (Unit.TONNE, licence.licensed_tonne or licence.mining_tonne),
        (Unit.M3_IN_SITU, licence.licensed_m3 or licence.mining_m3),
    ):
        mined = sum((one.output for one in rows if one.unit is unit and one.output is not None), Decimal(0))
        if reserve and mined > Decimal(reserve):
            yield Text(
                f"Tổng sản lượng {t.number(plain(mined))} vượt trữ lượng {t.number(reserve)} của giấy phép.",
                f"The total output {t.number(plain(mined))} exceeds the licence's reserve {t.number(reserve)}.",
            )


def _price(known: Known, given: Given, index: int, one: TypedYear, t: Speech) -> Iterator[Text]:
    found = list_price(known, given, index, price_day(given, one.year), one.kind)
    if found is not None and one.price is not None and found.value != one.price:
        typed, listed, source = told_price(one.price, t), told_price(found.value, t), told_source(found, t)
        yield Text(
            f"Năm {one.year}: giá đã nhập {typed} khác bảng giá {listed} ({source}).",
            f"{one.year}: the price entered {typed} differs from the list's {listed} ({source}).",
        )
