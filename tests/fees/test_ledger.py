"""Is every đồng somewhere, whatever happens, in whatever order it is written down?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, target
from hypothesis import strategies as st

from fees.ledger import (
    INTEREST_ACCOUNTS,
    Account,
    Debtor,
    Entry,
    Fact,
    Ledger,
    Posting,
    Stop,
    StopReason,
    active,
    by_debtor,
    sums,
)
from fees.ledger_balance import Balance, balance, balances, inclusive
from fees.ledger_checks import appended
from fees.ledger_debts import debts_of
from fees.ledger_facts import (
    Told,
    decision,
    interest_charge,
    interest_stop,
    ledger_of_schedule,
    notice,
    offset_in,
    offset_out,
    opening,
    payment,
    refund,
    reversal,
    settlement,
)
from fees.ledger_interest import interest_on, stop_citations
from fees.result import Instalment
from fees.testing_ledger import ledger_days, ledgers
from rules.lawbook import law_book

BOOK = law_book()
ME = Debtor(1, "A")
THREE = (Debtor(1, "A"), Debtor(2, "A"), Debtor(2, "B"))
DAY = date(2026, 3, 2)


def told(key: str, on: date = DAY, *, debtor: Debtor = ME, document: str | None = None) -> Told:
    return Told(key=key, debtor=debtor, on=on, document=document)


def written(*entries: Entry) -> Ledger:
    ledger, problems = appended(Ledger(), entries)
    assert problems == ()
    return ledger


def refused(*entries: Entry) -> list[str | None]:
    """The fields that the last of the entries is refused for; those before it must stand."""
    ledger = written(*entries[:-1])
    after, problems = appended(ledger, entries[-1:])
    assert after is ledger
    assert all(one.message_vi and one.message_en and one.message_vi != one.message_en for one in problems)
    return sorted({one.field or "" for one in problems})


@given(ledger=ledgers(THREE), on=ledger_days())
def test_every_dong_is_somewhere(ledger: Ledger, on: date) -> None:
    target(len(ledger.entries))
    dated = [entry for entry in ledger.entries if entry.on <= on]
    for own in by_debtor(dated).values():
        accounts = sums(own)
        assert sum(accounts.values()) == 0
        assert sum(accounts[one] for one in INTEREST_ACCOUNTS) == 0
    for found in (*balances(ledger.entries, on).values(), balance(ledger.entries, on)):
        assert found.fee_vnd == found.approved_vnd + found.notified_vnd
        assert found.notified_vnd == found.paid_vnd + found.offset_vnd + found.owed_vnd - found.prepaid_vnd
        assert found.interest_charged_vnd == found.interest_paid_vnd + found.interest_owed_vnd
        assert min(found.owed_vnd, found.prepaid_vnd) >= 0


@given(ledger=ledgers(most=20), on=ledger_days())
def test_the_balance_is_that_of_the_facts(ledger: Ledger, on: date) -> None:
    """Added up again from what each fact means, without its postings' signs being trusted."""
    standing = active(ledger.entries, on)

    def total(account: Account, *facts: Fact) -> int:
        return sum(abs(one.amount(account)) for one in standing if one.fact in facts)

    changes = sum(one.amount(Account.OWED) for one in standing if one.fact is Fact.SETTLEMENT)
    found = balance(ledger.entries, on)
    assert found.notified_vnd == total(Account.OWED, Fact.NOTICE, Fact.OPENING) + changes
    assert found.paid_vnd == total(Account.PAID, Fact.PAYMENT) - total(Account.PAID, Fact.REFUND)
    assert found.interest_paid_vnd == total(Account.INTEREST_PAID, Fact.PAYMENT, Fact.OFFSET)


@given(ledger=ledgers(THREE), on=ledger_days())
def test_the_totals_with_interest_add_up_and_hide_no_debt(ledger: Ledger, on: date) -> None:
    for one in balances(ledger.entries, on).values():
        total = inclusive(one)
        assert total.asked_vnd == total.settled_vnd + total.owed_vnd - total.prepaid_vnd
        assert total.settled_vnd - one.interest_paid_vnd == one.paid_vnd + one.offset_vnd
        assert total.owed_vnd >= one.owed_vnd  # interest paid too much never lowers the fee owed
        assert min(total.owed_vnd, total.prepaid_vnd) >= 0


