"""Accounts in the store: no secret kept, one device, waits that end, four eyes, a trail that shows every edit; both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel, select

from api.accounts import approvals, audit, keys, people, sessions, throttle
from api.accounts.callers import Caller
from api.accounts.models import Account, AccountSession, AuditEntry
from api.accounts.passwords import check_new, hash_password, is_password, nobodys_hash
from api.accounts.refusals import RefusedError
from api.accounts.roles import Role
from api.accounts.sign_in import SignedIn, sign_in
from api.store.engine import Store, open_store
from api.store.migrate import migrate
from tests.api.accounts import CONSOLE, PASSWORD, START, make

SECOND = timedelta(seconds=1)


def enter(store: Store, name: str, password: str = PASSWORD, **told: object) -> SignedIn:
    given = {"address": "192.0.2.1", "device": "", "old": "", "now": START, **told}
    return sign_in(store, name=name, password=password, **given)  # type: ignore[arg-type]


def all_text(store: Store) -> str:
    """Every value of every table."""
    with store.session() as session:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "licence"]
        return "\n".join(str(row) for table in tables for row in session.connection().execute(table.select()))


def test_the_tables_are_those_of_the_models(store: Store) -> None:
    ours = {"account", "login_", "approval", "audit_entry"}
    with store.session() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        different = [str(one) for one in compare_metadata(context, SQLModel.metadata)]
    assert [one for one in different if any(name in one for name in ours)] == []


def test_no_secret_is_kept_in_clear(store: Store) -> None:
    held = make(store, "thuky", Role.CLERK)
    found = enter(store, "thuky")
    with store.write(lock="accounts") as session:
        secret, key = keys.create(session, held, label="máy cân", role="observer", now=START)
    kept = all_text(store)
    assert key.hint in kept
    assert found.device is not None
    for one in (found.token, found.device, secret, PASSWORD):
        assert one not in kept
    assert "$argon2id$" in kept


def test_a_bidder_is_signed_in_once_however_many_try_at_the_same_time(store: Store) -> None:
    held = make(store, "congty", Role.BIDDER)
    devices = [enter(store, "congty").device for _ in range(2)]
    together = threading.Barrier(8)

    def one(number: int) -> SignedIn:
        together.wait()
        return enter(store, "congty", address=f"192.0.2.{number}", device=devices[number % 2])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert len({one.token for one in found}) == 8
    assert held.id is not None
    with store.session() as session:
        assert len(sessions.live_of(session, held.id, START)) == 1
        rows = session.exec(select(AccountSession)).all()
        assert [row.ended_by for row in rows if row.ended_at] == ["newer_login"] * 9
        assert audit.check(session).broken_at is None


def test_the_database_itself_refuses_a_second_live_device(store: Store) -> None:
    held = make(store, "congty", Role.BIDDER)
    row = enter(store, "congty").session
    copy = {**row.model_dump(), "id": None, "token_sha256": "another", "account_id": held.id}
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(AccountSession(**copy))
    with store.session() as session:
        assert len(session.exec(select(AccountSession)).all()) == 1


def test_others_may_be_signed_in_on_several_devices(store: Store) -> None:
    held = make(store, "chutich", Role.CHAIR)
    assert [enter(store, "chutich").session.replaced for _ in range(3)] == [0, 0, 0]
    assert held.id is not None
    with store.session() as session:
        assert len(sessions.live_of(session, held.id, START)) == 3


def test_unknown_wrong_and_disabled_get_one_answer(store: Store) -> None:
    make(store, "thuky", Role.CLERK)
    shut = make(store, "nghi", Role.CLERK)
    with store.write(lock="accounts") as session:
        people.disable(session, people.get(session, shut.id or 0), actor=CONSOLE, now=START)
    told = set()
    for name, password in (
        ("khongco", PASSWORD),
        ("thuky", "sai mật khẩu rồi"),
        ("nghi", PASSWORD),
        ("\0", ""),
        ("a" * 9000, "x"),
    ):
        with pytest.raises(RefusedError) as refused:
            enter(store, name, password)
        told.add((refused.value.status, str(refused.value)))
    assert len(told) == 1
    assert told.pop()[0] == 401


def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    kept = hash_password(PASSWORD)
    nobodys_hash()

    def took(known: str | None) -> float:
        began = perf_counter()
        assert not is_password("sai mật khẩu rồi", known)
        return perf_counter() - began

    spans = [(took(kept), took(None)) for _ in range(7)]
    known, unknown = (median(column) for column in zip(*spans, strict=True))
    assert 0.5 < unknown / known < 2


def test_a_password_is_the_same_however_the_keyboard_writes_it() -> None:
    kept = hash_password("mật khẩu tiếng Việt")
    assert is_password("mật khẩu tiếng Việt", kept)
    assert not is_password("mat khau tieng Viet", kept)
    assert not is_password("mật khẩu tiếng Việt" + "x" * 300, kept)
    assert not is_password("bất kỳ", "không phải dấu băm")


@pytest.mark.parametrize("password", ["", "ngắn quá", "a" * 20, "abababababab", "nguyenvan.an", "x1" + "y2z3" * 60])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_new(password, "nguyenvan.an")
    assert refused.value.field == "password"


def test_waits_double_and_never_lock_out_for_good(store: Store) -> None:
    tried = throttle.subjects(name="congty", address="2001:db8::1", device=None)
    now, waits = START, []
    for _ in range(40):
        with store.write() as session:
            wait = throttle.begin(session, tried, now)
        waits.append(wait)
        now += wait or timedelta()
    asked = [wait for wait in waits if wait is not None]
    assert waits[:5] == [None] * 5
    assert asked[:4] == [throttle.FIRST_WAIT * n for n in (1, 2, 4, 8)]
    assert max(asked) == throttle.LONGEST_WAIT
    with store.write() as session:
        assert throttle.begin(session, tried, now + throttle.FORGOTTEN_AFTER + SECOND) is None
        assert session.connection().execute(text("SELECT max(failures) FROM login_count")).scalar() == 1


@settings(max_examples=25)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 2_000)), max_size=60))
def test_whatever_is_tried_the_next_chance_is_a_quarter_of_an_hour_away_at_most(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int]]
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('throttle') / 'k.db'}")
    migrate(store)
    tried = throttle.subjects(name="congty", address="192.0.2.1", device=None)
    now = START
    for right, seconds in steps:
        with store.write() as session:
            wait = throttle.begin(session, tried, now)
            assert wait is None or timedelta() < wait <= throttle.LONGEST_WAIT
            if wait is None and right:
                throttle.forgive(session, tried)
        now += timedelta(seconds=seconds)
    with store.write() as session:
        assert throttle.begin(session, tried, now + throttle.LONGEST_WAIT) is None
    store.close()


def test_attempts_at_the_same_time_all_count(store: Store) -> None:
    make(store, "thuky", Role.CLERK)
    together = threading.Barrier(10)

    def one(_: int) -> int:
        together.wait()
        with pytest.raises(RefusedError) as refused:
            enter(store, "thuky", "sai mật khẩu rồi")
        return refused.value.status

    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(one, range(10)))
    assert (told.count(401), told.count(429)) == (5, 5)


def test_a_rival_who_fails_on_purpose_keeps_no_known_device_out(store: Store) -> None:
    make(store, "congty", Role.BIDDER)
    mark = enter(store, "congty").device
    for _ in range(6):
        with pytest.raises(RefusedError):
            enter(store, "congty", "sai mật khẩu rồi")
    with pytest.raises(RefusedError) as refused:
        enter(store, "congty")
    assert refused.value.status == 429
    assert refused.value.retry_after == 30
    assert enter(store, "congty", device=mark).session.replaced == 1
    with pytest.raises(RefusedError):
        enter(store, "congty", device="x" * 43)


def test_addresses_of_one_network_count_together() -> None:
    keys_of = [
        throttle.subjects(name="a", address=one, device=None)[1].key
        for one in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1", "::ffff:192.0.2.1", "192.0.2.1", "không rõ")
    ]
    assert keys_of[0] == keys_of[1] != keys_of[2]
    assert keys_of[3] == keys_of[4]


def test_a_password_changed_during_the_check_signs_nobody_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    held = make(store, "thuky", Role.CLERK)
    from api.accounts import sign_in as module

    def changed_meanwhile(password: str, kept: str | None) -> bool:
        with store.write(lock="accounts") as session:
            account = people.get(session, held.id or 0)
            people.reset_password(session, account, "khác", must_change=True, actor=CONSOLE, now=START)
        return is_password(password, kept)

    monkeypatch.setattr(module, "is_password", changed_meanwhile)
    with pytest.raises(RefusedError) as refused:
        enter(store, "thuky")
    assert refused.value.status == 401


def test_everything_wrong_with_a_new_account_is_said_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        people.read_new(name="Có dấu", person=" \u202e ", role="public", password="ngắn")
    assert [one.field for one in refused.value.all] == ["name", "person", "role", "password"]


def test_names_are_taken_once(store: Store) -> None:
    make(store, "thuky", Role.CLERK)
    new = people.read_new(name=" ThuKy ", person="Ai đó", role="clerk", password=PASSWORD)
    with pytest.raises(RefusedError) as refused, store.write() as session:
        people.add(session, new, must_change=False, actor=CONSOLE, now=START)
    assert refused.value.status == 409


def test_the_last_operator_stays(store: Store) -> None:
    first, second = make(store, "mot"), make(store, "hai")
    with store.write() as session:
        people.disable(session, people.get(session, first.id or 0), actor=CONSOLE, now=START)
    with pytest.raises(RefusedError), store.write() as session:
        people.disable(session, people.get(session, second.id or 0), actor=CONSOLE, now=START)
    with store.write() as session:
        people.enable(session, people.get(session, first.id or 0), actor=CONSOLE, now=START)
        people.disable(session, people.get(session, second.id or 0), actor=CONSOLE, now=START)
    with store.session() as session:
        assert [bool(one.disabled_at) for one in people.list_accounts(session)] == [True, False]


def test_keys_are_for_machines_and_never_more_than_their_account(store: Store) -> None:
    clerk, bidder = make(store, "thuky", Role.CLERK), make(store, "congty", Role.BIDDER)
    with store.write() as session:
        for held, role in (
            (clerk, "chair"),
            (clerk, "operator"),
            (clerk, ""),
            (bidder, "bidder"),
            (bidder, "observer"),
        ):
            with pytest.raises(RefusedError):
                keys.create(session, held, label="máy", role=role, now=START)
        with pytest.raises(RefusedError):
            keys.create(session, clerk, label=" ", role="clerk", now=START)
        _, key = keys.create(session, clerk, label="máy", role="clerk", now=START)
        with pytest.raises(RefusedError):
            keys.revoke(session, bidder, key.id or 0, now=START)
        keys.revoke(session, clerk, key.id or 0, now=START)
        assert keys.of_secret(session, key.key_sha256) is None


def person(account: Account, **changes: object) -> Caller:
    told = {"account_id": account.id, "name": account.name, "person": account.person, "role": Role(account.role),
            "session_id": 1, **changes}  # fmt: skip
    return Caller(**told)  # type: ignore[arg-type]


def test_four_eyes(store: Store) -> None:
    chair, clerk = make(store, "chutich", Role.CHAIR), make(store, "thuky", Role.CLERK)
    other_chair, bidder = make(store, "chutich2", Role.CHAIR), make(store, "congty", Role.BIDDER)
    open_it = {"action": "OpenSession", "subject": "PHIEN-1", "payload": {"expected": 7}}
    with store.write() as session:
        row = approvals.propose(session, person(chair), now=START, **open_it)  # type: ignore[arg-type]
        number, digest = row.id or 0, row.digest
        assert [one.id for one in approvals.waiting(session, subject="PHIEN-1", now=START)] == [number]
        for who, seen, at, status in (
            (person(chair), digest, START, 403),
            (person(other_chair), digest, START, 403),
            (person(bidder), digest, START, 403),
            (person(clerk, session_id=None, key_id=1), digest, START, 403),
            (person(clerk), "0" * 64, START, 409),
            (person(clerk), digest, START + approvals.LASTS, 409),
        ):
            with pytest.raises(RefusedError) as refused:
                approvals.confirm(session, who, number, digest=seen, now=at)
            assert refused.value.status == status
        with pytest.raises(RefusedError):
            approvals.propose(session, person(bidder), now=START, **open_it)  # type: ignore[arg-type]
        done = approvals.confirm(session, person(clerk), number, digest=digest, now=START)
        assert (done.confirmed, done.settled_by, approvals.payload_of(done)) == (True, clerk.id, {"expected": 7})
        with pytest.raises(RefusedError):
            approvals.confirm(session, person(clerk), number, digest=digest, now=START)
        assert approvals.waiting(session, subject="PHIEN-1", now=START) == []


def test_a_proposal_is_confirmed_once_by_however_many_at_the_same_time(store: Store) -> None:
    chair, clerk = make(store, "chutich", Role.CHAIR), make(store, "thuky", Role.CLERK)
    with store.write() as session:
        row = approvals.propose(session, person(chair), action="Open", subject="P", payload={}, now=START)
    together = threading.Barrier(6)

    def one(_: int) -> bool:
        together.wait()
        try:
            with store.write() as session:
                approvals.confirm(session, person(clerk), row.id or 0, digest=row.digest, now=START)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 1


def test_a_new_proposal_of_the_same_replaces_the_old_and_a_refused_one_is_over(store: Store) -> None:
    chair, clerk = make(store, "chutich", Role.CHAIR), make(store, "thuky", Role.CLERK)
    with store.write() as session:
        first = approvals.propose(session, person(chair), action="Cancel", subject="P", payload={"why": 1}, now=START)
        second = approvals.propose(session, person(chair), action="Cancel", subject="P", payload={"why": 2}, now=START)
        assert [one.id for one in approvals.waiting(session, subject="P", now=START)] == [second.id]
        with pytest.raises(RefusedError):
            approvals.confirm(session, person(clerk), first.id or 0, digest=first.digest, now=START)
        approvals.refuse(session, person(clerk), second.id or 0, now=START)
        assert approvals.waiting(session, subject="P", now=START) == []


def test_the_trail_cannot_be_changed(store: Store) -> None:
    make(store, "thuky", Role.CLERK)
    for change in ("UPDATE audit_entry SET body = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError), store.write() as session:
            session.connection().execute(text(change))
    with store.session() as session:
        assert audit.check(session).lines == 1


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        ("UPDATE audit_entry SET body = replace(body, 'mot', 'tam') WHERE seq = 1", 1),
        ("UPDATE audit_entry SET hash = '00' WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 2", 2),
        ("UPDATE audit_entry SET seq = seq + 1 WHERE seq = 3", 3),
        ("UPDATE audit_entry SET body = body || ' ' WHERE seq = 3", 3),
    ],
)
def test_an_edit_past_the_guard_is_found(sqlite_store: Store, edit: str, broken: int) -> None:
    for name in ("mot", "hai", "bon"):
        make(sqlite_store, name, Role.CLERK)
    with sqlite_store.write() as session:
        for change in ("update", "delete"):
            session.connection().execute(text(f"DROP TRIGGER audit_entry_no_{change}"))
        session.connection().execute(text(edit))
    with sqlite_store.session() as session:
        assert audit.check(session).broken_at == broken


def test_the_trail_is_one_chain_whoever_writes_at_the_same_time(store: Store) -> None:
    together = threading.Barrier(6)

    def one(number: int) -> None:
        together.wait()
        for _ in range(10):
            with store.write(lock=f"writer {number}") as session:
                audit.record(session, by=f"người {number}", role="clerk", action="thử", subject="P", now=START)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(6)))
    with store.session() as session:
        assert audit.check(session) == audit.Checked(lines=60, head=_last(store), broken_at=None)


def _last(store: Store) -> str:
    with store.session() as session:
        return session.exec(select(AuditEntry.hash).where(AuditEntry.seq == 60)).one()
