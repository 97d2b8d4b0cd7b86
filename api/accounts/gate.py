"""Who is asking, and may they? Dependencies of routes; a route without one stays open to everybody.

``current_account(request)`` gives the caller or ``None`` (the public); ``require(Role.CHAIR, Role.CLERK)`` gives the caller or
shuts the door. A cookie acts only with the session's form token on every request that changes something (field ``csrf`` or
header ``X-CSRF-Token``); a key comes in the header ``Authorization: Bearer`` alone, never in an address.

A page that listens for long asks again in its loop, which also counts as presence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException as StarletteHTTPException

from api.accounts import keys, sessions
from api.accounts.callers import Answer, Caller, Ended, Gate
from api.accounts.cookies import session_cookie
from api.accounts.refusals import AccessError
from api.accounts.roles import Role
from api.accounts.tokens import same
from rules.trace import Text

FIELD: Final = "csrf"
HEADER: Final = "X-CSRF-Token"
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")

SIGN_IN: Final = (
    Text("Cần đăng nhập", "Sign in first"),
    Text("Hãy đăng nhập rồi mở lại trang này.", "Sign in and open this page again."),
)
_FOREIGN: Final = (
    Text("Không nhận yêu cầu này", "The request was refused"),
    Text(
        "Biểu mẫu thiếu mã xác thực của phiên đăng nhập: hãy mở lại trang rồi gửi lại.",
        "The form lacks the token of your session: open the page again and send it again.",
    ),
)
_NOT_YOURS: Final = (
    Text("Vai trò của bạn không làm được việc này", "Your role may not do this"),
    Text(
        "Hãy đăng nhập bằng tài khoản có vai trò phù hợp hoặc hỏi người quản trị.",
        "Sign in with an account of the right role, or ask the operator.",
    ),
)
_OWN_PASSWORD: Final = (
    Text("Hãy đặt mật khẩu của riêng bạn trước", "Set your own password first"),
    Text(
        "Mật khẩu hiện tại do người khác đặt: vào trang Tài khoản để đổi.",
        "Somebody else set the present one: change it on the page Account.",
    ),
)


def gate_of(request: Request) -> Gate:
    """The gate of the application."""
    gate: Gate = request.app.state.gate
    return gate


async def current_account(request: Request) -> Caller | None:
    """The caller, ``None`` for the public. Shut (401) for a key that does not work, (403) for a change without its form token."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        key = key.strip()
        found = await gate_of(request).ask(key) if key.startswith(keys.PREFIX) else None
        if not isinstance(found, Caller):
            raise AccessError(
                401,
                Text("Khóa API không dùng được", "The API key does not work"),
                Text("Khóa sai hoặc đã bị thu hồi.", "It is wrong or was revoked."),
            )
        return found
    answer = await _asked_by_cookie(request)
    if not isinstance(answer, Caller):
        return None
    if request.method not in _SAFE and not same(await _form_mark(request), answer.csrf):
        raise AccessError(403, *_FOREIGN)
    return answer


async def how_ended(request: Request) -> Ended | None:
    """Why the session of a request's cookie is over, where it is."""
    answer = await _asked_by_cookie(request)
    return answer if isinstance(answer, Ended) else None


def require(*roles: Role, in_person: bool = False, own_password: bool = True) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that lets these roles in (none named: everybody who signed in). ``in_person``: no keys of machines;
    ``own_password``: nobody whose password somebody else still knows."""

    async def allowed(request: Request) -> Caller:
        caller = await current_account(request)
        if caller is None:
            ended = await how_ended(request)
            raise AccessError(401, SIGN_IN[0], SIGN_IN[1] if ended is None else sessions.ENDINGS[ended.why])
        if (roles and caller.role not in roles) or (in_person and not caller.in_person):
            raise AccessError(403, *_NOT_YOURS)
        if own_password and caller.must_change:
            raise AccessError(403, *_OWN_PASSWORD)
        return caller

    return allowed


async def _asked_by_cookie(request: Request) -> Answer:
    token = session_cookie(request)
    # a key that lies in a cookie is no key
    return None if not token or token.startswith(keys.PREFIX) else await gate_of(request).ask(token)


async def _form_mark(request: Request) -> str:
    sent = request.headers.get(HEADER)
    if sent is not None:
        return sent
    if not request.headers.get("Content-Type", "").lower().startswith(_FORMS):
        return ""
    try:
        field = (await request.form(max_files=0, max_fields=50)).get(FIELD)
    except StarletteHTTPException:
        return ""
    return field if isinstance(field, str) else ""
