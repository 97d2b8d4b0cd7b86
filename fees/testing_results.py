"""Small readings of documents and results that the checks share (extra ``testing``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from fees.testing_trace import BrokenInvariant

Json = dict[str, Any]
"""A JSON object."""

Compute = Callable[[Json], Json]
"""An engine of the compute contract: one parsed document in, one result out."""


def require(holds: bool, message: str) -> None:
    """Raise :class:`BrokenInvariant` unless ``holds``; unlike ``assert`` it also holds under ``python -O``."""
    if not holds:
        raise BrokenInvariant(message)


def computed(compute: Compute, document: Json) -> Json:
    """The result of a document that must compute."""
    answer = compute(document)
    require(answer.get("ok") is True, f"a sound document is refused: {answer.get('errors')}")
    return answer


def number_of(text: str) -> Fraction:
    """The value of a decimal or ``n/d`` as results print them."""
    return Fraction(text)


def step_of_rounding(document: Json) -> int:
    """To how many đồng the printed lines of a document are rounded."""
    return document.get("rounding_vnd") or 1


def figures_of(value: Any, path: str = "") -> Iterator[tuple[str, Fraction]]:
    """Every number of a result with its path; names, dates and null are none."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from figures_of(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from figures_of(inner, f"{path}[{index}]")
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, Fraction(value)
    elif isinstance(value, str):
        try:
            yield path, Fraction(value)
        except ValueError:
            return


def words_of(trace: Sequence[Json]) -> str:
    """The symbols and labels of a trace, where a year may be named."""
    return "\n".join(f"{step['symbol']} {step['label_vi']} {step['label_en']}" for step in trace)
