"""``/v1/sessions``: auction sessions for programs: commands in, the durable log out, a live stream beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from fastapi.routing import APIRoute

from api.pages.guard import same_site
from api.sessions import answers
from api.sessions.actors import Actor, acting, acts_as, current_actor, reads_all
from api.sessions.board import board
from api.sessions.reading import LONGEST, Asked, is_name, read_command, read_plan
from api.sessions.service import Sessions
from api.sessions.stream import EventStream
from api.sessions.writer import BusyError, NameTakenError, NoSessionError, NotDecidedError, UnknownOutcomeError
from api.store.engine import StoreError
from auction_engine.commands import Order
from auction_engine.minutes import statement
from auction_engine.session import KeyReusedError
from auction_engine.state import State
from rules.errors import Code, Problem

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])
Name = Annotated[str, Path(max_length=64, description="Tên phiên / Name of the session")]
Reader = Annotated[Actor, Depends(current_actor)]
Sender = Annotated[Actor, Depends(acting)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
_JSON_LINES: Final = "application/x-ndjson"
_PAGE: Final = 200
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
    "description": "Cùng khóa và cùng lệnh: cùng trả lời; cùng khóa, lệnh khác: 422 / Same key and command: same answer; same key, other command: 422",
}
_NAME: Final = {
    "name": "session",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "Tên phiên / Name of the session",
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "Chưa đăng nhập / Not signed in"},
    403: {"description": "Không được phép / Not allowed"},
    404: {"description": "Không có phiên này / No such session"},
    409: {"description": "Bị từ chối, có trong nhật ký / Refused, and in the log"},
    422: {"description": "Lệnh sai, không ghi / Malformed, not in the log"},
    503: {"description": "Chưa ghi được: gửi lại với cùng khóa / Not written: send again with the same key"},
}


def _body(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {
        "parameters": [*parameters, _KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
    }


@router.post(
    "",
    status_code=201,
    summary="Mở hồ sơ phiên từ kế hoạch đã duyệt / Begin a session from its approved plan",
    openapi_extra=_body("AuctionPlan"),
    responses=_RESPONSES,
)
async def begin(request: Request, actor: Sender) -> Response:
    """A session begins with its approved plan. Without a name it is named after its key."""
    asked = await asked_of(request, read_plan)
    if isinstance(asked, Response):
        return asked
    key = _key(request)
    if isinstance(key, Response):
        return key
    name = asked.session or "s-" + hashlib.sha256(f"{actor.name}\0{key}".encode()).hexdigest()[:16]
    return await answer_to(request, actor, asked, name, key, creates=True)


async def give(request: Request) -> Response:
    """One command; answered once its entry is durable. A refusal (409) is an entry too, with its article."""
    acts = request.app.dependency_overrides.get(acting, acting)
    actor: Actor = await acts(request)
    asked = await asked_of(request, read_command)
    if isinstance(asked, Response):
        return asked
    key = _key(request)
    if isinstance(key, Response):
        return key
    return await answer_to(request, actor, asked, request.path_params["session"], key)


class _Bare(APIRoute):
    """A route whose function reads the request itself: nothing is worked out of it before, which is half of what a bid costs."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


router.add_api_route(
    "/{session}/commands",
    give,
    methods=["POST"],
    summary="Gửi một lệnh / Give a command",
    openapi_extra=_body("AuctionOrder", _NAME),
    responses=_RESPONSES,
    route_class_override=_Bare,
)


@router.get("", summary="Danh sách phiên / List of sessions")
async def several(request: Request, after: Annotated[str, Query(max_length=64)] = "") -> list[dict[str, Any]]:
    """Sessions by name, two hundred at a time; ``after`` is the last name of the page before."""
    found = await run_in_threadpool(sessions_of(request).read_list, after, _PAGE)
    return [one._asdict() for one in found]


@router.get("/{session}", summary="Trạng thái / State", responses={404: _RESPONSES[404]})
async def state(request: Request, session: Name, actor: Reader) -> dict[str, Any]:
    """The live state: with bidders and deadlines for those who work on the session and for everybody once it is over."""
    found = await state_of(request, session)
    return {**board(found, whole=reads_all(actor, found)), "server_time": sessions_of(request).clock()}


@router.get("/{session}/log", summary="Nhật ký (JSON Lines) / The log", responses={404: _RESPONSES[404]})
async def log(request: Request, session: Name, actor: Reader, after: After = 0) -> Response:
    """The log after a sequence, one entry a line, each with its hash and that of the entry before."""
    await _whole(request, session, actor)
    return StreamingResponse(sessions_of(request).read_lines(session, after), media_type=_JSON_LINES)


@router.get("/{session}/bids", summary="Các lần trả giá / Bids", responses={404: _RESPONSES[404]})
async def valid_bids(request: Request, session: Name, actor: Reader, after: After = 0) -> list[dict[str, Any]]:
    """Valid bids among the thousand entries after a sequence."""
    found = await state_of(request, session)
    whole = reads_all(actor, found)
    return await run_in_threadpool(sessions_of(request).read_bids, session, after, whole=whole)


@router.get("/{session}/minutes", summary="Biên bản / Minutes", responses={404: _RESPONSES[404]})
async def minutes(request: Request, session: Name, actor: Reader) -> dict[str, Any]:
    """The minutes with deposits and deadlines, derived from the log."""
    return statement(await _whole(request, session, actor))


