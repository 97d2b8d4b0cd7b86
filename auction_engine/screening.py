"""Is a bidder selected? Law 54/2024 Art. 103(1), Decree 193/2025 Art. 146(2), 147, Law 01/2016 Art. 38(4) with Law 37/2024.

The financial test of an unexplored area: 100 % of the exploration estimate in own funds and guarantees. Of explored areas, salvage
and group IV: own funds of 30 % of the investment, or since 2026-01-16 finance arranged for the whole of it. Common owners are
recorded, never a ground: the law bars proxies, kin and collusion, and no condition may be added (Art. 38(3)).
"""

from __future__ import annotations

from fractions import Fraction

from auction_engine.commands_before import ScreenBidder, Screening
from auction_engine.events_before import BidderScreened
from auction_engine.law import row
from auction_engine.moments import local_day
from auction_engine.refusing import cite
from auction_engine.state import State
from auction_engine.values import AreaKind
from fees.case import Group


def screened(state: State, command: ScreenBidder, now: str) -> BidderScreened:
    """Every ground that stands against a bidder, each with its article; none: the bidder is selected."""
    found = command.found
    bidder = state.bidders[command.bidder]
    grounds: list[tuple[str, str]] = []
    if bidder.members:
        grounds.append(("joint_venture", cite(state, "selected", now)))
    if not found.audited:
        grounds.append(("not_audited", cite(state, "dossier_set", now)))
    article = _funds(state, found, now)
    if article:
        grounds.append(("funds", article))
    if found.duties_owed and found.tax_link:
        grounds += [(f"duty:{duty}", cite(state, "duties_done", now)) for duty in found.duties_owed]
    grounds += [(f"bar:{bar.value}", cite(state, f"bar_{bar.value}", now)) for bar in found.bars]
    if found.ban:
        grounds.append((f"ban:{found.ban}", cite(state, "barred", now)))
    owners = set(found.owners)
    linked = [name for name, one in state.bidders.items() if name != command.bidder and owners & set(one.owners)]
    return BidderScreened(
        bidder=command.bidder,
        eligible=not grounds,
        grounds=tuple(ground for ground, _ in grounds),
        articles=tuple(article for _, article in grounds),
        owners=found.owners,
        linked_to=tuple(linked),
    )


def _funds(state: State, found: Screening, now: str) -> str:
    """The article of the financial test where it is failed."""
    plan = state.plan
    assert plan is not None
    on = local_day(now)
    explores = plan.kind is AreaKind.UNEXPLORED and plan.group is not Group.IV
    own = row(state.book, "session.own_funds", on, "exploration" if explores else "mining")
    has = found.equity_vnd + (found.guarantee_vnd if explores else 0)
    if has * 100 >= found.estimate_vnd * Fraction(own.number()):
        return ""
    arranged = None if explores else state.book.find("session.arranged_funds", on)
    if arranged is not None and found.parent_equity_vnd >= found.parent_promised_vnd:
        sources = found.equity_vnd + found.lenders_vnd + found.parent_promised_vnd
        if sources * 100 >= found.estimate_vnd * Fraction(arranged.number()):
            return ""
    return f"{own.cite.at}, {own.cite.instrument}"
