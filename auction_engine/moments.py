"""How is an instant written in a log, and on which day of Viet Nam does it fall?

An instant is text in UTC with microseconds, ``2026-11-24T02:00:00.000000Z``: always 27 characters, so that the order of texts is
the order of time. The law counts days of Viet Nam (UTC+7). The engine has no clock: every instant is given to it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

_SHAPE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_VIET_NAM: Final = timedelta(hours=7)
_HOUR: Final = len("2026-11-24T02")


def moment(at: datetime) -> str:
    """Write an aware instant; ``ValueError`` for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    text = at.astimezone(UTC).strftime(_FORMAT)
    return text if _SHAPE.fullmatch(text) else text.zfill(len("2026-11-24T02:00:00.000000Z"))


def read(text: str) -> datetime:
    """The instant of a text; ``ValueError`` where it is not written as :func:`moment` writes."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"{text!r} is not an instant like 2026-11-24T02:00:00.000000Z")
    return datetime.fromisoformat(text)


def is_moment(text: str) -> bool:
    """Whether a text is an instant."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def later(text: str, seconds: int) -> str:
    """The instant ``seconds`` later."""
    return moment(read(text) + timedelta(seconds=seconds))


def seconds_between(earlier: str, until: str) -> int:
    """Whole seconds from one instant to the next, rounded up; negative where ``until`` lies before."""
    return -((read(earlier) - read(until)) // timedelta(seconds=1))


def local_day(text: str) -> date:
    """The day in Viet Nam."""
    return _day_of_hour(text[:_HOUR])


@lru_cache(maxsize=1024)
def _day_of_hour(hour: str) -> date:
    return (datetime.strptime(hour, "%Y-%m-%dT%H") + _VIET_NAM).date()  # noqa: DTZ007 - only its day is used