@given(ledger=ledgers(THREE), on=ledger_days())
def test_a_payer_and_the_licences_are_the_sum_of_their_accounts(ledger: Ledger, on: date) -> None:
    each = balances(ledger.entries, on)
    for payer in ("A", "B", "nobody"):
        expected = sum((one for debtor, one in each.items() if debtor.payer == payer), Balance())
        assert balance(ledger.entries, on, payer=payer) == expected
    by_licence = [balance(ledger.entries, on, licence=licence) for licence in (1, 2)]
    assert sum(by_licence, Balance()) == balance(ledger.entries, on)


@given(
    ledger=ledgers(),
    on=ledger_days(),
    dated=ledger_days(),
    amount=st.integers(1, 10**15),
    charged=st.integers(1, 10**15),
)
def test_interest_never_lowers_the_fee_owed(ledger: Ledger, on: date, dated: date, amount: int, charged: int) -> None:
    more = appended(
        ledger,
        [payment(told("x", dated), interest_vnd=amount), interest_charge(told("y", dated), charged)],
    ).ledger
    before, after = balance(ledger.entries, on), balance(more.entries, on)
    apart = {"interest_charged_vnd": 0, "interest_paid_vnd": 0, "interest_owed_vnd": 0}
    assert replace(before, **apart) == replace(after, **apart)
    assert debts_of(more.entries, on) == debts_of(ledger.entries, on)
    if dated <= on:
        assert after.interest_paid_vnd == before.interest_paid_vnd + amount


@given(ledger=ledgers(), on=ledger_days(), data=st.data())
def test_the_order_of_writing_does_not_matter(ledger: Ledger, on: date, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(ledger.entries))
    assert balance(shuffled, on) == balance(ledger.entries, on)
    assert debts_of(shuffled, on) == debts_of(ledger.entries, on)
    assert interest_on(shuffled, on, BOOK) == interest_on(ledger.entries, on, BOOK)


@given(ledger=ledgers(), entry_of=ledgers(most=3), on=ledger_days(), late=st.integers(0, 500))
def test_a_reversal_restores_the_balance(ledger: Ledger, entry_of: Ledger, on: date, late: int) -> None:
    for number, extra in enumerate(entry_of.entries):
        entry = replace(extra, key=f"x{number}", instalment=None if extra.instalment is None else f"x{number}")
        added, problems = appended(ledger, [entry])
        if problems or entry.fact is Fact.REVERSAL:
            continue
        reversed_on = entry.on + timedelta(days=late)
        back, problems = appended(added, [reversal(entry, key="back", on=reversed_on)])
        assert problems == ()
        assert balance(back.entries, reversed_on) == balance(ledger.entries, reversed_on)
        assert debts_of(back.entries, reversed_on) == debts_of(ledger.entries, reversed_on)
        eve = reversed_on - timedelta(days=1)
        assert balance(back.entries, eve) == balance(added.entries, eve)
        assert debts_of(back.entries, on) == debts_of((added if on < reversed_on else ledger).entries, on)


@given(ledger=ledgers(most=20), on=ledger_days())
def test_debts_and_prepayments_are_the_balance(ledger: Ledger, on: date) -> None:
    found, total = debts_of(ledger.entries, on), balance(ledger.entries, on)
    assert sum(debt.open_vnd for debt in found.debts) == total.owed_vnd
    assert found.prepaid_vnd == total.prepaid_vnd
    for debt in found.debts:
        assert 0 <= debt.open_vnd <= debt.amount_vnd
        assert all(cover.amount_vnd > 0 for cover in debt.covers)
    amounts = {entry.key: -entry.amount(Account.OWED) for entry in active(ledger.entries, on)}
    for key in {cover.key for debt in found.debts for cover in debt.covers}:
        assert sum(c.amount_vnd for debt in found.debts for c in debt.covers if c.key == key) <= amounts[key]


