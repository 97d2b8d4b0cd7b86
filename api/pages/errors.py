"""What does a reader see when something is not there or went wrong? A page in both languages, never a stack trace."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.pages.rendering import page
from api.routes.errors import failed_request, is_machine, refused_request, wrong_request
from rules.trace import Text

__all__ = ["HTMLResponse", "install"]

_TEXTS: Final[dict[int, tuple[Text, Text]]] = {
    400: (
        Text("Yêu cầu không đọc được", "The request cannot be read"),
        Text("Hãy quay lại trang trước và gửi lại.", "Go back and send it again."),
    ),
    403: (
        Text("Không nhận yêu cầu từ trang khác", "A request from another site was refused"),
        Text("Hãy mở trang này trực tiếp rồi gửi lại.", "Open this site itself and send it again."),
    ),
    404: (
        Text("Không có trang này", "There is no such page"),
        Text(
            "Địa chỉ có thể đã gõ sai, hoặc giấy phép không còn trong sổ.",
            "The address may be mistyped, or the licence is no longer in the register.",
        ),
    ),
    405: (
        Text("Thao tác không dùng được ở đây", "This cannot be done here"),
        Text("Hãy quay lại trang trước.", "Go back to the page before."),
    ),
    500: (
        Text("Có lỗi ở phía hệ thống", "Something went wrong on our side"),
        Text(
            "Dữ liệu của bạn không bị thay đổi. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm thời điểm.",
            "Your data was not changed. Try again; if it fails again, tell the administrator the time it happened.",
        ),
    ),
}


def install(app: FastAPI) -> None:
    """Answer people with error pages and machines with the contract's error object."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refused_request(error) if is_machine(request) else error_page(request, error.status_code)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return wrong_request(error) if is_machine(request) else error_page(request, 400)

    async def failed(request: Request, error: Exception) -> Response:
        return failed_request() if is_machine(request) else error_page(request, 500)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(Exception, failed)


def error_page(request: Request, status: int) -> HTMLResponse:
    """The page of an HTTP status."""
    title, advice = _TEXTS.get(status, _TEXTS[400 if status < 500 else 500])
    return page(request, "error.html", status, title=title, advice=advice, code=status)
