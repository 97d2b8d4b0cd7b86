"""As which files is a result of the contract taken along?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.pages.rendering import attachment
from api.pages.speech import speech_of
from api.pages.workbook import XLSX, result_workbook


def result_json(result: Mapping[str, Any], name: str) -> Response:
    """The result as a file ``name``; the contract's error with status 422 where there is none."""
    response = attachment(json.dumps(result, ensure_ascii=False, indent=2).encode(), name, "application/json")
    response.status_code = 200 if result["ok"] else 422
    return response


def result_xlsx(request: Request, result: dict[str, Any], name: str) -> Response:
    """A computed result as a workbook ``name`` in the reader's language."""
    return attachment(result_workbook(result, speech_of(request)), name, XLSX)
