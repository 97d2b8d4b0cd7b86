"""How is a secret made, and what is kept of it? 256 random bits, told once; a SHA-256 digest stays."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

_BYTES: Final = 32
_LONGEST: Final = 200


def new_token() -> str:
    """A new secret in signs that fit cookies and headers."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str | None:
    """What is kept of a secret; ``None`` for what can be none."""
    if not token or len(token) > _LONGEST or not token.isascii():
        return None
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """The mark that forms of a session carry; it comes from the session's secret, so it is kept nowhere."""
    return hmac.new(token.encode(), b"khoangsan form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
