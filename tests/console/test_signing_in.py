"""Who gets into the console, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from aether.kernel import clock
from apps.accounts import services
from apps.accounts.models import Account
from tests.accounts import cast
from tests.console.conftest import sign_in

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def is_in(client: Client) -> bool:
    return client.get("/gm/").status_code == 200


def test_a_game_master_gets_in(console: Client) -> None:
    assert is_in(console)


def test_a_player_does_not() -> None:
    cast.account("alice")
    assert not is_in(sign_in("alice"))


def test_the_session_of_the_game_does_not_open_the_console(gwen: Account) -> None:
    assert not is_in(cast.signed_in(gwen))


def test_a_banned_member_of_the_staff_does_not_get_in(gwen: Account) -> None:
    services.ban(actor=cast.game_master("boss"), account_id=gwen.pk, until=None, reason="stole gold")
    assert not is_in(sign_in("gwen"))


def test_a_ban_throws_a_game_master_out_at_once(console: Client, gwen: Account) -> None:
    services.ban(actor=cast.game_master("boss"), account_id=gwen.pk, until=None, reason="stole gold")
    assert not is_in(console)


def test_an_idle_console_asks_again(console: Client) -> None:
    assert is_in(console)
    later = clock.now() + 901
    with clock.replaced(lambda: later):
        assert not is_in(console)


def test_with_a_second_factor_the_password_alone_is_not_enough(gwen: Account) -> None:
    secret = generate_totp_secret()
    TOTP.activate(gwen, secret)
    assert not is_in(sign_in("gwen"))
    assert not is_in(sign_in("gwen", code="000000"))
    assert is_in(sign_in("gwen", code=code_of(secret)))


def test_the_secret_of_a_second_factor_is_sealed_in_the_database(gwen: Account, settings: Any) -> None:
    secret = generate_totp_secret()
    kept = TOTP.activate(gwen, secret).instance
    assert secret not in str(kept.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key" * 8, [settings.SECRET_KEY]
    assert is_in(sign_in("gwen", code=code_of(secret)))


def test_a_recovery_code_works_once(gwen: Account) -> None:
    TOTP.activate(gwen, generate_totp_secret())
    code = RecoveryCodes.activate(gwen).get_unused_codes()[0]
    assert is_in(sign_in("gwen", code=code))
    assert not is_in(sign_in("gwen", code=code))


def test_a_second_factor_is_set_up_in_the_console(console: Client, gwen: Account) -> None:
    console.get("/gm/two-factor/")
    secret = console.session["mfa.totp.secret"]
    page = console.post("/gm/two-factor/", {"code": code_of(secret)})
    assert "recovery" in page.content.decode()
    assert gwen.authenticator_set.count() == 2


def test_a_wrong_code_sets_up_nothing(console: Client, gwen: Account) -> None:
    console.get("/gm/two-factor/")
    console.post("/gm/two-factor/", {"code": "123"})
    assert gwen.authenticator_set.count() == 0


def test_where_it_is_demanded_nothing_works_without_a_second_factor(console: Client, settings: Any) -> None:
    settings.STAFF_MUST_USE_TOTP = True
    for page in ("/gm/", "/gm/accounts/account/"):
        assert console.get(page).headers["Location"] == "/gm/two-factor/"
    assert console.get("/gm/two-factor/").status_code == 200


def test_where_it_is_not_the_overview_asks_for_one(console: Client) -> None:
    assert "/gm/two-factor/" in console.get("/gm/").content.decode()
