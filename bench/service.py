"""How fast is the service at its door: up after a start, the list of 10,000 licences, and an explained sum of each kind?"""

import csv
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import orjson

from api.contract import compute
from api.contract.examples import EXAMPLES
from api.imports.register import import_register
from api.store.engine import open_store
from api.store.migrate import migrate

LICENCES = 10_000
ASKED = 30
TIMES = 40


class AtTheDoor(NamedTuple):
    """Seconds: up after a start; median and slowest page of the list; median answer of each kind."""

    started: float
    median: float
    slowest: float
    kinds: dict[str, float]


def serve(folder: Path) -> tuple[float, subprocess.Popen[bytes], str]:
    """Start the service over a database; seconds until it answers, the process, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"KHOANGSAN_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
    begin = time.perf_counter()
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--no-sample", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).read()
            return time.perf_counter() - begin, process, address
        except OSError:
            time.sleep(0.02)
    process.kill()
    raise SystemExit("the service did not start")


def register(folder: Path) -> None:
    """A register of 10,000 licences in a fresh database."""
    file = folder / "register.csv"
    minerals = ("Đá làm VLXDTT", "Cát, sỏi", "Quặng sắt", "Đất làm gạch", "Than")
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            ["So_GP", "Ten_don_vi", "Ten_mo_xa", "Loai_KS", "Ngay_cap", "Ngay_het_han", "Co_quan_cap", "TL_phep_m3"]
        )
        for number in range(LICENCES):
            ends = f"{1 + number % 28:02}/05/{2024 + number % 20}"
            rows.writerow(
                [f"{number}/GP-UBND", f"Doanh nghiệp {number % 900}", f"Mỏ {number}", minerals[number % 5],
                 "01/02/2015", ends, "Tỉnh cấp", 10_000 + number]
            )  # fmt: skip
    store = open_store(f"sqlite:///{folder / 'bench.db'}")
    migrate(store)
    with file.open("rb") as stream:
        report = import_register(store, stream, file_name=file.name, now=datetime.now(UTC), today=date(2026, 11, 22))
    assert report.new == LICENCES, report
    store.close()


def measure() -> AtTheDoor:
    """The service over a register of its own, searches and filters of the list among the pages asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        register(folder)
        started, process, address = serve(folder)
        try:
            paths = ("/licences", "/licences?q=mo+77", "/licences?mineral=iron&page=3", "/licences?expiry=expired")
            taken = []
            for number in range(ASKED):
                begin = time.perf_counter()
                urllib.request.urlopen(address + paths[number % len(paths)], timeout=10).read()
                taken.append(time.perf_counter() - begin)
            kinds = {kind: answer_time(address, kind) for kind in EXAMPLES}
        finally:
            process.terminate()
            process.wait(10)
    return AtTheDoor(started, statistics.median(taken), max(taken), kinds)


def answer_time(address: str, kind: str) -> float:
    """Median seconds of the example of a kind over one connection, its answer compared with the engine's own first."""
    door = HTTPConnection(address.removeprefix("http://"), timeout=10)
    body, taken = orjson.dumps(EXAMPLES[kind]), []
    for _ in range(TIMES):
        begin = time.perf_counter()
        door.request("POST", "/v1/compute", body, {"Content-Type": "application/json"})
        answer = door.getresponse().read()
        taken.append(time.perf_counter() - begin)
    assert orjson.loads(answer) == orjson.loads(orjson.dumps(compute(EXAMPLES[kind]))), kind
    door.close()
    return statistics.median(taken)
