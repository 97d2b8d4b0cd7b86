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
from api.province.lacks import LackCode
from api.province.scope import Calendar
from api.province.worklist import WorklistRow
from api.store.province import LicenceFacts

_WHO: Final = (
    ("Số giấy phép / Number", 22), ("Ngày cấp / Issued on", 12), ("Tổ chức, cá nhân / Holder", 28), ("Tên mỏ / Mine", 28),
)  # fmt: skip
FACT_COLUMNS: Final = (
    *_WHO,
    *((field.label_vi, 16) for field in FACTS.values()),
    ("Cần bổ sung / Lacking (chỉ đọc)", 80),
)
OUTPUT_COLUMNS: Final = (
    ("Số giấy phép", 22), ("Ngày cấp", 12), ("Tên đơn vị", 28), ("Tên mỏ", 28), ("Năm", 8), ("Từ ngày", 12), ("Đến ngày", 12),
    ("Sản lượng nguyên khai", 18), ("Đơn vị tính", 16), ("Hàm lượng", 12), ("Than sạch (tấn)", 14),
)  # fmt: skip
SHARED_COLUMNS: Final = (
    ("Cần / Needed", 30), ("Mã, khoáng sản / Code, mineral", 26), ("Vùng / Region", 18), ("Ngày / Day", 12),
    ("Số giấy phép đang chờ / Licences waiting", 18),
)  # fmt: skip
FILLED_IN: Final = frozenset(
    (
        LackCode.ELIGIBLE, LackCode.RIGHT, LackCode.PRICE_CODE, LackCode.CONVERSION, LackCode.PAID, LackCode.LICENCE_YEARS,
        LackCode.MINED_BEFORE, LackCode.FLOW,
    )
)  # fmt: skip
"""What an officer adds as facts of a licence."""
_DECLARED: Final = frozenset((LackCode.OUTPUT, LackCode.OUTPUT_TO_CUTOFF, LackCode.OUTPUT_FIGURE))


def fact_rows(session: Session, rows: Iterable[WorklistRow]) -> Iterator[tuple[Any, ...]]:
    """One row for each licence that lacks a fact, with the facts that are there."""
    known = {row.licence_id: row for row in session.exec(select(LicenceFacts)).all()}
    for row in rows:
        lacking = [one.text.vi for one in row.lacks if one.code in FILLED_IN]
        if lacking:
            facts = known.get(row.licence_id)
            yield *_who(row), *(_fact(name, facts) for name in FACTS), "\n".join(lacking)


def output_rows(rows: Iterable[WorklistRow], days: Calendar) -> Iterator[tuple[Any, ...]]:
    """One row for each licence and year without output; the last year ends at the cut-off."""
    for row in rows:
        years = sorted({year for one in row.lacks if one.code in _DECLARED for year in one.years})
        for year in years:
            last = min(date(year, 12, 31), days.cutoff)
            yield *_who(row), str(year), date(year, 1, 1), last, None, None, None, None


def shared_rows(rows: Iterable[WorklistRow]) -> Iterator[tuple[Any, ...]]:
    """The price lists and rates of the province that licences wait for, each once."""
    waiting: Counter[tuple[str, str, str, date]] = Counter()
    for row in rows:
        for one in row.lacks:
            if one.code in (LackCode.PRICE, LackCode.PRICE_UNIT):
                waiting.update(("Bảng giá / Price list", one.words.vi, row.region or "", day) for day in one.days)
            elif one.code is LackCode.RATE:
                waiting.update(("Tỷ lệ thu / Rate", row.mineral_code or "", "", day) for day in one.days)
    for key, count in sorted(waiting.items()):
        yield *key, count


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
