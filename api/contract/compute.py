"""One case in, one result out. Everything wrong with a case is reported at once, first in the order of the input."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from api.contract.kinds import KINDS, Kind
from api.contract.problems import duplicate_names, in_input_order, of_validation, problem_json
from api.contract.reading import Twice, Unreadable, read_json
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
    identifier = document.get("id")
    if not isinstance(identifier, str) and type(identifier) is not int:
        identifier = None
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


def _read(kind: Kind, document: Json, book: LawBook) -> Any:
    """The validated case. Raises :class:`Refusal` with the problems of its shape and of what its sound parts mean."""
    problems = list(duplicate_names(document)) if _has_duplicates(document) else []
    for check in kind.across_fields:
        problems.extend(check(document))
    try:
        case = kind.model.model_validate(document)
    except ValidationError as error:
        problems.extend(of_validation(error))
    if not problems:
        return case
    raise Refusal([*problems, *_of_sound_parts(kind, document, problems, book)])


def _has_duplicates(value: Any) -> bool:
    if isinstance(value, Twice):
        return True
    if isinstance(value, dict):
        return any(map(_has_duplicates, value.values()))
    return isinstance(value, list) and any(map(_has_duplicates, value))


def _of_sound_parts(kind: Kind, document: Json, problems: list[Problem], book: LawBook) -> list[Problem]:
    """What the law refuses in the parts that were well formed, so that nobody has to ask twice."""
    faulty = {problem.path for problem in problems if problem.path}
    try:
        kind.model.model_validate(_repaired(kind, document, faulty)).compute(book)
    except Refusal as refusal:
        return [one for one in refusal.problems if one.path is not None and not _touches(one.path, faulty)]
    except ValidationError:
        return []  # what is broken cannot be left out: the dates, the licence, a price
    return []


_NEUTRAL: Json = {"quantity": "1", "quantity_unit": None, "flow_m3_per_day": "1", "term_days": 1}
"""Stand-ins for a broken required field of a mineral, on which no other check depends."""


def _repaired(kind: Kind, document: Json, faulty: set[Path]) -> Json:
    """The document without its broken optional parts; a broken quantity is stood in for, a unit is not."""
    required = {name for name, field in kind.model.model_fields.items() if field.is_required()}
    dropped = {path[0] for path in faulty if path[0] not in required}
    repaired = {name: value for name, value in document.items() if name not in dropped}
    if isinstance(document.get("minerals"), list):
        repaired["minerals"] = [
            _repaired_line(line, {path[2] for path in faulty if path[:2] == ("minerals", index) and len(path) > 2})
            for index, line in enumerate(document["minerals"])
        ]
    return repaired


def _repaired_line(line: Any, broken: set[str | int]) -> Any:
    if not isinstance(line, dict):
        return line
    kept = {name: value for name, value in line.items() if name not in broken}
    return kept | {name: value for name, value in _NEUTRAL.items() if name in broken and value is not None}


def _touches(path: Path, faulty: set[Path]) -> bool:
    return any(path[: len(one)] == one for one in faulty)


def _problem(path: Path | None, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def _error(identifier: str | int | None, kind: str | None, problems: list[Problem]) -> Json:
    listed = [problem_json(problem) for problem in problems]
    return {"id": identifier, "kind": kind, "ok": False, "error": listed[0], "errors": listed}
