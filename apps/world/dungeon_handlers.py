"""Commands about dungeons, each to its service."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, handles
from aether.protocol import dungeons as wire
from apps.economy import services as economy
from apps.world import dungeon_ground, dungeon_selectors, services
from apps.world.dungeons import DungeonDef


@handles(wire.LookAtDungeon)
def look_at_dungeon(caller: Caller, command: wire.LookAtDungeon) -> wire.DungeonGate:
    return _gate(caller, dungeon_ground.dungeon(command.dungeon))


@handles(wire.AbandonDungeon)
def abandon_dungeon(caller: Caller, command: wire.AbandonDungeon) -> wire.DungeonGate:
    dungeon = dungeon_ground.dungeon(command.dungeon)
    services.abandon_dungeon(character_id=caller.character_id, dungeon_id=dungeon.id)
    return _gate(caller, dungeon)


def _gate(caller: Caller, dungeon: DungeonDef) -> wire.DungeonGate:
    return dungeon_selectors.gate(caller.character_id, dungeon, language=caller.language)


economy.register_loot_lock(services.claim_loot)
