"""``khoangsan serve``: the web application on loopback, ready to use."""

from __future__ import annotations

import gc
import socket
from datetime import UTC, datetime
from typing import Annotated

import typer

from api.app import create_app, today
from api.imports.sample import SampleMissingError, load_sample
from api.settings import Settings
from api.store.engine import StoreError, open_store
from api.store.migrate import migrate
from rules.lawbook import law_book


def serve(
    host: Annotated[str, typer.Option(envvar="KHOANGSAN_HOST", help="Địa chỉ lắng nghe / Address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="KHOANGSAN_PORT", min=1, max=65535, help="Cổng / Port")] = 8000,
    sample: Annotated[bool, typer.Option(help="Nạp sổ giấy phép mẫu / Load the sample register")] = True,
) -> None:
    """Mở ứng dụng web: tạo hoặc nâng cấp cơ sở dữ liệu, nạp sổ luật và sổ mẫu / Start the web application."""
    import uvicorn

    settings = Settings()
    if not _free(host, port):
        typer.echo(f"Cổng {port} đang được dùng: chọn cổng khác, ví dụ make run PORT={port + 1}.", err=True)
        typer.echo(f"Port {port} is in use: choose another, for example make run PORT={port + 1}.", err=True)
        raise typer.Exit(2)
    try:
        store = open_store(settings.database_url)
        migrate(store)
        if sample:
            load_sample(store, now=datetime.now(UTC), today=today())
    except (StoreError, SampleMissingError) as error:
        typer.echo(error.message_vi, err=True)
        typer.echo(error.message_en, err=True)
        raise typer.Exit(2) from None
    digest = law_book().digest
    typer.echo(f"Sổ luật / law book {digest[:12]}; cơ sở dữ liệu / database {store.engine.url.render_as_string()}")
    typer.echo(f"Mở trình duyệt tại / open in a browser: http://{host}:{port}/  (Ctrl+C để dừng / to stop)")
    app = create_app(store, settings)
    spare_collections()
    # the streams of watchers have no end of their own: two seconds after Ctrl+C they are ended
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


def spare_collections() -> None:
    """Do not look through what lives as long as the service again and again: a full collection would hold every bid for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
