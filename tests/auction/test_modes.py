"""Each way of holding a session, ties and lots, withdrawal, refusal, faults and late timers."""

from __future__ import annotations

import pytest
from halls import codes, hall, kinds, only, opened

from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.events_outcome import RunnerUpFound, SessionFailed
from auction_engine.events_session import LotsDrawn, Paused, WindowExtended
from auction_engine.grid import Unit
from auction_engine.moments import later
from auction_engine.rehearsal import Rehearsal
from auction_engine.sealing import commitment, draw, seal
from auction_engine.testing import check_all
from auction_engine.values import AreaKind, Ballots, Forfeit, Mode, Party, Role, Stage, SystemFault, Violation

NONCE = "ab" * 32


def finish(found: Rehearsal, winner: str) -> None:
    found.declare()
    assert found.session.state.result.winner == winner
    found.sign()
    check_all(found.session)


def test_oral_three_calls_and_a_bid_that_resets_them() -> None:
    found = opened(mode=Mode.ORAL)
    assert codes(found.give(live.CallPrice(), Role.AUCTIONEER)) == ["no_bid"]
    found.bid("A", "5.5")
    found.must(live.CallPrice(), Role.AUCTIONEER)
    found.must(live.CallPrice(), Role.AUCTIONEER)
    found.bid("B", "6")
    for _ in range(2):
        found.must(live.CallPrice(), Role.AUCTIONEER)
    entry = found.give(live.DeclareWinner(), Role.AUCTIONEER, second="clerk")
    assert codes(entry) == ["still_bidding"]
    assert kinds(found.must(live.CallPrice(), Role.AUCTIONEER)) == ["PriceCalled", "BiddingClosed"]
    finish(found, "B")


def test_online_window_extension_and_signal() -> None:
    found = opened(signal_times=2, longest_extensions=1)
    assert kinds(found.bid("A", "10")) == ["BidPlaced", "SignalRaised"]
    ends_at = found.session.state.live.ends_at
    found.now = later(ends_at, -60)
    assert kinds(found.bid("B", "10.5")) == ["BidPlaced"]
    found.wait(1)
    entry = found.bid("A", "11")
    extended = entry.events[1]
    assert isinstance(extended, WindowExtended)
    assert extended.ends_at == later(found.now, 120) > ends_at
    found.wait(119)
    assert kinds(found.bid("B", "12")) == ["BidPlaced"]  # only one extension was agreed
    found.now = extended.ends_at
    assert codes(found.bid("A", "13")) == ["closed"]
    assert kinds(found.close_window()) == ["BiddingClosed"]
    finish(found, "B")


def test_a_bidder_may_log_in_while_the_window_runs() -> None:
    found = opened(bidders=("A", "B", "C"))
    found = hall(bidders=("A", "B", "C"))
    found.open(present=("A",))
    found.check_in("B")
    found.bid("B", "6")
    found.close_window()
    finish(found, "B")
    lost = {name: one.forfeit_ground for name, one in found.session.state.bidders.items() if one.forfeited}
    assert lost == {"C": Forfeit.ABSENT}


def test_direct_ballots_until_nobody_bids() -> None:
    found = opened(mode=Mode.DIRECT_BALLOT)
    found.ballots({"A": "6", "B": "7", "C": "5"})
    found.must(live.CloseRound(round=2), Role.AUCTIONEER)
    low = found.must(live.RecordBallot(bidder="A", round=2, amount="7"), Role.CLERK)
    assert kinds(low) == ["BallotInvalid"]
    found.must(live.RecordBallot(bidder="C", round=2, amount="7.5"), Role.CLERK)
    found.must(live.CountRound(round=2), Role.AUCTIONEER)
    assert kinds(found.ballots({})) == ["RoundCounted", "BiddingClosed"]
    finish(found, "C")


def test_agreed_number_of_rounds() -> None:
    found = opened(mode=Mode.DIRECT_BALLOT, rounds=2)
    found.ballots({"A": "6"})
    assert kinds(found.ballots({"B": "9"})) == ["RoundCounted", "BiddingClosed"]
    finish(found, "B")


