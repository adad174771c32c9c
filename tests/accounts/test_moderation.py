"""Mutes, kicks and bans: each has a reason, an entry in the journal, and takes effect at once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.contrib.sessions.models import Session

from aether.kernel import audit, clock, journal
from aether.kernel.journal import StreamKind
from aether.protocol.accounts import NoticeReceived
from apps.accounts import selectors, services
from apps.accounts.errors import EndInThePastError, NotOnStaffError
from apps.accounts.models import Account
from tests.accounts import cast

pytestmark = pytest.mark.django_db


def acts() -> list[tuple[str, str, str]]:
    entries = journal.entries(StreamKind.AUDIT, audit.STREAM_ID)
    found = [msgspec.json.decode(entry.payload, type=audit.StaffActed) for entry in entries]
    return [(act.action, act.target, act.reason) for act in found]


def test_a_mute_lasts_until_its_end() -> None:
    alice, gwen = cast.account(), cast.game_master()
    end = cast.in_an_hour()
    services.mute(actor=gwen, account_id=alice.pk, until=end, reason="spam")
    assert selectors.is_muted(alice.pk)
    with clock.replaced(lambda: end.timestamp() + 1):
        assert not selectors.is_muted(alice.pk)


def test_a_muted_player_is_told_why(told: list[tuple[int, Any]]) -> None:
    alice, gwen = cast.account(), cast.game_master()
    maren = cast.character(alice)
    services.mute(actor=gwen, account_id=alice.pk, until=None, reason=" spam ")
    assert told == [(maren.id, NoticeReceived(key="muted", values={"reason": "spam"}))]


def test_a_mute_can_be_lifted() -> None:
    alice, gwen = cast.account(), cast.game_master()
    services.mute(actor=gwen, account_id=alice.pk, until=None, reason="spam")
    services.unmute(actor=gwen, account_id=alice.pk, reason="appealed")
    assert not selectors.is_muted(alice.pk)
    assert acts() == [
        ("mute", f"account:{alice.pk}", "spam"),
        ("unmute", f"account:{alice.pk}", "appealed"),
    ]


def test_a_ban_ends_every_session_and_closes_the_sockets(closed: list[tuple[object, ...]]) -> None:
    alice, gwen = cast.account(), cast.game_master()
    client = cast.signed_in(alice)
    assert client.get("/api/v1/characters").status_code == 200

    services.ban(actor=gwen, account_id=alice.pk, until=None, reason="botting")

    assert client.get("/api/v1/characters").status_code == 401
    assert closed == [("account", alice.pk, 4401, "botting")]


def test_a_kick_ends_sessions_but_lets_the_player_back_in(closed: list[tuple[object, ...]]) -> None:
    alice, gwen = cast.account(), cast.game_master()
    client = cast.signed_in(alice)
    services.kick(actor=gwen, account_id=alice.pk, reason="stuck")
    assert client.get("/api/v1/characters").status_code == 401
    assert cast.signed_in(Account.objects.get(pk=alice.pk)).get("/api/v1/characters").status_code == 200


@pytest.mark.parametrize("act", [services.mute, services.ban])
def test_an_act_without_a_reason_is_refused_and_does_nothing(act: object) -> None:
    alice, gwen = cast.account(), cast.game_master()
    with pytest.raises(audit.ReasonMissingError):
        act(actor=gwen, account_id=alice.pk, until=None, reason="   ")  # type: ignore[operator]
    alice.refresh_from_db()
    assert (alice.muted_until, alice.banned_until, acts()) == (None, None, [])


def test_an_end_in_the_past_is_refused() -> None:
    alice, gwen = cast.account(), cast.game_master()
    with pytest.raises(EndInThePastError):
        services.ban(actor=gwen, account_id=alice.pk, until=clock.utc_now(), reason="botting")


def test_nobody_judges_themselves_and_no_game_master_another() -> None:
    gwen, gil = cast.game_master(), cast.account("gil", is_staff=True)
    with pytest.raises(NotOnStaffError):
        services.ban(actor=gwen, account_id=gwen.pk, until=None, reason="oops")
    with pytest.raises(NotOnStaffError):
        services.mute(actor=gil, account_id=gwen.pk, until=None, reason="revolt")


def test_revoked_sessions_are_gone_from_the_database(closed: list[tuple[object, ...]]) -> None:
    alice, gwen = cast.account(), cast.game_master()
    body = {"username": "alice", "password": cast.PASSWORD}
    cast.Client().post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    assert Session.objects.exists()
    services.kick(actor=gwen, account_id=alice.pk, reason="stuck")
    assert not Session.objects.exists()