@router.get("/{session}/receipts/{seq}", summary="Biên nhận / Receipt of an entry", responses={404: _RESPONSES[404]})
async def receipt(request: Request, session: Name, seq: Annotated[int, Path(ge=1, lt=1 << 62)], actor: Reader) -> Any:
    """A signed proof that an entry is in the log: for its sender, for those who work on the session, for all once it is over."""
    sessions, found = sessions_of(request), await state_of(request, session)
    try:
        entry = await run_in_threadpool(sessions.read_entry, session, seq)
        if not reads_all(actor, found) and (not actor.name or entry.order.by != actor.name):
            raise _closed()
        proof = await run_in_threadpool(sessions.notary.receipt, session, seq)
    except LookupError:
        raise HTTPException(404, "Nhật ký không có sự kiện này / the log has no such entry") from None
    return {**proof.json(), "public_key": sessions.notary.public_key()}


@router.get("/{session}/bundle", summary="Gói kiểm toán / Audit bundle", responses={404: _RESPONSES[404]})
async def bundle(request: Request, session: Name, actor: Reader) -> Response:
    """Log, checkpoints and claims in one file for ``khoangsan session verify``."""
    await _whole(request, session, actor)
    try:
        text = await run_in_threadpool(sessions_of(request).notary.bundle, session)
    except LookupError:
        raise absent() from None
    headers = {"Content-Disposition": f'attachment; filename="{session}.jsonl"'}
    return Response(text, media_type=_JSON_LINES, headers=headers)


@router.get(
    "/{session}/stream",
    summary="Bảng trực tiếp (SSE) / Live board",
    responses={200: {"content": {"text/event-stream": {}}}, 404: _RESPONSES[404]},
)
async def stream(request: Request, session: Name, actor: Reader) -> Response:
    """Events ``bid`` and ``state`` as they become durable; ``Last-Event-ID`` goes on from the log where a stream was cut.

    One who reads too slowly is given event ``gap`` and the latest state; ``/bids`` holds what lies between.
    """
    found = await state_of(request, session)
    last = request.headers.get("Last-Event-ID", "")
    sent = int(last) if last.isascii() and last.isdigit() and len(last) < _DIGITS else None
    return EventStream(
        sessions_of(request),
        found,
        whole=reads_all(actor, found),
        name=actor.name if actor.role == "bidder" else "",
        last_event_id=sent if sent is not None and sent <= found.seq else None,
    )


_DIGITS: Final = 18


async def answer_to(
    request: Request, actor: Actor, asked: Asked, name: str, key: str, *, creates: bool = False
) -> Response:
    """The answer to an order, or why there is none."""
    role = acts_as(actor, asked.command)
    if role is None:
        raise _closed()
    order = Order(
        session=name,
        role=role,
        by=actor.name,
        command=asked.command,
        expected=asked.expected,
        second=actor.second,
        key=key,
    )
    try:
        entry = await sessions_of(request).submit(order, creates=creates)
    except NoSessionError:
        raise absent() from None
    except NameTakenError:
        return answers.wrong([_problem(("session",), "Đã có phiên tên này.", "There is a session of this name.")], 422)
    except KeyReusedError:
        return answers.wrong(
            [
                _problem(
                    ("Idempotency-Key",),
                    "Khóa này đã dùng cho một lệnh khác: hãy dùng khóa mới.",
                    "This key answered another command: use a new one.",
                )
            ],
            422,
        )
    except NotDecidedError:
        return answers.wrong(
            [_problem(("command",), "Không xử lý được lệnh này.", "This command cannot be processed.")], 422
        )
    except BusyError:
        return answers.not_written("Hệ thống đang quá tải.", "Too many commands are waiting.")
    except UnknownOutcomeError:
        return answers.not_written("Mất kết nối cơ sở dữ liệu khi đang ghi.", "The database was lost while writing.")
    except StoreError as error:
        return answers.not_written(error.message_vi, error.message_en)
    assert entry is not None
    return answers.entry_answer(entry, created=creates)


async def asked_of(request: Request, read: Any) -> Asked | Response:
    """What a request's body asks, or the answer to one that cannot be read."""
    same_site(request)
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > LONGEST:
            raise HTTPException(413, "Lệnh dài quá 64 KB / the command is longer than 64 KB")
    asked: Asked | list[Problem] = read(text)
    return answers.wrong(asked, 422) if isinstance(asked, list) else asked


def _key(request: Request) -> str | Response:
    key = request.headers.get("Idempotency-Key", "")
    if is_name(key):
        return key
    return answers.wrong(
        [
            _problem(
                ("Idempotency-Key",),
                "Cần tiêu đề Idempotency-Key: 1-64 chữ cái, chữ số, - hoặc _; mỗi lệnh một khóa.",
                "The header Idempotency-Key is needed: 1-64 letters, digits, - or _; one key for each command.",
            )
        ],
        422,
    )


def _problem(path: tuple[str, ...], vi: str, en: str) -> Problem:
    return Problem(code=Code.INVALID_INPUT, path=path, message_vi=vi, message_en=en)


def sessions_of(request: Request) -> Sessions:
    """The sessions of the application."""
    found: Sessions = request.app.state.sessions
    return found


async def state_of(request: Request, name: str) -> State:
    """The state of a session; 404 where there is none."""
    try:
        return await run_in_threadpool(sessions_of(request).read_state, name)
    except NoSessionError:
        raise absent() from None


async def _whole(request: Request, name: str, actor: Actor) -> State:
    """The state for somebody who may read the whole log; shut for others."""
    found = await state_of(request, name)
    if not reads_all(actor, found):
        raise _closed()
    return found


def absent() -> HTTPException:
    """There is no session of this name."""
    return HTTPException(404, "Không có phiên này / there is no such session")


def _closed() -> HTTPException:
    return HTTPException(
        403,
        "Chỉ người làm việc tại phiên được xem trước khi phiên kết thúc / "
        "Open to those who work on the session, and to all once it is over",
    )
