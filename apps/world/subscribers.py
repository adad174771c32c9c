"""What the world does when something happened elsewhere."""

from __future__ import annotations

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import (
    BattleEnded,
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


@subscribe(StatsAllocated, name="world.show_after_stats", when=locks.is_asked_anywhere)
def show_after_stats(fact: StatsAllocated, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="stats.allocated")


@subscribe(SkillReached, name="world.show_after_skill", when=locks.asks_for_profession)
def show_after_skill(fact: SkillReached, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="skill.reached")


@subscribe(QuestMoved, name="world.show_after_quest_moved", when=locks.asks_for_quest)
def show_after_quest(fact: QuestMoved, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="quest.moved")


@subscribe(FlagSet, name="world.show_after_flag", when=locks.asks_for_flag)
def show_after_flag(fact: FlagSet, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="flag.set")


@subscribe(HoldingsChanged, name="world.show_after_holdings", when=locks.asks_for_holdings)
def show_after_holdings(fact: HoldingsChanged, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="holdings.changed")


@subscribe(PartyChanged, name="world.show_after_party", when=locks.is_asked_anywhere)
def show_after_party(fact: PartyChanged, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="party.changed")


@subscribe(GuildChanged, name="world.show_after_guild", when=locks.is_asked_anywhere)
def show_after_guild(fact: GuildChanged, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="guild.changed")


@subscribe(GuildChanged, name="world.leave_lost_hall")
def leave_lost_hall(fact: GuildChanged, event_id: int) -> None:
    services.leave_lost_hall(character_id=fact.character)


@subscribe(SurroundingsChanged, name="world.show_after_surroundings")
def show_after_surroundings(fact: SurroundingsChanged, event_id: int) -> None:
    services.show_all_again(instance=fact.instance, topic=fact.topic)


@subscribe(XpRevoked, name="world.show_after_xp_revoked", when=locks.is_asked_anywhere)
def show_after_xp_revoked(fact: XpRevoked, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="xp.revoked")


@subscribe(XpRestored, name="world.show_after_xp_restored", when=locks.is_asked_anywhere)
def show_after_xp_restored(fact: XpRestored, event_id: int) -> None:
    services.show_again(character_id=fact.character, topic="xp.restored")
