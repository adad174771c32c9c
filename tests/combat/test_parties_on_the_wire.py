"""The whole way over real sockets: ask, accept, attack, join, and both stand in one battle."""

from __future__ import annotations

from typing import Any

from aether.kernel.database_threads import in_database_thread
from tests import cast
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast as world


async def enter(wire: Wire, player: cast.Player) -> dict[str, Any]:
    """Say hello and step into the world; return the parts of the snapshot of `me`."""
    await wire.hello(await player.ticket())
    assert "ok" in await wire.call("world.enter")
    return dict((await wire.update("me.snapshot"))["d"]["parts"])


async def together(leader: Wire, *others: tuple[Wire, str]) -> None:
    for wire, name in others:
        assert "ok" in await leader.call("chat.party_invite", {"name": name})
        asked = (await wire.update("chat.party_invited"))["d"]["invitation"]
        assert "ok" in await wire.call("chat.party_accept", {"invitation": asked["invitation"]})


async def beside_a_group(*players: cast.Player) -> int:
    """Put characters beside a group of monsters, and return it."""
    group = await in_database_thread(world.group)
    for player in players:
        await in_database_thread(world.put, player.character_id, world.MOOR, world.beside(group))
    return int(group.pk)


async def test_a_party_fights_together(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers, Wire(server.socket_url) as his:
        await enter(hers, alice)
        await enter(his, bob)
        await together(hers, (his, "Bob"))
        group = await beside_a_group(alice, bob)
        started = await hers.call("combat.engage", {"group": group})
        battle = started["ok"]["battle"]
        offer = (await his.update("combat.join_offered"))["d"]["offer"]
        assert (offer["battle"], offer["name"]) == (battle, "Alice")
        assert (await his.call("combat.join", {"battle": battle}))["ok"] == started["ok"]
        told = await hers.update("combat.events")
        assert [event["e"] for event in told["d"]["events"]] == ["joined"]
        assert told["d"]["events"][0]["combatant"]["name"] == "Bob"
        snapshot = await his.update("combat.snapshot")
        humans = {
            each["name"]: each["team"]
            for each in snapshot["d"]["battle"]["combatants"]
            if each["character_id"]
        }
        assert humans == {"Alice": 0, "Bob": 0}
        free = snapshot["d"]["battle"]["placement"][0][-1]
        assert "ok" in await his.call("combat.place", {"battle": battle, "cell": free})
        for wire in (hers, his):
            assert "ok" in await wire.call("combat.ready", {"battle": battle})
        while "fight_started" not in [e["e"] for e in (await his.update("combat.events"))["d"]["events"]]:
            pass
        again = await his.call("combat.join", {"battle": battle})
        assert again["err"]["code"] == "combat.already_in_battle"


async def test_who_reconnects_finds_the_offer(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as hers:
        await enter(hers, alice)
        async with Wire(server.socket_url) as his:
            await enter(his, bob)
            await together(hers, (his, "Bob"))
        group = await beside_a_group(alice, bob)
        started = await hers.call("combat.engage", {"group": group})
        async with Wire(server.socket_url) as his:
            await his.hello(await bob.ticket())
            (offer,) = (await his.update("me.snapshot"))["d"]["parts"]["battle"]["offers"]
            assert offer["battle"] == started["ok"]["battle"]


async def test_two_parties_are_pulled_into_one_battle(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    carol, dora = await cast.player("carol", "Carol"), await cast.player("dora", "Dora")
    url = server.socket_url
    async with Wire(url) as a, Wire(url) as b, Wire(url) as c, Wire(url) as d:
        for wire, player in ((a, alice), (b, bob), (c, carol), (d, dora)):
            await enter(wire, player)
        await together(a, (b, "Bob"))
        await together(c, (d, "Dora"))
        issued = await a.call("combat.challenge", {"character": carol.character_id, "party": True})
        assert "ok" in issued
        asked = (await c.update("combat.challenged"))["d"]
        assert asked["teams"] == [["Alice", "Bob"], ["Carol", "Dora"]]
        refused = await d.call("combat.accept", {"challenge": asked["challenge"]})
        assert refused["err"]["code"] == "combat.challenge_gone"
        started = await c.call("combat.accept", {"challenge": asked["challenge"]})
        for wire in (a, b, d):
            current = await wire.update("combat.current")
            assert current["d"]["battle"] == started["ok"]["battle"]
        for wire in (a, b, c, d):
            snapshot = await wire.update("combat.snapshot")
            teams = [each["team"] for each in snapshot["d"]["battle"]["combatants"]]
            assert sorted(teams) == [0, 0, 1, 1]
