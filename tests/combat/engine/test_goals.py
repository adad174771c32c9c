"""What makes a team win or lose before the others have fallen."""

from __future__ import annotations

from typing import Any

import pytest

from aether.protocol.combat_values import Objective
from apps.combat import engine
from apps.combat.engine.inputs import EndTurn, Move

from .cast import MEADOW, SERVER_SEED, Fight, hero, monster, rules
from .lab import DAMAGE, trick


def fight_for(*objectives: Objective, **changes: Any) -> Fight:
    builds = (hero("anchorite", character_id=1), monster("mud_skitter"), monster("bog_lantern", 3))
    fight = Fight(*builds, mode="pve")
    setup = engine.Setup(
        battle_id=42,
        mode="pve",
        map_hash="cd" * 32,
        board=MEADOW,
        placement=(((0, 4),), ((8, 4), (8, 6))),
        builds=builds,
        objectives=objectives,
        **changes,
    )
    fight.battle = engine.open_battle(setup, rules(), SERVER_SEED)
    fight.header = fight.battle.header
    fight.start().skip_to(0)
    return fight


def kill(fight: Fight, slot: int) -> None:
    fight.teach(0, {"type": "kill"})
    trick(fight, fight.who(slot).cell)


def ending(fight: Fight) -> tuple[Any, ...]:
    return fight.battle.phase, fight.battle.winner, fight.battle.end_reason


def test_killing_one_is_enough_where_that_is_the_goal() -> None:
    fight = fight_for(Objective(0, "kill", ref="bog_lantern"))
    kill(fight, 1)
    assert fight.battle.phase == "fighting"
    kill(fight, 2)
    assert ending(fight) == ("ended", 0, "eliminated")
    fight = fight_for(Objective(0, "kill", ref="bog_lantern"))
    kill(fight, 2)
    assert ending(fight) == ("ended", 0, "objective")


def test_surviving_so_many_rounds_wins_when_the_next_begins() -> None:
    fight = fight_for(Objective(0, "survive", rounds=2))
    while fight.battle.phase == "fighting":
        assert fight.battle.round <= 2
        fight.do(EndTurn())
    assert ending(fight) == ("ended", 0, "objective")


def test_losing_whom_one_has_to_protect_loses() -> None:
    fight = fight_for(Objective(1, "protect", ref="bog_lantern"))
    kill(fight, 1)
    assert fight.battle.phase == "fighting"
    fight = fight_for(Objective(1, "protect", ref="bog_lantern"))
    kill(fight, 2)
    assert ending(fight) == ("ended", 0, "objective")


def test_reaching_a_cell_wins() -> None:
    fight = fight_for(Objective(0, "reach", cells=((2, 4),)))
    fight.do(Move(((1, 4), (2, 4))))
    assert ending(fight) == ("ended", 0, "objective")


def test_escorting_is_reaching_with_somebody_who_must_not_fall() -> None:
    fight = fight_for(Objective(1, "escort", ref="mud_skitter", cells=((8, 3),)))
    fight.skip_to(1)
    fight.do(Move(((8, 3),)))
    assert ending(fight) == ("ended", 1, "objective")
    fight = fight_for(Objective(1, "escort", ref="mud_skitter", cells=((8, 3),)))
    kill(fight, 1)
    assert ending(fight) == ("ended", 0, "objective")


def test_all_goals_of_a_team_have_to_be_reached() -> None:
    fight = fight_for(Objective(0, "kill", ref="bog_lantern"), Objective(0, "reach", cells=((1, 4),)))
    kill(fight, 2)
    assert fight.battle.phase == "fighting"
    fight.do(Move(((1, 4),)))
    assert ending(fight) == ("ended", 0, "objective")


@pytest.mark.parametrize("goal", ["eliminate", "kill"])
def test_eliminating_all_wins_whatever_the_goal(goal: Any) -> None:
    fight = fight_for(Objective(0, goal, ref="bog_lantern"))
    all_of_them = {**DAMAGE, "filter": "enemy", "min": 999, "max": 999}
    fight.teach(0, all_of_them, shape={"type": "board"}, area_los=False)
    trick(fight, fight.who(0).cell)
    assert ending(fight)[:2] == ("ended", 0)


def beside(*objectives: Objective) -> Fight:
    """Return a fight of a character with a governor beside it."""
    governor = engine.build_monster("post_governor", level=18, rulebook=rules(), team=0)
    builds = (hero("anchorite", character_id=1), governor, monster("mud_skitter"))
    fight = Fight(*builds, mode="pve")
    setup = engine.Setup(
        battle_id=42,
        mode="pve",
        map_hash="cd" * 32,
        board=MEADOW,
        placement=(((0, 4), (0, 5)), ((8, 4),)),
        builds=builds,
        objectives=objectives,
    )
    fight.battle = engine.open_battle(setup, rules(), SERVER_SEED)
    fight.header = fight.battle.header
    fight.start().skip_to(0)
    return fight


GUARDED = (Objective(0, "survive", rounds=6), Objective(0, "protect", ref="post_governor"))


def test_the_fall_of_whom_one_protects_loses_the_battle() -> None:
    fight = beside(*GUARDED)
    kill(fight, 1)
    assert ending(fight) == ("ended", 1, "objective")


def test_a_monster_does_not_fight_on_for_characters_who_have_fallen() -> None:
    fight = beside(*GUARDED)
    kill(fight, 0)
    assert ending(fight) == ("ended", 1, "eliminated")


def test_surviving_beside_whom_one_protects_wins() -> None:
    fight = beside(*GUARDED)
    while fight.battle.phase == "fighting":
        assert fight.battle.round <= 6
        fight.do(EndTurn())
    assert ending(fight) == ("ended", 0, "objective")
