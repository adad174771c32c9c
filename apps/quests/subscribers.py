"""What happened elsewhere, as the events that objectives count."""

from __future__ import annotations

from operator import attrgetter

from aether.kernel.facts import subscribe
from aether.kernel.facts.types import (
    BattleEnded,
    CharacterCreated,
    DungeonCleared,
    ItemEquipped,
    ItemGained,
    LevelReached,
    NpcTalked,
    ObjectUsed,
    QuestCompleted,
    QuestsRestored,
    QuestsRevoked,
    ZoneEntered,
)
from apps.quests import services
from apps.quests.rules.machine import Event


@subscribe(CharacterCreated, name="quests.open_first")
def open_first(created: CharacterCreated, event_id: int) -> None:
    services.open_quests(character_id=created.character, cause="character.created")


@subscribe(BattleEnded, name="quests.count_battle", when=attrgetter("is_rewarded"))
def count_battle(ended: BattleEnded, event_id: int) -> None:
    if not ended.is_rewarded:
        return
    won = Event(type="battle.won", fields={"zone": ended.zone, "mode": ended.mode})
    killed = [
        Event(
            type="monster.killed",
            fields={"monster": slain.monster, "level": slain.level, "zone": ended.zone},
        )
        for slain in ended.slain
    ]
    winners = [part.character for part in ended.participants if part.outcome == "won"]
    cause = f"battle.won:{ended.battle}"
    if ended.is_again:
        services.observe_once(character_ids=winners, events=[won, *killed], cause=cause)
    else:
        services.observe(character_ids=winners, events=[won, *killed], cause=cause)


@subscribe(ItemEquipped, name="quests.count_equipped")
def count_equipped(fact: ItemEquipped, event_id: int) -> None:
    event = Event(type="item.equipped", fields={"item": fact.item, "slot": fact.slot})
    services.observe(character_ids=[fact.character], events=[event], cause=f"item.equipped:{fact.item}")


@subscribe(ItemGained, name="quests.count_gained")
def count_gained(fact: ItemGained, event_id: int) -> None:
    fields = {"item": fact.item, "source": fact.source}
    event = Event(type="item.gained", fields=fields, amount=fact.count)
    services.observe(character_ids=[fact.character], events=[event], cause=f"item.gained:{fact.item}")


@subscribe(NpcTalked, name="quests.count_talk")
def count_talk(fact: NpcTalked, event_id: int) -> None:
    event = Event(type="npc.talked", fields={"npc": fact.npc, "option": fact.option or ""})
    services.observe(character_ids=[fact.character], events=[event], cause=f"npc.talked:{fact.npc}")


@subscribe(ZoneEntered, name="quests.count_zone")
def count_zone(fact: ZoneEntered, event_id: int) -> None:
    event = Event(type="zone.entered", fields={"zone": fact.zone})
    services.observe(character_ids=[fact.character], events=[event], cause=f"zone.entered:{fact.zone}")


@subscribe(ObjectUsed, name="quests.count_object")
def count_object(fact: ObjectUsed, event_id: int) -> None:
    event = Event(type="object.used", fields={"zone": fact.zone, "object": fact.object})
    services.observe(character_ids=[fact.character], events=[event], cause=f"object.used:{fact.object}")


@subscribe(DungeonCleared, name="quests.count_dungeon")
def count_dungeon(fact: DungeonCleared, event_id: int) -> None:
    event = Event(type="dungeon.cleared", fields={"dungeon": fact.dungeon})
    services.observe(character_ids=[fact.character], events=[event], cause=f"dungeon.cleared:{fact.run}")


@subscribe(LevelReached, name="quests.count_level")
def count_level(fact: LevelReached, event_id: int) -> None:
    event = Event(type="level.reached", fields={"level": fact.level})
    services.observe(character_ids=[fact.character], events=[event], cause=f"level.reached:{fact.level}")


@subscribe(QuestCompleted, name="quests.open_next")
def open_next(fact: QuestCompleted, event_id: int) -> None:
    services.open_quests(character_id=fact.character, cause=f"quest.completed:{fact.quest}")


@subscribe(QuestsRevoked, name="quests.revoke")
def revoke_quests(fact: QuestsRevoked, event_id: int) -> None:
    services.revoke_quests(character_id=fact.character, quests=fact.quests, rollback=fact.case)


@subscribe(QuestsRestored, name="quests.restore")
def restore_quests(fact: QuestsRestored, event_id: int) -> None:
    services.restore_quests(character_id=fact.character, rollback=fact.case)