def test_tie_extra_round_and_lots_anyone_can_draw_again() -> None:
    found = opened(mode=Mode.DIRECT_BALLOT)
    found.ballots({"A": "7", "B": "7"})
    found.ballots({})  # nobody goes higher: those tied bid among themselves
    assert found.session.state.live.among == ("A", "B")
    assert kinds(found.ballots({})) == ["RoundCounted", "LotsCalled"]
    assert codes(found.give(live.DrawLots(secret="khác"), Role.CHAIR)) == ["wrong_secret"]
    drawn = only(found.must(live.DrawLots(secret=found.script.secret), Role.CHAIR))
    assert isinstance(drawn, LotsDrawn)
    shares = [(name, one.lot_share) for name, one in found.session.state.bidders.items() if one.present]
    assert draw(drawn.secret, "dien-tap", shares, ("B", "A")) == (drawn.seed, drawn.winner)
    assert found.session.state.regulation is not None
    assert commitment(drawn.secret) == found.session.state.regulation.lot_commitment
    finish(found, drawn.winner)


def test_one_tied_bidder_declines_and_lots_decide() -> None:
    found = opened(mode=Mode.INDIRECT_BALLOT)
    found.ballots({"A": "7", "B": "7", "C": "5"})
    assert codes(found.give(live.DeclineExtraRound(bidder="C"), Role.BIDDER, "C")) == ["no_extra_round"]
    entry = found.must(live.DeclineExtraRound(bidder="A"), Role.BIDDER, "A")
    assert kinds(entry) == ["ExtraRoundDeclined", "LotsCalled"]


def test_three_tied_rounds_of_the_old_decree() -> None:
    found = opened(
        opens_on=hall().script.opens_on.replace(year=2024),
        mode=Mode.DIRECT_BALLOT,
        deposit_vnd=159_000_000,
        kind=AreaKind.UNEXPLORED,
    )
    for amount in ("5.5", "6"):
        found.ballots({"A": amount, "B": amount})
    assert kinds(found.ballots({"A": "6.5", "B": "6.5"})) == ["RoundCounted", "LotsCalled"]
    check_all(found.session)


def test_sealed_ballots_open_together_and_a_missing_one_is_named() -> None:
    found = opened(mode=Mode.INDIRECT_BALLOT, ballots=Ballots.SEALED)
    for bidder, amount in (("A", "7"), ("B", "8"), ("C", "9")):
        sealed = seal("dien-tap", 1, bidder, amount, NONCE)
        found.must(live.Seal(bidder=bidder, round=1, seal=sealed), Role.BIDDER, bidder)
        again = found.give(live.Seal(bidder=bidder, round=1, seal=sealed), Role.BIDDER, bidder)
        assert codes(again) == ["already_voted"]
    early = found.give(live.Reveal(bidder="A", round=1, amount="7", nonce=NONCE), Role.BIDDER, "A")
    assert codes(early) == ["round_open"]
    found.must(live.CloseRound(round=1), Role.AUCTIONEER)
    late = found.give(live.Seal(bidder="A", round=1, seal=NONCE), Role.BIDDER, "A")
    assert codes(late) == ["closed"]
    wrong = found.give(live.Reveal(bidder="A", round=1, amount="9", nonce=NONCE), Role.BIDDER, "A")
    assert codes(wrong) == ["seal_mismatch"]
    for bidder, amount in (("A", "7"), ("B", "8")):
        found.must(live.Reveal(bidder=bidder, round=1, amount=amount, nonce=NONCE), Role.BIDDER, bidder)
    entry = found.must(live.CountRound(round=1), Role.AUCTIONEER)
    assert kinds(entry) == ["BallotMissing", "RoundCounted", "BiddingClosed"]
    finish(found, "B")


def test_no_bid_fails_and_the_third_failure_may_leave_auctions() -> None:
    found = opened(failures=2)
    entry = found.close_window()
    assert entry is not None
    failed = entry.events[0]
    assert isinstance(failed, SessionFailed)
    assert (failed.ground, failed.failures, failed.may_leave_auctions) == ("failed_no_bid", 3, True)
    assert all(one.refund_due == found.script.deposit_vnd for one in found.session.state.bidders.values())
    check_all(found.session)


