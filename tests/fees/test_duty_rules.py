"""The recurring duties where a document cannot say it: rates by code, tariffs, the last months, the columns' own doors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.contract import compute
from api.contract.examples import EXAMPLES
from fees.case import MiningMethod
from fees.column_conversion import Decimals
from fees.column_interest import InterestColumns, late_interests
from fees.column_returns import FeeColumns, MineralColumns, TaxColumns, environmental_fees, resource_taxes
from fees.environmental_fee import environmental_fee
from fees.resource_tax import rate_line, resource_tax
from fees.tax_return import next_month
from rules.lawbook import law_book
from rules.number import Traced
from rules.strict import LawBookError, Source
from rules.tariff import read_tariffs

BOOK = law_book()
TAX = EXAMPLES["resource_tax"]
DAY = date(2026, 8, 1)


def codes(answer: dict[str, Any], name: str) -> list[str]:
    return sorted(one["code"] for one in answer[name])


def test_the_rate_of_a_code_is_that_of_the_longest_line_above_it() -> None:
    answer = compute(TAX | {"rate_percent": None, "resource_code": "ii 2.02.03.04", "with_due_date": None})
    assert answer["result"] == {"taxable_price_vnd": "90000", "tax_vnd": 90_000_000}
    assert codes(answer, "cautions") == ["secondary_parameter"]
    rate = next(step for step in answer["trace"] if step["symbol"] == "t")
    assert (rate["value"], rate["cite"][0]["at"]) == ("10", "Biểu mức thuế suất thuế tài nguyên, dòng II2")
    found = {
        code: line.code for code in ("I10205", "I1101", "II240103", "V101") if (line := rate_line(BOOK, code, DAY))
    }
    assert found == {"I10205": "I1", "I1101": "I11", "II240103": "II24", "V101": "V1"}
    recalled = compute(TAX | {"rate_percent": None, "resource_code": "V10101"})
    assert codes(recalled, "cautions") == ["recalled_parameter"]


def test_a_code_without_a_line_and_a_rate_that_is_missing() -> None:
    for code, period, wanted in (("IX1", "2026-08", "no_rule_at_date"), ("I1", "2016-06", "no_rule_at_date")):
        error = compute(TAX | {"rate_percent": None, "resource_code": code, "period": period})["error"]
        assert (error["code"], error["field"]) == (wanted, "resource_code")
    error = compute(TAX | {"rate_percent": None})["error"]
    assert (error["code"], error["field"]) == ("invalid_input", "rate_percent")


def test_an_entered_rate_is_used_and_the_tariffs_is_told() -> None:
    answer = compute(TAX | {"rate_percent": "12.5", "resource_code": "II202"})
    assert answer["result"]["tax_vnd"] == 112_500_000
    assert "tariff_rate" in codes(answer, "not_applied")
    assert codes(answer, "cautions") == []
    assert "tariff_rate" not in codes(compute(TAX | {"resource_code": "II202"}), "not_applied")


def test_the_formulas_are_the_laws() -> None:
    Q, G, t = Traced.of("Q", 10), Traced.of("G", 7), Traced.percent("t", 10)
    assert resource_tax(Q, G, t).formula == "Q × G × t"
    names = (Traced.of(name, 1) for name in ("Q1", "f1", "Q2", "K"))
    assert environmental_fee(*names).formula == "(Q1 × f1 + Q2) × K"


@pytest.mark.parametrize(
    ("month", "following"), [((2026, 8), (2026, 9)), ((2026, 12), (2027, 1)), ((2028, 2), (2028, 3))]
)
def test_the_next_month(month: tuple[int, int], following: tuple[int, int]) -> None:
    assert next_month(date(*month, 1)) == date(*following, 1)


def test_the_tariffs_are_whole() -> None:
    sizes = {name: len(tariff.lines) for name, tariff in BOOK.tariffs.items()}
    assert sizes == {"resource_tax_rates": 38, "environmental_fee_frame": 41, "licence_fees": 16}
    for name, tariff in BOOK.tariffs.items():
        for line in (line for series in tariff.lines.values() for line in series.rows):
            assert line.name.vi != line.name.en
            assert line.cite.at.endswith(line.code)
            assert BOOK.instrument(line.cite.instrument).period.contains(line.period.start)
            assert name == "environmental_fee_frame" or line.least == line.most


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,a,b,%,9,8,2020-01-01,,VERIFIED,VERIFIED,", "least above most"),
        ("A,a,b,%,x,8,2020-01-01,,VERIFIED,VERIFIED,", "InvalidOperation"),
        ("A,a,b,%,8,8,2020-01-01,,SURE,VERIFIED,", "SURE"),
        ("A,a,b,%,8,8,2020-01-01,,VERIFIED,VERIFIED,mine area=5", "no condition"),
        ("A,a,b,%,8,8,1/1/2020,,VERIFIED,VERIFIED,", "ValueError"),
        ("A,a,b,%,8,8,2020-01-01,,VERIFIED,VERIFIED,\nA,a,b,%,8,8,2021-01-01,,VERIFIED,VERIFIED,", "stands twice"),
    ],
)
def test_a_broken_tariff_is_named(tmp_path: Path, row: str, said: str) -> None:
    header = "code,name_vi,name_en,unit,least,most,from,until,confidence_least,confidence_most,applies"
    (tmp_path / "t.csv").write_text(f"{header}\n{row}\n", "utf-8")
    toml = '[[tariff]]\nname = "t"\ntitle_vi = "a"\ntitle_en = "b"\ninstrument = "i"\nat = "{code}"\n'
    (tmp_path / "tariffs.toml").write_text(toml, "utf-8")
    source = Source(tmp_path)
    read_tariffs(source)
    with pytest.raises(LawBookError, match=r"t\.csv") as error:
        source.raise_problems()
    assert said in str(error.value)


def whole(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)


def test_columns_refuse_what_is_not_sound() -> None:
    months = np.array(["2026-08-01"] * 4, "datetime64[D]")
    one = Decimals(whole([1, 1, 1, 1]))
    tax = TaxColumns(
        period=months, quantity=Decimals(whole([-1, 1, 1, 1])), selling_price=one, provincial_price=whole([1, 0, 1, 1]),
        rate=Decimals(whole([1, 1, 101, 100])),
    )  # fmt: skip
    found = resource_taxes(tax, BOOK)
    assert found.refused.tolist() == [253, 253, 253, 0]
    assert found.amounts.tolist() == [0, 0, 0, 1]
    interest = InterestColumns(amount=whole([-1, 0, 1, 1]), due_on=months, paid_on=months)
    assert late_interests(interest, BOOK).refused.tolist() == [253, 0, 0, 0]
    short = InterestColumns(amount=whole([1]), due_on=months, paid_on=months)
    with pytest.raises(ValueError, match="length"):
        late_interests(short, BOOK)
    inexact = InterestColumns(amount=np.array([0.5] * 4), due_on=months, paid_on=months)
    with pytest.raises(TypeError):
        late_interests(inexact, BOOK)


def test_fee_columns_with_shares_on_some_minerals_only() -> None:
    one = Decimals(whole([1]))
    minerals = [MineralColumns(one, whole([1]), one), MineralColumns(one, whole([1]))]
    columns = FeeColumns(
        period=np.array(["2026-08-01"], "datetime64[D]"), overburden=one, method=np.array([0], np.uint8),
        salvage=np.array([False]), minerals=minerals,
    )  # fmt: skip
    with pytest.raises(ValueError, match="shares"):
        environmental_fees(columns, BOOK)


def test_an_empty_batch_is_an_empty_answer() -> None:
    none = np.array([], "datetime64[D]")
    no = Decimals(whole([]))
    tax = TaxColumns(period=none, quantity=no, selling_price=no, provincial_price=whole([]), rate=no)
    assert len(resource_taxes(tax, BOOK).amounts) == 0
    assert len(late_interests(InterestColumns(amount=whole([]), due_on=none, paid_on=none), BOOK).amounts) == 0


def test_what_the_fee_says_of_the_law() -> None:
    answer = compute(EXAMPLES["environmental_fee"])
    cited = {(one["instrument"], one["confidence"]) for step in answer["trace"] for one in step["cite"]}
    assert cited == {("27/2023/NĐ-CP", "VERIFIED")}
    k = {method.value: BOOK.get("environmental_fee.k", DAY, method.value).number() for method in MiningMethod}
    assert k == {"open_pit": Decimal("1.1"), "underground": Decimal(1), "other": Decimal(1)}
