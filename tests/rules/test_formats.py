"""Vietnamese and English printing of money, numbers and dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.formats import date_en, date_vi, date_words_vi, decimal_text, vnd

LANGS = st.sampled_from(["vi", "en"])


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (0, "0 đồng", "VND 0"),
        (999, "999 đồng", "VND 999"),
        (1_000, "1.000 đồng", "VND 1,000"),
        (20_429_461_000, "20.429.461.000 đồng", "VND 20,429,461,000"),
        (-1_500_000, "-1.500.000 đồng", "VND -1,500,000"),
        (10**18, "1.000.000.000.000.000.000 đồng", "VND 1,000,000,000,000,000,000"),
    ],
)
def test_vnd(amount: int, vi: str, en: str) -> None:
    assert vnd(amount) == vnd(amount, "vi") == vi
    assert vnd(amount, "en") == en


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("0", "0", "0"),
        ("1.475", "1,475", "1.475"),
        ("0.03", "0,03", "0.03"),
        ("1.040", "1,040", "1.040"),
        ("100", "100", "100"),
        ("1000", "1.000", "1,000"),
        ("2372500", "2.372.500", "2,372,500"),
        ("1234567.00012345", "1.234.567,00012345", "1,234,567.00012345"),
        ("-1250.5", "-1.250,5", "-1,250.5"),
        ("2/3", "2/3", "2/3"),
        ("20659/1936000", "20.659/1.936.000", "20,659/1,936,000"),
        ("-1/1000", "-1/1.000", "-1/1,000"),
    ],
)
def test_decimal_text(text: str, vi: str, en: str) -> None:
    assert decimal_text(text) == decimal_text(text, "vi") == vi
    assert decimal_text(text, "en") == en


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "05",
        ".5",
        "5.",
        "1e5",
        "1,5",
        "1.2.3",
        "1 000",
        "+1",
        "--1",
        "NaN",
        "1\n",
        "१",
        "1/0",
        "1/03",
        "1.5/2",
        "1/-2",
    ],
)
def test_decimal_text_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)không phải số thập phân thường.* / .*is not a plain decimal"):
        decimal_text(text)


@given(st.integers(-(10**18), 10**18), LANGS)
def test_vnd_reads_back(amount: int, lang: str) -> None:
    figures = vnd(amount, lang).removeprefix("VND ").removesuffix(" đồng")
    groups = figures.removeprefix("-").split("." if lang == "vi" else ",")
    assert int(figures.replace(".", "").replace(",", "")) == amount
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


@given(st.integers(-(10**18), 10**18), st.text("0123456789", max_size=12), LANGS)
@example(-5, "", "vi")
def test_decimal_text_reads_back(whole: int, decimals: str, lang: str) -> None:
    text = f"{whole}.{decimals}" if decimals else str(whole)
    thousands, point = (".", ",") if lang == "vi" else (",", ".")
    assert decimal_text(text, lang).replace(thousands, "").replace(point, ".") == text


@given(st.fractions(min_value=0), LANGS)
def test_a_fraction_stays_a_fraction(value: Fraction, lang: str) -> None:
    shown = decimal_text(str(value), lang)
    assert Fraction(shown.replace(".", "").replace(",", "")) == value


def test_a_very_long_number_is_printed() -> None:
    assert decimal_text("1" + "0" * 6_000).count(".") == 2_000


@pytest.mark.parametrize(
    ("day", "figures", "words", "english"),
    [
        (date(2026, 5, 31), "31/05/2026", "ngày 31 tháng 5 năm 2026", "31 May 2026"),
        (date(2026, 1, 8), "08/01/2026", "ngày 08 tháng 01 năm 2026", "8 January 2026"),
        (date(2018, 2, 10), "10/02/2018", "ngày 10 tháng 02 năm 2018", "10 February 2018"),
        (date(2025, 7, 2), "02/07/2025", "ngày 02 tháng 7 năm 2025", "2 July 2025"),
        (date(2026, 3, 9), "09/03/2026", "ngày 09 tháng 3 năm 2026", "9 March 2026"),
        (date(2026, 11, 24), "24/11/2026", "ngày 24 tháng 11 năm 2026", "24 November 2026"),
        (date(2026, 12, 31), "31/12/2026", "ngày 31 tháng 12 năm 2026", "31 December 2026"),
    ],
)
def test_dates(day: date, figures: str, words: str, english: str) -> None:
    assert date_vi(day) == figures
    assert date_words_vi(day) == words
    assert date_en(day) == english


@given(st.dates())
def test_dates_read_back(day: date) -> None:
    in_figures = [int(part) for part in date_vi(day).split("/")]
    in_words = [int(part) for part in date_words_vi(day).split() if part.isdigit()]
    assert in_figures == in_words == [day.day, day.month, day.year]
    assert len(date_vi(day)) == 10
