"""``khoangsan account``: the first operator from the console; a password never on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.accounts import audit, sessions
from api.accounts.models import Account
from api.accounts.people import find
from api.accounts.roles import Role
from api.accounts.sign_in import sign_in
from api.commands.account import app
from api.store.engine import Store
from tests.api.accounts import PASSWORD, START, make


def run(url: str, *arguments: str, told: str = PASSWORD) -> Result:
    return CliRunner().invoke(app, [*arguments, "--database", url], input=f"{told}\n", env={"COLUMNS": "200"})


def kept(store: Store, name: str) -> Account:
    with store.session() as session:
        account = find(session, name)
    assert account is not None
    return account


def enter(store: Store, name: str, password: str) -> int:
    found = sign_in(store, name=name, password=password, address="", device="", old="", now=START)
    assert found.account.id is not None
    return found.account.id


def test_from_the_first_operator_on(store: Store, database_url: str) -> None:
    made = run(database_url, "add", "quantri", "--role", "operator", "--person", "Trần Thị Quản")
    assert made.exit_code == 0
    assert made.stdout.index("Đã tạo tài khoản quantri") < made.stdout.index("Account quantri made")
    assert run(database_url, "add", "thuky", "--role", "clerk", "--person", "Lê [b] Thư").exit_code == 0
    assert [kept(store, name).must_change for name in ("quantri", "thuky")] == [False, True]
    number = enter(store, "quantri", PASSWORD)
    listed = run(database_url, "list").stdout
    assert "Lê [b] Thư" in listed
    assert "phải đổi mật khẩu / must change" in listed
    assert run(database_url, "password", "quantri", told="một câu hoàn toàn khác").exit_code == 0
    with store.session() as session:
        assert sessions.live_of(session, number, START) == []
    assert enter(store, "quantri", "một câu hoàn toàn khác") == number
    assert run(database_url, "disable", "thuky").exit_code == 0
    assert kept(store, "thuky").disabled_at is not None
    assert "đã khóa / disabled" in run(database_url, "list").stdout
    with store.session() as session:
        lines = audit.latest(session, 10)
        assert audit.check(session).broken_at is None
    assert [(line["by"], line["action"]) for line in lines if line["by"] == "console"] == [
        ("console", "account.disable"),
        ("console", "account.password_reset"),
        ("console", "account.add"),
        ("console", "account.add"),
    ]


@pytest.mark.parametrize(
    ("arguments", "told", "code", "said"),
    [
        (
            ["add", "a", "--role", "clerk", "--person", ""],
            "ngắn",
            1,
            ["Tên đăng nhập gồm", "họ tên", "ít nhất 12 ký tự"],
        ),
        (
            ["add", "quantri", "--role", "operator", "--person", "Ai"],
            PASSWORD,
            1,
            ["Tên đăng nhập này đã có", "is taken"],
        ),
        (["add", "ai", "--role", "public", "--person", "Ai"], PASSWORD, 2, []),
        (["disable", "quantri"], "", 1, ["tài khoản quản trị cuối cùng", "last operator"]),
        (["disable", "khongco"], "", 1, ["Không có tài khoản khongco", "no account khongco"]),
        (["password", "khongco"], "", 1, ["Không có tài khoản khongco"]),
        (["password", "quantri"], "", 1, ["ít nhất 12 ký tự"]),
    ],
)
def test_wrong_calls(sqlite_store: Store, arguments: list[str], told: str, code: int, said: list[str]) -> None:
    make(sqlite_store, "quantri")
    result = run(sqlite_store.engine.url.render_as_string(), *arguments, told=told)
    assert result.exit_code == code
    assert [one for one in said if one not in result.output] == []
    assert PASSWORD not in result.output


def test_a_database_that_cannot_be_used(tmp_path: Path) -> None:
    result = run("mysql://x", "list")
    assert result.exit_code == 2
    assert "sqlite:///" in result.output


def test_the_command_itself_takes_the_password_from_a_pipe(sqlite_store: Store) -> None:
    program = "import sys; from api.cli import main; sys.argv[0] = 'khoangsan'; main()"
    url = sqlite_store.engine.url.render_as_string()
    told = ["account", "add", "quantri", "--role", "operator", "--person", "Trần Thị Quản", "--database", url]
    done = subprocess.run([sys.executable, "-c", program, *told], input=f"{PASSWORD}\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert enter(sqlite_store, "quantri", PASSWORD)
    assert kept(sqlite_store, "quantri").role == Role.OPERATOR
