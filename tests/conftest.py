"""What all tests share: Hypothesis settings and the size of the long gates."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("khoangsan", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("khoangsan")


@pytest.fixture(scope="session")
def full_gates() -> bool:
    """Whether gates run with their full counts."""
    return os.environ.get("KHOANGSAN_GATES") == "full"
