"""Does any order of events break a session? Whole auctions drawn from a seed: clients that drop, repeat and reorder, timers that are
late, bidders who withdraw, refuse and stay away.

Everything is drawn from SHA-256, so a seed gives the same bytes on every machine and version of Python. :func:`simulate` runs one
auction and checks every invariant of :mod:`auction_engine.invariants` after it; a broken one carries its seed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypeVar

from auction_engine import commands_after as after
from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.grid import Unit
from auction_engine.invariants import check_all
from auction_engine.minutes import minutes_digest
from auction_engine.rehearsal import Rehearsal
from auction_engine.rehearsal_script import Script
from auction_engine.session import Session
from auction_engine.simulation_clients import Clients
from auction_engine.simulation_dice import Dice
from auction_engine.values import (
    ApprovalGround,
    AreaKind,
    Ballots,
    Extension,
    Mode,
    ResultGround,
    Role,
    Stage,
)
from fees.case import Group
from rules.lawbook import LawBook

T = TypeVar("T")
_ANY_DAY: Final = date(2026, 2, 2)


class Simulation(Clients):
    """One auction with its clients."""

    def __init__(self, seed: int, number: int, book: LawBook) -> None:
        dice = Dice(f"{seed}/{number}")
        super().__init__(dice, Rehearsal(_script(dice, number), book))

    def run(self) -> Session:
        """The whole auction, from plan to its end."""
        self._before()
        for _ in range(60):
            if self.session.state.stage not in (Stage.LISTED, Stage.POSTPONED, Stage.OPEN):
                break
            self.deliver()
            self.move()
        self.deliver(everything=True)
        self._outcome()
        self._afterwards()
        return self.session

    def _before(self) -> None:
        hall, dice = self.rehearsal, self.dice
        hall.plan()
        hall.post()
        for bidder in hall.script.bidders:
            found = hall.screening()
            if dice.one_in(12):
                found = replace(found, equity_vnd=1, audited=dice.one_in(2), ban="QĐ cấm" if dice.one_in(2) else "")
            hall.register(bidder, found, ("X", "Y") if dice.one_in(30) else ())
        hall.publish_list()
        if self.session.state.stage is not Stage.LISTED:
            return
        for bidder in hall.script.bidders:
            amount = hall.script.deposit_vnd
            if dice.one_in(15):
                amount = amount // 2 + dice.below(amount)
            if not dice.one_in(20):
                on = hall.script.opens_on if dice.one_in(20) else None
                hall.give(
                    before.RecordDeposit(
                        bidder=bidder,
                        amount_vnd=amount,
                        paid_on=(on or hall.days.deposit_closes).isoformat(),
                        reference="UNC",
                    ),
                    Role.CLERK,
                )
        hall.now = hall.at(hall.script.opens_on, 8)
        for bidder in hall.script.bidders:
            if not dice.one_in(30):
                self.send(live.CheckIn(bidder=bidder, lot_share=dice.hex()), Role.BIDDER, bidder)
        self.deliver(everything=True)

    def _outcome(self) -> None:
        hall, dice = self.rehearsal, self.dice
        for _ in range(4):
            state = self.session.state
            if state.stage is Stage.DECLARED:
                winner = state.result.winner
                if dice.one_in(6):
                    hall.give(live.RefuseResult(bidder=winner), Role.BIDDER, winner)
                elif dice.one_in(12):
                    hall.give(live.RefuseMinutes(bidder=winner), Role.BIDDER, winner)
                else:
                    assert len(minutes_digest(state)) > 1
                    hall.sign()
            elif state.stage is Stage.RUNNER_UP and not state.result.offered:
                chosen = dice.of(state.result.candidates)
                decided = live.DecideRunnerUp(bidder=chosen, accepted=not dice.one_in(3), reason="sát giá")
                hall.give(decided, Role.SELLER)
            elif state.stage is Stage.RUNNER_UP:
                offered = state.result.offered
                hall.give(live.AnswerOffer(bidder=offered, accepts=not dice.one_in(3)), Role.BIDDER, offered)

    def _afterwards(self) -> None:
        hall, dice = self.rehearsal, self.dice
        if self.session.state.stage is Stage.MINUTED:
            hall.approve()
            hall.give(after.HandOverRate(), Role.SYSTEM)
            self._licence()
        for name, one in self.session.state.bidders.items():
            if one.refund_due and not dice.one_in(4):
                hall.wait(hall.DAY)
                refund = after.RefundDeposit(bidder=name, refunded_on=hall.today(), reference="UNC")
                hall.give(refund, Role.CLERK)
            if one.forfeited and dice.one_in(2):
                remit = after.RemitDeposit(bidder=name, remitted_on=hall.today(), reference="UNC")
                hall.give(remit, Role.CLERK)

    def _licence(self) -> None:
        hall, dice = self.rehearsal, self.dice
        if dice.one_in(6):
            cancel = after.CancelResult(
                ground=dice.of(tuple(ResultGround)),
                decision="03/QĐ",
                decided_on=hall.today(),
                state_unharmed=dice.one_in(2),
                winner_at_fault=dice.one_in(2),
            )
            hall.give(cancel, Role.SELLER, second="clerk")
        if dice.one_in(5):
            until = (date.fromisoformat(hall.today()) + timedelta(days=1500)).isoformat()
            extend = after.ExtendDossier(ground=dice.of(tuple(Extension)), until=until, evidence="văn bản")
            hall.give(extend, Role.AGENCY)
        hall.wait(hall.DAY * dice.below(1500))
        hall.give(live.Tick(), Role.SYSTEM)
        hall.give(after.FileDossier(filed_on=hall.today(), reference="HS"), Role.AGENCY)
        if self.session.state.stage is Stage.APPROVED:
            late = after.CancelApproval(
                ground=dice.of(tuple(ApprovalGround)), decision="04/QĐ", decided_on=hall.today()
            )
            hall.give(late, Role.SELLER, second="clerk")
        hall.wait(hall.DAY)
        licence = after.DecideLicence(
            granted=not dice.one_in(3), winner_at_fault=dice.one_in(2), decision="GP", decided_on=hall.today()
        )
        hall.give(licence, Role.AGENCY)


def _script(dice: Dice, number: int) -> Script:
    mode = dice.of(tuple(Mode))
    old = dice.one_in(6)
    explored = dice.one_in(2)
    money = old and explored
    bidders = tuple(f"N{place}" for place in range(1, 2 + dice.of((0, 1, 2, 2, 3, 4, 5)) + dice.below(2)))
    return Script(
        session=f"mo-phong-{number}",
        opens_on=(date(2021, 3, 1) if old else _ANY_DAY) + timedelta(days=dice.below(260)),
        mode=mode,
        ballots=dice.of(tuple(Ballots)),
        group=dice.of(tuple(Group)),
        kind=AreaKind.EXPLORED if explored else AreaKind.UNEXPLORED,
        minerals=("river_sand_gravel", "fill_material") if dice.one_in(3) else ("river_sand_gravel",),
        unit=Unit.MONEY if money else Unit.RATE,
        start=7_206_468_750 if money else "5",
        step=72_064_688 if money else dice.of(("0.05", "0.25", "0.5")),
        estimated_fee_vnd=1_590_000_000,
        deposit_vnd=159_000_000 if old else 477_000_000,
        bidders=bidders,
        longest_extensions=dice.below(3),
        rounds=dice.of((0, 0, 1, 3)),
        signal_times=dice.of((0, 2)),
        council=dice.one_in(2),
    )


def simulate(seed: int, number: int, book: LawBook) -> Session:
    """Auction ``number`` of a seed with all invariants checked; :class:`auction_engine.invariants.BrokenInvariantError` names both."""
    simulation = Simulation(seed, number, book)
    session = simulation.run()
    check_all(session, f"--seed {seed}, auction {number}")
    return session
