"""What is the same in every import of a plain office table: how it is called, and which licence a row means."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO, Protocol

from api.imports.cells import Doubt
from api.imports.fields import Subject
from api.imports.findings import Finding
from api.imports.licence_lookup import Known, LicenceIndex
from api.imports.office_import import OfficeRow, Planner, import_office
from api.imports.reading import ImportLimits
from api.imports.report import ImportReport
from api.store.engine import Store


class Importer(Protocol):
    """Reads a table (CSV in UTF-8 or .xlsx, a seekable stream) into the store, or only says what that would do."""

    def __call__(
        self,
        store: Store,
        stream: BinaryIO,
        *,
        file_name: str,
        now: datetime,
        today: date,
        preview: bool = False,
        limits: ImportLimits | None = None,
    ) -> ImportReport:
        """The report; a file that cannot be read gives one with ``problem`` and leaves the store as it was."""
        ...


def importer_of(subject: Subject, planner: Planner) -> Importer:
    """The import of a subject whose plan needs nothing but the file."""

    def importer(
        store: Store,
        stream: BinaryIO,
        *,
        file_name: str,
        now: datetime,
        today: date,
        preview: bool = False,
        limits: ImportLimits | None = None,
    ) -> ImportReport:
        return import_office(
            store, stream, subject, planner, file_name=file_name, now=now, today=today, preview=preview, limits=limits
        )

    return importer


def licence_of(row: OfficeRow, register: LicenceIndex) -> Known | Finding:
    """The licence a row means, or the finding that says why none was taken."""
    licence = register.find(row.values)
    if isinstance(licence, Doubt):
        return row.finding(licence.code, "number" if "number" in row.values else "holder", **licence.words)
    return licence
