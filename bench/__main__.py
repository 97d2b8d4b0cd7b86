"""Are the answers right, and what do they cost? This project, its peers and a bare kernel side by side, answers first."""

from collections.abc import Sequence

import numpy as np

from bench import kernel, ours, peers_openfisca, peers_zen, service
from bench.data import case, exact_fee, generate
from bench.duties import compare_duties
from bench.measure import Columns, Deviation, Traced, deviation, over, peak_bytes, side_by_side
from bench.session_engine import BIDDERS, BIDS, measure_sessions
from bench.sessions import compare_sessions
from bench.settlements import compare_settlements

ROWS = 1_000_000
DUTY_ROWS = 100_000
TIMES = 10
SAMPLE = 20_000
CASES = 100  # OpenFisca keeps the parameters of 128 days
PASSES = 5  # over the cases in one timing: the collection before it leaves every engine cold

OURS = "khoangsan"
KERNEL = "bare numpy kernel"
OPENFISCA = ("OpenFisca-core, 32-bit (as shipped)", "OpenFisca-core, 64-bit")
ZEN = ("zen-engine, compiled by key", "zen-engine, decision handle")

TRACED: dict[str, Traced] = {
    OURS: ours.traced(),
    OPENFISCA[0]: peers_openfisca.traced(peers_openfisca.fee_system()),
    OPENFISCA[1]: peers_openfisca.traced(peers_openfisca.fee_system(double=True)),
    ZEN[0]: peers_zen.traced(peers_zen.by_key()),
    ZEN[1]: peers_zen.traced(peers_zen.by_handle()),
}
COLUMNS: dict[str, Columns] = {
    KERNEL: kernel.fees,
    OURS: ours.columns(),
    OPENFISCA[0]: peers_openfisca.columns(peers_openfisca.fee_system()),
    OPENFISCA[1]: peers_openfisca.columns(peers_openfisca.fee_system(double=True)),
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
    for name, fee in TRACED.items():
        assert all(fee(one) == fee(one) for one in cases), f"{name}: two runs of one licence differ"
    found = {name: deviation(np.array([fee(one)[0] for one in sample]), exact) for name, fee in TRACED.items()}
    times = side_by_side({name: over(fee, cases * PASSES) for name, fee in TRACED.items()}, rounds=12)
    print(f"One traced fee with canonical JSON and SHA-256, {SAMPLE:,} licences compared")
    print(f"{'':40}{'µs':>10}{'off':>10}{'off > 1':>10}{'largest, đồng':>18}")
    for name in TRACED:
        print(f"{name:40}{times[name] / CASES / PASSES * 1e6:10.1f}{_print(found[name])}")
    _exact(found[OURS])
    target("times as fast as OpenFisca-core", _best(times, OPENFISCA) / times[OURS], at_least=15)
    for name in ZEN:
        target(f"times as fast as {name}", times[name] / times[OURS], at_least=5)


def compare_columns() -> None:
    """All rows at once: the kernel against fractions, every engine against the kernel, then seconds and memory."""
    rows = generate(ROWS)
    exact = kernel.fees(rows)
    assert all(exact[at] == exact_fee(case(rows, at)) for at in range(0, ROWS, ROWS // SAMPLE)), (
        "the kernel is not exact"
    )
    found = {name: deviation(fees(rows), exact) for name, fees in COLUMNS.items()}
    times = side_by_side({name: lambda fees=fees: fees(rows) for name, fees in COLUMNS.items()}, rounds=7)
    print(f"\n{ROWS:,} fees with dated look-ups; the inputs take {rows.nbytes() / 1e6:.0f} MB")
    print(f"{'':40}{'s':>10}{'x kernel':>10}{'MB beyond':>11}{'off':>10}{'off > 1':>10}{'largest, đồng':>18}")
    for name, fees in COLUMNS.items():
        memory = peak_bytes(lambda fees=fees: fees(rows)) / 1e6
        print(f"{name:40}{times[name]:10.4f}{times[name] / times[KERNEL]:10.1f}{memory:11.0f}{_print(found[name])}")
    _exact(found[OURS])
    target("times as fast as OpenFisca-core", _best(times, OPENFISCA) / times[OURS], at_least=25)
    target("times the bare kernel", times[OURS] / times[KERNEL], at_most=4)


def compare_sizes() -> None:
    """Ten times the rows: does the time grow with them, and the memory stay?"""
    rows, many = generate(ROWS), generate(ROWS * TIMES)
    fees = COLUMNS[OURS]
    found = deviation(fees(many), kernel.fees(many))
    times = side_by_side({"one": lambda: fees(rows), "many": lambda: fees(many)}, rounds=5)
    memory = peak_bytes(lambda: fees(many)) / 1e6
    print(f"\n{ROWS * TIMES:,} fees of {OURS}: {times['many']:.3f} s; the inputs take {many.nbytes() / 1e6:.0f} MB")
    _exact(found)
    target(f"times the time of {ROWS:,}", times["many"] / times["one"], at_most=11)
    target("MB beyond the inputs", memory, at_most=150)


def compare_settlement_columns() -> None:
    """A million licence-years in columns against the path that explains each."""
    found, ratio, memory = compare_settlements(ROWS)
    _exact(found)
    target("times as fast as one by one", ratio, at_least=20)
    target("MB beyond the inputs", memory, at_most=150)


def compare_duty_columns() -> None:
    """A hundred thousand returns of every recurring duty in columns against the path that explains each."""
    for name, cost in compare_duties(DUTY_ROWS).items():
        target(f"thousand {name} a second", cost.rows_a_second / 1000, at_least=100)
        target(f"ms for the slowest explained {name}", cost.slowest_ms, at_most=5)


def time_sessions() -> None:
    """An auction session in memory, on one core."""
    cost = measure_sessions()
    print(f"\nOne session of {BIDDERS} bidders, {BIDS:,} bids, no store")
    target("thousand bids decided, applied, chained a second", cost.answered / 1000, at_least=30)
    target("thousand entries a second whose chain is checked", cost.chained / 1000, at_least=100)
    target("thousand entries a second read and decided again", cost.redecided / 1000, at_least=20)


def compare_session_doors() -> None:
    """Durably answered commands of one hot session, beside a door that stores nothing and a plain one."""
    for kind, found in compare_sessions():
        print(
            f"\nOne hot session on {kind}, {found.clients} clients: {found.ours:,.0f} durable commands a second; a door that "
            f"stores nothing {found.nothing:,.0f}, FastAPI with SQLModel {found.plain:,.0f}; fsync {found.fsync * 1000:.1f} ms"
        )
        share = 100 * found.ours / found.nothing
        target("% of the door that stores nothing", share, at_least=60 if kind == "SQLite" else 45)
        target("times the plain door", found.ours / found.plain, at_least=10)
        for a_second, (own, beside) in found.waits.items():
            most = 1000 * (3 * beside + 2 * found.fsync)
            target(f"ms for 99 % of {a_second:,} commands a second", own * 1000, at_most=most)


def time_service() -> None:
    """The service at its door: up after a start, a licence list of ten thousand, an explained sum of each kind."""
    door = service.measure()
    print(
        f"\nThe service: {service.LICENCES:,} licences, {service.ASKED} pages asked, median {door.median * 1000:.1f} ms"
    )
    target("s from start to first answer", door.started, at_most=3)
    target("ms for the slowest page of the list", door.slowest * 1000, at_most=100)
    for kind, taken in sorted(door.kinds.items(), key=lambda one: -one[1]):
        target(f"ms for an explained {kind}", taken * 1000, at_most=5)


def target(text: str, value: float, *, at_least: float = 0, at_most: float = float("inf")) -> None:
    """Print a figure against its target."""
    bound = f"at least {at_least:g}" if at_least else f"at most {at_most:g}"
    said = "reached" if at_least <= value <= at_most else "NOT REACHED"
    print(f"  {value:8.1f} {text}; target {bound}: {said}")


def _best(times: dict[str, float], names: Sequence[str]) -> float:
    return min(times[name] for name in names)


def _print(found: Deviation) -> str:
    return f"{found.off:10,}{found.off_by_more:10,}{found.largest:18,}"


def _exact(found: Deviation) -> None:
    assert not found.off, f"{OURS} is off in {found.off} rows"


if __name__ == "__main__":
    compare_traced()
    compare_columns()
    compare_sizes()
    compare_settlement_columns()
    compare_duty_columns()
    time_sessions()
    compare_session_doors()
    time_service()
