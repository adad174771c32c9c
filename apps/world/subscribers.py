"""What the world does when something happened elsewhere."""

from __future__ import annotations

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import (
    BattleEnded,
    GuildChanged,
    ItemGained,
    LevelReached,
    PartyChanged,
    QuestCompleted,
)
from apps.world import object_selectors, services


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


@subscribe(QuestCompleted, name="world.show_after_quest")
def show_after_quest(fact: QuestCompleted, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="quest.completed")


@subscribe(ItemGained, name="world.show_after_gain", when=object_selectors.opens_something)
def show_after_gain(fact: ItemGained, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="item.gained")


@subscribe(PartyChanged, name="world.show_after_party", when=object_selectors.is_asked_anywhere)
def show_after_party(fact: PartyChanged, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="party.changed")


@subscribe(GuildChanged, name="world.show_after_guild", when=object_selectors.is_asked_anywhere)
def show_after_guild(fact: GuildChanged, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="guild.changed")
