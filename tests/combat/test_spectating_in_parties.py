"""Battles that are for the parties of who fights: they watch, and for all others there is no such battle."""

from __future__ import annotations

from apps.combat import services, spectators
from tests.combat.stage import Stage, events, head, stage, told_events, watched
from tests.combat.test_spectating import live_battles
from tests.wire import Wire

__all__ = ["stage"]


async def in_the_party_of_alice(stage: Stage) -> Wire:
    """Let Alice and Bob fight for their parties, and Eve be in hers."""
    await stage.duel("party")
    eve = await stage.socket("eve")
    assert "ok" in await stage.alice.call("chat.party_invite", {"name": "Eve"})
    asked = (await eve.update("chat.party_invited"))["d"]["invitation"]
    assert "ok" in await eve.call("chat.party_accept", {"invitation": asked["invitation"]})
    return eve


async def test_the_party_of_a_fighter_watches_as_it_happens(stage: Stage) -> None:
    eve = await in_the_party_of_alice(stage)
    assert [each["spectating"] for each in await live_battles(stage, "eve")] == ["party"]
    assert (await stage.watch(eve))["ok"]["is_delayed"] is False
    await eve.update("combat.snapshot")
    await stage.turns(1)
    assert "turn_ended" in {event["e"] for event in events(await watched(eve, await head(stage)))}


async def test_for_all_others_there_is_no_such_battle(stage: Stage) -> None:
    await in_the_party_of_alice(stage)
    dan = await stage.socket("dan")
    assert (await stage.watch(dan))["err"]["code"] == "not_found"
    assert await live_battles(stage, "dan") == []
    assert (await dan.call("subscribe", {"s": stage.stream}))["err"]["code"] == "not_found"


async def test_who_leaves_the_party_watches_no_longer(stage: Stage) -> None:
    eve = await in_the_party_of_alice(stage)
    await stage.watch(eve)
    await eve.update("combat.snapshot")
    assert "ok" in await eve.call("chat.party_leave")
    await services.look_after_spectators([player.character_id for player in stage.people.values()])
    while (await eve.update("combat.watched"))["d"]["watched"] is not None:
        pass
    assert (await spectators.watchers(stage.battle)).present == frozenset()
    await stage.turns(1)
    await eve.call("ping")
    assert not told_events(eve)
    assert (await eve.call("subscribe", {"s": stage.stream}))["err"]["code"] == "not_found"


async def test_who_was_let_in_stays_while_the_party_lasts(stage: Stage) -> None:
    eve = await in_the_party_of_alice(stage)
    await stage.watch(eve)
    await services.look_after_spectators([player.character_id for player in stage.people.values()])
    assert (await spectators.watchers(stage.battle)).present == {stage.people["eve"].character_id}
