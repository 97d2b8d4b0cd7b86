"""How does any office table come in: read, compared with the store, shown or written, never half?

Each kind of table gives a ``Plan``: the rows it wants in the store. A preview reports what the plan would do; an import
does it in one transaction and notes every row's state before (``api.imports.batches``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from sqlmodel import Session, SQLModel, select

from api.imports.aliases import Aliases, load_aliases
from api.imports.batches import OFFICE_LOCK, Edits, write_batch
from api.imports.cells import is_blank
from api.imports.fields import Subject
from api.imports.findings import Finding, Place, finding
from api.imports.headers import Header, find_header
from api.imports.kept_reports import keep_with_batch
from api.imports.own_sheets import OWN_SHEETS
from api.imports.reading import ImportLimits, digest
from api.imports.report import FieldChange, ImportReport, RowChange
from api.imports.tables import Row, UnreadableError, tables
from api.imports.values import Value, missing_columns, not_told, read_values, set_aside
from api.imports.year_columns import by_period
from api.store.engine import Store

_SOURCE: Final = frozenset(("source_sheet", "source_row"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """One row of a table as read: field -> value, the columns as headed, and where it stands."""

    values: Mapping[str, Value]
    header: Header
    sheet: str | None
    number: int

    def place(self, field_name: str | None = None) -> Place:
        """Where the row, or one of its fields, stands."""
        column = self.header.fields.get(field_name or "")
        return Place(sheet=self.sheet, row=self.number, column=None if column is None else self.header.names[column])

    def finding(self, code: str, field_name: str | None = None, **words: object) -> Finding:
        """A finding about the row or one of its fields."""
        value = self.values.get(field_name or "")
        return finding(
            code,
            self.place(field_name),
            field=field_name,
            value=None if value is None else _shown(value),
            words=words,
        )


@dataclass(slots=True, kw_only=True)
class OfficeReading:
    """The rows of a file in its order, how many were set aside, what was noticed."""

    rows: list[OfficeRow] = field(default_factory=list)
    seen: int = 0
    set_aside: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A row the store shall hold: the values that tell it apart, its other values, what to call it."""

    key: tuple[Any, ...]
    values: Mapping[str, Any]
    label: str
    place: Place
    licence_id: int = 0


@dataclass(slots=True, kw_only=True)
class Plan:
    """What an import wants. ``stored`` are the rows it may change, by key; those in ``gone`` are taken out."""

    model: type[SQLModel]
    labels: Mapping[str, tuple[str, str]]
    wanted: list[Wanted]
    stored: Mapping[tuple[Any, ...], SQLModel]
    gone: Sequence[SQLModel] = ()
    findings: list[Finding] = field(default_factory=list)


Planner = Callable[[Session, OfficeReading, Aliases, ImportReport], Plan]


def import_office(
    store: Store,
    stream: BinaryIO,
    subject: Subject,
    planner: Planner,
    *,
    file_name: str,
    now: datetime,
    today: date,
    preview: bool,
    limits: ImportLimits | None = None,
) -> ImportReport:
    """Read a table into the store, or only say what that would do.

    A file that cannot be read gives a report with ``problem`` and exit status 2, and leaves the store as it was.
    """
    limits = limits or ImportLimits()
    report = ImportReport(
        file_name=file_name, sha256="", imported_at=now, today=today, kind=subject.name, preview=preview
    )
    try:
        report = replace(report, sha256=digest(stream, limits))
        with store.session() as session:
            aliases = load_aliases(session, subject)
        reading = read_office(stream, aliases, limits)
    except UnreadableError as error:
        return replace(report, problem=error.problem)
    report = replace(report, rows=reading.seen, set_aside=reading.set_aside)
    with store.session() if preview else store.write(lock=OFFICE_LOCK) as session:
        plan = planner(session, reading, aliases, report)
        # a row with a column for each year may lack the same thing once for each year
        plan.findings = list(dict.fromkeys((*reading.findings, *plan.findings)))
        return carry_out(session, plan, report)


def carry_out(session: Session, plan: Plan, report: ImportReport) -> ImportReport:
    """Compare the plan with the store; write it unless the report is a preview."""
    edits = Edits(new=[], changed=[], removed=list(plan.gone))
    added: list[RowChange] = []
    changes: list[RowChange] = []
    for one in plan.wanted:
        row = plan.stored.get(one.key)
        if row is None:
            edits.new.append(plan.model(**one.values))
            added.append(_change(one, _differences(None, one, plan.labels)))
        elif found := _differences(row, one, plan.labels):
            edits.changed.append((row, dict(one.values)))
            changes.append(_change(one, found))
    report = replace(
        report,
        new=len(added),
        unchanged=len(plan.wanted) - len(added) - len(changes),
        changes=tuple(changes),
        added=tuple(added),
        removed=len(edits.removed),
        findings=tuple(sorted(plan.findings, key=lambda one: (one.sheet or "", one.row or 0))),
    )
    if report.preview:
        return report
    report = replace(report, batch_id=write_batch(session, report, edits))
    if report.batch_id is not None:
        keep_with_batch(session, report)
    return report


