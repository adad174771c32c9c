"""What the world does when something happened elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import (
    BattleEnded,
    Fact,
    FlagSet,
    GuildChanged,
    HoldingsChanged,
    LevelReached,
    PartyChanged,
    QuestMoved,
    SkillReached,
    StatsAllocated,
    SurroundingsChanged,
    XpRestored,
    XpRevoked,
)
from apps.world import locks, services


@subscribe(BattleEnded, name="world.end_battle")
def end_battle(fact: BattleEnded, event_id: int) -> None:
    services.end_battle(fact)


@subscribe(BattleEnded, name="world.take_toll", when=services.takes_toll)
def take_toll(fact: BattleEnded, event_id: int) -> None:
    services.take_toll(fact)


@subscribe(LevelReached, name="world.show_level")
def show_level(fact: LevelReached, event_id: int) -> None:
    services.show_level(character_id=fact.character, level=fact.level)
    services.show_again(character_id=fact.character, topic="level.reached")


@subscribe(GuildChanged, name="world.leave_lost_hall")
def leave_lost_hall(fact: GuildChanged, event_id: int) -> None:
    services.leave_lost_hall(character_id=fact.character)


@subscribe(SurroundingsChanged, name="world.show_after_surroundings")
def show_after_surroundings(fact: SurroundingsChanged, event_id: int) -> None:
    services.show_all_again(instance=fact.instance, topic=fact.topic)


TURNS_LOCKS: tuple[tuple[type[Fact], str, Callable[[Any], bool]], ...] = (
    (StatsAllocated, "world.show_after_stats", locks.is_asked_anywhere),
    (SkillReached, "world.show_after_skill", locks.asks_for_profession),
    (QuestMoved, "world.show_after_quest_moved", locks.asks_for_quest),
    (FlagSet, "world.show_after_flag", locks.asks_for_flag),
    (HoldingsChanged, "world.show_after_holdings", locks.asks_for_holdings),
    (PartyChanged, "world.show_after_party", locks.is_asked_anywhere),
    (GuildChanged, "world.show_after_guild", locks.is_asked_anywhere),
    (XpRevoked, "world.show_after_xp_revoked", locks.is_asked_anywhere),
    (XpRestored, "world.show_after_xp_restored", locks.is_asked_anywhere),
)
"""What happens to a character and may turn a lock before it, who hears of it, and whether any lock asks."""


def show_again(fact: Any, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic=fact.type_name)


for fact_type, name, is_asked in TURNS_LOCKS:
    subscribe(fact_type, name=name, when=is_asked)(show_again)
