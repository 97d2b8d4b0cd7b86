"""What did an import do? The counts, every difference, every finding, and the exit status."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from api.imports.findings import Finding, Place, Unreadable

OK, NEEDS_WORK, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One fact of a licence before and after; ``None`` where it was or became empty."""

    field: str
    label_vi: str
    label_en: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A stored row that the file says something else about, or a new one: its number in the store, where, what.

    ``licence_id`` is 0 where the row is no licence, or new.
    """

    licence_id: int
    number: str | None
    place: Place
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The outcome of reading one file.

    ``rows`` counts the filled rows below the headers: each is new, unchanged, changed or set aside (headings, totals,
    each with a finding). ``problem`` is set when the file could not be read; nothing was stored then. ``batch_id`` is
    ``None`` when nothing had to be stored. ``kind`` is the subject of the file, ``preview`` a report of what an import
    would do; imports of office tables also list the ``added`` rows and count the ``removed`` ones.
    """

    file_name: str
    sha256: str
    imported_at: datetime
    today: date
    rows: int = 0
    new: int = 0
    unchanged: int = 0
    set_aside: int = 0
    changes: tuple[RowChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: Unreadable | None = None
    batch_id: int | None = field(default=None, compare=False)
    kind: str = "register"
    preview: bool = False
    added: tuple[RowChange, ...] = ()
    removed: int = 0

    @property
    def changed(self) -> int:
        """How many licences the file changed."""
        return len(self.changes)

    @property
    def work(self) -> int:
        """How many findings need somebody."""
        return sum(finding.needs_work for finding in self.findings)

    @property
    def exit_status(self) -> int:
        """0: all is well. 1: findings need work. 2: the file could not be read."""
        if self.problem is not None:
            return UNREADABLE
        return NEEDS_WORK if self.work else OK

    def by_code(self) -> dict[str, int]:
        """How many findings there are of each kind, the most frequent first."""
        return dict(Counter(finding.code for finding in self.findings).most_common())

    def summary(self) -> dict[str, Any]:
        """The report as JSON, without the findings that stay with each licence as its gaps."""
        return {
            "findings": self.by_code(),
            "changes": [asdict(change) for change in self.changes],
            "today": self.today.isoformat(),
        }
