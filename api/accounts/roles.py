"""Which roles are there, and what is each called? One account holds one role; four eyes are two accounts of two roles."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from rules.trace import Text


class Role(StrEnum):
    """What an account may act as. ``PUBLIC`` is whoever did not sign in; a key of a machine may be cut down to it."""

    OPERATOR = "operator"
    CHAIR = "chair"
    AUCTIONEER = "auctioneer"
    CLERK = "clerk"
    BIDDER = "bidder"
    OBSERVER = "observer"
    AUDITOR = "auditor"
    PUBLIC = "public"


NAMES: Final[dict[Role, Text]] = {
    Role.OPERATOR: Text("Quản trị hệ thống", "Operator"),
    Role.CHAIR: Text("Chủ tịch Hội đồng đấu giá", "Council chair"),
    Role.AUCTIONEER: Text("Đấu giá viên", "Auctioneer"),
    Role.CLERK: Text("Thư ký phiên đấu giá", "Clerk"),
    Role.BIDDER: Text("Người tham gia đấu giá", "Bidder"),
    Role.OBSERVER: Text("Người giám sát", "Observer"),
    Role.AUDITOR: Text("Kiểm toán", "Auditor"),
    Role.PUBLIC: Text("Công chúng", "Public"),
}

HELD: Final = tuple(role for role in Role if role is not Role.PUBLIC)
"""Roles an account can hold."""
ONE_DEVICE: Final = frozenset({Role.BIDDER})
"""Roles that are signed in on one device at a time, and that no machine takes over with a key."""


def scopes_of(role: Role) -> tuple[Role, ...]:
    """What a key of an account may act as: its own role or one that only looks on; nothing where keys are not allowed."""
    if role in ONE_DEVICE:
        return ()
    return (role, *(one for one in (Role.OBSERVER, Role.PUBLIC) if one is not role))
