"""What does the operator vouch for? Signed checkpoints of the log (Ed25519) and receipts that prove an entry to its sender.

A checkpoint signs size, root and head of the log with the digest of the law; it names its number and the checkpoint before it, so that
none can be left out. A receipt holds an entry's hash and place, a checkpoint that covers it and the proof that leads to its root.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auction_engine.canonical import canonical
from auction_engine.log import ORIGIN, Entry
from auction_engine.merkle import inclusion_proof, proved_root

_DOMAIN: Final = b"khoangsan checkpoint 1\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed state of the log: ``size`` entries with Merkle ``root`` and last hash ``head``; ``before`` is the digest of the
    checkpoint before it. Keys, hashes and signature are hexadecimal digits."""

    session: str
    number: int
    size: int
    root: str
    head: str
    at: str
    law_digest: str
    before: str
    signature: str

    def signed(self) -> bytes:
        """The bytes under the signature."""
        return _DOMAIN + canonical({key: value for key, value in asdict(self).items() if key != "signature"})

    def digest(self) -> str:
        """What the next checkpoint names."""
        return hashlib.sha256(self.signed() + self.signature.encode()).hexdigest()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the operator's key signed it."""
        try:
            signature = bytes.fromhex(self.signature)
            if signature.hex() != self.signature:
                return False  # one writing alone, so that no byte of a bundle can change unseen
            key.verify(signature, self.signed())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign_checkpoint(
    key: Ed25519PrivateKey, entries: Sequence[Entry], root: str, law_digest: str, before: Checkpoint | None
) -> Checkpoint:
    """The next checkpoint over all entries; ``ValueError`` for an empty log."""
    if not entries:
        raise ValueError("an empty log has no checkpoint")
    last = entries[-1]
    blank = Checkpoint(
        session=last.order.session if before is None else before.session,
        number=1 if before is None else before.number + 1,
        size=last.seq,
        root=root,
        head=last.hash,
        at=last.at,
        law_digest=law_digest,
        before=ORIGIN if before is None else before.digest(),
        signature="",
    )
    return Checkpoint(**{**asdict(blank), "signature": key.sign(blank.signed()).hex()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a sender keeps: its entry's sequence and hash, the proof, and the checkpoint."""

    seq: int
    hash: str
    proof: tuple[str, ...]
    checkpoint: Checkpoint

    def json(self) -> dict[str, Any]:
        """The receipt as plain JSON values."""
        return {**asdict(self), "proof": list(self.proof), "checkpoint": asdict(self.checkpoint)}


def issue_receipt(entries: Sequence[Entry], seq: int, checkpoint: Checkpoint) -> Receipt:
    """The receipt of an entry under a checkpoint; ``IndexError`` where it does not cover the entry."""
    hashes = [entry.hash for entry in entries[: checkpoint.size]]
    proof = inclusion_proof(hashes, seq - 1)
    return Receipt(seq=seq, hash=hashes[seq - 1], proof=proof, checkpoint=checkpoint)


def check_receipt(receipt: Receipt, key: Ed25519PublicKey) -> bool:
    """Whether the operator vouched for the entry, by the receipt and the public key alone."""
    checkpoint = receipt.checkpoint
    try:
        root = proved_root(receipt.hash, receipt.seq - 1, checkpoint.size, receipt.proof)
    except ValueError:
        return False
    return root == checkpoint.root and checkpoint.is_signed_by(key)


def public_key(text: str) -> Ed25519PublicKey:
    """A public key of 64 lower-case hexadecimal digits; ``ValueError`` for anything else."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    if key_text(key) != text:
        raise ValueError("a key is written in lower-case hexadecimal digits")
    return key


def key_text(key: Ed25519PublicKey) -> str:
    """A public key in hexadecimal digits."""
    return key.public_bytes_raw().hex()
