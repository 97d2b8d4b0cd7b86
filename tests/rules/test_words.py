"""Amounts in words: the table of readings, the round trip through an independent reader, and its long gate."""

from __future__ import annotations

import os
import random
import sys
import time
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.words import LARGEST, amount_in_words
from tests.rules.words_reader import NotAReadingError, read_amount

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "words.toml").read_text(encoding="utf-8"))
SEED = 20261122
# groups of three digits where a reading can go wrong; empty ones twice as often
TRAP_GROUPS = (0, 0, 1, 4, 5, 10, 11, 14, 15, 20, 21, 24, 25, 44, 55, 91, 100, 101, 104, 105, 110, 111, 115, 121, 500)


def amounts_of_traps() -> st.SearchStrategy[int]:
    """Amounts whose groups are empty or hold a trap, which amounts drawn evenly almost never show."""
    return st.lists(st.sampled_from(TRAP_GROUPS), min_size=1, max_size=6).map(from_groups)


def from_groups(groups: list[int]) -> int:
    amount = 0
    for group in groups:
        amount = amount * 1000 + group
    return amount


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: str(case["amount"]))
def test_table_of_readings(case: dict[str, object]) -> None:
    assert amount_in_words(case["amount"]) == case["words"]
    assert read_amount(case["words"]) == case["amount"]


def test_table_is_broad_and_sourced() -> None:
    amounts = [case["amount"] for case in CASES["case"]]
    assert len(amounts) == len(set(amounts)) >= 60
    assert {case["source"] for case in CASES["case"]} <= set(CASES["sources"])


@given(st.one_of(st.integers(0, LARGEST), amounts_of_traps()))
@example(0)
@example(LARGEST)
@example(LARGEST - 1)
def test_round_trip(amount: int) -> None:
    words = amount_in_words(amount)
    assert read_amount(words) == amount
    assert words == " ".join(words.split())


@given(st.integers(1, 10**9 - 1), st.integers(0, 10**9 - 1))
def test_what_stands_before_ty_is_a_number_of_its_own(billions: int, rest: int) -> None:
    head = amount_in_words(billions).removesuffix(" đồng")
    assert amount_in_words(billions * 10**9) == f"{head} tỷ đồng"
    assert amount_in_words(billions * 10**9 + rest).startswith(f"{head} tỷ")


@pytest.mark.parametrize("amount", [-1, -LARGEST, LARGEST + 1, 10**5000], ids=["-1", "-10^18", "10^18+1", "10^5000"])
def test_outside_the_range(amount: int) -> None:
    with pytest.raises(ValueError, match=r"^Số tiền .* / The amount .*10\^18"):
        amount_in_words(amount)


@pytest.mark.parametrize("text", CASES["refused_by_the_reader"])
def test_reader_refuses_other_readings(text: str) -> None:
    with pytest.raises(NotAReadingError):
        read_amount(text)


def test_no_two_amounts_share_their_words() -> None:
    assert len({amount_in_words(amount) for amount in range(10_000)}) == 10_000


@pytest.mark.gate
def test_gate_round_trip_of_a_million_amounts(capsys: pytest.CaptureFixture[str]) -> None:
    """Every amount below 100,000, then distinct seeded ones of each magnitude up to 10^18, then amounts of traps."""
    full = os.environ.get("KHOANGSAN_GATES") == "full"
    each, traps = (80_000, 100_000) if full else (4_000, 10_000)
    draw = random.Random(SEED)
    strata = chain.from_iterable(draw.sample(range(10**digits, 10 ** (digits + 1)), each) for digits in range(5, 18))
    of_traps = (from_groups(draw.choices(TRAP_GROUPS, k=6)) for _ in range(traps))

    started = time.perf_counter()
    below = {amount_in_words(amount): amount for amount in range(100_000)}
    assert len(below) == 100_000
    for words, amount in below.items():
        assert read_amount(words) == amount
    count = len(below)
    for amount in chain(strata, of_traps, (LARGEST,)):
        words = amount_in_words(amount)
        assert read_amount(words) == amount, (amount, words)
        count += 1
    seconds = time.perf_counter() - started

    assert count >= (1_000_000 if full else 100_000)
    with capsys.disabled():  # standard error, because parallel workers lose standard output
        print(f"\namounts in words: {count:,} amounts written and read back in {seconds:.1f} s", file=sys.stderr)
