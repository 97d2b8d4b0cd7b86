"""Which price and which rate does each year take, and from which list or instrument does it come?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from api.pages.answers import read_day
from api.pages.form import Given
from api.pages.settlebands import typed_bands
from api.pages.settlefields import BANDS, FRAME
from api.pages.settleneeds import kind_of, minerals, years
from api.pages.speech import Speech
from api.province.bands import bands_on
from api.province.edits import all_facts_of, facts_of, list_rates
from api.store.models import Licence
from api.store.office_data import Paid, YearlyOutput, outputs_of, paid_of, price_book, region_key
from api.store.price_book import PriceBook, PriceOn
from api.store.province import LicenceFacts, ProvinceRate
from fees.rate import non_auction_rate
from rules.formats import date_vi
from rules.lawbook import law_book
from rules.quantity import Unit
from rules.resource_codes import clean_code, codes_above
from rules.trace import Text

Answers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store has about one licence; ``prices`` has the lines of the codes asked for, ``more_facts`` what was said of
    its other minerals by code."""

    licence: Licence
    outputs: tuple[YearlyOutput, ...]
    paid: Paid
    prices: PriceBook
    facts: LicenceFacts
    more_facts: Mapping[str, LicenceFacts]
    rates: tuple[ProvinceRate, ...]


def cutoff() -> date:
    """The output cut-off of the first settlement."""
    return law_book().first("settlement.first_cutoff").day()


def remaining_price_day() -> date:
    """The day whose price a re-approval takes."""
    return law_book().first("reapproval.price_on").day()


def load_known(session: Session, licence: Licence, given: Given) -> Known:
    """Everything the store has for the settlement of a licence."""
    assert licence.id is not None
    facts, more = facts_of(session, licence.id), all_facts_of(session, licence.id)
    told = [facts, *more.values()]
    codes = [*(clean_code(one.price_code or "") for one in told), *_codes(given)]
    kinds = {*(one.price_kind for one in told), *(kind_of(given, index) for index in range(minerals(given)))}
    # bands stand in the lines below a code
    wanted = None if BANDS in kinds else [one for code in codes if code for one in (code, *codes_above(code))]
    return Known(
        licence=licence,
        outputs=outputs_of(session, licence.id),
        paid=paid_of(session, licence.id),
        prices=price_book(session, codes=wanted),
        facts=facts,
        more_facts=more,
        rates=tuple(list_rates(session)),
    )


def _codes(given: Given) -> list[str]:
    return [clean_code(given.get(f"m{index}_price_code", "")) for index in range(minerals(given))]


def price_day(given: Mapping[str, str], year: int) -> date:
    """The day whose price and rate a year takes: 1 January, or that of the approval for years before it."""
    approved = read_day(given.get("fee_approved_on", "").strip())
    if isinstance(approved, str) and year < int(approved[:4]):
        return date.fromisoformat(approved)
    return date(year, 1, 1)


class Listed(NamedTuple):
    """A price as a cell of the grid takes it, as a number of đồng or as bands, and the line it stands in."""

    typed: str
    value: int | list[dict[str, Any]]
    unit: Unit | None
    grade_unit: str | None
    source: PriceOn


def list_price(known: Known, given: Given, index: int, day: date, own: str = "") -> Listed | None:
    """The price of the code of a mineral in the list in force on a day; ``own``: the kind of this price alone."""
    code, kind = clean_code(given.get(f"m{index}_price_code", "").strip()), kind_of(given, index, own)
    if not code or kind == FRAME:
        return None
    region = region_key(known.licence.region)
    if kind == BANDS:
        found = bands_on(known.prices, region, code, day)
        if found is None:
            return None
        bands = list(found.bands)
        return Listed(typed_bands(bands), bands, Unit(found.unit), found.grade_unit, found.first)
    price = known.prices.on(region, code, day)
    return None if price is None else Listed(str(price.price_vnd), price.price_vnd, price.unit, None, price)


