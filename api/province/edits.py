"""How does an officer change the worklist: who works on a licence, what it lacked, the province's own rates?

Call these inside ``Store.write()``. What is wrong comes back as texts in both languages, all at once, and nothing is
changed then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, select

from api.imports.cells import plain
from api.province.facts import FACTS, fact_problem
from api.store.models import Licence
from api.store.province import LicenceFacts, ProvinceRate, WorklistItem
from rules.lawbook import law_book
from rules.trace import Text

_BLOCKED = "blocked"
_NO_LICENCE = Text("Không có giấy phép này trong kho.", "The store has no such licence.")


def set_item(
    session: Session,
    licence_id: int,
    *,
    now: datetime,
    owner: str | None = None,
    note: str | None = None,
    blocked: bool = False,
) -> tuple[Text, ...]:
    """Say who works on a licence, whether it is blocked and why; replaces what was said before."""
    if session.get(Licence, licence_id) is None:
        return (_NO_LICENCE,)
    session.merge(
        WorklistItem(
            licence_id=licence_id,
            owner=(owner or "").strip() or None,
            note=(note or "").strip() or None,
            status=_BLOCKED if blocked else None,
            updated_at=now,
        )
    )
    return ()


def facts_of(session: Session, licence_id: int) -> LicenceFacts:
    """What the officer added to a licence; an empty row where nothing was added."""
    found = session.exec(select(LicenceFacts).where(LicenceFacts.licence_id == licence_id)).first()
    return found or LicenceFacts(licence_id=licence_id)


def set_facts(session: Session, licence_id: int, values: Mapping[str, object]) -> dict[str, Text]:
    """Set facts of a licence (decimals as plain text, money as int, days as date, ``None`` to empty one).

    Comes back with the problem of each field; the empty key is about the licence.
    """
    if session.get(Licence, licence_id) is None:
        return {"": _NO_LICENCE}
    problems = {name: problem for name, value in values.items() if (problem := fact_problem(name, value))}
    if problems:
        return problems
    row = facts_of(session, licence_id)
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    session.add(row)
    session.flush()
    return {}


def list_rates(session: Session) -> Sequence[ProvinceRate]:
    """The province's own rates by key and first day."""
    return session.exec(select(ProvinceRate).order_by(col(ProvinceRate.key), col(ProvinceRate.valid_from))).all()


def add_rate(
    session: Session,
    *,
    key: str,
    valid_from: date,
    valid_until: date,
    rate_percent: str,
    instrument: str,
    article: str,
    entered_by: str,
    now: datetime,
) -> dict[str, Text]:
    """Keep a cited, dated rate of a mineral or a line of the rate table; comes back with the problem of each field."""
    problems: dict[str, Text] = {}
    book = law_book()
    lines = {row.text() for row in book.rows() if row.parameter == "licence_right.line"}
    if key not in book.minerals and key not in lines:
        problems["key"] = Text(
            f"{key!r} không phải mã khoáng sản hay dòng của bảng tỷ lệ thu.",
            f"{key!r} is neither a mineral code nor a line of the rate table.",
        )
    if valid_until < valid_from:
        problems["valid_until"] = Text("Ngày cuối trước ngày đầu.", "The last day is before the first.")
    number = _decimal(rate_percent)
    if number is None:
        problems["rate_percent"] = Text(
            'Tỷ lệ phần trăm lớn hơn 0, nhiều nhất 100, viết như "2.5".',
            'A rate in percent above 0, at most 100, written as "2.5".',
        )
    for name, value in (("instrument", instrument), ("article", article), ("entered_by", entered_by)):
        if not value.strip():
            problems[name] = Text("Không được để trống.", "Must not be empty.")
    clash = next(
        (one for one in list_rates(session) if one.key == key and one.valid_from <= valid_until and valid_from <= one.valid_until),
        None,
    )  # fmt: skip
    if clash is not None:
        problems["valid_from"] = Text(
            f"Trùng thời gian với tỷ lệ đã nhập từ {clash.valid_from:%d/%m/%Y} đến {clash.valid_until:%d/%m/%Y}: xóa tỷ lệ đó trước.",
            f"Overlaps the rate entered from {clash.valid_from} to {clash.valid_until}: remove that one first.",
        )
    if not problems and number is not None:
        session.add(
            ProvinceRate(
                key=key,
                valid_from=valid_from,
                valid_until=valid_until,
                rate_percent=plain(number),
                instrument=instrument.strip(),
                article=article.strip(),
                entered_by=entered_by.strip(),
                entered_at=now,
            )
        )
        session.flush()
    return problems


def remove_rate(session: Session, rate_id: int) -> bool:
    """Take an own rate away; ``False`` when there was none. Results that used it become stale."""
    row = session.get(ProvinceRate, rate_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _decimal(written: str) -> Decimal | None:
    try:
        number = Decimal(written.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number <= 100 else None
