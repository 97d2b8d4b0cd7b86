"""How is a declared output converted to the unit and state of the reserve? TL_qđ, Decree 193/2025 Annex V.

The parameters are rounded half up to three decimals, then TL_qđ (*tỷ lệ quy đổi sản lượng*) is, as for K_qđ. A pair of
units the Annex does not name takes the authority's own factor (part II.6, from 2026-01-16).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeVar

from fees.bands import round_grade
from fees.case import Conversion, KaolinState
from fees.line import Line
from fees.units import needed_parameters, price_unit
from rules.errors import Code
from rules.number import Number, Traced
from rules.quantity import UNIT_NAMES, Unit

N = TypeVar("N", bound=Number)

KAOLIN = "kaolin"
"""The mineral whose output and reserve differ by the sieve (Annex V II.4)."""

# parameter -> symbol, labels, unit, where it stands
_PARAMETERS: dict[str, tuple[str, str, str, str, str]] = {
    "bulking_factor": ("H_n", "Hệ số nở rời", "Bulking factor", "1", "output.bulking_factor"),
    "density": ("D", "Thể trọng tự nhiên", "Natural density", "t/m3", "output.density"),
    "kaolin_recovery": ("H_th", "Độ thu hồi dưới rây", "Recovery under the sieve", "1", "output.kaolin_recovery"),
}


def output_loose_to_in_situ(one: N, H_n: N) -> N:
    """II.1: output in m³ loose, reserve in m³ in the ground."""
    return one / H_n


def output_loose_to_tonne(D: N, H_n: N) -> N:
    """II.2: output in m³ loose, reserve in tonnes."""
    return D / H_n


def output_tonne_to_in_situ(one: N, D: N) -> N:
    """II.3: output in tonnes, reserve in m³ in the ground."""
    return one / D


def output_unsieved_to_sieved(H_th: N) -> N:
    """II.4a: kaolin put out before the sieve, reserve under it."""
    return H_th


def output_sieved_to_unsieved(one: N, H_th: N) -> N:
    """II.4b: kaolin put out under the sieve, reserve before it."""
    return one / H_th


_ONE = Traced.of("1", 1)


class _Rule(NamedTuple):
    """A rule of the Annex: where it stands, the parameters it needs, its formula over them."""

    provision: str
    needed: tuple[str, ...]
    formula: Callable[..., Traced]


_SAME_UNIT = _Rule("output.same_unit", (), lambda: _ONE)
_SAME_STATE = _Rule("output.kaolin_same_state", (), lambda: _ONE)
# (unit of the output, unit of the reserve)
_BY_UNIT: dict[tuple[Unit, Unit], _Rule] = {
    (Unit.M3_LOOSE, Unit.M3_IN_SITU): _Rule(
        "output.loose_to_in_situ", ("bulking_factor",), lambda H_n: output_loose_to_in_situ(_ONE, H_n)
    ),
    (Unit.M3_LOOSE, Unit.TONNE): _Rule("output.loose_to_tonne", ("density", "bulking_factor"), output_loose_to_tonne),
    (Unit.TONNE, Unit.M3_IN_SITU): _Rule(
        "output.tonne_to_in_situ", ("density",), lambda D: output_tonne_to_in_situ(_ONE, D)
    ),
}
# (state of the output, state of the reserve)
_BY_STATE: dict[tuple[KaolinState, KaolinState], _Rule] = {
    (KaolinState.UNSIEVED, KaolinState.SIEVED): _Rule(
        "output.kaolin_unsieved_to_sieved", ("kaolin_recovery",), output_unsieved_to_sieved
    ),
    (KaolinState.SIEVED, KaolinState.UNSIEVED): _Rule(
        "output.kaolin_sieved_to_unsieved", ("kaolin_recovery",), lambda H_th: output_sieved_to_unsieved(_ONE, H_th)
    ),
}


def output_factor(line: Line, output: Unit, reserve: Unit, conversion: Conversion) -> Traced | None:
    """TL_qđ, rounded to three decimals, with the steps before it; ``None`` after writing down what is wrong.

    ``line`` says whose output it is and where its fields stand: problems are written at ``output_unit`` and
    ``conversion`` under its path. The line's price is explained before: a parameter both need is written once. Kaolin is unsieved when it comes out of the mine unless ``output_state`` says otherwise.
    """
    rule = _rule(line, output, reserve, conversion)
    if rule is None:
        return _determined(line, output, reserve, conversion)
    if not _complete(line, rule.needed, conversion):
        return None
    price = line.given.price
    written = needed_parameters(price, price_unit(line.work.book, price, line.price_on), reserve, conversion)
    parameters = [_parameter(line, name, getattr(conversion, name), known=name in written) for name in rule.needed]
    return _factor(line, rule.formula(*parameters), rule.provision)


def _rule(line: Line, output: Unit, reserve: Unit, conversion: Conversion) -> _Rule | None:
    """The rule of the Annex for these units and states, ``None`` where it has none."""
    states = None
    if line.given.mineral == KAOLIN and conversion.kaolin_state is not None:
        states = (conversion.output_state or KaolinState.UNSIEVED, conversion.kaolin_state)
    if states is not None and states[0] is not states[1]:
        return _BY_STATE[states] if output is reserve else None  # no rule changes unit and state at once
    if output is reserve:
        return _SAME_UNIT if states is None else _SAME_STATE
    return _BY_UNIT.get((output, reserve))


def _determined(line: Line, output: Unit, reserve: Unit, conversion: Conversion) -> Traced | None:
    """The authority's own factor (II.6); before its day with the caution ``before_its_article``."""
    if conversion.output_factor is None:
        line.refuse(
            Code.UNIT_MISMATCH,
            ("output_unit",),
            f"Phụ lục V không có quy tắc quy đổi sản lượng theo {UNIT_NAMES[output].vi} ra trữ lượng theo {UNIT_NAMES[reserve].vi}. Khai sản lượng "
            "theo đơn vị của trữ lượng, hoặc nhập hệ số do cơ quan xác định (output_factor, factor_source).",
            f"Annex V has no rule from an output in {UNIT_NAMES[output].en} to a reserve in {UNIT_NAMES[reserve].en}. Declare the output in the unit "
            "of the reserve, or give the authority's factor (output_factor, factor_source).",
        )
        return None
    if not _complete(line, ("output_factor", "factor_source"), conversion):
        return None
    cite = line.work.provision("output.determined")
    line.work.trace.caution(
        "user_factor",
        line.name._replace(
            vi=f"Tỷ lệ quy đổi sản lượng{line.name.vi} do cơ quan xác định, người dùng nhập; căn cứ: "
            f"{conversion.factor_source}.",
            en=f"The output factor{line.name.en} is the authority's own, as entered; source: "
            f"{conversion.factor_source}.",
        ),
        cite,
    )
    return _factor(line, Traced.of("TL_qđ" + line.mark, conversion.output_factor), "output.determined")


