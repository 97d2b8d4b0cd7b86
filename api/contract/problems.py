"""Problems at the edge: from pydantic's errors to the contract's, in the order of the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from api.contract.across import missing
from api.contract.prices import PRICE_KINDS
from api.contract.reading import Twice
from api.contract.rights import RIGHTS
from rules.errors import Code, Path, Problem

_TEXTS = {
    "extra_forbidden": ("Trường không có trong mẫu hồ sơ; kiểm tra chính tả hoặc bỏ đi.", "Unknown field; check its spelling or remove it."),
    "too_short": ("Phải có ít nhất một dòng.", "At least one entry is needed."),
    "too_long": ("Quá nhiều dòng trong một hồ sơ; tách thành nhiều hồ sơ.", "Too many entries in one case; split it."),
    "list_type": ("Phải là một danh sách.", "Must be an array."),
    "model_type": ("Phải là một đối tượng JSON.", "Must be a JSON object."),
    "model_attributes_type": ("Phải là một đối tượng JSON.", "Must be a JSON object."),
}  # fmt: skip
_OBJECT_TYPES = ("dict_type", "model_type", "model_attributes_type")
_PRICE_FIELDS = ("price", "cutoff_price")


def of_validation(error: ValidationError) -> Iterator[Problem]:
    """The contract's problems for pydantic's errors."""
    for one in error.errors(include_url=False, include_input=False):
        path = tuple(part for index, part in enumerate(one["loc"]) if not _is_tag(one["loc"], index))
        kind = one["type"]
        context = one.get("ctx", {})
        if kind == "missing":
            yield missing(path)
        elif kind == "union_tag_not_found":
            yield missing((*path, _tag_of(path)))
        elif kind == "union_tag_invalid":
            listed = ", ".join(RIGHTS if _tag_of(path) == "by" else PRICE_KINDS)
            yield _wrong((*path, _tag_of(path)), f"Phải là một trong: {listed}.", f"Must be one of: {listed}.")
        elif "vi" in context:
            yield _wrong(path, context["vi"], context["en"])
        else:
            vi, en = _TEXTS.get(kind, ("Giá trị không hợp lệ.", one["msg"]))
            yield _wrong(path, vi, en)


def _is_tag(loc: tuple[str | int, ...], index: int) -> bool:
    """Pydantic names the chosen price kind in its path; the input has no such level."""
    holder = loc[index - 1] if index else None
    return (holder in _PRICE_FIELDS and loc[index] in PRICE_KINDS) or (holder == "right" and loc[index] in RIGHTS)


def _tag_of(path: Path) -> str:
    """The name that tells the forms of an object apart: ``by`` of a right, ``kind`` of a price."""
    return "by" if path[-1] == "right" else "kind"


def duplicate_names(value: Any, path: Path = ()) -> Iterator[Problem]:
    """Names that stand twice in one object: which of the two was meant is not for the engine to choose."""
    if isinstance(value, Twice):
        for name in value.names:
            yield _wrong(
                (*path, name),
                "Tên trường xuất hiện hai lần; giữ một giá trị.",
                "The field stands twice; keep one value.",
            )
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from duplicate_names(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from duplicate_names(inner, (*path, index))


def in_input_order(problems: Iterable[Problem], document: Any) -> list[Problem]:
    """Sort by place in the input; a missing field counts at the end of its parent, the case as a whole comes last."""
    unique = {(problem.code, problem.path): problem for problem in reversed(list(problems))}
    ordered = list(reversed(unique.values()))
    return sorted(ordered, key=lambda problem: _place(problem.path, document))


def _place(path: Path | None, document: Any) -> tuple[int, tuple[int, ...]]:
    if path is None:
        return 1, ()
    place: list[int] = []
    inner = document
    for part in path:
        if isinstance(inner, dict):
            place.append(list(inner).index(part) if part in inner else len(inner))
            inner = inner.get(part) if isinstance(part, str) else None
        elif isinstance(inner, list) and isinstance(part, int):
            place.append(part)
            inner = inner[part] if part < len(inner) else None
        else:
            place.append(0)
    return 0, tuple(place)


def _wrong(path: Path, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem in the shape of the contract."""
    return {
        "code": problem.code.value,
        "field": problem.field,
        "message_vi": problem.message_vi,
        "message_en": problem.message_en,
    }
