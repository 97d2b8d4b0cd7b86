"""Settlement, ledger and collection as an officer uses them: pasting, typing, a phone, paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
LICENCE = "/licences/2"
PLACES = ["/settlement", f"{LICENCE}/settlement", f"{LICENCE}/ledger", "/collection", "/import/office"]
BLOCK = (
    "2021\t1.250.000\tm3 nguyên khối\t90.000\tm3 nguyên khối\n2022\t1.300.000\tm3 nguyên khối\t95.000\tm3 nguyên khối"
)

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def pasted(visit: Visit) -> Any:
    page = visit(f"{LICENCE}/settlement")
    page.locator("#m0_mineral").select_option("construction_stone")
    page.locator("#m0_quantity_unit").select_option("m3_in_situ")
    page.wait_for_load_state("networkidle")
    for name in ("m0_output_unit", "m0_price_unit"):
        page.locator(f"#{name}").select_option("m3_in_situ")
        page.wait_for_load_state("networkidle")
    page.locator("#m0_y0_year").focus()
    page.evaluate(PASTE, BLOCK)
    page.wait_for_selector("#m0_y1_year")
    return page


def test_a_block_pasted_into_a_year_becomes_the_grid_and_is_computed(visit: Visit) -> None:
    page = pasted(visit)
    assert page.locator("#m0_y0_output").input_value() == "1.250.000"
    assert page.locator("#m0_y1_price").input_value() == "95.000"
    page.wait_for_selector("#live tbody tr:nth-child(2)")
    before = page.locator("#live [data-announce]").inner_text()
    page.locator("#m0_y1_output").fill("2.600.000")
    page.wait_for_function("said => document.querySelector('#live [data-announce]')?.innerText !== said", arg=before)
    assert page.evaluate("document.activeElement.id") == "m0_y1_output"


def test_a_column_pasted_elsewhere_fills_the_cells_below(visit: Visit) -> None:
    page = pasted(visit)
    page.locator("#m0_y0_price").focus()
    page.evaluate(PASTE, "81.000\n82.000")
    assert page.locator("#m0_y0_price").input_value() == "81.000"
    assert page.locator("#m0_y1_price").input_value() == "82.000"


def test_the_grid_works_without_scripts(visit: Visit) -> None:
    page = visit(f"{LICENCE}/settlement", java_script_enabled=False)
    page.get_by_text("Dán từ Excel").click()
    page.locator("#m0_paste").fill("2021\t1.250\ttấn\t90.000")
    page.get_by_role("button", name="Đưa vào bảng").click()
    assert page.locator("#m0_y0_year").input_value() == "2021"
    assert "1250" in page.locator("#m0_y0_output-error").inner_text()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_phone_never_scrolls_sideways(visit: Visit, place: str, lang: str) -> None:
    page = visit(f"{place}?lang={lang}", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for summary in page.locator("main summary").all()[:8]:
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_worklist_filters_by_keyboard_and_keeps_the_address(visit: Visit) -> None:
    page = visit("/settlement")
    before = page.locator(".count").inner_text()
    page.locator("#filter-authority").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("said => document.querySelector('.count').innerText !== said", arg=before)
    assert "authority=ministry" in page.url
    assert page.evaluate("document.activeElement.id") == "filter-authority"


def test_a_payment_prints_with_its_chart_and_without_forms(visit: Visit) -> None:
    page = visit(f"{LICENCE}/ledger")
    page.locator("#document").fill("GNT 1")
    page.locator("#principal").fill("12.500.000")
    if not page.locator("#payer").input_value():
        page.locator("#payer").fill("Người nộp")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.wait_for_selector("svg rect.series-1")
    page.emulate_media(media="print")
    assert page.locator("svg rect.series-1").first.is_visible()
    assert not page.locator("#payment").is_visible()
    assert page.pdf(prefer_css_page_size=True)[:4] == b"%PDF"
