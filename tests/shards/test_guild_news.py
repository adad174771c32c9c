"""What is told of guilds is committed in the realm, whichever transaction is around which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connections

from aether.kernel import clock, realtime
from aether.kernel.models import RealmPost
from apps.accounts import services as accounts
from apps.accounts.models import Character, CharacterName
from apps.chat import services
from apps.chat.models import Guild
from tests.accounts import cast
from tests.shards.test_guilds import maren, rich, together, tovin
from tests.shards.two_shards import TwoShards

__all__ = ["maren", "tovin"]

Watched = list[tuple[str, bool]]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """What is told, and whether the realm's transaction was still open then."""
    found: Watched = []

    def note(*told: Any) -> None:
        found.append((type(told[-1]).__name__, connections["realm"].in_atomic_block))

    monkeypatch.setattr(realtime, "send_numbered", note)
    monkeypatch.setattr(realtime, "tell_character", note)
    return found


@pytest.fixture
def guild(two_shards: TwoShards, maren: int, tovin: int) -> int:
    return together(two_shards, maren, tovin)


def staff() -> AbstractBaseUser:
    return cast.account("gwen")


def test_what_staff_does_is_told_after_the_realm_has_committed(
    two_shards: TwoShards, guild: int, watched: Watched
) -> None:
    with two_shards.on("second"):
        watched.clear()
        services.rename_guild(actor=staff(), guild_id=guild, name="Night Watch", reason="asked")
    assert watched == [("GuildChanged", False)]


def test_what_the_realm_does_not_commit_is_never_told(
    two_shards: TwoShards, guild: int, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies() -> None:
        raise OperationalError("connection lost in COMMIT")

    RealmPost.objects.all().delete()
    with two_shards.on("second"):
        actor = staff()
        watched.clear()
        with monkeypatch.context() as patch:
            patch.setattr(connections["realm"], "_commit", dies)
            with pytest.raises(OperationalError):
                services.disband_as_staff(actor=actor, guild_id=guild, reason="asked")
    connections["default"].close()
    assert Guild.objects.filter(pk=guild).exists()
    assert watched == []
    assert not RealmPost.objects.exists()


def test_of_names_that_end_is_told_after_the_realm_has_committed(
    two_shards: TwoShards, guild: int, watched: Watched
) -> None:
    with two_shards.on("second"):
        rich("dan", "Dan")
        Character.objects.filter(name="Tovin").delete()
        CharacterName.objects.update(taken_at=clock.utc_now() - timedelta(days=1))
        watched.clear()
        assert accounts.keep_names() == 1
    assert watched
    assert not any(is_open for _, is_open in watched)
