"""Problems as values: one run reports every problem of a dossier, each with its address and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]
"""Where a value stands in the input, for example ``("minerals", 0, "price", "amount")``."""


class Code(StrEnum):
    """The stable error codes of the compute contract."""

    INVALID_INPUT = "invalid_input"
    NOT_IN_FORCE = "not_in_force"
    NO_RULE_AT_DATE = "no_rule_at_date"
    MISSING_PARAMETER = "missing_parameter"
    UNIT_MISMATCH = "unit_mismatch"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: a code, the field (``None`` for the case as a whole) and the text in both languages."""

    code: Code
    path: Path | None
    message_vi: str
    message_en: str

    @property
    def field(self) -> str | None:
        """The path as users write it: ``minerals[0].price.amount``."""
        return None if self.path is None else field_name(self.path)


def field_name(path: Path) -> str:
    """Print a path as ``minerals[0].price.amount``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class Refusal(Exception):  # noqa: N818 - the engine refuses a case; nothing went wrong inside
    """A case cannot be computed; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message_en for problem in problems))
        self.problems = tuple(problems)
