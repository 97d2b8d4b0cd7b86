"""What is rehearsed, and on which days do its steps fall?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from auction_engine import commands_before as before
from auction_engine.grid import Amount, Unit
from auction_engine.law import earliest, latest
from auction_engine.sealing import commitment
from auction_engine.values import AreaKind, Ballots, Mode
from fees.case import Group
from rules.lawbook import LawBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is rehearsed. ``opens_on`` is the day of the session; the steps before it take the spans the law asks for."""

    session: str = "dien-tap"
    opens_on: date
    mode: Mode = Mode.ONLINE
    ballots: Ballots = Ballots.PAPER
    group: Group = Group.III
    kind: AreaKind = AreaKind.EXPLORED
    minerals: tuple[str, ...] = ("river_sand_gravel",)
    unit: Unit = Unit.RATE
    start: Amount = "5"
    step: Amount = "0.5"
    estimated_fee_vnd: int = 1_590_000_000
    deposit_vnd: int = 477_000_000
    bidders: tuple[str, ...] = ("A", "B", "C")
    window_minutes: int = 30
    extend_within: int = 60
    extend_by: int = 120
    longest_extensions: int = 100
    rounds: int = 0
    late_limit: int = 60
    signal_times: int = 0
    council: bool = False
    failures: int = 0
    secret: str = "bi-mat-boc-tham"  # noqa: S105 - a rehearsal keeps no secret


class Days(NamedTuple):
    """Days of the steps before a session."""

    posted: date
    second_notice: date
    dossiers_close: date
    deposit_opens: date
    deposit_closes: date


def days_before(opening: date, book: LawBook) -> Days:
    """The latest days that leave every span the length the law asks for."""
    closes, from_, until = (
        latest(book, f"session.{name}", opening).on for name in ("dossiers_close", "deposit_opens", "deposit_closes")
    )
    day = opening
    while True:
        day -= timedelta(days=1)
        second = earliest(book, "session.notice_gap", day, opening).on
        waits = (
            earliest(book, "session.posting", day, opening).on,
            earliest(book, "session.second_notice", second, opening).on,
        )
        if max(waits) <= opening and day <= closes:
            return Days(day, second, closes, min(from_, until), until)


def sample_regulation(script: Script, days: Days, opens_at: str) -> before.IssueRegulation:
    """The regulation of a script."""
    return before.IssueRegulation(
        issued_on=(days.posted - timedelta(days=1)).isoformat(),
        mode=script.mode,
        ballots=script.ballots,
        opens_at=opens_at,
        window_minutes=script.window_minutes,
        extend_within=script.extend_within,
        extend_by=script.extend_by,
        longest_extensions=script.longest_extensions,
        rounds=script.rounds,
        dossiers_from=days.posted.isoformat(),
        dossiers_until=days.dossiers_close.isoformat(),
        deposit_from=days.deposit_opens.isoformat(),
        deposit_until=days.deposit_closes.isoformat(),
        deposit_window_agreed=False,
        council=script.council,
        council_members=3 if script.council else 0,
        late_limit=script.late_limit,
        lot_commitment=commitment(script.secret),
        signal_times=script.signal_times,
        extra_conditions=(),
        extra_forfeits=(),
    )


SOUND = before.Screening(
    estimate_vnd=10_000_000_000,
    equity_vnd=10_000_000_000,
    audited=True,
    guarantee_vnd=0,
    lenders_vnd=0,
    parent_promised_vnd=0,
    parent_equity_vnd=0,
    duties_owed=(),
    tax_link=False,
    bars=(),
    ban="",
    owners=(),
)
"""A dossier against which nothing stands."""
