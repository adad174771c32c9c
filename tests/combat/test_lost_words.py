"""The word that a battle has begun may be lost: the bus is a doorbell. Its players follow it all the same."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from aether.gateway import watch
from aether.gateway.watch import Watch
from aether.kernel import realtime
from aether.kernel.errors import UnavailableError
from aether.kernel.transactions import transactional
from aether.protocol.base import Update
from apps.combat.streaming import BattleSource
from tests import cast
from tests.combat.cast import fighter, ground
from tests.serving import Served
from tests.wire import Wire


@transactional
def begin(*character_ids: int) -> int:
    from apps.combat import services

    builds = tuple(fighter(one, team=team) for team, one in enumerate(character_ids))
    return services.open_battle("duel", ground(), builds).battle


async def test_a_player_who_was_not_told_of_a_battle_is_put_on_it(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("chat.snapshot")
        monkeypatch.setattr(realtime, "follow_character", lambda *args, **kwargs: None)
        battle = await sync_to_async(begin)(alice.character_id, bob.character_id)
        await Watch(server.registry).mend()
        assert (await wire.update("combat.snapshot"))["s"] == f"battle:{battle}"


async def test_a_battle_that_could_not_be_read_is_followed_later(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    audience = BattleSource.audience

    async def fail(*_args: object) -> str:
        raise UnavailableError

    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("chat.snapshot")
        monkeypatch.setattr(BattleSource, "audience", fail)
        battle = await sync_to_async(begin)(alice.character_id, bob.character_id)
        await wire.update("combat.current")
        assert "ok" in await wire.call("ping")
        monkeypatch.setattr(BattleSource, "audience", audience)
        await Watch(server.registry).mend()
        assert (await wire.update("combat.snapshot"))["s"] == f"battle:{battle}"


async def test_a_battle_whose_first_picture_failed_is_shown_later(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing happens in it while it waits for the one who does not see it."""
    alice, bob = await cast.alice(), await cast.bob()
    snapshot, failed = BattleSource.snapshot, asyncio.Event()

    async def fail(*_args: object) -> tuple[int, Update]:
        failed.set()
        raise UnavailableError

    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        await wire.update("chat.snapshot")
        monkeypatch.setattr(BattleSource, "snapshot", fail)
        battle = await sync_to_async(begin)(alice.character_id, bob.character_id)
        async with asyncio.timeout(10):
            await failed.wait()
        monkeypatch.setattr(BattleSource, "snapshot", snapshot)
        await Watch(server.registry).mend()
        assert (await wire.update("combat.snapshot"))["s"] == f"battle:{battle}"


async def test_what_cannot_be_looked_up_now_is_looked_up_in_a_moment(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that comes and goes would otherwise be missed each time that its turn comes."""
    asked = 0

    def fail_once(_ids: object) -> list[tuple[int, str]]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise UnavailableError
        return []

    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        monkeypatch.setattr(realtime, "must_follow", fail_once)
        monkeypatch.setattr(watch, "TICK_S", 0)
        await watch.Watch(server.registry).refresh()
    assert asked == 2
