"""``/import``: a register file is previewed or imported, its report out; history; undoing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response
from starlette.types import Message

from api.imports.batches import UndoRefusedError
from api.imports.kept_reports import (
    Waiting,
    find_preview,
    find_report,
    keep_waiting,
    name_of,
    report_name,
    take_waiting,
)
from api.imports.reading import ImportLimits
from api.imports.register import import_register
from api.imports.register_undo import undo_register
from api.imports.report import ImportReport
from api.imports.workbook import report_workbook, summary_lines
from api.pages.guard import same_site
from api.pages.rendering import attachment, page, secured
from api.pages.speech import speech_of
from api.pages.summary import fact_text
from api.pages.workbook import XLSX
from api.store.licences import list_register_batches
from api.store.models import ImportBatch
from rules.trace import Text

router = APIRouter()
_MEBIBYTE: Final = 1 << 20
_FORM_BYTES: Final = _MEBIBYTE
"""What a form may weigh beside its file."""
_DRAINED: Final = 20
"""How many times the limit is read off and thrown away, so that the browser gets to see the answer."""
_SHOWN_FINDINGS: Final = 300
_SHOWN_CHANGES: Final = 300
_HISTORY: Final = 50
_LONGEST_NAME: Final = 255
_SUBJECT: Final = "register"
_NO_FILE: Final = Text("Chưa chọn tệp: hãy chọn tệp sổ giấy phép.", "No file was chosen: choose the register file.")

PREVIEW_GONE: Final = Text(
    "Bản xem trước không còn, chưa ghi gì: hãy chọn lại tệp.",
    "The preview is gone, nothing was written: choose the file again.",
)


class TooLargeError(Exception):
    """More bytes came than a file may have."""


@router.get("/import")
def form(request: Request) -> Response:
    """The upload form and the history."""
    return _form(request, None)


@router.post("/import")
async def upload(request: Request) -> Response:
    """Preview or import the file, then show its report at an address that may be loaded again."""
    same_site(request)
    limit = request.app.state.settings.import_max_mb * _MEBIBYTE
    try:
        form = await limited(request, limit + _FORM_BYTES).form(max_files=1, max_fields=10)
    except TooLargeError:
        megabytes = request.app.state.settings.import_max_mb
        return await run_in_threadpool(_form, request, too_large(megabytes), 413)
    except StarletteHTTPException:
        return await run_in_threadpool(_form, request, _NO_FILE, 400)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return await run_in_threadpool(_form, request, _NO_FILE, 400)
        told = _previewed if form.get("do") == "preview" else _imported
        place = await run_in_threadpool(told, request, file)
    finally:
        await form.close()
    return secured(RedirectResponse(place, 303))


@router.get("/import/preview/{name}")
def shown(request: Request, name: str) -> Response:
    """What an import of the previewed file would do, and the button that does it."""
    with request.app.state.store.session() as session:
        found = find_preview(session, name)
    if found is None or found.kind != _SUBJECT:
        return _form(request, PREVIEW_GONE, 404)
    return _report_page(request, found, name)


@router.post("/import/preview/{name}")
def confirm(request: Request, name: str) -> Response:
    """Import the previewed file."""
    same_site(request)
    waiting = take_waiting(request.app.state.store, name)
    if waiting is None:
        return _form(request, PREVIEW_GONE, 404)
    done = _run(request, BytesIO(waiting.data), waiting.file_name, preview=False)
    place = f"/import/reports/{report_name(request.app.state.store, done)}"
    return secured(RedirectResponse(place, 303))


@router.get("/import/reports/{name}")
def report(request: Request, name: str) -> Response:
    """The report of an import."""
    return _report_page(request, _report(request, name), name)


def _report_page(request: Request, found: ImportReport, name: str) -> Response:
    work = [one for one in found.findings if one.needs_work]
    told = [one for one in found.findings if not one.needs_work]
    t = speech_of(request)
    return page(
        request,
        "import_report.html",
        400 if found.problem else 200,
        report=found,
        name=name,
        summary=[(t(vi, en), value) for vi, en, value in summary_lines(found) if vi] if not found.problem else [],
        work=work[:_SHOWN_FINDINGS],
        told=told[:_SHOWN_FINDINGS],
        hidden=max(len(work) - _SHOWN_FINDINGS, 0) + max(len(told) - _SHOWN_FINDINGS, 0),
        changes=found.changes[:_SHOWN_CHANGES],
        fact_text=fact_text,
        hidden_changes=max(len(found.changes) - _SHOWN_CHANGES, 0),
    )


@router.get("/import/reports/{name}/report.xlsx")
def report_file(request: Request, name: str) -> Response:
    """The whole report, or a preview, as a workbook."""
    return attachment(report_workbook(_report(request, name)), "bao-cao-nhap-so.xlsx", XLSX)


@router.get("/import/batches/{batch_id}")
def batch(request: Request, batch_id: str) -> Response:
    """What a past import changed."""
    if not (batch_id.isascii() and batch_id.isdigit() and len(batch_id) < 19):
        raise HTTPException(404)
    with request.app.state.store.session() as session:
        found = session.get(ImportBatch, int(batch_id))
        full = name_of(session, (_SUBJECT,), int(batch_id))
    if found is None:
        raise HTTPException(404)
    changes: list[Mapping[str, Any]] = found.report.get("changes", [])
    return page(
        request,
        "import_batch.html",
        batch=found,
        full=full,
        fact_text=fact_text,
        changes=changes[:_SHOWN_CHANGES],
        hidden_changes=max(len(changes) - _SHOWN_CHANGES, 0),
    )


@router.post("/import/undo/{batch_id}")
def take_back(request: Request, batch_id: str) -> Response:
    """Undo one import of a register as a whole, or say why not."""
    same_site(request)
    if not (batch_id.isascii() and batch_id.isdigit() and len(batch_id) < 19):
        raise HTTPException(404)
    try:
        undo_register(request.app.state.store, int(batch_id), now=datetime.now(UTC))
    except UndoRefusedError as error:
        return _form(request, error.reason, 409)
    return secured(RedirectResponse("/import#history", 303))


def _imported(request: Request, file: UploadFile) -> str:
    done = _run(request, file.file, clean_name(file), preview=False)
    return f"/import/reports/{report_name(request.app.state.store, done)}"


def _previewed(request: Request, file: UploadFile) -> str:
    name, data = clean_name(file), file.file.read()
    found = _run(request, BytesIO(data), name, preview=True)
    waiting = Waiting(file_name=name, given={}, data=data)
    return f"/import/preview/{keep_waiting(request.app.state.store, found, waiting)}"


def _run(request: Request, file: BinaryIO, name: str, *, preview: bool) -> ImportReport:
    state = request.app.state
    return import_register(
        state.store,
        file,
        file_name=name,
        now=datetime.now(UTC),
        today=state.today(),
        preview=preview,
        limits=ImportLimits(max_bytes=state.settings.import_max_mb * _MEBIBYTE),
    )


def _form(request: Request, problem: Text | None, status: int = 200) -> Response:
    with request.app.state.store.session() as session:
        batches = list_register_batches(session, limit=_HISTORY)
    limit = request.app.state.settings.import_max_mb
    return page(request, "import.html", status, batches=batches, problem=problem, limit=limit)


def clean_name(file: UploadFile) -> str:
    """The name a file came with, as it is kept."""
    return (file.filename or "").replace("\0", "")[:_LONGEST_NAME]


def too_large(megabytes: int) -> Text:
    """What to do about a file above the limit."""
    return Text(
        f"Tệp quá giới hạn {megabytes} MB: hãy chỉ giữ trang sổ giấy phép, bỏ ảnh, hoặc chia tệp.",
        f"The file is above the limit of {megabytes} MB: keep only the register sheet, remove pictures, or split it.",
    )


def _report(request: Request, name: str) -> ImportReport:
    with request.app.state.store.session() as session:
        found = find_report(session, name) or find_preview(session, name)
    if found is None or found.kind != _SUBJECT:
        raise HTTPException(404)
    return found


def limited(request: Request, most: int) -> Request:
    """The same request, which raises once more than ``most`` bytes have come."""
    receive, come = request.receive, 0

    async def counted() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > most:
            while message.get("more_body") and come < most * _DRAINED:
                message = await receive()
                come += len(message.get("body", b""))
            raise TooLargeError
        return message

    return Request(request.scope, counted)
