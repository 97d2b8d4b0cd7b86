"""The compute contract: one JSON document in, one JSON document out, the same through every door."""

from api.contract.compute import compute, compute_line

__all__ = ["compute", "compute_line"]
