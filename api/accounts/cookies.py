"""Which cookies does a device carry? Never readable by scripts, never sent along by other sites' forms, on https never in clear.

``Lax`` and not ``Strict``: somebody who follows a link in an invitation is signed in, and a second login would end the first device.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.responses import Response

from api.accounts.sessions import LONGEST

_SESSION: Final = "khoangsan_session"
_DEVICE: Final = "khoangsan_device"
_FORM: Final = "khoangsan_form"
_DEVICE_AGE: Final = 180 * 24 * 3600
_FORM_AGE: Final = 24 * 3600


def session_cookie(request: Request) -> str:
    """The secret of the session, empty where there is none."""
    return request.cookies.get(_name(request, _SESSION), "")


def device_cookie(request: Request) -> str:
    """The mark of the device."""
    return request.cookies.get(_name(request, _DEVICE), "")


def form_cookie(request: Request) -> str:
    """What a form before the login must repeat."""
    return request.cookies.get(_name(request, _FORM), "")


def set_session(request: Request, response: Response, token: str) -> None:
    """Give a device its session."""
    _set(request, response, _SESSION, token, int(LONGEST.total_seconds()))


def set_device(request: Request, response: Response, mark: str) -> None:
    """Mark a device as one that somebody signed in from."""
    _set(request, response, _DEVICE, mark, _DEVICE_AGE)


def set_form(request: Request, response: Response, mark: str) -> None:
    """Give a form before the login what it must repeat."""
    _set(request, response, _FORM, mark, _FORM_AGE)


def drop_session(request: Request, response: Response) -> None:
    """Take the session away; the device keeps its mark."""
    response.delete_cookie(_name(request, _SESSION), path="/", secure=_secure(request), httponly=True, samesite="lax")


def _set(request: Request, response: Response, name: str, value: str, age: int) -> None:
    response.set_cookie(
        _name(request, name), value, max_age=age, path="/", secure=_secure(request), httponly=True, samesite="lax"
    )


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request, name: str) -> str:
    # browsers keep a __Host- cookie of this very host only: no neighbour under the same domain can plant one
    return f"__Host-{name}" if _secure(request) else name
