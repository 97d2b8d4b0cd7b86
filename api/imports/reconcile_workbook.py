"""How does the reconciliation go along as an Excel workbook? What must be explained, what exceeds the licence, signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final

from api.imports.cells import plain
from api.imports.reconcile import Mismatch, Reconciled
from api.imports.workbook import SEVERITY_VI, SUMMARY_COLUMNS, sheets
from rules.citation import Confidence
from rules.lawbook import law_book
from rules.quantity import UNIT_NAMES
from rules.trace import Text

GROUPS: Final = {
    "differs": Text("Lệch quá mức, phải giải trình", "Above the limit, to be explained"),
    "capacity": Text("Vượt công suất được phép", "Above the licensed capacity"),
    "signs": Text("Tiêu thụ vượt, dấu hiệu khác", "Sold too much, other signs"),
}
GROUP_OF: Final = {
    "weighed_differs": "differs",
    "tax_differs": "differs",
    "above_capacity": "capacity",
    "sold_above_output": "signs",
    "glued_to_capacity": "signs",
    "not_comparable": "signs",
}
"""The group of each code of finding."""
_SHEETS: Final = {"differs": "Phải giải trình", "capacity": "Vượt công suất", "signs": "Tiêu thụ, dấu hiệu"}
_COLUMNS: Final = (
    ("Mã / Id", 8), ("Giấy phép / Licence", 22), ("Chủ giấy phép / Holder", 30), ("Mỏ / Mine", 28),
    ("Khoáng sản / Mineral code", 20), ("Năm / Year", 8), ("Đơn vị / Unit", 16), ("So với / Against", 26),
    ("Số liệu gốc / Base", 16), ("Số đối chiếu / Compared", 26), ("Giá trị / Amount", 16), ("Chênh lệch / Difference", 16),
    ("Lệch / Difference (%)", 12), ("Mức / Limit (%)", 10), ("Mức độ / Severity", 16), ("Phát hiện", 60), ("Việc cần làm", 60),
    ("Finding", 60), ("What to do", 60), ("Căn cứ / Citation", 36), ("Độ tin cậy / Confidence", 16),
)  # fmt: skip
_EXACT: Final = 15
"""Figures of a number that Excel keeps."""


def reconcile_workbook(found: Sequence[Reconciled], today: date) -> bytes:
    """The reconciliation as .xlsx bytes, a row a finding, figures as numbers."""
    target = BytesIO()
    with sheets(target) as add:
        add("Tóm tắt", SUMMARY_COLUMNS, _summary(found, today))
        for group, name in _SHEETS.items():
            add(name, _COLUMNS, _rows(found, group))
    return target.getvalue()


def counted(found: Iterable[Reconciled]) -> Counter[str]:
    """How many findings there are in each group."""
    return Counter(GROUP_OF[told.code] for one in found for told in one.findings)


def _summary(found: Sequence[Reconciled], today: date) -> Iterator[tuple[str, str, str]]:
    numbers = counted(found)
    yield "Ngày đối chiếu", "Reconciled on", today.strftime("%d/%m/%Y")
    yield "Giấy phép có điểm không khớp", "Licences with findings", str(len(found))
    for group, name in GROUPS.items():
        yield name.vi, name.en, str(numbers[group])
    yield "Cần xử lý", "Findings that need work", str(sum(one.work for one in found))
    yield "Mã sổ luật", "Digest of the law book", law_book().digest
    yield (
        "Không số kê khai nào bị sửa: người kê khai chịu trách nhiệm về số liệu của mình.",
        "No declared figure is corrected: the declarant answers for it.",
        "",
    )


def _rows(found: Sequence[Reconciled], group: str) -> Iterator[Sequence[str | int | Decimal]]:
    for one in found:
        for told in one.findings:
            if GROUP_OF[told.code] == group:
                yield _row(one, told)


def _row(one: Reconciled, told: Mismatch) -> Sequence[str | int | Decimal]:
    unit = UNIT_NAMES[told.unit]
    apart = told.amount - told.base if told.amount is not None and told.base is not None else None
    rule = told.rule
    sure = "" if rule is None else _confidence(rule.cite.confidence, rule.caution)
    return (
        *(one.licence_id, one.number or "", one.holder or "", one.mine or "", told.mineral_code, told.year),
        *(f"{unit.vi} / {unit.en}", f"{told.base_name.vi} / {told.base_name.en}", _figure(told.base)),
        *(f"{told.amount_name.vi} / {told.amount_name.en}", _figure(told.amount), _figure(apart)),
        *(_figure(told.percent), _figure(told.limit), SEVERITY_VI[told.severity]),
        *(told.message_vi, told.action_vi, told.message_en, told.action_en),
        *("" if rule is None else rule.cited, sure),
    )


def _confidence(confidence: Confidence, caution: Text) -> str:
    return f"{confidence.value}; {caution.vi} / {caution.en}" if caution.vi else confidence.value


def _figure(value: Decimal | None) -> str | Decimal:
    """A number where Excel keeps all its figures, else its text; nothing for ``None``."""
    if value is None:
        return ""
    return value if len(value.as_tuple().digits) <= _EXACT else plain(value)
