"""What does the store know of the licences of a province, all at once and ready to be asked?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from api.province.bands import BandSet, bands_on
from api.province.scope import Calendar
from api.store.models import Licence
from api.store.office_data import Paid, YearlyOutput, all_outputs, all_paid, price_book, region_key
from api.store.price_book import PriceBook, PriceOn
from api.store.province import LicenceFacts, ProvinceRate, SettlementResult, WorklistItem
from fees.rate import non_auction_rate
from rules.lawbook import LawBook
from rules.resource_codes import clean_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One licence with everything that was told about it; ``facts`` are the licence's and its own mineral's, ``more_facts``
    those of its other minerals by code; ``result`` is what the present law book made of it."""

    licence: Licence
    facts: LicenceFacts
    outputs: tuple[YearlyOutput, ...]
    paid: Paid
    item: WorklistItem | None
    result: SettlementResult | None
    more_facts: Mapping[str, LicenceFacts] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The licence's number in the store."""
        assert self.licence.id is not None
        return self.licence.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """What all licences share: law, days, price lists, own rates; look-ups are remembered."""

    book: LawBook
    days: Calendar
    prices: PriceBook
    rates: tuple[ProvinceRate, ...]
    _prices: dict[tuple[str, str, date], PriceOn | None] = field(default_factory=dict)
    _known: dict[tuple[str, date], bool] = field(default_factory=dict)
    _bands: dict[tuple[str, str, date], BandSet | None] = field(default_factory=dict)
    conversions: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """What conversions were found to lack, by what they convert (see ``api.province.conversions``)."""

    def price(self, region: str | None, code: str, day: date) -> PriceOn | None:
        """The price of a code in force in a region on a day."""
        key = (region_key(region), code, day)
        if key not in self._prices:
            self._prices[key] = self.prices.on(*key)
        return self._prices[key]

    def bands(self, region: str | None, code: str, day: date) -> BandSet | None:
        """The grade bands below a code in the list in force, or those it is one of; ``None`` where there is no whole set."""
        key = (region_key(region), clean_code(code), day)
        if key not in self._bands:
            self._bands[key] = bands_on(self.prices, *key)
        return self._bands[key]

    def has_rate(self, mineral: str, day: date) -> bool:
        """Whether the law book has the rate of a mineral on a day."""
        key = (mineral, day)
        if key not in self._known:
            self._known[key] = non_auction_rate(self.book, mineral, day) is not None
        return self._known[key]

    def own_rate(self, mineral: str, day: date) -> ProvinceRate | None:
        """The officer's rate of a mineral on a day: the mineral's own before its line's, the later entry first."""
        line = self.book.find("licence_right.line", self.days.cutoff, mineral)
        for key in (mineral, None if line is None else line.text()):
            found = [one for one in self.rates if one.key == key and one.valid_from <= day <= one.valid_until]
            if found:
                return max(found, key=lambda one: one.valid_from)
        return None


def load_province(session: Session, book: LawBook) -> Province:
    """Price lists and own rates of the store, with a law book."""
    rates = session.exec(select(ProvinceRate).order_by(col(ProvinceRate.key), col(ProvinceRate.valid_from))).all()
    return Province(book=book, days=Calendar.of(book), prices=price_book(session), rates=tuple(rates))


def load_records(session: Session, book: LawBook, licence_ids: Iterable[int] | None = None) -> list[Record]:
    """The licences in the order of the register, all or the named ones."""
    named = None if licence_ids is None else list(licence_ids)
    chosen = select(Licence).order_by(col(Licence.id))
    results = select(SettlementResult).where(SettlementResult.law_digest == book.digest)
    if named is not None:
        chosen = chosen.where(col(Licence.id).in_(named))
        results = results.where(col(SettlementResult.licence_id).in_(named))
    facts: defaultdict[int, dict[str, LicenceFacts]] = defaultdict(dict)
    for row in session.exec(select(LicenceFacts)).all():
        facts[row.licence_id][row.mineral_code] = row
    items = {row.licence_id: row for row in session.exec(select(WorklistItem)).all()}
    found: Mapping[int, SettlementResult] = {row.licence_id: row for row in session.exec(results).all()}
    outputs, paid = all_outputs(session, named), all_paid(session, named)
    return [
        Record(
            licence=licence,
            facts=facts[licence.id or 0].pop("", LicenceFacts(licence_id=licence.id or 0)),
            more_facts=facts[licence.id or 0],
            outputs=outputs.get(licence.id or 0, ()),
            paid=paid.get(licence.id or 0, Paid(payments=())),
            item=items.get(licence.id or 0),
            result=found.get(licence.id or 0),
        )
        for licence in session.exec(chosen).all()
    ]