def with_prices(known: Known, given: Given) -> tuple[Answers, list[Text]]:
    """The answers with the prices of the lists in the places that are empty."""
    answers, notes = dict(given), []
    for index in range(minerals(given)):
        prefix = f"m{index}_"
        code = given.get(f"{prefix}price_code", "").strip()
        if not code:
            continue
        places = [(f"{prefix}remaining_price", remaining_price_day(), "", f"{prefix}remaining_kind")]
        for row in range(years(given, index)):
            text = given.get(f"{prefix}y{row}_year", "").strip()
            if text.isascii() and text.isdigit() and len(text) == 4 and int(text):
                own = f"{prefix}y{row}_"
                places.append((f"{own}price", price_day(given, int(text)), f"{own}price_unit", f"{own}kind"))
        frame = given.get(f"{prefix}code", "").strip()
        missing, framed = [], []
        for name, day, unit_name, kind_name in places:
            if kind_of(given, index, given.get(kind_name, "")) == FRAME:
                continue
            found = list_price(known, given, index, day, given.get(kind_name, ""))
            if found is None and frame and not answers.get(name, "").strip():
                answers[kind_name] = FRAME
                framed.append(date_vi(day))
                continue
            if found is None:
                missing.append(date_vi(day))
                continue
            if answers.get(name, "").strip():
                continue
            answers[name] = found.typed
            if found.grade_unit is not None:
                answers.setdefault(f"{prefix}grade_unit", found.grade_unit)
            if found.unit is not None:
                usual = answers.setdefault(f"{prefix}price_unit", found.unit.value) or found.unit.value
                answers[f"{prefix}price_unit"] = usual
                if unit_name and found.unit.value != usual:
                    answers[unit_name] = found.unit.value
        if framed:
            days = ", ".join(framed)
            notes.append(Text(
                f"Chưa có bảng giá vào {days}: lấy bình quân khung giá, dòng {frame} (giá tạm xác định, Điều 134 khoản 2). Tỉnh chưa ban "
                "hành giá thì thời điểm quyết toán cũng có thể lùi (Điều 139 khoản 7 điểm a).",
                f"No price list on {days}: the mean of the frame is taken, line {frame} (provisional, Art. 134(2)). Without a "
                "provincial price a settlement may also wait (Art. 139(7)(a)).",
            ))  # fmt: skip
        if missing:
            days = ", ".join(missing)
            notes.append(Text(
                f"Chưa có bảng giá nào chứa mã {code} vào: {days}. Nhập bảng giá, hoặc nhập giá tay.",
                f"No price list has code {code} on: {days}. Import the list or type the price.",
            ))  # fmt: skip
    return answers, notes


def told_price(value: int | list[dict[str, Any]], t: Speech) -> str:
    """A price in one line."""
    return t.money(value) if isinstance(value, int) else typed_bands(value)


def told_source(listed: Listed, t: Speech) -> str:
    """Which list a price comes from, in one line."""
    found, source = listed.source, listed.source.source
    said = t(f"QĐ {source.decision}", f"decision {source.decision}") if "/" in source.decision else source.decision
    parts = [said, t("từ", "from") + " " + date_vi(source.valid_from)]
    if not found.exact:
        parts.append(t(f"dòng {found.code}", f"line {found.code}"))
    if source.sample:
        parts.append(t("SỐ LIỆU MẪU", "SAMPLE DATA"))
    return ", ".join(parts)


def with_rates(known: Known, answers: Answers, notes: list[Text]) -> Answers:
    """The province's own rates where the law book has none."""
    book = law_book()
    for index in range(minerals(answers)):
        mineral = answers.get(f"m{index}_mineral", "")
        line = book.find("licence_right.line", cutoff(), mineral) if mineral in book.minerals else None
        for row in range(years(answers, index)):
            year = answers.get(f"m{index}_y{row}_year", "")
            if line is None or not year or answers.get(f"m{index}_right") != "no_auction":
                continue
            day = price_day(answers, int(year))
            if non_auction_rate(book, mineral, day) is not None:
                continue
            for key in (mineral, line.text()):
                own = next(
                    (one for one in known.rates if one.key == key and one.valid_from <= day <= one.valid_until), None
                )
                if own is not None:
                    answers[f"m{index}_y{row}_rate"] = own.rate_percent.replace(".", ",")
                    notes.append(Text(
                        f"R năm {year}: {own.rate_percent} % theo {own.article}, {own.instrument}, {own.entered_by} nhập cho cả tỉnh.",
                        f"R of {year}: {own.rate_percent} % by {own.article}, {own.instrument}, entered for the province by {own.entered_by}.",
                    ))  # fmt: skip
                    break
    return answers
