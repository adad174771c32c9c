"""Who is blocked asks in vain, at every door, and sees no more of it than who is left without an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from apps.chat import services
from apps.economy import selectors
from tests import cast
from tests.cast import Player
from tests.economy.cast import give
from tests.serving import Served
from tests.wire import Wire

DOORS: dict[str, Callable[[Player], dict[str, Any]]] = {
    "combat.challenge": lambda bob: {"character": bob.character_id},
    "economy.trade_invite": lambda bob: {"character": bob.character_id},
    "chat.party_invite": lambda bob: {"name": "Bob"},
    "chat.friend_add": lambda bob: {"name": "Bob"},
    "chat.guild_invite": lambda bob: {"name": "Bob"},
}


async def in_town(wire: Wire, player: Player) -> None:
    await wire.hello(await player.ticket())
    assert "ok" in await wire.call("world.enter")


async def told_until_greeted(wire: Wire, greeter: Wire) -> set[str]:
    """Return what somebody is told on `me` until a line that is said to it now."""
    assert "ok" in await greeter.call("chat.say", {"channel": "whisper", "to": "Bob", "text": "hello"})
    found, update = set[str](), await wire.update("chat.whisper")
    for each in wire.updates:
        found |= {each["t"]} if each["s"] == update["s"] else set()
    wire.updates.clear()
    return found


@pytest.mark.parametrize("door", DOORS)
async def test_who_is_blocked_is_answered_like_anybody_and_the_other_is_not_told(
    server: Served, door: str
) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol, dora = await cast.player("carol", "Carol"), await cast.player("dora", "Dora")
    async with (
        Wire(server.socket_url) as hers,
        Wire(server.socket_url) as his,
        Wire(server.socket_url) as carols,
        Wire(server.socket_url) as doras,
    ):
        for wire, player in ((hers, alice), (his, bob), (carols, carol), (doras, dora)):
            await in_town(wire, player)
        for wire, player in ((hers, alice), (carols, carol)):
            await sync_to_async(give)(player.character_id, glim=1000)
            assert "ok" in await wire.call("chat.guild_found", {"name": f"House of {player.name}"})
        await his.call("chat.block", {"name": "Alice"})
        await told_until_greeted(his, doras)
        blocked = await hers.call(door, DOORS[door](bob))
        assert await told_until_greeted(his, doras) == set()
        heard = await carols.call(door, DOORS[door](bob))
        assert await told_until_greeted(his, doras) != set()
        assert blocked["ok"].keys() == heard["ok"].keys()


async def test_a_letter_to_who_has_blocked_one_is_refused_before_anything_moves(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    await sync_to_async(give)(alice.character_id, glim=100)
    await sync_to_async(services.block)(character_id=bob.character_id, name="Alice")
    held = await sync_to_async(selectors.inventory)(alice.character_id)
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await in_town(hers, alice)
        await in_town(his, bob)
        for cod in (0, 5):
            letter = {"to": "Bob", "subject": "Rent", "goods": {"glim": 60}, "cod": cod}
            refused = await hers.call("economy.mail_send", letter)
            assert refused["err"]["code"] == "economy.mailbox_full"
        assert (await his.call("economy.mail"))["ok"]["letters"] == []
    assert await sync_to_async(selectors.inventory)(alice.character_id) == held
