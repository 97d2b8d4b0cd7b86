"""The HTTP doors for machines: the same documents as the command line, streamed both ways, never a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.contract import compute
from api.contract.examples import EXAMPLES
from api.contract.kinds import KINDS
from api.store.engine import open_store
from api.store.migrate import migrate
from rules.lawbook import law_book

FEE = EXAMPLES["licence_right_fee"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('api') / 'test.db'}")
    migrate(store)
    with TestClient(create_app(store, clock=lambda: date(2026, 11, 22)), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
def test_one_case_gives_what_the_library_gives(client: TestClient, kind: str) -> None:
    answer = client.post("/v1/compute", json=EXAMPLES[kind])
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(compute(EXAMPLES[kind])))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff", b'{"id":NaN}', b"[" * 50_000, json.dumps(FEE | {"approved_on": "2024-01-01"}).encode()],
    ids=range(7),
)
def test_a_bad_case_is_422_with_the_error_object(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/compute", content=body)
    assert answer.status_code == 422
    error = answer.json()
    assert error["ok"] is False
    assert error["error"] == error["errors"][0]
    assert set(error["error"]) == {"code", "field", "message_vi", "message_en"}


def test_a_body_above_the_limit_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/compute", content=b'{"x":"' + b"y" * (9 * 1024 * 1024) + b'"}')
    assert answer.status_code == 422
    assert "8 MB" in answer.json()["error"]["message_en"]


def test_a_batch_computes_around_a_broken_line(client: TestClient) -> None:
    text = json.dumps(FEE)
    body = f"\ufeff{text}\n\n{text[:40]}\n".encode() + b"\xff\xfe\n" + text.encode()
    answer = client.post("/v1/compute/batch", content=body)
    assert answer.status_code == 200
    assert [json.loads(line)["ok"] for line in answer.text.splitlines()] == [True, False, False, True]


def test_a_batch_survives_one_endless_line(client: TestClient) -> None:
    def body() -> Iterator[bytes]:
        yield json.dumps(FEE).encode() + b"\n"
        for _ in range(20):
            yield b"x" * 1024 * 1024
        yield b"\n" + json.dumps(FEE).encode()

    answer = client.post("/v1/compute/batch", content=body())
    assert [json.loads(line)["ok"] for line in answer.text.splitlines()] == [True, False, True]


def test_an_empty_batch_has_no_results(client: TestClient) -> None:
    answer = client.post("/v1/compute/batch", content=b"\n\n")
    assert (answer.status_code, answer.text) == (200, "")


def test_law(client: TestClient) -> None:
    book = client.get("/v1/law").json()
    assert book["digest"] == law_book().digest
    (row,) = client.get("/v1/law/parameters/licence_right.first_due", params={"on": "2026-01-15"}).json()
    assert row["value"].startswith("30")
    assert row["cite"]["instrument"] == "193/2025/NĐ-CP"
    changed = client.get("/v1/law/diff", params={"from": "2026-01-15", "to": "2026-01-16"}).json()
    assert {"licence_right.first_due", "rate.tailings"} <= {one["parameter"] for one in changed}
    assert client.get("/v1/law/diff", params={"from": "2026-02-01", "to": "2026-03-01"}).json() == []
    assert any("41/2024" in gap["reason_vi"] for gap in client.get("/v1/law/gaps").json())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/law/parameters?on=yesterday", 422),
        ("/v1/law/diff?from=2026-01-01", 422),
        ("/v1/law/parameters/nothing", 404),
        ("/v1/nothing", 404),
        ("/v1/schema/nothing", 404),
    ],
)
def test_wrong_requests_get_the_error_object(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    error: dict[str, Any] = answer.json()["error"]
    assert error["message_vi"]
    assert error["message_en"]


def test_health_and_schema(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "law_digest": law_book().digest, "database": "sqlite"}
    assert client.get("/v1/kinds").json() == list(KINDS)
    assert client.get("/v1/schema/licence_right_fee").json()["title"] == "LicenceRightFee"


def test_openapi_has_the_contract_with_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    body = document["paths"]["/v1/compute"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["examples"]) == set(KINDS)
    names = set(document["components"]["schemas"])
    assert {"LicenceRightFee", "LicenceRightFee2019", "Result", "ErrorResult", "Step"} <= names
    assert not [ref for ref in _refs(document) if ref.rpartition("/")[2] not in names]


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)
