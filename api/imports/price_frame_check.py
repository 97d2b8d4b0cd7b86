"""Is each code of a price list where it belongs, does it mean what its instrument says, does its price fit the frame?

Provinces split codes further than the Ministry's frame, so a deeper code is held against the longest line of the frame
above it. A code may name another resource from one instrument to the next (Circular 05/2020 reassigned some), so a
price keeps the meaning of its own list. Nothing is refused for lying outside the frame: the frame's newest text is not
read, and some of its maxima are derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any

from api.imports.findings import Finding
from api.imports.office_import import OfficeRow
from api.store.text import words
from rules.lawbook import FrameLine, LawBook, Reassigned
from rules.resource_codes import codes_above


def frame_line(book: LawBook, code: str, on: date | None) -> FrameLine | None:
    """The line of the Ministry's frame for a code on a day: its own, or the longest above it; ``None``: its first."""
    for candidate in chain((code,), codes_above(code)):
        if series := book.frame.get(candidate):
            line = series.rows[0] if on is None else series.at(on)
            if line is not None:
                return line
    return None


def code_notes(row: OfficeRow, code: str, known: Iterable[str], book: LawBook) -> list[Finding]:
    """What is odd about a code: its form, or a parent that neither the list nor the frame has."""
    above = tuple(codes_above(code))
    if not above:
        # a group by itself, such as VII, is a code of the frame's form too
        return [] if code.strip("IVX") == "" else [row.finding("code_odd", "code")]
    parent = above[0]
    if parent.strip("IVX") == "" or parent in known:
        return []
    if above[-1] not in _groups(book):
        return []
    of_frame = any(parent in (line, *codes_above(line)) for line in book.frame)
    brothers = sum(1 for other in known if next(codes_above(other), None) == parent)
    return [] if of_frame or brothers > 1 else [row.finding("code_orphan", "code", parent=parent)]


def _groups(book: LawBook) -> frozenset[str]:
    """The groups of the frame the law book holds (minerals and waters): I, II, V ..."""
    return frozenset(group for line in book.frame for group in (line, *codes_above(line)) if group.strip("IVX") == "")


def reassigned(book: LawBook, code: str) -> Reassigned | None:
    """The change of meaning of a code, or of the nearest code above it."""
    return next((book.reassigned[one] for one in (code, *codes_above(code)) if one in book.reassigned), None)


def meaning_notes(row: OfficeRow, values: Mapping[str, Any], book: LawBook) -> list[Finding]:
    """A code that changed its meaning: a list from before the change is told to keep the old one, a list from after it
    whose line still reads like the old meaning is asked about."""
    change = reassigned(book, values["code"])
    if change is None:
        return []
    told = {"line": change.code, "on": f"{change.on:%d/%m/%Y}", "before": change.before_vi, "after": change.after_vi}
    if values["valid_from"] < change.on:
        return [row.finding("code_of_older_meaning", "code", **told)]
    name = str(values["name"] or "")
    if _likeness(name, change.before_vi) <= _likeness(name, change.after_vi):
        return []
    return [row.finding("code_reads_as_before", "name", **told)]


def _likeness(name: str, meaning: str) -> int:
    """Words of a name that a meaning has, less those it has not."""
    own, other = set(words(name).split()), set(words(meaning).split())
    return len(own & other) - len(own ^ other)


def frame_notes(row: OfficeRow, values: Mapping[str, Any], book: LawBook) -> list[Finding]:
    """A price outside the bounds of the frame's line on the list's first day."""
    line = frame_line(book, values["code"], values["valid_from"])
    if line is None or line.unit is None or line.unit.value != values["unit"]:
        return []
    price, low, high = values["price_vnd"], line.low, line.high
    if low <= price and (high is None or price <= high):
        return []
    note = book.frame_note
    derived_vi = " Mức tối đa này là suy ra, chưa đọc được văn bản." if line.derived else ""
    derived_en = " This maximum was derived, not read." if line.derived else ""
    return [
        row.finding(
            "price_outside_frame",
            "price",
            line=line.code,
            low=low,
            high="…" if high is None else high,
            note_vi=note.vi + derived_vi,
            note_en=note.en + derived_en,
        )
    ]
