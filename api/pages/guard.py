"""Did this change come from our own page? There is no session to forge yet; other sites' forms are refused all the same."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import HTTPException, Request


def same_site(request: Request) -> None:
    """Refuse (403) a POST that a browser says another site sent; programs that are no browser say nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site in ("same-origin", "none"):
            return
    else:
        origin = request.headers.get("Origin")
        if origin is None or urlsplit(origin).netloc == request.headers.get("Host"):
            return
    raise HTTPException(403)
