"""Which fields does the settlement form have, what are they called, how are they read?"""

from __future__ import annotations

from typing import Final

from api.pages import fields
from api.pages.answers import read_day, read_decimal, read_quantity, read_whole
from api.pages.fields import Option, Spec
from rules.quantity import UNIT_NAMES
from rules.trace import Text

_UNITS: Final[tuple[Option, ...]] = tuple((unit.value, name) for unit, name in UNIT_NAMES.items())
_YES_NO: Final[tuple[Option, ...]] = (("yes", Text("có", "yes")), ("no", Text("không", "no")))


def _table(*specs: Spec) -> dict[str, Spec]:
    return {spec.key: spec for spec in specs}


SETTLEMENT: Final = _table(
    Spec(
        key="occasion", label=Text("Trường hợp quyết toán", "Kind of settlement"), required=True, default="first", live=True,
        options=(
            ("first", Text("lần đầu (trước 31/12/2026)", "first (before 31/12/2026)")),
            ("periodic", Text("định kỳ 5 năm", "every five years")),
            ("event", Text("khi có sự kiện", "on an event")),
            ("closure", Text("khi đóng cửa mỏ, chấm dứt", "at closure")),
        ),
    ),
    Spec(key="settled_on", label=Text("Ngày quyết toán", "Settled on"), read=read_day, required=True),
    Spec(
        key="cutoff_on", label=Text("Chốt sản lượng đến ngày", "Output cut-off"), read=read_day, required=True,
        help=Text("Quyết toán lần đầu: 30/06/2025.", "First settlement: 30/06/2025."),
    ),
    Spec(
        key="fee_approved_on", label=Text("Ngày phê duyệt tiền cấp quyền", "Fee approved on"), read=read_day, live=True,
        help=Text("Cho sản lượng khai thác trước ngày phê duyệt: dùng giá và tỷ lệ của ngày đó.",
                  "For output mined before the approval: its price and rate are used."),
    ),
    Spec(
        key="paid_vnd", label=Text("Đã nộp, tiền gốc (đồng)", "Paid, principal (VND)"), read=read_whole, required=True,
        help=Text("Không gồm tiền chậm nộp.", "Without late interest."),
    ),
    Spec(key="budget_debts_vnd", label=Text("Nợ ngân sách (đồng)", "Debts to the budget (VND)"), read=read_whole),
    Spec(
        key="next_instalments_vnd", label=Text("Các kỳ nộp tiếp theo (đồng)", "Next instalments (VND)"),
        read=read_whole,
        help=Text("Để trống: bù trừ hết phần còn lại vào các kỳ sau.", "Empty: what is left is offset against them."),
    ),
    Spec(key="notice_on", label=Text("Ngày thông báo quyết toán", "Settlement notice of"), read=read_day),
    fields.LICENCE["rounding_vnd"],
    Spec(key="reapprove", label=Text("Phê duyệt lại phần còn lại", "Re-approve what is left"), options=_YES_NO,
         default="yes", live=True),
)  # fmt: skip

REAPPROVAL: Final = _table(
    Spec(
        key="decided_on",
        label=Text("Ngày quyết định phê duyệt lại", "Re-approval decided on"),
        read=read_day,
        required=True,
    ),
    Spec(key="expires_on", label=Text("Ngày hết hạn giấy phép", "Licence expires on"), read=read_day, required=True),
    Spec(key="tax_notice_on", label=Text("Ngày thông báo nộp tiền", "Tax notice of"), read=read_day),
)

