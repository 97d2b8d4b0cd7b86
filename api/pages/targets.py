"""What does the province want to collect? Sample targets of provincial plans; an officer's own stand in the address."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from api.pages.answers import read_decimal, read_whole
from rules.trace import Text

BILLION: Final = 10**9
_LARGEST: Final = Decimal(10**7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target: its name, the figure, where a sample comes from; ``error`` where what was typed is not a figure."""

    name: str
    label: Text
    value: Decimal
    typed: str
    source: Text
    own: bool
    error: Text | None


_LABELS: Final = {
    "collected_share_percent": Text("Tỷ lệ thu (%)", "Collected share (%)"),
    "growth_low_percent": Text("Tăng thu, từ (%)", "Growth, from (%)"),
    "growth_high_percent": Text("Tăng thu, đến (%)", "Growth, to (%)"),
    "revenue_billion_vnd": Text("Thu trong năm (tỷ đồng)", "Revenue of the year (VND billion)"),
}


def targets(asked: Mapping[str, str]) -> dict[str, Target]:
    """The targets, each as asked for in the address, else the sample."""
    found = {}
    for name, row in _samples().items():
        typed = asked.get(name, "").strip()[:30]
        value: Decimal | None = Decimal(row["value"])
        if typed:
            # billions are grouped by people, percents have decimals
            read = read_whole(typed) if name == "revenue_billion_vnd" else read_decimal(typed)
            value = None if isinstance(read, Text) else Decimal(str(read))
        wrong = value is None or value > _LARGEST
        found[name] = Target(
            name=name,
            label=_LABELS[name],
            value=Decimal(row["value"]) if value is None or wrong else value,
            typed=typed or str(row["value"]),
            source=Text(row["source_vi"], row["source_en"]),
            own=bool(typed) and typed != str(row["value"]),
            error=Text("Viết một số như 100 hoặc 22,5.", "Write a number such as 100 or 22.5.") if wrong else None,
        )
    return found


@cache
def _samples() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("api.pages").joinpath("targets.toml").read_text("utf-8"))
