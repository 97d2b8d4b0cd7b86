"""``/import/office``: output, prices, payments, loads: a file is previewed first, then imported; history; undoing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from api.imports.batches import UndoRefusedError, undo
from api.imports.gaps import import_gaps
from api.imports.kept_reports import (
    Waiting,
    find_preview,
    find_report,
    keep_waiting,
    names_of,
    report_name,
    take_waiting,
)
from api.imports.outputs import import_outputs
from api.imports.payments import import_payments
from api.imports.prices import ListFacts, import_prices
from api.imports.reading import ImportLimits
from api.imports.report import ImportReport
from api.imports.weighbridge import import_weighbridge
from api.imports.workbook import report_workbook, summary_lines
from api.pages.answers import read_day
from api.pages.guard import same_site
from api.pages.imports import PREVIEW_GONE, TooLargeError, clean_name, limited, too_large
from api.pages.rendering import attachment, page, secured
from api.pages.speech import speech_of
from api.pages.workbook import XLSX
from api.store.office_data import list_batches
from rules.quantity import Unit
from rules.trace import Text

router = APIRouter()
_MEBIBYTE: Final = 1 << 20
_LONGEST: Final = 300
_SHOWN: Final = 200
KINDS: Final = {
    "output": Text("Sản lượng kê khai", "Declared output"),
    "prices": Text("Bảng giá tính thuế tài nguyên", "Price list of the resource tax"),
    "payments": Text("Khoản nộp do cơ quan thuế thống kê", "Payments listed by the tax office"),
    "gaps": Text("Bảng còn thiếu đã điền (sổ quyết toán)", "What was missing, filled in (province's workbook)"),
    "weighbridge": Text("Lượt cân", "Weighbridge loads"),
}
_NO_FILE: Final = Text("Chưa chọn tệp.", "No file was chosen.")
_NO_KIND: Final = Text("Chọn loại dữ liệu của tệp.", "Choose what the file holds.")
_ANSWERS: Final = ("kind", "m3", "decision", "valid_from", "valid_to", "region", "amends", "sample", "whole", "scale")


@router.get("/import/office")
def form(request: Request) -> Response:
    """The form and the history."""
    return _form(request, {}, None)


@router.post("/import/office")
async def preview(request: Request) -> Response:
    """Read the file and say what an import would do; nothing is written."""
    same_site(request)
    megabytes = request.app.state.settings.import_max_mb
    try:
        sent = await limited(request, megabytes * _MEBIBYTE + _MEBIBYTE).form(max_files=1, max_fields=30)
    except TooLargeError:
        return await run_in_threadpool(_form, request, {}, too_large(megabytes), 413)
    except StarletteHTTPException:
        return await run_in_threadpool(_form, request, {}, _NO_FILE, 400)
    try:
        given = {
            name: value.replace("\0", "").strip()[:_LONGEST]
            for name, value in sent.items()
            if isinstance(value, str) and name in _ANSWERS
        }
        file = sent.get("file")
        problem = _problem(given)
        if problem is None and (not isinstance(file, UploadFile) or not file.filename):
            problem = _NO_FILE
        if problem is not None or not isinstance(file, UploadFile):
            return await run_in_threadpool(_form, request, given, problem, 422)
        name = await run_in_threadpool(_previewed, request, file, given)
    finally:
        await sent.close()
    return secured(RedirectResponse(f"/import/office/preview/{name}", 303))


@router.get("/import/office/preview/{name}")
def shown(request: Request, name: str) -> Response:
    """What an import of the previewed file would do, and the button that does it."""
    found = _found(request, "preview", name)
    return _form(request, {}, PREVIEW_GONE, 404) if found is None else _report(request, found, name)


@router.post("/import/office/preview/{name}")
def confirm(request: Request, name: str) -> Response:
    """Import the previewed file, as it was previewed."""
    same_site(request)
    store = request.app.state.store
    waiting = take_waiting(store, name)
    if waiting is None:
        return _form(request, {}, PREVIEW_GONE, 404)
    report = _run(request, waiting, preview=False)
    return secured(RedirectResponse(f"/import/office/reports/{report_name(store, report)}", 303))


@router.get("/import/office/reports/{name}")
def report(request: Request, name: str) -> Response:
    """The report of an import."""
    found = _found(request, "reports", name)
    if found is None:
        raise HTTPException(404)
    return _report(request, found, name)


@router.get("/import/office/{kind}/{name}/report.xlsx")
def report_file(request: Request, kind: str, name: str) -> Response:
    """A preview or a report as a workbook."""
    found = _found(request, kind, name)
    if found is None:
        raise HTTPException(404)
    return attachment(report_workbook(found), "bao-cao-nhap.xlsx", XLSX)


@router.post("/import/office/undo/{batch_id}")
def take_back(request: Request, batch_id: str) -> Response:
    """Undo one import as a whole, or say why not."""
    same_site(request)
    if not (batch_id.isascii() and batch_id.isdigit() and len(batch_id) < 19):
        raise HTTPException(404)
    try:
        undo(request.app.state.store, int(batch_id), now=datetime.now(UTC))
    except UndoRefusedError as error:
        return _form(request, {}, error.reason, 409)
    return secured(RedirectResponse("/import/office#history", 303))


def _previewed(request: Request, file: UploadFile, given: Mapping[str, str]) -> str:
    waiting = Waiting(file_name=clean_name(file), given=dict(given), data=file.file.read())
    return keep_waiting(request.app.state.store, _run(request, waiting, preview=True), waiting)


def _found(request: Request, kind: str, name: str) -> ImportReport | None:
    with request.app.state.store.session() as session:
        found = find_preview(session, name) if kind == "preview" else find_report(session, name)
    return found if found is not None and found.kind in KINDS else None


def _run(request: Request, waiting: Waiting, *, preview: bool) -> ImportReport:
    state, given = request.app.state, waiting.given
    importers: dict[str, tuple[Callable[..., ImportReport], dict[str, Any]]] = {
        "output": (import_outputs, {"m3": {"loose": Unit.M3_LOOSE, "in_situ": Unit.M3_IN_SITU}.get(given.get("m3", ""))}),
        "prices": (import_prices, {"facts": _facts(given)}),
        "payments": (import_payments, {}),
        "gaps": (import_gaps, {}),
        "weighbridge": (import_weighbridge, {"scale": given.get("scale", "")}),
    }  # fmt: skip
    importer, options = importers[given["kind"]]
    return importer(
        state.store,
        BytesIO(waiting.data),
        file_name=waiting.file_name,
        now=datetime.now(UTC),
        today=state.today(),
        preview=preview,
        limits=ImportLimits(max_bytes=state.settings.import_max_mb * _MEBIBYTE),
        **options,
    )


def _facts(given: Mapping[str, str]) -> ListFacts:
    return ListFacts(
        decision=given.get("decision") or None,
        valid_from=_day(given.get("valid_from", "")),
        valid_to=_day(given.get("valid_to", "")),
        region="" if given.get("whole") == "yes" else given.get("region") or None,
        amends=given.get("amends") or None,
        sample=given.get("sample") == "yes",
    )


def _day(text: str) -> date | None:
    read = read_day(text) if text else None
    return date.fromisoformat(read) if isinstance(read, str) else None


def _problem(given: Mapping[str, str]) -> Text | None:
    if given.get("kind") not in KINDS:
        return _NO_KIND
    for name in ("valid_from", "valid_to"):
        text = given.get(name, "")
        if text and isinstance(read := read_day(text), Text):
            return read
    return None


def _form(request: Request, given: Mapping[str, str], problem: Text | None, status: int = 200) -> Response:
    with request.app.state.store.session() as session:
        batches = list_batches(session)
        reports = names_of(session, KINDS, [one.id for one in batches if one.id is not None])
    t = speech_of(request)
    return page(
        request,
        "office.html",
        status,
        given={name: given.get(name, "") for name in _ANSWERS},
        kinds=[(name, t.text(text)) for name, text in KINDS.items()],
        kind_names={name: t.text(text) for name, text in KINDS.items()},
        batches=batches,
        reports=reports,
        problem=problem,
        limit=request.app.state.settings.import_max_mb,
    )


def _report(request: Request, found: ImportReport, name: str) -> Response:
    t = speech_of(request)
    work = [one for one in found.findings if one.needs_work]
    told = [one for one in found.findings if not one.needs_work]
    return page(
        request,
        "office_report.html",
        400 if found.problem else 200,
        report=found,
        name=name,
        kind_name=t.text(KINDS[found.kind]) if found.kind in KINDS else found.kind,
        summary=[(t(vi, en), value) for vi, en, value in summary_lines(found) if vi] if not found.problem else [],
        work=work[:_SHOWN],
        told=told[:_SHOWN],
        hidden=max(len(work) - _SHOWN, 0) + max(len(told) - _SHOWN, 0),
        changes=found.changes[:_SHOWN],
        added=found.added[:_SHOWN],
        hidden_added=max(len(found.added) - _SHOWN, 0) + max(len(found.changes) - _SHOWN, 0),
    )
