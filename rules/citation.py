"""Where a number or a rule comes from, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict


class Confidence(StrEnum):
    """How well a row of the law book is established; carried into every result that uses the row."""

    VERIFIED = "VERIFIED"
    """The legal text itself was read."""
    SECONDARY = "SECONDARY"
    """An agency page, newspaper, digest or data set was read."""
    RECALLED = "RECALLED"
    """From memory; never shown without a caution."""
    OPEN = "OPEN"
    """Not established: the engine asks, it never guesses."""


class CitationJson(TypedDict):
    """The shape a citation has in results: instrument number, place in it, confidence."""

    instrument: str
    at: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place in a legal instrument, for example ``193/2025/NĐ-CP``, ``Điều 132 khoản 1``."""

    instrument: str
    at: str
    confidence: Confidence
    json: CitationJson = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        as_json = CitationJson(instrument=self.instrument, at=self.at, confidence=self.confidence.value)
        object.__setattr__(self, "json", as_json)
