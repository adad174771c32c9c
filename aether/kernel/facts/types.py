"""Every fact of the platform, in the past tense. A fact says what happened, never what to do."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

BattleOutcome = Literal["won", "lost", "drawn"]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has happened and is committed."""

    type_name: ClassVar[str]


class CharacterCreated(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "character.created"

    character: int
    account: int
    class_id: str


class LevelReached(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "level.reached"

    character: int
    level: int


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A human's part in a battle. `xp` is what it earned; `loot_key` (hexadecimal) seeds its loot dice.

    `health` is what is left of its hit points, in parts of ten thousand, if the battle leaves it so.
    `used` is what it has used up of the items that it brought, None if it certainly brought nothing.
    """

    character: int
    outcome: BattleOutcome
    xp: int
    loot_key: str
    health: int | None = None
    used: dict[str, int] | None = None


class SlainMonster(msgspec.Struct, frozen=True, kw_only=True):
    monster: str
    level: int
    loot_table: str


class BattleEnded(Fact, frozen=True, kw_only=True):
    """`group` is the zone's monster group, None between players; `is_rewarded` is false after a fault.

    `ended_at` is when, in seconds: facts come late, and what was done meanwhile is of the next battle. A fact
    that is published anew may not know it.
    `bonus_pct` is how much more the group was worth because nobody had touched it.
    `loot_key` (hexadecimal) seeds the dice of what falls once for all winners; empty where nobody is paid.

    `is_again` is true where the fact was lost and published anew: who may have done its part looks first.
    """

    type_name: ClassVar[str] = "battle.ended"

    battle: int
    mode: Literal["pve", "duel", "team"]
    zone: str
    instance: str
    group: int | None
    rounds: int
    participants: tuple[Participant, ...]
    slain: tuple[SlainMonster, ...]
    is_rewarded: bool
    is_again: bool = False
    ended_at: float | None = None
    bonus_pct: int = 0
    loot_key: str = ""

    @property
    def has_supplies(self) -> bool:
        """Whether somebody may have brought items to be used."""
        return any(each.used is not None for each in self.participants)


class GroupAttacked(Fact, frozen=True, kw_only=True):
    """A monster group has claimed a character as a player claims a group; it waits for a battle to begin."""

    type_name: ClassVar[str] = "group.attacked"

    group: int
    character: int
    instance: str


class ItemGained(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "item.gained"

    character: int
    item: str
    count: int
    source: str


class LetterLost(Fact, frozen=True, kw_only=True):
    """What a letter brought was never taken, by its recipient nor by its sender."""

    type_name: ClassVar[str] = "letter.lost"

    character: int
    letter: int


class ItemEquipped(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "item.equipped"

    character: int
    item: str
    slot: str


class HoldingsChanged(Fact, frozen=True, kw_only=True):
    """Something came to a character, left it, was put on or taken off: items by their ids, or `glim`.

    Published where somebody listens for one of these `items` only.
    """

    type_name: ClassVar[str] = "holdings.changed"

    character: int
    items: tuple[str, ...]


class NpcTalked(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "npc.talked"

    character: int
    npc: str
    option: str | None


class ZoneEntered(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "zone.entered"

    character: int
    zone: str


class ObjectUsed(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "object.used"

    character: int
    zone: str
    object: str


class DungeonCleared(Fact, frozen=True, kw_only=True):
    """A character was there, or belongs to the party, when the last room of a dungeon was done."""

    type_name: ClassVar[str] = "dungeon.cleared"

    character: int
    dungeon: str
    run: int


class QuestMoved(Fact, frozen=True, kw_only=True):
    """A quest of a character came into another state or to another step, or is locked again.

    Published where somebody listens for this `quest` only.
    """

    type_name: ClassVar[str] = "quest.moved"

    character: int
    quest: str


class FlagSet(Fact, frozen=True, kw_only=True):
    """Flags of a character have other values.

    Published where somebody listens for one of these `keys` only.
    """

    type_name: ClassVar[str] = "flag.set"

    character: int
    keys: tuple[str, ...]


class SurroundingsChanged(Fact, frozen=True, kw_only=True):
    """What surrounds everybody in a zone copy is another.

    That are its flags (`flag.set`), or time, weather and events (`clock`).
    """

    type_name: ClassVar[str] = "surroundings.changed"

    instance: str
    topic: Literal["flag.set", "clock"]


class QuestCompleted(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "quest.completed"

    character: int
    quest: str


class XpRevoked(Fact, frozen=True, kw_only=True):
    """Experience goes with what a rollback has undone. `case` says which rollback it was."""

    type_name: ClassVar[str] = "xp.revoked"

    character: int
    cause: str
    amount: int
    case: int


class XpRestored(Fact, frozen=True, kw_only=True):
    """What a rollback has revoked comes back: the rollback was undone."""

    type_name: ClassVar[str] = "xp.restored"

    character: int
    case: int


class QuestsRevoked(Fact, frozen=True, kw_only=True):
    """The rewards of some quests went with what a rollback has undone."""

    type_name: ClassVar[str] = "quests.revoked"

    character: int
    quests: tuple[str, ...]
    case: int


class QuestsRestored(Fact, frozen=True, kw_only=True):
    """The rewards of quests that a rollback has revoked are back: the rollback was undone."""

    type_name: ClassVar[str] = "quests.restored"

    character: int
    case: int


class StatsAllocated(Fact, frozen=True, kw_only=True):
    """A character has put points into its stats, or has all of them back."""

    type_name: ClassVar[str] = "stats.allocated"

    character: int


class PartyChanged(Fact, frozen=True, kw_only=True):
    """Somebody came into the party of a character or left it; or the character itself did."""

    type_name: ClassVar[str] = "party.changed"

    character: int


class GuildChanged(Fact, frozen=True, kw_only=True):
    """A character is in a guild or in none any more, or its rank there is another.

    Another rank is one that stands elsewhere or may do something else, too.
    """

    type_name: ClassVar[str] = "guild.changed"

    character: int


class NodeGathered(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "node.gathered"

    character: int
    node: str
    zone: str


class ItemCrafted(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "item.crafted"

    character: int
    item: str
    count: int
    recipe: str


class SkillReached(Fact, frozen=True, kw_only=True):
    type_name: ClassVar[str] = "skill.reached"

    character: int
    profession: str
    level: int
