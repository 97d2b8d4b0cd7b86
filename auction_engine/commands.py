"""Every command a session may be given, and the order that carries one."""

from __future__ import annotations

from dataclasses import dataclass

from auction_engine.commands_after import CommandAfter
from auction_engine.commands_before import CommandBefore
from auction_engine.commands_session import CommandInSession
from auction_engine.values import Role

Command = CommandBefore | CommandInSession | CommandAfter
"""Everything that may be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command with who gives it and to which session.

    ``expected``: the sequence the sender last saw, where it must not have moved; ``second``: the other pair of eyes where two
    are needed; ``key``: the sender's idempotency key.
    """

    session: str
    role: Role
    by: str
    command: Command
    expected: int | None = None
    second: str = ""
    key: str = ""
