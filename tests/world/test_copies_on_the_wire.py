"""Copies as a client meets them: listed, joined, left by order of the server, always on the same socket."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from aether.gateway.watch import Watch
from apps.accounts.models import Account
from apps.world import positions, services
from apps.world.models import CharacterPlace, ZoneCopy
from tests import cast as people
from tests.serving import Served
from tests.wire import Wire

FIRST, SECOND = "lastmoor.1", "lastmoor.2"


async def come_in(wire: Wire, person: people.Player) -> None:
    await wire.hello(await person.ticket())
    await wire.call("world.enter", {})
    await shown(wire, FIRST)


async def shown(wire: Wire, instance: str) -> dict[str, object]:
    """Wait until the socket is shown a copy as its own."""
    while (update := await wire.update("world.snapshot"))["s"] != f"zone:{instance}":
        pass
    return dict(update)


async def one_more_copy() -> None:
    """Open a copy that one person fills by half. Of two that nobody is in one would be given up at once."""
    await sync_to_async(services.open_shared)("lastmoor", capacity=2)


async def test_the_copies_are_listed_and_one_is_joined(server: Served) -> None:
    await one_more_copy()
    async with Wire(server.socket_url) as wire:
        await come_in(wire, await people.alice())
        await one_more_copy()
        listed = (await wire.call("world.copies", {}))["ok"]
        assert [(each["number"], each["population"], each["is_open"]) for each in listed["copies"]] == [
            (1, 1, False),
            (2, 0, True),
        ]
        joined = (await wire.call("world.join_copy", {"instance": SECOND}))["ok"]
        assert (joined["instance"], joined["stream"]) == (SECOND, f"zone:{SECOND}")
        await shown(wire, SECOND)
        refused = (await wire.call("world.join_copy", {"instance": FIRST}))["err"]
        assert refused["code"] == "world.too_soon"
        assert 0 < refused["details"]["retry_after_ms"] <= 30_001
        assert (await wire.call("subscribe", {"s": f"zone:{FIRST}"}))["err"]["code"] == "not_found"


async def test_who_is_in_a_copy_that_is_drained_goes_over_on_the_same_socket(server: Served) -> None:
    await one_more_copy()
    async with Wire(server.socket_url) as wire:
        await come_in(wire, await people.alice())
        await one_more_copy()
        await sync_to_async(_drain)()
        await shown(wire, SECOND)
        assert (await wire.call("chat.say", {"channel": "zone", "text": "Where am I?"}))["ok"]
        while (await wire.update("chat.line"))["s"] != f"chat:zone:{SECOND}":
            pass
    assert (await ZoneCopy.objects.aget(pk=FIRST)).state in ("draining", "closed")


def _drain() -> None:
    gwen = Account.objects.create_superuser("gwen", password="correct horse battery")
    services.drain_copy(actor=gwen, instance=FIRST, reason="It is stuck.")


async def test_a_socket_that_missed_a_hand_over_is_put_on_its_streams_again(server: Served) -> None:
    await one_more_copy()
    async with Wire(server.socket_url) as wire:
        alice = await people.alice()
        await come_in(wire, alice)
        await one_more_copy()
        # As when the process died behind the commit, before anybody was told.
        await CharacterPlace.objects.filter(pk=alice.character_id).aupdate(instance=SECOND)
        await sync_to_async(_reconcile)()
        await Watch(server.registry).mend()
        await shown(wire, SECOND)
        assert (await wire.call("chat.say", {"channel": "zone", "text": "Here I am."}))["ok"]


def _reconcile() -> None:
    services.reconcile(FIRST, positions.everybody(FIRST))
    services.reconcile(SECOND, positions.everybody(SECOND))