@given(ledger=ledgers(most=20), on=ledger_days())
def test_a_payment_without_a_name_never_passes_an_older_open_debt(ledger: Ledger, on: date) -> None:
    named = {entry.key for entry in ledger.entries if entry.instalment is not None}
    debts = debts_of(ledger.entries, on).debts
    for older, younger in pairwise(debts):
        if older.open_vnd and older.due_on < younger.due_on:
            passed = [c for c in younger.covers if c.key not in named and c.on >= older.notified_on]
            assert passed == []


@given(ledger=ledgers(most=10), on=ledger_days())
def test_interest_is_that_of_counting_every_day(ledger: Ledger, on: date) -> None:
    stops = [(one.instalment, one.stop) for one in active(ledger.entries, on) if one.stop is not None]
    for found in interest_on(ledger.entries, on, BOOK):
        debt, day = found.debt, found.due_on_shifted + timedelta(days=1)
        hundred_thousandths = 0
        while day < on:
            unpaid = debt.amount_vnd - sum(c.amount_vnd for c in debt.covers if c.lowers or c.on <= day)
            held = any(name in (None, debt.instalment) and stop.first <= day <= stop.last for name, stop in stops)
            hundred_thousandths += 0 if held else 30 * unpaid
            day += timedelta(days=1)
        assert found.interest_vnd == (hundred_thousandths + 50_000) // 100_000


def test_the_oldest_instalment_is_paid_first_unless_the_voucher_names_one() -> None:
    notices = [
        notice(told("n25", date(2025, 4, 1)), 100, instalment="2025", due_on=date(2025, 5, 31)),
        notice(told("n26", date(2026, 4, 1)), 100, instalment="2026", due_on=date(2026, 6, 1)),
    ]

    def opens(*payments: Entry) -> dict[str, int]:
        found = debts_of(written(*notices, *payments).entries, date(2026, 12, 31))
        return {debt.instalment: debt.open_vnd for debt in found.debts} | {"prepaid": found.prepaid_vnd}

    assert opens(payment(told("p", date(2026, 5, 1)), principal_vnd=130)) == {"2025": 0, "2026": 70, "prepaid": 0}
    named = payment(told("p", date(2026, 5, 1)), principal_vnd=130, instalment="2026")
    assert opens(named) == {"2025": 70, "2026": 0, "prepaid": 0}
    assert opens(replace(named, instalment="2030")) == {"2025": 0, "2026": 70, "prepaid": 0}
    found = debts_of(written(*notices, replace(named, instalment="2030")).entries, date(2026, 12, 31))
    assert found.unmatched == ("p",)


def test_the_oldest_is_the_one_due_first_though_it_was_notified_last() -> None:
    facts = [
        notice(told("late", date(2026, 4, 1)), 100, instalment="2025", due_on=date(2025, 6, 2)),
        notice(told("early", date(2026, 3, 1)), 100, instalment="2026", due_on=date(2026, 6, 1)),
        payment(told("p", date(2026, 5, 1)), principal_vnd=60),
    ]
    found = debts_of(written(*facts).entries, date(2026, 12, 31)).debts
    assert [(debt.instalment, debt.open_vnd) for debt in found] == [("2025", 40), ("2026", 100)]


def test_what_was_prepaid_first_is_used_first_and_one_day_has_one_order() -> None:
    facts = [
        payment(told("first", date(2026, 1, 5)), principal_vnd=50),
        payment(told("b", DAY, document="2/GNT"), principal_vnd=5),
        payment(told("a", DAY, document="1/GNT"), principal_vnd=50),
        notice(told("n", DAY), 60, instalment="2026", due_on=date(2026, 6, 1)),
        refund(told("back", DAY), 30),
    ]
    found = debts_of(facts, DAY)
    assert [(cover.key, cover.amount_vnd) for cover in found.debts[0].covers] == [("first", 50), ("a", 10)]
    assert found.prepaid_vnd == 15
    assert debts_of(facts[::-1], DAY) == found


