"""People of the tests of accounts, a clock that tests move, and a browser that fills forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from api.accounts.callers import Caller, Gate
from api.accounts.gate import require
from api.accounts.models import Account
from api.accounts.people import Actor, add, read_new
from api.accounts.roles import Role
from api.app import create_app
from api.store.engine import Store

PASSWORD = "một câu rất dài dễ nhớ"
START = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
CONSOLE = Actor(name="console", role="console")


@dataclass
class Clock:
    """The moment, which stands still until a test moves it."""

    at: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> None:
        self.at += span


def make(store: Store, name: str, role: Role = Role.OPERATOR, *, must_change: bool = False) -> Account:
    """An account with the password of the tests."""
    new = read_new(name=name, person=f"Người {name}", role=role.value, password=PASSWORD)
    with store.write(lock="accounts") as session:
        return add(session, new, must_change=must_change, actor=CONSOLE, now=START)


def application(store: Store, clock: Clock) -> FastAPI:
    """The application with the test's clock and two doors to try."""
    app = create_app(store)
    app.state.gate = Gate(store, now=clock)

    @app.get("/v1/door/chair")
    def chair(caller: Caller = Depends(require(Role.CHAIR, Role.CLERK))) -> dict[str, str]:
        return {"name": caller.name, "role": caller.role.value}

    @app.post("/v1/door/anyone")
    def anyone(caller: Caller = Depends(require())) -> dict[str, str]:
        return {"name": caller.name, "role": caller.role.value}

    return app


def browser(app: FastAPI, address: str = "192.0.2.1", base: str = "http://testserver") -> TestClient:
    """A browser with its own cookies."""
    return TestClient(
        app, base_url=base, client=(address, 50000), follow_redirects=False, raise_server_exceptions=False
    )


def mark(answer: Any) -> str:
    """The hidden token of a page's forms."""
    found = BeautifulSoup(answer.text, "html.parser").find("input", attrs={"name": "csrf"})
    assert found is not None
    return str(found["value"])


def sign_in(client: TestClient, name: str, password: str = PASSWORD, back: str = "") -> Any:
    """Fill the form of the login page."""
    csrf = mark(client.get("/login"))
    return client.post("/login", data={"csrf": csrf, "name": name, "password": password, "next": back})


def send(client: TestClient, path: str, shown_on: str, **answers: str) -> Any:
    """Send a form of a page with the page's token."""
    return client.post(path, data={"csrf": mark(client.get(shown_on)), **answers})
