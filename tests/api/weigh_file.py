"""Import one file of loads in a process of its own, and say in JSON what it took: ``FILE DATABASE LICENCES``."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

from sqlmodel import select

from api.imports.register import import_register
from api.imports.weighbridge import import_weighbridge
from api.store.engine import open_store
from api.store.migrate import migrate
from api.store.office import WeighedMonth
from tests.api.office import NOW, TODAY, as_csv


def main(file: Path, database: Path, licences: int) -> None:
    """Register the licences, import the loads, print the figures."""
    store = open_store(f"sqlite:///{database}")
    migrate(store)
    rows = [(f"{100 + one}/GP-UBND", f"Hộ {one}", f"Mỏ {one}", "Đá làm VLXDTT") for one in range(licences)]
    register = as_csv(("Số GP", "Tên đơn vị", "Tên mỏ", "Loại KS"), *rows)
    import_register(store, io.BytesIO(register), file_name="so.csv", now=NOW, today=TODAY)
    begin = time.perf_counter()
    with file.open("rb") as stream:
        report = import_weighbridge(store, stream, file_name=file.name, now=NOW, today=TODAY)
    seconds = time.perf_counter() - begin
    with store.session() as session:
        months = session.exec(select(WeighedMonth)).all()
    told = {
        "rows": report.rows,
        "loads": sum(month.loads for month in months),
        "kilograms": sum(month.weight_kg for month in months),
        "repeated": report.set_aside,
        "seconds": seconds,
        "megabytes": _most_memory(),
    }
    json.dump(told, sys.stdout)


def _most_memory() -> int:
    """The most memory this process held, in MB; getrusage would count the process that started it too."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
