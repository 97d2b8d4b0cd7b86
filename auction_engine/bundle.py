"""What does an auditor get? One JSON Lines file: head, entries, checkpoints, and what the operator claims came of it.

1. ``{"bundle":1,...}``: session, law digest, public key, counts of entries and checkpoints;
2. the entries, a line each;
3. the checkpoints, the last of which covers every entry;
4. ``{"claims":...}``: the statement of :func:`auction_engine.minutes.statement`.

:func:`auction_engine.verify.verify` needs this file, the product and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auction_engine.canonical import canonical, parse
from auction_engine.checkpoints import Checkpoint, key_text, sign_checkpoint
from auction_engine.log import BrokenLogError, Entry
from auction_engine.merkle import Tree
from auction_engine.minutes import statement
from auction_engine.state import State

FORM: Final = 1
"""Version of the form of a bundle."""


def write_bundle(state: State, entries: Sequence[Entry], checkpoints: Sequence[Checkpoint], key: str) -> bytes:
    """The bundle of a log; ``ValueError`` where the last checkpoint does not cover it. ``key``: public, hexadecimal."""
    if not entries or not checkpoints or checkpoints[-1].size != len(entries):
        raise ValueError("the last checkpoint must cover the whole log")
    head = {
        "bundle": FORM,
        "session": state.session,
        "law_digest": state.book.digest,
        "public_key": key,
        "entries": len(entries),
        "checkpoints": len(checkpoints),
    }
    lines = [canonical(head), *(entry.line() for entry in entries)]
    lines += [canonical({"checkpoint": asdict(one)}) for one in checkpoints]
    lines.append(canonical({"claims": statement(state)}))
    return b"\n".join(lines) + b"\n"


def sign_bundle(state: State, entries: Sequence[Entry], key: Ed25519PrivateKey, every: int = 0) -> bytes:
    """A bundle with checkpoints made now: one after each ``every`` entries (0: only the last)."""
    tree, checkpoints = Tree(), list[Checkpoint]()
    for entry in entries:
        tree.append(entry.hash)
        if tree.size == len(entries) or (every and tree.size % every == 0):
            before = checkpoints[-1] if checkpoints else None
            checkpoints.append(sign_checkpoint(key, entries[: tree.size], tree.root(), state.book.digest, before))
    return write_bundle(state, entries, checkpoints, key_text(key.public_key()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """First line of a bundle."""

    session: str
    law_digest: str
    public_key: str
    entries: int
    checkpoints: int


def read_head(line: bytes) -> Head:
    """The first line; :class:`BrokenLogError` for anything else."""
    raw = _read(line)
    if raw.pop("bundle", None) != FORM:
        raise BrokenLogError("not a bundle of this form")
    texts, counts = ("session", "law_digest", "public_key"), ("entries", "checkpoints")
    if raw.keys() != {*texts, *counts} or any(type(raw[name]) is not str for name in texts):
        raise BrokenLogError("not the head of a bundle")
    if any(type(raw[name]) is not int or raw[name] < 1 for name in counts):
        raise BrokenLogError("a bundle counts its entries and checkpoints")
    return Head(**raw)


def read_checkpoint(line: bytes) -> Checkpoint:
    """A checkpoint line; :class:`BrokenLogError` for anything else."""
    raw = _read(line).get("checkpoint")
    whole = {"number", "size"}
    names = set(Checkpoint.__dataclass_fields__)
    if not isinstance(raw, dict) or raw.keys() != names:
        raise BrokenLogError("not a checkpoint")
    if any(type(value) is not (int if name in whole else str) for name, value in raw.items()):
        raise BrokenLogError("a field of the checkpoint has another type")
    checkpoint = Checkpoint(**raw)
    if canonical({"checkpoint": asdict(checkpoint)}) != line:
        raise BrokenLogError("not canonical JSON")
    return checkpoint


def _read(line: bytes) -> dict[str, Any]:
    try:
        raw = parse(line)
    except ValueError as error:
        raise BrokenLogError(str(error)) from error
    if not isinstance(raw, dict) or canonical(raw) != line:
        raise BrokenLogError("not canonical JSON")
    return raw
