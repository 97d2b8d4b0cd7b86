"""``khoangsan calendar``: the duties of one licence or of all, as a table, JSON, a calendar file or a workbook."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session, col, select

from api.commands.import_options import DEFAULT_DATABASE
from api.commands.import_report import refuse
from api.duties.facts import LicenceDuties, Span, all_duties, licence_duties
from api.duties.ics import calendar_ics
from api.pages.obligationview import as_json, view, workbook
from api.pages.speech import Speech
from api.store.engine import StoreError, open_store
from api.store.migrate import migrate
from api.store.models import Licence
from rules.formats import Lang
from rules.lawbook import law_book

_AHEAD: Final = timedelta(days=548)
_LONGEST: Final = 100
_DAY: Final = ["%d/%m/%Y", "%Y-%m-%d"]


class Form(StrEnum):
    """How the calendar is written."""

    TABLE = "table"
    JSON = "json"
    ICS = "ics"
    XLSX = "xlsx"


class Words(StrEnum):
    """Language of tables and workbooks."""

    VI = "vi"
    EN = "en"


def calendar(
    licence: Annotated[str | None, typer.Argument(metavar="LICENCE", help="Số giấy phép / Number of a licence")] = None,
    every: Annotated[bool, typer.Option("--all", help="Mọi giấy phép / All licences")] = False,
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="Từ ngày / First day")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Đến ngày / Last day")] = None,
    form: Annotated[Form, typer.Option("--format", help="Dạng / Format")] = Form.TABLE,
    out: Annotated[
        Path | None, typer.Option("--out", help="Ghi vào tệp (bắt buộc với xlsx) / Write to a file (needed for xlsx)")
    ] = None,
    lang: Annotated[Words, typer.Option(help="Ngôn ngữ / Language")] = Words.VI,
    database: Annotated[
        str, typer.Option("--database", envvar="KHOANGSAN_DATABASE_URL", help="Cơ sở dữ liệu / Database URL")
    ] = DEFAULT_DATABASE,
) -> None:
    """Lịch nghĩa vụ: phải nộp gì, từ bao giờ, việc tiếp theo, vì sao / The duties of a licence, with day, sum and article.

    Mã thoát 0: có lịch; 2: gọi sai hoặc không có giấy phép. / Exit status 0: written; 2: wrong call or no such licence.
    """
    span = _span(first, last)
    if (licence is None) is not every:
        refuse("Nêu số giấy phép, hoặc --all cho mọi giấy phép.", "Name a licence, or --all for all licences.")
    if form is Form.XLSX and out is None:
        refuse("Dạng xlsx cần --out TỆP.xlsx.", "The form xlsx needs --out FILE.xlsx.")
    if form is Form.ICS and every:
        refuse("Dạng ics cho từng giấy phép: nêu số giấy phép.", "The form ics is of one licence: name it.")
    t = Speech(_lang(lang))
    try:
        store = open_store(database)
        migrate(store)
        with store.session() as session:
            found = _found(session, licence, span)
            if form is Form.ICS and len(found) > 1:
                refuse(
                    "Nhiều giấy phép trùng số này: dùng --format json.", "Several licences share it: use --format json."
                )
            if form is Form.TABLE and out is None:
                _print(found, span, t)
            else:
                _write(_content(form, found, span, t), out)
        store.close()
    except StoreError as error:
        refuse(error.message_vi, error.message_en)
    except OSError as error:
        refuse(f"Không ghi được {error.filename or out}.", f"{error.filename or out} cannot be written.")


def _span(first: datetime | None, last: datetime | None) -> Span:
    from api.app import today

    on = today()
    start = on if first is None else first.date()
    end = start + _AHEAD if last is None else last.date()
    if not 0 <= end.year - start.year <= _LONGEST or end < start or end.year > on.year + _LONGEST:
        refuse(
            f"Khoảng ngày {start:%d/%m/%Y} – {end:%d/%m/%Y} không hợp lệ: --to không trước --from, dài nhất {_LONGEST} năm.",
            f"The span {start} to {end} is not valid: --to is not before --from, at most {_LONGEST} years.",
        )
    return Span(as_of=on, first=start, last=end)


def _lang(words: Words) -> Lang:
    return "vi" if words is Words.VI else "en"


def _found(session: Session, number: str | None, span: Span) -> list[LicenceDuties]:
    if number is None:
        return list(all_duties(session, span, law_book()))
    named = list(session.exec(select(Licence).where(col(Licence.number) == number.strip()).limit(2)).all())
    if not named:
        refuse(
            f"Sổ đăng ký không có giấy phép số {number}: kiểm tra số, ví dụ 211/GP-UBND.",
            f"The register has no licence {number}: check the number, such as 211/GP-UBND.",
        )
    return [licence_duties(session, one, span, law_book()) for one in named]


def _content(form: Form, found: list[LicenceDuties], span: Span, t: Speech) -> bytes:
    match form:
        case Form.ICS:
            licence = found[0].licence
            assert licence.id is not None
            return calendar_ics(licence.id, licence.number or f"#{licence.id}", found[0].duties, span.as_of)
        case Form.XLSX:
            return workbook(found, span, t)
        case Form.JSON:
            return (json.dumps(as_json(found, span, law_book().digest), ensure_ascii=False, indent=2) + "\n").encode()
        case Form.TABLE:
            with Console(record=True, width=_LONGEST * 2, quiet=True) as console:
                _print(found, span, t, console)
                return console.export_text().encode()


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)


def _print(found: list[LicenceDuties], span: Span, t: Speech, console: Console | None = None) -> None:
    table = Table(title=f"{t('Lịch nghĩa vụ', 'Duties')} {t.day(span.first)} – {t.day(span.last)}")
    for name in (
        t("Hạn", "Due"), t("Giấy phép", "Licence"), t("Nghĩa vụ", "Duty"), t("Kỳ", "Period"), t("Số tiền", "Amount"),
        t("Tình trạng", "State"), t("Căn cứ", "Citation"),
    ):  # fmt: skip
        table.add_column(name, no_wrap=name in (t("Hạn", "Due"), t("Số tiền", "Amount")))
    rows = [(duty.rule.due_on if duty.rule else date.max, one, duty) for one in found for duty in one.duties]
    for _, one, duty in sorted(rows, key=lambda row: (row[0], row[1].licence.id or 0, row[2].key)):
        seen = view(one, duty, t, span)
        cite = f"{seen['cites'][0]['at']}, {seen['cites'][0]['instrument']}" if seen["cites"] else seen["why"]
        cells = (
            seen["due"] or "–", seen["licence"], seen["title"], seen["period"], seen["open"] or seen["amount"],
            seen["state"], cite,
        )  # fmt: skip
        table.add_row(*(escape(cell) for cell in cells))
    shown = console or Console()
    shown.print(table)
    for one in found:
        if one.lacks is not None:
            shown.print(f"{one.licence.number or f'#{one.licence.id}'}: {t.text(one.lacks)}", markup=False)
