"""What do the offices' other tables tell: declared output, price lists, payments, weighed loads?"""

from __future__ import annotations

from typing import Final

from api.imports.fields import FIELDS, Field, Kind, Subject, fields_of


def _field(name: str, kind: Kind, label_vi: str, label_en: str) -> Field:
    return Field(name=name, kind=kind, label_vi=label_vi, label_en=label_en)


_NUMBER: Final = FIELDS["number"]
_ISSUED: Final = FIELDS["issued_on"]
_MINE: Final = FIELDS["mine_name"]
_MINERAL: Final = FIELDS["mineral_local"]
_NOTE: Final = FIELDS["note"]

OUTPUT: Final = Subject(
    name="output",
    fields=fields_of(
        _NUMBER,
        _ISSUED,
        FIELDS["holder"],
        _MINE,
        _MINERAL,
        _field("year", Kind.YEAR, "Năm", "Year"),
        _field("starts_on", Kind.DATE, "Từ ngày", "From"),
        _field("ends_on", Kind.DATE, "Đến ngày", "To"),
        _field("output", Kind.NUMBER, "Sản lượng nguyên khai", "Raw output"),
        _field("unit", Kind.UNIT, "Đơn vị tính", "Unit"),
        _field("grade", Kind.NUMBER, "Hàm lượng thực tế khai thác", "Grade mined"),
        _field("clean_coal", Kind.NUMBER, "Than sạch (tấn)", "Clean coal (tonnes)"),
        _field("product_output", Kind.NUMBER, "Sản lượng sản phẩm", "Output of products"),
        _field("product_unit", Kind.UNIT, "Đơn vị sản phẩm", "Unit of products"),
        _field("sold", Kind.NUMBER, "Sản lượng tiêu thụ", "Quantity sold"),
        _field("opening_stock", Kind.NUMBER, "Tồn kho đầu kỳ", "Opening stock"),
        _field("tax_output", Kind.NUMBER, "Sản lượng tính thuế tài nguyên", "Output declared for resource tax"),
        _field("density", Kind.NUMBER, "Khối lượng thể tích (tấn/m³)", "Density (tonnes per m³)"),
        _NOTE,
    ),
    identifying=frozenset(("number", "holder", "mine_name")),
    needed=(("number", "holder", "mine_name"), ("year", "ends_on")),
    measured=frozenset(("output", "product_output", "sold", "opening_stock", "tax_output")),
    by_year=True,
)
"""A declaration of output: one row a licence, mineral and year (or part of a year), or a column a year."""

CODE_LEVELS: Final = tuple(f"code_{level}" for level in range(1, 7))

PRICES: Final = Subject(
    name="prices",
    fields=fields_of(
        _field("code", Kind.TEXT, "Mã tài nguyên", "Code"),
        *(_field(name, Kind.TEXT, f"Mã cấp {name[-1]}", f"Code of level {name[-1]}") for name in CODE_LEVELS),
        _field("name", Kind.TEXT, "Tên tài nguyên", "Resource"),
        _field("price_unit", Kind.TEXT, "Đơn vị tính", "Unit"),
        _field("price", Kind.MONEY, "Giá tính thuế", "Price"),
        _field("decision", Kind.TEXT, "Quyết định", "Decision"),
        _field("valid_from", Kind.DATE, "Có hiệu lực từ", "In force from"),
        _field("valid_to", Kind.DATE, "Có hiệu lực đến", "In force to"),
        FIELDS["region"],
        _NOTE,
    ),
    identifying=frozenset(("code", *CODE_LEVELS)),
    needed=(("code", *CODE_LEVELS), ("name",), ("price",)),
    measured=frozenset(("price",)),
    headings=True,
)
"""A province's price list of the resource tax (*bảng giá tính thuế tài nguyên*)."""

PAYMENTS: Final = Subject(
    name="payments",
    fields=fields_of(
        _NUMBER,
        _ISSUED,
        _field("holder", Kind.TEXT, "Người nộp", "Payer"),
        _MINE,
        _field("paid_on", Kind.DATE, "Ngày nộp", "Paid on"),
        _field("document", Kind.TEXT, "Số chứng từ", "Document number"),
        _field("amount", Kind.MONEY, "Số tiền", "Amount"),
        _field("part", Kind.PART, "Nội dung khoản nộp", "What was paid"),
        _field("principal", Kind.MONEY, "Tiền cấp quyền đã nộp", "Principal paid"),
        _field("interest", Kind.MONEY, "Tiền chậm nộp đã nộp", "Interest paid"),
        _NOTE,
    ),
    identifying=frozenset(("number", "holder")),
    needed=(("number", "holder"), ("paid_on",), ("document",), ("amount", "principal", "interest")),
    measured=frozenset(("amount", "principal", "interest")),
)
"""Payments into the budget as the tax office lists them."""

