"""How is a resource-tax price converted to the unit and grade of the reserve? K_qđ, Decree 193/2025 Annex IV.

Decree 67/2019 Annex II has the same formulas, without kaolin. The parameters are rounded half up to three decimals, then
K_qđ (*hệ số quy đổi*) is; both because the annexes say so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from fees.bands import Choice, choose, first_fault, round_grade, rounded_edges
from fees.case import (
    BandedPrice,
    Conversion,
    DeterminedPrice,
    FrameAverage,
    GradedKind,
    GradedPrice,
    GradeUnit,
    KaolinPrice,
    KaolinState,
    Price,
    RawPrice,
)
from fees.line import Line
from fees.units import PAIRS, needed_parameters, price_unit
from rules.citation import Citation
from rules.errors import Code
from rules.number import Number, Traced
from rules.quantity import Unit

N = TypeVar("N", bound=Number)

# A grade is printed as the plain figure of its list, not as a share: 0.41 : 0.7, as the annex writes its examples.
GRADE_UNITS = {GradeUnit.PERCENT: "percent", GradeUnit.G_PER_TONNE: "g/t"}
_PARAMETER_UNITS = {"D": "t/m3"}


def loose_to_in_situ(H_n: N) -> N:
    """III.1a: price per m³ loose, reserve in m³ in the ground."""
    return H_n


def loose_to_tonne(H_n: N, D: N) -> N:
    """III.1b: price per m³ loose, reserve in tonnes."""
    return H_n / D


def grade_ratio(C_m: N, C: N) -> N:
    """II.1b, II.1c, II.2, II.3, III.2: grade of the deposit over the grade of the price."""
    return C_m / C


def unsieved_price_sieved_reserve(one: N, H_th: N) -> N:
    """III.3a: kaolin priced before the sieve, reserve under it."""
    return one / H_th


def sieved_price_unsieved_reserve(H_th: N) -> N:
    """III.3b: kaolin priced under the sieve, reserve before it."""
    return H_th


def average_grade(Q_kl: N, Q_q: N) -> N:
    """I.1: average grade where the report states none: metal reserve over ore reserve (in percent: times 100)."""
    return Q_kl / Q_q


def convertible(line: Line, price: Price, reserve: Unit) -> bool:
    """Whether the law converts this price to this reserve with what is given; writes down everything that is wrong."""
    unit = price_unit(line.work.book, price, line.price_on)
    return _fits(line, price, unit, reserve) and _complete(line, price, line.given.conversion, unit, reserve)


def conversion_factor(line: Line, price: Price, reserve: Unit, choice: Choice | None) -> Traced:
    """K_qđ of a convertible line, rounded; ``choice`` is the band of a banded price."""
    conversion = line.given.conversion
    match price:
        case RawPrice(unit=unit):
            return _raw(line, conversion, unit, reserve)
        case FrameAverage():
            frame_unit = price_unit(line.work.book, price, line.price_on)
            assert frame_unit is not None  # convertible() saw it
            return _raw(line, conversion, frame_unit, reserve)
        case GradedPrice():
            return _graded(line, conversion, price.kind)
        case BandedPrice():
            assert choice is not None
            return _banded(line, conversion, choice)
        case KaolinPrice(state=state):
            return _kaolin(line, conversion, state)
        case DeterminedPrice():
            return _determined(line, conversion)


def _fits(line: Line, price: Price, unit: Unit | None, reserve: Unit) -> bool:
    """Whether the law has a rule for this price and reserve unit."""
    if isinstance(price, DeterminedPrice):
        return True
    if isinstance(price, KaolinPrice) and line.work.book.find("conversion.kaolin_same_state", line.work.on) is None:
        line.refuse(
            Code.UNIT_MISMATCH,
            (line.price_field, "kind"),
            "Phụ lục II Nghị định 67/2019 không có quy tắc quy đổi cho giá cao lanh theo rây; dùng giá nguyên khai "
            "(raw) hoặc hệ số do cơ quan xác định (determined).",
            "Annex II of Decree 67/2019 has no rule for sieved or unsieved kaolin prices; use a raw price or a "
            "determined factor.",
        )
        return False
    convertible = isinstance(price, RawPrice | FrameAverage) and (unit, reserve) in PAIRS
    if unit is reserve or convertible:
        return True
    line.refuse(
        Code.UNIT_MISMATCH,
        (line.price_field, "unit"),
        f"Không có quy tắc quy đổi từ giá theo {unit or 'đơn vị ngoài danh mục'} sang trữ lượng theo {reserve}. "
        "Dùng giá cùng đơn vị với trữ lượng, hoặc kind = determined với hệ số do cơ quan xác định.",
        f"No rule converts a price per {unit or 'unknown unit'} to a reserve in {reserve}. Use a price in the unit of "
        "the reserve, or kind = determined with the authority's factor.",
    )
    return False


def _complete(line: Line, price: Price, conversion: Conversion, unit: Unit | None, reserve: Unit) -> bool:
    """Whether the parameters the formula needs are there, positive after rounding, and alone."""
    needed = needed_parameters(price, unit, reserve, conversion)
    determined = isinstance(price, DeterminedPrice)
    wanted = ("factor",) if determined else needed
    sound = True
    for name in wanted:
        value = getattr(conversion, name)
        if value is None:
            line.refuse(
                Code.MISSING_PARAMETER,
                (line.conversion_field, name),
                f"Thiếu thông số quy đổi {name}: lấy từ báo cáo kết quả thăm dò hoặc bảng giá.",
                f"Conversion parameter {name} is missing: take it from the exploration report or the price list.",
            )
            sound = False
        elif isinstance(value, Decimal) and value < line.work.smallest():
            line.refuse(
                Code.INVALID_INPUT,
                (line.conversion_field, name),
                f"{name} bằng 0 sau khi làm tròn đến 3 chữ số thập phân theo Phụ lục IV; chọn đơn vị khác (g/tấn).",
                f"{name} is 0 after the rounding to 3 decimals that Annex IV asks for; use another unit (g/tonne).",
            )
            sound = False
    if conversion.factor is not None:
        if not conversion.factor_source:
            line.refuse(
                Code.MISSING_PARAMETER,
                (line.conversion_field, "factor_source"),
                "Hệ số do cơ quan xác định phải kèm căn cứ (factor_source): số văn bản, ngày, tiêu chuẩn.",
                "A determined factor needs its source (factor_source): document number, date, standard.",
            )
            sound = False
        clashing = [name for name in needed if getattr(conversion, name) is not None]
        if clashing:
            line.refuse(
                Code.INVALID_INPUT,
                (line.conversion_field, "factor"),
                f"Vừa có hệ số xác định sẵn vừa có thông số của công thức ({', '.join(clashing)}): chỉ giữ một cách.",
                f"Both a determined factor and parameters of the formula ({', '.join(clashing)}) are given: keep one.",
            )
            sound = False
    return sound


def _raw(line: Line, conversion: Conversion, unit: Unit, reserve: Unit) -> Traced:
    if unit is reserve:
        return _one(line, "conversion.same_unit")
    H_n = _parameter(
        line, "H_n", "Hệ số nở rời", "Bulking factor", conversion.bulking_factor, "conversion.bulking_factor"
    )
    if reserve is Unit.M3_IN_SITU:
        return _factor(line, loose_to_in_situ(H_n), line.work.provision("conversion.loose_to_in_situ"))
    D = _parameter(line, "D", "Thể trọng tự nhiên", "Natural density", conversion.density, "conversion.density")
    return _factor(line, loose_to_tonne(H_n, D), line.work.provision("conversion.loose_to_tonne"))


_GRADED = {
    GradedKind.ORE_GRADE: ("conversion.ore_grade", "conversion.price_grade", "C"),
    GradedKind.CONCENTRATE: ("conversion.concentrate", "conversion.concentrate_grade", "C_tq"),
    GradedKind.COMPONENT: ("conversion.component", "conversion.price_grade", "C"),
}


def _graded(line: Line, conversion: Conversion, kind: GradedKind) -> Traced:
    rule, grade_of_price, symbol = _GRADED[kind]
    C_m = _grade(line, conversion)
    C = _parameter(
        line, symbol, "Hàm lượng của bảng giá", "Grade of the price", conversion.price_grade, grade_of_price, conversion
    )
    return _factor(line, grade_ratio(C_m, C), line.work.provision(rule))


def _grade(line: Line, conversion: Conversion) -> Traced:
    return _parameter(
        line, "C_m", "Hàm lượng trung bình", "Average grade", conversion.grade, "conversion.grade", conversion
    )


def chosen_band(line: Line, price: BandedPrice) -> Choice | None:
    """The band that holds the rounded grade; ``None`` after writing down which band breaks the list."""
    places = line.work.places()
    bands = rounded_edges(price.bands, places)
    fault = first_fault(bands)
    if fault is not None:
        line.refuse(
            Code.INVALID_INPUT,
            (line.price_field, "bands", fault),
            "Các khoảng hàm lượng phải tăng dần, liền nhau, không hở, không chồng; chỉ khoảng đầu được mở dưới và "
            "khoảng cuối mở trên (from: ≥, above: >, below: <, to: ≤).",
            "Bands must ascend and join without hole or overlap; only the first may be open below and the last open "
            "above (from: >=, above: >, below: <, to: <=).",
        )
        return None
    grade = round_grade(line.given.conversion.grade, places)
    return None if grade is None else choose(bands, grade)


def _banded(line: Line, conversion: Conversion, choice: Choice) -> Traced:
    C_m = _grade(line, conversion)
    if choice.edge is None:
        return _one(line, choice.provision)
    cite = line.work.provision(choice.provision)
    edge = line.define(
        choice.edge_symbol,
        "Hàm lượng tại cận của bảng giá",
        "Grade at the edge of the list",
        Traced.of(choice.edge_symbol + line.mark, choice.edge),
        GRADE_UNITS[conversion.grade_unit],
        cite,
    )
    return _factor(line, grade_ratio(C_m, edge), cite)


def _kaolin(line: Line, conversion: Conversion, state: KaolinState) -> Traced:
    if conversion.kaolin_state is state:
        return _one(line, "conversion.kaolin_same_state")
    H_th = _parameter(
        line, "H_th", "Độ thu hồi dưới rây", "Recovery under the sieve", conversion.kaolin_recovery,
        "conversion.kaolin_recovery",
    )  # fmt: skip
    if state is KaolinState.UNSIEVED:
        one = Traced.of("1", 1)
        factor = unsieved_price_sieved_reserve(one, H_th)
        return _factor(line, factor, line.work.provision("conversion.kaolin_unsieved_to_sieved"))
    return _factor(
        line, sieved_price_unsieved_reserve(H_th), line.work.provision("conversion.kaolin_sieved_to_unsieved")
    )


def _determined(line: Line, conversion: Conversion) -> Traced:
    cite = line.work.provision("conversion.determined")
    assert conversion.factor is not None
    line.work.trace.caution(
        "user_factor",
        line.name._replace(
            vi=f"Hệ số quy đổi{line.name.vi} do cơ quan xác định, người dùng nhập; căn cứ: {conversion.factor_source}.",
            en=f"The conversion factor{line.name.en} is the authority's own, as entered; source: {conversion.factor_source}.",
        ),
        cite,
    )
    return _factor(line, Traced.of("K_qđ" + line.mark, conversion.factor), cite)


def _one(line: Line, provision: str) -> Traced:
    return _factor(line, Traced.of("1", 1), line.work.provision(provision))


def _factor(line: Line, number: Traced, cite: tuple[Citation, ...]) -> Traced:
    return line.define("K_qđ", "Hệ số quy đổi", "Conversion factor", number.rounded(line.work.places()), "1", cite)


def _parameter(
    line: Line,
    symbol: str,
    vi: str,
    en: str,
    value: Decimal | None,
    provision: str,
    graded: Conversion | None = None,
) -> Traced:
    assert value is not None  # _complete() saw it
    unit = _PARAMETER_UNITS.get(symbol, "1") if graded is None else GRADE_UNITS[graded.grade_unit]
    given = Traced.of(symbol + line.mark, value)
    return line.define(symbol, vi, en, given.rounded(line.work.places()), unit, line.work.provision(provision))
