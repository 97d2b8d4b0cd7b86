"""The compute contract at its edge: what is refused, with which code, at which field, in which order."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.contract import compute, compute_line
from api.contract.examples import EXAMPLES
from api.contract.kinds import KINDS
from api.contract.schemas import schema_of
from api.contract.stream import result_line

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "refusals.toml").read_text("utf-8"))["refusal"]


def changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The example with some fields set (dotted paths; the text "-" removes the field)."""
    document = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inner: Any = document
        for part in parents:
            inner = inner.setdefault(part, {}) if isinstance(inner, dict) else inner[part]
        if value == "-":
            del inner[last]
        else:
            inner[last] = value
    return document


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_refusal(case: dict[str, Any]) -> None:
    result = compute(changed(EXAMPLES[case["kind"]], case["set"]))
    assert not result["ok"]
    found = [[one["code"], one["field"] or ""] for one in result["errors"]]
    assert found == case["errors"]
    assert result["error"] == result["errors"][0]
    for one in result["errors"]:
        assert one["message_vi"]
        assert one["message_en"]
        assert one["message_vi"] != one["message_en"]


@pytest.mark.parametrize(
    "text",
    [
        "", "  \n", "[1]", "null", "3", '"x"', "{", '{"kind": }', "{'kind': 1}", "[" * 100_000, b"\xff\xfe{\x00}\x00",
        '{"id": NaN}', '{"kind":"licence_right_fee","minerals":[{"quantity":1e400}]}', "9" * 5000, '{"a": ' + "9" * 5000 + "}",
    ],
    ids=range(15),
)  # fmt: skip
def test_unreadable_texts_are_error_results(text: str | bytes) -> None:
    result = compute_line(text)
    assert result["ok"] is False
    assert result["error"]["code"] == "invalid_input"
    assert result["error"]["message_vi"]


@pytest.mark.parametrize("place", ['"id":"{}"', '"{}":1', '"items":[{{"part":"pit","item":"{}"}}]'])
def test_half_a_character_is_refused_and_a_whole_one_is_not(place: str) -> None:
    line = '{{"kind":"restoration_cost",{}}}'
    broken = compute_line(line.format(place.format("\\ud83d")))
    assert (broken["error"]["code"], broken["error"]["field"]) == ("invalid_input", None)
    assert result_line(broken)
    whole = compute_line(line.format(place.format("\\ud83d\\ude00")))
    assert whole["error"]["field"]
    assert result_line(whole)


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**39, True])
def test_an_identifier_that_cannot_be_echoed_is_refused(number: int) -> None:
    refused = compute(EXAMPLES["late_interest"] | {"id": number})
    assert (refused["id"], refused["error"]["code"], refused["error"]["field"]) == (None, "invalid_input", "id")
    assert compute(EXAMPLES["late_interest"] | {"id": 2**63 - 1})["id"] == 2**63 - 1


def test_deep_nesting_is_refused_through_every_door() -> None:
    deep: Any = 1
    for _ in range(400):
        deep = {"a": [deep]}
    assert compute(EXAMPLES["licence_right_fee"] | {"zzz": deep})["error"]["code"] == "invalid_input"
    assert compute_line('{"a":' * 400 + "1" + "}" * 400)["ok"] is False


def test_a_name_that_stands_twice_is_refused_where_it_stands() -> None:
    text = (
        '{"kind":"licence_right_fee","approved_on":"2026-03-02","approved_on":"2026-03-03","licence":{"issued_on":'
        '"2026-02-10","expires_on":"2036-02-10","group":"III","group":"IV"},"minerals":[{"mineral":"iron","quantity":"1",'
        '"quantity_unit":"tonne","price":{"kind":"raw","amount":1,"unit":"tonne"}}]}'
    )
    errors = compute_line(text)["errors"]
    assert [one["field"] for one in errors] == ["approved_on", "licence.group"]


def test_the_identifier_is_echoed_in_results_and_errors() -> None:
    example = EXAMPLES["licence_right_fee"]
    assert compute(example | {"id": 7})["id"] == 7
    assert compute(example | {"id": None})["id"] is None
    assert compute({name: value for name, value in example.items() if name != "id"})["id"] is None
    refused = compute(example | {"id": "x", "approved_on": "2024-01-01"})
    assert (refused["id"], refused["kind"]) == ("x", "licence_right_fee")
    assert compute(example | {"id": [1]})["error"]["field"] == "id"


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_a_schema_and_accepts_the_example(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(EXAMPLES[kind])
    assert compute(EXAMPLES[kind])["ok"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_the_schema_requires_is_asked_for(kind: str) -> None:
    for name in schema_of(kind)["required"]:
        if name == "kind":
            continue
        document = {key: value for key, value in EXAMPLES[kind].items() if key != name}
        assert [one["field"] for one in compute(document)["errors"]] == [name]


def asked_for_in_one_of_several_ways(schema: dict[str, Any]) -> set[str]:
    """Fields that some branch of the schema requires: a term in years or months, a reading under one regime."""
    branches = [branch for part in schema.get("allOf", []) for branch in (*part.get("oneOf", []), part.get("else", {}))]
    return {name for branch in branches for name in branch.get("required", [])}


@pytest.mark.parametrize("kind", KINDS)
def test_optional_fields_may_be_null(kind: str) -> None:
    schema = schema_of(kind)
    optional = set(schema["properties"]) - set(schema["required"]) - asked_for_in_one_of_several_ways(schema)
    document = EXAMPLES[kind] | dict.fromkeys(optional)
    assert compute(document)["ok"]
    Draft202012Validator(schema).validate(document)
