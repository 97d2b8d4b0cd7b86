"""How is a session rehearsed? A whole procedure with sample data, driven step by step by a virtual clock (*diễn tập phiên đấu giá*).

``Rehearsal`` gives the orders that the offices would give, so that simulations, tests and demonstrations write only what they are
about. Every name is made up. Nothing here decides anything: all goes through :class:`auction_engine.session.Session`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from auction_engine import commands_after as after
from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.commands import Command, Order
from auction_engine.events_outcome import Refused
from auction_engine.grid import Amount
from auction_engine.log import Entry
from auction_engine.minutes import minutes_digest
from auction_engine.moments import later, local_day, moment
from auction_engine.rehearsal_script import SOUND, Script, days_before, sample_regulation
from auction_engine.session import Session
from auction_engine.values import Mode, Party, Role, Zone
from rules.lawbook import LawBook

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


class Rehearsal:
    """A session with the offices around it and a clock that moves only when told."""

    def __init__(self, script: Script, book: LawBook) -> None:
        self.script = script
        self.session = Session(script.session, book)
        self.days = days_before(script.opens_on, book)
        self.now = self.at(self.days.posted - timedelta(days=2))

    def at(self, day: date, hour: int = 2, minute: int = 0) -> str:
        """An instant of a day, hours of Viet Nam."""
        return moment(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE))

    def tomorrow(self) -> str:
        """Nine o'clock of the next day."""
        return self.at(local_day(self.now) + timedelta(days=1), self._NINE)

    @property
    def opens_at(self) -> str:
        """The opening in the regulation."""
        return self.at(self.script.opens_on, self._NINE)

    _NINE: Final = 9

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now = later(self.now, seconds)

    def give(
        self, command: Command, role: Role, by: str = "", second: str = "", expected: int | None = None, key: str = ""
    ) -> Entry | None:
        """Give an order now."""
        order = Order(
            session=self.script.session,
            role=role,
            by=by or role.value,
            command=command,
            second=second,
            expected=expected,
            key=key,
        )
        return self.session.submit(order, self.now)

    def must(self, command: Command, role: Role, by: str = "", second: str = "") -> Entry:
        """Give an order that has to succeed; ``AssertionError`` with the refusal where it does not."""
        entry = self.give(command, role, by, second)
        assert entry is not None, command
        for event in entry.events:
            assert not isinstance(event, Refused), event
        return entry

    def plan(self, zone: Zone = Zone.OPEN) -> None:
        """Plan and terms."""
        script, on = self.script, (self.days.posted - timedelta(days=2)).isoformat()
        self.must(
            before.ApprovePlan(
                area="Khu vực mẫu số 1",
                place="Xã mẫu",
                group=script.group,
                kind=script.kind,
                minerals=script.minerals,
                main=script.minerals[0],
                zone=zone,
                failures=script.failures,
                decision="01/QĐ-UBND",
                approved_on=on,
            ),
            Role.AGENCY,
        )
        self.must(before.PublishPlan(published_on=on), Role.AGENCY)
        self.must(
            before.SetTerms(
                set_on=on,
                unit=script.unit,
                start=script.start,
                step=script.step,
                estimated_fee_vnd=script.estimated_fee_vnd,
                deposit_vnd=script.deposit_vnd,
                price_list_vnd=0,
            ),
            Role.SELLER,
        )

    def regulation(self) -> before.IssueRegulation:
        """The regulation of the script."""
        return sample_regulation(self.script, self.days, self.opens_at)

    def post(self) -> None:
        """Regulation, posting, two notices."""
        self.now = self.at(self.days.posted - timedelta(days=1))
        self.must(self.regulation(), Role.CLERK)
        self.now = self.at(self.days.posted)
        self.must(before.Post(posted_on=self.days.posted.isoformat(), where="Trụ sở"), Role.CLERK)
        self.must(before.Notify(notified_on=self.days.posted.isoformat(), where="Báo tỉnh"), Role.CLERK)
        self.now = self.at(self.days.second_notice)
        self.must(before.Notify(notified_on=self.days.second_notice.isoformat(), where="Báo tỉnh"), Role.CLERK)

    def screening(self) -> before.Screening:
        """A dossier against which nothing stands."""
        return SOUND

    def register(self, bidder: str, found: before.Screening | None = None, members: tuple[str, ...] = ()) -> None:
        """A dossier, received and examined."""
        on = self.days.posted.isoformat()
        self.must(
            before.ReceiveDossier(
                bidder=bidder, name=f"Công ty {bidder}", received_on=on, complete=True, members=members
            ),
            Role.CLERK,
        )
        self.must(before.ScreenBidder(bidder=bidder, found=found or self.screening()), Role.AGENCY)

    def publish_list(self) -> Entry:
        """The list, after dossiers closed."""
        self.now = self.at(self.days.dossiers_close + timedelta(days=1))
        return self.must(before.PublishList(), Role.AGENCY)

    def pay(self, bidder: str, amount: int | None = None, on: date | None = None) -> Entry:
        """Money on the deposit account."""
        paid_on = (on or self.days.deposit_closes).isoformat()
        amount = self.script.deposit_vnd if amount is None else amount
        return self.must(
            before.RecordDeposit(bidder=bidder, amount_vnd=amount, paid_on=paid_on, reference="UNC"), Role.CLERK
        )

    def ready(self, present: tuple[str, ...] | None = None) -> None:
        """Everything up to the roll call; ``present`` answer it (all, where not given)."""
        self.plan()
        self.post()
        for bidder in self.script.bidders:
            self.register(bidder)
        self.publish_list()
        for bidder in self.script.bidders:
            self.pay(bidder)
        self.now = self.at(self.script.opens_on, self._NINE - 1)
        for bidder in self.script.bidders if present is None else present:
            self.check_in(bidder)

    def check_in(self, bidder: str) -> None:
        """A bidder answers the roll call with its own share for the lots."""
        share = hashlib.sha256(bidder.encode()).hexdigest()
        self.must(live.CheckIn(bidder=bidder, lot_share=share), Role.BIDDER, bidder)

    def open(self, present: tuple[str, ...] | None = None) -> None:
        """Everything up to the opening."""
        self.ready(present)
        self.now = self.opens_at
        self.must(self.opening(), Role.CHAIR, second="clerk")

    def opening(self) -> live.OpenSession:
        """The order to open, with the whole council."""
        return live.OpenSession(members_present=self.regulation().council_members)

    def bid(self, bidder: str, amount: Amount, **how: int | str | None) -> Entry:
        """A bid in the way of the mode; refused or not."""
        online = self.script.mode is Mode.ONLINE
        role, by = (Role.BIDDER, bidder) if online else (Role.AUCTIONEER, "")
        entry = self.give(live.Bid(bidder=bidder, amount=amount), role, by, **how)  # type: ignore[arg-type]
        assert entry is not None
        return entry

    def ballots(self, amounts: dict[str, Amount]) -> Entry:
        """A round of paper ballots, closed, recorded and counted."""
        number = self.session.state.live.round
        self.must(live.CloseRound(round=number), Role.AUCTIONEER)
        for bidder, amount in amounts.items():
            self.must(live.RecordBallot(bidder=bidder, round=number, amount=amount), Role.CLERK)
        return self.must(live.CountRound(round=number), Role.AUCTIONEER)

    def close_window(self) -> Entry | None:
        """The timer at the end of the online window."""
        self.now = max(self.now, self.session.state.live.ends_at)
        return self.give(live.Tick(), Role.SYSTEM)

    def declare(self) -> None:
        """The winner is announced."""
        self.must(live.DeclareWinner(), Role.AUCTIONEER, second="clerk")

    def sign(self) -> None:
        """All parties sign."""
        state = self.session.state
        signers = {
            Party.AUCTIONEER: (Role.AUCTIONEER, ""),
            Party.CLERK: (Role.CLERK, ""),
            Party.SELLER: (Role.SELLER, ""),
            Party.WINNER: (Role.BIDDER, state.result.winner),
            Party.BIDDERS: (Role.BIDDER, state.present()[-1]),
        }
        if self.script.council:
            signers[Party.CHAIR] = (Role.CHAIR, "")
        digest = minutes_digest(state)
        for party, (role, by) in signers.items():
            self.must(live.SignMinutes(party=party, digest=digest), role, by)

    def approve(self) -> None:
        """Register, hand over, submit, approve, publish, each on its own day."""
        for command, role in (
            (after.RegisterResult(done_on=""), Role.CLERK),
            (after.HandOverFile(done_on=""), Role.CLERK),
            (after.SubmitResult(done_on=""), Role.AGENCY),
            (after.ApproveResult(decision="02/QĐ-UBND", done_on=""), Role.SELLER),
            (after.PublishResult(done_on="", where="Cổng thông tin điện tử"), Role.AGENCY),
        ):
            self.wait(self.DAY)
            self.must(replace(command, done_on=self.today()), role)

    DAY: Final = int(timedelta(days=1).total_seconds())

    def today(self) -> str:
        """The day of the clock in Viet Nam."""
        return local_day(self.now).isoformat()
