"""Names that the lines of all kinds share."""

from __future__ import annotations

from typing import Annotated

from api.contract.types import one_of
from rules.lawbook import law_book

MineralCode = Annotated[str, one_of(tuple(law_book().minerals), "Mã khoáng sản", "mineral code")]
MOST_LINES = 1000
"""Most entries of one list of a case."""
