"""The province's worklist and its cases: what lacks is said, what is complete is settled, own rates carry their caution."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from api.contract.compute import compute
from api.imports.outputs import import_outputs
from api.imports.sample import load_sample
from api.province.edits import add_rate, list_rates, remove_rate, set_facts, set_item
from api.province.lacks import LackCode
from api.province.run import settle_licence, settle_province
from api.province.scope import Scope
from api.province.worklist import Status, WorklistRow, totals_of, worklist, worklist_row
from api.store.engine import Store
from api.store.province import SettlementResult
from tests.api.office import as_csv, bring
from tests.api.province_data import NOW, TODAY, bring_in, output_rows


def rows_of(store: Store, today: date = TODAY) -> list[WorklistRow]:
    with store.session() as session:
        return list(worklist(session, today).rows)


def settle(store: Store, on: date = TODAY) -> None:
    settle_province(store, on=on, clock=lambda: NOW)


def result_of(store: Store, licence_id: int) -> SettlementResult:
    with store.session() as session:
        return session.exec(select(SettlementResult).where(SettlementResult.licence_id == licence_id)).one()


def test_sample_register_says_what_each_licence_lacks(sqlite_store: Store) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    with sqlite_store.session() as session:
        found = worklist(session, TODAY)
    assert len(found.rows) == 151
    for row in found.rows:
        # every row is settled, not concerned, or says exactly what it lacks
        assert (row.scope is Scope.ENDED) == (row.expires_on is not None and row.expires_on < date(2014, 1, 1))
        assert (row.status is Status.NONE) == (row.scope in (Scope.AFTER, Scope.ENDED))
        assert bool(row.lacks) == (row.status is Status.TODO)
        assert all(one.text.vi and one.text.en and "{" not in one.text.vi for one in row.lacks)
        assert row.days_left == (None if row.status is Status.NONE else 37)
    expired = [row for row in found.rows if row.scope is Scope.EXPIRED]
    assert expired
    assert {one.code for row in expired for one in row.lacks} == {LackCode.ELIGIBLE}
    assert all(row.expires_on is not None and row.expires_on < date(2025, 7, 1) for row in expired)
    assert found.totals == found.all_totals == totals_of(found.rows)
    assert sum(found.totals.by_status.values()) == 151


def test_years_asked_for_run_from_the_issue_to_the_cut_off(sqlite_store: Store) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    row = next(row for row in rows_of(sqlite_store) if row.number == "527/GP-UBND")  # issued 29/03/2019
    by_code = {one.code: one for one in row.lacks}
    assert by_code[LackCode.OUTPUT].years == (2019, 2020, 2021, 2022, 2023, 2024)
    assert by_code[LackCode.OUTPUT_TO_CUTOFF].years == (2025,)
    assert by_code[LackCode.RATE].days == (date(2019, 1, 1),)


def test_filters_narrow_and_totals_follow(sqlite_store: Store) -> None:
    load_sample(sqlite_store, now=NOW, today=TODAY)
    with sqlite_store.write() as session:
        assert set_item(session, 3, now=NOW, owner="Cán bộ A", blocked=True, note="đang xử lý vi phạm") == ()
        assert set_item(session, 10_000, now=NOW, owner="Cán bộ A")
    with sqlite_store.session() as session:
        owned = worklist(session, TODAY, owner="Cán bộ A")
        assert [row.licence_id for row in owned.rows] == [3]
        assert owned.rows[0].status is Status.BLOCKED
        assert owned.totals.licences == 1
        assert owned.all_totals.licences == 151
        assert len(worklist(session, TODAY, owner="").rows) == 150
        rated = worklist(session, TODAY, lack=LackCode.RATE).rows
        assert len(rated) == owned.all_totals.lacks[LackCode.RATE]
        assert len(worklist(session, TODAY, scope=Scope.EXPIRED).rows) == owned.all_totals.by_scope[Scope.EXPIRED]
        assert {row.number for row in worklist(session, TODAY, search="527/gp").rows} == {"527/GP-UBND"}


@pytest.mark.parametrize(
    ("issued", "expires", "reserve", "scope", "exchange"),
    [
        ("05/06/2003", "31/12/2013", "9000", Scope.ENDED, False),
        ("05/06/2013", "30/06/2025", "9000", Scope.EXPIRED, False),
        ("05/06/2013", "01/07/2025", "9000", Scope.RUNNING, False),
        ("05/06/2013", "", "9000", Scope.RUNNING, True),
        ("05/06/2013", "05/06/2033", "", Scope.RUNNING, True),
        ("30/06/2025", "05/06/2033", "9000", Scope.RUNNING, False),
        ("01/07/2025", "05/06/2033", "9000", Scope.AFTER, False),
    ],
)
def test_a_day_decides_where_a_licence_stands(
    sqlite_store: Store, issued: str, expires: str, reserve: str, scope: Scope, exchange: bool
) -> None:
    from api.imports.register import import_register

    head = ("Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS", "Ngày cấp", "Ngày hết hạn", "TL phép m3")
    row = ("1/GP-UBND", "A", "Mỏ A", "Đá làm VLXDTT", issued, expires, reserve)
    bring(import_register, sqlite_store, as_csv(head, row))
    (found,) = rows_of(sqlite_store)
    assert (found.scope, found.exchange) == (scope, exchange)
    assert found.reapproval == (scope is Scope.RUNNING and not exchange)


def test_a_whole_province_settles_and_equals_the_engine(sqlite_store: Store) -> None:
    for report in bring_in(sqlite_store, 9):
        assert report.new
    assert {row.status for row in rows_of(sqlite_store)} == {Status.READY}
    settle(sqlite_store)
    rows = rows_of(sqlite_store)
    assert {row.status for row in rows} == {Status.SETTLED}
    for row in rows:
        stored = result_of(sqlite_store, row.licence_id)
        settled, reapproved = (compute(stored.cases[kind]) for kind in ("settlement", "reapproval"))
        assert stored.result["settlement"] == settled["result"]
        assert stored.result["reapproval"] == reapproved["result"]
        assert row.settled_vnd == settled["result"]["settled_vnd"]
        assert row.settled_vnd == row.paid_vnd + row.difference_vnd  # type: ignore[operator]
        lines = [line for line in stored.result["lines"] if line["part"] == "settlement"]
        assert sum(line["amount_vnd"] for line in lines) == row.settled_vnd
        assert [line["year"] for line in lines] == list(range(2014, 2026))
        assert all(line["tax_price"] and line["articles"] and line["price_list"] for line in stored.result["lines"])
    # by hand: licence 2, iron, in 2014: 1,018 t at 80,000 đ and 3 %; in 2025: 1,015 t at 91,000 đ
    first = result_of(sqlite_store, 2).result["lines"]
    assert first[0]["amount_vnd"] == 1018 * 80_000 * 3 // 100
    assert first[11]["quantity"] == str(1000 + 13 + 2025 % 7)
    mined = sum(Decimal(line["quantity"]) for line in first if line["part"] == "settlement")
    assert Decimal(first[12]["quantity"]) == Decimal(9_000_000) - mined  # re-approved + settled = licensed


def test_own_rates_are_used_with_the_caution_and_their_citation(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    settle(sqlite_store)
    result = result_of(sqlite_store, 1).result
    assert {one["year"] for one in result["rates"]} == set(range(2014, 2020))
    assert "user_rate" in {one["code"] for one in result["cautions"]}
    by_year = {line["year"]: line for line in result["lines"]}
    assert "203/2013/NĐ-CP, Phụ lục I" in by_year[2014]["articles"]
    assert "203/2013" not in by_year[2020]["articles"]
    with sqlite_store.write() as session:
        rate = next(one for one in list_rates(session) if one.key == "construction_stone")
        assert rate.id is not None
        assert remove_rate(session, rate.id)
    row = rows_of(sqlite_store)[0]
    assert row.stale
    assert row.status is Status.TODO
    assert [one.code for one in row.lacks] == [LackCode.RATE]
    settle(sqlite_store)  # what can no longer be computed leaves no sums behind
    assert rows_of(sqlite_store)[0].settled_vnd is None


def test_a_rate_must_be_cited_dated_and_alone(store: Store) -> None:
    sound = {
        "key": "iron",
        "valid_from": date(2014, 1, 20),
        "valid_until": date(2017, 1, 14),
        "rate_percent": "2,5",
        "instrument": "203/2013/NĐ-CP",
        "article": "Phụ lục I",
        "entered_by": "Cán bộ A",
        "now": NOW,
    }
    broken = {**sound, "key": "gold?", "valid_until": date(2013, 1, 1), "rate_percent": "101", "article": " "}
    with store.write() as session:
        assert set(add_rate(session, **broken)) == {"key", "valid_until", "rate_percent", "article"}  # type: ignore[arg-type]
        assert add_rate(session, **sound) == {}  # type: ignore[arg-type]
        assert set(
            add_rate(session, **{**sound, "valid_from": date(2017, 1, 14), "valid_until": date(2018, 1, 1)})
        ) == {  # type: ignore[arg-type]
            "valid_from"
        }
    with store.session() as session:
        assert [one.rate_percent for one in list_rates(session)] == ["2.5"]


def test_changed_data_make_a_result_stale_and_another_run_fresh(store: Store) -> None:
    bring_in(store, 3)
    settle(store)
    before = rows_of(store)
    with store.write() as session:
        assert set_facts(session, 2, {"bulking_factor": "1.4", "nothing": 1}).keys() == {"nothing"}
        assert set_facts(session, 1, {"bulking_factor": "0"}).keys() == {"bulking_factor"}
        assert set_facts(session, 1, {"bulking_factor": "1.4"}) == {}
    assert [row.stale for row in rows_of(store)] == [True, False, False]
    assert [row.status for row in rows_of(store)] == [Status.READY, Status.SETTLED, Status.SETTLED]
    report = settle_province(store, on=TODAY, clock=lambda: NOW)
    assert (report.computed, report.unchanged) == (1, 2)
    after = rows_of(store)
    assert after[0].settled_vnd != before[0].settled_vnd
    assert after[1:] == before[1:]


def test_one_licence_can_be_settled_alone(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    assert settle_licence(sqlite_store, 2, on=TODAY, now=NOW)
    assert not settle_licence(sqlite_store, 99, on=TODAY, now=NOW)
    assert [row.status for row in rows_of(sqlite_store)] == [Status.READY, Status.SETTLED, Status.READY]
    with sqlite_store.session() as session:
        row = worklist_row(session, 2, TODAY)
        assert row == rows_of(sqlite_store)[1]
        assert worklist_row(session, 99, TODAY) is None


def test_what_the_engine_refuses_blocks_a_licence_in_words(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    with sqlite_store.write() as session:
        assert set_facts(session, 2, {"right_by": "rate_auction", "winning_rate_percent": "1"}) == {}
    settle(sqlite_store)
    row = rows_of(sqlite_store)[1]
    assert row.status is Status.BLOCKED
    assert any("trúng đấu giá" in one.vi for one in row.problems)
    assert row.settled_vnd is None


def test_a_settlement_does_not_wait_for_the_re_approval(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    with sqlite_store.write() as session:
        assert set_facts(session, 2, {"mined_before_2014": None}) == {}
    settle(sqlite_store)
    row = rows_of(sqlite_store)[1]
    assert [one.code for one in row.lacks] == [LackCode.MINED_BEFORE]
    assert row.status is Status.TODO
    assert row.settled_vnd
    assert row.reapproved_vnd is None


def test_a_whole_last_year_is_no_output_up_to_the_cut_off(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 3)
    rows = output_rows(1)
    whole = (*rows[-1][:3], "31/12/2025", *rows[-1][4:])
    bring(import_outputs, sqlite_store, as_csv(rows[0], whole))
    assert [one.code for one in rows_of(sqlite_store)[0].lacks] == [LackCode.OUTPUT_TO_CUTOFF]


def test_nothing_is_left_to_do_in_words_after_the_deadline(sqlite_store: Store) -> None:
    bring_in(sqlite_store, 1)
    (row,) = rows_of(sqlite_store, date(2027, 1, 2))
    assert row.deadline == date(2026, 12, 31)
    assert row.days_left == -2
