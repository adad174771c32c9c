"""The whole way over real sockets: a chalk bomb is brought, thrown, counted, refused, and settled."""

from __future__ import annotations

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from tests.combat.stage import Stage, stage
from tests.economy.cast import give
from tests.wire import Fields, Wire

__all__ = ["stage"]

BOMB = "chalk_bomb"


async def a_duel_with_a_bomb(stage: Stage) -> tuple[Fields, Fields]:
    """Let Alice bring one bomb, and come to her turn; return both snapshots of the battle's beginning."""
    stage.alice = await stage.socket("alice")
    await in_database_thread(lambda: give(stage.people["alice"].character_id, **{BOMB: 1}))
    await stage.duel()
    shown = [(await wire.update("combat.snapshot"))["d"]["battle"] for wire in (stage.alice, stage.bob)]
    # Hers ends, if it was hers.
    await stage.alice.call("combat.end_turn", {"battle": stage.battle})
    assert "ok" in await stage.bob.call("combat.end_turn", {"battle": stage.battle})
    return shown[0], shown[1]


def fighter(battle: Fields, name: str) -> Fields:
    return next(each for each in battle["combatants"] if each["name"] == name)


async def stack(wire: Wire, count: int) -> None:
    """Wait to be told of so many bombs in the bag."""
    while True:
        changed = (await wire.update("economy.inventory_changed"))["d"]
        if {"item": BOMB, "count": count} in changed["stacks"]:
            return


async def test_a_bomb_is_thrown_once_and_others_learn_of_it_then(stage: Stage) -> None:
    hers, his = await a_duel_with_a_bomb(stage)
    mine = fighter(hers, "Alice")
    assert {"id": BOMB, "rank": 0, "item": BOMB, "uses": 1} in mine["skills"]
    assert fighter(his, "Alice")["skills"] == []
    await stack(stage.alice, 0)
    throw = {"battle": stage.battle, "skill": BOMB, "cell": mine["cell"]}
    assert "ok" in await stage.alice.call("combat.cast", throw, id="throw")
    assert "ok" in await stage.alice.call("combat.cast", throw, id="throw")
    refused = await stage.alice.call("combat.cast", throw)
    assert refused["err"]["code"] == "combat.none_left"
    while True:
        seen = (await stage.bob.update("combat.events"))["d"]["events"]
        if cast := [event for event in seen if event["e"] == "skill_cast"]:
            break
    assert [event["skill"] for event in cast] == [BOMB]


async def test_what_was_not_thrown_is_in_the_bag_again_after_the_battle(stage: Stage) -> None:
    await a_duel_with_a_bomb(stage)
    await stack(stage.alice, 0)
    assert "ok" in await stage.bob.call("combat.forfeit", {"battle": stage.battle})
    await in_database_thread(facts.drain)
    await stack(stage.alice, 1)
