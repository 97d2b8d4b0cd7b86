"""How does a template become an answer? One environment, escaping on, security headers on every page."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import api
from api.pages.speech import COOKIE, speech_of
from rules.citation import Confidence
from rules.lawbook import law_book
from rules.trace import Text

assert api.__file__ is not None
TEMPLATES: Final = Path(api.__file__).parents[1] / "templates"
AnyResponse = TypeVar("AnyResponse", bound=Response)
_YEAR: Final = 365 * 24 * 3600
_POSTED_TO: Final = ("/settlement/rates", "/settlement", "/collection", "/login", "/accounts", "/account")
_SUBSCRIPT: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]+)_([^\W_]+(?:[,_][^\W_]+)*)")
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
CONFIDENCE: Final[dict[str, tuple[Text, Text]]] = {
    Confidence.VERIFIED: (
        Text("đã đọc văn bản", "text read"),
        Text("Đã đọc chính văn bản pháp luật.", "The legal text itself was read."),
    ),
    Confidence.SECONDARY: (
        Text("nguồn thứ cấp", "secondary source"),
        Text(
            "Lấy từ trang của cơ quan, báo hoặc bản tóm tắt; chưa đọc văn bản gốc.",
            "Taken from an agency page, newspaper or digest; the text itself was not read.",
        ),
    ),
    Confidence.RECALLED: (
        Text("theo trí nhớ", "recalled"),
        Text(
            "Theo trí nhớ, chưa đọc nguồn nào: phải kiểm tra trước khi dùng.",
            "From memory, without any source: check before use.",
        ),
    ),
    Confidence.OPEN: (
        Text("chưa xác định", "open"),
        Text("Chưa xác định: người dùng phải nhập.", "Not established: the user must enter it."),
    ),
}
"""Each confidence as a short tag and in a full sentence."""


def symbols(text: str) -> Markup:
    """A formula with its subscripts set low: ``K_qđ`` becomes K with a small qđ."""
    lowered = _SUBSCRIPT.sub(lambda found: f"{found[1]}<sub>{found[2].replace('_', ',')}</sub>", str(escape(text)))
    return Markup(lowered)  # noqa: S704 - escaped first


@cache
def environment() -> Environment:
    """The templates, escaping everything; an unknown name is an error, not an empty place."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["symbols"] = symbols
    found.globals.update(CONFIDENCE=CONFIDENCE, asset=asset)
    return found


@cache
def asset(name: str) -> str:
    """The address of a static file, with a mark of its content so that it may be kept for long."""
    return f"/static/{name}?v={hashlib.sha256((TEMPLATES / 'static' / name).read_bytes()).hexdigest()[:12]}"


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in the reader's language, with the language remembered when it was asked for."""
    t = speech_of(request)
    html = environment().get_template(template).render(
        t=t, request=request, here=request.url.path, digest=law_book().digest, other_language=_switched(request), **context
    )  # fmt: skip
    response = HTMLResponse(html, status)
    if request.query_params.get(COOKIE) == t.lang:
        response.set_cookie(COOKIE, t.lang, max_age=_YEAR, httponly=True, samesite="lax")
    return secured(response)


def secured(response: AnyResponse) -> AnyResponse:
    """The headers every page and download carries."""
    response.headers.update(_HEADERS)
    response.headers["Vary"] = "Cookie, HX-Request"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_partial(request: Request) -> bool:
    """Whether htmx asks for the changed part alone (not when it restores a page of its history)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A download; ``name`` is plain ASCII."""
    return secured(
        Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    )


def _switched(request: Request) -> str:
    other = "en" if speech_of(request).lang == "vi" else "vi"
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != COOKIE]
    path = request.url.path
    if request.method != "GET" and not path.endswith("/ledger"):
        # what was posted to cannot be opened again: go to the page it came from
        path = next((one for one in _POSTED_TO if path.startswith(one)), "/import")
    return f"{path}?{urlencode([*kept, (COOKIE, other)])}"


class StaticPages(StaticFiles):
    """The static files, kept by browsers for a year under their content's mark."""

    def __init__(self) -> None:
        super().__init__(directory=TEMPLATES / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        marked = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if marked else "no-cache"
        return response