MINERAL: Final = _table(
    fields.MINERAL["mineral"],
    Spec(key="quantity_unit", label=Text("Đơn vị trữ lượng", "Unit of the reserve"), options=_UNITS, required=True,
         live=True),
    Spec(key="output_unit", label=Text("Đơn vị sản lượng kê khai", "Unit of declared output"), options=_UNITS,
         required=True, live=True),
    fields.MINERAL["as"],
    Spec(
        key="right", label=Text("Quyền khai thác có từ", "Right obtained"), default="no_auction", live=True,
        options=(
            ("no_auction", Text("cấp không đấu giá", "without auction")),
            ("rate_auction", Text("trúng đấu giá theo tỷ lệ", "auction of a rate")),
            ("money_auction", Text("trúng đấu giá bằng tiền", "auction of a sum")),
        ),
    ),
    Spec(
        key="price_kind", label=fields.PRICE["kind"].label, required=True, default="raw", live=True,
        options=fields.PRICE["kind"].options,
    ),
    Spec(key="price_unit", label=Text("Đơn vị của giá", "Unit of the price"), options=_UNITS, required=True, live=True),
    Spec(
        key="price_code", label=Text("Mã trong bảng giá", "Code in the price list"),
        help=Text("Ví dụ II20203; nút «Lấy giá» điền giá ngày 1/1 từng năm theo quyết định có hiệu lực. Giá theo khoảng hàm lượng: "
                  "mã của cả nhóm, ví dụ I102.",
                  'Such as II20203; "Fetch prices" fills in the price of 1 January from the list in force. Prices by grade bands: '
                  "the code of the whole group, such as I102."),
    ),
    Spec(
        key="code", label=Text("Mã khung giá khi chưa có giá tỉnh", "Line of the frame without a provincial price"), live=True,
        help=Text("Năm chọn «bình quân khung giá» lấy giá trung bình của dòng này (Điều 134 khoản 2, tạm tính); ví dụ I10201.",
                  "Years set to the mean of the frame take that of this line (Art. 134(2), provisional); such as I10201."),
    ),
)  # fmt: skip

RIGHT: Final = {
    "no_auction": (),
    "rate_auction": (
        Spec(key="winning_rate_percent", label=Text("Mức thu trúng đấu giá (%)", "Winning rate (%)"), read=read_decimal,
             required=True),
    ),
    "money_auction": (
        Spec(key="won_vnd", label=Text("Tiền trúng đấu giá (đồng)", "Sum won (VND)"), read=read_whole, required=True),
        Spec(key="start_vnd", label=Text("Giá khởi điểm (đồng)", "Starting price (VND)"), read=read_whole,
             required=True),
        Spec(key="rate_at_auction_percent", label=Text("Tỷ lệ thu ngày đấu giá (%)", "Rate on the auction day (%)"),
             read=read_decimal, required=True),
    ),
}  # fmt: skip

OUTPUT_CONVERSION: Final = _table(
    Spec(
        key="output_factor", label=Text("Tỷ lệ quy đổi TL_qđ", "Output factor TL_qđ"), read=read_decimal, required=True,
        help=Text("Do cơ quan có thẩm quyền xác định cho cặp đơn vị này.", "Set by the authority for these units."),
    ),
    Spec(key="output_state", label=Text("Sản lượng tính ở trạng thái", "State of the output"), required=True,
         options=fields.CONVERSION["kaolin_state"].options),
)  # fmt: skip

FRAME: Final = "frame_average"
BANDS: Final = "ore_bands"
_OTHER_KIND: Final[tuple[Option, ...]] = (
    (FRAME, Text("khung giá (bình quân)", "frame (mean)")),
    ("raw", Text("nguyên khai", "raw")),
)
BANDED_PRICE: Final = Text(
    "Giá theo khoảng: x<30: 300.000; 30≤x<40: 400.000; x≥40: 600.000",
    "Prices by bands: x<30: 300,000; 30≤x<40: 400,000; x≥40: 600,000",
)

YEAR: Final = _table(
    Spec(key="year", label=Text("Năm", "Year"), read=read_whole, required=True),
    Spec(key="output", label=Text("Sản lượng", "Output"), read=read_quantity, required=True),
    Spec(key="unit", label=Text("Đơn vị khác", "Other unit"), options=_UNITS, blank=Text("như trên", "as above")),
    Spec(key="price", label=Text("Giá (đồng)", "Price (VND)"), read=read_whole, required=True),
    Spec(key="price_unit", label=Text("Đơn vị giá khác", "Other price unit"), options=_UNITS,
         blank=Text("như trên", "as above")),
    Spec(key="kind", label=Text("Loại giá khác", "Other kind"), options=_OTHER_KIND, blank=Text("như trên", "as above"),
         live=True),
    Spec(key="rate", label=Text("R nhập (%)", "R entered (%)"), read=read_decimal),
    Spec(key="grade", label=Text("Hàm lượng", "Grade"), read=read_decimal),
)  # fmt: skip

