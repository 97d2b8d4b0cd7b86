"""What is a duty of a licensee, and what must be known of a licence to list its duties? Words of the calendar of duties.

A duty, *nghĩa vụ*, is one payment, one return, one report or one dossier of one period. Its key (``kind/period``) never
changes, so that a calendar feed, a ledger and a list of what was filed speak of the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from fees.case import Group
from rules.citation import Citation
from rules.trace import Text


class DutyKind(StrEnum):
    """What is to be done; the order is that of a day's list."""

    LICENCE_FEE = "licence_fee"
    FEE_INSTALMENT = "fee_instalment"
    FEE_TOP_UP = "fee_top_up"
    ESCROW_DEPOSIT = "escrow_deposit"
    INFRASTRUCTURE_CONTRIBUTION = "infrastructure_contribution"
    RESOURCE_TAX = "resource_tax"
    ENVIRONMENTAL_FEE = "environmental_fee"
    RESOURCE_TAX_FINAL = "resource_tax_final"
    ENVIRONMENTAL_FEE_FINAL = "environmental_fee_final"
    FIRST_SETTLEMENT = "first_settlement"
    FIRST_SETTLEMENT_DONE = "first_settlement_done"
    PERIODIC_SETTLEMENT = "periodic_settlement"
    EVENT_SETTLEMENT = "event_settlement"
    PERIODIC_REPORT = "periodic_report"
    MINE_MAP = "mine_map"
    EXPLORATION_DOSSIER = "exploration_dossier"
    MINING_DOSSIER = "mining_dossier"


TITLES: Final[dict[DutyKind, Text]] = {
    DutyKind.LICENCE_FEE: Text("Lệ phí cấp giấy phép", "Licence fee"),
    DutyKind.FEE_INSTALMENT: Text("Tiền cấp quyền khai thác khoáng sản", "Licence-right fee"),
    DutyKind.FEE_TOP_UP: Text(
        "Tiền cấp quyền nộp bổ sung sau quyết toán", "Licence-right fee, top-up after settlement"
    ),
    DutyKind.ESCROW_DEPOSIT: Text("Ký quỹ cải tạo, phục hồi môi trường", "Escrow deposit for restoration"),
    DutyKind.INFRASTRUCTURE_CONTRIBUTION: Text("Đóng góp hạ tầng, bảo vệ môi trường", "Infrastructure contribution"),
    DutyKind.RESOURCE_TAX: Text("Khai, nộp thuế tài nguyên tháng", "Resource tax, monthly return and payment"),
    DutyKind.ENVIRONMENTAL_FEE: Text(
        "Khai, nộp phí bảo vệ môi trường tháng", "Environmental fee, monthly return and payment"
    ),
    DutyKind.RESOURCE_TAX_FINAL: Text("Quyết toán thuế tài nguyên năm", "Resource tax, final return"),
    DutyKind.ENVIRONMENTAL_FEE_FINAL: Text("Quyết toán phí bảo vệ môi trường năm", "Environmental fee, final return"),
    DutyKind.FIRST_SETTLEMENT: Text(
        "Hồ sơ quyết toán tiền cấp quyền lần đầu", "Dossier of the first settlement of the licence-right fee"
    ),
    DutyKind.FIRST_SETTLEMENT_DONE: Text(
        "Cơ quan quyết toán lần đầu xong", "First settlement completed by the authority"
    ),
    DutyKind.PERIODIC_SETTLEMENT: Text("Hồ sơ quyết toán tiền cấp quyền định kỳ", "Dossier of the periodic settlement"),
    DutyKind.EVENT_SETTLEMENT: Text(
        "Hồ sơ quyết toán tiền cấp quyền theo sự kiện", "Dossier of the settlement after an event"
    ),
    DutyKind.PERIODIC_REPORT: Text("Báo cáo định kỳ kết quả khai thác", "Periodic mining report"),
    DutyKind.MINE_MAP: Text("Bản đồ, mặt cắt hiện trạng mỏ", "Map and sections of the mine"),
    DutyKind.EXPLORATION_DOSSIER: Text("Hồ sơ đề nghị cấp giấy phép thăm dò", "Dossier for the exploration licence"),
    DutyKind.MINING_DOSSIER: Text("Hồ sơ đề nghị cấp giấy phép khai thác", "Dossier for the mining licence"),
}

RETURNS: Final = (
    (DutyKind.RESOURCE_TAX, DutyKind.RESOURCE_TAX_FINAL, "resource_tax.declared"),
    (DutyKind.ENVIRONMENTAL_FEE, DutyKind.ENVIRONMENTAL_FEE_FINAL, "environmental_fee.declared"),
)
"""What is declared by the month, its final return, and the provision that says so."""


