"""What does a licence still lack before it can be settled, in words an officer can act on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rules.trace import Text

_NO_WORDS: Final = Text("", "")


class Part(StrEnum):
    """What waits for a missing fact: the settlement of what was mined, the re-approval of what was left, or both."""

    SETTLEMENT = "settlement"
    REAPPROVAL = "reapproval"
    BOTH = "both"


class LackCode(StrEnum):
    """A kind of missing fact."""

    ISSUED = "issued_on"
    ELIGIBLE = "eligible"
    MINERAL = "mineral"
    OUTPUT = "output"
    OUTPUT_TO_CUTOFF = "output_to_cutoff"
    OUTPUT_FIGURE = "output_figure"
    OUTPUT_UNITS = "output_units"
    OUTPUT_OUTSIDE = "output_outside"
    RIGHT = "right"
    PRICE_CODE = "price_code"
    PRICE = "price"
    PRICE_UNIT = "price_unit"
    BANDS = "bands"
    GRADE_UNIT = "grade_unit"
    FRAME = "frame"
    RATE = "rate"
    CONVERSION = "conversion"
    PAID = "paid"
    RESERVE = "reserve"
    LICENSED = "licensed_quantity"
    TERM = "term"
    LICENCE_YEARS = "licence_years"
    MINED_BEFORE = "mined_before_2014"
    FLOW = "flow"


_TEXTS: Final[dict[LackCode, tuple[str, str]]] = {
    LackCode.ISSUED: ("Ngày cấp giấy phép: bổ sung vào sổ giấy phép.", "Issue date: complete the register."),
    LackCode.ELIGIBLE: (
        "Giấy phép đã hết hạn: xác nhận có đủ điều kiện gia hạn, cấp lại hay không.",
        "The licence has expired: say whether it is eligible for extension or re-grant.",
    ),
    LackCode.MINERAL: (
        (
            "Mã khoáng sản: khai báo tên khoáng sản của sổ ở trang tên gọi; giấy phép nhiều khoáng sản: mỗi khoáng sản một dòng ở "
            "trang Bổ sung."
        ),
        "Mineral code: map the register's name of the mineral; a licence of several minerals: a row for each in the sheet of facts.",
    ),
    LackCode.OUTPUT: ("Sản lượng các năm {years}.", "Output of {years}."),
    LackCode.OUTPUT_TO_CUTOFF: (
        "Sản lượng từ đầu năm {years} đến hết ngày {words}: khai riêng, với cột Từ ngày, Đến ngày.",
        "Output from the start of {years} to {words}: declare it apart, with its first and last day.",
    ),
    LackCode.OUTPUT_FIGURE: (
        "Số liệu sản lượng nguyên khai (than: than sạch) của các năm {years}.",
        "The figure of raw output (coal: clean coal) of {years}.",
    ),
    LackCode.OUTPUT_UNITS: (
        "Sản lượng khai theo nhiều đơn vị hoặc hàm lượng trong {years}: khai theo một đơn vị.",
        "Output in several units or grades in {years}: declare it in one unit.",
    ),
    LackCode.OUTPUT_OUTSIDE: (
        "Có sản lượng ngoài thời hạn giấy phép (năm {years}): kiểm tra giấy phép và bản kê khai.",
        "Output outside the term of the licence ({years}): check licence and declaration.",
    ),
    LackCode.RIGHT: (
        "Khu vực đấu giá hay không đấu giá, kết quả trúng đấu giá.",
        "Whether the area was auctioned, and the result of the auction.",
    ),
    LackCode.PRICE_CODE: (
        "Mã tài nguyên trong bảng giá tính thuế của tỉnh.",
        "The code in the province's price list of the resource tax.",
    ),
    LackCode.PRICE: (
        (
            "Bảng giá có mã {words} vào ngày {days}; tỉnh chưa ban hành thì lùi quyết toán (Nghị định 193/2025/NĐ-CP Điều 139 khoản 7 "
            "điểm a), hoặc tạm tính theo khung giá (Điều 134 khoản 2): ghi mã khung giá."
        ),
        (
            "A price list with code {words} on {days}; where the province has issued none, the settlement waits (Decree 193/2025 "
            "Art. 139(7)(a)), or name the line of the price frame for a provisional price (Art. 134(2))."
        ),
    ),
    LackCode.PRICE_UNIT: (
        "Đơn vị tính của mã {words} trong bảng giá ngày {days}.",
        "The unit of code {words} in the price list of {days}.",
    ),
    LackCode.BANDS: (
        (
            "Khoảng hàm lượng dưới mã {words} trong bảng giá ngày {days}: tên các dòng phải nối tiếp nhau, cùng đơn vị; hoặc chọn "
            "loại giá khác."
        ),
        (
            "Grade bands below code {words} in the price list of {days}: the lines must follow each other in one unit; or choose "
            "another kind of price."
        ),
    ),
    LackCode.GRADE_UNIT: (
        "Đơn vị hàm lượng đã ghi khác bảng giá (mã {words}, ngày {days}): ghi hàm lượng theo đơn vị của bảng giá.",
        "The unit of grades differs from the price list's (code {words}, {days}): give grades in the unit of the list.",
    ),
    LackCode.FRAME: (
        (
            "Giá bình quân của dòng {words} trong khung giá ngày {days}: sổ luật không có đủ giá tối thiểu, tối đa của khoáng sản "
            "nguyên khai; ghi mã khác hoặc nhập bảng giá của tỉnh."
        ),
        (
            "The mean of line {words} of the price frame on {days}: the law book lacks both prices of raw mineral; name another line "
            "or import the province's list."
        ),
    ),
    LackCode.RATE: (
        "Tỷ lệ thu R của ngày {days} kèm văn bản, điều khoản (nhập một lần cho cả tỉnh).",
        "Rate R of {days} with its instrument and article (entered once for the province).",
    ),
    LackCode.CONVERSION: ("Thông số quy đổi: {words}.", "Conversion: {words}."),
    LackCode.PAID: (
        "Số tiền cấp quyền đã nộp (ghi 0 nếu chưa nộp).",
        "The fee paid so far (0 where nothing was paid).",
    ),
    LackCode.RESERVE: (
        "Trữ lượng, khối lượng hoặc công suất được phép; giấy phép không ghi thì phải cấp đổi.",
        "The licensed reserve, volume or capacity; a licence without it must be exchanged.",
    ),
    LackCode.LICENSED: (
        "Trữ lượng được phép của khoáng sản này và đơn vị của nó: sổ giấy phép chỉ ghi khoáng sản chính.",
        "The licensed quantity of this mineral with its unit: the register has the licence's own mineral alone.",
    ),
    LackCode.TERM: (
        "Ngày hết hạn; giấy phép không ghi thời hạn thì phải cấp đổi.",
        "The end of the term; a licence without it must be exchanged.",
    ),
    LackCode.LICENCE_YEARS: (
        "Thời hạn khai thác tính bằng năm (giấy phép chỉ ghi công suất và thời hạn).",
        "The term in years (the licence names capacity and term alone).",
    ),
    LackCode.MINED_BEFORE: (
        "Trữ lượng đã khai thác đến 31/12/2013 theo lần phê duyệt đầu tiên.",
        "The reserve mined up to 31 December 2013 as first approved.",
    ),
    LackCode.FLOW: ("Lưu lượng khai thác nước (m³/ngày).", "The flow of water (m³ a day)."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing: which years or days it is about, and what waits for it.

    ``mineral`` is the code of the mineral it is about, empty for the licence; ``about`` its name where there are several.
    """

    code: LackCode
    part: Part
    years: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    words: Text = _NO_WORDS
    mineral: str = ""
    about: Text = _NO_WORDS

    @property
    def text(self) -> Text:
        """What is missing and what to do, in both languages."""
        vi, en = _TEXTS[self.code]
        vi = vi.format(
            years=_spans(self.years), days=", ".join(f"{day:%d/%m/%Y}" for day in self.days), words=self.words.vi
        )
        en = en.format(years=_spans(self.years), days=", ".join(map(str, self.days)), words=self.words.en)
        return Text(f"{self.about.vi}: {vi}", f"{self.about.en}: {en}") if self.about.vi else Text(vi, en)

    def stops(self, part: Part) -> bool:
        """Whether the settlement, or the re-approval, waits for it."""
        return self.part in (part, Part.BOTH)


def _spans(years: Sequence[int]) -> str:
    """Years as an officer writes them: 2014-2017, 2020."""
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][-1] + 1:
            spans[-1][1:] = [year]
        else:
            spans.append([year])
    return ", ".join("-".join(map(str, span)) for span in spans)
