"""Do the pages of imports preview a register, open every report again, undo, and show what does not agree?"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.app import create_app
from api.imports.outputs import import_outputs
from api.settings import Settings
from api.store.engine import Store
from tests.api.office import REGISTER, as_csv, bring, register

TODAY = date(2026, 3, 20)
EVIL = "<script>alert(1)</script>"
OUTPUT = as_csv(
    ("Số GP", "Năm", "Sản lượng (tấn)", "Sản lượng tính thuế (tấn)"), ("10/GP-UBND", 2024, 1100, 700), ("13/GP-UBND", 2024, 9, "")
)  # fmt: skip


@pytest.fixture
def client(sqlite_store: Store) -> TestClient:
    return another(sqlite_store)


def another(store: Store) -> TestClient:
    """An application of its own over the same store, as another worker or after a restart."""
    return TestClient(create_app(store, Settings(), clock=lambda: TODAY), raise_server_exceptions=False)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def said(answer: Any) -> str:
    main = soup(answer).find("main")
    assert isinstance(main, Tag)
    return " ".join(main.get_text(" ").split())


def test_a_register_is_previewed_by_one_worker_and_written_by_another(sqlite_store: Store, client: TestClient) -> None:
    files = {"file": (f"{EVIL}.csv", as_csv(*REGISTER))}
    shown = client.post("/import", files=files, data={"do": "preview"})
    assert shown.status_code == 200
    assert shown.url.path.startswith("/import/preview/")
    assert "Chưa ghi gì" in said(shown)
    assert "<script>alert" not in shown.text
    assert "Sổ chưa có giấy phép nào" in client.get("/licences").text
    name = shown.url.path.rpartition("/")[2]
    assert client.get(f"/import/reports/{name}/report.xlsx").content[:2] == b"PK"
    other = another(sqlite_store)
    written = other.post(f"/import/preview/{name}")
    assert written.url.path.startswith("/import/reports/")
    assert "6 giấy phép mới" in said(written)
    assert other.post(f"/import/preview/{name}").status_code == 404
    assert client.get(f"/import/preview/{name}").status_code == 404
    # the report is there for every worker, from the history
    batch = another(sqlite_store).get("/import/batches/1")
    link = soup(batch).find("a", string="Xem báo cáo đầy đủ")
    assert isinstance(link, Tag)
    assert link["href"] == written.url.path
    assert said(another(sqlite_store).get(str(link["href"]))) == said(written)


def test_a_register_is_undone_once_and_not_while_something_hangs_on_it(sqlite_store: Store, client: TestClient) -> None:
    client.post("/import", files={"file": ("so.csv", as_csv(*REGISTER))})
    bring(import_outputs, sqlite_store, OUTPUT)
    refused = client.post("/import/undo/1")
    assert refused.status_code == 409
    assert "sản lượng kê khai" in said(refused)
    assert client.post("/import/office/undo/1", follow_redirects=False).status_code == 303
    assert client.post("/import/undo/1", follow_redirects=False).headers["location"] == "/import#history"
    assert "Sổ chưa có giấy phép nào" in client.get("/licences").text
    assert "đã hoàn tác" in said(client.get("/import"))
    assert client.post("/import/undo/1").status_code == 409
    assert client.post("/import/undo/x").status_code == 404
    assert client.post("/import/undo/1", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_office_reports_are_opened_again_from_the_history(sqlite_store: Store, client: TestClient) -> None:
    register(sqlite_store)
    shown = client.post("/import/office", data={"kind": "output"}, files={"file": ("sl.csv", OUTPUT)})
    written = another(sqlite_store).post(shown.url.path)
    history = another(sqlite_store).get("/import/office")
    links = [str(link["href"]) for link in soup(history).select("tbody th a")]
    assert links == [written.url.path]
    assert said(another(sqlite_store).get(links[0])) == said(written)
    assert another(sqlite_store).get(f"{links[0]}/report.xlsx").content[:2] == b"PK"
    assert client.get(links[0].replace("/office", "")).status_code == 404, "a report opens under its own address only"


def test_what_does_not_agree_is_listed_filtered_and_taken_along(sqlite_store: Store, client: TestClient) -> None:
    register(sqlite_store)
    assert "Không có điểm nào không khớp" in said(client.get("/import/reconcile"))
    bring(import_outputs, sqlite_store, OUTPUT)
    answer = client.get("/import/reconcile")
    text = said(answer)
    assert answer.status_code == 200
    rows = soup(answer).select("table.reconcile tbody tr")
    assert len(rows) == 2
    for part in (
        "1.100",
        "700",
        "36,4 %",
        "mức 10 %",
        "36/2025/TT-BNNMT, Điều 10 khoản 3",
        "Kỳ này trước 02/07/2025",
        "đã đọc văn bản",
    ):
        assert part in text, part
    assert len(soup(client.get("/import/reconcile?group=capacity")).select("table.reconcile tbody tr")) == 1
    assert len(soup(client.get("/import/reconcile?group=differs&year=2024&q=da+a")).select("tbody tr")) == 1
    for asked in ("q=khongco", "year=2019", f"group={EVIL}&q={EVIL}&year={EVIL}"):
        other = client.get(f"/import/reconcile?{asked}")
        assert other.status_code == 200
        assert "<script>alert" not in other.text
    english = said(client.get("/import/reconcile?lang=en"))
    assert "Ask for an explanation" in english
    book = load_workbook(BytesIO(client.get("/import/reconcile/doi-chieu-san-luong.xlsx").content))
    assert book.sheetnames == ["Tóm tắt", "Phải giải trình", "Vượt công suất", "Tiêu thụ, dấu hiệu"]
    head, row = book["Phải giải trình"].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["Số liệu gốc / Base"] == 1100
    assert told["Giá trị / Amount"] == 700
    assert told["Chênh lệch / Difference"] == -400
    assert told["Lệch / Difference (%)"] == 36.4
    assert told["Mức / Limit (%)"] == 10
    assert str(told["Độ tin cậy / Confidence"]).startswith("VERIFIED")
