"""Quests as a socket sees them: a talk in the language of the socket, and changes on `me`."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from aether.kernel import facts
from tests import cast
from tests.quests.cast import ILSE, MQ1, stand_beside
from tests.serving import Served
from tests.wire import Wire


async def test_a_quest_is_taken_in_a_talk(server: Served) -> None:
    alice = await cast.alice()
    await sync_to_async(stand_beside)(alice.character_id, ILSE)
    await sync_to_async(facts.drain)()
    async with Wire(server.socket_url, language="fr") as wire:
        await wire.hello(await alice.ticket())
        log = (await wire.update("me.snapshot"))["d"]["parts"]["quests"]
        assert [(each["quest"], each["state"]) for each in log["quests"]] == [(MQ1, "available")]
        shown = (await wire.call("quests.talk", {"npc": ILSE}))["ok"]
        assert shown["text"].startswith("Encore quelqu’un du bac")
        answer = {"npc": ILSE, "rev": shown["rev"], "option": "accept"}
        following = (await wire.call("quests.choose", answer))["ok"]
        assert (following["node"], following["rev"]) == ("task", shown["rev"] + 1)
        changed = (await wire.update("quests.changed"))["d"]["quest"]
        assert changed == {
            "quest": MQ1,
            "state": "active",
            "step": "prove",
            "progress": [
                {"objective": "win", "count": 0, "needed": 1},
                {"objective": "wear", "count": 0, "needed": 1},
            ],
        }
        assert (await wire.call("quests.choose", answer))["err"]["code"] == "quests.stale_talk"
        log = (await wire.call("quests.log"))["ok"]
        assert log["quests"] == [changed]


async def test_nobody_is_talked_to_from_afar(server: Served) -> None:
    alice = await cast.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        assert (await wire.call("quests.talk", {"npc": ILSE}))["err"]["code"] == "quests.too_far"
        assert (await wire.call("quests.talk", {"npc": "nobody"}))["err"]["code"] == "not_found"
        assert (await wire.call("quests.accept", {"quest": "nothing"}))["err"]["code"] == "not_found"
