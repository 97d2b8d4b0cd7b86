"""Which minerals does a licence have, and what was told about each? Settled one by one: Decree 193/2025 Art. 139(6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.province.records import Province, Record
from api.store.office_data import YearlyOutput
from api.store.province import LicenceFacts

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MineralRecord:
    """One mineral of a licence; ``code`` is empty while nobody said what the register's name means.

    ``facts`` are this mineral's, ``shared`` the licence's (the same row for the licence's own mineral).
    """

    code: str
    own: bool
    facts: LicenceFacts
    shared: LicenceFacts
    outputs: tuple[YearlyOutput, ...]

    @property
    def right(self) -> Json | None:
        """How the right was obtained, in the shape of the contract; ``None`` while a part of it is unknown.

        Without an auction all minerals share it; a rate is that of its mineral alone, a sum won that of the licence.
        """
        by = self.by
        case: Json = {"by": by}
        match by:
            case "rate_auction":
                case["winning_rate_percent"] = self.facts.winning_rate_percent
            case "money_auction":
                told = self.facts if self.facts.won_vnd is not None else self.shared
                case["won_vnd"], case["start_vnd"] = told.won_vnd, told.start_vnd
                case["rate_at_auction_percent"] = self.facts.rate_at_auction_percent
        return case if all(value is not None for value in case.values()) else None

    @property
    def by(self) -> str | None:
        """The form of the right: the mineral's own, else the licence's."""
        return self.facts.right_by or self.shared.right_by

    @property
    def auctioned(self) -> bool:
        """Whether its rate was won, so that no table is asked."""
        return self.by not in (None, "no_auction")


def minerals_of(record: Record, province: Province) -> tuple[MineralRecord, ...]:
    """The licence's own mineral first, then every other that facts or output of the settled time name, by code."""
    own = record.licence.mineral_code
    days = province.days
    mined = {
        one.mineral_code for one in record.outputs if one.ends_on >= days.mined_since and one.starts_on <= days.cutoff
    }
    others = sorted(({*record.more_facts, *mined} & province.book.minerals.keys()) - {own})
    codes = ([own] if own else []) + others
    return tuple(
        MineralRecord(
            code=code,
            own=code == own or not code,
            facts=record.facts
            if code == own or not code
            else record.more_facts.get(code) or LicenceFacts(licence_id=record.id, mineral_code=code),
            shared=record.facts,
            outputs=tuple(one for one in record.outputs if one.mineral_code == code),
        )
        for code in codes or [""]
    )
