"""What does the store already know of a settlement? First answers from register, declarations and payments; prices from lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from api.imports.cells import plain
from api.pages.answers import typed_quantity
from api.pages.settleprices import Answers, Known, cutoff, with_prices, with_rates
from api.store.models import Licence
from api.store.office_data import YearlyOutput
from api.store.province import LicenceFacts
from rules.formats import date_vi
from rules.quantity import Unit
from rules.trace import Text

_RESERVES: Final = (
    ("licensed_m3", Unit.M3_IN_SITU),
    ("licensed_tonne", Unit.TONNE),
    ("mining_m3", Unit.M3_IN_SITU),
    ("mining_tonne", Unit.TONNE),
)
_LAST_BEFORE_2014: Final = 2013
_DECIMALS: Final = (
    "winning_rate_percent", "rate_at_auction_percent", "bulking_factor", "density", "grade", "price_grade",
    "kaolin_recovery", "factor", "output_factor", "hours_per_day",
)  # fmt: skip
_AS_WRITTEN: Final = (
    "won_vnd", "start_vnd", "grade_unit", "kaolin_state", "output_state", "factor_source", "licence_years",
)  # fmt: skip


def prefilled(known: Known, today: date) -> tuple[Answers, list[Text]]:
    """The first answers, and what to know about them."""
    licence, last = known.licence, cutoff()
    notes: list[Text] = []
    answers = {
        "occasion": "first",
        "settled_on": date_vi(today),
        "cutoff_on": date_vi(last),
        "decided_on": date_vi(today),
        "expires_on": date_vi(licence.expires_on) if licence.expires_on else "",
        "paid_vnd": str(known.paid.principal_vnd) if known.paid.payments else "",
        "reapprove": "yes",
    }
    if known.paid.payments:
        count = sum(one.principal for one in known.paid.payments)
        interest = known.paid.interest_vnd
        notes.append(Text(
            f"Đã nộp: cộng {count} khoản tiền gốc cơ quan thuế cung cấp; {interest:,} đồng tiền chậm nộp để riêng, không tính."
            .replace(",", "."),
            f"Paid: the sum of {count} principal payments listed by the tax office; VND {interest:,} of late interest stands apart.",
        ))  # fmt: skip
    series: defaultdict[str, list[YearlyOutput]] = defaultdict(list)
    for one in known.outputs:
        series[one.mineral_code].append(one)
    main = [licence.mineral_code] if licence.mineral_code else []
    codes = list(dict.fromkeys([*main, *series, *known.more_facts])) or [""]
    answers["minerals"] = str(len(codes))
    for index, code in enumerate(codes):
        answers |= _mineral(licence, index, code, series.get(code, ()), last, notes)
    for index, code in enumerate(codes):
        own = (
            not index if licence.mineral_code is None and code not in known.more_facts else code == licence.mineral_code
        )
        answers |= _facts(known, known.facts if own else known.more_facts.get(code), index)
    answers |= _licence_facts(known)
    answers, more = with_prices(known, answers)
    return with_rates(known, answers, notes), [*notes, *more]


def _licence_facts(known: Known) -> Answers:
    """What an officer added to the licence as a whole."""
    facts = known.facts
    answers = {
        "fee_approved_on": date_vi(facts.fee_approved_on) if facts.fee_approved_on else "",
        "budget_debts_vnd": "" if facts.budget_debts_vnd is None else str(facts.budget_debts_vnd),
    }
    if not known.paid.payments and facts.paid_vnd is not None:
        answers["paid_vnd"] = str(facts.paid_vnd)
    return {name: value for name, value in answers.items() if value}


def _facts(known: Known, facts: LicenceFacts | None, index: int) -> Answers:
    """What an officer added about one mineral; how the right was obtained is the licence's where nothing else was said."""
    prefix, shared = f"m{index}_", known.facts
    answers = {f"{prefix}right": (facts and facts.right_by) or shared.right_by or "no_auction"}
    if facts is None:
        return answers
    quantity, before = facts.licensed_quantity, facts.mined_before_2014
    answers |= {
        f"{prefix}price_code": facts.price_code or "",
        f"{prefix}price_kind": facts.price_kind or "raw",
        f"{prefix}code": facts.frame_code or "",
        f"{prefix}quantity_unit": facts.quantity_unit or "",
        f"{prefix}licensed_quantity": typed_quantity(quantity) if quantity else "",
        f"{prefix}mined_before_2014": typed_quantity(before) if before else "",
    }
    for name in _DECIMALS:
        answers[f"{prefix}{name}"] = (getattr(facts, name) or "").replace(".", ",")
    for name in _AS_WRITTEN:
        value = getattr(facts, name)
        answers[f"{prefix}{name}"] = "" if value is None else str(value)
    return {name: value for name, value in answers.items() if value}


