"""What a client reads first costs few queries: whoever signs in asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
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


def test_a_login_expires_at_the_time_of_the_database(token: str) -> None:
    headers = {"X-Session-Token": token}
    later = clock.now() + settings.SESSION_COOKIE_AGE
    for moment, status in ((later - 60, 200), (later + 60, 401)):
        with clock.replaced(lambda moment=moment: moment):  # type: ignore[misc]  # mypy knows no such lambda
            assert Client().get("/api/v1/characters", headers=headers).status_code == status


def test_a_token_of_no_session_opens_nothing() -> None:
    headers = {"X-Session-Token": "x" * 32}
    assert Client().get("/api/v1/characters", headers=headers).status_code == 401
    assert Client().get(SESSION, headers=headers).status_code == 410


def test_who_asks_too_often_is_told_when_to_ask_again(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountThrottle, "get_rate", lambda _throttle: "3/min")
    headers = {"X-Session-Token": token}
    # A minute of the clock begins at a multiple of sixty seconds.
    now = clock.now() // 60 * 60 + 15
    with clock.replaced(lambda: now):
        answers = [Client().get("/api/v1/characters", headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (
        answers[-1].json()["details"]["retry_after_ms"] == 46_000
    )  # never too early: rounded up, and one more
    with clock.replaced(lambda: now + 45):
        assert Client().get("/api/v1/characters", headers=headers).status_code == 200
