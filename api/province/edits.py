"""How does an officer change the worklist: who works on a licence, what it lacked, the province's own rates?

Call these inside ``Store.write()``. What is wrong comes back as texts in both languages, all at once, and nothing is
changed then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlmodel import Session, col, select

from api.imports.cells import plain
from api.province.facts import FACTS, fact_problem
from api.store.models import Licence
from api.store.province import LicenceFacts, ProvinceRate, WorklistItem
from fees.rate import non_auction_rate
from rules.lawbook import LawBook, law_book
from rules.trace import Text

_BLOCKED = "blocked"
LONGEST_CITATION: Final = 300
"""Most characters of an instrument, an article, a name."""
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


def facts_of(session: Session, licence_id: int, mineral_code: str = "") -> LicenceFacts:
    """What the officer added to a licence and its own mineral, or to another; an empty row where nothing was added."""
    found = session.exec(
        select(LicenceFacts).where(LicenceFacts.licence_id == licence_id, LicenceFacts.mineral_code == mineral_code)
    ).first()
    return found or LicenceFacts(licence_id=licence_id, mineral_code=mineral_code)


def all_facts_of(session: Session, licence_id: int) -> dict[str, LicenceFacts]:
    """What the officer added to the other minerals of a licence, by code."""
    chosen = select(LicenceFacts).where(LicenceFacts.licence_id == licence_id, LicenceFacts.mineral_code != "")
    return {row.mineral_code: row for row in session.exec(chosen).all()}


def set_facts(
    session: Session, licence_id: int, values: Mapping[str, object], mineral_code: str = ""
) -> dict[str, Text]:
    """Set facts of a licence, or of another mineral it has (decimals as plain text, money as int, days as date, ``None``
    to empty one).

    Comes back with the problem of each field; the empty key is about the licence.
    """
    if session.get(Licence, licence_id) is None:
        return {"": _NO_LICENCE}
    problems = {name: problem for name, value in values.items() if (problem := fact_problem(name, value))}
    if problems:
        return problems
    row = facts_of(session, licence_id, mineral_code)
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    session.add(row)
    session.flush()
    return {}


def list_rates(session: Session) -> Sequence[ProvinceRate]:
    """The province's own rates by key and first day."""
    return session.exec(select(ProvinceRate).order_by(col(ProvinceRate.key), col(ProvinceRate.valid_from))).all()


def rate_lines(book: LawBook) -> dict[str, list[str]]:
    """The lines of the rate table an own rate may stand for, each with the codes of its minerals.

    They are the lines on the cut-off of the first settlement: by them a settlement looks for a rate of a whole line.
    """
    cutoff = book.first("settlement.first_cutoff").day()
    lines: dict[str, list[str]] = {}
    for mineral in book.minerals:
        row = book.find("licence_right.line", cutoff, mineral)
        if row is not None:
            lines.setdefault(row.text(), []).append(mineral)
    return dict(sorted(lines.items()))


def add_rate(
    session: Session,
    *,
    key: str,
    valid_from: date | None,
    valid_until: date | None,
    rate_percent: str,
    instrument: str,
    article: str,
    entered_by: str,
    now: datetime,
) -> dict[str, Text]:
    """Keep a cited, dated rate of a mineral or a line of the rate table; comes back with the problem of each field.

    A day is ``None`` where it was not given or could not be read.
    """
    problems: dict[str, Text] = {}
    book = law_book()
    lines = rate_lines(book)
    if key not in book.minerals and key not in lines:
        problems["key"] = Text(
            f"{key!r} không phải mã khoáng sản hay dòng của bảng tỷ lệ thu.",
            f"{key!r} is neither a mineral code nor a line of the rate table.",
        )
    for name, day in (("valid_from", valid_from), ("valid_until", valid_until)):
        if day is None:
            problems[name] = Text("Nhập ngày, ví dụ 01/01/2016.", "Enter the day, such as 01/01/2016.")
    number = _decimal(rate_percent)
    if number is None:
        problems["rate_percent"] = Text(
            'Tỷ lệ phần trăm lớn hơn 0, nhiều nhất 100, viết như "2.5".',
            'A rate in percent above 0, at most 100, written as "2.5".',
        )
    for name, value in (("instrument", instrument), ("article", article), ("entered_by", entered_by)):
        if not value.strip():
            problems[name] = Text("Không được để trống.", "Must not be empty.")
        elif len(value) > LONGEST_CITATION:
            problems[name] = Text(f"Dài quá {LONGEST_CITATION} ký tự.", f"Longer than {LONGEST_CITATION} characters.")
    if valid_from is not None and valid_until is not None:
        problems |= _span_problems(session, key, lines.get(key, [key]), valid_from, valid_until, book)
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


def _span_problems(
    session: Session, key: str, minerals: Sequence[str], first: date, last: date, book: LawBook
) -> dict[str, Text]:
    """What is wrong with the days: the wrong way round, taken already, or a time whose rate the law book has."""
    if last < first:
        return {"valid_until": Text("Ngày cuối trước ngày đầu.", "The last day is before the first.")}
    clash = next(
        (one for one in list_rates(session) if one.key == key and one.valid_from <= last and first <= one.valid_until),
        None,
    )
    if clash is not None:
        return {"valid_from": Text(
            f"Trùng thời gian với tỷ lệ đã nhập từ {clash.valid_from:%d/%m/%Y} đến {clash.valid_until:%d/%m/%Y}: xóa tỷ lệ đó trước.",
            f"Overlaps the rate entered from {clash.valid_from} to {clash.valid_until}: remove that one first.",
        )}  # fmt: skip
    known = [one for one in minerals if one in book.minerals]
    if known and all(non_auction_rate(book, one, first) is not None for one in known):
        return {"valid_from": Text(
            f"Sổ luật đã có tỷ lệ vào ngày {first:%d/%m/%Y}: chỉ nhập tỷ lệ cho ngày sổ luật chưa có.",
            f"The law book has the rate of {first} already: enter one only for days that it does not hold.",
        )}  # fmt: skip
    return {}


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
