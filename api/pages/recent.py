"""Where does the report of an import stay while the officer reads it? The last few, in the memory of the process.

The counts and changes stay in the store for good; the findings are in the report alone and, for each licence, its gaps.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import Final

from api.imports.report import ImportReport

_KEPT: Final = 8


class RecentReports:
    """The last reports by an unguessable name; safe between threads."""

    def __init__(self) -> None:
        self._reports: OrderedDict[str, ImportReport] = OrderedDict()
        self._lock = Lock()

    def keep(self, report: ImportReport) -> str:
        """Keep a report and return its name; the oldest makes room."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._reports[name] = report
            while len(self._reports) > _KEPT:
                self._reports.popitem(last=False)
        return name

    def find(self, name: str) -> ImportReport | None:
        """The report of that name, while it is kept."""
        with self._lock:
            return self._reports.get(name)
