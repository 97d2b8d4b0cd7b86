"""Is every disagreement of declared output listed with its figures and its article, and no declared figure touched?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.findings import Finding
from api.imports.outputs import import_outputs
from api.imports.reconcile import Capacity, reconcile, reconcile_province
from api.imports.reconcile_rules import rule_on
from api.imports.weighbridge import import_weighbridge
from api.store.engine import Store
from api.store.office_data import Weighed, YearlyOutput
from rules.citation import Confidence
from rules.dated import Series
from rules.lawbook import law_book
from rules.quantity import Unit
from tests.api.office import as_csv, bring, everything, register

CIRCULAR = "36/2025/TT-BNNMT, Điều 10 khoản 3"
# declared and sold tonnes of a white-marble mine with a capacity of 300,000 t a year, read from inspection minutes
DECLARED_AND_SOLD = (
    (2020, 300_000, 466_731),
    (2021, 300_000, 611_857),
    (2022, 300_000, 559_091),
    (2023, 299_987, 320_284),
    (2024, 299_975, 301_859),
    (2025, 299_994, 300_456),
)


def output(year: int, amount: object, unit: Unit = Unit.TONNE, **more: Any) -> YearlyOutput:
    told = {name: Decimal(str(value)) for name, value in more.items()}
    facts: dict[str, Any] = dict.fromkeys(
        ("grade", "clean_coal", "product_output", "product_unit", "sold", "opening_stock", "tax_output", "density")
    )
    return YearlyOutput(
        licence_id=1, mineral_code="iron", year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), unit=unit,
        output=None if amount is None else Decimal(str(amount)), **{**facts, **told},
    )  # fmt: skip


def weighed(month: date, tonnes: object, mineral: str = "iron") -> Weighed:
    return Weighed(licence_id=1, mineral_code=mineral, month=month, loads=1, tonnes=Decimal(str(tonnes)))


def codes(found: Sequence[Finding]) -> list[str]:
    return [one.code for one in found]


def test_a_mine_that_sold_what_it_never_declared() -> None:
    series = [output(year, mined, sold=sold) for year, mined, sold in DECLARED_AND_SOLD]
    found = reconcile(series, (), Capacity(tonnes=Decimal(300_000)))
    assert codes(found) == ["sold_above_output"] * 6 + ["glued_to_capacity"]
    assert "2020: sold 466,731 tonne, more than the output 300,000 and the opening stock 0" in found[0].message_en
    assert "140 khoản 3" in found[0].action_vi
    assert "2020-2025" in found[-1].message_vi
    assert [one.output for one in series] == [Decimal(mined) for _, mined, _ in DECLARED_AND_SOLD]


@pytest.mark.parametrize(("other", "differs"), [("110", False), ("110.001", True), ("90", False), ("89.999", True)])
def test_ten_percent_is_allowed_and_more_is_not(other: str, differs: bool) -> None:
    assert codes(reconcile([output(2024, 100, tax_output=other)], (), Capacity())) == ["tax_differs"] * differs
    scale = reconcile([output(2024, 100)], [weighed(date(2024, 12, 1), other)], Capacity())
    assert codes(scale) == ["weighed_differs"] * differs
    for one in scale:
        assert CIRCULAR in one.action_vi
        assert CIRCULAR in one.action_en
        assert "100" in one.message_vi
        assert f"qua cân {other.replace('.', ',')} tấn" in one.message_vi
        assert f"weighed {other} tonne" in one.message_en


@pytest.mark.parametrize(("year", "cautioned"), [(2024, True), (2025, False), (2026, False)])
def test_the_limit_is_read_by_date_with_its_confidence(year: int, cautioned: bool) -> None:
    (found,) = reconcile([output(year, 100, tax_output=200)], (), Capacity())
    assert found.rule is not None
    assert found.rule.row is law_book().get("output.difference_limit", date(2025, 7, 2))
    assert (found.base, found.amount, found.percent, found.limit) == (100, 200, 100, 10)
    assert bool(found.rule.caution.vi) is cautioned
    assert ("Kỳ này trước 02/07/2025" in found.action_vi) is cautioned
    assert ("lies before 02/07/2025" in found.action_en) is cautioned


def test_a_limit_that_was_not_read_says_so() -> None:
    book = law_book()
    row = book.get("output.difference_limit", date(2025, 7, 2))
    doubted = replace(row, cite=replace(row.cite, confidence=Confidence.RECALLED))
    series = {**book.series, ("output.difference_limit", ""): Series([doubted])}
    rule = rule_on("output.difference_limit", date(2026, 1, 1), replace(book, series=series))
    assert rule.caution.vi == "Chưa đọc được chính văn bản."


def test_the_sign_at_the_capacity_is_printed_as_a_convention() -> None:
    (found,) = reconcile([output(year, 100) for year in (2020, 2021, 2022)], (), Capacity(tonnes=Decimal(100)))
    assert "Quy ước: từ 3 năm liền, sản lượng kê khai từ 99,5 % đến 100 %" in found.action_vi
    assert "House convention: declared output of 99.5 %" in found.action_en
    assert found.rule is None


def test_something_weighed_where_nothing_was_declared() -> None:
    (found,) = reconcile([output(2024, 0)], [weighed(date(2024, 3, 1), 5)], Capacity())
    assert found.code == "weighed_differs"
    assert "∞" in found.message_vi
    assert reconcile([output(2024, 0)], [weighed(date(2024, 3, 1), 0)], Capacity()) == ()


def test_only_the_months_of_the_period_and_the_mineral_count() -> None:
    loads = [weighed(date(2023, 12, 1), 900), weighed(date(2024, 1, 1), 60), weighed(date(2024, 12, 1), 40),
             weighed(date(2025, 1, 1), 900), weighed(date(2024, 5, 1), 900, "manganese")]  # fmt: skip
    assert reconcile([output(2024, 100)], loads, Capacity()) == ()


def test_volumes_are_compared_by_the_declared_density_or_not_at_all() -> None:
    loads = [weighed(date(2024, 1, 1), 260)]
    (open_one,) = reconcile([output(2024, 100, Unit.M3_IN_SITU)], loads, Capacity())
    assert open_one.code == "not_comparable"
    assert not open_one.needs_work
    assert reconcile([output(2024, 100, Unit.M3_IN_SITU, density="2.6")], loads, Capacity()) == ()
    (far,) = reconcile([output(2024, 100, Unit.M3_IN_SITU, density="1.3")], loads, Capacity())
    assert "200" in far.message_vi
    kilograms = reconcile([output(2024, 260_000, Unit.KG)], loads, Capacity())
    assert kilograms == ()


def test_output_above_the_capacity_from_every_source() -> None:
    series = [output(2024, 105, tax_output=106)]
    found = reconcile(series, [weighed(date(2024, 1, 1), 107)], Capacity(tonnes=Decimal(100)))
    assert codes(found) == ["above_capacity"] * 3
    assert [one.value for one in found] == ["105", "107", "106"]
    assert "5 %" in found[0].message_vi
    assert "Điều 64 khoản 1 điểm b" in found[0].action_vi
    assert reconcile([output(2024, 100)], (), Capacity(tonnes=Decimal(100))) == ()
    assert codes(reconcile([output(2024, 3, Unit.M3_LOOSE)], (), Capacity(m3=Decimal(2)))) == ["above_capacity"]


def test_sales_may_draw_on_the_stock_of_the_year_before() -> None:
    fine = [output(2023, 100, sold=40), output(2024, 100, sold=160)]
    assert reconcile(fine, (), Capacity()) == ()
    assert codes(reconcile([output(2024, 100, sold=160)], (), Capacity())) == ["sold_above_output"]
    assert reconcile([output(2024, 100, sold=160, opening_stock=60)], (), Capacity()) == ()


@pytest.mark.parametrize(
    ("amounts", "glued"),
    [
        ((100, 100, 100), True),
        ((99.5, 99.9, 100), True),
        ((100, 100), False),
        ((100, 99.4, 100), False),
        ((100, None, 100), False),
        ((50, 100, 100, 100, 20), True),
    ],
)
def test_series_that_stand_at_the_capacity(amounts: Sequence[float | None], glued: bool) -> None:
    series = [output(2018 + index, amount) for index, amount in enumerate(amounts)]
    assert codes(reconcile(series, (), Capacity(tonnes=Decimal(100)))) == ["glued_to_capacity"] * glued


def test_a_gap_of_a_year_ends_a_series() -> None:
    series = [output(year, 100) for year in (2018, 2019, 2021, 2022)]
    assert reconcile(series, (), Capacity(tonnes=Decimal(100))) == ()


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_the_limit_holds_for_any_figures(declared: int, other: int) -> None:
    found = reconcile([output(2024, declared, tax_output=other)], (), Capacity())
    assert bool(found) == (abs(other - declared) * 10 > declared)


def test_the_province(store: Store) -> None:
    register(store)
    header = ("Số GP", "Năm", "Sản lượng (tấn)", "Sản lượng tính thuế (tấn)")
    bring(import_outputs, store, as_csv(header, ("10/GP-UBND", 2024, 900, 700), ("13/GP-UBND", 2024, 20, "")))
    loads = as_csv(("Trạm cân", "Số phiếu", "Ngày cân", "Số GP", "Khối lượng (tấn)"),
                   ("T", 1, "05/01/2024", "13/GP-UBND", 21))  # fmt: skip
    bring(import_weighbridge, store, loads)
    before = everything(store)
    with store.session() as session:
        (one,) = reconcile_province(session)
        assert reconcile_province(session, [6]) == ()
    assert (one.licence_id, one.number, codes(one.findings)) == (1, "10/GP-UBND", ["tax_differs"])
    assert everything(store) == before
