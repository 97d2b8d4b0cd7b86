"""``khoangsan account``: accounts from the console of the server; the first operator is made here.

A password comes from a hidden prompt, or from the first line of standard input where that is a pipe; never from an argument, which
other users of the machine could read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from api.accounts.audit import CONSOLE
from api.accounts.models import Account
from api.accounts.passwords import check_new, hash_password
from api.accounts.people import Actor, add, disable, find, list_accounts, read_new, reset_password
from api.accounts.refusals import RefusedError
from api.accounts.roles import HELD, NAMES, Role
from api.accounts.sign_in import LOCK
from api.commands.import_options import DEFAULT_DATABASE, Database, local, opened
from api.commands.import_report import refuse
from api.store.engine import Store, StoreError

app = typer.Typer(help="Tài khoản và vai trò / Accounts and roles", no_args_is_help=True)
_REFUSED: Final = 1
_ACTOR: Final = Actor(name=CONSOLE, role=CONSOLE)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Tên đăng nhập / Name to sign in with")]
RoleName = StrEnum("RoleName", {role.name: role.value for role in HELD})  # type: ignore[misc]
"""The roles an account can hold, as the command line writes them."""


@app.command(name="add")
def add_account(
    name: _Name,
    role: Annotated[RoleName, typer.Option(help="Vai trò / Role")],
    person: Annotated[str, typer.Option(help="Họ tên như trên giấy tờ / Person's name as on papers")],
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tạo tài khoản; mật khẩu nhập khi được hỏi hoặc qua đầu vào chuẩn / Make an account; the password is asked or piped.

    Người không phải quản trị phải đổi mật khẩu ở lần đăng nhập đầu. / Anybody but an operator must change it at first sign-in.
    """
    with _opened(database) as store:
        new = read_new(name=name, person=person, role=role.value, password=_password())
        with store.write(lock=LOCK) as session:
            made = add(session, new, must_change=new.role is not Role.OPERATOR, actor=_ACTOR, now=datetime.now(UTC))
        _say(f"Đã tạo tài khoản {made.name} ({NAMES[Role(made.role)].vi}).", f"Account {made.name} made ({made.role}).")


@app.command(name="list")
def list_all(database: Database = DEFAULT_DATABASE) -> None:
    """Liệt kê tài khoản / List the accounts."""
    with _opened(database) as store, store.session() as session:
        found = list_accounts(session)
    table = Table(title="Tài khoản / Accounts", title_justify="left")
    for title in ("Tên đăng nhập / Name", "Họ tên / Person", "Vai trò / Role", "Tạo lúc / Made", "Tình trạng / State"):
        table.add_column(title, overflow="fold")
    for one in found:
        state = (
            "đã khóa / disabled" if one.disabled_at else "phải đổi mật khẩu / must change" if one.must_change else ""
        )
        cells = (one.name, one.person, f"{NAMES[Role(one.role)].vi} / {one.role}", local(one.created_at), state)
        table.add_row(*map(escape, cells))
    Console().print(table)


@app.command(name="disable")
def disable_account(name: _Name, database: Database = DEFAULT_DATABASE) -> None:
    """Khóa tài khoản: đăng xuất mọi thiết bị, thu hồi mọi khóa / Disable an account, its devices and keys."""
    with _opened(database) as store:
        with store.write(lock=LOCK) as session:
            account = _found(session, name)
            disable(session, account, actor=_ACTOR, now=datetime.now(UTC))
        _say(f"Đã khóa tài khoản {account.name}.", f"Account {account.name} disabled.")


@app.command()
def password(name: _Name, database: Database = DEFAULT_DATABASE) -> None:
    """Đặt lại mật khẩu và đăng xuất mọi thiết bị / Set a new password and sign every device out."""
    with _opened(database) as store:
        with store.session() as session:
            key = _found(session, name).name
        told = _password()
        check_new(told, key)
        password_hash = hash_password(told)
        with store.write(lock=LOCK) as session:
            account = _found(session, name)
            must_change = account.role != Role.OPERATOR
            reset_password(
                session, account, password_hash, must_change=must_change, actor=_ACTOR, now=datetime.now(UTC)
            )
        _say(f"Đã đặt lại mật khẩu của {account.name}.", f"Password of {account.name} set.")


@contextmanager
def _opened(database: str) -> Iterator[Store]:
    try:
        store = opened(database)
        try:
            yield store
        finally:
            store.close()
    except RefusedError as error:
        for one in error.all:
            typer.echo(f"{one.text.vi}\n{one.text.en}", err=True)
        raise typer.Exit(_REFUSED) from None
    except StoreError as error:
        refuse(error.message_vi, error.message_en)


def _found(session: Session, name: str) -> Account:
    account = find(session, name)
    if account is None:
        raise RefusedError(f"Không có tài khoản {name}.", f"There is no account {name}.")
    return account


def _password() -> str:
    if sys.stdin.isatty():
        told: str = typer.prompt("Mật khẩu / Password", hide_input=True, confirmation_prompt=True)
        return told
    return sys.stdin.readline().rstrip("\r\n")


def _say(vi: str, en: str) -> None:
    typer.echo(vi)
    typer.echo(en)
