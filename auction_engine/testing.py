"""Test material for auction sessions: sessions, odd amounts, edits of bundles, invariants (extra ``testing``).

Strategies (Hypothesis)::

    from hypothesis import given
    from auction_engine.testing import CHECKS, sessions

    @given(sessions())
    def test_what_every_session_promises(session):
        for check in CHECKS:
            check(session)

* :func:`sessions`: whole simulated auctions of every mode, unit, group and period; the seed is what Hypothesis shrinks.
* :func:`scripts`: scripts for a :class:`auction_engine.rehearsal.Rehearsal` of your own.
* :func:`grids`: grids of rates and of sums; :func:`odd_amounts`: what is no bid on any grid.
* :func:`edited`: a bundle with one edit (flip, delete, insert, swap, truncate), drawn from a :class:`Dice`.
* :data:`CHECKS`, :func:`check_all`: the invariants; each raises :class:`BrokenInvariantError`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from auction_engine.grid import Amount, Grid, Unit
from auction_engine.invariants import CHECKS, BrokenInvariantError, check_all
from auction_engine.rehearsal_script import Script
from auction_engine.session import Session
from auction_engine.simulation import Simulation
from auction_engine.simulation_clients import ODD
from auction_engine.simulation_dice import Dice
from auction_engine.values import Ballots, Mode
from rules.lawbook import law_book
from rules.number import plain

__all__ = [
    "CHECKS",
    "BrokenInvariantError",
    "Dice",
    "check_all",
    "edited",
    "grids",
    "odd_amounts",
    "scripts",
    "sessions",
]


def sessions() -> st.SearchStrategy[Session]:
    """Simulated auctions, run to their end."""
    return st.integers(0, 10**9).map(lambda number: Simulation(0, number, law_book()).run())


def scripts(**fixed: Any) -> st.SearchStrategy[Script]:
    """Scripts under the present law; ``fixed`` sets fields."""
    free: dict[str, Any] = {
        "opens_on": st.dates(date(2026, 2, 2), date(2026, 11, 20)),
        "mode": st.sampled_from(Mode),
        "ballots": st.sampled_from(Ballots),
        "step": st.sampled_from(("0.05", "0.25", "0.5")),
        "bidders": st.integers(2, 6).map(lambda count: tuple(f"N{place}" for place in range(1, count + 1))),
        "council": st.booleans(),
    }
    drawn = {name: strategy for name, strategy in free.items() if name not in fixed}
    return st.builds(Script, **drawn, **{name: st.just(value) for name, value in fixed.items()})


def _rate(tenths: int) -> str:
    return plain(tenths, 10**4)


def grids() -> st.SearchStrategy[Grid]:
    """Grids whose start and step have up to four decimals, and grids of đồng."""
    sizes = st.integers(1, 10**6)
    rates = st.builds(lambda a, b: Grid(unit=Unit.RATE, start=_rate(a), step=_rate(b)), sizes, sizes)
    sums = st.builds(
        lambda a, b: Grid(unit=Unit.MONEY, start=a, step=b), st.integers(1, 10**12), st.integers(1, 10**10)
    )
    return st.one_of(rates, sums)


def odd_amounts() -> st.SearchStrategy[Amount]:
    """Amounts that no session of rates takes."""
    letters = st.text(max_size=60).filter(lambda text: not text.isascii() or not text[:1].isdigit())
    return st.one_of(st.sampled_from(ODD), st.integers(), letters)


def edited(bundle: bytes, dice: Dice) -> bytes:
    """A bundle that differs from ``bundle`` by one edit of its bytes or lines."""
    while True:
        lines = bundle.splitlines(keepends=True)
        place = dice.below(len(lines))
        match dice.below(7):
            case 0:
                at = dice.below(len(bundle))
                found = bundle[:at] + bytes([bundle[at] ^ (1 << dice.below(8))]) + bundle[at + 1 :]
            case 1:
                at = dice.below(len(bundle))
                found = bundle[:at] + bundle[at + 1 + dice.below(40) :]
            case 2:
                at = dice.below(len(bundle) + 1)
                found = bundle[:at] + dice.hex().encode()[: 1 + dice.below(20)] + bundle[at:]
            case 3:
                found = b"".join(lines[:place] + lines[place + 1 :])
            case 4:
                lines.insert(dice.below(len(lines) + 1), lines[place])
                found = b"".join(lines)
            case 5:
                other = dice.below(len(lines))
                lines[place], lines[other] = lines[other], lines[place]
                found = b"".join(lines)
            case _:
                found = bundle[: dice.below(len(bundle))]
        if found != bundle:
            return found
