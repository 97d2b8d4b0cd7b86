"""``/v1/sessions/{session}/proposals``: commands that take two people. One proposes, another of another role confirms what was proposed.

Confirmed, the command is given at once under the key ``approval-N``: confirming again after a cut connection gives the same answer
and never a second effect. In the log stands who gave it and who was the second.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import approvals, people
from api.accounts.callers import Caller
from api.accounts.gate import gate_of, require
from api.accounts.models import Approval
from api.accounts.refusals import RefusedError
from api.accounts.roles import Role
from api.pages.guard import same_site
from api.routes.sessions import Name, answer_to, asked_of, state_of
from api.sessions.actors import Actor, may_give
from api.sessions.reading import Asked, read_command
from auction_engine.commands import Command
from auction_engine.log import COMMANDS
from auction_engine.roles import ALLOWED, TWO_PEOPLE
from auction_engine.values import Role as Desk

router = APIRouter(prefix="/v1/sessions/{session}/proposals", tags=["sessions"])
_COUNCIL: Final = frozenset({Role.CHAIR, Role.CLERK})
_OFFICE: Final = frozenset({Role.OPERATOR, Role.CHAIR})
_Person = Annotated[Caller, Depends(require(Role.CHAIR, Role.CLERK, Role.OPERATOR, in_person=True))]
_Number = Annotated[int, Path(ge=1, lt=10**18)]


class Seen(BaseModel):
    """The digest of what the person who confirms has seen."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(max_length=64)


@router.post(
    "",
    status_code=201,
    summary="Đề nghị một lệnh cần hai người / Propose a command that takes two",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AuctionOrder"}}},
        }
    },
)
async def propose(request: Request, session: Name, caller: _Person) -> Response:
    """Opening, disqualifying, cancelling, announcing the winner: between chair and clerk; cancelling a result or an approval:
    between the operator's desk and the chair."""
    await state_of(request, session)
    asked = await asked_of(request, read_command)
    if isinstance(asked, Response):
        return asked
    if type(asked.command) not in TWO_PEOPLE:
        raise HTTPException(422, "Lệnh này không cần hai người / this command does not take two people")
    row = await run_in_threadpool(_proposed, request, session, caller, asked)
    return JSONResponse(_json(row), 201)


@router.get("", summary="Đề nghị đang chờ / Proposals that wait")
async def waiting(request: Request, session: Name, caller: _Person) -> list[dict[str, Any]]:
    """What waits for its second person, the oldest first."""
    return await run_in_threadpool(_waiting, request, session)


@router.post("/{number}/confirm", summary="Xác nhận và thực hiện / Confirm and do")
async def confirm(request: Request, session: Name, number: _Number, seen: Seen, caller: _Person) -> Response:
    """Agree to a proposal as it was seen; the answer is that of the command."""
    same_site(request)
    actor, asked = await run_in_threadpool(_confirmed, request, session, number, seen.digest, caller)
    return await answer_to(request, actor, asked, session, f"approval-{number}")


@router.post("/{number}/refuse", summary="Không đồng ý, rút lại / Turn down, take back")
async def refuse(request: Request, session: Name, number: _Number, caller: _Person) -> dict[str, Any]:
    """A proposal that is not to be."""
    same_site(request)
    return _json(await run_in_threadpool(_refused, request, session, number, caller))


def between(command: Command) -> frozenset[Role]:
    """Roles of accounts of which two are needed."""
    return _COUNCIL if Desk.CHAIR in ALLOWED[type(command)] else _OFFICE


def _proposed(request: Request, session: str, caller: Caller, asked: Asked) -> Approval:
    payload = {"command": COMMANDS.write(asked.command), "expected": asked.expected}
    with request.app.state.store.write(lock="accounts") as database:
        return approvals.propose(
            database,
            caller,
            action=type(asked.command).__name__,
            subject=_subject(session),
            payload=payload,
            now=_now(request),
            between=between(asked.command),
        )


def _waiting(request: Request, session: str) -> list[dict[str, Any]]:
    with request.app.state.store.session() as database:
        return [_json(row) for row in approvals.waiting(database, subject=_subject(session), now=_now(request))]


def _confirmed(request: Request, session: str, number: int, digest: str, caller: Caller) -> tuple[Actor, Asked]:
    """Who gives the command, with the other as second; a confirmation of one's own that stands already is as good."""
    with request.app.state.store.write(lock="accounts") as database:
        row = _of_session(database.get(Approval, number), session)
        again = row.confirmed is True and row.settled_by == caller.account_id and row.digest == digest
        if not again:
            row = approvals.confirm(database, caller, number, digest=digest, now=_now(request))
        proposer = Actor(name=people.get(database, row.proposed_by).name, role=row.proposed_role)
        payload = row.payload
    asked = read_command(payload.encode())
    assert isinstance(asked, Asked)
    confirmer = Actor(name=caller.name, role=caller.role.value)
    gives, seconds = (proposer, confirmer) if may_give(proposer, asked.command) else (confirmer, proposer)
    return Actor(name=gives.name, role=gives.role, second=seconds.name), asked


def _refused(request: Request, session: str, number: int, caller: Caller) -> Approval:
    with request.app.state.store.write(lock="accounts") as database:
        _of_session(database.get(Approval, number), session)
        return approvals.refuse(database, caller, number, now=_now(request))


def _of_session(row: Approval | None, session: str) -> Approval:
    if row is None or row.subject != _subject(session):
        raise RefusedError("Không có đề nghị này.", "There is no such proposal.", status=404)
    return row


def _subject(session: str) -> str:
    return f"session:{session}"


def _now(request: Request) -> datetime:
    return gate_of(request).now()


def _json(row: Approval) -> dict[str, Any]:
    return {
        "proposal": row.id,
        "action": row.action,
        **orjson.loads(row.payload),
        "digest": row.digest,
        "proposed_role": row.proposed_role,
        "between": row.between.split(","),
        "expires_at": row.expires_at.isoformat(),
        "confirmed": row.confirmed,
    }