@pytest.mark.parametrize(("present", "stage"), [(("A",), Stage.FAILED), (("A", "B"), Stage.OPEN)])
def test_at_least_two(present: tuple[str, ...], stage: Stage) -> None:
    found = hall(mode=Mode.ORAL)
    found.ready(present)
    found.now = found.opens_at
    found.must(live.OpenSession(), Role.CHAIR, second="clerk")
    assert found.session.state.stage is stage


def test_one_registrant_fails_at_the_list() -> None:
    found = hall(bidders=("A",))
    found.plan()
    found.post()
    found.register("A")
    assert kinds(found.publish_list()) == ["ListPublished", "SessionFailed"]
    assert found.session.state.result.failed == "failed_one"


def test_withdrawal_goes_on_from_the_next_lower_bid() -> None:
    found = opened(mode=Mode.ORAL)
    for bidder, amount in (("A", "6"), ("B", "7"), ("C", "8")):
        found.bid(bidder, amount)
    entry = found.must(live.WithdrawBid(bidder="C"), Role.BIDDER, "C")
    assert kinds(entry) == ["BidWithdrawn", "DepositForfeited"]
    assert (found.session.state.live.leaders, found.session.state.live.best) == (("B",), 4)
    assert codes(found.bid("C", "9")) == ["out"]
    assert codes(found.bid("A", "7.5")) == []
    for _ in range(3):
        found.must(live.CallPrice(), Role.AUCTIONEER)
    reopened = found.must(live.WithdrawBid(bidder="A"), Role.BIDDER, "A")
    assert kinds(reopened)[-1] == "RoundOpened"
    for _ in range(3):
        found.must(live.CallPrice(), Role.AUCTIONEER)
    finish(found, "B")


def test_everyone_withdraws_and_the_auction_fails() -> None:
    found = opened(mode=Mode.ORAL, bidders=("A", "B"))
    found.bid("A", "6")
    found.must(live.WithdrawBid(bidder="A"), Role.BIDDER, "A")
    found.bid("B", "6")
    found.must(live.WithdrawBid(bidder="B"), Role.BIDDER, "B")
    assert found.session.state.result.failed == "failed_withdrawn"
    check_all(found.session)


def test_disqualified_leader_of_ballots() -> None:
    found = opened(mode=Mode.DIRECT_BALLOT)
    found.ballots({"A": "9", "B": "7"})
    out = live.Disqualify(bidder="A", violation=Violation.COLLUSION, evidence="biên bản 1")
    assert codes(found.give(out, Role.CHAIR)) == ["second_needed"]
    entry = found.must(out, Role.CHAIR, second="clerk")
    assert kinds(entry) == ["Disqualified", "DepositForfeited", "RoundOpened"]
    found.ballots({"C": "7.5"})
    found.ballots({})
    finish(found, "C")


def refused_result(found: Rehearsal) -> RunnerUpFound | SessionFailed:
    winner = found.session.state.result.winner
    entry = found.must(live.RefuseResult(bidder=winner), Role.BIDDER, winner)
    (event,) = [one for one in entry.events if isinstance(one, RunnerUpFound | SessionFailed)][-1:]
    return event


def test_with_rates_the_seller_decides_on_the_next_bidder() -> None:
    found = opened()
    found.bid("A", "12")
    found.bid("B", "12.5")
    found.close_window()
    found.declare()
    event = refused_result(found)
    assert isinstance(event, RunnerUpFound)
    assert event.passes is None
    silent = found.give(live.DecideRunnerUp(bidder="A", accepted=True, reason=" "), Role.SELLER)
    assert codes(silent) == ["reason_missing"]
    found.must(live.DecideRunnerUp(bidder="A", accepted=True, reason="kém một bước giá"), Role.SELLER)
    found.must(live.AnswerOffer(bidder="A", accepts=True), Role.BIDDER, "A")
    assert found.session.state.result.steps == 14
    found.sign()
    check_all(found.session)


