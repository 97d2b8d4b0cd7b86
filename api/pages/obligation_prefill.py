"""What does a form of the calendar start from? What was kept, else what the register and the last entry of the kind say."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlmodel import Session

from api.pages.answers import typed_quantity
from api.pages.casedocument import answers_of
from api.store.duty_records import DutyEntry, read_entries_of, read_facts
from api.store.models import Licence
from fees.obligation import DutyKind
from rules.formats import date_vi

_EACH_TIME: Final = ("quantity", "selling_price_vnd", "overburden_m3", "planned_quantity")
"""What differs from one period to the next."""
_REPEATED: Final = (DutyKind.RESOURCE_TAX, DutyKind.ENVIRONMENTAL_FEE, DutyKind.INFRASTRUCTURE_CONTRIBUTION)


def fixed_answers(kind: DutyKind, period: str, licence: Licence, today: date) -> dict[str, str]:
    """The answers that the address of an entry or the clock gives, by field."""
    if kind in (DutyKind.RESOURCE_TAX, DutyKind.ENVIRONMENTAL_FEE):
        year, _, month = period.partition("-")
        return {"period": f"{month}/{year}", "with_due_date": "true"}
    if kind is DutyKind.LICENCE_FEE and licence.issued_on is not None:
        return {"granted_on": date_vi(licence.issued_on)}
    return {"as_of": date_vi(today)} if kind is DutyKind.ESCROW_DEPOSIT else {}


def kept_answers(kept: DutyEntry) -> dict[str, str]:
    """An entry as the answers of its form."""
    found = {} if kept.document is None else answers_of(kept.document)
    for name, day in (("done_on", kept.done_on), ("due_on", kept.on_day)):
        if day is not None:
            found[name] = date_vi(day)
    return found


def prefilled(session: Session, licence: Licence, kind: DutyKind) -> dict[str, str]:
    """What a new entry starts from."""
    assert licence.id is not None
    if kind in _REPEATED:
        kept = [one for one in read_entries_of(session, licence.id).get(licence.id, ()) if one.kind == kind]
        last = next((one.document for one in reversed(kept) if one.document is not None), None)
        if last is not None:
            return {name: text for name, text in answers_of(last).items() if name.rpartition(".")[2] not in _EACH_TIME}
        return {"minerals.0.mineral": licence.mineral_code or ""}
    if kind is DutyKind.LICENCE_FEE:
        measures = {"area_ha": licence.area_ha, "capacity_m3_per_year": licence.capacity_m3}
        return {name: typed_quantity(value) for name, value in measures.items() if value}
    if kind is DutyKind.ESCROW_DEPOSIT:
        facts = read_facts(session, licence.id).get(licence.id)
        since = None if facts is None else facts.operating_since
        return _term(licence) | ({} if since is None else {"starts_on": date_vi(since)})
    return {}


def _term(licence: Licence) -> dict[str, str]:
    """The term of the licence where it is whole months or years from its day."""
    issued, expires = licence.issued_on, licence.expires_on
    if issued is None or expires is None or (issued.day, issued.day - 1).count(expires.day) == 0:
        return {}
    months = 12 * (expires.year - issued.year) + expires.month - issued.month
    if months <= 0:
        return {}
    return {"licence_months": str(months)} if months % 12 else {"licence_years": str(months // 12)}
