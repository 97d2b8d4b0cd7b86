"""How do people and lines misbehave in a simulated session? Orders lost, doubled and overtaken, odd amounts, upsets in the hall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.commands import Command, Order
from auction_engine.grid import Amount
from auction_engine.rehearsal import Rehearsal
from auction_engine.sealing import seal
from auction_engine.session import Session
from auction_engine.simulation_dice import Dice
from auction_engine.values import Ballots, Mode, Phase, Role, Stage, SystemFault, Violation

ODD: Final[tuple[Amount, ...]] = ("", "-1", "5.333", "1e3", "9" * 400, 5, -7, "05.5", "5,5", "٥", 10**30)
"""Amounts that no session takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a client remembers of its sealed ballot."""

    amount: Amount
    nonce: str


class Clients:
    """The hall of one session: what its clients send, late, twice or not at all."""

    def __init__(self, dice: Dice, rehearsal: Rehearsal) -> None:
        self.dice = dice
        self.rehearsal = rehearsal
        self.waiting: list[Order] = []
        self.sealed: dict[tuple[str, int], Sealed] = {}
        self.keys = 0

    @property
    def session(self) -> Session:
        """The session under test."""
        return self.rehearsal.session

    def send(self, command: Command, role: Role, by: str, second: str = "") -> None:
        """A client sends an order: it may be lost, doubled, or wait behind later ones."""
        dice = self.dice
        self.keys += 1
        order = Order(
            session=self.session.state.session,
            role=role,
            by=by,
            command=command,
            second=second,
            key=f"k{self.keys}",
            expected=self.session.state.seq - dice.below(2) if dice.one_in(25) else None,
        )
        if dice.one_in(15):
            return
        for _ in range(2 if dice.one_in(8) else 1):
            self.waiting.insert(dice.below(len(self.waiting) + 1) if dice.one_in(4) else len(self.waiting), order)

    def deliver(self, *, everything: bool = False) -> None:
        """What waits on the line arrives."""
        while self.waiting and (everything or not self.dice.one_in(4)):
            self.rehearsal.wait(self.dice.below(3))
            self.session.submit(self.waiting.pop(0), self.rehearsal.now)

    def move(self) -> None:
        """Something happens in the hall."""
        hall, dice, state = self.rehearsal, self.dice, self.session.state
        if state.stage is Stage.POSTPONED:
            hall.wait(hall.DAY)
            hall.give(before.Reschedule(opens_at=hall.tomorrow(), reason="dời"), Role.CHAIR)
            return
        if state.stage is Stage.LISTED:
            opens_at = state.regulation.opens_at if state.regulation else hall.now
            hall.now = max(hall.now, opens_at)
            if dice.one_in(12):
                hall.wait(3600)
            if dice.one_in(20):
                hall.give(live.ReportFault(fault=SystemFault.CANNOT_START, evidence="mất điện"), Role.CLERK)
            elif dice.one_in(6):
                hall.give(live.Tick(), Role.SYSTEM)
            else:
                hall.give(hall.opening(), Role.CHAIR, second="clerk")
            return
        self._upset()
        mode = hall.script.mode
        if mode in (Mode.ORAL, Mode.ONLINE):
            self._bids(mode)
        else:
            self._ballots()

    def _upset(self) -> None:
        hall, dice, state = self.rehearsal, self.dice, self.session.state
        bidder = dice.of(hall.script.bidders)
        if dice.one_in(40):
            hall.give(live.Pause(reason="nghỉ"), Role.CHAIR)
            hall.wait(dice.below(600))
        if self.session.state.live.paused_at:
            hall.give(live.Resume(reason="tiếp tục"), Role.CHAIR)
        if dice.one_in(45):
            self.send(live.WithdrawBid(bidder=bidder), Role.BIDDER, bidder)
        if dice.one_in(80):
            command = live.Disqualify(bidder=bidder, violation=Violation.COLLUSION, evidence="biên bản")
            hall.give(command, Role.CHAIR, second="clerk")
        if dice.one_in(150):
            hall.give(live.ReportFault(fault=dice.of(tuple(SystemFault)), evidence="nhật ký máy chủ"), Role.CLERK)
        if dice.one_in(200):
            hall.give(live.CancelSession(reason="vi phạm trình tự"), Role.CHAIR, second="clerk")
        if dice.one_in(10):
            self.send(live.Tick(), Role.BIDDER, bidder)
        if state.live.phase is Phase.LOTS:
            hall.give(live.DrawLots(secret=hall.script.secret if not dice.one_in(5) else "sai"), Role.CHAIR)
        if state.live.phase is Phase.CLOSED:
            hall.give(live.DeclareWinner(), Role.AUCTIONEER, second="clerk")

    def _amount(self) -> Amount:
        """Mostly the next bids on the grid, sometimes what no session takes."""
        dice, state = self.dice, self.session.state
        assert state.grid is not None
        if dice.one_in(12):
            return dice.of(ODD)
        return state.grid.amount(max(state.live.best, -1) + dice.below(4))

    def _bids(self, mode: Mode) -> None:
        hall, dice, state = self.rehearsal, self.dice, self.session.state
        for _ in range(dice.below(4)):
            bidder = dice.of(hall.script.bidders)
            command = live.Bid(bidder=bidder, amount=self._amount())
            if mode is Mode.ONLINE:
                self.send(command, Role.BIDDER, dice.of(hall.script.bidders) if dice.one_in(30) else bidder)
            else:
                hall.give(command, Role.AUCTIONEER)
                hall.wait(dice.below(10))
        if mode is Mode.ORAL and dice.one_in(2):
            hall.give(live.CallPrice(), Role.AUCTIONEER)
        if mode is Mode.ONLINE:
            hall.wait(dice.below(400))
            if state.live.ends_at and hall.now >= state.live.ends_at and dice.one_in(20):
                hall.wait(120)
            hall.give(live.Tick(), Role.SYSTEM)

    def _ballots(self) -> None:
        hall, dice, state = self.rehearsal, self.dice, self.session.state
        number = state.live.round
        if state.live.phase is Phase.BIDDING:
            if state.live.extra and dice.one_in(4):
                bidder = dice.of(state.live.among or hall.script.bidders)
                self.send(live.DeclineExtraRound(bidder=bidder), Role.BIDDER, bidder)
            if hall.script.ballots is Ballots.SEALED and not dice.one_in(3):
                for bidder in hall.script.bidders:
                    if dice.one_in(2):
                        self._seal(bidder, number)
                self.deliver(everything=True)
            hall.give(live.CloseRound(round=number), Role.AUCTIONEER)
        elif state.live.phase is Phase.OPENING:
            for bidder in hall.script.bidders:
                kept = self.sealed.get((bidder, number))
                if kept is not None:
                    reveal = live.Reveal(bidder=bidder, round=number, amount=kept.amount, nonce=kept.nonce)
                    self.send(reveal, Role.BIDDER, bidder)
                elif hall.script.ballots is Ballots.PAPER and dice.one_in(2 + number):
                    hall.give(live.RecordBallot(bidder=bidder, round=number, amount=self._amount()), Role.CLERK)
            self.deliver(everything=True)
            hall.give(live.CountRound(round=number), Role.AUCTIONEER)

    def _seal(self, bidder: str, number: int) -> None:
        amount, nonce = self._amount(), self.dice.hex()
        if isinstance(amount, int) and amount > 1 << 60:
            return
        self.sealed.setdefault((bidder, number), Sealed(amount=amount, nonce=nonce))
        kept = self.sealed[bidder, number]
        sealing = seal(self.session.state.session, number, bidder, kept.amount, kept.nonce)
        self.send(live.Seal(bidder=bidder, round=number, seal=sealing), Role.BIDDER, bidder)
