"""Which fields does the fee form have, what are they called, how are they read, and what may be chosen?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.contract.types import ROUNDINGS
from api.pages.answers import read_day, read_decimal, read_quantity, read_text, read_whole
from rules.lawbook import law_book
from rules.quantity import UNIT_NAMES
from rules.trace import Text

Read = Callable[[str], str | int | Text]
Option = tuple[str, Text]
_NONE: Final = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One field: its name in the contract, label, help, how its text is read, its choices if it is a choice.

    ``default``: the choice that holds where nobody chose; ``blank``: what choosing nothing means, where that is allowed.
    ``live``: another choice here changes which other fields are needed. ``suggests``: the list of suggestions it shows.
    """

    key: str
    label: Text
    help: Text = _NONE
    read: Read = read_text
    options: tuple[Option, ...] = ()
    required: bool = False
    default: str = ""
    blank: Text = _NONE
    live: bool = False
    suggests: str = ""

    @property
    def mode(self) -> str:
        """The keyboard a phone shows."""
        if self.read in (read_decimal, read_quantity):
            return "decimal"
        return "numeric" if self.read is read_whole else "text"


def _units() -> tuple[Option, ...]:
    return tuple((unit.value, name) for unit, name in UNIT_NAMES.items())


def _table(*specs: Spec) -> dict[str, Spec]:
    return {spec.key: spec for spec in specs}


_STATES: Final = (
    ("unsieved", Text("chưa qua rây", "before the sieve")),
    ("sieved", Text("đã qua rây", "under the sieve")),
)
_ROUNDING_NAMES: Final = tuple(
    (str(step), Text(f"đến {step:,} đồng".replace(",", "."), f"to VND {step:,}")) for step in ROUNDINGS
)

LICENCE: Final = _table(
    Spec(
        key="approved_on", label=Text("Ngày phê duyệt", "Approved on"), read=read_day, required=True, live=True,
        help=Text("Ngày ký quyết định phê duyệt tiền cấp quyền; quyết định nghị định áp dụng. Viết ngày/tháng/năm.",
                  "Day of the decision that approves the fee; it decides which decree applies. Write day/month/year."),
    ),
    Spec(key="issued_on", label=Text("Ngày cấp giấy phép", "Licence issued on"), read=read_day, required=True),
    Spec(key="expires_on", label=Text("Ngày hết hạn", "Licence expires on"), read=read_day, required=True),
    Spec(
        key="group", label=Text("Nhóm khoáng sản", "Mineral group"), required=True,
        options=tuple((name, Text(f"Nhóm {name}", f"Group {name}")) for name in ("I", "II", "III", "IV")),
        help=Text("Nhóm theo Điều 6 Luật Địa chất và khoáng sản, ghi trong giấy phép.",
                  "Group under Art. 6 of the Law on Geology and Minerals, as the licence says."),
    ),
    Spec(
        key="tax_notice_on", label=Text("Ngày thông báo nộp tiền", "Tax notice of"), read=read_day,
        help=Text("Ngày cơ quan thuế ban hành thông báo; để trống thì chưa tính được hạn nộp lần đầu.",
                  "Day the tax office issued its notice; without it the first due date stays open."),
    ),
    Spec(
        key="rounding_vnd", label=Text("Làm tròn mỗi dòng khoáng sản", "Rounding of each mineral line"),
        options=_ROUNDING_NAMES, default="1",
    ),
)  # fmt: skip