def test_a_debt_that_a_settlement_lowers_bears_interest_on_the_rest_alone() -> None:
    """Decree 252/2026 Art. 26(5): the interest follows the reduction."""
    owed = notice(told("n", date(2026, 4, 1)), 100_000_000, instalment="2026", due_on=date(2026, 7, 20))
    on = date(2026, 8, 10)
    assert interest_on([owed], on, BOOK)[0].interest_vnd == 600_000
    lowered = settlement(told("s", date(2026, 8, 5)), -40_000_000)
    assert interest_on([owed, lowered], on, BOOK)[0].interest_vnd == 360_000
    paid = payment(told("p", date(2026, 8, 5)), principal_vnd=40_000_000)
    assert interest_on([owed, paid], on, BOOK)[0].interest_vnd == 360_000 + 40 * 300 * 15


def test_a_payment_before_any_debt_waits_for_it() -> None:
    early = payment(told("p", date(2026, 1, 5)), principal_vnd=150)
    ledger = written(early, notice(told("n", DAY), 100, instalment="2026", due_on=date(2026, 6, 1)))
    assert balance(ledger.entries, date(2026, 2, 1)).prepaid_vnd == 150
    found = debts_of(ledger.entries, DAY)
    assert (found.prepaid_vnd, found.debts[0].open_vnd, found.debts[0].covers[0].on) == (50, 0, date(2026, 1, 5))
    assert interest_on(ledger.entries, date(2027, 1, 1), BOOK)[0].interest_vnd == 0


def test_the_life_of_a_right_from_decision_to_closure() -> None:
    """The identities of a settlement: top-up = settled - principal paid = (settled - notified) + open debt."""
    settled = 260_000_000
    facts = [
        decision(told("d", date(2024, 2, 1), document="12/QĐ-UBND"), 300_000_000),
        notice(told("n24", date(2024, 2, 10)), 100_000_000, instalment="2024", due_on=date(2024, 3, 11)),
        payment(told("p24", date(2024, 3, 20)), principal_vnd=100_000_000, interest_vnd=240_000),
        notice(told("n25", date(2025, 4, 10)), 100_000_000, instalment="2025", due_on=date(2025, 6, 2)),
        payment(told("p25", date(2025, 6, 2)), principal_vnd=30_000_000),
    ]
    before = balance(facts, date(2025, 12, 31))
    assert (before.notified_vnd, before.paid_vnd, before.owed_vnd, before.approved_vnd) == (
        200_000_000, 130_000_000, 70_000_000, 100_000_000,
    )  # fmt: skip
    delta = settled - before.notified_vnd
    top_up = settlement(told("s", date(2026, 11, 2)), delta, instalment="settlement", due_on=date(2026, 12, 4))
    ledger = written(*facts, interest_charge(told("i", date(2024, 4, 1)), 240_000), top_up)
    after = balance(ledger.entries, date(2026, 11, 30))
    assert after.owed_vnd == settled - before.paid_vnd == delta + before.owed_vnd
    assert after.interest_owed_vnd == 0
    closed = written(*ledger.entries, payment(told("end", date(2026, 12, 1)), principal_vnd=after.owed_vnd))
    assert balance(closed.entries, date(2026, 12, 31)).owed_vnd == 0
    assert balance(closed.entries, date(2026, 12, 31)).notified_vnd == settled


def test_an_excess_goes_to_own_interest_to_other_debts_and_back_but_no_further() -> None:
    ledger = written(
        notice(told("n", date(2025, 4, 1)), 100, instalment="2025", due_on=date(2025, 6, 2)),
        payment(told("p", date(2025, 5, 1)), principal_vnd=100),
        interest_charge(told("i", date(2025, 5, 2)), 7),
        settlement(told("s", DAY), -60),
    )
    assert balance(ledger.entries, DAY).prepaid_vnd == 60
    ledger = written(*ledger.entries, offset_out(told("o", DAY), 20, own_interest_vnd=7), refund(told("r", DAY), 15))
    found = balance(ledger.entries, DAY)
    assert (found.prepaid_vnd, found.paid_vnd, found.offset_vnd, found.interest_owed_vnd) == (25, 85, -20, 0)
    assert refused(*ledger.entries, refund(told("more", DAY), 26)) == ["entries[0].postings"]
    assert refused(*ledger.entries, offset_out(told("more", DAY), 26)) == ["entries[0].postings"]
    assert refused(*ledger.entries, refund(told("early", date(2026, 3, 1)), 1)) == ["entries[0].postings"]
    bad = offset_out(told("more", DAY), 5, own_interest_vnd=6)
    assert refused(*ledger.entries, bad) == ["entries[0].postings"]


