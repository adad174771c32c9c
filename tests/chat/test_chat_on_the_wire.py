"""Chat as sockets see it: two people hear each other, and nobody hears what is not theirs."""

from __future__ import annotations

import pytest

from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def enter(wire: Wire, player: cast.Player) -> None:
    """Say hello and step into the world, until the chat of the zone and of the world is there."""
    await wire.hello(await player.ticket())
    assert "ok" in await wire.call("world.enter")
    channels = {(await wire.update("chat.snapshot"))["d"]["channel"] for _ in range(2)}
    assert channels == {"zone", "global"}


@pytest.mark.parametrize("channel", ["zone", "global"])
async def test_what_one_says_the_other_hears(server: Served, channel: str) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await enter(hers, alice)
        await enter(his, bob)
        said = await hers.call("chat.say", {"channel": channel, "text": "<b>hello</b>"})
        heard = await his.update("chat.line")
        assert heard["d"]["line"] | {"at": 0} == {
            "id": said["ok"]["line"],
            "channel": channel,
            "sender": alice.character_id,
            "name": "Alice",
            "text": "<b>hello</b>",
            "at": 0,
            "to": None,
            "texts": {},
        }
        assert heard["s"].startswith(f"chat:{channel}")
        history = await his.call("chat.history", {"channel": channel})
        assert [line["text"] for line in history["ok"]["lines"]] == ["<b>hello</b>"]


async def test_a_whisper_arrives_on_me_of_both(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await hers.hello(await alice.ticket())
        await his.hello(await bob.ticket())
        await hers.call("chat.say", {"channel": "whisper", "text": "psst", "to": "Bob"})
        for wire in (hers, his):
            heard = await wire.update("chat.whisper")
            assert (heard["s"], heard["d"]["line"]["text"], heard["d"]["line"]["to"]) == ("me", "psst", "Bob")


async def test_whom_one_has_blocked_can_be_read(server: Served) -> None:
    alice, _, _ = await cast.alice(), await cast.bob(), await cast.player("carol", "Carol")
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert (await wire.call("chat.blocked"))["ok"] == {"names": []}
        for name in ("carol", "Bob"):
            assert "ok" in await wire.call("chat.block", {"name": name})
        assert (await wire.call("chat.blocked"))["ok"] == {"names": ["Bob", "Carol"]}
        await wire.call("chat.unblock", {"name": "Carol"})
        assert (await wire.call("chat.blocked"))["ok"] == {"names": ["Bob"]}


async def test_the_chat_of_another_zone_cannot_be_followed(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await enter(wire, alice)
        refused = await wire.call("subscribe", {"s": "chat:zone:reedmoor_flats.1"})
        assert refused["err"]["code"] == "not_found"


async def test_friends_see_each_other_come_and_go(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers:
        await hers.hello(await alice.ticket())
        async with Wire(server.socket_url) as his:
            await his.hello(await bob.ticket())
            assert "ok" in await hers.call("chat.friend_add", {"name": "bob"})
            asked = (await his.update("chat.friend_changed"))["d"]
            assert asked == {"name": "Alice", "standing": "asked_me", "is_again": False}
            assert "ok" in await his.call("chat.friend_add", {"name": "Alice"})
            told = [(await hers.update("chat.friend_changed"))["d"]["standing"] for _ in range(2)]
            assert told == ["asked", "friends"]
            (friend,) = (await his.call("chat.friends"))["ok"]["friends"]
            assert (friend["name"], friend["is_online"]) == ("Alice", True)
        assert (await hers.update("chat.friend_seen"))["d"] == {"name": "Bob", "is_online": False}
        async with Wire(server.socket_url) as again:
            await again.hello(await bob.ticket())
            assert (await hers.update("chat.friend_seen"))["d"] == {"name": "Bob", "is_online": True}
