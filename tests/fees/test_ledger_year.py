"""Do arrears and the yearly report hold together, and do they read a published report as it stands?"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.arrears import arrears
from fees.ledger import Debtor, Entry, Ledger, Stop, StopReason
from fees.ledger_balance import balance
from fees.ledger_checks import appended
from fees.ledger_facts import Told, interest_charge, interest_stop, notice, opening, payment
from fees.ledger_interest import interest_on, total_interest
from fees.ledger_year import Printed, YearRow, check, year_report
from fees.testing_ledger import ledger_days, ledgers
from rules.lawbook import law_book

BOOK = law_book()
FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "ledger.toml").read_text("utf-8"))
TABLES = FILE["year_table"]
THREE = (Debtor(1, "A"), Debtor(2, "A"), Debtor(2, "B"))
NEW_YEARS_EVE = date(2024, 12, 31)


def shares(total: int, count: int) -> list[int]:
    """A total spread over licences, the last taking the rest."""
    return [total // count] * (count - 1) + [total - total // count * (count - 1)]


def of_report(table: dict[str, Any], first: int) -> list[Entry]:
    """A ledger of as many licences as the report has, whose sums are the report's."""
    columns = (table["opening_vnd"], table["notified_vnd"], table["collected_vnd"])
    entries = []
    for index, (old, new, paid) in enumerate(zip(*(shares(one, table["licences"]) for one in columns), strict=True)):
        debtor = Debtor(first + index, f"payer {index}")

        def told(key: str, on: date, debtor: Debtor = debtor) -> Told:
            return Told(key=f"{debtor.licence}:{key}", debtor=debtor, on=on)

        entries += [
            opening(told("o", NEW_YEARS_EVE), old, instalment="2024", due_on=date(2024, 5, 31)),
            notice(told("n", date(2025, 4, 21)), new, instalment="2025", due_on=date(2025, 6, 2)),
            payment(told("p", date(2025, 12, 30)), principal_vnd=paid, interest_vnd=1_000_000),
            interest_charge(told("i", date(2025, 12, 30)), 1_500_000),
        ]
    return entries


def test_the_report_of_lao_cai_2025_comes_out_of_a_ledger_and_its_odd_dong_is_named() -> None:
    first, entries = {"ministry": 1, "province": 1001}, []
    for table in TABLES:
        entries += of_report(table, first[table["scope"]])
    ledger, problems = appended(Ledger(), entries)
    assert problems == ()

    def authority(debtor: Debtor) -> str:
        return "ministry" if debtor.licence < first["province"] else "province"

    rows = year_report(ledger.entries, 2025, by=authority)
    for table in TABLES:
        row = rows[table["scope"]]
        assert row.accounts == table["licences"]
        assert (row.opening_vnd, row.notified_vnd, row.receivable_vnd, row.collected_vnd) == (
            table["opening_vnd"], table["notified_vnd"], table["receivable_vnd"], table["collected_vnd"],
        )  # fmt: skip
        off = 0 if table["check"] == "exact" else 1
        assert table["carried_vnd"] - row.carried_vnd == off
        assert (row.interest_charged_vnd, row.interest_collected_vnd) == (
            1_500_000 * table["licences"],
            1_000_000 * table["licences"],
        )
    following = year_report(ledger.entries, 2026, by=authority)
    assert {name: row.opening_vnd for name, row in following.items()} == {
        name: row.carried_vnd for name, row in rows.items()
    }
    total = FILE["year_total"]
    assert sum(row.collected_vnd for row in rows.values()) == total["collected_vnd"]
    assert total["collected_vnd"] + total["water_vnd"] + total["late_interest_vnd"] == total["total_vnd"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["id"])
def test_a_printed_line_is_added_up_again(table: dict[str, Any]) -> None:
    names = ("opening_vnd", "notified_vnd", "receivable_vnd", "collected_vnd", "carried_vnd")
    found = check(Printed(**{name: table[name] for name in names}))
    assert found.text.en == table["check"]
    assert found.exact is (table["check"] == "exact")
    wrong = check(Printed(**{name: table[name] for name in names} | {"receivable_vnd": table["receivable_vnd"] - 7}))
    assert wrong.text.vi == "lệch 7 đồng"


@given(ledger=ledgers(THREE), year=st.integers(2020, 2027))
def test_debt_is_carried_from_year_to_year(ledger: Ledger, year: int) -> None:
    rows = year_report(ledger.entries, year, by=lambda debtor: debtor)
    following = year_report(ledger.entries, year + 1, by=lambda debtor: debtor)
    for debtor, row in rows.items():
        then = [entry for entry in ledger.entries if entry.debtor == debtor]
        found, eve = balance(then, date(year, 12, 31)), balance(then, date(year - 1, 12, 31))
        assert row.carried_vnd == following[debtor].opening_vnd == found.owed_vnd - found.prepaid_vnd
        assert row.notified_vnd == found.notified_vnd - eve.notified_vnd
        assert row.interest_charged_vnd == found.interest_charged_vnd - eve.interest_charged_vnd
    by_payer = year_report(ledger.entries, year, by=lambda debtor: debtor.payer)
    assert sum(by_payer.values(), YearRow()) == sum(rows.values(), YearRow())


@given(ledger=ledgers(THREE), on=ledger_days(), edges=st.lists(st.integers(1, 1500), unique=True).map(sorted))
def test_arrears_are_the_open_debts_by_age(ledger: Ledger, on: date, edges: list[int]) -> None:
    groups = arrears(ledger.entries, on, BOOK, edges=edges, by=lambda debtor: debtor.payer)
    for payer, found in groups.items():
        total = balance(ledger.entries, on, payer=payer)
        assert found.owed_vnd == total.owed_vnd
        assert found.prepaid_vnd == total.prepaid_vnd
        ages = [0] * (len(edges) + 1)
        interest = 0
        for debtor in THREE:
            own = [entry for entry in ledger.entries if entry.debtor == debtor]
            debts = interest_on(own, on, BOOK) if debtor.payer == payer else ()
            interest += total_interest(debts)
            for one in debts:
                if one.days_late:
                    ages[sum(edge < one.days_late for edge in edges)] += one.debt.open_vnd
        assert found.by_age == tuple(ages)
        assert found.interest_vnd == interest


@pytest.mark.parametrize(
    ("late", "ages"),
    [(0, (0, 0, 0)), (1, (9, 0, 0)), (30, (9, 0, 0)), (31, (0, 9, 0)), (90, (0, 9, 0)), (91, (0, 0, 9))],
)
def test_the_last_day_of_a_band_belongs_to_it(late: int, ages: tuple[int, ...]) -> None:
    debtor, due = Debtor(1, "A"), date(2026, 6, 1)
    entry = notice(Told(key="n", debtor=debtor, on=date(2026, 4, 1)), 9, instalment="2026", due_on=date(2026, 5, 31))
    on = due + timedelta(days=late)
    found = arrears([entry], on, BOOK, edges=(30, 90), by=lambda one: one.licence)[1]
    assert (found.by_age, found.not_due_vnd) == (ages, 0 if late else 9)
    deferral = Stop(reason=StopReason.DEFERRAL, first=due, last=due + timedelta(days=60))
    stop = interest_stop(Told(key="s", debtor=debtor, on=due), deferral)
    deferred = arrears([entry, stop], on, BOOK, edges=(30, 90), by=lambda one: one.licence)[1]
    assert deferred.overdue_vnd == (9 if late > 60 else 0)
