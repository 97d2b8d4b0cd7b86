"""What are the sheets of the province's workbook called? Imports of a filled-in one read past those that are not theirs."""

from __future__ import annotations

from typing import Final

SUMMARY_SHEET: Final = "Tóm tắt"
SETTLED_SHEET: Final = "Đã quyết toán"
READY_SHEET: Final = "Sẵn sàng"
BLOCKED_SHEET: Final = "Vướng mắc"
LACKING_SHEET: Final = "Còn thiếu"
EXPIRED_SHEET: Final = "Hết hạn, kiểm tra"
EXCHANGE_SHEET: Final = "Cần cấp đổi"
NOT_CONCERNED_SHEET: Final = "Không thuộc diện"
STATE_SHEETS: Final = (
    SETTLED_SHEET, READY_SHEET, BLOCKED_SHEET, LACKING_SHEET, EXPIRED_SHEET, EXCHANGE_SHEET, NOT_CONCERNED_SHEET,
)  # fmt: skip
LINES_SHEET: Final = "Dòng tính"
FACTS_SHEET: Final = "Bổ sung"
OUTPUT_SHEET: Final = "Sản lượng thiếu"
SHARED_SHEET: Final = "Giá, tỷ lệ thiếu"
OWN_SHEETS: Final = frozenset((SUMMARY_SHEET, *STATE_SHEETS, LINES_SHEET, FACTS_SHEET, OUTPUT_SHEET, SHARED_SHEET))