def test_an_excess_that_was_refunded_and_whose_payment_bounced_is_owed_again() -> None:
    paid = payment(told("p", DAY), principal_vnd=50)
    facts = (paid, refund(told("r", DAY), 50), reversal(paid, key="back", on=date(2026, 4, 1)))
    found = debts_of(written(*facts).entries, date(2026, 4, 1))
    assert [(debt.instalment, debt.due_on, debt.open_vnd) for debt in found.debts] == [("r", DAY, 50)]


def test_offset_from_another_debt_stops_the_interest_from_its_day() -> None:
    owed = notice(told("n", date(2026, 4, 1)), 100_000_000, instalment="2026", due_on=date(2026, 7, 20))
    ledger = written(owed, offset_in(told("o", date(2026, 8, 10)), 100_000_000))
    assert interest_on(ledger.entries, date(2026, 12, 1), BOOK)[0].interest_vnd == 600_000


@pytest.mark.parametrize(
    ("stop", "instalment", "days"),
    [
        (None, None, 20),
        (Stop(reason=StopReason.FORCE_MAJEURE, first=date(2026, 7, 25), last=date(2026, 7, 29)), None, 15),
        (Stop(reason=StopReason.FORCED_STOP, first=date(2026, 7, 25), last=date(2026, 7, 29)), "2026", 15),
        (Stop(reason=StopReason.FORCED_STOP, first=date(2026, 7, 25), last=date(2026, 7, 29)), "2027", 20),
        (Stop(reason=StopReason.DEFERRAL, first=date(2026, 7, 1), last=date(2026, 8, 31)), None, 0),
        (Stop(reason=StopReason.DEFERRAL, first=date(2026, 8, 9), last=date(2026, 8, 9)), None, 19),
        (Stop(reason=StopReason.DEFERRAL, first=date(2026, 8, 10), last=date(2026, 12, 9)), None, 20),
    ],
)  # fmt: skip
def test_no_interest_runs_during_a_stop(stop: Stop | None, instalment: str | None, days: int) -> None:
    on = date(2026, 8, 10)
    facts = [notice(told("n", date(2026, 4, 1)), 100_000_000, instalment="2026", due_on=date(2026, 7, 20))]
    if stop is not None:
        facts.append(interest_stop(told("stop", date(2026, 7, 1)), stop, instalment=instalment))
    (found,) = interest_on(written(*facts).entries, on, BOOK)
    assert found.interest_vnd == 30_000 * days


def test_stops_may_overlap_and_a_frozen_debt_stays_overdue() -> None:
    on = date(2026, 8, 10)
    spans = ((date(2026, 7, 30), date(2026, 8, 3)), (date(2026, 7, 22), date(2026, 7, 31)), (date(2026, 7, 25), DAY))
    stops = [
        interest_stop(told(f"s{number}"), Stop(reason=StopReason.FORCED_STOP, first=first, last=max(first, last)))
        for number, (first, last) in enumerate(spans)
    ]
    owed = notice(told("n", date(2026, 4, 1)), 100_000_000, instalment="2026", due_on=date(2026, 7, 20))
    (found,) = interest_on([owed, *stops], on, BOOK)
    assert found.interest_vnd == 30_000 * 7
    assert found.days_late == 21


def test_each_stop_has_its_article() -> None:
    for reason in StopReason:
        for on in (date(2021, 1, 1), date(2026, 7, 1)):
            assert stop_citations(BOOK, reason, on)
    (cite,) = stop_citations(BOOK, StopReason.FORCE_MAJEURE, date(2026, 7, 1))
    assert (cite.instrument, cite.at) == ("108/2025/QH15", "Điều 16 khoản 5")


def test_a_debt_from_before_the_first_rate_has_no_interest_rather_than_none() -> None:
    entry = opening(told("o", date(2020, 12, 31)), 100, instalment="2019", due_on=date(2019, 5, 31))
    (found,) = interest_on([entry], DAY, BOOK)
    assert found.interest_vnd is None
    assert found.days_late == (DAY - date(2019, 5, 31)).days