def read_office(stream: BinaryIO, aliases: Aliases, limits: ImportLimits) -> OfficeReading:
    """Every row of every sheet that has a header. Raises ``UnreadableError`` when there is no such sheet."""
    result = OfficeReading()
    headed = False
    for table in tables(stream, max_unpacked_bytes=limits.max_unpacked_bytes):
        found = find_header(table, aliases)
        if found is None:
            if table.name not in OWN_SHEETS and next(table.readings[0](), None) is not None:
                result.findings.append(finding("sheet_without_header", Place(sheet=table.name)))
            continue
        headed = True
        header, rows = found
        result.findings += [*header.findings, *missing_columns(header, table.name, aliases.subject)]
        if header.years:
            told = sorted({one.first.year for one in header.years.values()})
            words = {"count": len(header.years), "years": f"{told[0]}-{told[-1]}"}
            result.findings.append(
                finding("columns_are_years", Place(sheet=table.name, row=header.first_row), words=words)
            )
        for row in rows:
            _take(result, row, header, table.name, aliases)
    if not headed:
        raise no_header(aliases.subject)
    return result


def no_header(subject: Subject) -> UnreadableError:
    """The file has no row that names enough columns of the subject."""
    needed = [names[0] for names in subject.needed]
    vi = ", ".join(subject.fields[name].label_vi for name in needed)
    en = ", ".join(subject.fields[name].label_en for name in needed)
    return UnreadableError(
        "no_header",
        f"Không tìm thấy dòng tên cột trong 50 dòng đầu: cần ít nhất ba cột nhận ra được, trong đó có: {vi}; nếu tệp dùng "
        "tên cột khác, hãy khai báo tên cột.",
        f"No header row in the first 50 rows: at least three known columns are needed, among them: {en}; if the file "
        "uses other names, map them.",
    )


def rows_by_key(session: Session, model: type[SQLModel], key: Sequence[str]) -> dict[tuple[Any, ...], SQLModel]:
    """All rows of a table by the values of some columns."""
    return {tuple(getattr(row, name) for name in key): row for row in session.exec(select(model)).all()}


def once_each(rows: Iterable[tuple[OfficeRow, Wanted]], findings: list[Finding]) -> list[Wanted]:
    """The wanted rows without repetition: the same twice is told, two that contradict each other are not taken."""
    by_key: dict[tuple[Any, ...], list[tuple[OfficeRow, Wanted]]] = {}
    for pair in rows:
        by_key.setdefault(pair[1].key, []).append(pair)
    kept = []
    for pairs in by_key.values():
        first_row, first = pairs[0]
        others = [pair for pair in pairs[1:] if _facts(pair[1]) != _facts(first)]
        if others:
            for row, _ in pairs:
                other = others[0][0] if row is first_row else first_row
                findings.append(row.finding("row_contradicts", other=_named(other)))
            continue
        findings += [row.finding("row_repeated", other=_named(first_row)) for row, _ in pairs[1:]]
        kept.append(first)
    return kept


def _take(result: OfficeReading, row: Row, header: Header, sheet: str | None, aliases: Aliases) -> None:
    if all(is_blank(cell) or column in row.shared for column, cell in enumerate(row.cells)):
        return
    result.seen += 1
    if aside := set_aside(row, header, sheet, "not_a_row"):
        result.set_aside += 1
        result.findings.append(aside)
        return
    values, unread, found = read_values(row, header, sheet, aliases)
    result.findings += found
    if not aliases.subject.headings:
        lacking = not_told({*values, *unread}, header, sheet, row.number, aliases.subject)
        # what no column carries is said once for the file
        result.findings += [gap for gap in lacking if gap.column is not None]
    one = OfficeRow(values=values, header=header, sheet=sheet, number=row.number)
    if not header.years:
        result.rows.append(one)
        return
    years = list(_by_year(one, row, aliases, result.findings))
    result.seen += max(len(years) - 1, 0)
    result.rows += years
    if not years:
        result.findings.append(one.finding("nothing_told"))


def _by_year(one: OfficeRow, row: Row, aliases: Aliases, findings: list[Finding]) -> Iterator[OfficeRow]:
    """What a row with a column for each year says of each year of which it says anything."""
    for (first, last), columns in by_period(one.header.years).items():
        header = replace(one.header, fields=columns)
        values, unread, found = read_values(row, header, one.sheet, aliases)
        findings += found
        if not values and not unread:
            continue
        values |= {"year": str(first.year), "starts_on": first, "ends_on": last}
        for name, unit in (("output", "unit"), ("product_output", "product_unit")):
            said = one.header.years[columns[name]].unit if name in columns else None
            if said and unit not in one.values:
                values[unit] = said
        # a finding about the year points to the column that stands for it
        fields = {"year": min(columns.values()), **one.header.fields, **columns}
        yield OfficeRow(
            values={**one.values, **values},
            header=replace(one.header, fields=fields),
            sheet=one.sheet,
            number=one.number,
        )


def _differences(
    row: SQLModel | None, wanted: Wanted, labels: Mapping[str, tuple[str, str]]
) -> tuple[FieldChange, ...]:
    found = []
    for name, value in wanted.values.items():
        old = None if row is None else getattr(row, name)
        if name in _SOURCE or old == value:
            continue
        vi, en = labels.get(name, (name, name))
        found.append(FieldChange(field=name, label_vi=vi, label_en=en, old=_shown(old), new=_shown(value)))
    return tuple(found)


def _change(wanted: Wanted, changes: tuple[FieldChange, ...]) -> RowChange:
    return RowChange(licence_id=wanted.licence_id, number=wanted.label, place=wanted.place, changes=changes)


def _facts(wanted: Wanted) -> dict[str, Any]:
    return {name: value for name, value in wanted.values.items() if name not in _SOURCE}


def _named(row: OfficeRow) -> str:
    return f"{row.number} ({row.sheet})" if row.sheet else str(row.number)


def _shown(value: object) -> str | None:
    match value:
        case None:
            return None
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return str(value)