BY_AUTHORITY: Final = frozenset({DutyKind.FIRST_SETTLEMENT_DONE})
"""What the authority has to do; the licensee waits for it."""


class State(StrEnum):
    """How a duty stands on a day."""

    PAID = "paid"
    """Paid in full, or filed."""
    OWED = "owed"
    """It has arisen and is not late yet."""
    OVERDUE = "overdue"
    """Its last day has passed and it is not fulfilled."""
    UPCOMING = "upcoming"
    """Its period or event lies ahead."""
    UNKNOWN = "unknown"
    """Its last day has passed and nothing tells whether it was fulfilled."""


class Event(StrEnum):
    """What calls for a settlement outside the five years (Decree 193/2025 Art. 139(1)(b), (c))."""

    EXTENSION = "extension"
    ADJUSTMENT = "adjustment"
    REGRANT = "regrant"
    TRANSFER = "transfer"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A sum with its day: an escrow deposit, a contribution. What nobody knows (yet) is ``None``.

    ``why`` and ``cites`` say where amount and day come from, or what they wait for, where the caller knows; a day that
    comes with ``cites`` was computed with its own rule and does not move again. ``arises_on``: from then on a sum whose
    day is not known is owed.
    """

    period: str
    due_on: date | None = None
    amount_vnd: int | None = None
    paid_vnd: int | None = None
    arises_on: date | None = None
    why: Text | None = None
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A payment of the approved fee; ``half`` (1, 2) where a year pays twice, ``due_on`` as computed with the fee."""

    year: int
    amount_vnd: int
    half: int | None = None
    due_on: date | None = None

    @property
    def name(self) -> str:
        """The name the ledger gives it."""
        return f"{self.year}" if self.half is None else f"{self.year}/{self.half}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedDebt:
    """A debt of the ledger: ``name`` as in the notice, ``top_up`` where a settlement made it."""

    name: str
    due_on: date
    amount_vnd: int
    open_vnd: int
    top_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auctioned:
    """An area won: the last day of the session; ``explored`` also for salvage and group IV areas (Law 54/2024 Art. 104(2)(b))."""

    ended_on: date
    group: Group
    explored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceLife:
    """A mining licence from issue to closure; ``mineral`` is a code of the law book."""

    issued_on: date
    expires_on: date
    mineral: str | None = None
    operating_since: date | None = None
    closed_on: date | None = None

    @property
    def ends_on(self) -> date:
        """The last day with duties: the closure, else the end of the term."""
        return self.closed_on or self.expires_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationsCase:
    """What is known of one licence, and which days are asked for (both included); states are those of ``as_of``.

    ``schedule`` and ``debts`` are ``None`` where nobody knows; an empty ``debts`` is a ledger without entries.
    ``done`` names fulfilled duties by key; ``None`` where filings are not recorded, and ``done_from`` is the day from
    which on they all are. ``declared`` has the sums of monthly returns, each with its key. ``settlement_from`` is the first year of the
    first five-year period, where the authority named one.
    """

    as_of: date
    from_on: date
    until_on: date
    licence: LicenceLife | None = None
    auction: Auctioned | None = None
    files_monthly: bool = True
    schedule: tuple[Instalment, ...] | None = None
    first_notice_on: date | None = None
    debts: tuple[NotifiedDebt, ...] | None = None
    events: tuple[tuple[Event, date], ...] = ()
    first_settled_on: date | None = None
    settlement_from: int | None = None
    escrow: tuple[Due, ...] = ()
    infrastructure: tuple[Due, ...] = ()
    licence_fee_vnd: int | None = None
    done: frozenset[str] | None = None
    done_from: date | None = None
    declared: tuple[tuple[str, int], ...] = ()


class Rule(NamedTuple):
    """When something is due and why. ``arises_on``: from then on it is owed; ``nominal``: the day before the holiday shift."""

    why: Text
    arises_on: date
    nominal: date
    due_on: date
    cites: tuple[Citation, ...]


class Duty(NamedTuple):
    """One duty of one licence. ``rule`` is ``None`` where its day depends on something that has not happened: ``why`` says what."""

    kind: DutyKind
    period: str
    rule: Rule | None
    why: Text
    state: State
    amount_vnd: int | None
    open_vnd: int | None
    expected: bool = False

    @property
    def key(self) -> str:
        """What the duty is called everywhere."""
        return f"{self.kind}/{self.period}"