SECOND_READING: Final = _table(
    Spec(key="unpaid_quantity", label=Text("Khối lượng chưa nộp tiền", "Unpaid quantity"), read=read_quantity,
         help=Text("Cho cách hiểu thứ hai của số nộp bổ sung (Điều 139 khoản 8 điểm b).",
                   "For the second reading of the top-up (Art. 139(8)(b)).")),
    Spec(key="cutoff_price", label=Text("Giá tại ngày chốt (đồng)", "Price at the cut-off (VND)"), read=read_whole),
)  # fmt: skip

REMAINING: Final = _table(
    Spec(
        key="way", label=Text("Trữ lượng được phép theo", "Licensed quantity by"), default="quantity", live=True,
        options=(
            ("quantity", Text("trữ lượng trong giấy phép", "reserve in the licence")),
            ("reserves", Text("nhiều loại trữ lượng", "several kinds of reserve")),
            ("capacity", Text("công suất và thời hạn", "capacity and term")),
            ("products", Text("sản phẩm", "products")),
            ("flow", Text("lưu lượng (nước, CO2)", "flow (waters, CO2)")),
        ),
    ),
    Spec(key="mined_before_2014", label=Text("Đã khai thác trước 2014", "Mined before 2014"), read=read_quantity),
    Spec(key="mined_since_2014", label=Text("Đã khai thác từ 2014", "Mined since 2014"), read=read_quantity,
         required=True, help=Text("Đến 30/06/2025, theo đơn vị sản lượng.", "To 30/06/2025, in the unit of output.")),
    Spec(key="remaining_kind", label=Text("Loại giá ngày 01/07/2025", "Kind of the price of 01/07/2025"), options=_OTHER_KIND,
         blank=Text("như trên", "as above"), live=True),
    Spec(key="remaining_price", label=Text("Giá ngày 01/07/2025 (đồng)", "Price of 01/07/2025 (VND)"), read=read_whole,
         required=True),
)  # fmt: skip


def _quantity(key: str, vi: str, en: str) -> Spec:
    return Spec(key=key, label=Text(vi, en), read=read_quantity)


WAYS: Final[dict[str, tuple[Spec, ...]]] = {
    "quantity": (
        Spec(key="licensed_quantity", label=Text("Trữ lượng được phép", "Licensed quantity"), read=read_quantity,
             required=True),
    ),
    "reserves": (
        _quantity("allowed", "Được phép khai thác", "Allowed to mine"),
        _quantity("mining", "Trữ lượng khai thác", "Minable reserve"),
        _quantity("in_design", "Huy động vào thiết kế", "Taken into the design"),
        _quantity("geological", "Trữ lượng địa chất", "Geological reserve"),
        _quantity("mine", "Trữ lượng mỏ", "Reserve of the mine"),
    ),
    "capacity": (
        Spec(key="capacity_per_year", label=Text("Công suất một năm", "Capacity a year"), read=read_quantity,
             required=True),
        Spec(key="licence_years", label=Text("Thời hạn giấy phép (năm)", "Term (years)"), read=read_whole,
             required=True),
    ),
    "products": (
        Spec(key="consumption_per_product", label=Text("Nguyên liệu cho một sản phẩm", "Material for one product"),
             read=read_decimal, required=True),
        Spec(key="products_per_year", label=Text("Sản phẩm một năm", "Products a year"), read=read_quantity,
             required=True),
        Spec(key="remaining_years", label=Text("Số năm còn lại", "Remaining years"), read=read_decimal, required=True),
    ),
    "flow": (
        fields.MINERAL["flow_m3_per_day"],
        fields.MINERAL["term_days"],
        fields.MINERAL["hours_per_day"],
    ),
}  # fmt: skip
"""The fields of each way to give the licensed quantity."""
RESERVES: Final = "reserves"