def _complete(line: Line, needed: tuple[str, ...], conversion: Conversion) -> bool:
    """Whether the parameters are there and still above 0 once rounded."""
    sound = True
    for name in needed:
        value = getattr(conversion, name)
        if value is None:
            line.refuse(
                Code.MISSING_PARAMETER,
                (line.conversion_field, name),
                f"Thiếu {name} để quy đổi sản lượng: lấy từ báo cáo kết quả thăm dò hoặc văn bản của cơ quan.",
                f"{name} is missing for the conversion of the output: take it from the exploration report or the "
                "authority's document.",
            )
            sound = False
        elif isinstance(value, Decimal) and not round_grade(value, line.work.places()):
            line.refuse(
                Code.INVALID_INPUT,
                (line.conversion_field, name),
                f"{name} bằng 0 sau khi làm tròn đến 3 chữ số thập phân theo Phụ lục V; kiểm tra lại đơn vị.",
                f"{name} is 0 after the rounding to 3 decimals that Annex V asks for; check its unit.",
            )
            sound = False
    return sound


def _parameter(line: Line, name: str, value: Decimal, *, known: bool) -> Traced:
    symbol, vi, en, unit, provision = _PARAMETERS[name]
    given = Traced.of(symbol + line.mark, value)
    if known:
        return Traced.of(symbol + line.mark, given.rounded(line.work.places()).value)
    return line.define(symbol, vi, en, given.rounded(line.work.places()), unit, line.work.provision(provision))


def _factor(line: Line, number: Traced, provision: str) -> Traced:
    return line.define(
        "TL_qđ", "Tỷ lệ quy đổi sản lượng", "Output factor", number.rounded(line.work.places()), "1",
        line.work.provision(provision),
    )  # fmt: skip
