"""What does a form of accounts say? Everything as typed: a password may begin with a blank."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException as StarletteHTTPException

from api.accounts.refusals import RefusedError

_LONGEST: Final = 1000


async def answers_of(request: Request) -> dict[str, str]:
    """The answers by field; refused (400) where the form cannot be read or one is longer than any may be."""
    try:
        form = await request.form(max_files=0, max_fields=50)
    except StarletteHTTPException:
        raise _unreadable() from None
    found = {name: value for name, value in form.items() if isinstance(value, str)}
    if any(len(value) > _LONGEST for value in found.values()):
        raise _unreadable()
    return found


def _unreadable() -> RefusedError:
    return RefusedError("Biểu mẫu không đọc được.", "The form cannot be read.", status=400)
