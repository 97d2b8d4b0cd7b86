"""How is a log proved? The operator's key, signed checkpoints, receipts and the bundle for auditors.

A checkpoint is made when somebody asks for a receipt that none covers yet, when a bundle is taken, and from time to time while a session
goes on: what was signed cannot be told otherwise later.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from api.sessions import rows
from api.sessions.keeper import MOST, Keeper
from api.store.engine import Store
from auction_engine.bundle import read_checkpoint, write_bundle
from auction_engine.canonical import canonical
from auction_engine.checkpoints import Checkpoint, Receipt, key_text, sign_checkpoint
from auction_engine.merkle import Tree, inclusion_proof

_LAST = text("SELECT body FROM auction_checkpoint WHERE session_id = :id ORDER BY number DESC LIMIT 1")
_COVERS = text("SELECT body FROM auction_checkpoint WHERE session_id = :id AND size >= :size ORDER BY number LIMIT 1")
_ALL = text("SELECT body FROM auction_checkpoint WHERE session_id = :id ORDER BY number")
_ADD = text("INSERT INTO auction_checkpoint (session_id, number, size, body) VALUES (:id, :number, :size, :body)")
_BEHIND = text(
    "SELECT name FROM auction_session s WHERE seq > 0 AND seq > COALESCE("
    "(SELECT MAX(size) FROM auction_checkpoint c WHERE c.session_id = s.id), 0) LIMIT 100"
)


class Notary:
    """Signs for the operator. Every method works in a thread of its caller and waits for the database."""

    def __init__(self, store: Store, keeper: Keeper, key_file: Path) -> None:
        self._store: Final = store
        self._keeper: Final = keeper
        self._key_file: Final = key_file
        self._key: Ed25519PrivateKey | None = None
        self._lock: Final = Lock()
        self._signing: Final = Lock()
        self._trees: Final[OrderedDict[str, tuple[int, Tree]]] = OrderedDict()

    def public_key(self) -> str:
        """The key that receipts and bundles are checked with, in hexadecimal digits."""
        return key_text(self._private().public_key())

    def receipt(self, name: str, seq: int) -> Receipt:
        """The receipt of an entry. ``LookupError`` where session or entry is not there."""
        found = self._covering(name, seq) or (self.sign(name) and self._covering(name, seq))
        if not found:
            raise LookupError(name)
        return found

    def sign(self, name: str) -> bool:
        """Sign a checkpoint over the whole log, unless one is there; ``False`` without session or entries.

        The tree is grown before the log is locked: a bid waits for the last few hashes at most.
        """
        with self._signing:
            with self._store.session() as session:
                row = rows.read_rows(session.connection(), [name]).get(name)
                if row is None or row.seq == 0:
                    return False
                tree = self._grown(session.connection(), row)
            with self._store.write() as session:
                connection = session.connection()
                row = rows.lock_rows(connection, [name])[name]
                before = _checkpoint(connection, _LAST, row.id)
                if before is None or before.size < row.seq:
                    self._grow(connection, row, tree)
                    self._add(connection, row, before, tree.root())
        return True

    def sign_behind(self) -> int:
        """Sign every session that went on since its last checkpoint; how many."""
        with self._store.session() as session:
            names = list(session.connection().execute(_BEHIND).scalars())
        return sum(self.sign(name) for name in names)

    def bundle(self, name: str) -> bytes:
        """The bundle of a whole log. ``LookupError`` where session or entries are not there."""
        if not self.sign(name):
            raise LookupError(name)
        with self._store.session() as session:
            connection = session.connection()
            row = rows.read_rows(connection, [name])[name]
            checkpoints = [
                read_checkpoint(body.encode()) for body in connection.execute(_ALL, {"id": row.id}).scalars()
            ]
            signed = row._replace(seq=checkpoints[-1].size, head=checkpoints[-1].head)
            entries = list(rows.entries(connection, signed))
            hot = Keeper(self._keeper.book).current(connection, signed)
        return write_bundle(hot.state, entries, checkpoints, self.public_key())

    def _covering(self, name: str, seq: int) -> Receipt | None:
        with self._store.session() as session:
            connection = session.connection()
            row = rows.read_rows(connection, [name]).get(name)
            if row is None or not 1 <= seq <= row.seq:
                raise LookupError(name)
            checkpoint = _checkpoint(connection, _COVERS, row.id, size=seq)
            if checkpoint is None:
                return None
            hashes = rows.hashes(connection, row.id)[: checkpoint.size]
        proof = inclusion_proof(hashes, seq - 1)
        return Receipt(seq=seq, hash=hashes[seq - 1], proof=proof, checkpoint=checkpoint)

    def _grown(self, connection: Connection, row: rows.Row) -> Tree:
        """The tree of a log, as it was grown last and further."""
        known = self._trees.pop(row.name, None)
        tree = known[1] if known is not None and known[0] == row.id and known[1].size <= row.seq else Tree()
        self._trees[row.name] = (row.id, tree)
        while len(self._trees) > MOST:
            self._trees.popitem(last=False)
        self._grow(connection, row, tree)
        return tree

    @staticmethod
    def _grow(connection: Connection, row: rows.Row, tree: Tree) -> None:
        for entry_hash in rows.hashes(connection, row.id, tree.size)[: row.seq - tree.size]:
            tree.append(entry_hash)

    def _add(self, connection: Connection, row: rows.Row, before: Checkpoint | None, root: str) -> None:
        last = list(rows.entries(connection, row, row.seq - 1))
        made = sign_checkpoint(self._private(), last, root, self._keeper.book.digest, before)
        body = canonical({"checkpoint": asdict(made)}).decode()
        connection.execute(_ADD, {"id": row.id, "number": made.number, "size": made.size, "body": body})

    def _private(self) -> Ed25519PrivateKey:
        with self._lock:
            if self._key is None:
                self._key = _read_key(self._key_file)
            return self._key


def _checkpoint(connection: Connection, asked: object, session_id: int, **more: int) -> Checkpoint | None:
    body = connection.execute(asked, {"id": session_id, **more}).scalar()  # type: ignore[call-overload]
    return None if body is None else read_checkpoint(body.encode())


def _read_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file; a new one, readable by its owner alone, where there is no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    key = Ed25519PrivateKey.generate()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return key
