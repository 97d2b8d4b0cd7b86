"""Is this the password of that account? argon2id; an account that does not exist takes as long as one that does."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from api.accounts.refusals import RefusedError
from api.store.text import fold

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST_SIGNS: Final = 5
_GENERATED_BYTES: Final = 12
_AT_ONCE: Final = 4
"""Each check takes 64 MiB: this many at a time, the others wait."""

_HASHER: Final = PasswordHash((Argon2Hasher(),))
_TURN: Final = threading.BoundedSemaphore(_AT_ONCE)


@cache
def nobodys_hash() -> str:
    """What the password of an account that does not exist is checked against; made once, before the first question."""
    return _HASHER.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    with _TURN:
        return _HASHER.hash(_written(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether the password is the one of a kept hash; ``None`` (no such account) costs the same and is never right."""
    with _TURN:
        try:
            right = _HASHER.verify(_written(password[:LONGEST]), nobodys_hash() if kept is None else kept)
        except UnknownHashError:
            right = False
    return right and kept is not None and len(password) <= LONGEST


def check_new(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, almost one sign, or the account's name. Length protects, not odd signs."""
    written = _written(password)
    if len(written) < SHORTEST:
        raise RefusedError(
            f"Mật khẩu cần ít nhất {SHORTEST} ký tự; một câu dễ nhớ là tốt nhất.",
            f"A password takes at least {SHORTEST} characters; a sentence you remember is best.",
            field="password",
        )
    if len(password) > LONGEST or len(written) > LONGEST:
        raise RefusedError(
            f"Mật khẩu dài nhất {LONGEST} ký tự.", f"A password has at most {LONGEST} characters.", field="password"
        )
    if len(set(written)) < _FEWEST_SIGNS or fold(written).replace(" ", "") in (fold(name), fold(name) * 2):
        raise RefusedError(
            "Mật khẩu quá dễ đoán: đừng lặp một ký tự hay dùng tên đăng nhập.",
            "The password is too easy to guess: do not repeat a sign or use the account's name.",
            field="password",
        )


def new_password() -> str:
    """A password for the first sign-in, to be told once."""
    return secrets.token_urlsafe(_GENERATED_BYTES)


def _written(password: str) -> str:
    # one keyboard types "ế" as one sign, another as three: the same password
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode())
