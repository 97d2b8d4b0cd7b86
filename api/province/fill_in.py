"""Which sheets does an officer fill in and import again: facts of licences, outputs of years; and what the province lacks?

The headings are those the imports know: ``khoangsan import gaps`` reads the first sheet, ``khoangsan import output`` the
second. Rows carry what is known already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session, select

from api.imports.fields import Kind
from api.province.facts import CHOICES, FACTS
from api.province.lacks import Lack, LackCode
from api.province.scope import Calendar
from api.province.worklist import WorklistRow
from api.store.province import LicenceFacts
from rules.lawbook import law_book

_WHO: Final = (
    ("Số giấy phép / Number", 22), ("Ngày cấp / Issued on", 12), ("Tổ chức, cá nhân / Holder", 28), ("Tên mỏ / Mine", 28),
)  # fmt: skip
FACT_COLUMNS: Final = (
    *_WHO,
    ("Loại khoáng sản", 26),
    *((field.label_vi, 16) for field in FACTS.values()),
    ("Cần bổ sung / Lacking (chỉ đọc)", 80),
)
OUTPUT_COLUMNS: Final = (
    ("Số giấy phép", 22), ("Ngày cấp", 12), ("Tên đơn vị", 28), ("Tên mỏ", 28),
    ("Loại khoáng sản", 26), ("Năm", 8), ("Từ ngày", 12), ("Đến ngày", 12),
    ("Sản lượng nguyên khai", 18), ("Đơn vị tính", 16), ("Hàm lượng", 12), ("Than sạch (tấn)", 14),
)  # fmt: skip
SHARED_COLUMNS: Final = (
    ("Cần / Needed", 30), ("Mã, khoáng sản / Code, mineral", 26), ("Vùng / Region", 18), ("Ngày / Day", 12),
    ("Số giấy phép đang chờ / Licences waiting", 18),
)  # fmt: skip
FILLED_IN: Final = frozenset(
    (
        LackCode.ELIGIBLE, LackCode.MINERAL, LackCode.RIGHT, LackCode.PRICE_CODE, LackCode.PRICE, LackCode.BANDS,
        LackCode.GRADE_UNIT, LackCode.FRAME, LackCode.CONVERSION, LackCode.PAID, LackCode.LICENCE_YEARS, LackCode.LICENSED,
        LackCode.MINED_BEFORE, LackCode.FLOW,
    )
)  # fmt: skip
"""What an officer adds as facts of a licence."""
_OF_LISTS: Final = frozenset((LackCode.PRICE, LackCode.PRICE_UNIT, LackCode.BANDS))
_DECLARED: Final = frozenset((LackCode.OUTPUT, LackCode.OUTPUT_TO_CUTOFF, LackCode.OUTPUT_FIGURE))


def fact_rows(session: Session, rows: Iterable[WorklistRow]) -> Iterator[tuple[Any, ...]]:
    """One row for each licence and mineral that lacks a fact, with the facts that are there."""
    known = {(row.licence_id, row.mineral_code): row for row in session.exec(select(LicenceFacts)).all()}
    for row in rows:
        for mineral, lacks in _by_mineral(row).items():
            lacking = [one.text.vi for one in lacks if one.code in FILLED_IN]
            if lacking:
                other = "" if mineral == (row.mineral_code or "") else mineral
                facts = known.get((row.licence_id, other))
                yield *_who(row), _name(mineral), *(_fact(name, facts) for name in FACTS), "\n".join(lacking)


def output_rows(rows: Iterable[WorklistRow], days: Calendar) -> Iterator[tuple[Any, ...]]:
    """One row for each licence, mineral and year without output; the last year ends at the cut-off."""
    for row in rows:
        for mineral, lacks in _by_mineral(row).items():
            years = sorted({year for one in lacks if one.code in _DECLARED for year in one.years})
            for year in years:
                last = min(date(year, 12, 31), days.cutoff)
                yield *_who(row), _name(mineral), str(year), date(year, 1, 1), last, None, None, None, None


def shared_rows(rows: Iterable[WorklistRow]) -> Iterator[tuple[Any, ...]]:
    """The price lists and rates of the province that licences wait for, each once."""
    waiting: Counter[tuple[str, str, str, date]] = Counter()
    for row in rows:
        for one in row.lacks:
            if one.code in _OF_LISTS:
                waiting.update(("Bảng giá / Price list", one.words.vi, row.region or "", day) for day in one.days)
            elif one.code is LackCode.RATE:
                waiting.update(("Tỷ lệ thu / Rate", one.mineral, "", day) for day in one.days)
    for key, count in sorted(waiting.items()):
        yield *key, count


def _by_mineral(row: WorklistRow) -> dict[str, list[Lack]]:
    """What is missing of each mineral of a licence; what is of the licence stands with its own mineral."""
    own = row.mineral_code or ""
    found: dict[str, list[Lack]] = {own: []}
    for one in row.lacks:
        found.setdefault(one.mineral or own, []).append(one)
    return found


def _name(mineral: str) -> str | None:
    """The name of a mineral, which the imports read back."""
    return law_book().minerals[mineral].name.vi if mineral else None


def _who(row: WorklistRow) -> Sequence[Any]:
    return row.number, row.issued_on, row.holder, row.mine


def _fact(name: str, facts: LicenceFacts | None) -> Any:
    value = None if facts is None else getattr(facts, name)
    if value is None:
        return None
    if name == "eligible":
        return _named(name, "yes" if value else "no")
    if name in CHOICES:
        return _named(name, value)
    return Decimal(value) if FACTS[name].kind in (Kind.NUMBER, Kind.PARAMETER) else value


def _named(name: str, value: str) -> str:
    return next((one.names[0] for one in CHOICES[name] if one.value == value), value)
