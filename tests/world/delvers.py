"""Parties before and inside of dungeons, for the tests of the world."""

from __future__ import annotations

from aether.kernel import clock
from aether.kernel.facts.types import BattleEnded, Participant, SlainMonster
from aether.kernel.live import redis
from apps.accounts.models import Character
from apps.accounts.rules.progress import xp_to_next
from apps.chat import services as chat
from apps.world import dungeon_ground, dungeon_selectors, ground, services
from apps.world.dungeons import DungeonDef
from apps.world.models import CharacterPlace, DungeonRun, MonsterGroup
from tests.world import cast

DUNGEON = "the_counterweight"
SPANS = "gullwind_spans"
GATE = "counterweight_gate"
BEFORE_THE_GATE = (4, 40)
LOOT = "lt_warden_engine_oru"


def party(*names: str, level: int = 18) -> list[int]:
    """Return the members of a party before the gate, its leader first; one name is somebody alone."""
    members = [delver(name, level=level) for name in names]
    for name, who in zip(names[1:], members[1:], strict=True):
        invitation = chat.invite(character_id=members[0], name=name).invitation
        chat.accept_invitation(character_id=who, invitation_id=invitation)
    return members


def delver(name: str, *, level: int = 18) -> int:
    """Return somebody strong enough before the gate."""
    who = cast.character(name)
    Character.objects.filter(pk=who).update(xp_total=sum(map(xp_to_next, range(1, level))))
    online(who)
    to_the_gate(who)
    return who


def online(*character_ids: int) -> None:
    redis().zadd("presence", {str(who): clock.now() for who in character_ids})


def to_the_gate(who: int) -> None:
    cast.put(who, SPANS, (2, 40))


def go_in(*members: int) -> DungeonRun:
    """Let members enter through the gate, in order; return the run."""
    for who in members:
        if CharacterPlace.objects.get(pk=who).zone != DUNGEON:
            to_the_gate(who)
            services.travel(character_id=who, exit_id=GATE)
    return DungeonRun.objects.get(instance=CharacterPlace.objects.get(pk=members[0]).instance)


def inside(who: int, cell: tuple[int, int]) -> None:
    """Put somebody who is in a dungeon on a cell of it."""
    cast.put(who, DUNGEON, cell, copy=CharacterPlace.objects.get(pk=who).instance)


def dungeon() -> DungeonDef:
    return dungeon_ground.dungeon(DUNGEON)


def group(run: DungeonRun, encounter: str) -> MonsterGroup:
    return MonsterGroup.objects.get(instance=run.instance, rule=encounter)


def fight(
    run: DungeonRun, encounter: str, *members: int, outcome: str = "won", battle: int = 77
) -> BattleEnded:
    """Let members fight a group of a run to its end; return the fact of it."""
    row = group(run, encounter)
    inside(members[0], (row.x, row.y + 1))
    services.claim_group(character_id=members[0], group_id=row.pk)
    services.set_in_battle(character_ids=members, battle_id=battle)
    end = ended(run, row, dict.fromkeys(members, outcome), battle=battle)
    services.end_battle(end)
    return end


def ended(run: DungeonRun, row: MonsterGroup, outcomes: dict[int, str], *, battle: int) -> BattleEnded:
    loot = {"warden_engine_oru": LOOT}
    return BattleEnded(
        battle=battle,
        mode="pve",
        zone=DUNGEON,
        instance=run.instance or "",
        group=row.pk,
        rounds=5,
        participants=tuple(
            Participant(character=who, outcome=outcome, xp=0, loot_key="00" * 32)  # type: ignore[arg-type]
            for who, outcome in outcomes.items()
        ),
        slain=tuple(
            SlainMonster(monster=monster, level=level, loot_table=loot.get(monster, f"lt_{monster}"))
            for monster, level in row.monsters
        ),
        is_rewarded="won" in outcomes.values(),
    )


def solve(run: DungeonRun, who: int) -> list[str]:
    """Let somebody pull the levers in the right order; return it."""
    order = lever_order(run)
    for lever in order:
        pull(who, lever)
    return order


def pull(who: int, lever: str) -> str:
    """Let somebody walk to a lever or an inscription and touch it; return its state."""
    (thing,) = (each for each in ground.map_of(DUNGEON).objects if each.id == lever)
    inside(who, (thing.cell[0], thing.cell[1] + 1))
    return services.interact(character_id=who, object_id=lever).seen.state


def lever_order(run: DungeonRun) -> list[str]:
    """Return the levers of a run's puzzle in the right order."""
    room = dungeon().rooms[1]
    assert room.puzzle is not None
    order = dungeon_selectors.puzzle_order(run, room, room.puzzle).order
    return [room.puzzle.levers[lever].object for lever in order]
