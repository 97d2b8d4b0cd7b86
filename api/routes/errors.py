"""What a machine gets when its request is wrong: the contract's error object, in both languages, never a stack trace."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.contract.problems import problem_json
from rules.errors import Code, Problem

_TEXTS = {404: "Không có địa chỉ này", 405: "Phương thức không dùng được ở địa chỉ này"}
MACHINE_PATHS = ("/v1", "/healthz", "/openapi.json")


def is_machine(request: Request) -> bool:
    """Whether the request came to a door for machines."""
    return request.url.path.startswith(MACHINE_PATHS)


def wrong_request(error: RequestValidationError) -> JSONResponse:
    """A query or path value of the wrong type."""
    problems = [
        Problem(
            code=Code.INVALID_INPUT,
            path=tuple(str(part) for part in one["loc"][1:]) or None,
            message_vi="Giá trị không hợp lệ hoặc thiếu; ngày viết dạng 2026-03-02.",
            message_en=f"{one['msg']}; dates are written 2026-03-02.",
        )
        for one in error.errors()
    ]
    return _json(422, problems)


def refused_request(error: HTTPException) -> Response:
    """A path that is not there, a method that is not allowed."""
    vi, both, en = str(error.detail).partition(" / ")
    if not both:
        vi, en = _TEXTS.get(error.status_code, "Yêu cầu bị từ chối"), vi
    problem = Problem(code=Code.INVALID_INPUT, path=None, message_vi=vi, message_en=en)
    return _json(error.status_code, [problem])


def failed_request() -> Response:
    """Something went wrong on our side; the log knows what."""
    problem = Problem(
        code=Code.INVALID_INPUT,
        path=None,
        message_vi="Lỗi hệ thống; thử lại hoặc báo người quản trị.",
        message_en="Internal error; try again or tell the administrator.",
    )
    return _json(500, [problem])


def _json(status: int, problems: list[Problem]) -> JSONResponse:
    listed = [problem_json(problem) for problem in problems]
    return JSONResponse({"id": None, "kind": None, "ok": False, "error": listed[0], "errors": listed}, status)
