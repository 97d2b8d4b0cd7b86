"""How long, how much memory, how far from the exact answer? Every engine is measured the same way, in one process."""

import gc
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bench.data import Case, Rows

Traced = Callable[[Case], tuple[int, str]]
"""One licence to (fee in whole đồng, SHA-256 in hex of the canonical JSON of result and trace)."""

Columns = Callable[[Rows], NDArray[np.int64]]
"""Columns to the fee of each row in whole đồng."""


def side_by_side(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds of the best of `rounds` of each call; a round runs all in turn, so a busy moment strikes all alike."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            gc.collect()
            gc.disable()
            started = perf_counter()
            call()
            best[name] = min(best[name], perf_counter() - started)
            gc.enable()
    return best


def over(fee: Traced, cases: Sequence[Case]) -> Callable[[], None]:
    """A call that computes every case once."""

    def run() -> None:
        for case in cases:
            fee(case)

    return run


def peak_bytes(call: Callable[[], object]) -> int:
    """Most bytes Python and numpy held at one moment of the call beyond what they held before, result included."""
    gc.collect()
    tracemalloc.start()
    result = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return peak


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Answers against exact ones: rows off at all, rows off by more than one đồng, the largest difference in đồng."""

    off: int
    off_by_more: int
    largest: int


def deviation(answers: NDArray[np.int64], exact: NDArray[np.int64]) -> Deviation:
    """Compare whole đồng with whole đồng, row by row."""
    distance = np.abs(answers - exact)
    return Deviation(
        off=int((distance > 0).sum()), off_by_more=int((distance > 1).sum()), largest=int(distance.max(initial=0))
    )
