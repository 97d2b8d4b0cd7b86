"""How are Vietnamese words compared? Without accents, without case: "Đá vôi", "đá VÔI" and "da voi" are one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NOT_WORD: Final = re.compile(r"[^0-9a-z]+")
_NUMBER: Final = re.compile(r"0*(\d+[a-z]?)\s*/\s*([a-z]+(?:\s*-\s*[a-z]+)*)")


def fold(text: str) -> str:
    """Lower case, no accents (đ becomes d), one space between words; signs are kept."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().replace("đ", "d").split())


def words(text: str) -> str:
    """The folded letters and figures alone: "CS_m3", "CS (m³)" and "cs m3" are one."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


def number_key(written: str) -> str:
    """The first licence number in a cell, comparable: "GP số 0211 / GP-UBND (gia hạn ...)" gives "211/gp-ubnd".

    A cell without the usual ``figures/letters`` is its own key, folded.
    """
    folded = fold(written)
    match = _NUMBER.search(folded)
    return f"{match[1]}/{''.join(match[2].split())}" if match else folded
