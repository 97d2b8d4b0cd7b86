"""What are the figures of a result called, and how is each printed? One table of names for every kind of case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.pages.rendering import CONFIDENCE
from api.pages.speech import Speech
from fees.obligation import TITLES, DutyKind
from rules.lawbook import law_book
from rules.trace import Text

Json = Mapping[str, Any]
HEADLINES: Final = (
    "total_vnd", "settled_vnd", "deposit_vnd", "tax_vnd", "fee_vnd", "interest_vnd", "total_base_vnd",
    "licence_fee_vnd", "contribution_vnd", "restoration_cost_vnd",
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
    "winning_rate_percent": Text("Tỷ lệ thu trúng đấu giá", "Winning rate"),
    "steps": Text("Số bước giá trên giá khởi điểm", "Steps above the start"),
    "times_start": Text("So với giá khởi điểm (lần)", "Over the start (times)"),
    "start_fee_vnd": Text("Tiền cấp quyền dự tính theo giá khởi điểm", "Estimated fee at the start"),
    "money_equivalents": Text("Tạm tính bằng tiền", "In money, estimated"),
    "start_vnd": Text("Giá khởi điểm", "Starting price"),
    "step_vnd": Text("Bước giá", "Step"),
    "start_per_unit_vnd": Text("Giá khởi điểm cho một đơn vị (đồng)", "Start per unit (VND)"),
    "step_per_unit_vnd": Text("Bước giá cho một đơn vị (đồng)", "Step per unit (VND)"),
    "won_vnd": Text("Tiền trúng đấu giá", "Sum won"),
    "won_per_unit_vnd": Text("Mức trúng cho một đơn vị (đồng)", "Won per unit (VND)"),
    "scenarios": Text("Các phương án nộp tiền", "Payment scenarios"),
    "quantity_level": Text("Khối lượng", "Quantity"),
    "price_level": Text("Giá", "Price"),
    "last_vnd": Text("Lần nộp cuối", "Last payment"),
    "times_deposit": Text("So với tiền đặt trước (lần)", "Over the deposit (times)"),
    "per_unit_vnd": Text("Cho một đơn vị (đồng)", "Per unit (VND)"),
    "after_deposit_vnd": Text("Còn phải nộp sau khi trừ tiền đặt trước", "Left to pay after the deposit"),
    "payment_mode": Text("Cách nộp tiền trúng đấu giá", "How the sum won is paid"),
    "rest_vnd": Text("Phần còn lại, nộp nhiều lần", "Rest, in instalments"),
    "longest_years": Text("Thời gian nộp phần còn lại, không quá (năm)", "Years for the rest, at most"),
    "settlement_rate_percent": Text("Tỷ lệ thu khi quyết toán", "Rate for settlements"),
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
    "licence_fee_vnd": Text("Lệ phí, phí thẩm định", "Licence or appraisal fee"),
    "line": Text("Mục của biểu", "Line of the tariff"),
    "frame": Text("So với biểu khung mức thu phí", "Against the frame of the fee"),
    "least_vnd": Text("Mức tối thiểu", "Least rate"),
    "most_vnd": Text("Mức tối đa", "Largest rate"),
    "within": Text("Trong khung", "Within the frame"),
    "contribution_vnd": Text("Kinh phí đóng góp hạ tầng", "Infrastructure contribution"),
    "planned_quantity": Text("Sản lượng dự kiến", "Planned output"),
    "level_vnd_per_unit": Text("Mức đóng góp (đồng/đơn vị)", "Level (VND per unit)"),
    "cap_vnd_per_unit": Text("Mức tối đa (đồng/đơn vị)", "Largest level (VND per unit)"),
    "open_vnd": Text("Còn thiếu", "Still open"),
    "completed_on": Text("Ngày nộp đủ", "Complete on"),
    "days_late": Text("Số ngày chậm", "Days late"),
    "indexed_vnd": Text("Tổng các lần đã tính trượt giá", "Deposits indexed so far"),
    "cpi": Text("Chỉ số giá tiêu dùng đã dùng", "Price indices used"),
    "cpi_index": Text("Chỉ số (năm trước = 100)", "Index (previous year = 100)"),
    "source": Text("Nguồn", "Source"),
    "supplement": Text("Ký quỹ bổ sung", "Supplementary deposit"),
    "supplement_instalments": Text("Các lần ký quỹ bổ sung", "Supplementary instalments"),
    "credit_vnd": Text("Nộp vượt các lần đã biết", "Paid beyond the known deposits"),
    "refunded_vnd": Text("Đã hoàn trả", "Given back"),
    "balance_vnd": Text("Số dư gốc", "Principal held"),
    "earned_vnd": Text("Lãi của tiền ký quỹ", "Interest earned"),
    "refund": Text("Hoàn trả", "Refund"),
    "refund_vnd": Text("Số tiền gốc được hoàn trả", "Principal to give back"),
    "refund_due_on": Text("Hạn hoàn trả", "Refund due"),
    "transfers": Text("Chuyển nhượng quyền khai thác", "Transfers of the right"),
    "transferred_on": Text("Ngày chuyển nhượng", "Transferred on"),
    "recosting": Text("Lập lại dự toán", "Costing again"),
    "required": Text("Phải lập lại", "Required"),
    "cost_change_percent": Text("Chi phí thay đổi", "Change of cost"),
    "recosted_items": Text("Khối lượng từng hạng mục", "Quantity of each item"),
    "item": Text("Hạng mục", "Item"),
    "quantity_change_percent": Text("Khối lượng thay đổi", "Change of quantity"),
    "beyond": Text("Vượt ngưỡng", "Beyond the threshold"),
    "restoration_cost_vnd": Text("Tổng chi phí cải tạo, phục hồi môi trường", "Restoration cost in total"),
    "works_vnd": Text("Chi phí các hạng mục", "Cost of the works"),
    "administration_vnd": Text("Chi phí hành chính", "Administration"),
    "contingency_vnd": Text("Dự phòng", "Contingency"),
    "parts": Text("Từng khu vực", "Each part"),
    "part": Text("Khu vực", "Part"),
    "items": Text("Từng hạng mục", "Each item"),
    "unit": Text("Đơn vị", "Unit"),
    "unit_price_vnd": Text("Đơn giá (đồng)", "Unit price (VND)"),
    "due_on_shifted": Text("Hạn nộp sau khi tính ngày nghỉ", "Due date after holidays"),
    "days": Text("Số ngày chậm nộp", "Days late"),
    "as_of": Text("Tình trạng đến ngày", "As of"),
    "from_on": Text("Từ ngày", "From"),
    "until_on": Text("Đến ngày", "Until"),
    "overdue_vnd": Text("Quá hạn", "Overdue"),
    "owed_vnd": Text("Phải nộp, chưa quá hạn", "Owed, not late"),
    "upcoming_vnd": Text("Sắp tới", "Upcoming"),
    "without_amount": Text("Số nghĩa vụ chưa biết số tiền", "Duties without a known amount"),
    "states": Text("Số nghĩa vụ", "Duties"),
    "paid": Text("Đã nộp", "Paid or filed"),
    "owed": Text("Phải nộp", "Owed"),
    "overdue": Text("Quá hạn", "Overdue"),
    "upcoming": Text("Sắp tới", "Upcoming"),
    "unknown": Text("Chưa rõ", "Not known"),
    "next": Text("Việc tiếp theo", "Next"),
    "duties": Text("Các nghĩa vụ", "Duties"),
    "key": Text("Mã nghĩa vụ", "Key"),
    "duty": Text("Nghĩa vụ", "Duty"),
    "period": Text("Kỳ", "Period"),
    "state": Text("Tình trạng", "State"),
    "by_authority": Text("Việc của cơ quan", "Done by the authority"),
    "expected": Text("Dự kiến", "Expected"),
    "article": Text("Điều khoản", "Article"),
    "instrument": Text("Văn bản", "Instrument"),
    "confidence": Text("Độ tin cậy", "Confidence"),
    "interest_vnd": Text("Tiền chậm nộp", "Late interest"),
}
_WORDS: Final[dict[str, Text]] = {
    "overpaid": Text("nộp thừa", "overpaid"),
    "underpaid": Text("nộp thiếu", "underpaid"),
    "even": Text("nộp đủ", "even"),
    "one_off": Text("một lần", "at once"),
    "instalments": Text("nhiều lần", "in instalments"),
    "low": Text("thấp", "low"),
    "expected": Text("dự kiến", "expected"),
    "high": Text("cao", "high"),
    "given": Text("người dùng nhập", "given by the user"),
    "local": Text("địa phương", "local"),
    "national": Text("cả nước", "national"),
    "pit": Text("khai trường, moong, giếng lò", "pit or shaft"),
    "dumps": Text("bãi thải", "waste dumps"),
    "yard": Text("sân công nghiệp và phụ trợ", "industrial yard"),
    "surroundings": Text("khu vực xung quanh", "surroundings"),
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
        case str() if name == "duty":
            text = t.text(TITLES[DutyKind(value)])
        case str() if name == "state":
            text = t.text(_LABELS[value])
        case str() if name == "confidence":
            text = t.text(CONFIDENCE[value][0])
        case str() if name == "as_of" or name.endswith(("_on", "_on_shifted")):
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
