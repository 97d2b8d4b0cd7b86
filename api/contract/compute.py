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
    if any(path[0] != "minerals" and not _may_be_absent(kind, path) for path in faulty):
        return []
    lines = document.get("minerals")
    if not isinstance(lines, list):
        return []
    broken = {path[1] for path in faulty if path[0] == "minerals" and len(path) > 1}
    sound = [index for index in range(len(lines)) if index not in broken]
    if not sound or ("minerals",) in faulty:
        return []
    pruned = {name: value for name, value in document.items() if (name,) not in {path[:1] for path in faulty}}
    pruned["minerals"] = [lines[index] for index in sound]
    try:
        kind.model.model_validate(pruned).compute(book)
    except Refusal as refusal:
        return [_moved(problem, sound) for problem in refusal.problems if problem.path is not None]
    except ValidationError:
        return []
    return []


def _may_be_absent(kind: Kind, path: Path) -> bool:
    field = kind.model.model_fields.get(str(path[0]))
    return field is None or not field.is_required()


def _moved(problem: Problem, sound: list[int]) -> Problem:
    path = problem.path
    if path is not None and len(path) > 1 and path[0] == "minerals" and isinstance(path[1], int):
        path = ("minerals", sound[path[1]], *path[2:])
    return Problem(code=problem.code, path=path, message_vi=problem.message_vi, message_en=problem.message_en)


def _problem(path: Path | None, vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def _error(identifier: str | int | None, kind: str | None, problems: list[Problem]) -> Json:
    listed = [problem_json(problem) for problem in problems]
    return {"id": identifier, "kind": kind, "ok": False, "error": listed[0], "errors": listed}
