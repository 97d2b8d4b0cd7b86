"""How do logs stand in the database? The statements of SQLite and PostgreSQL behind one set of functions; all within a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, text

from auction_engine.log import ORIGIN, Entry, read_entry

BATCH: Final = 1000
"""Entries read at a time."""


class Row(NamedTuple):
    """A session as its row says."""

    id: int
    name: str
    seq: int
    head: str


class Line(NamedTuple):
    """An entry as its row says."""

    seq: int
    body: str
    hash: str


_ROWS = "SELECT id, name, seq, head FROM auction_session WHERE name IN :names ORDER BY id"
_READ = text(_ROWS).bindparams(bindparam("names", expanding=True))
_LOCK = text(f"{_ROWS} FOR UPDATE").bindparams(bindparam("names", expanding=True))
_CREATE = text(
    "INSERT INTO auction_session (name, created_at, seq, head) VALUES (:name, :at, 0, :head) "
    "ON CONFLICT (name) DO NOTHING RETURNING id"
)
_MOVE = text("UPDATE auction_session SET seq = :seq, head = :head, tick_at = :tick_at WHERE id = :id")
_APPEND = text(
    "INSERT INTO auction_entry (session_id, seq, sender, key, body, hash) "
    "VALUES (:session_id, :seq, :sender, :key, :body, :hash)"
)
_TAIL = text(
    "SELECT seq, body, hash FROM auction_entry WHERE session_id = :id AND seq > :after AND seq <= :upto ORDER BY seq LIMIT :most"
)
_HASH = text("SELECT hash FROM auction_entry WHERE session_id = :id AND seq = :seq")
_HASHES = text("SELECT hash FROM auction_entry WHERE session_id = :id AND seq > :after ORDER BY seq")
_KNOWN = text(
    "SELECT sender, key, seq, body, hash FROM auction_entry WHERE session_id = :id AND key IN :keys"
).bindparams(bindparam("keys", expanding=True))
_LISTED = text(
    "SELECT name, created_at, seq, tick_at FROM auction_session WHERE name > :after ORDER BY name LIMIT :most"
)
_DUE = text("SELECT name, tick_at FROM auction_session WHERE tick_at IS NOT NULL ORDER BY tick_at LIMIT :most")


def read_rows(connection: Connection, names: Collection[str]) -> dict[str, Row]:
    """The rows of sessions by name."""
    return {row.name: Row(*row) for row in connection.execute(_READ, {"names": list(names)})}


def lock_rows(connection: Connection, names: Collection[str]) -> dict[str, Row]:
    """The same, held until the end of the write transaction: nobody else advances these logs meanwhile."""
    on_postgres = connection.dialect.name == "postgresql"
    found = connection.execute(_LOCK if on_postgres else _READ, {"names": list(names)})
    return {row.name: Row(*row) for row in found}


def create_row(connection: Connection, name: str, at: str) -> bool:
    """A session without entries; ``False`` where the name is taken."""
    return connection.execute(_CREATE, {"name": name, "at": at, "head": ORIGIN}).first() is not None


def append(connection: Connection, entries: Iterable[tuple[int, Entry]]) -> None:
    """Add entries to the logs of sessions given by their ids."""
    connection.execute(
        _APPEND,
        [
            {
                "session_id": session_id,
                "seq": entry.seq,
                "sender": entry.order.by if entry.order.key else None,
                "key": entry.order.key or None,
                "body": entry.body.decode(),
                "hash": entry.hash,
            }
            for session_id, entry in entries
        ],
    )


def move(connection: Connection, session_id: int, seq: int, head: str, tick_at: str | None) -> None:
    """Let the row say where its log ends now."""
    connection.execute(_MOVE, {"id": session_id, "seq": seq, "head": head, "tick_at": tick_at})


def tail(connection: Connection, row: Row, after: int = 0) -> Iterator[Line]:
    """Entries after a sequence, in order, up to the end that the row says."""
    while after < row.seq:
        asked = {"id": row.id, "after": after, "upto": row.seq, "most": BATCH}
        found = connection.execute(_TAIL, asked).all()
        if not found:
            return
        yield from (Line(*one) for one in found)
        after = found[-1].seq


def entries(connection: Connection, row: Row, after: int = 0) -> Iterator[Entry]:
    """The same entries, read and checked against their chain; ``BrokenLogError`` where they do not hold."""
    prev = hash_at(connection, row.id, after)
    for line in tail(connection, row, after):
        entry = read_line(line, prev)
        prev = entry.hash
        yield entry


def hash_at(connection: Connection, session_id: int, seq: int) -> str:
    """Hash of an entry, that of the origin for 0; nothing where there is none."""
    if seq == 0:
        return ORIGIN
    found: str | None = connection.execute(_HASH, {"id": session_id, "seq": seq}).scalar()
    return found or ""


def hashes(connection: Connection, session_id: int, after: int = 0) -> list[str]:
    """Hashes of all entries after a sequence."""
    return list(connection.execute(_HASHES, {"id": session_id, "after": after}).scalars())


def known(connection: Connection, session_id: int, keys: Sequence[str]) -> dict[tuple[str, str], Line]:
    """Entries that answered one of these keys, by sender and key."""
    found = connection.execute(_KNOWN, {"id": session_id, "keys": list(keys)})
    return {(row.sender, row.key): Line(row.seq, row.body, row.hash) for row in found}


def read_line(line: Line, prev: str) -> Entry:
    """The entry of a row; ``BrokenLogError`` where it does not follow ``prev``."""
    return read_entry(as_text(line, prev), prev)


def as_text(line: Line, prev: str) -> bytes:
    """A row as a line of a log."""
    return b"".join(
        (b'{"entry":', line.body.encode(), b',"hash":"', line.hash.encode(), b'","prev":"', prev.encode(), b'"}')
    )


def due(connection: Connection, most: int) -> list[tuple[str, str]]:
    """Sessions with a timer, the next to fire first: name and instant."""
    return [(row.name, row.tick_at) for row in connection.execute(_DUE, {"most": most})]


def listed(connection: Connection, after: str, most: int) -> list[tuple[str, str, int, str | None]]:
    """Sessions by name: name, instant of creation, sequence, instant of the next timer."""
    found = connection.execute(_LISTED, {"after": after, "most": most})
    return [(row.name, row.created_at, row.seq, row.tick_at) for row in found]
