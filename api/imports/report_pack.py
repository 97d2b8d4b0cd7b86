"""How does a report become a few bytes that any process can read again, also after a restart?

JSON, deflated: findings and changes repeat their words, so ten thousand rows come to some hundred kilobytes. The names
of the columns stand once in front, so that a report written by another version is read by name.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from api.imports.findings import Finding, Place, Severity, Unreadable
from api.imports.report import FieldChange, ImportReport, RowChange

_PLAIN: Final = (
    *("file_name", "sha256", "rows", "new", "unchanged", "set_aside", "batch_id", "kind", "preview", "removed"),
)
_FINDING: Final = tuple(one.name for one in fields(Finding))
_CHANGE: Final = tuple(one.name for one in fields(FieldChange))
_PROBLEM: Final = tuple(one.name for one in fields(Unreadable))


def pack(report: ImportReport) -> bytes:
    """The report as bytes; ``unpack`` gives an equal one."""
    told = {
        "facts": {name: getattr(report, name) for name in _PLAIN},
        "imported_at": report.imported_at.isoformat(),
        "today": report.today.isoformat(),
        "problem": None if report.problem is None else {name: getattr(report.problem, name) for name in _PROBLEM},
        "columns": {"findings": _FINDING, "changes": _CHANGE},
        "findings": [[getattr(one, name) for name in _FINDING] for one in report.findings],
        "changes": [_packed(one) for one in report.changes],
        "added": [_packed(one) for one in report.added],
    }
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(body: bytes) -> ImportReport:
    """The report that was packed."""
    told = json.loads(zlib.decompress(body))
    columns = told["columns"]
    return ImportReport(
        **told["facts"],
        imported_at=datetime.fromisoformat(told["imported_at"]),
        today=date.fromisoformat(told["today"]),
        problem=None if told["problem"] is None else Unreadable(**told["problem"]),
        findings=tuple(_finding(columns["findings"], row) for row in told["findings"]),
        changes=tuple(_changes(columns["changes"], told["changes"])),
        added=tuple(_changes(columns["changes"], told["added"])),
    )


def _packed(row: RowChange) -> list[Any]:
    place = row.place
    facts = [[getattr(one, name) for name in _CHANGE] for one in row.changes]
    return [row.licence_id, row.number, [place.sheet, place.row, place.column], facts]


def _changes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[RowChange]:
    for licence_id, number, (sheet, row, column), facts in rows:
        yield RowChange(
            licence_id=licence_id,
            number=number,
            place=Place(sheet=sheet, row=row, column=column),
            changes=tuple(FieldChange(**dict(zip(columns, fact, strict=True))) for fact in facts),
        )


def _finding(columns: Sequence[str], row: Sequence[Any]) -> Finding:
    told = dict(zip(columns, row, strict=True))
    return Finding(**{**told, "severity": Severity(told["severity"])})
