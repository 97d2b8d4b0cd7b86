"""How many requests a second does a door answer, and how long do they wait? Raw sockets, so that the client costs little beside the server."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI

Requests = Callable[[int], bytes]
"""The next request of a client, by the number of the client."""


class Load(NamedTuple):
    """Answers, how many a second, and how long they took in seconds, each from when it was due to be sent."""

    bodies: list[bytes]
    a_second: float
    waits: list[float]

    def quantile(self, share: float) -> float:
        """Wait that this share of the answers did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class _Client(asyncio.Protocol):
    """One connection that has at most one request under way."""

    def __init__(self, answered: Callable[["_Client", bytes], None]) -> None:
        self.transport: asyncio.Transport = None  # type: ignore[assignment]
        self.due = 0.0
        self._answered = answered
        self._text = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._text += data
        head, both, body = self._text.partition(b"\r\n\r\n")
        if not both:
            return
        _, _, rest = head.lower().partition(b"content-length: ")
        size = int(rest.partition(b"\r\n")[0])
        if len(body) < size:
            return
        self._text = b""
        assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 409")), (head, body)
        self._answered(self, body)


def closed_loop(port: int, clients: int, seconds: float, requests: Requests) -> Load:
    """Every client sends its next request when the last one is answered."""

    async def run() -> Load:
        loop = asyncio.get_running_loop()
        bodies, waits, ends = list[bytes](), list[float](), time.perf_counter() + seconds
        under_way, over = clients, loop.create_future()

        def answered(client: _Client, body: bytes) -> None:
            nonlocal under_way
            now = time.perf_counter()
            bodies.append(body)
            waits.append(now - client.due)
            if now < ends:
                client.send(requests(numbers[client]), now)
                return
            under_way -= 1
            if not under_way:
                over.set_result(None)

        numbers = dict[_Client, int]()
        for number in range(clients):
            _, client = await loop.create_connection(lambda: _Client(answered), "127.0.0.1", port)
            numbers[client] = number
        began = time.perf_counter()
        for client, number in numbers.items():
            client.send(requests(number), began)
        await over
        taken = time.perf_counter() - began
        for client in numbers:
            client.transport.close()
        return Load(bodies, len(bodies) / taken, waits)

    return _quietly(run)


def open_loop(port: int, clients: int, seconds: float, a_second: int, requests: Requests) -> Load:
    """Requests fall due evenly, whether the ones before are answered or not; a wait counts from when a request was due."""

    async def run() -> Load:
        loop = asyncio.get_running_loop()
        bodies, waits = list[bytes](), list[float]()
        idle, behind, total = list[_Client](), list[float](), int(seconds * a_second)
        over = loop.create_future()

        def answered(client: _Client, body: bytes) -> None:
            bodies.append(body)
            waits.append(time.perf_counter() - client.due)
            if behind:
                client.send(requests(numbers[client]), behind.pop(0))
            else:
                idle.append(client)
            if len(bodies) == total:
                over.set_result(None)

        numbers = dict[_Client, int]()
        for number in range(clients):
            _, client = await loop.create_connection(lambda: _Client(answered), "127.0.0.1", port)
            numbers[client] = number
            idle.append(client)
        began = time.perf_counter()
        for number in range(total):
            due = began + number / a_second
            left = due - time.perf_counter()
            if left > 0:
                await asyncio.sleep(left)
            if idle:
                client = idle.pop()
                client.send(requests(numbers[client]), due)
            else:
                behind.append(due)
            if number % 50 == 0:
                await asyncio.sleep(0)
        await over
        taken = time.perf_counter() - began
        for client in numbers:
            client.transport.close()
        return Load(bodies, len(bodies) / taken, waits)

    return _quietly(run)


def _quietly(run: Callable[[], object]) -> Load:
    gc.collect()
    gc.disable()
    try:
        found = asyncio.run(run())  # type: ignore[arg-type]
        assert isinstance(found, Load)
        return found
    finally:
        gc.enable()


@contextmanager
def served(module: str, *arguments: str) -> Iterator[int]:
    """A server in a process of its own: ``python -m MODULE PORT ARGUMENTS``; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments], cwd=Path(__file__).parents[1])
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
                break
            except OSError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.05)
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(10)


def fsync_seconds(folder: Path) -> float:
    """Median of an fsync after four kilobytes."""
    taken = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def serve(app: FastAPI, port: int) -> None:
    """Serve an application as ``khoangsan serve`` does."""
    import uvicorn

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
