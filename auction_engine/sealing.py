"""How is a ballot sealed, and how is a lot drawn that anyone can draw again? Law 01/2016 Art. 42(2)(d), 43.

A seal is the SHA-256 of session, round, bidder, amount and a nonce of 256 bits: until the nonce is shown nobody can read or change
the ballot. A lot is computed from a secret that was committed in the regulation and from the shares the present gave at roll call,
so that neither the operator nor a bidder chooses it alone (house convention ``verifiable_lots``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final

from auction_engine.canonical import canonical
from auction_engine.grid import Amount

BITS: Final = 8
_HEX: Final = re.compile(f"[0-9a-f]{{{hashlib.sha256().digest_size * 2}}}")


def is_hex(text: str) -> bool:
    """Whether a text is 256 bits in lower-case hexadecimal digits."""
    return _HEX.fullmatch(text) is not None


def seal(session: str, round_number: int, bidder: str, amount: Amount, nonce: str) -> str:
    """The seal of a ballot; ``ValueError`` for a nonce that is not 256 bits."""
    if not is_hex(nonce):
        raise ValueError("a nonce is 64 lower-case hexadecimal digits")
    return hashlib.sha256(canonical(["ballot", session, round_number, bidder, amount, nonce])).hexdigest()


def commitment(secret: str) -> str:
    """What the regulation publishes of the secret for drawing lots."""
    return hashlib.sha256(canonical(["lots", secret])).hexdigest()


def draw(secret: str, session: str, shares: Iterable[tuple[str, str]], among: Sequence[str]) -> tuple[str, str]:
    """Seed and winner of a lot among those tied; every one has the same chance.

    ``shares`` are the roll-call shares of all present by name. Raises ``ValueError`` for nobody to draw among.
    """
    if not among:
        raise ValueError("no lots without bidders")
    names = sorted(among)
    seed = hashlib.sha256(canonical(["lot", secret, session, sorted(map(list, shares)), names])).digest()
    drawn, size = seed, 1 << (hashlib.sha256().digest_size * BITS)
    while int.from_bytes(drawn) >= size - size % len(names):
        drawn = hashlib.sha256(drawn).digest()  # the last incomplete share of the range would favour the first names
    return seed.hex(), names[int.from_bytes(drawn) % len(names)]
