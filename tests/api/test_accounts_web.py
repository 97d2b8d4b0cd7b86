"""Accounts over HTTP: pages and ``/v1/auth``: cookies, forged requests, keys, roles, what a device is told; no secret in an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts import sessions
from api.accounts.people import disable, get
from api.accounts.roles import Role
from api.store.engine import Store
from tests.api.accounts import CONSOLE, PASSWORD, Clock, application, browser, make, mark, send, sign_in

OPEN = ["/licences", "/calculator", "/law", "/import", "/v1/schema/licence_right_fee", "/healthz", "/openapi.json"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(sqlite_store: Store, clock: Clock) -> FastAPI:
    return application(sqlite_store, clock)


@pytest.fixture
def served(store: Store, clock: Clock) -> FastAPI:
    """The same on both databases."""
    return application(store, clock)


def words_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("path", OPEN)
def test_what_was_open_stays_open(app: FastAPI, path: str) -> None:
    assert browser(app).get(path).status_code == 200


def test_the_first_visit_says_how_the_first_account_is_made(app: FastAPI) -> None:
    assert "khoangsan account add" in words_of(browser(app).get("/login"))
    make(app.state.store, "quantri")
    assert "khoangsan account add" not in words_of(browser(app).get("/login"))


def test_sign_in_work_and_sign_out(served: FastAPI) -> None:
    make(served.state.store, "thuky", Role.CLERK)
    one = browser(served)
    assert one.get("/account").headers["location"] == "/login?next=%2Faccount"
    assert one.get("/v1/door/chair").status_code == 401
    assert sign_in(one, "ThuKy", back="/v1/door/chair").headers["location"] == "/v1/door/chair"
    assert one.get("/v1/door/chair").json() == {"name": "thuky", "role": "clerk"}
    assert "Thư ký phiên đấu giá" in words_of(one.get("/account"))
    assert one.get("/login").headers["location"] == "/account"
    kept = one.cookies["khoangsan_session"]
    assert send(one, "/logout", "/account").headers["location"] == "/login"
    assert one.get("/v1/door/chair").status_code == 401
    one.cookies.set("khoangsan_session", kept)
    assert one.get("/v1/door/chair").status_code == 401


def test_cookies_are_shut_to_scripts_and_on_https_to_neighbours(app: FastAPI) -> None:
    make(app.state.store, "thuky", Role.CLERK)
    plain = sign_in(browser(app), "thuky").headers.get_list("set-cookie")
    secure = sign_in(browser(app, base="https://testserver"), "thuky").headers.get_list("set-cookie")
    assert len(plain) == len(secure) == 2
    assert all("HttpOnly" in one and "SameSite=lax" in one and "Path=/" in one for one in [*plain, *secure])
    assert all("Secure" in one and one.startswith("__Host-") and "Domain" not in one for one in secure)
    assert not any("Secure" in one for one in plain)


def test_the_second_device_of_a_bidder_ends_the_first_and_both_are_told(served: FastAPI) -> None:
    make(served.state.store, "congty", Role.BIDDER)
    first, second = browser(served), browser(served, "192.0.2.77")
    assert sign_in(first, "congty", back="/licences").headers["location"] == "/licences"
    assert first.get("/account").status_code == 200
    assert sign_in(second, "congty", back="/licences").headers["location"] == "/account"
    assert "đã đăng xuất thiết bị trước" in words_of(second.get("/account"))
    assert second.get("/v1/auth/account").json()["replaced"] == 1
    told = words_of(first.get(first.get("/account").headers["location"]))
    assert "đăng nhập trên một thiết bị khác" in told
    assert "192.0.2.77" in told
    answer = first.get("/v1/auth/account")
    assert answer.status_code == 401
    assert "signed in on another device" in answer.json()["error"]["message_en"]
    assert answer.headers["www-authenticate"] == "Bearer"


def test_sessions_end_when_idle_and_in_any_case_after_a_day(app: FastAPI, clock: Clock) -> None:
    make(app.state.store, "thuky", Role.CLERK)
    one = browser(app)
    sign_in(one, "thuky")
    clock.wait(sessions.IDLE)
    assert "Đã lâu không có thao tác" in words_of(one.get("/login"))
    sign_in(one, "thuky")
    began = clock.at
    while clock.at + sessions.IDLE / 2 < began + sessions.LONGEST:
        clock.wait(sessions.IDLE / 2)
        assert one.get("/v1/door/chair").status_code == 200
    clock.wait(sessions.IDLE / 2)
    assert one.get("/v1/door/chair").status_code == 401
    assert "hết thời hạn" in words_of(one.get("/login"))


def test_what_another_process_changed_is_seen_within_a_second(served: FastAPI, clock: Clock) -> None:
    held = make(served.state.store, "thuky", Role.CLERK)
    one, machine = browser(served), browser(served)
    sign_in(one, "thuky")
    page = send(one, "/account/keys", "/account", do="new", label="máy cân", role="clerk")
    key = str(BeautifulSoup(page.text, "html.parser").find(id="secret")["value"])  # type: ignore[index]
    assert one.get("/v1/door/chair").status_code == 200
    assert machine.get("/v1/door/chair", headers=bearer(key)).status_code == 200
    with served.state.store.write() as session:
        disable(session, get(session, held.id or 0), actor=CONSOLE, now=clock.at)
    clock.wait(timedelta(seconds=1))
    assert one.get("/v1/door/chair").status_code == 401
    assert machine.get("/v1/door/chair", headers=bearer(key)).status_code == 401
    assert "Tài khoản đã bị khóa" in words_of(one.get("/login"))


def test_a_form_of_another_site_changes_nothing(app: FastAPI) -> None:
    make(app.state.store, "quantri")
    one, other = browser(app), browser(app)
    sign_in(one, "quantri")
    sign_in(other, "quantri")
    forged = [
        ("/accounts", {"do": "add", "name": "kegian", "person": "Kẻ gian", "role": "operator"}),
        ("/account", {"do": "end_others"}),
        ("/account/keys", {"do": "new", "label": "x", "role": "operator"}),
        ("/logout", {}),
    ]
    for path, answers in forged:
        for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": mark(other.get("/account"))}):
            assert one.post(path, data={**answers, **token}).status_code == 403
    for sent in ({}, {"X-CSRF-Token": "ế" * 9}):
        headers = {name.encode(): value.encode() for name, value in sent.items()}
        assert one.post("/v1/door/anyone", headers=headers).status_code == 403
        assert (
            one.post("/v1/auth/account/keys", json={"label": "x", "role": "operator"}, headers=headers).status_code
            == 403
        )
    assert one.get("/account").status_code == 200
    assert len(one.get("/v1/auth/accounts").json()["accounts"]) == 1
    token = one.get("/v1/auth/account").json()["csrf"]
    assert one.post("/v1/door/anyone", headers={"X-CSRF-Token": token}).status_code == 200


def test_nobody_is_signed_in_by_another_site(app: FastAPI) -> None:
    make(app.state.store, "thuky", Role.CLERK)
    one = browser(app)
    answers = {"name": "thuky", "password": PASSWORD, "csrf": mark(one.get("/login"))}
    assert one.post("/login", data=answers, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert one.post("/login", data={**answers, "csrf": "khác"}).status_code == 403
    assert browser(app).post("/login", data=answers).status_code == 403
    body = {"name": "thuky", "password": PASSWORD}
    assert one.post("/v1/auth/login", json=body, headers={"Origin": "http://ke-gian.example"}).status_code == 403
    assert "khoangsan_session" not in one.cookies


@pytest.mark.parametrize(
    "back", ["//ke-gian.example", "https://ke-gian.example", "/\\ke-gian.example", "javascript:x", "/a\r\nSet-Cookie: a=b", "/logout", "x" * 2000]
)  # fmt: skip
def test_a_login_leads_to_this_site_alone(app: FastAPI, back: str) -> None:
    make(app.state.store, "thuky", Role.CLERK)
    location = sign_in(browser(app), "thuky", back=back).headers.get("location", "/account")
    assert location == "/account"


def test_a_wrong_password_is_never_sent_back_and_waits_are_told(app: FastAPI, clock: Clock) -> None:
    make(app.state.store, "thuky", Role.CLERK)
    one = browser(app)
    for _ in range(5):
        answer = sign_in(one, "thuky", "bí mật gõ nhầm")
        assert answer.status_code == 401
        assert "bí mật" not in answer.text
        assert "Tên đăng nhập hoặc mật khẩu không đúng" in words_of(answer)
    known, unknown = sign_in(one, "thuky"), None
    for _ in range(6):
        unknown = sign_in(browser(app, "192.0.2.9"), "khongco")
    assert unknown is not None
    assert known.status_code == unknown.status_code == 429
    assert known.headers["retry-after"] == unknown.headers["retry-after"] == "30"
    clock.wait(timedelta(seconds=30))
    assert sign_in(one, "thuky").status_code == 303


def test_a_first_password_must_be_changed_before_anything_else(app: FastAPI) -> None:
    make(app.state.store, "quantri")
    operator, clerk = browser(app), browser(app, "192.0.2.5")
    sign_in(operator, "quantri")
    made = send(operator, "/accounts", "/accounts", do="add", name="thuky", person="Lê Văn Thư", role="clerk")
    first = BeautifulSoup(made.text, "html.parser").find(id="told")["value"]  # type: ignore[index]
    assert str(first) not in operator.get("/accounts").text
    assert sign_in(clerk, "thuky", str(first), back="/licences").headers["location"] == "/account"
    assert clerk.get("/v1/door/chair").status_code == 403
    assert send(clerk, "/account/keys", "/account", do="new", label="x", role="clerk").status_code == 403
    for old, new, again, wrong in (
        ("sai", PASSWORD, PASSWORD, "old"),
        (str(first), "ngắn", "ngắn", "password"),
        (str(first), PASSWORD, "khác", "again"),
        (str(first), str(first), str(first), "password"),
    ):
        answer = send(clerk, "/account", "/account", do="password", old=old, password=new, again=again)
        assert answer.status_code == 422
        assert BeautifulSoup(answer.text, "html.parser").find(id=f"{wrong}-error") is not None
    done = send(clerk, "/account", "/account", do="password", old=str(first), password=PASSWORD, again=PASSWORD)
    assert done.status_code == 303
    assert clerk.get("/v1/door/chair").status_code == 200
    assert sign_in(browser(app), "thuky", str(first)).status_code == 401


def test_the_operator_shuts_and_opens_accounts(served: FastAPI) -> None:
    make(served.state.store, "quantri")
    held = make(served.state.store, "thuky", Role.CLERK)
    operator, clerk = browser(served), browser(served)
    sign_in(operator, "quantri")
    sign_in(clerk, "thuky")
    assert clerk.get("/accounts").status_code == 403
    assert send(operator, "/accounts", "/accounts", do="disable", account=str(held.id)).status_code == 303
    assert clerk.get("/v1/door/chair").status_code == 401
    assert sign_in(clerk, "thuky").status_code == 401
    assert send(operator, "/accounts", "/accounts", do="enable", account=str(held.id)).status_code == 303
    assert sign_in(clerk, "thuky").status_code == 303
    assert send(operator, "/accounts", "/accounts", do="reset", account=str(held.id)).status_code == 200
    assert clerk.get("/v1/door/chair").status_code == 401
    for do, number, status in (("disable", "1", 422), ("disable", "999", 404), ("reset", "x", 404), ("khác", "1", 422)):
        assert send(operator, "/accounts", "/accounts", do=do, account=number).status_code == status
    page = words_of(operator.get("/accounts?check=1"))
    assert "Chuỗi nhật ký nguyên vẹn" in page
    assert "Khóa tài khoản" in page


def test_keys(served: FastAPI) -> None:
    held = make(served.state.store, "thuky", Role.CLERK)
    one, machine = browser(served), browser(served)
    sign_in(one, "thuky")
    page = send(one, "/account/keys", "/account", do="new", label="máy cân", role="clerk")
    key = str(BeautifulSoup(page.text, "html.parser").find(id="secret")["value"])  # type: ignore[index]
    assert key not in one.get("/account").text
    assert machine.get("/v1/door/chair", headers=bearer(key)).json() == {"name": "thuky", "role": "clerk"}
    assert machine.post("/v1/door/anyone", headers=bearer(key)).status_code == 200
    assert machine.get(f"/v1/door/chair?key={key}").status_code == 401
    machine.cookies.set("khoangsan_session", key)
    assert machine.get("/v1/door/chair").status_code == 401
    assert machine.get("/account", headers=bearer(key)).status_code == 403
    token = one.cookies["khoangsan_session"]
    for wrong in (key[:-1], key + "x", "", "ks_", token, "ế", "x" * 10_000):
        assert (
            browser(served).get("/v1/door/chair", headers={b"Authorization": f"Bearer {wrong}".encode()}).status_code
            == 401
        )
    number = one.get("/v1/auth/account/keys").json()["keys"][0]["id"]
    assert send(one, "/account/keys", "/account", do="revoke", key=str(number)).status_code == 303
    assert machine.get("/v1/door/chair", headers=bearer(key)).status_code == 401
    assert held.id is not None


def test_a_key_cut_down_to_looking_on_does_no_more(app: FastAPI) -> None:
    make(app.state.store, "chutich", Role.CHAIR)
    one = browser(app)
    sign_in(one, "chutich")
    csrf = {"X-CSRF-Token": one.get("/v1/auth/account").json()["csrf"]}
    made = one.post("/v1/auth/account/keys", json={"label": "bảng điện tử", "role": "observer"}, headers=csrf)
    assert made.status_code == 201
    machine = browser(app)
    assert machine.get("/v1/door/chair", headers=bearer(made.json()["key"])).status_code == 403
    assert machine.get("/v1/auth/account", headers=bearer(made.json()["key"])).json()["role"] == "observer"
    assert machine.post("/v1/auth/account/keys", json={}, headers=bearer(made.json()["key"])).status_code in (403, 422)


def test_programs_sign_in_and_manage_accounts(served: FastAPI) -> None:
    make(served.state.store, "quantri")
    one = browser(served)
    answer = one.post("/v1/auth/login", json={"name": "quantri", "password": PASSWORD})
    csrf = {"X-CSRF-Token": answer.json()["csrf"]}
    assert answer.headers["cache-control"] == "no-store"
    new = {"name": "congty", "person": "Công ty thử", "role": "bidder"}
    made = one.post("/v1/auth/accounts", json=new, headers=csrf)
    assert made.status_code == 201
    assert one.post("/v1/auth/accounts", json=new, headers=csrf).status_code == 409
    wrong = one.post("/v1/auth/accounts", json={"name": "Ạ", "person": "", "role": "clerk"}, headers=csrf)
    assert [one["field"] for one in wrong.json()["errors"]] == ["name", "person"]
    number, first = made.json()["id"], made.json()["password"]
    bidder = browser(served)
    told = bidder.post("/v1/auth/login", json={"name": "congty", "password": first}).json()
    own = {"X-CSRF-Token": told["csrf"]}
    body = {"old": first, "password": PASSWORD}
    assert bidder.post("/v1/auth/account/password", json=body, headers=own).status_code == 204
    refused = bidder.post("/v1/auth/account/keys", json={"label": "máy", "role": "bidder"}, headers=own)
    assert refused.status_code == 403
    assert len(bidder.get("/v1/auth/account/sessions").json()["sessions"]) == 1
    assert bidder.get("/v1/auth/audit").status_code == 403
    for what, shown in (("disable", True), ("enable", False)):
        assert one.post(f"/v1/auth/accounts/{number}/{what}", headers=csrf).json()["disabled"] is shown
    assert one.post(f"/v1/auth/accounts/{number}/password", headers=csrf).json()["password"] != first
    trail = one.get("/v1/auth/audit?count=2").json()["entries"]
    assert [line["action"] for line in trail] == ["account.password_reset", "account.enable"]
    assert one.get(f"/v1/auth/audit?before={trail[-1]['seq']}").json()["entries"][0]["action"] == "account.disable"
    assert one.get("/v1/auth/audit/check").json()["ok"] is True
    assert one.post("/v1/auth/logout", headers=csrf).status_code == 204
    assert one.get("/v1/auth/account").status_code == 401


def test_a_refused_body_never_repeats_a_secret(app: FastAPI) -> None:
    one = browser(app)
    for body in (
        {"name": 1, "password": "bí mật"},
        {"name": "a", "password": ["bí mật"]},
        {"name": "a", "password": "bí mật", "x": 1},
    ):
        answer = one.post("/v1/auth/login", json=body)
        assert answer.status_code == 422
        assert "bí mật" not in answer.text


def test_no_door_takes_a_secret_in_an_address(app: FastAPI) -> None:
    secret = {"password", "token", "key", "csrf", "secret"}
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            asked = {one["name"] for one in operation.get("parameters", []) if one["in"] in ("query", "path")}
            assert not asked & secret, path


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_speak_both_languages(app: FastAPI, language: str) -> None:
    make(app.state.store, "quantri")
    one = browser(app)
    assert f'lang="{language}"' in one.get(f"/login?lang={language}").text
    sign_in(one, "quantri")
    for path in ("/account", "/accounts"):
        page = one.get(f"{path}?lang={language}")
        assert page.status_code == 200
        assert f'lang="{language}"' in page.text
    refused = send(one, "/accounts", "/accounts", do="add", name="", person="", role="")
    switch = BeautifulSoup(refused.text, "html.parser").find("a", class_="language")
    assert switch is not None
    assert str(switch["href"]).startswith("/accounts?")


_ANSWERS = st.dictionaries(
    st.sampled_from(["do", "name", "person", "role", "account", "key", "label", "old", "password", "again", "next"]),
    st.one_of(
        st.text(max_size=30), st.sampled_from(["add", "reset", "disable", "new", "revoke", "password", "\0", "9" * 400])
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(answers=_ANSWERS, path=st.sampled_from(["/login", "/account", "/account/keys", "/accounts"]))
def test_no_form_breaks_a_page(signed_in: TestClient, answers: dict[str, str], path: str) -> None:
    signed_in.headers["X-CSRF-Token"] = signed_in.get("/v1/auth/account").json()["csrf"]
    assert signed_in.post(path, data=answers).status_code < 500
    assert signed_in.post(path, content=b"\xff\0", headers={"Content-Type": "multipart/form-data"}).status_code < 500


@pytest.fixture
def signed_in(app: FastAPI) -> TestClient:
    make(app.state.store, "quantri")
    make(app.state.store, "quantri2")
    one = browser(app)
    sign_in(one, "quantri")
    return one
