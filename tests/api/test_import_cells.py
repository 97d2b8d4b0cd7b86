"""Are numbers and dates read as meant, and left alone where they may mean two things?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.cells import Doubt, is_blank, plain, read_date, read_number, written


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.25", "1234567.25"),
        ("1.234.567,250", "1234567.25"),
        ("12 345 678", "12345678"),
        ("12 345", "12345"),
        ("0.123", "0.123"),
        ("0,123", "0.123"),
        ("1234.567", "1234.567"),
        ("13,3230", "13.323"),
        (" 007 ", "7"),
        ("458773.3333333333", "458773.3333333333"),
        (20000, "20000"),
        (Decimal("2.50"), "2.5"),
        (Decimal("1E+3"), "1000"),
        ("1000000000000000", "1000000000000000"),
    ],
)
def test_clear_numbers(cell: str | int | Decimal, value: str) -> None:
    assert read_number(cell) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.234", "ambiguous_number"),
        ("13,323", "ambiguous_number"),
        ("Lưu lượng được phê duyệt 371", "not_a_number"),
        ("20000 m3", "not_a_number"),
        ("1e5", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1.23.4", "not_a_number"),
        ("1.2345,6.7", "not_a_number"),
        ("1,23,456", "not_a_number"),
        ("30-56", "not_a_number"),
        ("٣٤", "not_a_number"),
        ("--5", "not_a_number"),
        ("-5", "number_out_of_range"),
        (Decimal("-0.5"), "number_out_of_range"),
        ("1000000000000001", "number_out_of_range"),
        ("9" * 5000, "number_out_of_range"),
        (Decimal("NaN"), "number_out_of_range"),
        (Decimal("Infinity"), "number_out_of_range"),
        (date(2025, 1, 2), "not_a_number"),
    ],
)
def test_numbers_that_are_not_taken(cell: str | Decimal | date, code: str) -> None:
    doubt = read_number(cell)
    assert isinstance(doubt, Doubt)
    assert doubt.code == code


@given(st.integers(0, 10**15 - 1), st.integers(0, 9999))
def test_both_ways_of_writing_a_number_mean_it(whole: int, decimals: int) -> None:
    value = Decimal(f"{whole}.{decimals:04}")
    english = f"{whole:,}.{decimals:04}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english) == read_number(vietnamese) == read_number(value) == plain(value)


@given(st.text(max_size=20))
def test_any_text_gives_a_number_or_a_doubt(text: str) -> None:
    if is_blank(text):
        return
    value = read_number(text)
    if isinstance(value, str):
        assert plain(Decimal(value)) == value
        assert set(value) <= set("0123456789.")
    assert isinstance(read_date(text), date | Doubt)
    assert written(written(text)) == written(text)
    assert "\0" not in written(text)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("09/06/2006", date(2006, 6, 9)),
        ("9/6/2006", date(2006, 6, 9)),
        ("09-06-2006", date(2006, 6, 9)),
        ("09.06.2006", date(2006, 6, 9)),
        ("2006-06-09", date(2006, 6, 9)),
        ("ngày 09 tháng 6 năm 2006", date(2006, 6, 9)),
        (" 29/02/2024\n", date(2024, 2, 29)),
        (date(2006, 6, 9), date(2006, 6, 9)),
    ],
)
def test_clear_dates(cell: str | date, value: date) -> None:
    assert read_date(cell) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/2024", "not_a_date"),
        ("12/25/2024", "not_a_date"),
        ("09/06/06", "not_a_date"),
        ("2011", "not_a_date"),
        ("hết hạn", "not_a_date"),
        ("01/01/0001", "not_a_date"),
        ("42736", "serial_date"),
        (42736, "serial_date"),
        (2011, "not_a_date"),
        (Decimal("42736.5"), "not_a_date"),
        (10**12, "not_a_date"),
        (Decimal("1E+300"), "not_a_date"),
        (date(1, 1, 1), "not_a_date"),
    ],
)
def test_dates_that_are_not_taken(cell: str | int | Decimal | date, code: str) -> None:
    doubt = read_date(cell)
    assert isinstance(doubt, Doubt)
    assert doubt.code == code


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_come_back(day: date) -> None:
    assert read_date(written(day)) == read_date(day.isoformat()) == day


@pytest.mark.parametrize("cell", [None, "", "  ", "\n", "-", " – ", "—"])
def test_blank_cells(cell: str | None) -> None:
    assert is_blank(cell)
