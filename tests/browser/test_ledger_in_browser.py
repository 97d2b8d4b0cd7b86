"""A fact of the ledger and a rate of the province, entered as an officer does: keyboard, preview, phone, no scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
PLACE = "/licences/3/ledger"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def stop_previewed(page: Any) -> None:
    page.locator("#tell-stop > summary").click()
    page.locator("#stop_document").fill("CV 8/UBND")
    page.locator("#stop_reason").select_option("forced_stop")
    page.locator("#stop_first").fill("10/03/2022")
    page.locator("#stop_last").fill("20/08/2025")
    if not page.locator("#stop_payer").input_value():
        page.locator("#stop_payer").fill("Người nộp")
    page.locator("#tell-stop button").click()
    page.wait_for_selector("#preview")


@pytest.mark.parametrize(("licence", "scripts"), [(4, True), (5, False)])
def test_a_forced_stop_is_previewed_written_and_frees_years(visit: Visit, licence: int, scripts: bool) -> None:
    page = visit(f"/licences/{licence}/ledger", java_script_enabled=scripts)
    stop_previewed(page)
    page.get_by_role("button", name="Ghi vào sổ như trên").click()
    page.wait_for_selector("#freed-title")
    assert "2023, 2024" in page.locator("section[aria-labelledby=freed-title]").inner_text()


def test_a_preview_fits_a_phone(visit: Visit) -> None:
    page = visit(PLACE, **PHONE)
    page.locator("#tell-notice > summary").click()
    for name, value in (
        ("document", "TB 15"),
        ("instalment", "2026"),
        ("amount_vnd", "123.456.789.000"),
        ("due_on", "01/06/2026"),
    ):
        page.locator(f"#notice_{name}").fill(value)
    if not page.locator("#notice_payer").input_value():
        page.locator("#notice_payer").fill("Người nộp")
    page.locator("#tell-notice button").click()
    page.wait_for_selector("#preview")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "123.456.789.000" in page.locator("#preview").inner_text()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_rates_fit_a_phone_and_errors_lead_to_their_fields(visit: Visit, lang: str) -> None:
    page = visit(f"/settlement/rates?lang={lang}", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#rate_percent").fill("0")
    page.locator("#key").select_option("iron")
    page.locator("#new .main-button").click()
    page.wait_for_selector(".errors a[href='#rate_percent']")
    assert page.locator("#rate_percent").get_attribute("aria-invalid") == "true"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_rate_a_worklist_asks_for_is_one_link_away(visit: Visit) -> None:
    page = visit("/settlement?lack=rate")
    page.locator("table.worklist a[href^='/settlement/rates']").first.click()
    assert page.locator("#key").input_value()
    assert page.locator("#valid_from").input_value().startswith("01/01/")
