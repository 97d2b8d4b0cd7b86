"""How many examples a property draws: few in ``make test``, many in ``make gates``."""

from __future__ import annotations

import os

FULL = os.environ.get("KHOANGSAN_GATES") == "full"


def examples(few: int, many: int) -> int:
    return many if FULL else few
