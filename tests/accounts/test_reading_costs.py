"""What a client reads first costs few queries: whoever signs in asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aether.kernel import clock
from aether.kernel.rest import AccountThrottle
from tests.accounts import cast

pytestmark = pytest.mark.django_db

SESSION = "/_allauth/app/v1/auth/session"


@pytest.fixture
def token() -> str:
    alice = cast.account("alice")
    for name in ("Ana", "Bea", "Cleo"):
        cast.character(alice, name)
    session_key = cast.signed_in(alice).session.session_key
    assert session_key is not None
    return session_key


def test_reading_ones_characters_asks_the_database_three_times(
    token: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the session, the account, the characters
        answer = Client().get("/api/v1/characters", headers={"X-Session-Token": token})
    assert len(answer.json()["characters"]) == 3


def test_reading_ones_session_asks_the_database_three_times(
    token: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the session, the account, its address of mail
        answer = Client().get(SESSION, headers={"X-Session-Token": token})
    assert answer.json()["data"]["user"]["username"] == "alice"


def test_a_token_of_no_session_opens_nothing() -> None:
    headers = {"X-Session-Token": "x" * 32}
    assert Client().get("/api/v1/characters", headers=headers).status_code == 401
    assert Client().get(SESSION, headers=headers).status_code == 410


def test_who_asks_too_often_is_told_when_to_ask_again(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountThrottle, "get_rate", lambda _throttle: "3/min")
    headers = {"X-Session-Token": token}
    # A minute of the clock begins at a multiple of sixty seconds.
    with clock.replaced(lambda: 1_800_000_015.0):
        answers = [Client().get("/api/v1/characters", headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (
        answers[-1].json()["details"]["retry_after_ms"] == 46_000
    )  # never too early: rounded up, and one more
    with clock.replaced(lambda: 1_800_000_060.0):
        assert Client().get("/api/v1/characters", headers=headers).status_code == 200
