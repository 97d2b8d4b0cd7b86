"""Every way to spoil one field of a document: wrong types, missing and unknown fields, bad texts (extra ``testing``)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from fees.testing_results import Json
from rules.errors import Code, Path, field_name

_LARGEST: Final = 10**15
_DECIMAL: Final[tuple[Any, ...]] = (
    7, True, [], "", " 5", "-1", "+1", "05", ".5", "5.", "1e6", "1E+6", "1,000", "1.000.000", "1 000", "1_000", "0x10",
    "NaN", "Infinity", "½", "１２", "7/3", str(_LARGEST + 1), "9" * 400,
)  # fmt: skip
_MONEY: Final[tuple[Any, ...]] = ("90000", True, [], 0, -1, _LARGEST + 1)
_COUNT: Final[tuple[Any, ...]] = ("10", True, [], 0, -1)
_DATE: Final[tuple[Any, ...]] = (
    20260302, True, [], "", "02/03/2026", "2026-3-2", "2026-02-30", "2026-13-01", "0000-01-01", "2026-03-02T00:00:00",
)  # fmt: skip
_MONTH: Final[tuple[Any, ...]] = (
    202608,
    True,
    [],
    "",
    "08/2026",
    "2026-8",
    "2026-13",
    "2026-00",
    "0000-01",
    "2026-08-01",
)
_FLAG: Final[tuple[Any, ...]] = ("true", 1, 0, [], "không")
_NAME: Final[tuple[Any, ...]] = ("chưa có", "", 3, True, [])
_OBJECT: Final[tuple[Any, ...]] = ("x", 3, True, [])
_LIST: Final[tuple[Any, ...]] = ("x", 3, True, {})
_IDENTIFIER: Final[tuple[Any, ...]] = (True, [], {})

_FAULTS: Final[dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(("approved_on", "issued_on", "expires_on", "tax_notice_on"), _DATE),
    **dict.fromkeys(("due_on", "paid_on", "granted_on", "set_on"), _DATE),
    "period": _MONTH,
    **dict.fromkeys(("with_due_date", "salvage"), _FLAG),
    **dict.fromkeys(("overburden_m3", "planned_quantity"), _DECIMAL),
    **dict.fromkeys(("selling_price_vnd", "area_ha", "capacity_m3_per_year"), (*_DECIMAL, "0")),
    "grade_share_percent": (*_DECIMAL, "0", "100.001"),
    **dict.fromkeys(
        ("provincial_price_vnd", "rate_vnd_per_unit", "resource_tax_price_vnd", "level_vnd_per_unit"), _MONEY
    ),
    **dict.fromkeys(("amount_vnd", "exploration_cost_vnd"), ("90000", True, [], -1, 10**18 + 1)),
    **dict.fromkeys(("licence_class", "procedure", "frame_line"), _NAME),
    "resource_code": ("", 3, True, []),
    **dict.fromkeys(("quantity", "flow_m3_per_day", "winning_rate_percent", "rate_percent"), (*_DECIMAL, "0", "0.00")),
    **dict.fromkeys(("bulking_factor", "density", "grade", "price_grade", "factor"), (*_DECIMAL, "0")),
    **dict.fromkeys(("exempt_quantity", "from", "above"), _DECIMAL),
    **dict.fromkeys(("below", "to"), (*_DECIMAL, "0")),
    "kaolin_recovery": (*_DECIMAL, "0", "1.001"),
    "hours_per_day": (*_DECIMAL, "0", "24.5"),
    **dict.fromkeys(("amount", "price_amount"), _MONEY),
    **dict.fromkeys(("term_days", "year", "rounding_vnd"), _COUNT),
    **dict.fromkeys(("mineral", "quantity_unit", "unit", "group", "as", "grade_unit", "kaolin_state"), _NAME),
    **dict.fromkeys(("mining_method", "area", "licensed_by", "split", "kind"), _NAME),
    **dict.fromkeys(("factor_source", "code"), ("", 3, True, [])),
    **dict.fromkeys(("licence", "price", "conversion"), _OBJECT),
    **dict.fromkeys(("minerals", "bands"), (*_LIST, [])),
    "repricing": _LIST,
    "id": _IDENTIFIER,
}
_OPTIONAL: Final = frozenset(
    {
        "id", "tax_notice_on", "rounding_vnd", "exempt_quantity", "conversion", "winning_rate_percent", "as",
        "hours_per_day", "split", "repricing", "grade_unit", "selling_price_vnd", "with_due_date", "salvage",
        "grade_share_percent", "frame_line", "procedure", "resource_code",
    }
)  # fmt: skip


_NIL_MONTHS: Final = frozenset({"provincial_price_vnd", "rate_vnd_per_unit"})
"""What a return carries beside its quantity, which may be 0."""


class Broken(NamedTuple):
    """A document with one fault: the code and the field that ``error`` must name (``None``: the case as a whole).

    A ``field`` that ends in ``*`` names the object in which the engine may point at any part.
    """

    document: Json
    field: str | None
    code: Code
    what: str


def spoiled(document: Json) -> Iterator[Broken]:
    """A sound document with one field spoiled, missing, null or unknown; ``invalid_input`` each."""
    yield Broken({**document, "colour": "blue"}, "colour", Code.INVALID_INPUT, "unknown field")
    for path, value, parent in _walk(document):
        name = path[-1]
        if isinstance(value, dict):
            yield _broken(document, (*path, "colour"), _setter("colour", "blue"), "unknown field")
        if not isinstance(name, str) or value is None:
            continue
        for fault in _FAULTS.get(name, ()):
            if fault in ("0", "0.00") and name == "quantity" and parent.keys() & _NIL_MONTHS:
                continue
            yield _broken(document, path, _setter(name, fault), f"{name} = {_shown(fault)}")
        if _is_required(path, parent):
            yield _broken(document, path, _remover(name), f"{name} is missing")
            yield _broken(document, path, _setter(name, None), f"{name} is null")


def changed(document: Json, path: Path, change: Callable[[Any], Any]) -> Json:
    """A copy of a document with ``change`` made to the object at ``path``."""
    copied = copy.deepcopy(document)
    inner: Any = copied
    for part in path:
        inner = inner[part]
    change(inner)
    return copied


def _broken(document: Json, path: Path, change: Callable[[Any], Any], what: str) -> Broken:
    return Broken(changed(document, path[:-1], change), field_name(path), Code.INVALID_INPUT, what)


def _remover(name: str) -> Callable[[Any], None]:
    def remove(parent: Any) -> None:
        del parent[name]

    return remove


def _setter(name: str, value: Any) -> Callable[[Any], None]:
    def put(parent: Any) -> None:
        parent[name] = value

    return put


def _is_required(path: Path, parent: Json) -> bool:
    """Whether a field may not be absent where it stands; conversion parameters are asked for by their price."""
    name = path[-1]
    if name in _OPTIONAL or "conversion" in path:
        return False
    if name == "unit":
        return len(path) > 1 and parent.get("kind") not in (None, "frame_average")  # the unit of a price
    if name == "mineral" and "rate_vnd_per_unit" in parent:
        return False  # it only names a line of the environmental fee
    if len(path) > 2 and path[-3] in ("bands", "repricing"):
        return name in ("amount", "year")
    return True


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Every value below the top, with its path and its parent."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, one in inner:
        yield (*path, part), one, value
        yield from _walk(one, (*path, part))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 30 else text[:29] + "…"
