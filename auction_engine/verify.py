"""Is this bundle the whole truth? Chain, signatures, law digest, a second decision of every order, and the claims re-derived.

No database, no clock and no network: the bundle, the law book of the product and, where the auditor has it, the operator's public key
from another source. The first difference is returned with its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auction_engine.bundle import Head, read_checkpoint, read_head
from auction_engine.canonical import canonical
from auction_engine.checkpoints import public_key
from auction_engine.log import ORIGIN, BrokenLogError, chained, read_entry
from auction_engine.merkle import Tree
from auction_engine.minutes import statement
from auction_engine.session import redecide
from auction_engine.state import State, new_state
from rules.lawbook import LawBook
from rules.trace import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first thing that is wrong: line of the bundle (from 1) and what was found there."""

    line: int
    what: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a sound bundle holds: its head and the statement the engine derived from it."""

    head: Head
    statement: dict[str, Any]


class _FoundError(Exception):
    def __init__(self, line: int, vi: str, en: str) -> None:
        super().__init__(en)
        self.difference = Difference(line=line, what=Text(vi, en))


def verify(lines: Iterable[bytes], book: LawBook, trusted_key: str = "") -> Verified | Difference:
    """Verify a bundle given as its lines with their ends (a binary file is one). ``trusted_key``: the operator's key as the
    auditor knows it, in hexadecimal digits."""
    try:
        return _verified(_Lines(lines), book, trusted_key)
    except _FoundError as found:
        return found.difference


class _Lines:
    """The lines of a bundle with their numbers; each ends with a line end, the last too."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def more(self) -> bytes | None:
        """The next line, or nothing at the end of the file."""
        line = next(self._lines, None)
        self.number += 1
        if line is not None and not line.endswith(b"\n"):
            raise _FoundError(self.number, "Dòng không có dấu kết thúc.", "The line does not end.")
        return None if line is None else line[:-1]

    def next(self) -> bytes:
        """The next line, which has to be there."""
        line = self.more()
        if line is None:
            raise _FoundError(self.number, "Tệp kết thúc sớm.", "The file ends too early.")
        return line


def _verified(lines: _Lines, book: LawBook, trusted_key: str) -> Verified:
    head, key = _head(lines, book, trusted_key)
    state, made = _entries(lines, head, book)
    _checkpoints(lines, head, key, made)
    derived = statement(state)
    if lines.next() != canonical({"claims": derived}):
        raise _FoundError(
            lines.number,
            "Biên bản, tiền đặt trước hoặc người trúng khai trong tệp khác với kết quả tính lại từ nhật ký.",
            "The claimed minutes, deposits or winner differ from what the log gives.",
        )
    if lines.more() is not None:
        raise _FoundError(lines.number, "Có dòng thừa sau phần cuối.", "There are lines after the end.")
    return Verified(head=head, statement=derived)


def _head(lines: _Lines, book: LawBook, trusted_key: str) -> tuple[Head, Ed25519PublicKey]:
    line, number = lines.next(), lines.number
    try:
        head = read_head(line)
        key = public_key(head.public_key)
    except ValueError as error:
        raise _FoundError(number, f"Dòng đầu không đúng: {error}.", f"The head is wrong: {error}.") from error
    if head.law_digest != book.digest:
        raise _FoundError(
            number,
            f"Phiên dùng sổ luật {head.law_digest:.12}, máy này có sổ luật {book.digest:.12}.",
            f"The session used law book {head.law_digest:.12}, this machine holds {book.digest:.12}.",
        )
    if trusted_key and trusted_key != head.public_key:
        raise _FoundError(number, "Khóa công khai không phải khóa bạn tin.", "The public key is not the one you trust.")
    return head, key


def _entries(lines: _Lines, head: Head, book: LawBook) -> tuple[State, list[tuple[str, str]]]:
    """State of the log, with hash and instant of each entry."""
    if not head.session:
        raise _FoundError(1, "Phiên không có tên.", "The session has no name.")
    state, prev, made = new_state(head.session, book), ORIGIN, list[tuple[str, str]]()
    for place in range(1, head.entries + 1):
        line, number = lines.next(), lines.number
        try:
            entry = read_entry(line, prev)
            state = redecide(state, entry)
        except BrokenLogError as error:
            raise _FoundError(number, f"Sự kiện số {place}: {error}.", f"Entry {place}: {error}.") from error
        prev = entry.hash
        made.append((prev, entry.at))
    return state, made


def _checkpoints(lines: _Lines, head: Head, key: Ed25519PublicKey, made: list[tuple[str, str]]) -> None:
    before, size, tree = ORIGIN, 0, Tree()
    for place in range(1, head.checkpoints + 1):
        line, number = lines.next(), lines.number
        try:
            one = read_checkpoint(line)
        except BrokenLogError as error:
            raise _FoundError(number, f"Điểm kiểm {place}: {error}.", f"Checkpoint {place}: {error}.") from error
        stands = (one.session, one.number, one.before, one.law_digest)
        if stands != (head.session, place, before, head.law_digest) or not size < one.size <= len(made):
            raise _FoundError(number, f"Điểm kiểm {place} không nối tiếp.", f"Checkpoint {place} does not follow.")
        for entry_hash, _ in made[size : one.size]:
            tree.append(entry_hash)
        if (one.root, one.head, one.at) != (tree.root(), *made[one.size - 1]):
            raise _FoundError(number, f"Điểm kiểm {place} khác nhật ký.", f"Checkpoint {place} is not of this log.")
        if not one.is_signed_by(key):
            raise _FoundError(
                number, f"Chữ ký của điểm kiểm {place} sai.", f"The signature of checkpoint {place} is wrong."
            )
        before, size = one.digest(), one.size
    if size != head.entries:
        raise _FoundError(
            number, "Điểm kiểm cuối không bao trùm nhật ký.", "The last checkpoint does not cover the log."
        )


def verify_chain(lines: Iterable[bytes]) -> int:
    """Check the chain alone, over entry lines without their ends; how many hold. Raises :class:`BrokenLogError` at the first that does not."""
    prev, count = ORIGIN, 0
    for line in lines:
        _, prev = chained(line, prev)
        count += 1
    return count
