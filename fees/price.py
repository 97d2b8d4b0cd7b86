"""What is the fee price G? Decree 193/2025 Art. 134; Decree 67/2019 Art. 7 and 8(2)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, TypeVar

from fees.bands import Choice
from fees.case import BandedPrice, FrameAverage, Price
from fees.conversion import chosen_band, conversion_factor, convertible
from fees.line import Line
from fees.units import price_unit
from rules.errors import Code
from rules.lawbook import FrameLine
from rules.number import Number, Traced
from rules.quantity import Unit
from rules.trace import Text

N = TypeVar("N", bound=Number)


def fee_price(G_tn: N, K: N) -> N:
    """G = G_tn x K_qđ, đồng per unit of reserve; not rounded (Art. 134(1))."""
    return G_tn * K


class Priced(NamedTuple):
    """Resource-tax price (*giá tính thuế tài nguyên*), conversion factor and the fee price they make."""

    G_tn: Traced
    K: Traced
    G: Traced


def priced(line: Line, reserve: Unit) -> Priced | None:
    """G of a line with the steps before it; ``None`` after writing down what is wrong."""
    price = line.given.price
    if isinstance(price, FrameAverage) and not _frame_fits(line, price):
        return None
    if not convertible(line, price, reserve):
        return None
    choice = None
    if isinstance(price, BandedPrice):
        choice = chosen_band(line, price)
        if choice is None:
            return None
    G_tn = _tax_price(line, price, choice)
    K = conversion_factor(line, price, reserve, choice)
    G = line.define(
        "G",
        "Giá tính tiền cấp quyền",
        "Fee price",
        fee_price(G_tn, K),
        "VND/" + reserve,
        line.work.provision("price.formula"),
    )
    return Priced(G_tn, K, G)


def _tax_price(line: Line, price: Price, choice: Choice | None) -> Traced:
    work = line.work
    match price:
        case FrameAverage():
            return _mean(line, _frame_line(line, price))
        case BandedPrice():
            assert choice is not None
            amount, vi, en = choice.band.amount, "Giá của khoảng hàm lượng", "Price of the grade band"
        case _:
            amount, vi, en = price.amount, "Giá tính thuế tài nguyên của tỉnh", "Provincial resource-tax price"
    number = Traced.of("G_tn" + line.mark, amount)
    return line.define("G_tn", vi, en, number, "VND/" + price.unit, work.provision("price.formula"))


def _mean(line: Line, frame: FrameLine) -> Traced:
    """Mean of the frame's two prices, exact: half a đồng stays half a đồng until the line is rounded."""
    work = line.work
    assert frame.high is not None
    work.lean_on(frame.cite)
    cite = (*work.provision("price.frame_average"), frame.cite)
    note = work.book.frame_note
    work.trace.caution(
        "provisional_price",
        Text(
            f"Giá tạm xác định{line.name.vi}: bình quân khung giá của Bộ Tài chính, dòng {frame.code} “{frame.name_vi}”; "
            f"thay bằng giá của tỉnh khi ban hành để phê duyệt chính thức. {note.vi}",
            f"Provisional price{line.name.en}: mean of the Ministry of Finance frame, line {frame.code}; replace it by the "
            f"provincial price once issued for the final approval. {note.en}",
        ),
        cite,
    )
    mean = Traced.of("G_tn" + line.mark, Fraction(frame.low + frame.high, 2), f"({frame.low} + {frame.high}) : 2")
    return line.define(
        "G_tn", "Giá bình quân của khung giá", "Mean of the price frame", mean, f"VND/{frame.unit}", cite
    )


def _frame_line(line: Line, price: FrameAverage) -> FrameLine:
    frame = line.work.book.frame[price.code].at(line.price_on)
    assert frame is not None
    return frame


def _frame_fits(line: Line, price: FrameAverage) -> bool:
    """Whether the frame has a mean for this line on this day: a raw-mineral line with both prices read."""
    work, field = line.work, (line.price_field, "code")
    series = work.book.frame.get(price.code)
    if series is None:
        line.refuse(
            Code.INVALID_INPUT,
            field,
            f"Khung giá không có dòng {price.code}; xem danh mục mã của khung giá.",
            f"The price frame has no line {price.code}; see the frame's codes.",
        )
        return False
    frame = series.at(line.price_on)
    if frame is None or frame.high is None or frame.derived:
        line.refuse(
            Code.NO_RULE_AT_DATE,
            field,
            f"Sổ luật không có đủ giá tối thiểu và tối đa đã đọc được của dòng {price.code} vào ngày {line.price_on:%d/%m/%Y}; "
            "nhập giá tính thuế tài nguyên của tỉnh (kind = raw).",
            f"The law book lacks a read minimum and maximum of line {price.code} on {line.price_on}; enter the provincial "
            "resource-tax price (kind = raw).",
        )
        return False
    if not frame.raw:
        line.refuse(
            Code.INVALID_INPUT,
            field,
            f"Dòng {price.code} “{frame.name_vi}” không phải khoáng sản nguyên khai; Điều 134 khoản 2 chỉ lấy bình quân "
            "giá khoáng sản nguyên khai.",
            f"Line {price.code} does not price raw mineral; Art. 134(2) takes the mean of raw-mineral prices only.",
        )
        return False
    if price.unit is not None and price.unit is not price_unit(work.book, price, line.price_on):
        line.refuse(
            Code.UNIT_MISMATCH,
            (line.price_field, "unit"),
            f"Dòng {price.code} của khung giá tính theo {frame.unit or 'đơn vị ngoài danh mục'}, không phải {price.unit}; bỏ unit.",
            f"Line {price.code} of the frame is priced per {frame.unit or 'another unit'}, not {price.unit}; leave unit out.",
        )
        return False
    return True