OLD_LAW: Final = _table(
    Spec(
        key="mining_method", label=Text("Phương pháp khai thác (K1)", "Mining method (K1)"), required=True,
        options=(("open_pit", Text("lộ thiên", "open pit")), ("underground", Text("hầm lò", "underground")),
                 ("other", Text("nước khoáng, trường hợp khác", "waters, other"))),
    ),
    Spec(
        key="area", label=Text("Vùng kinh tế - xã hội (K2)", "Socio-economic area (K2)"), required=True,
        options=(("especially_difficult", Text("đặc biệt khó khăn", "especially difficult")),
                 ("difficult", Text("khó khăn", "difficult")), ("other", Text("vùng khác", "other"))),
    ),
    Spec(
        key="licensed_by", label=Text("Cơ quan cấp phép", "Licensed by"), required=True,
        options=(("ministry", Text("Bộ", "ministry")), ("province", Text("Uỷ ban nhân dân tỉnh", "province"))),
    ),
    Spec(
        key="split", label=Text("Nộp hằng năm", "Yearly payment"), default="one",
        options=(("one", Text("một lần trong năm", "once a year")), ("halves", Text("hai kỳ trong năm", "two halves"))),
    ),
)  # fmt: skip

REPRICING: Final = _table(
    Spec(key="year", label=Text("Từ năm", "From year"), read=read_whole, required=True),
    Spec(key="price_amount", label=Text("Giá tính thuế mới (đồng)", "New tax price (VND)"), read=read_whole),
    Spec(key="rate_percent", label=Text("Mức thu mới (%)", "New rate (%)"), read=read_decimal),
)

MINERAL: Final = _table(
    Spec(
        key="mineral", label=Text("Khoáng sản", "Mineral"), required=True, live=True,
        options=tuple((code, mineral.name) for code, mineral in law_book().minerals.items()),
    ),
    Spec(
        key="as", label=Text("Nguồn gốc", "Origin"),
        options=(("waste_rock", Text("đất đá thải thu hồi", "recovered waste rock")),
                 ("tailings", Text("quặng đuôi thu hồi", "recovered tailings"))),
        blank=Text("khai thác bình thường", "ordinary mining"),
    ),
    Spec(key="quantity", label=Text("Trữ lượng, khối lượng được phép", "Licensed quantity"), read=read_quantity,
         required=True, help=Text("Viết như 1.250.000; phần lẻ sau dấu phẩy.", "Write it like 1,250,000.")),
    Spec(key="quantity_unit", label=Text("Đơn vị trữ lượng", "Unit of the reserve"), options=_units(), required=True,
         live=True),
    Spec(
        key="exempt_quantity", label=Text("Khối lượng không phải nộp tiền", "Exempt quantity"), read=read_quantity,
        help=Text("Điều 98 khoản 3 điểm b Luật, cùng đơn vị với trữ lượng; trong khối lượng trên.",
                  "Art. 98(3)(b) of the Law, in the unit of the reserve, part of the quantity above."),
    ),
    Spec(key="flow_m3_per_day", label=Text("Lưu lượng (m³/ngày)", "Flow (m³ a day)"), read=read_quantity, required=True),
    Spec(key="term_days", label=Text("Thời hạn khai thác (ngày)", "Term (days)"), read=read_whole, required=True),
    Spec(
        key="hours_per_day", label=Text("Số giờ khai thác trong ngày", "Hours a day"), read=read_decimal,
        help=Text("Để trống nếu giấy phép không quy định.", "Leave empty where the licence is silent."),
    ),
    Spec(
        key="winning_rate_percent", label=Text("Mức thu trúng đấu giá (%)", "Winning rate (%)"), read=read_decimal,
        help=Text("Chỉ khi trúng đấu giá quyền khai thác.", "Only where the right was won at auction."),
    ),
)  # fmt: skip

