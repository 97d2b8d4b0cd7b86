"""The log proves itself: chain, canonical form, Merkle proofs, receipts, bundles, and no edit that goes unseen."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from halls import opened
from hypothesis import given, settings
from hypothesis import strategies as st

from auction_engine.bundle import sign_bundle
from auction_engine.canonical import canonical
from auction_engine.checkpoints import check_receipt, issue_receipt, key_text, sign_checkpoint
from auction_engine.log import BrokenLogError, make_entry, read_entry
from auction_engine.merkle import Tree, inclusion_proof, proved_root
from auction_engine.minutes import statement
from auction_engine.sealing import draw
from auction_engine.session import Session, redecide, replay
from auction_engine.simulation import simulate
from auction_engine.testing import Dice, check_all, edited, sessions
from auction_engine.verify import Difference, Verified, verify, verify_chain
from rules.lawbook import law_book

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KHOANGSAN = [sys.executable, "-c", "from api.cli import main; main()", "session"]


def small() -> Session:
    """A session of 30 entries or so with bids and a refusal."""
    found = opened()
    for amount in ("6", "7", "6.3", "8"):
        found.bid("A", amount)
    found.close_window()
    found.declare()
    found.sign()
    return found.session


SMALL = small()
BUNDLE = sign_bundle(SMALL.state, SMALL.entries, KEY, every=10)


def check(bundle: bytes, key: str = "") -> Verified | Difference:
    return verify(bundle.splitlines(keepends=True), law_book(), key)


@settings(max_examples=60)
@given(session=sessions())
def test_every_simulated_session_keeps_every_invariant_and_verifies(session: Session) -> None:
    check_all(session)
    bundle = sign_bundle(session.state, session.entries, KEY, every=7)
    found = check(bundle, key_text(KEY.public_key()))
    assert isinstance(found, Verified), found
    assert found.statement == statement(session.state)
    assert statement(replay(law_book(), session.state.session, session.entries)) == statement(session.state)
    assert verify_chain(entry.line() for entry in session.entries) == len(session.entries)


@given(hashes=st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=70), data=st.data())
def test_merkle_proofs(hashes: list[str], data: st.DataObject) -> None:
    tree = Tree()
    for one in hashes:
        tree.append(one)
    place = data.draw(st.integers(0, len(hashes) - 1))
    proof = inclusion_proof(hashes, place)
    assert proved_root(hashes[place], place, len(hashes), proof) == tree.root()
    other = "00" * 32
    if hashes[place] != other:
        assert proved_root(other, place, len(hashes), proof) != tree.root()
    for broken in ((*proof, other), proof[1:]):
        if broken != proof:
            with pytest.raises(ValueError):
                proved_root(hashes[place], place, len(hashes), broken)


@pytest.mark.parametrize("seq", [1, 2, len(SMALL.entries) // 2, len(SMALL.entries)])
def test_receipts(seq: int) -> None:
    tree = Tree()
    for entry in SMALL.entries:
        tree.append(entry.hash)
    checkpoint = sign_checkpoint(KEY, SMALL.entries, tree.root(), law_book().digest, None)
    receipt = issue_receipt(SMALL.entries, seq, checkpoint)
    assert check_receipt(receipt, KEY.public_key())
    assert not check_receipt(replace(receipt, hash="00" * 32), KEY.public_key())
    assert not check_receipt(replace(receipt, seq=seq % len(SMALL.entries) + 1), KEY.public_key())
    assert not check_receipt(receipt, Ed25519PrivateKey.generate().public_key())
    forged = replace(receipt, checkpoint=replace(checkpoint, at="2020-01-01T00:00:00.000000Z"))
    assert not check_receipt(forged, KEY.public_key())


def test_lots_are_fair_and_depend_on_every_share() -> None:
    wins = {"A": 0, "B": 0, "C": 0}
    for number in range(3000):
        wins[draw(f"s{number}", "x", [("A", "1"), ("B", "2")], ("C", "A", "B"))[1]] += 1
    assert all(900 < count < 1100 for count in wins.values())
    seeds = {draw("s", "x", [("A", share)], ("A", "B"))[0] for share in ("1", "2", "3")}
    assert len(seeds) == 3


def test_a_log_made_anew_by_its_operator_is_found() -> None:
    """Someone who rewrites the chain to change a bid still fails: the engine decides otherwise, and no signature fits."""
    entries, prev = [], SMALL.entries[0].prev
    for entry in SMALL.entries:
        events = tuple(
            replace(event, steps=event.steps + 1) if type(event).__name__ == "BidPlaced" else event
            for event in entry.events
        )
        made = make_entry(entry.seq, entry.at, entry.order, events, prev)
        entries.append(made)
        prev = made.hash
    forged = sign_bundle(replay(law_book(), "dien-tap", entries), entries, Ed25519PrivateKey.generate())
    found = check(forged)
    assert isinstance(found, Difference)
    assert "the engine decides" in found.what.en
    other = sign_bundle(SMALL.state, SMALL.entries, Ed25519PrivateKey.generate())
    assert isinstance(check(other), Verified)
    assert isinstance(check(other, key_text(KEY.public_key())), Difference)


def test_hexadecimal_digits_have_one_writing() -> None:
    for name in (b'"public_key":"', b'"signature":"'):
        at = BUNDLE.rindex(name) + len(name)
        upper = BUNDLE[:at] + BUNDLE[at : at + 64].upper() + BUNDLE[at + 64 :]
        assert upper != BUNDLE
        assert isinstance(check(upper), Difference), name


def test_nothing_may_stand_behind_the_end() -> None:
    for more in (b"x", b"\n", b"{}\n", BUNDLE.splitlines(keepends=True)[-1]):
        assert isinstance(check(BUNDLE + more), Difference), more
    for less in range(1, 200):
        assert isinstance(check(BUNDLE[:-less]), Difference), less


def test_claims_and_law_are_compared() -> None:
    lines = BUNDLE.splitlines(keepends=True)
    claims = orjson.loads(lines[-1])
    claims["claims"]["minutes"]["winner"] = "B"
    found = check(b"".join([*lines[:-1], canonical(claims) + b"\n"]))
    assert isinstance(found, Difference)
    assert found.line == len(lines)
    other = replace(law_book(), digest="0" * 64)
    assert isinstance(verify(lines, other), Difference)


def test_reading_is_strict() -> None:
    entry = SMALL.entries[0]
    line = entry.line()
    assert read_entry(line, entry.prev) == entry
    for broken in (line[:-1], line.replace(b'"seq":1', b'"seq":1.0'), line.replace(b'"seq"', b'"sea"'), b"", b"{}"):
        with pytest.raises(BrokenLogError):
            read_entry(broken, entry.prev)
    raw = orjson.loads(entry.body)
    for change in ({"seq": 1.0}, {"seq": True}, {"command": {"type": "Nothing"}}, {"expected": "1"}, {"more": 1}):
        made = canonical({**raw, **change})
        from auction_engine.log import read_body

        with pytest.raises(BrokenLogError):
            read_body(made)
    with pytest.raises(BrokenLogError):
        redecide(SMALL.state, entry)


@pytest.mark.gate
def test_every_single_edit_is_found(full_gates: bool) -> None:
    """Flip, delete, insert, swap, truncate: 100,000 edits of bundles, none unseen."""
    count = 100_000 if full_gates else 400
    dice = Dice("edits")
    bundles = [BUNDLE] + [
        sign_bundle(session.state, session.entries, KEY, every=9)
        for session in (simulate(5, number, law_book()) for number in range(8))
    ]
    for number in range(count):
        bundle = bundles[number % len(bundles)]
        wrong = edited(bundle, dice)
        assert isinstance(check(wrong), Difference), f"edit {number} was not seen"


@pytest.mark.gate
def test_simulated_auctions_keep_every_invariant(full_gates: bool) -> None:
    """100,000 auctions; every hundredth again, with the same bytes."""
    count = 100_000 if full_gates else 300
    for number in range(count):
        session = simulate(11, number, law_book())
        if number % 100 == 0:
            again = simulate(11, number, law_book())
            assert [one.line() for one in again.entries] == [one.line() for one in session.entries]


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KHOANGSAN, *arguments], capture_output=True, check=False, timeout=120)


def test_command_line(tmp_path: Path) -> None:
    file = tmp_path / "phien.jsonl"
    file.write_bytes(BUNDLE)
    done = run("verify", str(file), "--key", key_text(KEY.public_key()))
    assert done.returncode == 0, done.stderr
    assert "Người trúng / winner: A; giá / price: 8" in done.stdout.decode()
    file.write_bytes(BUNDLE.replace(b'"amount":"8"', b'"amount":"9"', 1))
    done = run("verify", str(file))
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Dòng ")
    assert b"Traceback" not in done.stderr
    file.write_bytes(BUNDLE)
    done = run("replay", str(file))
    assert done.returncode == 0
    assert len(done.stdout.decode().splitlines()) == len(SMALL.entries) + 1
    assert run("verify", str(tmp_path / "none")).returncode == 2
    for text in (b"", b"{}\n", b"\xff\xfe\n", BUNDLE[:1000]):
        file.write_bytes(text)
        for command in ("verify", "replay"):
            done = run(command, str(file))
            assert done.returncode == 1, (command, text)
            assert b"Traceback" not in done.stderr
    first, second = (run("simulate", "--seed", "4", "--auctions", "5").stdout for _ in range(2))
    assert first == second
    assert b"sha256" in first
