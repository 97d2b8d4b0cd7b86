"""What are the figures of a result called, and how is each printed? One table of names for every kind of case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.pages.speech import Speech
from rules.lawbook import law_book
from rules.trace import Text

Json = Mapping[str, Any]
HEADLINES: Final = (
    "total_vnd", "settled_vnd", "deposit_vnd", "tax_vnd", "fee_vnd", "interest_vnd", "total_base_vnd",
)  # fmt: skip
"""The sum a reader looks for first, by kind of case."""
SCHEDULE: Final = "schedule"
_LABELS: Final[dict[str, Text]] = {
    "total_vnd": Text("Tổng tiền cấp quyền khai thác khoáng sản", "Licence-right fee"),
    "settled_vnd": Text("Số tiền quyết toán", "Settled amount"),
    "payments": Text("Số lần (năm) nộp", "Payments (years)"),
    "annual_vnd": Text("Nộp hằng năm", "Yearly payment"),
    "first_payment_vnd": Text("Nộp lần đầu", "First payment"),
    "paid_vnd": Text("Đã nộp", "Paid"),
    "difference_vnd": Text("Chênh lệch", "Difference"),
    "outcome": Text("Kết luận", "Outcome"),
    "offset_debts_vnd": Text("Bù trừ nợ ngân sách", "Set off against budget debts"),
    "offset_next_instalments_vnd": Text("Bù trừ kỳ nộp tiếp theo", "Set off against next instalments"),
    "excess_for_tax_office_vnd": Text("Nộp thừa, cơ quan thuế xử lý", "Excess for the tax office"),
    "additional_due_on": Text("Hạn nộp bổ sung", "Additional payment due"),
    "top_up": Text("Nộp bổ sung", "Top-up"),
    "repriced_vnd": Text("Tính lại theo giá tại thời điểm chốt", "Repriced at the cut-off"),
    "triggered": Text("Phải điều chỉnh", "Adjustment due"),
    "minerals": Text("Từng khoáng sản", "Each mineral"),
    "years": Text("Từng năm", "Each year"),
    "mineral": Text("Khoáng sản", "Mineral"),
    "year": Text("Năm", "Year"),
    "quantity": Text("Khối lượng Q", "Quantity Q"),
    "remaining_quantity": Text("Khối lượng còn lại", "Remaining quantity"),
    "output_factor": Text("Tỷ lệ TL_qđ", "Output factor TL_qđ"),
    "price_vnd": Text("Giá G (đồng)", "Price G (VND)"),
    "conversion_factor": Text("Hệ số K_qđ", "Factor K_qđ"),
    "rate_percent": Text("Mức thu R", "Rate R"),
    "price_change_percent": Text("Giá thay đổi", "Change of price"),
    "amount_vnd": Text("Số tiền", "Amount"),
    "due_on": Text("Hạn nộp", "Due"),
    "k1": Text("K1", "K1"),
    "k2": Text("K2", "K2"),
    "auctioned_mineral": Text("Khoáng sản đấu giá", "Auctioned mineral"),
    "start_rate_percent": Text("Mức thu khởi điểm", "Starting rate"),
    "step_rate_percent": Text("Bước giá", "Step"),
    "step_min_percent": Text("Bước giá tối thiểu", "Smallest step"),
    "step_max_percent": Text("Bước giá tối đa", "Largest step"),
    "deposit_percent_min": Text("Tiền đặt trước tối thiểu", "Smallest deposit"),
    "deposit_percent_max": Text("Tiền đặt trước tối đa", "Largest deposit"),
    "estimated_fee_vnd": Text("Tiền cấp quyền dự tính", "Estimated fee"),
    "deposit_vnd": Text("Tiền đặt trước", "Deposit"),
    "mode": Text("Cách ký quỹ", "Mode"),
    "first_percent": Text("Tỷ lệ lần đầu", "First share"),
    "first_base_vnd": Text("Lần đầu", "First instalment"),
    "total_base_vnd": Text("Tổng số tiền ký quỹ", "Escrow in total"),
    "instalments": Text("Các lần ký quỹ", "Instalments"),
    "number": Text("Lần", "No."),
    "base_vnd": Text("Số tiền gốc", "Base"),
    "index": Text("Hệ số trượt giá", "Index"),
    "taxable_price_vnd": Text("Giá tính thuế (đồng)", "Taxable price (VND)"),
    "tax_vnd": Text("Thuế tài nguyên", "Resource tax"),
    "k": Text("Hệ số K", "Coefficient K"),
    "f1_vnd": Text("Mức phí đất đá bóc (đồng/m³)", "Overburden rate (VND/m³)"),
    "fee_vnd": Text("Phí bảo vệ môi trường", "Environmental fee"),
    "due_on_shifted": Text("Hạn nộp sau khi tính ngày nghỉ", "Due date after holidays"),
    "days": Text("Số ngày chậm nộp", "Days late"),
    "interest_vnd": Text("Tiền chậm nộp", "Late interest"),
}
_WORDS: Final[dict[str, Text]] = {
    "overpaid": Text("nộp thừa", "overpaid"),
    "underpaid": Text("nộp thiếu", "underpaid"),
    "even": Text("nộp đủ", "even"),
    "one_off": Text("một lần", "at once"),
    "instalments": Text("nhiều lần", "in instalments"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure: its label, how it reads, and its value for a spreadsheet; ``figure`` where it is a number."""

    label: str
    text: str
    raw: str | int
    figure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list of a result as a table: the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def label(name: str, t: Speech) -> str:
    """What a figure is called; a name nobody labelled stays as the contract has it."""
    known = _LABELS.get(name)
    return name if known is None else t.text(known)