WEIGHED: Final = Subject(
    name="weighbridge",
    fields=fields_of(
        _NUMBER,
        _field("scale", Kind.TEXT, "Trạm cân", "Weighbridge"),
        _field("ticket", Kind.TEXT, "Số phiếu cân", "Ticket"),
        _field("weighed_at", Kind.TEXT, "Thời gian cân", "Weighed at"),
        _field("plate", Kind.TEXT, "Biển số xe", "Plate"),
        _field("weight_kg", Kind.NUMBER, "Khối lượng hàng (kg)", "Weight of the load (kg)"),
        _field("weight_tonne", Kind.NUMBER, "Khối lượng hàng (tấn)", "Weight of the load (tonnes)"),
        _MINERAL,
        _NOTE,
    ),
    identifying=frozenset(("number", "scale")),
    needed=(("number",), ("weighed_at",), ("weight_kg", "weight_tonne")),
)
"""Loads over a weighbridge, one row a load."""

FACT_FIELDS: Final = (
    _field("eligible", Kind.TEXT, "Đủ điều kiện gia hạn, cấp lại", "Eligible for extension or re-grant"),
    _field("right_by", Kind.TEXT, "Hình thức cấp quyền", "How the right was obtained"),
    _field("winning_rate_percent", Kind.PARAMETER, "Tỷ lệ trúng đấu giá (%)", "Winning rate (%)"),
    _field("won_vnd", Kind.MONEY, "Tiền trúng đấu giá (đồng)", "Sum won (đồng)"),
    _field("start_vnd", Kind.MONEY, "Giá khởi điểm (đồng)", "Starting price (đồng)"),
    _field("rate_at_auction_percent", Kind.PARAMETER, "Tỷ lệ thu khi đấu giá (%)", "Rate on the auction day (%)"),
    _field("price_code", Kind.TEXT, "Mã bảng giá", "Price code"),
    _field("price_kind", Kind.TEXT, "Loại giá", "Kind of price"),
    _field(
        "frame_code",
        Kind.TEXT,
        "Mã khung giá khi chưa có giá tỉnh",
        "Line of the frame where the province has no price",
    ),
    _field("bulking_factor", Kind.PARAMETER, "Hệ số nở rời", "Bulking factor"),
    _field("density", Kind.PARAMETER, "Thể trọng tự nhiên (tấn/m³)", "Natural density (t/m³)"),
    _field("grade", Kind.PARAMETER, "Hàm lượng của mỏ", "Grade of the deposit"),
    _field("price_grade", Kind.PARAMETER, "Hàm lượng của giá", "Grade of the price"),
    _field("grade_unit", Kind.TEXT, "Đơn vị hàm lượng", "Unit of grades"),
    _field("kaolin_recovery", Kind.PARAMETER, "Độ thu hồi dưới rây", "Recovery under the sieve"),
    _field("kaolin_state", Kind.TEXT, "Trạng thái trữ lượng cao lanh", "State of the kaolin reserve"),
    _field("output_state", Kind.TEXT, "Trạng thái sản lượng cao lanh", "State of the kaolin output"),
    _field("factor", Kind.PARAMETER, "Hệ số quy đổi giá do cơ quan xác định", "Conversion factor set by the authority"),
    _field(
        "output_factor",
        Kind.NUMBER,
        "Tỷ lệ quy đổi sản lượng do cơ quan xác định",
        "Output factor set by the authority",
    ),
    _field("factor_source", Kind.TEXT, "Văn bản xác định hệ số", "Source of the factors"),
    _field("fee_approved_on", Kind.DATE, "Ngày phê duyệt tiền cấp quyền", "Fee approved on"),
    _field("licensed_quantity", Kind.NUMBER, "Trữ lượng được phép của khoáng sản", "Licensed quantity of the mineral"),
    _field("quantity_unit", Kind.TEXT, "Đơn vị trữ lượng", "Unit of the reserve"),
    _field("mined_before_2014", Kind.NUMBER, "Trữ lượng khai thác trước 2014", "Reserve mined before 2014"),
    _field("licence_years", Kind.NUMBER, "Thời hạn (năm)", "Term (years)"),
    _field("flow_m3_per_day", Kind.NUMBER, "Lưu lượng (m³/ngày)", "Flow (m³ a day)"),
    _field("hours_per_day", Kind.PARAMETER, "Số giờ khai thác trong ngày", "Hours a day"),
    _field("paid_vnd", Kind.MONEY, "Tiền cấp quyền đã nộp (đồng)", "Fee paid (đồng)"),
    _field("budget_debts_vnd", Kind.MONEY, "Nợ ngân sách khác (đồng)", "Other budget debts (đồng)"),
)
"""What the officer adds to a licence: columns of ``LicenceFacts``."""

GAPS: Final = Subject(
    name="gaps",
    fields=fields_of(_NUMBER, _ISSUED, FIELDS["holder"], _MINE, _MINERAL, *FACT_FIELDS, _NOTE),
    identifying=frozenset(("number", "holder", "mine_name")),
    needed=(("number", "holder", "mine_name"),),
)
"""What a licence lacked for its settlement, filled in by the officer; one row a licence and mineral."""

SUBJECTS: Final = (OUTPUT, PRICES, PAYMENTS, WEIGHED, GAPS)