@pytest.mark.parametrize(("next_bid", "passes"), [(850_000_000, True), (849_000_000, False)])
def test_with_money_the_deposit_decides(next_bid: int, passes: bool) -> None:
    """Refused 1 billion, deposit 150 million: the next bid of 850 million is just enough (Law 01/2016 Art. 51(1))."""
    found = opened(mode=Mode.ORAL)
    state = found.session.state
    assert state.terms is not None
    # a session of đồng under the present property-auction law: Law 54/2024 makes rates the rule, other files keep money
    from dataclasses import replace

    from auction_engine.grid import Grid

    money = replace(
        state,
        terms=replace(state.terms, unit=Unit.MONEY, start=500_000_000, step=1_000_000, deposit_vnd=150_000_000),
        grid=Grid(unit=Unit.MONEY, start=500_000_000, step=1_000_000),
    )
    found.session.state = money
    found.bid("A", next_bid)
    found.bid("B", 1_000_000_000)
    for _ in range(3):
        found.must(live.CallPrice(), Role.AUCTIONEER)
    found.declare()
    event = refused_result(found)
    if passes:
        assert isinstance(event, RunnerUpFound)
        assert event.passes is True
        assert found.session.state.result.offered == "A"
    else:
        assert isinstance(event, SessionFailed)
        assert event.ground == "failed_refused"


def test_who_does_not_sign_does_not_take_the_area() -> None:
    found = opened()
    found.bid("A", "6")
    found.close_window()
    found.declare()
    wrong = found.give(live.SignMinutes(party=Party.CLERK, digest="0" * 64), Role.CLERK)
    assert codes(wrong) == ["wrong_minutes"]
    found.must(live.RefuseMinutes(bidder="A"), Role.BIDDER, "A")
    assert found.session.state.result.failed == "failed_minutes"
    assert found.session.state.bidders["A"].forfeit_ground is Forfeit.MINUTES
    check_all(found.session)


def test_faults() -> None:
    found = hall()
    found.ready()
    found.must(live.ReportFault(fault=SystemFault.CANNOT_START, evidence="mất điện"), Role.CLERK)
    assert found.session.state.stage is Stage.POSTPONED
    found.must(before.Reschedule(opens_at=found.tomorrow(), reason="mất điện"), Role.CHAIR)
    found.now = found.session.state.regulation.opens_at  # type: ignore[union-attr]
    found.must(live.OpenSession(), Role.CHAIR, second="clerk")
    found.bid("A", "6")
    start = found.give(live.ReportFault(fault=SystemFault.CANNOT_START, evidence="x"), Role.CLERK)
    assert codes(start) == ["cannot_start_is_over"]
    found.must(live.ReportFault(fault=SystemFault.BID_NOT_RECORDED, evidence="nhật ký"), Role.CLERK)
    assert found.session.state.stage is Stage.CANCELLED
    assert {one.refund_due for one in found.session.state.bidders.values()} == {found.script.deposit_vnd}
    check_all(found.session)


def test_late_timers_never_run_unfairly() -> None:
    found = hall()
    found.ready()
    found.now = later(found.opens_at, 61)
    assert kinds(found.must(live.OpenSession(), Role.CHAIR, second="clerk")) == ["SessionPostponed"]

    found = opened()
    found.bid("A", "6")
    assert found.give(live.Tick(), Role.SYSTEM) is None
    found.now = later(found.session.state.live.ends_at, 61)
    stood = only(found.give(live.Tick(), Role.SYSTEM))
    assert isinstance(stood, Paused)
    assert stood.by_timer
    assert codes(found.bid("B", "7")) == ["paused"]
    found.must(live.Resume(reason="máy chủ đã chạy lại"), Role.CHAIR)
    assert found.session.state.live.ends_at == later(found.now, 120)
    assert codes(found.bid("B", "7")) == []
    found.close_window()
    finish(found, "B")


def test_a_pause_keeps_the_time_that_was_left() -> None:
    found = opened()
    found.wait(600)
    found.must(live.Pause(reason="nghỉ"), Role.CHAIR)
    found.wait(5000)
    found.must(live.Resume(reason="tiếp tục"), Role.CHAIR)
    assert found.session.state.live.ends_at == later(found.now, 1200)
