"""Which rows keep the work of a whole province? What the officer adds to a licence, who works on it, results, own rates.

Like ``api.store.models``: storage only. Exact decimals are TEXT, money is BIGINT in whole đồng.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.models import Identifier
from api.store.types import UtcDateTime


def _identifier() -> Any:
    return Field(default=None, sa_column=Column(Identifier, primary_key=True))


def _sum() -> Any:
    return Field(default=None, sa_column=Column(BigInteger))


def _text() -> Any:
    return Field(default=None, sa_type=Text)


class LicenceFacts(SQLModel, table=True):
    """What a settlement needs of a licence that no register, declaration or list carries; ``None`` while unknown.

    One row a mineral. ``mineral_code`` is empty in the row of the licence and its own mineral: what holds for the whole
    licence (``eligible``, ``fee_approved_on``, ``licence_years``, ``paid_vnd``, ``budget_debts_vnd``) stands there alone.

    ``right_by`` is a form of the contract's right, ``price_code`` a code of the province's price lists, ``price_kind`` a
    kind of price of the contract. ``eligible`` answers for an expired licence whether it may be extended or granted
    anew. ``paid_vnd`` counts only while no payment is listed. ``frame_code``: the line of the Ministry's price frame whose
    mean stands in where the province has no price. ``licensed_quantity`` in ``quantity_unit`` goes before the register's.
    ``batch_id``: the import that wrote the row last.
    """

    __tablename__ = "licence_facts"
    __table_args__ = (UniqueConstraint("licence_id", "mineral_code"),)

    id: int | None = _identifier()
    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), nullable=False))
    mineral_code: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    eligible: bool | None = None
    right_by: str | None = _text()
    winning_rate_percent: str | None = _text()
    won_vnd: int | None = _sum()
    start_vnd: int | None = _sum()
    rate_at_auction_percent: str | None = _text()
    price_code: str | None = _text()
    price_kind: str | None = _text()
    frame_code: str | None = _text()
    bulking_factor: str | None = _text()
    density: str | None = _text()
    grade: str | None = _text()
    price_grade: str | None = _text()
    grade_unit: str | None = _text()
    kaolin_recovery: str | None = _text()
    kaolin_state: str | None = _text()
    output_state: str | None = _text()
    factor: str | None = _text()
    output_factor: str | None = _text()
    factor_source: str | None = _text()
    fee_approved_on: date | None = None
    licensed_quantity: str | None = _text()
    quantity_unit: str | None = _text()
    mined_before_2014: str | None = _text()
    licence_years: int | None = Field(default=None, sa_type=Integer)
    flow_m3_per_day: str | None = _text()
    hours_per_day: str | None = _text()
    paid_vnd: int | None = _sum()
    budget_debts_vnd: int | None = _sum()
    source_sheet: str | None = _text()
    source_row: int | None = None
    batch_id: int | None = Field(default=None, sa_column=Column(Identifier, ForeignKey("office_batch.id"), index=True))


class WorklistItem(SQLModel, table=True):
    """Who works on a licence, and whether something outside the data stops it; ``status`` is ``blocked`` or empty."""

    __tablename__ = "worklist_item"

    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), primary_key=True))
    owner: str | None = Field(default=None, sa_type=Text, index=True)
    status: str | None = _text()
    note: str | None = _text()
    updated_at: datetime = Field(sa_type=UtcDateTime)


class SettlementRun(SQLModel, table=True):
    """One run over the province: settled as of ``dated`` with one law book; ``finished_at`` is empty while it runs."""

    __tablename__ = "settlement_run"

    id: int | None = _identifier()
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dated: date
    law_digest: str = Field(sa_type=Text)


class SettlementResult(SQLModel, table=True):
    """What one law book made of one licence: the cases as sent, what came back, the sums that lists are made of.

    ``case_sha256`` tells whether the data have changed since. ``ok`` is false where the engine refused a case; ``result``
    holds results, lines, cautions and problems without the trace, which the case brings back at any time.
    """

    __tablename__ = "settlement_result"
    __table_args__ = (UniqueConstraint("licence_id", "law_digest"),)

    id: int | None = _identifier()
    licence_id: int = Field(sa_column=Column(Identifier, ForeignKey("licence.id"), nullable=False))
    run_id: int = Field(sa_column=Column(Identifier, ForeignKey("settlement_run.id"), nullable=False, index=True))
    computed_at: datetime = Field(sa_type=UtcDateTime)
    law_digest: str = Field(sa_type=Text)
    case_sha256: str = Field(sa_type=Text)
    ok: bool
    cases: dict[str, Any] = Field(sa_type=JSON)
    result: dict[str, Any] = Field(sa_type=JSON)
    settled_vnd: int | None = _sum()
    paid_vnd: int | None = _sum()
    difference_vnd: int | None = _sum()
    outcome: str | None = _text()
    reapproved_vnd: int | None = _sum()
    annual_vnd: int | None = _sum()


class ProvinceRate(SQLModel, table=True):
    """A fee rate of a time the law book does not hold, as an officer read it: cited, dated, for the whole province.

    ``key`` is a mineral code of the contract or a line of the rate table; ``valid_until`` is the last day.
    """

    __tablename__ = "province_rate"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: int | None = _identifier()
    key: str = Field(sa_type=Text)
    valid_from: date
    valid_until: date
    rate_percent: str = Field(sa_type=Text)
    instrument: str = Field(sa_type=Text)
    article: str = Field(sa_type=Text)
    entered_by: str = Field(sa_type=Text)
    entered_at: datetime = Field(sa_type=UtcDateTime)
