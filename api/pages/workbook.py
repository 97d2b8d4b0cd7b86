"""How does an officer take a result along? As an Excel workbook: result, schedule, computation, cautions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from api.imports.workbook import safe
from api.pages.figures import HEADLINES, SCHEDULE, facts, label, tables
from api.pages.rendering import CONFIDENCE
from api.pages.speech import Speech
from rules.words import LARGEST, amount_in_words

Json = dict[str, Any]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXACT: Final = 10**15
"""Excel keeps 15 figures of a number; a longer one stays text."""


def result_workbook(result: Json, t: Speech) -> bytes:
    """A computed result as .xlsx bytes with the sheets Kết quả, Lịch nộp, Diễn giải, Cảnh báo."""
    schedule = result["result"].get(SCHEDULE, [])
    target = BytesIO()
    # texts stay texts: no formula, link or number is made of what somebody typed
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        sheets = Sheets(book)
        sheets.add("Kết quả", ((t("Nội dung", "Item"), 44), (t("Giá trị", "Value"), 60)), _summary(result, t))
        sheets.add(
            "Lịch nộp",
            ((t("Lần", "Payment"), 8), (t("Năm", "Year"), 10), (t("Số tiền (đồng)", "Amount (VND)"), 22), (t("Hạn nộp", "Due"), 14)),
            (
                (number, one["year"], one["amount_vnd"], t.day(one["due_on"]))
                for number, one in enumerate(schedule, start=1)
            ),
        )  # fmt: skip
        sheets.add(
            "Diễn giải",
            (
                (t("Ký hiệu", "Symbol"), 12), (t("Nội dung", "Item"), 44), (t("Công thức", "Formula"), 30),
                (t("Thay số", "With figures"), 40), (t("Giá trị", "Value"), 22), (t("Đơn vị", "Unit"), 24),
                (t("Căn cứ", "Citation"), 50), (t("Độ tin cậy", "Confidence"), 20), (t("Quy ước", "Convention"), 50),
            ),
            (_step(step, t) for step in result["trace"]),
        )  # fmt: skip
        sheets.add(
            "Cảnh báo",
            ((t("Loại", "Kind"), 24), (t("Mã", "Code"), 26), (t("Nội dung", "Message"), 80), (t("Căn cứ", "Citation"), 50)),
            (
                (kind, one["code"], t.of(one, "message"), _cited(one["cite"]))
                for kind, several in (
                    (t("Cảnh báo", "Caution"), result["cautions"]),
                    (t("Không áp dụng", "Did not apply"), result["not_applied"]),
                )
                for one in several
            ),
        )  # fmt: skip
    return target.getvalue()


def _summary(result: Json, t: Speech) -> Iterable[Sequence[str | int]]:
    figures = result["result"]
    yield t("Hồ sơ", "Case"), str(result["id"] if result["id"] is not None else "")
    for name in HEADLINES:
        amount = figures.get(name)
        if amount is not None:
            yield label(name, t), amount
            yield t("Bằng chữ", "In words"), amount_in_words(amount) if 0 <= amount <= LARGEST else ""
    for one in facts({name: value for name, value in figures.items() if name not in HEADLINES}, t):
        yield one.label, one.raw
    for table in tables(figures, t):
        for first, *others in table.rows:
            for one in others:
                yield f"{first.text}: {one.label}", one.raw
    yield t("Mã sổ luật", "Digest of the law book"), result["law"]["digest"]


def _step(step: Json, t: Speech) -> Sequence[str | int]:
    value, unit = step["value"], step["unit"]
    whole = value.removeprefix("-").isdecimal()
    shown: str | int = int(value) if whole else t.day(value) if unit == "date" else t.number(value, unit)
    sure = "; ".join(dict.fromkeys(t.text(CONFIDENCE[cite["confidence"]][0]) for cite in step["cite"]))
    figures = t.figures(step["substituted"], unit)
    return (
        *(step["symbol"], t.of(step, "label"), step["formula"], figures, shown, t.unit(unit)),
        *(_cited(step["cite"]), sure, t.of(step, "convention")),
    )


def _cited(cites: Sequence[Json]) -> str:
    return "; ".join(f"{cite['at']}, {cite['instrument']}" for cite in cites)


class Sheets:
    """Sheets of one look."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.plain = book.add_format({"num_format": "0", "valign": "top"})

    def add(self, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int]]) -> None:
        """One sheet with a frozen head row; whole numbers as numbers, everything else as guarded text."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self.head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int) and abs(value) < _EXACT:
                    sheet.write_number(number, column, value, self.plain if value < 10_000 else self.whole)
                else:
                    sheet.write_string(number, column, safe(str(value)), self.text)
