"""Sessions that the tests of this folder start from."""

from __future__ import annotations

from datetime import date
from typing import Any

from auction_engine.events import Event
from auction_engine.events_outcome import Refused
from auction_engine.log import Entry
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from rules.lawbook import law_book

DAY = date(2026, 11, 18)


def hall(**fields: Any) -> Rehearsal:
    return Rehearsal(Script(**{"opens_on": DAY, **fields}), law_book())


def opened(**fields: Any) -> Rehearsal:
    found = hall(**fields)
    found.open()
    return found


def codes(entry: Entry | None) -> list[str]:
    """Codes of the refusals of an entry."""
    assert entry is not None
    return [event.code for event in entry.events if isinstance(event, Refused)]


def kinds(entry: Entry | None) -> list[str]:
    assert entry is not None
    return [type(event).__name__ for event in entry.events]


def only(entry: Entry | None) -> Event:
    assert entry is not None
    (event,) = entry.events
    return event
