"""How is a code of a taxed resource read, and which codes stand above it?

The Ministry's frame gives each resource a code such as ``II20203``; provinces write them their own way and split them
further, so a code is compared cleaned and looked for from the longest prefix to the shortest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_CODE: Final = re.compile(r"([IVX]+)(\d*)")
_CLUTTER: Final = re.compile(r"[\s.\-_/]+")


def clean_code(written: str) -> str:
    """A code as it is compared: "ii 2.02.03" is "II20203"."""
    return _CLUTTER.sub("", written).upper()


def codes_above(code: str) -> Iterator[str]:
    """The codes above a code, longest first: pairs of figures are taken off, so I1101 (nickel) is not under I1 (iron).

    Nothing for a code of another form.
    """
    match = _CODE.fullmatch(code)
    if match is None:
        return
    group, digits = match.groups()
    while digits:
        digits = digits[:-2]
        yield group + digits
