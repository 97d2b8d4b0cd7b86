"""How is an amount of đồng written out in Vietnamese words (*số tiền bằng chữ*)?

No instrument fixes the reading; forms only ask for a line "(ghi bằng chữ)". So every choice below is a house
convention, with the usual alternative in brackets. One amount always has one reading, and two amounts never share one.

* 1 after "mươi" is "mốt", 4 is "tư" [bốn], 5 is "lăm"; 5 after "mười" is "lăm"; everywhere else "một", "bốn", "năm".
* An empty place of tens before a unit is "linh" [lẻ].
* A group of three digits that follows a higher one names its hundreds, "không trăm" included; an empty group is not
  named: 1.000.005 is "một triệu không trăm linh năm" ["một triệu không nghìn không trăm linh năm"].
* 10^3 is "nghìn" [ngàn], 10^6 "triệu", 10^9 "tỷ" [tỉ], 7 is "bảy" [bẩy]. Above, what stands before "tỷ" is read as a
  number of its own: 10^12 "một nghìn tỷ", 10^15 "một triệu tỷ", 10^18 "một tỷ tỷ".
* First letter capital, "đồng" at the end, without the optional "chẵn".
"""

from __future__ import annotations

from typing import Final

LARGEST: Final = 10**18
"""The largest amount with a reading, in đồng; also the largest sum the engine gives."""

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: Final = (*_DIGITS[:1], "mốt", "hai", "ba", "tư", "lăm", *_DIGITS[6:])
_BILLION: Final = 10**9
_SCALES: Final = ((10**6, " triệu"), (10**3, " nghìn"), (1, ""))


def amount_in_words(amount: int) -> str:
    """Write ``amount`` (whole đồng, 0 to 10^18) in words: 105 gives "Một trăm linh năm đồng".

    Raises ``ValueError``, in both languages, for an amount outside that range. Source: house convention (see above).
    """
    if not 0 <= amount <= LARGEST:
        raise ValueError(
            "Số tiền không đọc được bằng chữ: hãy nhập số nguyên từ 0 đến 10^18 đồng. / "
            "The amount has no reading in words: give a whole number from 0 to 10^18 đồng."
        )
    text = _read(amount) if amount else _DIGITS[0]
    return f"{text[0].upper()}{text[1:]} đồng"


def _read(number: int) -> str:
    billions, rest = divmod(number, _BILLION)
    if not billions:
        return _below_billion(rest, after_higher=False)
    head = f"{_read(billions)} tỷ"
    return f"{head} {_below_billion(rest, after_higher=True)}" if rest else head


def _below_billion(number: int, *, after_higher: bool) -> str:
    parts: list[str] = []
    for scale, name in _SCALES:
        group, number = divmod(number, scale)
        if group:
            parts.append(_group(group, full=after_higher or bool(parts)) + name)
    return " ".join(parts)


def _group(group: int, *, full: bool) -> str:
    """Read three digits (1 to 999); ``full`` names the hundreds even where they are zero."""
    hundreds, below = divmod(group, 100)
    tens, unit = divmod(below, 10)
    words: list[str] = []
    if hundreds or full:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
        if unit:
            words.append(_AFTER_TENS[unit])
    elif tens:
        words.append("mười")
        if unit:
            words.append("lăm" if unit == 5 else _DIGITS[unit])
    elif unit:
        words.append(f"linh {_DIGITS[unit]}" if words else _DIGITS[unit])
    return " ".join(words)
