"""What every fee of both decrees promises, on documents from all over the contract."""

from __future__ import annotations

import pytest
from example_counts import examples
from hypothesis import given, settings

from api.contract import compute
from fees.testing import FEE_CHECKS, Json, fee_documents

pytestmark = pytest.mark.gate


@settings(max_examples=examples(250, 20_000))
@given(document=fee_documents("licence_right_fee"))
def test_fees_of_decree_193(document: Json) -> None:
    for check in FEE_CHECKS:
        check(compute, document)


@settings(max_examples=examples(250, 20_000))
@given(document=fee_documents("licence_right_fee_2019"))
def test_fees_of_decree_67(document: Json) -> None:
    for check in FEE_CHECKS:
        check(compute, document)
