"""What does the stored ledger come to? Balances and yearly reports, added up by the database over an index, never entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, case, extract, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from api.store.ledger import ACCOUNTS, whose
from api.store.ledger_models import LedgerPosting
from fees.ledger import Account, Debtor
from fees.ledger_balance import Balance, balance_of_sums
from fees.ledger_year import YearRow, year_row_of_sums

K = TypeVar("K")
AGE_EDGES: Final = (30, 90, 365, 1095)
"""Last days of the age bands of arrears (house convention; after 90 days the tax office may enforce)."""


def balance(session: Session, on: date, *, licence: int | None = None, payer: str | None = None) -> Balance:
    """The balance on a day of one licence, of one payer, or of everything, added up by the database."""
    posting, total = LedgerPosting, func.sum(col(LedgerPosting.amount_vnd))
    dated = [*whose(posting, licence, payer), col(posting.dated) <= on]
    each = (
        select_columns(col(posting.account), total.label("held"))
        .where(*dated)
        .group_by(col(posting.account), col(posting.licence_id), col(posting.payer))
        .subquery()
    )
    held = each.c.held
    # what one account owes and what another has prepaid are added each by itself
    owing = func.sum(case((held > 0, held), else_=0))
    rows = session.connection().execute(select_columns(each.c.account, func.sum(held), owing).group_by(each.c.account))
    found = {ACCOUNTS[account]: (int(whole), int(above)) for account, whole, above in rows}
    owed, above = found.get(Account.OWED, (0, 0))
    whole = balance_of_sums({account: sums[0] for account, sums in found.items()})
    return replace(whole, owed_vnd=above, prepaid_vnd=above - owed)


def balances(
    session: Session, on: date, *, licence: int | None = None, payer: str | None = None
) -> dict[Debtor, Balance]:
    """The balance of every account on a day, by licence and payer."""
    dated = [*whose(LedgerPosting, licence, payer), col(LedgerPosting.dated) <= on]
    amount = func.sum(col(LedgerPosting.amount_vnd))
    sums: dict[Debtor, dict[Account, int]] = {}
    for debtor, account, found in _grouped(session, dated, amount):
        sums.setdefault(debtor, {})[account] = int(found)
    return {debtor: balance_of_sums(own) for debtor, own in sums.items()}


def year_report(session: Session, year: int, *, by: Callable[[Debtor], K]) -> dict[K, YearRow]:
    """The yearly report by group, as :func:`fees.ledger_year.year_report` gives it from the entries."""
    first, last = date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
    amount = col(LedgerPosting.amount_vnd)
    before = func.sum(case((col(LedgerPosting.dated) < first, amount), else_=0))
    sums: dict[Debtor, tuple[dict[Account, int], dict[Account, int]]] = {}
    for debtor, account, old, new in _grouped(session, [col(LedgerPosting.dated) <= last], before, func.sum(amount)):
        own = sums.setdefault(debtor, (dict.fromkeys(Account, 0), dict.fromkeys(Account, 0)))
        own[0][account], own[1][account] = int(old), int(new)
    rows: dict[K, YearRow] = {}
    for debtor, (then, now) in sums.items():
        group = by(debtor)
        rows[group] = rows.get(group, YearRow()) + year_row_of_sums(then, now)
    return rows


def year_totals(session: Session, years: Sequence[int]) -> dict[int, YearRow]:
    """The lines of the whole province for several years at once; how many accounts there are is not counted."""
    year, amount = extract("year", col(LedgerPosting.dated)), func.sum(col(LedgerPosting.amount_vnd))
    moves: dict[int, dict[Account, int]] = {}
    account = col(LedgerPosting.account)
    last = date(max(years), 12, 31)
    chosen = select_columns(year, account, amount).where(col(LedgerPosting.dated) <= last).group_by(year, account)
    for dated, name, found in session.connection().execute(chosen):
        moves.setdefault(int(dated), {})[ACCOUNTS[name]] = int(found)
    rows = {}
    for one in years:
        before, until = dict.fromkeys(Account, 0), dict.fromkeys(Account, 0)
        for dated, sums in moves.items():
            for name, found in sums.items():
                before[name] += found if dated < one else 0
                until[name] += found if dated <= one else 0
        rows[one] = replace(year_row_of_sums(before, until), accounts=0)
    return rows


def _grouped(
    session: Session, where: Sequence[ColumnElement[bool]], *totals: ColumnElement[Any]
) -> Iterator[tuple[Any, ...]]:
    """Debtor, account and the totals of their postings."""
    keys = (col(LedgerPosting.licence_id), col(LedgerPosting.payer), col(LedgerPosting.account))
    rows = session.connection().execute(select_columns(*keys, *totals).where(*where).group_by(*keys))
    for licence, payer, account, *found in rows:
        yield Debtor(licence, payer), ACCOUNTS[account], *found
