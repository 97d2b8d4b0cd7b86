"""Servers of auction sessions in processes of their own, with the lock off: ``python -m tests.session_server URL FOLDER OPENS_AT``.

Each line ``PORT`` on standard input forks a server on that port and prints its process id: everything is loaded by then, so that a
thousand servers can be killed and started again. The clock starts at ``OPENS_AT`` and goes on through every restart.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from api.store.engine import open_store
from auction_engine.moments import moment, read
from tests.session_desk import unlocked


def main(url: str, folder: str, opens_at: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    away = read(opens_at) - datetime.now(UTC)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            app = unlocked(open_store(url), Path(folder), lambda: moment(datetime.now(UTC) + away))
            uvicorn.run(app, host="127.0.0.1", port=int(line), log_level="error", access_log=False)
            os._exit(0)
        print(child, flush=True)


class Nursery:
    """Starts and kills servers of one store."""

    def __init__(self, url: str, folder: Path, opens_at: str) -> None:
        command = [sys.executable, "-m", "tests.session_server", url, str(folder), opens_at]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=Path(__file__).parents[1]
        )
        self.child = 0

    def start(self, port: int) -> None:
        """A server on a port; returns when it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{port}\n")
        self.child = int(self._process.stdout.readline())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2)
                return
            except httpx.TransportError:
                time.sleep(0.01)
        raise TimeoutError("the server did not start")

    def kill(self) -> None:
        """End the server at once, as a power cut does to a process."""
        os.kill(self.child, signal.SIGKILL)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