def test_what_the_ledger_refuses() -> None:
    n = notice(told("n"), 100, instalment="2026", due_on=date(2026, 6, 1))
    back = reversal(n, key="back", on=DAY)
    broken = Posting(Account.OWED, 1)
    assert refused(replace(n, postings=(*n.postings[:1], Posting(n.postings[1].account, 1)))) == ["entries[0].postings"]
    mixed = (Posting(Account.PAID, 5), Posting(Account.INTEREST_OWED, -5))
    assert refused(replace(payment(told("p"), principal_vnd=5), postings=mixed)) == ["entries[0].postings"]
    assert refused(replace(n, postings=(broken, Posting(Account.PAID, -1)))) == ["entries[0].postings"]
    assert refused(n, n) == ["entries[0].key"]
    assert refused(n, replace(n, key="m")) == ["entries[0].instalment"]
    assert refused(replace(n, instalment=None, due_on=None)) == ["entries[0].due_on", "entries[0].instalment"]
    assert refused(decision(told("d"), 0)) == ["entries[0].postings"]
    assert refused(payment(told("p"), principal_vnd=-5)) == ["entries[0].postings"]
    assert refused(payment(told("p"), principal_vnd=10**18 + 1)) == ["entries[0].postings"]
    assert refused(back) == ["entries[0].reverses"]
    assert refused(n, back, replace(back, key="again")) == ["entries[0].reverses"]
    assert refused(n, back, reversal(back, key="again", on=DAY)) == ["entries[0].reverses"]
    assert refused(n, replace(back, debtor=Debtor(2, "A"))) == ["entries[0].reverses"]
    assert refused(n, replace(back, on=date(2026, 3, 1))) == ["entries[0].on"]
    assert refused(n, replace(back, postings=())) == ["entries[0].postings"]
    stop = interest_stop(told("s"), Stop(reason=StopReason.DEFERRAL, first=DAY, last=date(2026, 3, 1)))
    assert refused(stop) == ["entries[0].stop"]
    assert refused(replace(stop, stop=None)) == ["entries[0].stop"]
    ledger, problems = appended(Ledger(), [n, decision(told("d"), 0), replace(n, key="m")])
    assert ledger == Ledger()
    assert [one.field for one in problems] == ["entries[1].postings", "entries[2].instalment"]
    assert written(n, back, replace(n, key="m")).entries[2].key == "m"
    assert written(settlement(told("even"), 0)).entries[0].postings == ()


SCHEDULE = [
    Instalment(year=2026, amount_vnd=33, due_on=None),
    Instalment(year=2027, amount_vnd=33, due_on="2027-05-31"),
    Instalment(year=2028, amount_vnd=17, due_on="2028-05-31"),
    Instalment(year=2028, amount_vnd=17, due_on="2028-10-31"),
]


def test_a_schedule_becomes_its_decision_and_the_notices_that_were_issued() -> None:
    notified = {"2027": date(2027, 4, 20), "2028/2": date(2028, 4, 20)}
    entries, problems = ledger_of_schedule(told("d", document="9/QĐ-UBND"), SCHEDULE, notified=notified)
    assert problems == ()
    assert [(one.key, one.instalment, one.due_on) for one in written(*entries).entries] == [
        ("d", None, None),
        ("d:2027", "2027", date(2027, 5, 31)),
        ("d:2028/2", "2028/2", date(2028, 10, 31)),
    ]
    found = balance(entries, date(2028, 12, 31))
    assert (found.fee_vnd, found.notified_vnd, found.approved_vnd) == (100, 50, 50)
    assert balance(ledger_of_schedule(told("d"), SCHEDULE).entries, DAY).approved_vnd == 100


def test_a_schedule_says_which_notice_it_cannot_write() -> None:
    entries, problems = ledger_of_schedule(told("d"), SCHEDULE, notified={"2026": DAY, "2028": DAY})
    assert entries == ()
    assert sorted((one.code.value, one.field) for one in problems) == [
        ("invalid_input", "notified.2028"),
        ("missing_parameter", "notified.2026"),
    ]
