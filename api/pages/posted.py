"""What did somebody send: the answers in an address, and those of a form that was posted?"""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException as StarletteHTTPException

from api.pages.speech import COOKIE
from rules.trace import Text

UNREAD: Final = Text("Biểu mẫu không đọc được.", "The form cannot be read.")


def asked(request: Request) -> dict[str, str]:
    """The answers in the address, the language apart."""
    return {name: value for name, value in request.query_params.items() if name != COOKIE}


async def posted(request: Request, most: int) -> dict[str, str] | None:
    """The answers of a form of at most ``most`` fields, without files and NUL signs; ``None`` where it cannot be read."""
    try:
        form = await request.form(max_files=0, max_fields=most)
    except StarletteHTTPException:
        return None
    return {name: value.replace("\0", "") for name, value in form.items() if isinstance(value, str)}
