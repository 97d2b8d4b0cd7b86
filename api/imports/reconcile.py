"""Do declared output, weighbridges, resource tax and sales agree, and does the output fit the licence?

Circular 36/2025 Art. 10(3): figures that differ from the record of output by more than 10 % must be explained by the
miner. Output over the licensed capacity, sales above output and stock, and series that always stand at the capacity are
listed with their figures. No declared figure is ever corrected: the declarant answers for it (Decree 193/2025
Art. 140(3)).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session, col, select

from api.imports.cells import plain
from api.imports.findings import Finding, Place, finding
from api.store.models import Licence
from api.store.office_data import Weighed, YearlyOutput, all_outputs, all_weighed
from rules.quantity import UNIT_NAMES, Unit

_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")
_KG_PER_TONNE: Final = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a licence allows a year, in tonnes and in m³; ``None`` where it does not say."""

    tonnes: Decimal | None = None
    m3: Decimal | None = None

    def in_unit(self, unit: Unit) -> Decimal | None:
        """The capacity in a unit of output."""
        match unit:
            case Unit.TONNE:
                return self.tonnes
            case Unit.KG:
                return None if self.tonnes is None else self.tonnes * _KG_PER_TONNE
            case _:
                return self.m3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What does not agree for one licence; ``findings`` carry figures and articles."""

    licence_id: int
    number: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    percent: Decimal
    difference: str
    capacity: str
    declarant: str
    glued_share: Decimal
    glued_years: int


def reconcile_province(session: Session, licence_ids: Iterable[int] | None = None) -> tuple[Reconciled, ...]:
    """All licences, or the named ones, of which something does not agree."""
    ids = None if licence_ids is None else list(licence_ids)
    outputs, weighed = all_outputs(session, ids), all_weighed(session, ids)
    chosen = select(Licence).order_by(col(Licence.id))
    if ids is not None:
        chosen = chosen.where(col(Licence.id).in_(ids))
    found = []
    for licence in session.exec(chosen).all():
        key = licence.id or 0
        told = reconcile(outputs.get(key, ()), weighed.get(key, ()), capacity_of(licence))
        if told:
            found.append(Reconciled(licence_id=key, number=licence.number, findings=told))
    return tuple(found)


def capacity_of(licence: Licence) -> Capacity:
    """The licensed capacity of a row of the register."""
    tonnes, m3 = licence.capacity_tonne, licence.capacity_m3
    return Capacity(tonnes=None if tonnes is None else Decimal(tonnes), m3=None if m3 is None else Decimal(m3))


def reconcile(outputs: Sequence[YearlyOutput], weighed: Sequence[Weighed], capacity: Capacity) -> tuple[Finding, ...]:
    """What does not agree in the declared series of one licence."""
    found: list[Finding] = []
    by_mineral: defaultdict[str, list[YearlyOutput]] = defaultdict(list)
    for one in sorted(outputs, key=lambda one: one.starts_on):
        by_mineral[one.mineral_code].append(one)
    for mineral, series in by_mineral.items():
        for one in series:
            scaled = _weighed_in(one, [load for load in weighed if load.mineral_code == mineral])
            found += _against_others(one, scaled)
            found += _against_capacity(one, scaled, capacity)
        found += _sales(series)
        found += _glued(series, capacity)
    return tuple(found)


def _against_others(one: YearlyOutput, scaled: Decimal | Finding | None) -> Iterator[Finding]:
    if isinstance(scaled, Finding):
        yield scaled
    elif scaled is not None:
        yield from _difference("weighed_differs", one, scaled)
    if one.tax_output is not None:
        yield from _difference("tax_differs", one, one.tax_output)


def _difference(code: str, one: YearlyOutput, other: Decimal) -> Iterator[Finding]:
    limit = _settings().percent
    if one.output is None or abs(other - one.output) * _HUNDRED <= limit * one.output:
        return
    percent = _percent(abs(other - one.output), one.output)
    words = {"declared": plain(one.output), "other": plain(other), "percent": percent, "limit": plain(limit)}
    yield _told(code, one, value=plain(one.output), cite=_settings().difference, **words)


def _against_capacity(one: YearlyOutput, scaled: Decimal | Finding | None, capacity: Capacity) -> Iterator[Finding]:
    allowed = capacity.in_unit(one.unit)
    if not allowed:
        return
    measured = scaled if isinstance(scaled, Decimal) else None
    for what_vi, what_en, amount in (
        ("sản lượng kê khai", "declared output", one.output),
        ("khối lượng qua cân", "weighed", measured),
        ("sản lượng tính thuế tài nguyên", "output for resource tax", one.tax_output),
    ):
        if amount is not None and amount > allowed:
            words = {"what_vi": what_vi, "what_en": what_en, "other": plain(amount), "capacity": plain(allowed)}
            percent = _percent(amount - allowed, allowed)
            yield _told(
                "above_capacity",
                one,
                value=plain(amount),
                percent=percent,
                cite=_settings().capacity,
                **words,
            )


def _sales(series: Sequence[YearlyOutput]) -> Iterator[Finding]:
    """Sales above output and opening stock; a stock that is not declared is what the year before left."""
    left = Decimal(0)
    for one in series:
        stock = left if one.opening_stock is None else one.opening_stock
        left = Decimal(0)
        if one.output is None:
            continue
        sold = Decimal(0) if one.sold is None else one.sold
        left = max(stock + one.output - sold, Decimal(0)) if one.sold is not None else Decimal(0)
        if sold > one.output + stock:
            words = {"sold": plain(sold), "declared": plain(one.output), "stock": plain(stock)}
            yield _told("sold_above_output", one, value=plain(sold), cite=_settings().declarant, **words)


def _glued(series: Sequence[YearlyOutput], capacity: Capacity) -> Iterator[Finding]:
    """Whole years in a row whose output stands at the capacity: from the set share of it up to all of it."""
    settings = _settings()
    run: list[YearlyOutput] = []
    for one in (*series, None):
        allowed = None if one is None else capacity.in_unit(one.unit)
        stands = (
            one is not None
            and allowed
            and one.output is not None
            and (one.starts_on.month, one.ends_on.month) == (1, 12)
            and settings.glued_share * allowed <= one.output <= allowed
            and (not run or (run[-1].year + 1, run[-1].unit) == (one.year, one.unit))
        )
        if stands and one is not None:
            run.append(one)
            continue
        if len(run) >= settings.glued_years:
            last = run[-1]
            words = {
                "years": f"{run[0].year}-{last.year}",
                "capacity": plain(capacity.in_unit(last.unit) or Decimal(0)),
            }
            yield _told("glued_to_capacity", last, **words)
        run = []


def _weighed_in(one: YearlyOutput, loads: Sequence[Weighed]) -> Decimal | Finding | None:
    """What was weighed in the months of a period, in the unit of the declaration; ``None``: nothing was."""
    begin = one.starts_on.replace(day=1)
    tonnes = [load.tonnes for load in loads if begin <= load.month <= one.ends_on]
    if not tonnes:
        return None
    total = sum(tonnes, Decimal(0))
    match one.unit:
        case Unit.TONNE:
            return total
        case Unit.KG:
            return total * _KG_PER_TONNE
        case _ if one.density:
            return (total / one.density).quantize(_TENTH, ROUND_HALF_UP)
    declared, other = UNIT_NAMES[one.unit], UNIT_NAMES[Unit.TONNE]
    words = {"unit_vi": declared.vi, "unit_en": declared.en, "other_vi": other.vi, "other_en": other.en}
    return _told("not_comparable", one, **words)


def _percent(part: Decimal, whole: Decimal) -> str:
    return "∞" if not whole else plain((part * _HUNDRED / whole).quantize(_TENTH, ROUND_HALF_UP))


def _told(code: str, one: YearlyOutput, *, value: str | None = None, **words: object) -> Finding:
    unit = UNIT_NAMES[one.unit].vi
    given = {"year": one.year, "unit": unit, **words}
    return finding(code, Place(), field=one.mineral_code, value=value, words=given)


@cache
def _settings() -> _Settings:
    data: dict[str, Any] = tomllib.loads(files("api.imports").joinpath("reconcile.toml").read_text("utf-8"))

    def cite(name: str) -> str:
        return f"{data[name]['instrument']}, {data[name]['at']}"

    return _Settings(
        percent=Decimal(data["difference"]["percent"]),
        difference=cite("difference"),
        capacity=cite("capacity"),
        declarant=cite("declarant"),
        glued_share=Decimal(data["glued"]["from_share"]),
        glued_years=data["glued"]["years"],
    )
