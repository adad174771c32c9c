"""Signing up and in as programs and browsers do, and what a change of password ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.accounts import services
from apps.accounts.models import Account
from tests.accounts import cast

pytestmark = pytest.mark.django_db

PERSON = {"username": "alice", "password": cast.PASSWORD}


def post(client: Client, path: str, body: dict[str, Any], **options: Any) -> Any:
    return client.post(f"/_allauth/{path}", body, content_type="application/json", **options)


def test_a_program_signs_up_and_uses_its_token() -> None:
    answer = post(Client(), "app/v1/auth/signup", PERSON)
    token = answer.json()["meta"]["session_token"]
    listed = Client().get("/api/v1/characters", headers={"X-Session-Token": token})
    assert listed.json() == {"characters": [], "most": 5}


def test_a_program_without_a_cookie_makes_a_character_and_gets_a_ticket() -> None:
    token = post(Client(), "app/v1/auth/signup", PERSON).json()["meta"]["session_token"]
    headers = {"X-Session-Token": token}
    client = Client(enforce_csrf_checks=True)
    made = client.post(
        "/api/v1/characters", {"name": "Maren", "class": "anchorite"}, "application/json", headers=headers
    )
    body = {"character": made.json()["id"]}
    ticket = client.post("/api/v1/socket-tickets", body, "application/json", headers=headers)
    assert ticket.status_code == 201


def test_a_browser_signs_up_and_is_signed_in() -> None:
    client = Client()
    assert post(client, "browser/v1/auth/signup", PERSON).status_code == 200
    assert client.get("/_allauth/browser/v1/auth/session").json()["data"]["user"]["username"] == "alice"


def test_an_account_reads_the_language_that_it_was_made_in() -> None:
    post(Client(), "app/v1/auth/signup", PERSON, headers={"Accept-Language": "fr"})
    assert Account.objects.get().language == "fr"


@pytest.mark.parametrize("name", ["Alice", "ALICE"])
def test_a_name_is_taken_in_any_case(name: str) -> None:
    cast.account("alice")
    assert post(Client(), "app/v1/auth/signup", {**PERSON, "username": name}).status_code == 400


@pytest.mark.parametrize("name", ["al", "a" * 33, "al ice", "Аlice", "<b>", "alice\u202e"])
def test_a_strange_account_name_is_refused(name: str) -> None:
    assert post(Client(), "app/v1/auth/signup", {**PERSON, "username": name}).status_code == 400
    assert not Account.objects.exists()


@pytest.mark.parametrize("password", ["short", "password", "12345678"])
def test_a_weak_password_is_refused(password: str) -> None:
    assert post(Client(), "app/v1/auth/signup", {**PERSON, "password": password}).status_code == 400


def test_a_change_of_password_ends_the_other_sessions_and_closes_sockets(
    closed: list[tuple[object, ...]],
) -> None:
    alice = cast.account("alice")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        post(client, "browser/v1/auth/login", PERSON)

    change = {"current_password": cast.PASSWORD, "new_password": "another horse battery"}
    assert post(here, "browser/v1/account/password/change", change).status_code == 200

    assert here.get("/api/v1/characters").status_code == 200
    assert elsewhere.get("/api/v1/characters").status_code == 401
    assert ("account", alice.pk, 4401, "password_changed") in closed


def test_signing_out_closes_the_sockets_of_that_session(closed: list[tuple[object, ...]]) -> None:
    cast.account("alice")
    client = Client()
    post(client, "browser/v1/auth/login", PERSON)
    key = client.session.session_key
    client.delete("/_allauth/browser/v1/auth/session")
    assert closed == [("login", key, 4401, "signed_out")]


def test_a_banned_player_is_told_why_and_until_when() -> None:
    alice = cast.account("alice")
    services.ban(actor=cast.game_master(), account_id=alice.pk, until=cast.in_an_hour(), reason="botting")
    answer = post(Client(), "app/v1/auth/login", PERSON, headers={"Accept-Language": "fr"})
    assert answer.status_code == 403
    assert "botting" in answer.json()["message"]
    assert "UTC" in answer.json()["message"]
    assert answer.json()["errors"][0]["code"] == "accounts.banned"


def test_a_ban_that_has_ended_lets_in_again() -> None:
    alice = cast.account("alice")
    gwen = cast.game_master()
    services.ban(actor=gwen, account_id=alice.pk, until=cast.in_an_hour(), reason="botting")
    services.unban(actor=gwen, account_id=alice.pk, reason="mistake")
    assert post(Client(), "app/v1/auth/login", PERSON).status_code == 200
