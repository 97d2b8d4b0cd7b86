"""What do the findings about weighed loads and about figures that do not agree say?"""

from __future__ import annotations

from typing import Final

_E, _W, _I = "error", "warning", "info"

# code -> severity, what is seen (vi, en), what to do (vi, en)
LOAD_TEXTS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "load_unreadable": (
        _E,
        "Lượt cân không đọc được ngày hoặc khối lượng; không tính lượt này.",
        "Date or weight of the load cannot be read; it was not counted.",
        "Ghi ngày (ngày/tháng/năm) và khối lượng bằng số; một lượt không quá {most} tấn.",
        "Write the date (day/month/year) and the weight in figures; a load has at most {most} tonnes.",
    ),
    "load_in_future": (
        _E,
        "Lượt cân sau ngày {today}; không tính lượt này.",
        "The load is dated after {today}; it was not counted.",
        "Kiểm tra đồng hồ của trạm cân.",
        "Check the clock of the weighbridge.",
    ),
    "load_repeated": (
        _W,
        "Phiếu cân lặp lại: cùng trạm, cùng số phiếu, cùng ngày; chỉ tính lượt đầu.",
        "The ticket is repeated: same weighbridge, number and day; only the first was counted.",
        "Kiểm tra dữ liệu trạm cân xuất trùng.",
        "Check the weighbridge's export for doubles.",
    ),
    "tickets_reused": (
        _W,
        "{count} lượt có số phiếu đã dùng ở ngày khác tại cùng trạm; các lượt này vẫn được tính.",
        "{count} loads have a ticket number used on another day at the same weighbridge; they were counted.",
        "Nếu trạm không đánh số lại từ đầu, kiểm tra phiếu trùng.",
        "Unless the weighbridge starts its numbers again, look for doubles.",
    ),
    "loads_beyond": (
        _W,
        "Còn {count} lượt có cùng phát hiện, không liệt kê từng lượt.",
        "{count} more loads of the same finding are not listed one by one.",
        "Sửa các lượt đã nêu rồi nhập lại.",
        "Mend those listed and import again.",
    ),
    "loads_without_licence": (
        _E,
        "{count} lượt ({tonnes} tấn) ghi giấy phép này nhưng sổ không có, hoặc có nhiều giấy phép khớp; không tính.",
        "{count} loads ({tonnes} t) name this licence, which the register lacks or has several times; not counted.",
        "Sửa số giấy phép (kèm ngày cấp nếu trùng số), hoặc nhập sổ giấy phép trước.",
        "Correct the number (with the issue date where shared), or import the register first.",
    ),
    "loads_without_mineral": (
        _E,
        "{count} lượt ({tonnes} tấn) của khoáng sản chưa có mã; không tính.",
        "{count} loads ({tonnes} t) are of a mineral without a code; not counted.",
        "Khai báo tên khoáng sản trong bảng ánh xạ.",
        "Map the mineral's name to a code.",
    ),
    "loads_overlap": (
        _E,
        "Trạm {scale}, tháng {month}: tệp có các ngày {file}, kho đã có các ngày {stored}; chưa lấy tháng này.",
        "Weighbridge {scale}, month {month}: the file has days {file}, the store has {stored}; the month was not taken.",
        "Xuất lại trọn tháng rồi nhập: tệp chứa hết các ngày đã có thì thay thế được.",
        "Export the whole month again: a file that holds all days in store replaces them.",
    ),
    "weighed_differs": (
        _W,
        "Năm {year}: sản lượng kê khai {declared_vi}, qua cân {other_vi} {unit_vi}, lệch {percent_vi} % (quá {limit_vi} %).",
        "{year}: declared {declared_en}, weighed {other_en} {unit_en}, a difference of {percent_en} % (above {limit_en} %).",
        "Yêu cầu giải trình ({cite}). Không sửa số kê khai. {caution_vi}",
        "Ask for an explanation ({cite}). The declared figure stays. {caution_en}",
    ),
    "tax_differs": (
        _W,
        "Năm {year}: sản lượng kê khai {declared_vi}, tính thuế tài nguyên {other_vi} {unit_vi}, lệch {percent_vi} % (quá {limit_vi} %).",
        "{year}: declared {declared_en}, for resource tax {other_en} {unit_en}, a difference of {percent_en} % (above {limit_en} %).",
        "Yêu cầu giải trình ({cite}). Không sửa số kê khai. {caution_vi}",
        "Ask for an explanation ({cite}). The declared figure stays. {caution_en}",
    ),
    "above_capacity": (
        _W,
        "Năm {year}: {what_vi} {other_vi} {unit_vi}, công suất được phép {capacity_vi} {unit_vi} một năm, vượt {percent_vi} %.",
        "{year}: {what_en} {other_en} {unit_en}, licensed capacity {capacity_en} {unit_en} a year, {percent_en} % above it.",
        "Kiểm tra thực tế; tăng công suất phải điều chỉnh giấy phép ({cite}).",
        "Look into it; a higher capacity needs the licence adjusted ({cite}).",
    ),
    "sold_above_output": (
        _W,
        "Năm {year}: tiêu thụ {sold_vi} {unit_vi}, nhiều hơn sản lượng {declared_vi} cộng tồn đầu kỳ {stock_vi}.",
        "{year}: sold {sold_en} {unit_en}, more than the output {declared_en} and the opening stock {stock_en}.",
        "Yêu cầu giải trình; người kê khai chịu trách nhiệm về số liệu ({cite}). Không sửa số kê khai.",
        "Ask for an explanation; the declarant answers for the figures ({cite}). The declared figure stays.",
    ),
    "glued_to_capacity": (
        _W,
        "Các năm {years}: sản lượng kê khai luôn sát công suất {capacity_vi} {unit_vi}.",
        "{years}: the declared output always stands at the capacity of {capacity_en} {unit_en}.",
        "Đối chiếu với trạm cân, hóa đơn và bản đồ hiện trạng; đây là dấu hiệu, không phải kết luận. {convention_vi}",
        "Compare with weighbridge, invoices and survey maps; this is a sign, not a conclusion. {convention_en}",
    ),
    "not_comparable": (
        _I,
        "Năm {year}: sản lượng kê khai theo {unit_vi}, số đối chiếu theo {other_vi}; chưa có khối lượng thể tích để so.",
        "{year}: output is declared in {unit_en}, the other figure in {other_en}; no density is known to compare them.",
        "Ghi Khối lượng thể tích (tấn/m³) trong bản kê khai.",
        "Give the density (tonnes per m³) in the declaration.",
    ),
}