def _mineral(
    licence: Licence, index: int, code: str, series: Sequence[YearlyOutput], last: date, notes: list[Text]
) -> Answers:
    prefix = f"m{index}_"
    answers = {f"{prefix}mineral": code, f"{prefix}price_kind": "raw", f"{prefix}right": "no_auction"}
    reserve = next(((value, unit) for name, unit in _RESERVES if (value := getattr(licence, name))), None)
    if reserve is not None:
        answers[f"{prefix}quantity_unit"] = reserve[1].value
        if not index:
            answers[f"{prefix}licensed_quantity"] = typed_quantity(reserve[0])
    units = [one.unit for one in series if one.output is not None]
    usual = max(set(units), key=units.count) if units else None
    if usual is not None:
        answers[f"{prefix}output_unit"] = usual.value
        answers.setdefault(f"{prefix}quantity_unit", usual.value)
    rows = _rows(series, last, notes)
    for number, (year, unit, output, grade) in enumerate(rows):
        own = f"{prefix}y{number}_"
        answers |= {f"{own}year": str(year), f"{own}output": typed_quantity(plain(output))}
        if unit is not usual:
            answers[f"{own}unit"] = unit.value
        if grade is not None:
            answers[f"{own}grade"] = plain(grade).replace(".", ",")
    answers[f"{prefix}years"] = str(max(len(rows), 1))
    if rows and all(unit is usual for _, unit, _, _ in rows):
        for name, taken in (("mined_before_2014", False), ("mined_since_2014", True)):
            mined = sum((one[2] for one in rows if (one[0] > _LAST_BEFORE_2014) is taken), Decimal(0))
            answers[f"{prefix}{name}"] = typed_quantity(plain(mined))
    return answers


def _rows(
    series: Sequence[YearlyOutput], last: date, notes: list[Text]
) -> list[tuple[int, Unit, Decimal, Decimal | None]]:
    """One row a year: its periods up to the cut-off added up where they are in one unit."""
    by_year: defaultdict[int, list[YearlyOutput]] = defaultdict(list)
    for one in series:
        if one.starts_on > last or (one.output is None and one.clean_coal is None):
            continue
        if one.ends_on > last:
            notes.append(Text(
                f"Sản lượng năm {one.year} kê khai đến {date_vi(one.ends_on)}, sau ngày chốt {date_vi(last)}: hãy nhập phần đến ngày chốt.",
                f"The output of {one.year} is declared to {date_vi(one.ends_on)}, past the cut-off {date_vi(last)}: enter the part up to it.",
            ))  # fmt: skip
            continue
        by_year[one.year].append(one)
    rows = []
    for year, several in sorted(by_year.items()):
        if len({one.unit for one in several}) > 1:
            notes.append(Text(
                f"Sản lượng năm {year} kê khai bằng nhiều đơn vị: hãy nhập số đã quy về một đơn vị.",
                f"The output of {year} is declared in several units: enter it in one unit.",
            ))  # fmt: skip
            continue
        coal = [one.clean_coal for one in several if one.clean_coal is not None]
        output = sum(coal or [one.output for one in several if one.output is not None], Decimal(0))
        grades = {one.grade for one in several}
        unit = Unit.TONNE if coal else several[0].unit
        rows.append((year, unit, output, grades.pop() if len(grades) == 1 else None))
    return rows
