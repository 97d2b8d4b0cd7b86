"""Do declared output, weighbridges, resource tax and sales agree, and does the output fit the licence?

Circular 36/2025 Art. 10(3): figures that differ from the record of output by more than 10 % must be explained by the
miner. Output over the licensed capacity, sales above output and stock, and series that always stand at the capacity are
listed with their figures. No declared figure is ever corrected: the declarant answers for it (Decree 193/2025
Art. 140(3)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sqlmodel import Session, col, select

from api.imports.cells import plain
from api.imports.findings import Finding, Place, finding
from api.imports.reconcile_rules import CAPACITY, DECLARANT, LIMIT, Rule, rule_on
from api.store.models import Licence
from api.store.office_data import Weighed, YearlyOutput, all_outputs, all_weighed
from rules.formats import decimal_text
from rules.lawbook import law_book
from rules.quantity import UNIT_NAMES, Unit
from rules.trace import Text

_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")
_KG_PER_TONNE: Final = Decimal(1000)
_GLUED_PERCENT: Final = Decimal("99.5")
"""From this share of the capacity up to all of it a year "stands at" the capacity; a sign the product looks for."""
_GLUED_YEARS: Final = 3
_DECLARED: Final = Text("Sản lượng kê khai", "Declared output")
_WEIGHED: Final = Text("Khối lượng qua cân", "Weighed")
_TAXED: Final = Text("Sản lượng tính thuế tài nguyên", "Output for resource tax")
_CAPACITY: Final = Text("Công suất được phép", "Licensed capacity")
_AVAILABLE: Final = Text("Sản lượng và tồn đầu kỳ", "Output and opening stock")
_SOLD: Final = Text("Sản lượng tiêu thụ", "Quantity sold")
_NAMES: Final = {
    "weighed_differs": (_DECLARED, _WEIGHED),
    "tax_differs": (_DECLARED, _TAXED),
    "above_capacity": (_CAPACITY, _DECLARED),
    "sold_above_output": (_AVAILABLE, _SOLD),
    "glued_to_capacity": (_CAPACITY, _DECLARED),
    "not_comparable": (_DECLARED, _WEIGHED),
}
"""What is compared with what, by the code of the finding: name of the base, name of the amount."""


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
class Mismatch(Finding):
    """A finding with its figures, in ``unit`` of the declaration, and the rule it is held against.

    ``base`` is what ``amount`` is compared with (the declared output, the capacity, output and stock), each with its
    name; ``percent`` is the difference in percent of the base, one decimal, ``None`` where the base is 0 or nothing is
    compared.
    """

    mineral_code: str
    year: int
    unit: Unit
    base_name: Text
    amount_name: Text
    base: Decimal | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    limit: Decimal | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What does not agree for one licence; ``findings`` carry figures and articles."""

    licence_id: int
    number: str | None
    holder: str | None
    mine: str | None
    findings: tuple[Mismatch, ...]

    @property
    def work(self) -> int:
        """How many findings somebody must look at."""
        return sum(one.needs_work for one in self.findings)


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
            found.append(
                Reconciled(
                    licence_id=key,
                    number=licence.number,
                    holder=licence.holder,
                    mine=licence.mine_name or licence.place,
                    findings=told,
                )
            )
    return tuple(found)


def capacity_of(licence: Licence) -> Capacity:
    """The licensed capacity of a row of the register."""
    tonnes, m3 = licence.capacity_tonne, licence.capacity_m3
    return Capacity(tonnes=None if tonnes is None else Decimal(tonnes), m3=None if m3 is None else Decimal(m3))


def reconcile(outputs: Sequence[YearlyOutput], weighed: Sequence[Weighed], capacity: Capacity) -> tuple[Mismatch, ...]:
    """What does not agree in the declared series of one licence."""
    found: list[Mismatch] = []
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


def _against_others(one: YearlyOutput, scaled: Decimal | Mismatch | None) -> Iterator[Mismatch]:
    if isinstance(scaled, Mismatch):
        yield scaled
    elif scaled is not None:
        yield from _difference("weighed_differs", one, scaled)
    if one.tax_output is not None:
        yield from _difference("tax_differs", one, one.tax_output)


def _difference(code: str, one: YearlyOutput, other: Decimal) -> Iterator[Mismatch]:
    rule = rule_on(LIMIT, one.ends_on)
    limit = rule.number()
    if one.output is None or abs(other - one.output) * _HUNDRED <= limit * one.output:
        return
    words = {"declared": one.output, "other": other}
    yield _told(code, one, value=plain(one.output), base=one.output, amount=other, limit=limit, rule=rule, words=words)


