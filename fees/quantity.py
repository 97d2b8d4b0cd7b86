"""Which quantity is charged? Decree 193/2025 Art. 133; Decree 67/2019 Art. 6."""

from __future__ import annotations

from typing import TypeVar

from fees.case import Flow, Group, Volume
from fees.line import Line
from rules.citation import Citation
from rules.errors import Code
from rules.number import Number, Traced
from rules.trace import Text

N = TypeVar("N", bound=Number)

_EXEMPTIBLE_GROUPS = (Group.III, Group.IV)


def water_quantity(Q_ll: N, T_cp: N, T_kt: N, hours: N) -> N:
    """Mineral and hot water, m³: flow (m³/day) x term (days) x hours a day / 24 (Art. 133(2))."""
    return Q_ll * T_cp * T_kt / hours


def net_quantity(Q_gp: N, Q_mt: N) -> N:
    """Licensed quantity less the exempt volume (Law 54/2024 Art. 98(3))."""
    return Q_gp - Q_mt


def charged_quantity(line: Line, group: Group) -> Traced | None:
    """Quantity Q (*trữ lượng, khối lượng tính tiền*) in the line's unit; ``None`` after writing down what is wrong."""
    if not _exemption_fits(line, group):
        return None
    match line.given.amount:
        case Flow() as flow:
            label = Text("Khối lượng nước tính tiền", "Quantity of water charged")
            term = Text("Thời hạn khai thác", "Licence term")
            return flow_quantity(line, flow, "quantity.water", "Q", label, term)
        case Volume() as volume:
            return _volume(line, volume, group)


def _volume(line: Line, volume: Volume, group: Group) -> Traced:
    cite = _where(line, group)
    licensed = Traced.of("Q" + line.mark, volume.quantity)
    unit = volume.unit.value
    if not line.given.exempt:
        return line.define("Q", "Trữ lượng, khối lượng tính tiền", "Quantity charged", licensed, unit, cite)
    exempt_cite = line.work.provision("quantity.exempt")
    licensed.formula = licensed.formula.replace("Q", "Q_gp")
    Q_gp = line.define("Q_gp", "Trữ lượng, khối lượng được phép", "Licensed quantity", licensed, unit, cite)
    exempt = Traced.of("Q_mt" + line.mark, line.given.exempt)
    Q_mt = line.define("Q_mt", "Khối lượng không phải nộp tiền", "Exempt quantity", exempt, unit, exempt_cite)
    return line.define(
        "Q",
        "Trữ lượng, khối lượng tính tiền",
        "Quantity charged",
        net_quantity(Q_gp, Q_mt),
        unit,
        (*cite, *exempt_cite),
    )


def _where(line: Line, group: Group) -> tuple[Citation, ...]:
    """The clause the quantity rests on: recovered material, group IV, or the licence's own reserve."""
    work = line.work
    name = "quantity.licensed"
    if line.given.discard is not None:
        name = "quantity.recovered"
    elif group is Group.IV:
        name = "quantity.group_iv"
    row = work.find(name)
    return row.cites if row is not None else work.provision("quantity.licensed")


def flow_quantity(line: Line, flow: Flow, provision: str, symbol: str, label: Text, term: Text) -> Traced:
    """Q of mineral or hot water from its flow: ``term`` names the days that are counted, ``label`` what they give."""
    work = line.work
    cite = work.provision(provision)
    full_day = work.law("water.hours_per_day")
    silent = flow.hours_per_day is None
    hours = full_day.number() if flow.hours_per_day is None else flow.hours_per_day
    Q_ll = line.define(
        "Q_ll", "Lưu lượng khai thác", "Flow", Traced.of("Q_ll" + line.mark, flow.flow_m3_per_day), "m3/day", cite
    )
    T_cp = line.define("T_cp", term.vi, term.en, Traced.of("T_cp" + line.mark, flow.term_days), "day", cite)
    T_kt = line.define(
        "T_kt",
        "Thời gian khai thác trong ngày" + (" (giấy phép không quy định)" if silent else ""),
        "Hours of extraction a day" + (" (licence is silent)" if silent else ""),
        Traced.of("T_kt" + line.mark, hours),
        "hour/day",
        full_day.cites,
    )
    whole_day = Traced.of("24 giờ", full_day.number())
    number = water_quantity(Q_ll, T_cp, T_kt, whole_day)
    return line.define(symbol, label.vi, label.en, number, "m3_water", cite)


def _exemption_fits(line: Line, group: Group) -> bool:
    """Law 54/2024 Art. 98(3)(b): groups III and IV only, never peat or waters, never more than the licence allows."""
    exempt = line.given.exempt
    if not exempt:
        return True
    field = ("exempt_quantity",)
    mineral = line.work.book.minerals[line.given.mineral]
    if group not in _EXEMPTIBLE_GROUPS or not mineral.exemptible:
        line.refuse(
            Code.OUT_OF_RANGE,
            field,
            f"Khối lượng không phải nộp chỉ áp dụng cho nhóm III (trừ than bùn, nước khoáng, nước nóng) và nhóm IV; "
            f"đây là {mineral.name.vi}, nhóm {group}. Bỏ khối lượng này hoặc sửa nhóm.",
            f"Exempt quantities exist for group III (except peat and waters) and group IV only; this is "
            f"{mineral.name.en}, group {group}. Remove it or correct the group (Law 54/2024 Art. 98(3)).",
        )
        return False
    if isinstance(line.given.amount, Volume) and exempt > line.given.amount.quantity:
        line.refuse(
            Code.OUT_OF_RANGE,
            field,
            f"Khối lượng không phải nộp ({exempt}) lớn hơn khối lượng được phép ({line.given.amount.quantity}).",
            f"The exempt quantity ({exempt}) exceeds the licensed quantity ({line.given.amount.quantity}).",
        )
        return False
    return True
