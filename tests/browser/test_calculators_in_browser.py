"""The public calculators as a visitor uses them: choose, fill in, see the sum, share the link, print, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


def test_a_visitor_finds_fills_in_and_shares_a_sum(visit: Visit) -> None:
    page = visit("/calculator")
    page.get_by_role("link", name="Tiền chậm nộp").click()
    page.get_by_label("Số tiền (đồng)").fill("100.000.000")
    page.get_by_label("Hạn nộp").fill("20/07/2026")
    page.get_by_label("Ngày tiền vào ngân sách").fill("10/08/2026")
    page.get_by_role("button", name="Tính tiền").click()
    page.wait_for_selector("#result")
    assert page.locator(".sum-amount").inner_text() == "600.000 đồng"
    again = visit(page.url)  # another reader, who was only given the address
    assert again.locator(".sum-amount").inner_text() == "600.000 đồng"


def test_what_is_wrong_stands_beside_its_field_and_is_reached_by_keyboard(visit: Visit) -> None:
    page = visit("/calculator/resource_tax")
    page.keyboard.press("Tab")
    page.get_by_label("Kỳ tính (tháng/năm)").fill("13/2026")
    page.keyboard.press("Enter")
    page.wait_for_selector("#errors")
    page.wait_for_function("document.activeElement.id === 'errors'")
    assert "tháng/năm" in page.locator("[id='period-error']").inner_text()


def test_a_choice_brings_the_fields_it_needs_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit("/calculator/auction_terms")
    page.locator("[id='step_percent_of_start']").fill("5")
    page.locator("[id='minerals.0.price.kind']").select_option("raw")
    page.wait_for_selector("[id='minerals.0.price.amount']")
    assert page.locator("[id='step_percent_of_start']").input_value() == "5"
    page.get_by_role("button", name="Thêm: khoáng sản").click()
    page.wait_for_selector("[id='minerals.1.mineral']")
    page.get_by_role("button", name="Bỏ dòng này").first.click()
    page.wait_for_selector("[id='minerals.1.mineral']", state="detached")


@pytest.mark.parametrize("kind", ["auction_terms", "escrow", "environmental_fee", "settlement"])
def test_fits_a_phone_and_works_without_scripts(visit: Visit, kind: str) -> None:
    page = visit(f"/calculator/{kind}?do=example", viewport={"width": 360, "height": 800}, java_script_enabled=False)
    assert page.locator("#result").is_visible()
    assert page.locator("main").bounding_box()["width"] <= 360
