"""What resource tax is due for a month? Law 45/2009 Art. 4 and 6(1); rates of Resolution 1084/2015.

T = Q x G x t: *thuế tài nguyên* is the quantity mined in the month times the taxable price times the rate. The price is the
selling price without VAT, but never below the provincial one (*giá tính thuế tài nguyên của tỉnh*); where nothing was
sold, the provincial one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, Final, TypeVar

from fees.licence_right import LARGEST_TOTAL
from fees.result import Computed
from fees.tax_return import monthly_due
from fees.working import Working
from rules.errors import Code
from rules.lawbook import LawBook
from rules.number import Number, Traced, plain
from rules.quantity import Unit
from rules.resource_codes import clean_code, codes_above
from rules.tariff import TariffLine
from rules.trace import Text

N = TypeVar("N", bound=Number)
FORMULA: Final = "resource_tax.formula"
RATES: Final = "resource_tax_rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceTaxCase:
    """A month by its first day; quantity and prices per the same unit; ``rate`` in percent, ``None``: that of ``code``.

    ``selling_price`` is without VAT, ``None`` where nothing was sold.
    """

    period: date
    quantity: Decimal
    selling_price: Decimal | None
    provincial_price: int
    rate: Decimal | None
    code: str | None = None
    unit: Unit | None = None
    with_due_date: bool = False


def resource_tax(Q: N, G: N, t: N) -> N:
    """T = Q x G x t: quantity mined, taxable price, rate."""
    return Q * G * t


def rate_line(book: LawBook, code: str, on: date) -> TariffLine | None:
    """The line of the tariff for a code of the price frame, or one split further: the longest above it."""
    cleaned = clean_code(code)
    found = (book.tariffs[RATES].at(one, on) for one in chain((cleaned,), codes_above(cleaned)))
    return next((line for line in found if line is not None), None)


def compute_resource_tax(case: ResourceTaxCase, book: LawBook) -> Computed:
    """Compute and explain the tax of one month and one resource.

    Raises :class:`rules.errors.Refusal`: ``not_in_force`` before the law, ``invalid_input`` without rate and code,
    ``no_rule_at_date`` where the tariff has no rate for the code on that day, ``out_of_range`` for a tax above 10^18 đồng.
    """
    work = Working(book, case.period)
    if work.find(FORMULA) is None:
        start = book.first(FORMULA).period.start
        work.refuse(
            Code.NOT_IN_FORCE,
            ("period",),
            f"Luật Thuế tài nguyên áp dụng cho các kỳ từ {start:%m/%Y}.",
            f"The Law on Resource Tax holds for periods from {start:%Y-%m}.",
        )
    work.settle()
    trace, cite = work.trace, work.provision(FORMULA)
    unit, per = ("1", "VND") if case.unit is None else (case.unit.value, f"VND/{case.unit.value}")
    label = Text("Sản lượng tài nguyên tính thuế trong kỳ", "Quantity mined in the period")
    Q = trace.define("Q", label, Traced.of("Q", case.quantity), unit, work.provision("resource_tax.output"))
    G = _price(work, case, per)
    t = _rate(work, case)
    due = monthly_due(work, case.period, ("period",)) if case.with_due_date else None
    work.settle()
    assert t is not None
    tax = trace.define(
        "T",
        Text("Thuế tài nguyên phải nộp trong kỳ (làm tròn một lần)", "Resource tax of the period (rounded once)"),
        resource_tax(Q, G, t).half_up(1),
        "VND",
        cite,
        book.conventions["line_rounding"],
    )
    if tax.whole() > LARGEST_TOTAL:
        work.refuse(
            Code.OUT_OF_RANGE,
            None,
            "Số thuế vượt 10^18 đồng: kiểm tra sản lượng và giá.",
            "The tax exceeds 10^18 đồng: check the quantity and the price.",
        )
    work.settle()
    if not case.quantity:
        trace.did_not_apply(
            "nil_month",
            Text(
                "Kỳ không phát sinh sản lượng: số thuế bằng 0, vẫn phải khai thuế tháng.",
                "Nothing was mined in the period: the tax is 0, the month is declared all the same.",
            ),
            cite,
        )
    result: dict[str, Any] = {"taxable_price_vnd": plain(G.num, G.den), "tax_vnd": tax.whole()}
    if due is not None:
        result["due_on"] = due.isoformat()
    return Computed(result, trace.steps, trace.cautions, trace.not_applied)


def _price(work: Working, case: ResourceTaxCase, per: str) -> Traced:
    """The taxable price: the higher of the two; the provincial one where nothing was sold."""
    trace, cite = work.trace, work.provision("resource_tax.price")
    label = Text("Giá tính thuế do Ủy ban nhân dân tỉnh quy định", "Price set by the province")
    floor = trace.define("G_t", label, Traced.of("G_t", case.provincial_price), per, cite)
    chosen = floor
    if case.selling_price is None:
        trace.did_not_apply(
            "no_selling_price",
            Text(
                "Không có giá bán trong kỳ: tính theo giá của tỉnh.",
                "There is no selling price in the period: the provincial price counts.",
            ),
            work.provision("resource_tax.no_selling_price"),
        )
    else:
        label = Text("Giá bán chưa có thuế giá trị gia tăng", "Selling price without VAT")
        sold = trace.define("G_b", label, Traced.of("G_b", case.selling_price), per, cite)
        chosen = sold if sold.value >= floor.value else floor
        if chosen is floor:
            trace.did_not_apply(
                "selling_price",
                Text(
                    "Giá bán thấp hơn giá của tỉnh: tính theo giá của tỉnh.",
                    "The selling price is below the provincial price: the provincial price counts.",
                ),
                cite,
            )
    label = Text("Giá tính thuế: không thấp hơn giá của tỉnh", "Taxable price: not below the provincial one")
    return trace.define("G", label, chosen, per, cite)


def _rate(work: Working, case: ResourceTaxCase) -> Traced | None:
    """The rate entered, else that of the tariff's line for the code."""
    trace = work.trace
    line = None if case.code is None else rate_line(work.book, case.code, case.period)
    if case.rate is not None:
        label = Text("Thuế suất (người dùng nhập)", "Rate (entered)")
        rate = trace.define("t", label, Traced.percent("t", case.rate), "%", work.provision(FORMULA))
        if line is not None and line.most != case.rate:
            trace.did_not_apply(
                "tariff_rate",
                Text(
                    f"Biểu thuế suất ghi {plain(*line.most.as_integer_ratio())} % cho {line.name.vi}: dùng mức đã nhập.",
                    f"The tariff says {plain(*line.most.as_integer_ratio())} % for {line.name.en}: the rate entered is used.",
                ),
                (line.cite,),
            )
        return rate
    if case.code is None:
        work.refuse(
            Code.INVALID_INPUT,
            ("resource_code",),
            "Thiếu mã tài nguyên để lấy thuế suất theo Biểu thuế suất.",
            "The code of the resource is missing, by which the tariff has its rate.",
        )
        return None
    if line is None:
        work.refuse(
            Code.NO_RULE_AT_DATE,
            ("resource_code",),
            f"Biểu thuế suất của kỳ {case.period:%m/%Y} không có dòng cho mã {case.code}: kiểm tra mã, hoặc nhập thuế suất.",
            f"The rates of {case.period:%Y-%m} have no line for the code {case.code}: check it, or enter the rate.",
        )
        return None
    work.lean_on(line.cite)
    label = Text(f"Thuế suất: {line.name.vi}", f"Rate: {line.name.en}")
    return trace.define("t", label, Traced.percent("t", line.most), "%", (line.cite,))