def cell(name: str, value: Any, t: Speech) -> Cell:
    """One figure of a result."""
    figure = type(value) is int
    match value:
        case None:
            text = t("chưa có", "none yet") if name.endswith("_on") else "–"
        case bool():
            text = t("có", "yes") if value else t("không", "no")
        case int():
            text = t.money(value) if name.endswith("_vnd") else t.number(value, name)
        case str() if name in ("mineral", "auctioned_mineral"):
            known = law_book().minerals.get(value)
            text = t.text(known.name) if known else value
        case str() if name.endswith(("_on", "_on_shifted")):
            text = t.day(value)
        case str() if value in _WORDS:
            text = t.text(_WORDS[value])
        case _:
            text, figure = t.number(value), True
            text += " %" if "percent" in name.split("_") else ""
    return Cell(label=label(name, t), text=text, raw=value if type(value) is int else text, figure=figure)


def facts(result: Json, t: Speech) -> list[Cell]:
    """The single figures of a result, those of inner objects after the name of the object."""
    found = []
    for name, value in result.items():
        if isinstance(value, Mapping):
            found += [
                Cell(label=f"{label(name, t)}: {one.label}", text=one.text, raw=one.raw, figure=one.figure)
                for one in facts(value, t)
            ]
        elif not isinstance(value, list):
            found.append(cell(name, value, t))
    return found


def tables(result: Json, t: Speech) -> list[Table]:
    """The lists of a result, apart from the schedule; a list within a list gives its own table."""
    return [
        table
        for name, rows in result.items()
        if isinstance(rows, list) and name != SCHEDULE and rows
        for table in _tables(label(name, t), rows, t)
    ]


def _tables(title: str, rows: Sequence[Json], t: Speech) -> Iterator[Table]:
    yield _table(title, rows, t)
    for row in rows:
        for name, inner in row.items():
            if isinstance(inner, list) and inner:
                named = cell("mineral", row["mineral"], t).text if "mineral" in row else title
                yield _table(f"{named}: {label(name, t)}", inner, t)


def _table(title: str, rows: Sequence[Json], t: Speech) -> Table:
    names = list(dict.fromkeys(name for row in rows for name, value in row.items() if not isinstance(value, list)))
    # the amount is what the line comes to: it stands last
    names.sort(key=lambda name: name == "amount_vnd")
    cells = tuple(tuple(cell(name, row.get(name), t) for name in names) for row in rows)
    return Table(title=title, columns=tuple(label(name, t) for name in names), rows=cells)
