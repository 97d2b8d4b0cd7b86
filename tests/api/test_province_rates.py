"""The province's own rates: entered once on the page or by command, used with a caution ever after, taken away on purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from sqlmodel import col, select
from typer.testing import CliRunner

from api.commands.province import app
from api.commands.settle_province import settle as settle_command
from api.province.edits import list_rates, rate_lines
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from api.store.province import ProvinceRate, SettlementResult
from rules.lawbook import law_book
from tests.api.province_data import bring_in
from tests.api.test_settlement_pages import EVIL, answers_of, application, soup, told_beside, words_of

PLACE = "/settlement/rates"


def typed(**more: str) -> dict[str, str]:
    return {
        "key": "construction_stone", "rate_percent": "3,5", "valid_from": "01/01/2014", "valid_until": "14/09/2019",
        "instrument": "203/2013/NĐ-CP", "article": "Phụ lục I", "entered_by": "Cán bộ A",
    } | more  # fmt: skip


def without_rates(store: Store) -> Store:
    """A province that has everything but the rates of the years before the law book."""
    bring_in(store, 3)
    with store.write() as session:
        for one in list_rates(session):
            session.delete(one)
    return store


@pytest.fixture
def lacking(sqlite_store: Store) -> Store:
    return without_rates(sqlite_store)


@pytest.fixture
def pages(lacking: Store) -> TestClient:
    return application(lacking)


def rates_of(store: Store) -> list[ProvinceRate]:
    with store.session() as session:
        return list(list_rates(session))


def cautions(result: SettlementResult) -> set[str]:
    return {one["code"] for one in result.result["cautions"]}


def test_a_rate_of_2016_entered_once_settles_with_its_caution_everywhere(pages: TestClient, lacking: Store) -> None:
    settled = "/licences/1/settlement"
    worklist = pages.get("/settlement?lack=rate")
    ask = soup(worklist).select_one("#licence-1 a.second")
    assert ask is not None
    form = soup(pages.get(str(ask["href"]).partition("#")[0]))
    chosen = form.select_one("#key option[selected]")
    assert chosen is not None
    assert chosen["value"] == "construction_stone"
    assert [box["value"] for box in form.select("#valid_from, #valid_until")] == ["01/01/2014", "31/12/2019"]
    before = pages.get(settled, params=_answers(pages, settled))
    assert before.status_code == 422
    assert PLACE in str(soup(before).select_one("#live"))

    assert pages.post(PLACE, data=typed(), follow_redirects=False).status_code == 303
    after = pages.get(settled, params=_answers(pages, settled))
    assert after.status_code == 200
    assert "người dùng nhập" in words_of(after)
    assert "203/2013/NĐ-CP" in words_of(pages.get(settled))
    assert pages.post("/settlement/run", follow_redirects=False).status_code == 303
    with lacking.session() as session:
        results = session.exec(select(SettlementResult)).all()
    result = next(one for one in results if one.licence_id == 1)
    assert not [one for one in results if one is not result and "settlement" in one.cases]
    assert "user_rate" in cautions(result)
    lines = {line["year"]: line for line in result.result["lines"] if line["part"] == "settlement"}
    assert lines[2016]["rate_percent"] == "3.5"
    assert "203/2013/NĐ-CP, Phụ lục I" in lines[2016]["articles"]
    assert lines[2020]["rate_percent"] != "3.5"


def _answers(pages: TestClient, place: str) -> dict[str, str]:
    return answers_of(pages.get(place)) | {"do": "compute"}


def test_a_whole_line_serves_all_its_minerals_and_a_minerals_own_rate_goes_first(
    pages: TestClient, lacking: Store
) -> None:
    line, minerals = next((line, found) for line, found in rate_lines(law_book()).items() if "iron" in found)
    assert len(minerals) > 1
    assert pages.post(PLACE, data=typed(key=line, rate_percent="4"), follow_redirects=False).status_code == 303
    assert pages.post(PLACE, data=typed(key="iron", rate_percent="6", valid_until="31/12/2014")).status_code == 200
    pages.post("/settlement/run")
    with lacking.session() as session:
        result = session.exec(select(SettlementResult).where(col(SettlementResult.licence_id) == 2)).one()
    rates = {row["year"]: row["rate_percent"] for row in result.result["lines"] if row["part"] == "settlement"}
    assert (rates[2014], rates[2015], rates[2019]) == ("6", "4", "4")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"key": "", "rate_percent": "", "valid_from": "", "valid_until": "", "instrument": "", "article": "",
          "entered_by": ""},
         ["key", "rate_percent", "valid_from", "valid_until", "instrument", "article", "entered_by"]),
        ({"key": EVIL, "rate_percent": "0"}, ["key", "rate_percent"]),
        ({"rate_percent": "101", "valid_from": "31/02/2016"}, ["rate_percent", "valid_from"]),
        ({"valid_from": "15/09/2019", "valid_until": "31/12/2019"}, ["valid_from"]),
        ({"valid_from": "01/01/2018", "valid_until": "01/01/2017"}, ["valid_until"]),
        ({"instrument": "x" * 301}, ["instrument"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everything_wrong_is_told_beside_its_field(
    pages: TestClient, lacking: Store, change: dict[str, str], wrong: list[str], lang: str
) -> None:
    answer = pages.post(f"{PLACE}?lang={lang}", data=typed(**change))
    assert answer.status_code == 422
    assert [told_beside(answer, name) for name in wrong]
    assert len(soup(answer).select(".field.wrong")) == len(wrong)
    assert "<script>alert" not in answer.text
    assert rates_of(lacking) == []


def test_an_overlap_is_refused_until_the_other_is_removed_on_purpose(pages: TestClient, lacking: Store) -> None:
    assert pages.post(PLACE, data=typed(instrument=EVIL), follow_redirects=False).status_code == 303
    assert told_beside(pages.post(PLACE, data=typed(valid_from="01/01/2016")), "valid_from")
    assert "<script>alert" not in pages.get(PLACE).text
    (one,) = rates_of(lacking)
    asking = pages.get(f"{PLACE}/{one.id}/remove")
    assert "Xóa tỷ lệ thu này?" in words_of(asking)
    assert "<script>alert" not in asking.text
    assert len(rates_of(lacking)) == 1
    for _ in range(2):
        assert pages.post(f"{PLACE}/{one.id}/remove", follow_redirects=False).status_code == 303
    assert rates_of(lacking) == []
    assert pages.get(f"{PLACE}/{one.id}/remove").status_code == 404
    assert pages.get(f"{PLACE}/{EVIL}/remove").status_code == 404
    for place in (PLACE, f"{PLACE}/1/remove"):
        assert pages.post(place, data=typed(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def run(folder: Path, *arguments: object) -> Result:
    told = [*map(str, arguments), "--database", f"sqlite:///{folder / 'k.db'}"]
    return CliRunner().invoke(app, told, env={"COLUMNS": "220"})


ADD = ("rates", "add", "construction_stone", "3.5", "--from", "01/01/2014", "--until", "2019-09-14", "--instrument",
       "203/2013/NĐ-CP", "--article", "Phụ lục [I]", "--by", "Cán bộ A")  # fmt: skip


def test_the_commands_add_list_settle_and_remove(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'k.db'}")
    migrate(store)
    without_rates(store)
    assert run(tmp_path, *ADD).exit_code == 0
    again = run(tmp_path, *ADD)
    assert again.exit_code == 1
    assert "--from" in again.output
    listed = run(tmp_path, "rates", "list")
    assert "Phụ lục [I], 203/2013/NĐ-CP" in listed.output
    assert "14/09/2019" in listed.output
    settle_command(database=f"sqlite:///{tmp_path / 'k.db'}", out=tmp_path / "so.xlsx", on=None, resume=False)
    with store.session() as session:
        result: Any = session.exec(select(SettlementResult).where(col(SettlementResult.licence_id) == 1)).one()
    assert "user_rate" in cautions(result)
    asked = CliRunner().invoke(
        app, ["rates", "remove", "1", "--database", f"sqlite:///{tmp_path / 'k.db'}"], input="n\n"
    )
    assert asked.exit_code == 1
    (one,) = rates_of(store)
    assert run(tmp_path, "rates", "remove", one.id, "--yes").exit_code == 0
    assert run(tmp_path, "rates", "remove", one.id, "--yes").exit_code == 2
    assert rates_of(store) == []
    store.close()


def test_a_wrong_command_says_everything_in_both_languages(tmp_path: Path) -> None:
    wrong = run(tmp_path, "rates", "add", "vàng", "x", "--from", "01/01/2016", "--until", "01/01/2015", "--instrument", "",
                "--article", " ", "--by", "")  # fmt: skip
    assert wrong.exit_code == 1
    for option in ("KEY", "PERCENT", "--until", "--instrument", "--article", "--by"):
        assert wrong.output.count(f"{option}: ") == 2
    assert "Traceback" not in wrong.output
    assert run(Path("/proc/none"), "rates", "list").exit_code == 2