def _against_capacity(one: YearlyOutput, scaled: Decimal | Mismatch | None, capacity: Capacity) -> Iterator[Mismatch]:
    allowed = capacity.in_unit(one.unit)
    if not allowed:
        return
    measured = scaled if isinstance(scaled, Decimal) else None
    for what, amount in ((_DECLARED, one.output), (_WEIGHED, measured), (_TAXED, one.tax_output)):
        if amount is not None and amount > allowed:
            named: dict[str, object] = {"what_vi": what.vi.lower(), "what_en": what.en.lower()}
            words = {**named, "other": amount, "capacity": allowed}
            rule = rule_on(CAPACITY, one.ends_on)
            told = _told(
                "above_capacity", one, value=plain(amount), base=allowed, amount=amount, rule=rule, words=words
            )
            yield replace(told, amount_name=what)


def _sales(series: Sequence[YearlyOutput]) -> Iterator[Mismatch]:
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
            words = {"sold": sold, "declared": one.output, "stock": stock}
            base, rule = one.output + stock, rule_on(DECLARANT, one.ends_on)
            yield _told("sold_above_output", one, value=plain(sold), base=base, amount=sold, rule=rule, words=words)


def _glued(series: Sequence[YearlyOutput], capacity: Capacity) -> Iterator[Mismatch]:
    """Whole years in a row whose output stands at the capacity: from the set share of it up to all of it."""
    run: list[YearlyOutput] = []
    for one in (*series, None):
        allowed = None if one is None else capacity.in_unit(one.unit)
        stands = (
            one is not None
            and allowed
            and one.output is not None
            and (one.starts_on.month, one.ends_on.month) == (1, 12)
            and _GLUED_PERCENT * allowed <= one.output * _HUNDRED <= allowed * _HUNDRED
            and (not run or (run[-1].year + 1, run[-1].unit) == (one.year, one.unit))
        )
        if stands and one is not None:
            run.append(one)
            continue
        if len(run) >= _GLUED_YEARS:
            yield _run_told(run, capacity.in_unit(run[-1].unit) or Decimal(0))
        run = []


def _run_told(run: Sequence[YearlyOutput], allowed: Decimal) -> Mismatch:
    last = run[-1]
    convention = law_book().conventions["stands_at_capacity"]
    share = plain(_GLUED_PERCENT)
    words = {
        "years": f"{run[0].year}-{last.year}",
        "capacity": allowed,
        "convention_vi": convention.vi.format(years=_GLUED_YEARS, share=decimal_text(share, "vi")),
        "convention_en": convention.en.format(years=_GLUED_YEARS, share=share),
    }
    return _told("glued_to_capacity", last, base=allowed, amount=last.output, words=words)


def _weighed_in(one: YearlyOutput, loads: Sequence[Weighed]) -> Decimal | Mismatch | None:
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
    return _told("not_comparable", one, words=words)


def _told(
    code: str,
    one: YearlyOutput,
    *,
    words: Mapping[str, object],
    value: str | None = None,
    base: Decimal | None = None,
    amount: Decimal | None = None,
    limit: Decimal | None = None,
    rule: Rule | None = None,
) -> Mismatch:
    percent = None
    if base and amount is not None:
        percent = (abs(amount - base) * _HUNDRED / base).quantize(_TENTH, ROUND_HALF_UP)
    unit = UNIT_NAMES[one.unit]
    given: dict[str, object] = {"year": one.year, "unit_vi": unit.vi, "unit_en": unit.en}
    for name, value_or_word in {**words, "percent": "∞" if percent is None else percent, "limit": limit}.items():
        given |= _in_both(name, value_or_word)
    if rule is not None:
        given |= {"cite": rule.cited, "caution_vi": rule.caution.vi, "caution_en": rule.caution.en}
    told = finding(code, Place(), field=one.mineral_code, value=value, words=given)
    common: dict[str, Any] = {known.name: getattr(told, known.name) for known in fields(told)}
    common |= {"action_vi": told.action_vi.rstrip(), "action_en": told.action_en.rstrip()}
    base_name, amount_name = _NAMES[code]
    return Mismatch(
        **common,
        base_name=base_name,
        amount_name=amount_name,
        mineral_code=one.mineral_code,
        year=one.year,
        unit=one.unit,
        base=base,
        amount=amount,
        percent=percent,
        limit=limit,
        rule=rule,
    )


def _in_both(name: str, word: object) -> dict[str, object]:
    """A word of a text; a figure as each language writes it, under ``name_vi`` and ``name_en``."""
    if isinstance(word, Decimal):
        return {f"{name}_vi": decimal_text(plain(word), "vi"), f"{name}_en": decimal_text(plain(word), "en")}
    return {name: word, f"{name}_vi": word, f"{name}_en": word}
