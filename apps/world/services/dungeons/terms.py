"""On which terms a group of a dungeon is fought: its goals and allies, as strong as the party is many."""

from __future__ import annotations

from typing import NamedTuple

from aether.kernel import live
from aether.protocol.combat_values import Objective
from apps.chat import selectors as chat
from apps.world import dungeon_ground, dungeon_selectors
from apps.world.dungeons import DungeonDef
from apps.world.models import DungeonRun, MonsterGroup
from apps.world.rules import dungeons as rules
from apps.world.rules.battleground import ATTACKERS


class BattleTerms(NamedTuple):
    objectives: tuple[Objective, ...]
    monsters: tuple[tuple[str, int], ...]
    allies: tuple[tuple[str, int], ...]
    hp_pct: int
    team_max: int


def battle_terms(group: MonsterGroup, character_id: int) -> BattleTerms | None:
    """Return the terms of a dungeon's group for who attacks it; nothing for any other group.

    It is as strong as the party is many in there and online now: nobody else may come to this battle.
    """
    dungeon = dungeon_ground.dungeon_in(group.zone)
    if dungeon is None:
        return None
    encounter = dungeon_ground.encounter(dungeon, group.rule)
    run = dungeon_selectors.run_in(group.instance)
    if encounter is None or run is None:
        return None
    members = len(_company_inside(run, character_id))
    return BattleTerms(
        objectives=tuple(
            Objective(team=ATTACKERS, goal=goal.goal, ref=goal.ref, rounds=goal.rounds)
            for goal in encounter.goals
        ),
        monsters=rules.monsters_of(encounter.monsters, bytes(run.seed), members),
        allies=tuple((kin.monster, kin.level[1]) for kin in encounter.allies for _ in range(kin.count[1])),
        hp_pct=hp_pct(dungeon, members),
        team_max=members,
    )


def hp_pct(dungeon: DungeonDef, members: int) -> int:
    """Return how much of their life the monsters of a dungeon have against so many."""
    scaling = dungeon.scaling
    return rules.hp_pct(members, base_pct=scaling.base_pct, member_pct=scaling.member_pct)


def _company_inside(run: DungeonRun, character_id: int) -> set[int]:
    company = chat.company_of(character_id)
    party = set(company.members) if company else set()
    here = dungeon_selectors.inside(run) & party
    return (here & live.online_among(sorted(here))) | {character_id}
