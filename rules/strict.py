"""Strict reading of law files: every key is asked for once, what nobody asked for is an error."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules.trace import Text


class LawBookError(Exception):
    """The law files are wrong; ``problems`` lists ``file: key: message`` for all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Source:
    """A folder of law files, its parsed content and the problems found in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content: dict[str, Any] = {}
        self.problems: list[str] = []

    def problem(self, file: str, key: str, message: str) -> None:
        self.problems.append(f"{file}: {key}: {message}")

    def raise_problems(self) -> None:
        if self.problems:
            raise LawBookError(self.problems)

    def table(self, file: str) -> Table:
        """The whole of a TOML file."""
        try:
            parsed = tomllib.loads((self.folder / file).read_text("utf-8"), parse_float=Decimal)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise LawBookError([*self.problems, f"{file}: -: {error}"]) from error
        self.content[file] = parsed
        return Table(self, file, "", dict(parsed))

    def tables(self, file: str, name: str) -> Iterator[Table]:
        """The ``[[name]]`` tables of a TOML file."""
        whole = self.table(file)
        yield from whole.children(name)
        whole.done()

    def rows(self, file: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a CSV file, with their line numbers; its header must be exactly ``columns``."""
        try:
            with (self.folder / file).open(encoding="utf-8-sig", newline="") as lines:
                reader = csv.DictReader(lines, strict=True)
                if tuple(reader.fieldnames or ()) != columns:
                    raise LawBookError([*self.problems, f"{file}: header: expected {','.join(columns)}"])
                rows = list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise LawBookError([*self.problems, f"{file}: -: {error}"]) from error
        for line, row in enumerate(rows, start=2):
            if None in row or None in row.values():
                raise LawBookError([*self.problems, f"{file}: line {line}: has not {len(columns)} columns"])
        self.content[file] = rows
        yield from enumerate(rows, start=2)


class Table:
    """One TOML table. Each key is taken once; :meth:`done` reports the keys nobody took."""

    def __init__(self, source: Source, file: str, where: str, values: dict[str, Any]) -> None:
        self._source = source
        self._file = file
        self._where = where
        self._values = values

    def problem(self, key: str, message: str) -> None:
        self._source.problem(self._file, f"{self._where}{key}", message)

    def done(self) -> None:
        for key in self._values:
            self.problem(key, "unknown key")
        self._values = {}

    def take(self, key: str) -> Any:
        return self._values.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.problem(key, "missing or not a text")
            return ""
        return value

    def text_pair(self, stem: str, *, optional: bool = False) -> Any:
        """``stem_vi`` and ``stem_en`` as a :class:`Text`; ``None`` where both are absent and ``optional``."""
        if optional and f"{stem}_vi" not in self._values and f"{stem}_en" not in self._values:
            return None
        return Text(self.text(f"{stem}_vi"), self.text(f"{stem}_en"))

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            self.problem(key, f"{value!r} is none of {', '.join(allowed)}")
            return next(iter(allowed))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, "not true or false")
            return default
        return value

    def optional_day(self, key: str) -> date | None:
        value = self.take(key)
        if value is not None and type(value) is not date:
            self.problem(key, "not a date")
            return None
        return value

    def day(self, key: str) -> date:
        value = self.optional_day(key)
        if value is None:
            self.problem(key, "missing date")
            return date.min
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if type(value) is not int:
            self.problem(key, "not a whole number")
            return 1
        return value

    def keys(self, key: str, minerals: Collection[str]) -> tuple[str, ...] | None:
        """A list of keys, or ``"mineral"`` for every mineral code; ``None`` where absent."""
        value = self.take(key)
        if value is None:
            return None
        if value == "mineral":
            return tuple(minerals)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.problem(key, 'not a list of keys or "mineral"')
        return ()

    def values(self, keyed: bool) -> dict[str, Any]:
        """The ``values`` of a keyed parameter, or ``value`` under the empty key."""
        if keyed:
            value = self.take("values")
            if isinstance(value, dict) and value:
                return value
            self.problem("values", "missing: this parameter has keys")
            return {}
        value = self.take("value")
        if value is None:
            self.problem("value", "missing")
            return {}
        return {"": value}

    def child(self, key: str) -> Table:
        value = self.take(key)
        if not isinstance(value, dict):
            self.problem(key, "missing table")
            value = {}
        return Table(self._source, self._file, f"{self._where}{key}.", dict(value))

    def children(self, key: str) -> Iterator[Table]:
        value = self.take(key) or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.problem(key, "not a list of tables")
            return
        for index, one in enumerate(value):
            yield Table(self._source, self._file, f"{self._where}{key}[{index}].", dict(one))
