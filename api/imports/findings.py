"""What did the import notice, where, and what should the officer do about it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.imports.load_texts import LOAD_TEXTS
from api.imports.office_texts import OFFICE_TEXTS
from api.imports.price_texts import PRICE_TEXTS

_NONE: Final[Mapping[str, object]] = MappingProxyType({})


class Severity(StrEnum):
    """``error``: a value was not taken. ``warning``: somebody must look. ``info``: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed: where (sheet, row, column as headed), the value as written, what it means, what to do."""

    severity: Severity
    code: str
    sheet: str | None
    row: int | None
    column: str | None
    field: str | None
    value: str | None
    message_vi: str
    message_en: str
    action_vi: str
    action_en: str

    @property
    def needs_work(self) -> bool:
        """Whether somebody has to do something."""
        return self.severity is not Severity.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a file cannot be read at all, and what to do, in both languages."""

    code: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: sheet (``None`` in CSV), row as the spreadsheet numbers it, column as headed."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None


def finding(
    code: str, place: Place, *, field: str | None = None, value: str | None = None, words: Mapping[str, object] = _NONE
) -> Finding:
    """A finding of one of the kinds below; ``words`` fill the gaps of its text."""
    severity, *texts = _TEXTS.get(code) or OFFICE_TEXTS.get(code) or PRICE_TEXTS.get(code) or LOAD_TEXTS[code]
    message_vi, message_en, action_vi, action_en = (text.format(**words) for text in texts)
    return Finding(
        severity=Severity(severity),
        code=code,
        sheet=place.sheet,
        row=place.row,
        column=place.column,
        field=field,
        value=value,
        message_vi=message_vi,
        message_en=message_en,
        action_vi=action_vi,
        action_en=action_en,
    )


