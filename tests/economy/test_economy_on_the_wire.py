"""The economy as a socket sees it: replies, updates on `me`, and commands that are sent twice.

`facts.drain` brings the first equipment, whether or not the server's own relay was faster.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import facts
from tests import cast
from tests.serving import Served
from tests.wire import Wire


async def test_wearing_is_answered_and_told_with_new_values(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        held = (await wire.update("me.snapshot"))["d"]["parts"]["inventory"]
        (hook,) = held["items"]
        assert (held["glim"], hook["slot"]) == (20, None)
        worn = await wire.call("economy.equip", {"item": hook["id"]})
        assert worn["ok"] == {"equipped": {"weapon": hook["id"]}}
        told = await wire.update("economy.inventory_changed")
        while told["d"]["cause"] != "equip":
            told = await wire.update("economy.inventory_changed")
        assert told["d"]["items"] == [hook | {"slot": "weapon"}]
        assert (await wire.call("economy.inventory"))["ok"]["items"] == [hook | {"slot": "weapon"}]


async def test_the_same_command_twice_at_once_is_executed_once(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        hook = (await wire.call("economy.inventory"))["ok"]["items"][0]["id"]
        frame = {"t": "economy.equip", "id": "twice", "d": {"item": hook}}
        await asyncio.gather(wire.send(frame), wire.send(frame))
        first, second = await wire.reply(), await wire.reply()
        assert first["ok"] == second["ok"] == {"equipped": {"weapon": hook}}
        assert second.get("replayed") is True


async def test_what_is_thrown_away_is_told_as_gone(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        hook = (await wire.call("economy.inventory"))["ok"]["items"][0]["id"]
        gone = await wire.call("economy.discard", {"item": hook, "count": 1})
        assert gone["ok"] == {"item": hook, "count": 1}
        told = await wire.update("economy.inventory_changed")
        while told["d"]["cause"] != "discard":
            told = await wire.update("economy.inventory_changed")
        assert told["d"]["gone"] == [hook]
        refused = await wire.call("economy.discard", {"item": "reed_fibre", "count": 0})
        assert refused["err"]["code"] == "bad_request"


async def test_a_refusal_names_itself_in_french(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url, language="fr") as wire:
        await wire.hello(await alice.ticket())
        refused = (await wire.call("economy.unequip", {"slot": "head"}))["err"]
        assert (refused["code"], refused["message"]) == (
            "economy.not_worn",
            "Rien n'est porté à cet endroit.",
        )


async def test_who_has_kept_the_inventory_is_told_what_came_after(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await alice.ticket())
        first = await wire.update("me.snapshot")
        hook = first["d"]["parts"]["inventory"]["items"][0]
        await wire.call("economy.equip", {"item": hook["id"]})
        told = await wire.update("economy.inventory_changed")
    kept = {"seen": first["n"][1], "content": welcome["content"]["hash"]}
    since = (await snapshot_for(server, alice, kept))["inventory_since"]
    assert [each["items"] for each in since["changes"]][-1] == [hook | {"slot": "weapon"}]
    assert told["d"] in since["changes"]
    assert (since["glim"], since["items"]) == (20, 1)


@pytest.mark.parametrize(
    "change", [{"seen": 1}, {"seen": 2**53 - 1}, {"content": "of an earlier release"}], ids=str
)
async def test_what_is_kept_of_another_time_or_content_is_no_use(
    server: Served, change: dict[str, object]
) -> None:
    alice = await cast.alice()
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url) as wire:
        welcome = await wire.hello(await alice.ticket())
        first = await wire.update("me.snapshot")
    kept = {"seen": first["n"][1], "content": welcome["content"]["hash"], **change}
    parts = await snapshot_for(server, alice, kept)
    assert (parts["inventory"]["glim"], parts["inventory_since"]) == (20, None)


async def snapshot_for(server: Served, alice: cast.Player, kept: dict[str, object]) -> dict[str, Any]:
    """Return what `me` says at first to a client that shows what it has kept."""
    async with Wire(server.socket_url) as wire:
        said = {"client": "test", "version": 1, "ticket": await alice.ticket(), "kept": kept}
        assert "ok" in await wire.call("hello", said)
        parts: dict[str, Any] = (await wire.update("me.snapshot"))["d"]["parts"]
        return parts
