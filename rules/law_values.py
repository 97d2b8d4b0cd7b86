"""Reading the value of a row by the kind its parameter declares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.lawbook import Deadline, MonthDay, Value
from rules.strict import Table
from rules.trace import Text


def read_value(table: Table, key: str, kind: str, raw: Any) -> Value:
    """Turn a TOML value into the value type of ``kind``; a wrong one is reported under ``key``."""
    value: Value = None
    if kind == "number" and (type(raw) is int or isinstance(raw, Decimal)):
        value = Decimal(raw) if raw >= 0 else None
    elif kind == "whole" and type(raw) is int and raw >= 0:
        value = Decimal(raw)
    elif (kind == "text" and isinstance(raw, str)) or (kind == "date" and type(raw) is date):
        value = raw
    elif kind == "deadline" and isinstance(raw, dict):
        value = _deadline(raw)
    elif kind == "month_day" and isinstance(raw, dict):
        value = _month_day(raw)
    elif kind == "yearly_dates" and isinstance(raw, list):
        days = [_month_day(one) for one in raw]
        value = tuple(day for day in days if day is not None) if None not in days else None
    if value is None:
        table.problem(key, f"is not a {kind}")
    return value


def exists_every_year(month: Any, day: Any) -> bool:
    """Whether a month and a day make a date in every year."""
    try:
        date(2023, month, day)  # any common year
    except (TypeError, ValueError):
        return False
    return True


def _deadline(raw: dict[str, Any]) -> Deadline | None:
    if set(raw) != {"days", "count", "from_vi", "from_en"} or raw["count"] not in ("calendar", "working"):
        return None
    if type(raw["days"]) is not int or raw["days"] < 1:
        return None
    return Deadline(days=raw["days"], working=raw["count"] == "working", starts=Text(raw["from_vi"], raw["from_en"]))


def _month_day(raw: Any) -> MonthDay | None:
    if not isinstance(raw, dict) or set(raw) != {"month", "day"}:
        return None
    if not exists_every_year(raw["month"], raw["day"]):
        return None
    return MonthDay(month=raw["month"], day=raw["day"])