PRICE: Final = _table(
    Spec(
        key="kind", label=Text("Loại giá tính thuế tài nguyên", "Kind of resource-tax price"), required=True, live=True,
        options=(
            ("raw", Text("khoáng sản nguyên khai", "raw mineral")),
            ("ore_grade", Text("quặng theo một hàm lượng", "ore of one grade")),
            ("ore_bands", Text("quặng theo khoảng hàm lượng", "ore by grade bands")),
            ("concentrate", Text("tinh quặng", "concentrate")),
            ("component", Text("thành phần có ích", "useful component")),
            ("kaolin_unsieved", Text("cao lanh chưa rây", "kaolin before the sieve")),
            ("kaolin_sieved", Text("cao lanh dưới rây", "kaolin under the sieve")),
            ("determined", Text("hệ số do cơ quan xác định", "factor set by the authority")),
            ("frame_average", Text("chưa có giá tỉnh: bình quân khung giá", "no provincial price: mean of the frame")),
        ),
    ),
    Spec(key="amount", label=Text("Giá (đồng)", "Price (VND)"), read=read_whole, required=True,
         help=Text("Giá tính thuế tài nguyên của tỉnh, đồng trên một đơn vị.", "The province's resource-tax price per unit.")),
    Spec(key="unit", label=Text("Đơn vị của giá", "Unit of the price"), options=_units(), required=True, live=True),
    Spec(
        key="code", label=Text("Mã dòng trong khung giá", "Line of the price frame"), required=True, suggests="frame",
        help=Text("Mã khoáng sản nguyên khai trong khung giá của Bộ Tài chính; gõ để tìm.",
                  "Code of a raw mineral in the Ministry of Finance's frame; type to search."),
    ),
)  # fmt: skip

BAND: Final = _table(
    Spec(key="low", label=Text("Từ hàm lượng", "From grade"), read=read_decimal),
    Spec(key="low_edge", label=Text("Cận dưới", "Lower edge"), default="from",
         options=(("from", Text("≥ (kể cả)", "≥ (included)")), ("above", Text("> (trên)", "> (above)")))),
    Spec(key="high", label=Text("Đến hàm lượng", "To grade"), read=read_decimal),
    Spec(key="high_edge", label=Text("Cận trên", "Upper edge"), default="below",
         options=(("below", Text("< (dưới)", "< (below)")), ("to", Text("≤ (kể cả)", "≤ (included)")))),
    Spec(key="amount", label=Text("Giá (đồng)", "Price (VND)"), read=read_whole, required=True),
)  # fmt: skip

CONVERSION: Final = _table(
    Spec(
        key="bulking_factor", label=Text("Hệ số nở rời H_n", "Bulking factor H_n"), read=read_decimal, required=True,
        suggests="bulking", help=Text("Theo báo cáo thăm dò, không có đơn vị; chưa có thì tham khảo bảng bên dưới.",
                                     "From the exploration report, no unit; the table below helps where it has none."),
    ),
    Spec(key="density", label=Text("Thể trọng D (tấn/m³)", "Density D (t/m³)"), read=read_decimal, required=True,
         help=Text("Theo báo cáo thăm dò.", "From the exploration report.")),
    Spec(key="grade", label=Text("Hàm lượng của mỏ", "Grade of the deposit"), read=read_decimal, required=True,
         help=Text("Hàm lượng trung bình trong báo cáo thăm dò.", "Average grade of the exploration report.")),
    Spec(key="price_grade", label=Text("Hàm lượng của giá", "Grade of the price"), read=read_decimal, required=True,
         help=Text("Hàm lượng mà bảng giá quy định.", "Grade the price list names.")),
    Spec(key="grade_unit", label=Text("Đơn vị hàm lượng", "Unit of grades"), default="percent",
         options=(("percent", Text("%", "%")), ("g_per_tonne", Text("g/tấn", "g/t")))),
    Spec(key="kaolin_state", label=Text("Trữ lượng tính ở trạng thái", "State of the reserve"), options=_STATES,
         required=True, live=True),
    Spec(key="kaolin_recovery", label=Text("Tỷ lệ thu hồi qua rây H_th", "Sieve recovery H_th"), read=read_decimal,
         required=True, help=Text("Phần của một, ví dụ 0,35.", "A fraction of one, such as 0.35.")),
    Spec(key="factor", label=Text("Hệ số quy đổi K_qđ", "Conversion factor K_qđ"), read=read_decimal, required=True),
    Spec(key="factor_source", label=Text("Căn cứ của hệ số", "Source of the factor"), required=True,
         help=Text("Số, ngày văn bản của cơ quan có thẩm quyền.", "Number and date of the authority's paper.")),
)  # fmt: skip
