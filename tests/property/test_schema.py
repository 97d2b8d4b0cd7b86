"""The published schema and the engine agree: what computes is valid, what the schema refuses is refused."""

from __future__ import annotations

import pytest
from example_counts import examples
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from api.contract import compute
from api.contract.schemas import schema_of
from fees.testing import FEE_KINDS, Json, fee_documents, spoiled

pytestmark = pytest.mark.gate
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in FEE_KINDS}


@settings(max_examples=examples(200, 10_000))
@given(document=fee_documents())
def test_what_computes_is_valid(document: Json) -> None:
    VALIDATORS[document["kind"]].validate(document)


@settings(max_examples=examples(5, 200))
@given(document=fee_documents())
def test_what_the_schema_refuses_is_refused(document: Json) -> None:
    for broken in spoiled(document):
        if not VALIDATORS[document["kind"]].is_valid(broken.document):
            assert compute(broken.document)["ok"] is False, broken.what
