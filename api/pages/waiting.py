"""Where does a previewed file stay until the officer imports it? The last few, on disk, out of reach of others."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import IO, Final

from api.imports.report import ImportReport

_KEPT: Final = 6


@dataclass(slots=True, kw_only=True)
class Waiting:
    """A previewed file that waits to be imported, with the answers it was previewed with."""

    file: IO[bytes]
    name: str
    given: Mapping[str, str]
    report: ImportReport


class WaitingFiles:
    """The last previewed files, on disk, by an unguessable name; safe between threads."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Waiting] = OrderedDict()
        self._lock = Lock()

    def keep(self, waiting: Waiting) -> str:
        """Keep a file and return its name; the oldest makes room."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._files[name] = waiting
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)[1].file.close()
        return name

    def find(self, name: str) -> Waiting | None:
        """The file of that name, while it is kept."""
        with self._lock:
            return self._files.get(name)

    def take(self, name: str) -> Waiting | None:
        """The file of that name, which nobody else gets any more: it is imported once."""
        with self._lock:
            return self._files.pop(name, None)
