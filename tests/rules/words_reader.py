"""Read an amount in words back into đồng: the inverse that the round trip needs.

Written from the grammar alone, with nothing of the writer: a text that is not the one agreed reading ("hai mươi một",
"mười năm", "một triệu linh năm", a named empty group) is refused, so a round trip proves the spelling as well as the
value. One text has one value, hence a writer that survives the round trip never gives two amounts the same words.
"""

from __future__ import annotations

import re
from functools import cache

_ONES = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
_ONES_AFTER_TEN = {**{word: value for word, value in _ONES.items() if value != 5}, "lăm": 5}
_ONES_AFTER_TENS = {
    **{word: value for word, value in _ONES.items() if value not in {1, 4, 5}},
    "mốt": 1,
    "tư": 4,
    "lăm": 5,
}
_TENS = {word: value for word, value in _ONES.items() if value > 1}


def _any(words: dict[str, int]) -> str:
    return "|".join(words)


_HUNDREDS = re.compile(rf"(?P<hundreds>không|{_any(_ONES)}) trăm(?: (?P<below>.+))?")
_BELOW_HUNDRED = re.compile(
    rf"(?P<alone>{_any(_ONES)})"
    rf"|linh (?P<linh>{_any(_ONES)})"
    rf"|mười(?: (?P<teen>{_any(_ONES_AFTER_TEN)}))?"
    rf"|(?P<tens>{_any(_TENS)}) mươi(?: (?P<unit>{_any(_ONES_AFTER_TENS)}))?"
)
_BELOW_BILLION = re.compile(
    r"(?:(?P<millions>(?:(?!triệu|nghìn).)+) triệu(?: |$))?"
    r"(?:(?P<thousands>(?:(?!triệu|nghìn).)+) nghìn(?: |$))?"
    r"(?P<units>(?:(?!triệu|nghìn).)+)?"
)


class NotAReadingError(ValueError):
    """The text is not the agreed reading of any amount."""


def read_amount(text: str) -> int:
    """The amount in đồng that ``text`` ("Một trăm linh năm đồng") says, or :class:`NotAReadingError`."""
    if not text.endswith(" đồng") or not text[0].isupper() or text[1:] != text[1:].lower():
        raise NotAReadingError(text)
    words = (text[0].lower() + text[1:]).removesuffix(" đồng")
    if words == "không":
        return 0
    if words == "một tỷ tỷ":
        return 10**18
    before, mark, after = words.partition(" tỷ")
    if not mark:
        return _below_billion(before, follows=False)
    if not after:
        return _below_billion(before, follows=False) * 10**9
    if not after.startswith(" "):
        raise NotAReadingError(text)
    return _below_billion(before, follows=False) * 10**9 + _below_billion(after[1:], follows=True)


def _below_billion(words: str, *, follows: bool) -> int:
    match = _BELOW_BILLION.fullmatch(words)
    if match is None or not words or words.endswith(" "):
        raise NotAReadingError(words)
    total = 0
    for name, scale in (("millions", 10**6), ("thousands", 10**3), ("units", 1)):
        if match[name] is not None:
            total += _group(match[name], follows) * scale
            follows = True
    return total


@cache
def _group(words: str, follows: bool) -> int:
    """Three digits; a group that follows another must name its hundreds, the first one must not name empty ones."""
    match = _HUNDREDS.fullmatch(words)
    if match is None:
        if follows:
            raise NotAReadingError(words)
        return _below_hundred(words, after_hundreds=False)
    hundreds = 0 if match["hundreds"] == "không" else _ONES[match["hundreds"]]
    below = 0 if match["below"] is None else _below_hundred(match["below"], after_hundreds=True)
    if hundreds == 0 and not (follows and below):
        raise NotAReadingError(words)
    return hundreds * 100 + below


def _below_hundred(words: str, *, after_hundreds: bool) -> int:
    match = _BELOW_HUNDRED.fullmatch(words)
    if match is None:
        raise NotAReadingError(words)
    if match["alone"] or match["linh"]:
        if bool(match["linh"]) != after_hundreds:
            raise NotAReadingError(words)
        return _ONES[match["alone"] or match["linh"]]
    if match["tens"]:
        return _TENS[match["tens"]] * 10 + (_ONES_AFTER_TENS[match["unit"]] if match["unit"] else 0)
    return 10 + (_ONES_AFTER_TEN[match["teen"]] if match["teen"] else 0)
