"""What the world does when something happened elsewhere."""

from __future__ import annotations

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import BattleEnded, LevelReached
from apps.world import services


@subscribe(BattleEnded, name="world.end_battle")
def end_battle(fact: BattleEnded, event_id: int) -> None:
    services.end_battle(fact)


@subscribe(LevelReached, name="world.show_level")
def show_level(fact: LevelReached, event_id: int) -> None:
    services.show_level(character_id=fact.character, level=fact.level)
