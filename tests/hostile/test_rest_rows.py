"""The H rows, and the A and C rows that meet REST: bad requests get a typed refusal and change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aether.kernel.live import redis
from apps.accounts import services
from apps.accounts.models import Account, Character
from tests.accounts import cast

pytestmark = pytest.mark.django_db

JSON = "application/json"
LOGIN = "/_allauth/app/v1/auth/login"
SIGN_UP = "/_allauth/app/v1/auth/signup"
NEW = {"name": "Maren", "class": "anchorite"}
ADDRESSES = ("/api/v1/characters", "/api/v1/classes", "/api/v1/socket-tickets", LOGIN, SIGN_UP)


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    yield
    cache.clear()
    redis().flushdb()


@pytest.fixture
def alice() -> Account:
    return cast.account("alice")


@pytest.fixture
def client(alice: Account) -> Client:
    return cast.signed_in(alice)


def post(client: Client, body: Any, path: str = "/api/v1/characters", **options: Any) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(path, data, content_type=options.pop("content_type", JSON), **options)


def is_refusal(answer: Any, status: int, code: str) -> bool:
    body = answer.json()
    return (answer.status_code, body["code"]) == (status, code) and {"message", "details"} <= set(body)


def test_h01_a_browser_without_csrf_token_is_refused(alice: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert is_refusal(post(client, NEW), 403, "csrf_failed")
    assert not Character.objects.exists()


def test_h01_a_foreign_origin_is_refused_even_with_the_token(alice: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/en/")
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    assert is_refusal(post(client, NEW, headers=headers), 403, "csrf_failed")
    assert post(client, NEW, headers={"X-CSRFToken": token}).status_code == 201


def test_h01_the_sign_in_of_browsers_asks_for_a_csrf_token(alice: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    body = {"username": "alice", "password": cast.PASSWORD}
    answer = post(client, body, "/_allauth/browser/v1/auth/login")
    assert is_refusal(answer, 403, "csrf_failed")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_h01_json_under_another_name_is_refused(client: Client, content_type: str) -> None:
    assert is_refusal(post(client, NEW, content_type=content_type), 415, "unsupported_media_type")


def test_h01_the_method_cannot_be_overridden(client: Client) -> None:
    answer = client.get("/api/v1/characters", headers={"X-HTTP-Method-Override": "POST"})
    assert "characters" in answer.json()


def test_h02_a_body_over_the_limit_is_refused(client: Client) -> None:
    answer = post(client, {"name": "M" * 300_000, "class": "anchorite"})
    assert is_refusal(answer, 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"name": "Maren", "name": "Edda", "class": "anchorite"}',
        b'{"name": NaN, "class": "anchorite"}',
        b'{"name": "Mar\\u0000en", "class": "anchorite"}',
        b'{"name": "Mar\\ud800en", "class": "anchorite"}',
        b"[]",
        b"1",
        b"null",
    ],
)
def test_h02_a_body_that_is_no_plain_object_is_refused(client: Client, body: bytes) -> None:
    assert is_refusal(post(client, body), 400, "bad_json")


@pytest.mark.parametrize(
    "query", ["?order_by=owner__password", "?filter[__class]=1", "?name=' OR 1=1 --", "?page_size=1000000000"]
)
def test_h03_h04_what_nobody_asked_for_has_no_effect(client: Client, alice: Account, query: str) -> None:
    cast.character(alice)
    assert len(client.get("/api/v1/characters" + query).json()["characters"]) == 1


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/api/v1/characters", "/api/v1/socket-tickets"])
def test_h05_other_verbs_are_refused(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert is_refusal(answer, 405, "method_not_allowed")


def test_h05_unknown_fields_are_refused_by_name(client: Client) -> None:
    answer = post(client, {**NEW, "xp_total": 10**6, "is_gm": True})
    assert is_refusal(answer, 400, "unknown_field")
    assert not Character.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Maren"},
        {"name": 5, "class": "anchorite"},
        {"name": True, "class": "anchorite"},
        {"name": ["Maren"], "class": "anchorite"},
        {"name": None, "class": None},
    ],
)
def test_h05_missing_and_wrong_fields_are_refused(client: Client, body: dict[str, Any]) -> None:
    assert is_refusal(post(client, body), 400, "bad_request")


def test_h05_no_body_at_all_is_refused(client: Client) -> None:
    assert is_refusal(post(client, b""), 400, "bad_request")


@pytest.mark.parametrize("character", ["1", 1.0, True, 0, -1, 2**63, [1]])
def test_h05_an_id_of_another_type_is_refused(client: Client, character: Any) -> None:
    answer = post(client, {"character": character}, "/api/v1/socket-tickets")
    assert answer.status_code == 400


def test_h06_two_requests_for_one_name_make_one_character(client: Client, alice: Account) -> None:
    assert post(client, NEW).status_code == 201
    assert is_refusal(post(client, NEW), 409, "accounts.name_taken")
    assert Character.objects.count() == 1


def test_h07_a_foreign_host_is_refused() -> None:
    answer = Client().get("/api/v1/classes", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_h07_no_origin_is_let_in_from_elsewhere(client: Client, origin: str) -> None:
    answer = client.get("/api/v1/characters", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "/en//evil.example", "/\\evil.example"])
def test_h07_no_page_redirects_elsewhere(path: str) -> None:
    answer = Client().get(path)
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_h07_the_console_does_not_redirect_elsewhere(target: str) -> None:
    cast.game_master("gwen")
    answer = Client().post(f"/gm/login/?next={target}", {"username": "gwen", "password": cast.PASSWORD})
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


PROBES: list[Any] = [
    None,
    [],
    "x",
    5,
    {"name": None},
    {"name": {}, "class": []},
    {"name": "x" * 5000, "class": "y" * 5000},
    {"character": {}},
    {"character": 10**400},
    {"username": None, "password": None},
    {"username": ["a"], "password": {"b": 1}},
    {"username": "a\x00b", "password": "\x00" * 10},
    {"username": "a" * 10_000, "password": "b" * 10_000},
    {"username": "\ud800", "password": "pw"},
    {"username": "alice", "password": "\ud800"},
]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("body", PROBES, ids=range(len(PROBES)))
def test_h08_no_body_makes_the_server_fail(client: Client, path: str, body: Any) -> None:
    for visitor in (client, Client()):
        answer = post(visitor, body, path)
        assert answer.status_code < 500
        assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/api/v1/characters/../../etc/passwd", "/api/v1/%00", "/api/v1/characters%0d%0aX: y"],
)
def test_h08_an_unknown_address_is_a_typed_refusal(path: str) -> None:
    assert is_refusal(Client().get(path), 404, "not_found")


def test_h08_a_bug_shows_a_reference_and_no_traceback(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_arguments: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(services, "create_character", fail)
    answer = post(client, NEW)
    assert is_refusal(answer, 500, "internal")
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["auth/password/request", "auth/password/reset", "account/email"])
def test_h09_what_needs_a_mail_is_closed(client: Client, kind: str) -> None:
    answer = post(client, {"email": "alice@example.com"}, f"/_allauth/browser/v1/{kind}")
    assert is_refusal(answer, 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/characters", "/api/v1/socket-tickets"])
def test_h10_without_a_session_nothing_is_told(path: str) -> None:
    assert is_refusal(post(Client(), NEW, path), 401, "not_authenticated")


def test_h10_a_player_cannot_enter_the_console(client: Client) -> None:
    assert client.get("/gm/accounts/account/").status_code == 302


def test_a07_guesses_end_after_five_for_one_name_and_address(alice: Account) -> None:
    guess = {"username": "alice", "password": "wrong"}
    codes = [post(Client(), guess, LOGIN).json()["errors"][0]["code"] for _ in range(7)]
    assert codes[:5] == ["username_password_mismatch"] * 5
    assert codes[5:] == ["too_many_login_attempts"] * 2


def test_a07_guessing_does_not_lock_the_victim_out(alice: Account) -> None:
    for _ in range(6):
        post(Client(), {"username": "ALICE", "password": "wrong"}, LOGIN, REMOTE_ADDR="203.0.113.9")
    right = {"username": "alice", "password": cast.PASSWORD}
    assert post(Client(), right, LOGIN, REMOTE_ADDR="203.0.113.9").status_code == 400
    assert post(Client(), right, LOGIN, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a07_a_forged_forwarded_address_does_not_help(alice: Account) -> None:
    for number in range(6):
        guess = {"username": "alice", "password": "wrong"}
        answer = post(Client(), guess, LOGIN, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert answer.json()["errors"][0]["code"] == "too_many_login_attempts"


def test_a08_nobody_learns_which_names_exist(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode
    monkeypatch.setattr(
        type(hasher),
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    known = post(Client(), {"username": "alice", "password": "wrong"}, LOGIN)
    for_known = len(hashed)
    unknown = post(Client(), {"username": "nobody", "password": "wrong"}, LOGIN)

    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert len(hashed) - for_known == for_known == 1


def test_a08_a_ban_is_told_only_to_who_knows_the_password(alice: Account) -> None:
    services.ban(actor=cast.game_master(), account_id=alice.pk, until=None, reason="botting")
    wrong = post(Client(), {"username": "alice", "password": "wrong"}, LOGIN)
    right = post(Client(), {"username": "alice", "password": cast.PASSWORD}, LOGIN)
    assert wrong.json()["errors"][0]["code"] == "username_password_mismatch"
    assert is_refusal(right, 403, "accounts.banned")
    assert "botting" in right.json()["message"]


def test_a09_signing_in_changes_the_session_and_its_cookie_is_guarded(alice: Account) -> None:
    client = Client()
    client.get("/_allauth/browser/v1/config")
    before = client.cookies.get("sessionid")
    post(client, {"username": "alice", "password": cast.PASSWORD}, "/_allauth/browser/v1/auth/login")
    cookie = client.cookies["sessionid"]
    assert before is None or before.value != cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a11_a_character_of_another_account_gets_no_ticket(client: Client) -> None:
    maren = cast.character(cast.account("bob"))
    for character in (maren.id, 999_999):
        answer = post(client, {"character": character}, "/api/v1/socket-tickets")
        assert is_refusal(answer, 404, "not_found")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "Mar\u202een", "%s{0}"])
def test_c01_c08_names_with_markup_are_refused(client: Client, name: str) -> None:
    assert post(client, {"name": name, "class": "anchorite"}).status_code == 400
    assert not Character.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "most=1000000000",
        "most=-1",
        "most=1e3",
        "before=0",
        "before=99999999999999999999",
        "before=1%00",
        "character=" + ",".join(map(str, range(10_000))),
    ],
)
def test_h04_a_list_of_battles_has_pages_of_a_bounded_size(
    client: Client, alice: Account, query: str
) -> None:
    maren = cast.character(alice)
    answer = client.get(f"/api/v1/battles?character={maren.id}&{query}")
    assert is_refusal(answer, 400, "bad_request")


@pytest.mark.parametrize("number", ["0" * 19 + "1" + "9" * 30, "1" * 5000, "9" * 20, "٣", "-1", "1.0"])
@pytest.mark.parametrize("what", ["movements", "mail", "orders", "dice"])
def test_h04_a_number_that_is_none_is_refused(client: Client, alice: Account, what: str, number: str) -> None:
    maren = cast.character(alice)
    answer = client.get(f"/api/v1/characters/{maren.id}/{what}", {"before": number})
    assert is_refusal(answer, 400, "bad_request")


def test_h04_a_deep_page_is_found_by_its_cursor(client: Client, alice: Account) -> None:
    maren = cast.character(alice)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/api/v1/battles?character={maren.id}&before=9007199254740991&most=100")
    assert answer.json() == {"battles": [], "next": None}
    assert "OFFSET" not in str(queries.captured_queries)
    assert len(queries) <= 8


def test_a_ticket_opens_the_socket_of_the_same_host(client: Client, alice: Account) -> None:
    maren = cast.character(alice)
    answer = post(client, {"character": maren.id}, "/api/v1/socket-tickets").json()
    assert (answer["expires_in"], answer["url"]) == (30, "ws://testserver/ws/")
    assert len(answer["ticket"]) >= 32


def test_refusals_speak_the_language_of_the_caller(client: Client) -> None:
    answer = post(client, {"name": "Al", "class": "anchorite"}, headers={"Accept-Language": "fr"})
    assert answer.json()["message"] == "Un nom compte de 3 à 16 lettres."


def test_the_list_of_characters_takes_few_queries(client: Client, alice: Account) -> None:
    for name in ("Ana", "Bea", "Cleo"):
        cast.character(alice, name)
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/characters")
    assert len(queries) <= 3
