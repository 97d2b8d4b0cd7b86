"""What is one line of a log, and how do lines hang together? Canonical JSON under a SHA-256 chain.

A line is ``{"entry":<body>,"hash":"...","prev":"..."}``: the body holds sequence, instant, order and events, ``hash`` is the SHA-256
of the bytes ``prev`` and body. Any edit of any byte breaks the chain or the canonical form.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from auction_engine.canonical import Codec, Json, canonical, parse
from auction_engine.commands import Command, Order
from auction_engine.events import Event
from auction_engine.values import Role

COMMANDS: Final = Codec(Command)
EVENTS: Final = Codec(Event)
ORIGIN: Final = hashlib.sha256(b"khoangsan auction session").hexdigest()
"""What stands before the first entry."""
_HEAD, _HASH, _PREV, _TAIL = b'{"entry":', b',"hash":"', b'","prev":"', b'"}'
_DIGITS = len(ORIGIN)
_FOOT = len(_HASH) + len(_PREV) + len(_TAIL) + 2 * _DIGITS


class BrokenLogError(ValueError):
    """A line that is not what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answered order: ``seq`` counts from 1 without a gap, ``body`` are its canonical bytes."""

    seq: int
    at: str
    order: Order
    events: tuple[Event, ...]
    body: bytes
    prev: str
    hash: str

    def line(self) -> bytes:
        """The entry as a line of a log, without its line end."""
        return b"".join((_HEAD, self.body, _HASH, self.hash.encode(), _PREV, self.prev.encode(), _TAIL))


def make_entry(seq: int, at: str, order: Order, events: tuple[Event, ...], prev: str) -> Entry:
    """The next entry of a chain."""
    body = canonical(
        {
            "seq": seq,
            "at": at,
            "session": order.session,
            "role": order.role.value,
            "by": order.by,
            "command": COMMANDS.write(order.command),
            "expected": order.expected,
            "second": order.second,
            "key": order.key,
            "events": [EVENTS.write(event) for event in events],
        }
    )
    return Entry(seq=seq, at=at, order=order, events=events, body=body, prev=prev, hash=link(prev, body))


def link(prev: str, body: bytes) -> str:
    """Hash of a body in its chain."""
    return hashlib.sha256(prev.encode() + body).hexdigest()


def split_line(line: bytes) -> tuple[bytes, str, str]:
    """Body, hash and previous hash of a line, none of them checked against the others; :class:`BrokenLogError` for another shape."""
    foot = len(line) - _FOOT
    if foot < len(_HEAD) or not line.startswith(_HEAD) or line[foot : foot + len(_HASH)] != _HASH:
        raise BrokenLogError("not an entry")
    at = foot + len(_HASH)
    own, between = line[at : at + _DIGITS], line[at + _DIGITS : at + _DIGITS + len(_PREV)]
    prev = line[at + _DIGITS + len(_PREV) : -len(_TAIL)]
    if between != _PREV or not line.endswith(_TAIL):
        raise BrokenLogError("not an entry")
    return line[len(_HEAD) : foot], own.decode("ascii", "replace"), prev.decode("ascii", "replace")


def chained(line: bytes, prev: str) -> tuple[bytes, str]:
    """Body and hash of a line that follows ``prev``; :class:`BrokenLogError` where it does not."""
    body, own, before = split_line(line)
    if before != prev:
        raise BrokenLogError("does not follow the entry before it")
    if own != link(prev, body):
        raise BrokenLogError("its hash is not that of its content")
    return body, own


def read_body(body: bytes) -> tuple[int, str, Order, tuple[Event, ...]]:
    """Sequence, instant, order and events of a body; :class:`BrokenLogError` where it is not canonical or not of this form."""
    try:
        raw = parse(body)
        if not isinstance(raw, dict) or canonical(raw) != body:
            raise BrokenLogError("not canonical JSON")
        return _read(raw)
    except BrokenLogError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise BrokenLogError(str(error)) from error


_FIELDS: Final = {"seq", "at", "session", "role", "by", "command", "expected", "second", "key", "events"}


def _read(raw: Json) -> tuple[int, str, Order, tuple[Event, ...]]:
    if raw.keys() != _FIELDS:
        raise BrokenLogError(f"an entry has the fields {', '.join(sorted(_FIELDS))}")
    texts = [raw[name] for name in ("at", "session", "by", "second", "key")]
    expected: Any = raw["expected"]
    if any(type(one) is not str for one in texts) or type(raw["seq"]) is not int:
        raise BrokenLogError("a field has another type")
    if expected is not None and type(expected) is not int:
        raise BrokenLogError("expected is no sequence")
    order = Order(
        session=raw["session"],
        role=Role(raw["role"]),
        by=raw["by"],
        command=COMMANDS.read(raw["command"]),
        expected=expected,
        second=raw["second"],
        key=raw["key"],
    )
    return raw["seq"], raw["at"], order, tuple(EVENTS.read(one) for one in raw["events"])


def read_entry(line: bytes, prev: str) -> Entry:
    """An entry read back from its line."""
    body, own = chained(line, prev)
    seq, at, order, events = read_body(body)
    return Entry(seq=seq, at=at, order=order, events=events, body=body, prev=prev, hash=own)
