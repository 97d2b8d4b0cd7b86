"""The law around a session: plan, terms, regulation, spans, screening, deposits, and everything after it, by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from halls import DAY, codes, hall, kinds, opened

from auction_engine import commands_after as after
from auction_engine import commands_before as before
from auction_engine import commands_session as live
from auction_engine.events_before import BidderScreened, PlanApproved
from auction_engine.grid import Unit
from auction_engine.rehearsal import Rehearsal
from auction_engine.testing import check_all
from auction_engine.values import (
    ApprovalGround,
    AreaKind,
    Bar,
    Extension,
    Forfeit,
    LapseGround,
    Mode,
    ResultGround,
    Role,
    Stage,
    Task,
    Zone,
)
from fees.case import Group


def won(**fields: Any) -> Rehearsal:
    """Minutes signed: A has won at 9 %."""
    found = opened(**fields)
    found.bid("B", "8")
    found.bid("A", "9")
    found.close_window()
    found.declare()
    found.sign()
    return found


def approved(**fields: Any) -> Rehearsal:
    found = won(**fields)
    found.approve()
    return found


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        (Zone.FORBIDDEN, "zone_forbidden"),
        (Zone.TEMPORARILY_FORBIDDEN, "zone_forbidden"),
        (Zone.NON_AUCTION, "zone_non_auction"),
    ],
)
def test_areas_that_cannot_be_auctioned(zone: Zone, code: str) -> None:
    found = hall()
    with pytest.raises(AssertionError, match=code):
        found.plan(zone)


def test_plan_names_law_and_third_failure() -> None:
    found = hall(failures=3)
    found.plan()
    event = found.session.entries[0].events[0]
    assert isinstance(event, PlanApproved)
    assert event.law_digest == found.session.state.book.digest
    assert event.may_leave_auctions


TERMS = before.SetTerms(
    set_on="2026-10-01", unit=hall().script.unit, start="5", step="0.5", estimated_fee_vnd=1_590_000_000, deposit_vnd=318_000_000, price_list_vnd=0
)  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (TERMS, []),
        (replace(TERMS, step="0.05"), []),
        (replace(TERMS, step="0.04"), ["step_out_of_bounds"]),
        (replace(TERMS, step="0.51"), ["step_out_of_bounds"]),
        (replace(TERMS, start="3", step="0.3"), ["start_is_rate"]),
        (replace(TERMS, deposit_vnd=317_999_999), ["deposit_out_of_bounds"]),
        (replace(TERMS, deposit_vnd=795_000_000), []),
        (replace(TERMS, deposit_vnd=795_000_001, step="1"), ["step_out_of_bounds", "deposit_out_of_bounds"]),
        (replace(TERMS, start=""), ["unreadable"]),
        (replace(TERMS, set_on="2026-13-01"), ["unreadable"]),
    ],
)
def test_terms(terms: before.SetTerms, found: list[str]) -> None:
    """River sand: deposit of 20-50 % of the estimated fee, 318 to 795 million for 1.59 billion."""
    session = hall()
    session.plan()
    assert codes(session.give(terms, Role.SELLER)) == found


@pytest.mark.parametrize(
    ("on", "kind", "unit", "found"),
    [
        ("2024-05-06", AreaKind.EXPLORED, Unit.RATE, ["start_in_money"]),
        ("2024-05-06", AreaKind.UNEXPLORED, Unit.MONEY, ["start_in_rate"]),
        ("2024-05-06", AreaKind.EXPLORED, Unit.MONEY, []),
        ("2025-04-01", AreaKind.EXPLORED, Unit.RATE, []),  # Decree 10/2025 was not read: both are taken
        ("2025-04-01", AreaKind.EXPLORED, Unit.MONEY, []),
        ("2026-05-06", AreaKind.EXPLORED, Unit.MONEY, ["start_in_rate"]),
    ],
)
def test_unit_by_period(on: str, kind: AreaKind, unit: Unit, found: list[str]) -> None:
    session = hall(kind=kind)
    session.plan()
    start, step = ("5", "0.5") if unit is Unit.RATE else (1_000_000_000, 50_000_000)
    terms = replace(TERMS, set_on=on, unit=unit, start=start, step=step)
    assert codes(session.give(terms, Role.SELLER)) == found


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"window_minutes": 14}, "window_too_short"),
        ({"extra_conditions": ("đã khai thác ít nhất 12 tháng",)}, "extra_conditions"),
        ({"extra_forfeits": ("không nộp hồ sơ",)}, "extra_forfeits"),
        ({"council": True, "council_members": 2}, "council_too_small"),
        ({"dossiers_until": "2026-11-17"}, "dossiers_close_late"),
        ({"deposit_until": "2026-11-17"}, "deposit_closes_late"),
        ({"deposit_from": "2026-11-01"}, "deposit_opens_early"),
        ({"lot_commitment": "x"}, "unreadable"),
        ({"opens_at": "2026-11-18T09:00"}, "unreadable"),
    ],
)
def test_regulation(change: dict[str, Any], code: str) -> None:
    found = hall()
    found.plan()
    assert codes(found.give(replace(found.regulation(), **change), Role.CLERK)) == [code]


def test_all_problems_of_a_regulation_at_once() -> None:
    found = hall()
    found.plan()
    wrong = replace(found.regulation(), window_minutes=1, extra_conditions=("x",), extra_forfeits=("y",))
    assert codes(found.give(wrong, Role.CLERK)) == ["extra_conditions", "extra_forfeits", "window_too_short"]


def test_posting_and_notices_keep_their_spans() -> None:
    found = hall()
    found.plan()
    found.must(found.regulation(), Role.CLERK)
    late = (DAY - timedelta(days=14)).isoformat()
    found.now = found.at(DAY - timedelta(days=14))
    assert codes(found.give(before.Post(posted_on=late, where="x"), Role.CLERK)) == ["posted_too_late"]
    found = hall()
    found.plan()
    found.must(found.regulation(), Role.CLERK)
    assert codes(found.give(before.Notify(notified_on=late, where="x"), Role.CLERK)) == ["not_posted"]
    found.post()
    first, second = (date.fromisoformat(day) for day in found.session.state.notices)
    assert second >= first + timedelta(days=2)
    assert DAY - second >= timedelta(days=15)


def test_dossiers_out_of_time_and_doubled() -> None:
    found = hall()
    found.plan()
    found.post()
    dossier = before.ReceiveDossier(bidder="A", name="A", received_on="2026-11-17", complete=True, members=())
    assert codes(found.give(dossier, Role.CLERK)) == ["outside_reception"]
    half = replace(dossier, received_on=found.days.posted.isoformat(), complete=False)
    assert codes(found.give(half, Role.CLERK)) == ["dossier_incomplete"]
    found.register("A")
    assert codes(found.give(replace(half, complete=True), Role.CLERK)) == ["already_received"]


@pytest.mark.parametrize(
    ("day", "fields", "change", "grounds"),
    [
        (DAY, {}, {"equity_vnd": 3_000_000_000}, ()),
        (DAY, {}, {"equity_vnd": 2_999_999_999}, ("funds",)),
        (DAY, {}, {"equity_vnd": 1, "lenders_vnd": 9_999_999_999}, ()),
        (DAY, {}, {"equity_vnd": 1, "parent_promised_vnd": 9_999_999_999, "parent_equity_vnd": 9_999_999_998}, ("funds",)),
        (date(2025, 12, 10), {}, {"equity_vnd": 1, "lenders_vnd": 9_999_999_999}, ("funds",)),
        (DAY, {"kind": AreaKind.UNEXPLORED}, {"equity_vnd": 4_000_000_000, "guarantee_vnd": 6_000_000_000}, ()),
        (DAY, {"kind": AreaKind.UNEXPLORED}, {"equity_vnd": 4_000_000_000, "guarantee_vnd": 5_999_999_999}, ("funds",)),
        (DAY, {"kind": AreaKind.UNEXPLORED, "group": Group.IV}, {"equity_vnd": 3_000_000_000}, ()),
        (DAY, {}, {"audited": False}, ("not_audited",)),
        (DAY, {}, {"duties_owed": ("thuế tài nguyên",)}, ()),
        (DAY, {}, {"duties_owed": ("thuế tài nguyên",), "tax_link": True}, ("duty:thuế tài nguyên",)),
        (DAY, {}, {"bars": (Bar.KIN, Bar.TWO_BIDDERS), "ban": "QĐ 5"}, ("bar:kin", "bar:two_bidders", "ban:QĐ 5")),
    ],
)  # fmt: skip
def test_screening(day: date, fields: dict[str, Any], change: dict[str, Any], grounds: tuple[str, ...]) -> None:
    """An estimate of 10 billion; own funds, guarantees, lenders and parents by the law of the day."""
    found = hall(opens_on=day, **fields)
    found.plan()
    found.post()
    sound = replace(found.screening(), equity_vnd=10_000_000_000)
    found.register("A", replace(sound, **change))
    event = found.session.entries[-1].events[0]
    assert isinstance(event, BidderScreened)
    assert event.grounds == grounds
    assert event.eligible is not bool(grounds)
    assert all(event.articles)


def test_joint_ventures_and_common_owners() -> None:
    found = hall()
    found.plan()
    found.post()
    found.register("A", replace(found.screening(), owners=("Ông X", "Bà Y")))
    found.register("B", replace(found.screening(), owners=("Bà Y",)))
    event = found.session.entries[-1].events[0]
    assert isinstance(event, BidderScreened)
    assert (event.eligible, event.linked_to) == (True, ("A",))  # recorded and shown, no ground of the law
    found.register("C", members=("C1", "C2"))
    event = found.session.entries[-1].events[0]
    assert isinstance(event, BidderScreened)
    assert event.grounds == ("joint_venture",)


def test_deposits_matched_late_too_much_and_without_a_place() -> None:
    found = hall()
    found.plan()
    found.post()
    for bidder in "ABC":
        found.register(bidder)
    found.publish_list()
    assert kinds(found.pay("A", 400_000_000)) == ["DepositReceived"]
    assert kinds(found.pay("A", 100_000_000)) == ["DepositReceived", "DepositUnusable"]
    assert found.session.state.bidders["A"].deposit == found.script.deposit_vnd
    assert kinds(found.pay("B", on=DAY)) == ["DepositUnusable"]
    assert kinds(found.pay("Z")) == ["DepositUnusable"]
    found.pay("C")
    assert found.session.state.paid() == ["A", "C"]
    found.must(before.LeaveAuction(bidder="C", terms_changed=True), Role.BIDDER, "C")
    assert found.session.state.bidders["C"].refund_due == found.script.deposit_vnd
    found.now = found.opens_at
    found.must(live.OpenSession(), Role.CHAIR, second="clerk")
    assert found.session.state.stage is Stage.FAILED
    check_all(found.session)


@pytest.mark.parametrize(
    ("day", "kind", "group", "due"),
    [
        (date(2025, 8, 1), AreaKind.UNEXPLORED, Group.III, "2026-08-03"),  # 12 months before Law 147; 01/08/2026 is a Saturday
        (date(2026, 2, 2), AreaKind.UNEXPLORED, Group.III, "2026-11-02"),  # 9 months
        (date(2026, 2, 2), AreaKind.UNEXPLORED, Group.II, "2027-02-02"),
        (date(2026, 2, 2), AreaKind.UNEXPLORED, Group.IV, "2027-08-02"),  # group IV follows the mining licence: 18 months
        (date(2026, 2, 2), AreaKind.EXPLORED, Group.III, "2027-08-02"),
        (date(2026, 2, 2), AreaKind.EXPLORED, Group.II, "2029-02-02"),
        (date(2026, 8, 31), AreaKind.SALVAGE, Group.IV, "2028-02-29"),  # the last day of a shorter month
        (date(2025, 8, 1), AreaKind.EXPLORED, Group.III, "2028-08-01"),
        (date(2024, 10, 21), AreaKind.UNEXPLORED, Group.III, "2025-04-21"),  # 6 months of Decree 22/2012
    ],
)  # fmt: skip
def test_licence_deadlines_by_group_and_regime(day: date, kind: AreaKind, group: Group, due: str) -> None:
    found = won(opens_on=day, kind=kind, group=group, deposit_vnd=318_000_000)
    assert found.session.state.due[Task.LICENCE_DOSSIER] == due


@pytest.mark.parametrize(
    ("day", "submitted", "decided"),
    [(date(2025, 10, 1), "2025-10-20", "2025-10-14"), (date(2026, 2, 2), "2026-02-27", "2026-02-24")],
)
def test_approval_spans_before_and_after_decree_21(day: date, submitted: str, decided: str) -> None:
    """15 and 10 days, from 2026-01-16 12 and 8 working days; Tết 2026 lies between."""
    found = approved(opens_on=day)
    due = found.session.state.due
    assert (due[Task.SUBMITTED], due[Task.APPROVED]) == (submitted, decided)


def test_late_steps_are_said_to_be_late() -> None:
    found = won()
    found.wait(found.DAY * 30)
    entry = found.must(after.RegisterResult(done_on=found.today()), Role.CLERK)
    assert entry.events[0].late  # type: ignore[union-attr]
    again = found.give(after.RegisterResult(done_on=found.today()), Role.CLERK)
    assert codes(again) == ["already_done"]
    tomorrow = after.HandOverFile(done_on=(date.fromisoformat(found.today()) + timedelta(days=1)).isoformat())
    assert codes(found.give(tomorrow, Role.CLERK)) == ["in_future"]


def test_licence_gives_the_deposit_back_and_the_rate_goes_to_the_fee() -> None:
    found = approved(minerals=("river_sand_gravel", "fill_material"))
    rate = found.must(after.HandOverRate(), Role.SYSTEM).events[0]
    assert (rate.amount, rate.companions, rate.rates) == ("9", ("fill_material",), ("5.4",))  # type: ignore[union-attr]
    found.must(after.FileDossier(filed_on=found.today(), reference="HS"), Role.AGENCY)
    found.wait(found.DAY)
    granted = after.DecideLicence(granted=True, winner_at_fault=False, decision="GP", decided_on=found.today())
    assert kinds(found.must(granted, Role.AGENCY)) == ["LicenceGranted", "RefundDue"]
    found.must(after.RefundDeposit(bidder="A", refunded_on=found.today(), reference="UNC"), Role.CLERK)
    twice = found.give(after.RefundDeposit(bidder="A", refunded_on=found.today(), reference="UNC"), Role.CLERK)
    assert codes(twice) == ["no_refund_due"]
    ended = after.LapseApproval(ground=LapseGround.MINING_ENDED, evidence="QĐ", lapsed_on=found.today())
    found.must(ended, Role.AGENCY)
    assert found.session.state.stage is Stage.LAPSED
    check_all(found.session)


@pytest.mark.parametrize(("at_fault", "back"), [(False, True), (True, False)])
def test_refused_licence(at_fault: bool, back: bool) -> None:
    found = approved()
    found.must(after.FileDossier(filed_on=found.today(), reference="HS"), Role.AGENCY)
    no = after.DecideLicence(granted=False, winner_at_fault=at_fault, decision="CV", decided_on=found.today())
    found.must(no, Role.AGENCY)
    assert bool(found.session.state.bidders["A"].refund_due) is back


def test_a_missed_dossier_cancels_the_approval_and_loses_the_deposit() -> None:
    found = approved()
    decided = after.CancelApproval(ground=ApprovalGround.LATE_DOSSIER, decision="QĐ", decided_on=found.today())
    assert codes(found.give(decided, Role.SELLER, second="clerk")) == ["dossier_not_missed"]
    found.now = found.at(date(2028, 5, 19))  # the last day is 18/05/2028
    assert kinds(found.give(live.Tick(), Role.SYSTEM)) == ["DossierMissed"]
    assert found.give(live.Tick(), Role.SYSTEM) is None
    late = found.give(after.FileDossier(filed_on=found.today(), reference="HS"), Role.AGENCY)
    assert codes(late) == ["dossier_late"]
    decided = replace(decided, decided_on=found.today())
    assert kinds(found.must(decided, Role.SELLER, second="clerk")) == ["ApprovalCancelled", "DepositForfeited"]
    assert found.session.state.bidders["A"].forfeit_ground is Forfeit.LATE_DOSSIER
    check_all(found.session)


def test_extension_by_regime() -> None:
    found = approved()
    longer = after.ExtendDossier(ground=Extension.AUTHORITY_LATE, until="2030-01-01", evidence="văn bản xác nhận")
    found.must(longer, Role.AGENCY)
    assert found.session.state.due[Task.LICENCE_DOSSIER] == "2030-01-01"
    assert codes(found.give(longer, Role.AGENCY)) == ["not_longer"]
    found = approved(opens_on=date(2025, 9, 10))  # until 2028-09-11; at most twelve months more, two grounds
    assert codes(found.give(longer, Role.AGENCY)) == ["extension_too_long"]
    within = replace(longer, until="2029-09-11")
    assert codes(found.give(within, Role.AGENCY)) == ["extension_ground"]
    found.must(replace(within, ground=Extension.FORCE_MAJEURE), Role.AGENCY)
    found = approved(kind=AreaKind.UNEXPLORED)
    assert codes(found.give(longer, Role.AGENCY)) == ["extension_ground"]


def test_the_two_cancellations_are_different_things() -> None:
    found = approved()
    agreed = after.CancelResult(
        ground=ResultGround.AGREED, decision="BB", decided_on=found.today(), state_unharmed=False, winner_at_fault=False
    )
    assert codes(found.give(agreed, Role.SELLER, second="clerk")) == ["state_harmed"]
    entry = found.must(replace(agreed, state_unharmed=True), Role.SELLER, second="clerk")
    assert kinds(entry) == ["ApprovalLapsed", "ResultCancelled", "RefundDue"]
    assert found.session.state.stage is Stage.RESULT_CANCELLED
    found = approved()
    lost = after.CancelApproval(ground=ApprovalGround.LOST_RIGHT, decision="QĐ", decided_on=found.today())
    assert codes(found.give(lost, Role.SELLER, second="clerk")) == ["wrong_area_kind"]
    found = approved(kind=AreaKind.UNEXPLORED)
    found.must(replace(lost, decided_on=found.today()), Role.SELLER, second="clerk")
    assert found.session.state.stage is Stage.APPROVAL_CANCELLED
    check_all(found.session)


def test_rejected_results_give_the_deposit_back() -> None:
    found = won()
    found.wait(found.DAY)
    for step in (after.HandOverFile(done_on=found.today()),):
        found.must(step, Role.CLERK)
    found.must(after.SubmitResult(done_on=found.today()), Role.AGENCY)
    silent = after.RejectResult(reason="", done_on=found.today())
    assert codes(found.give(silent, Role.SELLER)) == ["reason_missing"]
    found.must(replace(silent, reason="hồ sơ sai"), Role.SELLER)
    assert found.session.state.bidders["A"].refund_due == found.script.deposit_vnd


def test_a_council_meets_with_two_thirds_and_its_chair_signs_too() -> None:
    found = hall(council=True)
    found.ready()
    found.now = found.opens_at
    one = found.give(live.OpenSession(members_present=1), Role.CHAIR, second="clerk")
    assert codes(one) == ["quorum_missing"]
    found.must(live.OpenSession(members_present=2), Role.CHAIR, second="clerk")
    found = opened(council=True, mode=Mode.ORAL)
    found.bid("A", "6")
    for _ in range(3):
        found.must(live.CallPrice(), Role.AUCTIONEER)
    found.declare()
    found.sign()
    assert len(found.session.state.result.signed) == 6
