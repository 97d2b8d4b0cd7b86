"""What does the province want to collect? Its own targets as it keeps them; samples of provincial plans where it has none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from api.pages.answers import read_decimal, read_whole
from api.store.targets import Own, ProvinceTarget
from rules.trace import Text

BILLION: Final = 10**9
LONGEST_SOURCE: Final = 300
_LARGEST: Final = Decimal(10**7)
_LOW, _HIGH, _REVENUE = "growth_low_percent", "growth_high_percent", "revenue_billion_vnd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target: its name, the figure that holds, the sample's; where both come from. ``own``: the province set it."""

    name: str
    label: Text
    value: Decimal
    source: Text
    own: bool
    sample: Decimal
    sample_source: Text


_LABELS: Final = {
    "collected_share_percent": Text("Tỷ lệ thu (%)", "Collected share (%)"),
    _LOW: Text("Tăng thu, từ (%)", "Growth, from (%)"),
    _HIGH: Text("Tăng thu, đến (%)", "Growth, to (%)"),
    _REVENUE: Text("Thu trong năm (tỷ đồng)", "Revenue of the year (VND billion)"),
}


def targets(own: Mapping[str, ProvinceTarget]) -> dict[str, Target]:
    """The targets that hold: the province's own, the sample where it has none."""
    found = {}
    for name, row in _samples().items():
        sample, source = Decimal(row["value"]), Text(row["source_vi"], row["source_en"])
        mine = own.get(name)
        found[name] = Target(
            name=name,
            label=_LABELS[name],
            value=sample if mine is None else Decimal(mine.value),
            source=source if mine is None else Text(mine.source, mine.source),
            own=mine is not None,
            sample=sample,
            sample_source=source,
        )
    return found


def read_targets(given: Mapping[str, str]) -> tuple[dict[str, Own | None], dict[str, Text]]:
    """The targets that were typed (empty: the sample holds), and what is wrong, by field; ``name_source`` is the plan."""
    wanted: dict[str, Own | None] = {}
    errors: dict[str, Text] = {}
    for name in _samples():
        text, source = given.get(name, "").strip(), given.get(f"{name}_source", "").strip()
        wanted[name] = None
        if not text:
            if source:
                errors[name] = Text(
                    "Nhập chỉ tiêu của văn bản này, hoặc xóa văn bản.", "Enter the target, or clear its plan."
                )
            continue
        # billions are grouped by people, percents have decimals
        read = read_whole(text) if name == _REVENUE else read_decimal(text)
        value = None if isinstance(read, Text) else Decimal(str(read))
        if value is None or value > _LARGEST:
            errors[name] = Text("Viết một số như 100 hoặc 22,5.", "Write a number such as 100 or 22.5.")
        else:
            wanted[name] = Own(value, source)
        if not source:
            errors[f"{name}_source"] = Text(
                "Ghi kế hoạch, nghị quyết đặt chỉ tiêu này.", "Name the plan that sets this target."
            )
        elif len(source) > LONGEST_SOURCE:
            errors[f"{name}_source"] = Text(
                f"Dài quá {LONGEST_SOURCE} ký tự.", f"Longer than {LONGEST_SOURCE} characters."
            )
    if not errors and _of(wanted, _LOW) > _of(wanted, _HIGH):
        errors[_HIGH] = Text("Mức tăng cao nhất nhỏ hơn mức thấp nhất.", "The highest growth lies below the lowest.")
    return wanted, errors


def _of(wanted: Mapping[str, Own | None], name: str) -> Decimal:
    own = wanted[name]
    return Decimal(_samples()[name]["value"]) if own is None else own.value


@cache
def _samples() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("api.pages").joinpath("targets.toml").read_text("utf-8"))
