"""The pages as people use them: by keyboard, on a phone, on paper, with and without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from time import sleep
from typing import Any
from urllib.parse import urlencode

import pytest

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.imports.sample import SAMPLE
from tests.browser.answers import OLD, STONE

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
TOTAL = "4.978.125.000 đồng"
WRONG = STONE | {"approved_on": "31/02/2026", "group": "", "m0_price_kind": "ore_bands", "m0_bands": "4"}
PLACES = [
    "/licences", "/licences/1", f"/calculator?{urlencode(STONE)}", f"/calculator?{urlencode(OLD)}", f"/calculator?{urlencode(WRONG)}",
    "/import", "/import/reconcile", "/import/mappings", "/import/batches/1", "/law", "/law/changes", "/law/gaps", "/nope",
]  # fmt: skip


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def count(page: Any) -> str:
    return str(page.locator(".count").inner_text())


def test_search_and_filter_by_keyboard(visit: Visit) -> None:
    page = visit("/licences")
    page.keyboard.press("Tab")
    assert focused(page) == "Đến nội dung chính"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "q"
    before = count(page)
    page.keyboard.type("da voi")
    page.wait_for_function("before => document.querySelector('.count').innerText !== before", arg=before)
    assert "q=da+voi" in page.url or "q=da%20voi" in page.url
    searched = count(page)
    page.wait_for_function("said => document.querySelector('#status').textContent === said", arg=searched)
    for _ in range(2):
        page.keyboard.press("Tab")
    assert focused(page) == "authority"
    page.keyboard.press("ArrowDown")
    page.wait_for_function("before => document.querySelector('.count').innerText !== before", arg=searched)
    assert "authority=" in page.url
    assert focused(page) == "authority"
    address = page.url
    page.locator("table.register th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("form.case")
    page.go_back()
    page.wait_for_selector("table.register")
    assert page.url == address
    assert page.locator("#q").input_value() == "da voi"


def test_paging_changes_the_list_and_the_address(visit: Visit) -> None:
    page = visit("/licences")
    first = page.locator("table.register th a").first.inner_text()
    page.locator("a[rel=next]").click()
    page.wait_for_url("**page=2*")
    page.wait_for_function("first => document.querySelector('table.register th a').innerText !== first", arg=first)
    page.go_back()
    page.wait_for_function("first => document.querySelector('table.register th a').innerText === first", arg=first)


def test_a_fee_from_the_register_to_the_downloads(visit: Visit) -> None:
    page = visit("/licences/2")
    for name, value in STONE.items():
        if name.startswith("m0_") or name in ("do", "minerals"):
            continue
        box = page.locator(f"#{name}")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    page.locator("#m0_quantity").fill(STONE["m0_quantity"])
    page.locator("#m0_price_amount").fill(STONE["m0_price_amount"])
    page.locator("#m0_price_unit").focus()
    page.locator("#m0_price_unit").select_option("m3_loose")
    page.wait_for_selector("#m0_bulking_factor")
    assert focused(page) == "m0_price_unit"
    assert page.locator("#m0_quantity").input_value() == STONE["m0_quantity"]
    page.locator("#m0_bulking_factor").fill("1,475")
    page.locator("#m0_bulking_factor").press("Enter")
    page.wait_for_selector("#result")
    assert page.locator(".sum-amount").inner_text() == TOTAL
    page.wait_for_function("() => document.activeElement.id === 'result-title'")
    assert TOTAL in page.locator("#status").inner_text()
    page.reload()
    assert page.locator(".sum-amount").inner_text() == TOTAL
    with page.expect_download() as started:
        page.get_by_text("Tải JSON").click()
    downloaded = json.loads(started.value.path().read_bytes())
    assert downloaded["result"] == compute(EXAMPLES["licence_right_fee"])["result"]
    with page.expect_download() as started:
        page.get_by_text("Tải Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    assert started.value.path().read_bytes()[:2] == b"PK"


def test_what_is_typed_while_the_form_changes_is_kept(visit: Visit) -> None:
    page = visit("/calculator")
    page.route("**/calculator?*", lambda route: (sleep(0.3), route.continue_()))
    page.locator("#approved_on").fill("02/03/2021")
    page.locator("#issued_on").fill("old text")
    page.keyboard.press("Control+a")
    page.wait_for_selector("#mining_method")
    assert page.locator("#issued_on").input_value() == "old text"
    page.keyboard.type("10/02/2021")
    assert page.locator("#issued_on").input_value() == "10/02/2021"
    assert page.locator("#approved_on").input_value() == "02/03/2021"


def test_errors_are_reached_at_once(visit: Visit) -> None:
    page = visit("/calculator")
    page.locator("#m0_quantity").fill("1.250")
    page.locator(".main-button").click()
    page.wait_for_selector("#errors")
    page.wait_for_function("() => document.activeElement.id === 'errors'")
    page.locator("#errors a[href='#m0_quantity']").click()
    assert focused(page) == "m0_quantity"
    assert "1250" in page.locator("#m0_quantity-error").inner_text()


def test_without_scripts_everything_still_works(visit: Visit) -> None:
    page = visit("/licences", java_script_enabled=False)
    page.locator("#q").fill("da voi")
    page.get_by_role("button", name="Lọc").click()
    assert "q=da+voi" in page.url
    page.goto("/calculator")
    for name in ("approved_on", "issued_on", "expires_on", "m0_quantity", "m0_price_amount"):
        page.locator(f"#{name}").fill(STONE[name])
    for name in ("group", "m0_mineral", "m0_quantity_unit", "m0_price_unit"):
        page.locator(f"#{name}").select_option(STONE[name])
    page.get_by_role("button", name="Cập nhật các ô cần nhập").click()
    page.locator("#m0_bulking_factor").fill("1,475")
    page.locator(".main-button").click()
    assert page.locator(".sum-amount").inner_text() == TOTAL


def test_the_language_switch_keeps_the_place_htmx_went_to(visit: Visit) -> None:
    page = visit("/licences")
    page.locator("#authority").select_option("ministry")
    page.wait_for_url("**authority=ministry*")
    page.locator("a[data-language]").click()
    page.wait_for_url("**lang=en*")
    assert "authority=ministry" in page.url
    assert page.locator("h1").inner_text() == "Register of mining licences"
    page.goto("/law")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_phone_never_scrolls_sideways(visit: Visit, place: str, lang: str) -> None:
    sign = "&" if "?" in place else "?"
    page = visit(f"{place}{sign}lang={lang}", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_import_report_fits_a_phone(visit: Visit) -> None:
    page = visit("/import", viewport={"width": 360, "height": 740})
    page.locator("#file").set_input_files(SAMPLE)
    page.locator("main .main-button").click()
    page.wait_for_url("**/import/preview/*")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_text("Tệp không làm thay đổi sổ").wait_for()
    page.goto(page.url.partition("/import/")[0] + "/import")
    page.locator("#file").set_input_files(SAMPLE)
    page.get_by_role("button", name="Nhập ngay").click()
    page.wait_for_url("**/import/reports/*")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as started:
        page.get_by_text("Tải báo cáo").click()
    assert started.value.path().read_bytes()[:2] == b"PK"


def test_paper_shows_the_whole_result_and_no_form(visit: Visit) -> None:
    page = visit(f"/calculator?{urlencode(STONE)}")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("form.case").is_visible()
    assert not page.locator("header.top").is_visible()
    assert page.locator("svg .bar").first.is_visible()
    assert page.get_by_text("Lần 10, năm 2035").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(round(float(edge)) for edge in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)}
    assert boxes
    for left, bottom, right, top in boxes:
        assert (right - left, top - bottom) == pytest.approx((595, 842), abs=2)


def test_text_stands_out_from_its_ground(visit: Visit) -> None:
    """WCAG AA: 4.5 to 1 for every text on the busiest pages (3 to 1 for large ones)."""
    for place in (
        "/licences",
        "/licences/1",
        f"/calculator?{urlencode(STONE)}",
        f"/calculator?{urlencode(WRONG)}",
        "/law",
    ):
        page = visit(place)
        weak = page.evaluate(_CONTRAST)
        assert weak == []


_CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = [r, g, b].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest("svg, noscript, script, option")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) weak.push(`${node.tagName} ${node.className} ${ratio.toFixed(2)} ${node.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(weak)];
}"""