# code -> severity, what is seen (vi, en), what to do (vi, en); those of the offices' other tables are in office_texts
_TEXTS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "missing": (
        Severity.WARNING,
        "Thiếu {label_vi}.",
        "{label_en} is missing.",
        "Bổ sung theo giấy phép rồi nhập lại tệp.",
        "Complete it from the licence and import the file again.",
    ),
    "column_missing": (
        Severity.WARNING,
        "Tệp không có cột {label_vi}.",
        "The file has no column for: {label_en}.",
        "Thêm cột, hoặc khai báo tên cột đang dùng cho thông tin này.",
        "Add the column, or map the header that carries it.",
    ),
    "not_a_number": (
        Severity.ERROR,
        "Ô số có chữ, chưa lấy được giá trị.",
        "A number column holds text; no value was taken.",
        "Chỉ ghi số trong cột này, chuyển phần chữ sang Ghi chú.",
        "Leave only the number here and move the words to the note.",
    ),
    "ambiguous_number": (
        Severity.ERROR,
        "Số viết không rõ: có thể là {first} hoặc {second_vi}; chưa lấy giá trị nào.",
        "The number may mean {first} or {second_en}; neither was taken.",
        "Viết {first} liền nhau, hoặc thêm một số 0 vào phần thập phân: {second_vi}0.",
        "Write {first} without a sign, or add a 0 to the decimals: {second_en}0.",
    ),
    "number_out_of_range": (
        Severity.ERROR,
        "Số âm hoặc lớn hơn 10^15, chưa lấy giá trị.",
        "The number is negative or above 10^15; it was not taken.",
        "Kiểm tra lại con số và đơn vị.",
        "Check the figure and its unit.",
    ),
    "shared_number": (
        Severity.WARNING,
        "Ô số được gộp cho nhiều dòng: chỉ ghi cho dòng đầu.",
        "One merged number stands for several rows: only the first row has it.",
        "Bỏ gộp ô và ghi số riêng của từng dòng.",
        "Unmerge the cells and give each row its own number.",
    ),
    "not_a_date": (
        Severity.ERROR,
        "Ngày không đọc được.",
        "The date cannot be read.",
        "Viết ngày/tháng/năm, ví dụ 31/10/2025.",
        "Write day/month/year, for example 31/10/2025.",
    ),
    "serial_date": (
        Severity.ERROR,
        "Ô ngày chứa số {value}; nếu là số ngày của Excel thì là {date}; chưa lấy giá trị.",
        "The date cell holds the number {value}; as an Excel day number it is {date}; it was not taken.",
        "Định dạng ô thành ngày rồi nhập lại.",
        "Format the cell as a date and import again.",
    ),
    "excel_error": (
        Severity.ERROR,
        "Ô Excel chứa lỗi công thức, chưa lấy được giá trị.",
        "The Excel cell holds a formula error; no value was taken.",
        "Sửa công thức hoặc ghi thẳng giá trị.",
        "Mend the formula or write the value itself.",
    ),
    "expires_before_issued": (
        Severity.WARNING,
        "Ngày hết hạn trước ngày cấp.",
        "The licence expires before it was issued.",
        "Kiểm tra hai ngày theo giấy phép.",
        "Check both dates against the licence.",
    ),
    "expired": (
        Severity.INFO,
        "Giấy phép đã hết hạn tính đến {today}.",
        "The licence had expired on {today}.",
        "Giữ trong sổ; nếu đã gia hạn thì cập nhật ngày hết hạn.",
        "It is kept; if it was renewed, update the date.",
    ),
    "unknown_authority": (
        Severity.ERROR,
        "Không nhận ra cơ quan cấp phép.",
        "The licensing authority is not recognised.",
        "Ghi «Bộ cấp» hoặc «Tỉnh cấp».",
        'Write "Bộ cấp" (ministry) or "Tỉnh cấp" (province).',
    ),
    "authority_conflict": (
        Severity.WARNING,
        "Ký hiệu của số giấy phép không khớp cơ quan cấp phép.",
        "The letters of the licence number do not fit the authority.",
        "Kiểm tra số giấy phép và cơ quan cấp.",
        "Check the number and the authority.",
    ),
    "unmapped_mineral": (
        Severity.WARNING,
        "Chưa xác định được mã khoáng sản cho tên này.",
        "No mineral code is known for this local name.",
        "Chọn mã cho tên khoáng sản này trong bảng ánh xạ, hoặc ghi rõ hơn (ví dụ: cát sông, sét gạch ngói, vàng gốc).",
        "Map this name to a code, or write it more exactly (river sand, brick clay, primary gold).",
    ),
    "same_number": (
        Severity.WARNING,
        "Số giấy phép này cũng có ở dòng {other}; giữ cả hai.",
        "Row {other} has the same licence number; both are kept.",
        "Kiểm tra có phải hai giấy phép khác nhau (khác ngày cấp, khác chủ) hay nhập trùng.",
        "Check whether these are two licences (other date, other holder) or one entered twice.",
    ),
    "same_number_stored": (
        Severity.WARNING,
        "Số giấy phép này đã có trong sổ (giấy phép {other}) với ngày cấp, mỏ hoặc chủ khác; giữ cả hai.",
        "The register already has this number (licence {other}) with another date, mine or holder; both are kept.",
        "Kiểm tra có phải hai giấy phép khác nhau hay một giấy phép đã đổi thông tin.",
        "Check whether these are two licences or one whose details changed.",
    ),
    "duplicate_row": (
        Severity.WARNING,
        "Dòng giống hệt dòng {other}; giữ cả hai.",
        "The row repeats row {other}; both are kept.",
        "Xoá một dòng nếu nhập trùng.",
        "Delete one of them if it was entered twice.",
    ),
    "not_a_licence": (
        Severity.WARNING,
        "Dòng tiêu đề nhóm hoặc dòng cộng, không thành giấy phép.",
        "A heading or total row; it did not become a licence.",
        "Nếu là giấy phép, ghi đủ số giấy phép và chủ giấy phép.",
        "If it is a licence, give its number and holder.",
    ),
    "unknown_column": (
        Severity.INFO,
        "Cột chưa được khai báo; nội dung được giữ nguyên trong phần thông tin thêm.",
        "The column is not mapped; its content is kept as extra information.",
        "Khai báo cột này nếu cần dùng.",
        "Map the column if it is needed.",
    ),
    "repeated_column": (
        Severity.WARNING,
        "Hai cột cùng chứa {label_vi}; cột này được giữ trong phần thông tin thêm.",
        "Two columns carry the same fact ({label_en}); this one is kept as extra information.",
        "Bỏ một cột hoặc khai báo lại tên cột.",
        "Remove one of them or map it anew.",
    ),
    "sheet_without_header": (
        Severity.WARNING,
        "Trang tính này không có dòng tên cột nhận ra được, nên chưa đọc.",
        "No header row was recognised on this sheet; it was not read.",
        "Nếu có giấy phép trong trang này, thêm dòng tên cột như các trang khác.",
        "If it holds licences, give it a header row like the other sheets.",
    ),
    "columns_beyond_limit": (
        Severity.WARNING,
        "Trang tính khai báo {count} cột; chỉ đọc {limit} cột đầu.",
        "The sheet declares {count} columns; only the first {limit} were read.",
        "Nếu có dữ liệu ở các cột sau, chuyển chúng về phía trước.",
        "If there is data further right, move it to the left.",
    ),
}
