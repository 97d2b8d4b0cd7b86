"""Every fault that can be made in a document is refused with its code and field, in both languages, in input order."""

from __future__ import annotations

import pytest
from example_counts import examples
from hypothesis import given, settings

from api.contract import compute
from fees.testing import Broken, Json, broken_documents, check_refusal, fee_documents, spoiled, unlawful
from rules.lawbook import law_book

pytestmark = pytest.mark.gate


@settings(max_examples=examples(250, 10_000))
@given(broken=broken_documents())
def test_one_fault_is_named(broken: Broken) -> None:
    check_refusal(compute, broken)


@settings(max_examples=examples(10, 400))
@given(document=fee_documents())
def test_every_fault_of_a_document_is_named(document: Json) -> None:
    for broken in (*spoiled(document), *unlawful(document, law_book())):
        check_refusal(compute, broken)
