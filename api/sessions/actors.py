"""Who gives a command, as what, and who may read what? Roles of accounts against roles of a session.

House convention: the operator's desk enters the decisions of the seller and of the licensing authority; every other role acts as itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from api.accounts import roles
from api.accounts.gate import current_account, require
from auction_engine.commands import Command
from auction_engine.roles import ALLOWED
from auction_engine.state import State
from auction_engine.values import Role, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks: the name in the log (of a bidder: that of its dossier), the account's role, and who confirmed where two are needed."""

    name: str
    role: str
    second: str = ""


PUBLIC: Final = Actor(name="", role=roles.Role.PUBLIC.value)
_ACTS_AS: Final[dict[str, tuple[Role, ...]]] = {
    roles.Role.OPERATOR: (Role.AGENCY, Role.SELLER),
    roles.Role.CHAIR: (Role.CHAIR,),
    roles.Role.AUCTIONEER: (Role.AUCTIONEER,),
    roles.Role.CLERK: (Role.CLERK,),
    roles.Role.BIDDER: (Role.BIDDER,),
}
_READS_ALL: Final = frozenset(roles.HELD) - {roles.Role.BIDDER}
_may_act: Final = require(*(roles.Role(one) for one in _ACTS_AS))
_NOT_OVER: Final = frozenset(
    {
        Stage.NEW,
        Stage.PLANNED,
        Stage.PRICED,
        Stage.REGULATED,
        Stage.LISTED,
        Stage.POSTPONED,
        Stage.OPEN,
        Stage.DECLARED,
        Stage.RUNNER_UP,
    }
)


async def current_actor(request: Request) -> Actor:
    """Who reads: a signed-in account in its role, or the public."""
    caller = await current_account(request)
    return PUBLIC if caller is None or caller.must_change else Actor(name=caller.name, role=caller.role.value)


async def acting(request: Request) -> Actor:
    """Who gives a command; the door stays shut for those who may give none."""
    caller = await _may_act(request)
    return Actor(name=caller.name, role=caller.role.value)


def may_give(actor: Actor, command: Command) -> bool:
    """Whether an actor has a role that may give a command."""
    return acts_as(actor, command) in ALLOWED[type(command)]


def acts_as(actor: Actor, command: Command) -> Role | None:
    """The role in which an actor gives a command: one that may where there is one; ``None`` for those who only look on."""
    own = _ACTS_AS.get(actor.role, ())
    allowed = ALLOWED[type(command)]
    return next((one for one in own if one in allowed), own[0] if own else None)


def reads_all(actor: Actor, state: State) -> bool:
    """Whether log and council's view are open to somebody: to those who work on or watch over the session, to all once it is over."""
    return actor.role in _READS_ALL or is_over(state)


def is_over(state: State) -> bool:
    """Whether the result stands: the minutes are signed, or the auction failed or was cancelled."""
    return state.stage not in _NOT_OVER
