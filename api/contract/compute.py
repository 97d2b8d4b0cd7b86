"""One case in, one result out. Everything wrong with a case is reported at once, first in the order of the input."""

from __future__ import annotations

import copy
from typing import Any, cast

from pydantic import ValidationError

from api.contract.kinds import KINDS, Case, Kind
from api.contract.problems import duplicate_names, in_input_order, of_validation, problem_json
from api.contract.reading import Unreadable, has_duplicates, is_too_deep, read_json
from api.contract.types import LARGEST, LARGEST_SUM, is_identifier
from rules.errors import Code, Path, Problem, Refusal
from rules.lawbook import LawBook, law_book

Json = dict[str, Any]


def compute_line(text: bytes | str, book: LawBook | None = None) -> Json:
    """Compute one case from its JSON text; an unreadable text is an error result like any other."""
    try:
        document = read_json(text)
    except Unreadable as unreadable:
        return _error(None, None, [_problem(None, unreadable.vi, unreadable.en)])
    return compute(document, book)


def compute(document: Any, book: LawBook | None = None) -> Json:
    """Compute one case of the contract: a result with trace and cautions, or an error with all its problems.

    ``document`` is the parsed JSON (decimals as strings, money and counts as integers). Never raises for bad input.
    """
    book = book or law_book()
    if not isinstance(document, dict):
        return _error(
            None, None, [_problem(None, "Một hồ sơ phải là một đối tượng JSON.", "A case must be a JSON object.")]
        )
    if is_too_deep(document):
        return _error(None, None, [_problem(None, "JSON lồng quá sâu.", "The JSON is nested too deeply.")])
    given_id = document.get("id")
    identifier = given_id if is_identifier(given_id) else None
    name = document.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        known = ", ".join(KINDS)
        given = name if isinstance(name, str) else None
        return _error(
            identifier,
            given,
            [_problem(("kind",), f"kind phải là một trong: {known}.", f"kind must be one of: {known}.")],
        )
    try:
        computed = _read(kind, document, book).compute(book)
        if _too_large(computed.result):
            raise Refusal([_TOO_LARGE])
    except Refusal as refusal:
        return _error(identifier, name, in_input_order(refusal.problems, document))
    return {
        "id": identifier,
        "kind": name,
        "ok": True,
        "result": computed.result,
        "trace": computed.trace,
        "cautions": computed.cautions,
        "not_applied": computed.not_applied,
        "law": {"digest": book.digest},
    }


_TOO_LARGE = Problem(
    code=Code.OUT_OF_RANGE,
    path=None,
    message_vi="Kết quả có số vượt 10^18: kiểm tra số tiền, đơn vị, mức thu và bước giá đã nhập.",
    message_en="A number of the result exceeds 10^18: check the amounts, units, rates and steps entered.",
)


def _too_large(result: Any) -> bool:
    """Whether a number lies beyond the limit of every total (a kind with a clearer word for it refuses before)."""
    if isinstance(result, dict):
        return any(map(_too_large, result.values()))
    if isinstance(result, list):
        return any(map(_too_large, result))
    return isinstance(result, int) and abs(result) > LARGEST_SUM


def _read(kind: Kind, document: Json, book: LawBook) -> Case:
    """The validated case. Raises :class:`Refusal` with the problems of its shape and of what its sound parts mean."""
    problems = list(duplicate_names(document)) if has_duplicates(document) else []
    for check in kind.across_fields:
        problems.extend(check(document))
    try:
        case = cast(Case, kind.model.model_validate(document))
    except ValidationError as error:
        problems.extend(of_validation(error))
    if not problems:
        return case
    raise Refusal([*problems, *_of_sound_parts(kind, document, problems, book)])


def _of_sound_parts(kind: Kind, document: Json, problems: list[Problem], book: LawBook) -> list[Problem]:
    """What the law refuses in the parts that were well formed, so that nobody has to ask twice."""
    faulty = {problem.path for problem in problems if problem.path}
    repaired = _repaired(document, faulty)
    still = [problem for check in kind.across_fields for problem in check(repaired)]
    if any(problem.path and problem.path[0] == "minerals" for problem in still):
        return []  # a mineral lacks what nothing can stand in for
    try:
        cast(Case, kind.model.model_validate(repaired)).compute(book)
    except Refusal as refusal:
        return [one for one in refusal.problems if one.path is not None and not _touches(one.path, faulty)]
    except ValidationError:
        return []  # what is broken cannot be left out: the dates, the licence, a price
    return []


_STAND_INS: Json = {"quantity": str(LARGEST), "flow_m3_per_day": "1", "term_days": 1}
"""For a broken quantity of a mineral, on which no other check depends."""
_STAND_IN_SUMS: Json = {"amount_vnd": 0, "quantity": "0", "provincial_price_vnd": 1, "overburden_m3": "0"}
"""The same for a case of one sum."""


def _repaired(document: Json, faulty: set[Path]) -> Json:
    """The document without its broken fields; a broken quantity is stood in for."""
    repaired = copy.deepcopy(document)
    for path in faulty:
        inner: Any = repaired
        for part in path[:-1]:
            inner = _inside(inner, part)
        if isinstance(inner, dict):
            inner.pop(path[-1], None)
            stand_ins = _STAND_INS if path[0] == "minerals" else _STAND_IN_SUMS if len(path) == 1 else {}
            if path[-1] in stand_ins:
                inner[path[-1]] = stand_ins[path[-1]]
    return repaired


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def _touches(path: Path, faulty: set[Path]) -> bool:
    return any(path[: len(one)] == one or one[: len(path)] == path for one in faulty)


def _problem(path: Path | None, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def _error(identifier: str | int | None, kind: str | None, problems: list[Problem]) -> Json:
    listed = [problem_json(problem) for problem in problems]
    return {"id": identifier, "kind": kind, "ok": False, "error": listed[0], "errors": listed}
