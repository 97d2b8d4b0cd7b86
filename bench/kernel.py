"""How fast could anyone compute these columns? A one-off by hand: the exact fees, nothing explained, nothing guarded.

Written for the ranges of `bench.data.generate`: Q x G_tn < 2^63 and K_qd < 10, so that the low limb times the factors
stays below 2^63 too.
"""

import numpy as np
from numpy.typing import NDArray

from bench.data import AREAS, METHODS, MINERALS, STARTS, Rows, law_table

# thousandths of Q and of K_qd, percent of R, tenths of K1, hundredths of K2: the numerator counts 10^-11 đồng
UNIT = np.uint64(10**11)
CHUNK = 16_384  # the scratch columns stay in the second-level cache
_PERIOD_STARTS = STARTS.view(np.int64)
_FACTORS = (
    law_table("rate_percent")[:, :, None, None]
    * law_table("method_tenths")[:, None, :, None]
    * law_table("area_hundredths")[:, None, None, :]
).ravel()


def fees(rows: Rows) -> NDArray[np.int64]:
    """The fee of each row in whole đồng."""
    total = np.empty(len(rows), np.int64)
    approved_on = rows.approved_on.view(np.int64)
    for at in range(0, len(rows), CHUNK):
        part = slice(at, at + CHUNK)
        # H_n x 1000 / D is a double at least 1 / (2 D) from any tie it is not on: adding a half and cutting is exact
        factor = np.multiply(rows.bulking[part], 1000.0)
        factor /= rows.density[part]
        factor += 0.5
        scaled = factor.astype(np.uint64)
        days = approved_on[part]
        place = (days >= _PERIOD_STARTS[1]).astype(np.uint16)
        place += days >= _PERIOD_STARTS[2]
        place *= len(MINERALS)
        place += rows.mineral[part]
        place *= len(METHODS)
        place += rows.method[part]
        place *= len(AREAS)
        place += rows.area[part]
        scaled *= _FACTORS.take(place, mode="clip").view(np.uint64)
        low = np.multiply(rows.quantity[part], rows.price[part]).view(np.uint64)
        high = low // UNIT
        low -= high * UNIT
        low *= scaled
        low += UNIT // np.uint64(2)
        low //= UNIT
        high *= scaled
        np.add(high, low, out=total[part].view(np.uint64))
    return total
