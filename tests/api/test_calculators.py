"""The public calculators: every kind has a form, its answers mean the contract's case, nothing typed breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.kinds import KINDS
from api.pages.casedocument import answered, answers_of
from api.pages.caseform import case_form, changed, fields_of, lists_of
from api.settings import Settings
from api.store.engine import open_store
from api.store.migrate import migrate

OWN_FORM = ("licence_right_fee", "licence_right_fee_2019")
GENERIC = [kind for kind in KINDS if kind not in OWN_FORM]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application over an empty store: a calculator needs nothing of it."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('calculators') / 'khoangsan.db'}")
    migrate(store)
    yield TestClient(create_app(store, Settings(), clock=lambda: date(2026, 3, 20)), raise_server_exceptions=False)
    store.close()


def without_empty(value: Any) -> Any:
    """A document without what a form leaves out."""
    if isinstance(value, dict):
        return {key: without_empty(one) for key, one in value.items() if one not in (None, {}, []) and key != "id"}
    return [without_empty(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_and_choice_has_words(kind: str) -> None:
    form = case_form(kind, answers_of(EXAMPLES[kind]))  # raises KeyError where words are missing
    for one in fields_of(form):
        assert one.words.label.vi
        assert one.words.label.en


@pytest.mark.parametrize("kind", KINDS)
def test_answers_of_a_case_mean_that_case(kind: str) -> None:
    case = answered(case_form(kind, answers_of(EXAMPLES[kind])), kind)
    assert not case.unread
    assert without_empty(case.document) == without_empty(EXAMPLES[kind])


@pytest.mark.parametrize("kind", GENERIC)
def test_example_link_and_downloads_agree(client: TestClient, kind: str) -> None:
    example = client.get(f"/calculator/{kind}", params={"do": "example", "lang": "en"})
    assert example.status_code == 200
    answers = {**answers_of(EXAMPLES[kind]), "do": "compute", "lang": "en"}
    shared = client.get(f"/calculator/{kind}", params=answers)
    amount = [BeautifulSoup(page.text, "html.parser").select_one("#result") for page in (example, shared)]
    assert amount[0] is not None
    assert amount[1] is not None
    assert amount[0].select(".steps")[0].get_text() == amount[1].select(".steps")[0].get_text()
    downloaded = client.get(f"/calculator/{kind}/result.json", params=answers).json()
    assert downloaded["result"] == compute({**EXAMPLES[kind], "id": "calculator"})["result"]
    assert client.get(f"/calculator/{kind}/result.xlsx", params=answers).content[:2] == b"PK"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", GENERIC)
def test_empty_form_says_what_is_missing_beside_each_field(client: TestClient, kind: str, lang: str) -> None:
    page = client.get(f"/calculator/{kind}", params={"do": "compute", "lang": lang})
    assert page.status_code == 422
    soup = BeautifulSoup(page.text, "html.parser")
    needed = [one.name for one in fields_of(case_form(kind, {})) if one.required and not one.null]
    shown = {one["id"].removesuffix("-error") for one in soup.select("p.error")}
    assert shown
    assert shown & set(needed)
    for one in soup.select("#errors a"):
        assert soup.find(id=one["href"].removeprefix("#")) is not None


def test_page_lists_every_sum(client: TestClient) -> None:
    links = {one["href"] for one in BeautifulSoup(client.get("/calculator").text, "html.parser").select(".sums a")}
    assert links == {"/calculator", *(f"/calculator/{kind}" for kind in GENERIC)}


def test_unknown_sum_is_not_found_and_fee_goes_to_its_own_form(client: TestClient) -> None:
    assert client.get("/calculator/nothing").status_code == 404
    assert client.get("/calculator/nothing/result.json").status_code == 404
    assert client.get("/calculator/licence_right_fee", follow_redirects=False).headers["location"] == "/calculator"


def test_rows_come_and_go_without_losing_the_others() -> None:
    answers = answers_of(EXAMPLES["settlement"])
    more = changed("settlement", answers, "add:minerals.0.years")
    years = next(one for one in lists_of(case_form("settlement", more)) if one.name == "minerals.0.years")
    assert len(years.rows) == 3
    fewer = changed("settlement", more, "drop:minerals.0.years.0")
    case = answered(case_form("settlement", fewer), "settlement")
    assert without_empty(case.document["minerals"][0]["years"]) == without_empty(
        EXAMPLES["settlement"]["minerals"][0]["years"][1:]
    )


@pytest.mark.parametrize(
    "action", ["add:nothing", "drop:minerals.9", "drop:minerals.x", "add:", "fly", "drop:..", "add:id"]
)
def test_foreign_actions_change_nothing(action: str) -> None:
    answers = answers_of(EXAMPLES["reapproval"])
    before = answered(case_form("reapproval", answers), "reapproval").document
    after = answered(case_form("reapproval", changed("reapproval", answers, action)), "reapproval").document
    assert before == after


WEIRD = st.one_of(
    st.text(max_size=20), st.sampled_from(["-1", "1e5", "NaN", "1.234.567", "32/13/2026", "9" * 400, "٣"])
)


@settings(max_examples=60)
@given(kind=st.sampled_from(GENERIC), data=st.data())
def test_nothing_typed_breaks_a_page(client: TestClient, kind: str, data: st.DataObject) -> None:
    answers = answers_of(EXAMPLES[kind])
    for name in data.draw(st.lists(st.sampled_from(sorted(answers)), max_size=4)):
        answers[name] = data.draw(WEIRD)
    query = urlencode({**answers, "do": "compute"}, errors="replace")
    assert client.get(f"/calculator/{kind}?{query}").status_code in (200, 422)
    assert client.get(f"/calculator/{kind}/result.json?{query}").status_code in (200, 422)
