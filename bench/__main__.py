"""Are the answers right, and what do they cost? Peers and bare kernel side by side, answers compared first."""

import numpy as np

from bench import kernel, peers_openfisca, peers_zen
from bench.data import case, exact_fee, generate
from bench.measure import Columns, Traced, deviation, over, peak_bytes, side_by_side

ROWS = 1_000_000
SAMPLE = 20_000
CASES = 100  # OpenFisca keeps the parameters of 128 days

TRACED: dict[str, Traced] = {
    "OpenFisca-core, 32-bit (as shipped)": peers_openfisca.traced(peers_openfisca.fee_system()),
    "OpenFisca-core, 64-bit": peers_openfisca.traced(peers_openfisca.fee_system(double=True)),
    "zen-engine, compiled by key": peers_zen.traced(peers_zen.by_key()),
    "zen-engine, decision handle": peers_zen.traced(peers_zen.by_handle()),
}
COLUMNS: dict[str, Columns] = {
    "bare numpy kernel": kernel.fees,
    "OpenFisca-core, 32-bit (as shipped)": peers_openfisca.columns(peers_openfisca.fee_system()),
    "OpenFisca-core, 64-bit": peers_openfisca.columns(peers_openfisca.fee_system(double=True)),
    "OpenFisca-core, 64-bit, keys as text": peers_openfisca.columns(
        peers_openfisca.fee_system(peers_openfisca.by_text, double=True)
    ),
    "OpenFisca-core, 64-bit, own gather": peers_openfisca.columns(
        peers_openfisca.fee_system(peers_openfisca.by_gather, double=True)
    ),
}


def compare_traced() -> None:
    """One licence at a time: deviation over a sample, then microseconds with canonical JSON and SHA-256."""
    rows = generate(SAMPLE)
    sample = [case(rows, at) for at in range(SAMPLE)]
    exact = np.array([exact_fee(one) for one in sample])
    cases = sample[:CASES]
    times = side_by_side({name: over(fee, cases) for name, fee in TRACED.items()}, rounds=30)
    print(f"One traced fee with canonical JSON and SHA-256, {SAMPLE:,} licences compared")
    print(f"{'':40}{'µs':>10}{'off':>10}{'off > 1':>10}{'largest, đồng':>18}")
    for name, fee in TRACED.items():
        for one in cases:
            assert fee(one) == fee(one), f"{name}: two runs of one licence differ"
        found = deviation(np.array([fee(one)[0] for one in sample]), exact)
        print(f"{name:40}{times[name] / CASES * 1e6:10.1f}{found.off:10,}{found.off_by_more:10,}{found.largest:18,}")


def compare_columns() -> None:
    """All rows at once: the kernel against fractions, every engine against the kernel, then seconds and memory."""
    rows = generate(ROWS)
    exact = kernel.fees(rows)
    assert all(exact[at] == exact_fee(case(rows, at)) for at in range(0, ROWS, ROWS // SAMPLE)), (
        "the kernel is not exact"
    )
    times = side_by_side({name: lambda fees=fees: fees(rows) for name, fees in COLUMNS.items()}, rounds=7)
    print(f"\n{ROWS:,} fees with dated look-ups; the inputs take {rows.nbytes() / 1e6:.0f} MB")
    print(f"{'':40}{'s':>10}{'x kernel':>10}{'MB beyond':>11}{'off':>10}{'off > 1':>10}{'largest, đồng':>18}")
    for name, fees in COLUMNS.items():
        found = deviation(fees(rows), exact)
        memory = peak_bytes(lambda fees=fees: fees(rows)) / 1e6
        ratio = times[name] / times["bare numpy kernel"]
        print(
            f"{name:40}{times[name]:10.4f}{ratio:10.1f}{memory:11.0f}{found.off:10,}{found.off_by_more:10,}{found.largest:18,}"
        )


if __name__ == "__main__":
    compare_traced()
    compare_columns()
