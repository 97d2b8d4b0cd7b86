"""How does a calendar of duties reach a phone? As iCalendar (RFC 5545): one all-day event per duty, with a reminder.

Events keep their UID, so that a programme that reads the feed again moves them instead of adding them anew. Lines end with
CRLF and are folded at 75 octets without cutting a character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from fees.obligation import BY_AUTHORITY, TITLES, Duty, State
from rules.formats import vnd
from rules.trace import Text

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_OCTETS: Final = 75
_REMIND: Final = "-P7D"
STATES: Final[dict[State, Text]] = {
    State.PAID: Text("đã nộp", "paid or filed"),
    State.OWED: Text("phải nộp", "owed"),
    State.OVERDUE: Text("quá hạn", "overdue"),
    State.UPCOMING: Text("sắp tới", "upcoming"),
    State.UNKNOWN: Text("chưa rõ đã nộp", "not known"),
}


def calendar_ics(licence_id: int, name: str, duties: Iterable[Duty], as_of: date) -> bytes:
    """The feed of a licence; the same duties on the same day give the same bytes. Duties without a day are left out."""
    stamp = datetime.combine(as_of, time(), UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//khoangsan//lich nghia vu//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(f'Nghĩa vụ khoáng sản: {name}')}",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ]
    for duty in duties:
        lines.extend(_event(licence_id, name, duty, stamp))
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(licence_id: int, name: str, duty: Duty, stamp: str) -> Iterator[str]:
    rule = duty.rule
    if rule is None:
        return
    title = TITLES[duty.kind]
    paid = duty.state is State.PAID
    amount = duty.open_vnd if duty.open_vnd else duty.amount_vnd
    money = "" if amount is None else f", {vnd(amount)}"
    text = [
        f"{name}. {title.vi}, kỳ {duty.period}: {STATES[duty.state].vi}{money}.",
        rule.why.vi,
        *([] if rule.nominal == rule.due_on else [f"Hạn {rule.nominal:%d/%m/%Y} là ngày nghỉ, dời sang {rule.due_on:%d/%m/%Y}."]),
        "Căn cứ: " + "; ".join(f"{cite.at}, {cite.instrument}" for cite in rule.cites) + ".",
        f"{title.en}, {duty.period}: {STATES[duty.state].en}. {rule.why.en}",
    ]  # fmt: skip
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(f'{licence_id}/{duty.key}')}@khoangsan"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{rule.due_on:%Y%m%d}"
    yield f"SUMMARY:{escaped(('✓ ' if paid else '') + f'{title.vi} {duty.period}{money}')}"
    yield f"DESCRIPTION:{escaped(chr(10).join(text))}"
    yield f"CATEGORIES:{escaped(STATES[duty.state].vi)}"
    yield "TRANSP:TRANSPARENT"
    if not paid and duty.kind not in BY_AUTHORITY:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:{_REMIND}",
            f"DESCRIPTION:{escaped(title.vi)}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks escaped, other control characters left out (3.3.11)."""
    plain = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
    for sign, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, instead)
    return plain


def folded(line: str) -> bytes:
    """A content line with its CRLF, cut into parts of at most 75 octets between characters (3.1)."""
    octets = line.encode()
    if len(octets) <= _OCTETS:
        return octets + b"\r\n"
    parts, start, room = [], 0, _OCTETS
    while start < len(octets):
        end = min(start + room, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # never between the bytes of a character
            end -= 1
        parts.append(octets[start:end])
        start, room = end, _OCTETS - 1  # a continued line begins with a space
    return b"\r\n ".join(parts) + b"\r\n"
