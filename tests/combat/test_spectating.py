"""Watching battles over the real socket: whole, in order, and nothing that is hidden."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import pairwise
from typing import Any

import httpx
from asgiref.sync import sync_to_async
from django.test import Client, override_settings

from aether.kernel.transactions import transactional
from apps.accounts.models import Account
from apps.combat import services, spectators
from apps.combat.running import fresh
from apps.combat.services import parking
from tests import cast
from tests.combat.stage import Stage, cut, events, head, stage, told_events, watched
from tests.wire import Fields, Wire

__all__ = ["stage"]


async def test_who_comes_in_the_middle_sees_how_it_stands_and_how_it_goes_on(stage: Stage) -> None:
    await stage.duel()
    await stage.turns(3)
    eve = await stage.socket("eve")
    reply = (await stage.watch(eve))["ok"]
    assert reply == {"battle": stage.battle, "stream": stage.stream, "is_delayed": False, "spectators": 1}
    snapshot = await eve.update("combat.snapshot")
    assert snapshot["s"] == stage.stream
    assert snapshot["d"]["battle"]["turn"] == 4
    assert all(not each["skills"] and not each["uses"] for each in snapshot["d"]["battle"]["combatants"])
    await stage.turns(2)
    seen = await watched(eve, await head(stage))
    assert seen[0]["n"][0] == snapshot["n"][1] + 1
    assert all(one["n"][1] + 1 == other["n"][0] for one, other in pairwise(seen))
    assert all(len(each["d"]["events"]) == each["n"][1] - each["n"][0] + 1 for each in seen)
    assert [each["turn"] for each in events(seen) if each["e"] == "turn_started"] == [5, 6]


async def test_all_there_are_told_how_many_watch(stage: Stage) -> None:
    await stage.duel()
    eve, dan = await stage.socket("eve"), await stage.socket("dan")
    for count, wire in enumerate((eve, dan), start=1):
        await stage.watch(wire)
        for each in (stage.alice, stage.bob, eve):
            told = (await each.update("combat.spectators"))["d"]
            assert told == {"battle": stage.battle, "spectators": count}
    assert "ok" in await dan.call("combat.stop_spectating", {"battle": stage.battle})
    assert (await stage.alice.update("combat.spectators"))["d"]["spectators"] == 1
    await dan.call("unsubscribe", {"s": "me"})
    await dan.call("subscribe", {"s": "me"})
    await eve.call("unsubscribe", {"s": "me"})
    await eve.call("subscribe", {"s": "me"})
    assert (await newest_me(dan))["watched"] is None
    assert (await newest_me(eve))["watched"]["spectators"] == 1


async def newest_me(wire: Wire) -> Fields:
    await wire.call("ping")
    return dict([each for each in wire.updates if each["t"] == "me.snapshot"][-1]["d"]["parts"])


async def test_who_leaves_is_told_no_more(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    assert "ok" in await eve.call("combat.stop_spectating", {"battle": stage.battle})
    await stage.turns(1)
    await eve.call("ping")
    assert not [update for update in eve.updates if update["t"] == "combat.events"]
    again = await eve.call("subscribe", {"s": stage.stream})
    assert again["err"]["code"] == "not_found"


async def test_nobody_watches_two_battles_by_asking_for_their_streams(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    first = stage.stream
    assert "ok" in await eve.call("unsubscribe", {"s": first})
    assert "ok" in await eve.call("subscribe", {"s": first})
    await stage.duel(names=("carl", "dora"))
    assert "ok" in await stage.watch(eve)
    while (await eve.update("combat.snapshot"))["s"] != stage.stream:
        pass
    assert (await eve.call("unsubscribe", {"s": first}))["err"]["code"] == "not_found"
    assert "ok" in await eve.call("unsubscribe", {"s": stage.stream})


async def test_spectators_are_told_of_an_end_that_another_process_writes(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    async with fresh(stage.battle) as battle:
        battle.is_watched = False
        await battle.load()
    await sync_to_async(_stop)(stage.battle)
    await parking.tell_end(stage.battle)
    async with asyncio.timeout(10):
        assert events([await eve.update("combat.events")])[-1]["e"] == "battle_ended"


@transactional
def _stop(battle_id: int) -> None:
    parking.write_end(battle_id, "staff", "")


async def test_who_comes_back_has_the_battle_looked_at_again(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await spectators.forget(stage.battle)
    await services.note_spectator(stage.people["eve"].character_id, is_online=True)
    assert await spectators.watched() == {stage.battle: False}


async def test_a12_a_spectator_can_do_nothing(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    before = await head(stage)
    for t, fields in {
        "combat.ready": {},
        "combat.place": {"cell": [1, 1]},
        "combat.move": {"path": [[1, 1]]},
        "combat.cast": {"skill": "wire_dart", "cell": [1, 1]},
        "combat.end_turn": {},
        "combat.forfeit": {},
    }.items():
        refused = await eve.call(t, {"battle": stage.battle, **fields})
        assert refused["err"]["code"] == "not_found", t
    assert await head(stage) == before


async def test_a13_nothing_hidden_is_in_what_spectators_are_sent(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await stage.turns(2)
    async with fresh(stage.battle) as battle:
        secret = battle.seed.hex()
    sent = json.dumps([await eve.update("combat.snapshot"), *await watched(eve, await head(stage))])
    assert secret not in sent
    assert '"rolled"' not in sent
    assert not re.search('"(state_hash|seed)": "[0-9a-f]', sent)


async def test_who_was_cut_off_goes_on_where_it_was(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    seen = (await eve.update("combat.snapshot"))["n"][1]
    ticket = await cut(eve, {stage.stream: seen})
    await stage.turns(2)
    async with Wire(stage.served.socket_url) as back:
        reply = await back.call("hello", {"resume": ticket, "client": "wire/1"})
        assert stage.stream in reply["ok"]["topics"], reply
        missed = await watched(back, await head(stage))
        assert missed[0]["n"][0] == seen + 1
        assert not [update for update in back.updates if update["t"] == "combat.snapshot"]
        await stage.turns(1)
        assert (await watched(back, await head(stage)))[0]["n"][0] == missed[-1]["n"][1] + 1


async def test_the_place_of_who_is_away_is_kept_and_not_counted(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    assert (await stage.alice.update("combat.spectators"))["d"]["spectators"] == 1
    with override_settings(SPECTATING=limited(1)):
        await eve.socket.close()
        assert (await stage.alice.update("combat.spectators"))["d"]["spectators"] == 0
        refused = await stage.watch(await stage.socket("dan"))
        assert refused["err"]["code"] == "combat.too_many_spectators"
        again = await stage.socket("eve")
        assert (await stage.watch(again))["ok"]["spectators"] == 1


def limited(most: int) -> dict[str, Any]:
    from django.conf import settings

    return {**settings.SPECTATING, "most": most}


async def test_one_watches_one_battle_at_a_time(stage: Stage) -> None:
    await stage.duel()
    first, eve = stage.battle, await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    other = Stage(stage.served, stage._stack)
    for one, two in (("alice", "carl"), ("bob", "dora")):
        stage.people[two] = other.people[one] = await cast.player(two, two.capitalize())
    await other.duel()
    assert "ok" in await other.watch(eve)
    assert (await eve.update("combat.snapshot"))["s"] == other.stream
    assert (await eve.call("subscribe", {"s": f"battle:{first}"}))["err"]["code"] == "not_found"
    await stage.turns(1)
    await eve.call("ping")
    assert not [
        update
        for update in eve.updates
        if update.get("s") == f"battle:{first}" and update["t"] == "combat.events"
    ]


async def test_a_battle_closed_to_all_does_not_exist_for_others(stage: Stage) -> None:
    await stage.duel("none")
    eve = await stage.socket("eve")
    assert (await stage.watch(eve))["err"]["code"] == "not_found"
    assert (await eve.call("combat.spectate", {"battle": 999_999}))["err"]["code"] == "not_found"
    assert (await live_battles(stage, "eve")) == []


async def test_who_fights_watches_nobody_and_its_own_battle_cannot_be_left_so(stage: Stage) -> None:
    await stage.duel()
    assert (await stage.watch(stage.alice))["err"]["code"] == "combat.already_in_battle"
    left = await stage.alice.call("combat.stop_spectating", {"battle": stage.battle})
    assert left["err"]["code"] == "not_found"


async def test_who_is_blocked_by_a_fighter_does_not_see_the_battle(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    assert "ok" in await stage.alice.call("chat.block", {"name": "Eve"})
    assert (await stage.watch(eve))["err"]["code"] == "not_found"
    assert (await live_battles(stage, "eve")) == []


async def test_the_battles_of_a_zone_that_may_be_watched_are_listed(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    (found,) = await live_battles(stage, "eve")
    assert (found["battle"], found["mode"], found["spectating"], found["spectators"]) == (
        stage.battle,
        "duel",
        "live",
        1,
    )
    assert {fighter["name"] for fighter in found["fighters"]} == {"Alice", "Bob"}
    await stage.alice.call("combat.forfeit", {"battle": stage.battle})
    assert (await live_battles(stage, "eve")) == []


async def live_battles(stage: Stage, name: str) -> list[Fields]:
    player = stage.people[name]

    def read() -> list[Fields]:
        client = Client()
        client.force_login(Account.objects.get(pk=player.account_id))
        answer = client.get("/api/v1/battles/live", {"character": player.character_id})
        assert answer.status_code == 200, answer.content
        return list(json.loads(answer.content)["battles"])

    return await sync_to_async(read)()


async def test_the_end_comes_to_spectators_too(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    # What comes before the snapshot is in it.
    await eve.update("combat.snapshot")
    await stage.alice.call("combat.forfeit", {"battle": stage.battle})
    assert "battle_ended" in {event["e"] for event in events(await watched(eve, await head(stage)))}
    late = await stage.watch(await stage.socket("dan"))
    assert late["err"]["code"] == "combat.battle_over"


async def test_what_redis_has_lost_is_asked_for_again(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    await spectators.aredis().flushdb()
    await stage.turns(1)
    assert await watched(eve, await head(stage)), "who watches goes on watching"
    assert "ok" in await stage.watch(eve)


async def test_who_begins_to_fight_watches_no_more(stage: Stage) -> None:
    await stage.duel()
    eve, dan = await stage.socket("eve"), await stage.socket("dan")
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    asked = {"character": stage.people["eve"].character_id}
    challenge = (await dan.call("combat.challenge", asked))["ok"]["challenge"]
    await eve.call("combat.accept", {"challenge": challenge})
    await stage.turns(1)
    await services.look_after_spectators([player.character_id for player in stage.people.values()])
    assert (await spectators.watchers(stage.battle)).present == frozenset()
    await eve.call("ping")
    assert not [update for update in told_events(eve) if update["s"] == stage.stream]


async def test_a_battle_that_cannot_be_read_hurts_the_spectators_of_no_other(stage: Stage) -> None:
    await stage.duel()
    eve = await stage.socket("eve")
    await stage.watch(eve)
    for is_delayed in (False, True):
        gone = spectators.Watching(stage.battle + 1000 + is_delayed, is_delayed)
        await spectators.admit(999, gone, most=1)
    online = [player.character_id for name, player in stage.people.items() if name != "eve"]
    await services.tell_delayed()
    await services.look_after_spectators(online)
    assert await spectators.watched() == {stage.battle: False}
    assert (await spectators.watchers(stage.battle)).away == {stage.people["eve"].character_id}


async def test_the_list_says_whose_zone_or_is_refused(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=stage.served.http_url) as http:
        assert (await http.get("/api/v1/battles/live?character=1")).status_code in (401, 403)
