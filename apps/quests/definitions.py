"""Quest content as types: what the folders `quests`, `dialogues` and `npcs` of a pack decode into."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.conditions import Condition, Id
from aether.kernel.content.pack import LocalText
from aether.kernel.effects import Definition, Effect

Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
EventType = Literal[
    "battle.won",
    "monster.killed",
    "item.equipped",
    "item.gained",
    "npc.talked",
    "zone.entered",
    "object.used",
    "level.reached",
    "dungeon.cleared",
]
EVENT_FIELDS: dict[str, frozenset[str]] = {
    "battle.won": frozenset({"zone", "mode"}),
    "monster.killed": frozenset({"monster", "level", "zone"}),
    "item.equipped": frozenset({"item", "slot"}),
    "item.gained": frozenset({"item", "source"}),
    "npc.talked": frozenset({"npc", "option"}),
    "zone.entered": frozenset({"zone"}),
    "object.used": frozenset({"zone", "object"}),
    "level.reached": frozenset({"level"}),
    "dungeon.cleared": frozenset({"dungeon"}),
}
"""What the events of each type tell, and objectives may ask."""


# Quests


class ObjectiveDef(Definition, frozen=True, kw_only=True):
    """So many events of a type whose fields equal those of `where`."""

    id: Id
    on: EventType
    text: LocalText
    where: dict[str, str | int] = {}
    count: Count = 1

    def __post_init__(self) -> None:
        if unknown := set(self.where) - EVENT_FIELDS[self.on]:
            raise ValueError(f"events `{self.on}` do not tell {', '.join(sorted(unknown))}")


class StepDef(Definition, frozen=True, kw_only=True):
    """A step is done when all of its objectives are."""

    id: Id
    text: LocalText
    objectives: Annotated[tuple[ObjectiveDef, ...], msgspec.Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        if len({objective.id for objective in self.objectives}) < len(self.objectives):
            raise ValueError("two objectives of a step have the same id")


class QuestDef(Definition, frozen=True, kw_only=True):
    """A quest: its steps one after another, then `ready` until the giver is told, then completed.

    `if` says for whom it is available; a quest without `ready` completes by itself.
    """

    id: Id
    version: Annotated[int, msgspec.Meta(ge=1)]
    category: Literal["main", "side"]
    name: LocalText
    description: LocalText
    giver: Id
    steps: Annotated[tuple[StepDef, ...], msgspec.Meta(min_length=1, max_length=20)]
    ready: LocalText | None = None
    rewards: tuple[Effect, ...] = ()
    condition: Condition | None = msgspec.field(name="if", default=None)

    def __post_init__(self) -> None:
        if len({step.id for step in self.steps}) < len(self.steps):
            raise ValueError("two steps have the same id")
        if not all(reward.is_reward for reward in self.rewards):
            raise ValueError("rewards are `give`, `currency`, `xp`, `flag`, `mail` and `unlock`")


# Dialogues


class OptionDef(Definition, frozen=True, kw_only=True):
    """What a player may answer: it leads to another node or ends the talk."""

    id: Id
    text: LocalText
    condition: Condition | None = msgspec.field(name="if", default=None)
    effects: Annotated[tuple[Effect, ...], msgspec.Meta(max_length=8)] = ()
    goto: Id | None = None
    end: bool = False

    def __post_init__(self) -> None:
        if (self.goto is None) != self.end:
            raise ValueError("an option has either a `goto` or `end: true`")


class NodeDef(Definition, frozen=True, kw_only=True):
    """What the NPC says, and the answers to it."""

    id: Id
    text: LocalText
    options: Annotated[tuple[OptionDef, ...], msgspec.Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        if len({option.id for option in self.options}) < len(self.options):
            raise ValueError("two options of a node have the same id")


class StartDef(Definition, frozen=True, kw_only=True):
    """Where a talk begins: the first whose condition holds."""

    node: Id
    condition: Condition | None = msgspec.field(name="if", default=None)


class DialogueDef(Definition, frozen=True, kw_only=True):
    id: Id
    start: Annotated[tuple[StartDef, ...], msgspec.Meta(min_length=1, max_length=20)]
    nodes: Annotated[tuple[NodeDef, ...], msgspec.Meta(min_length=1, max_length=100)]

    def __post_init__(self) -> None:
        if len({node.id for node in self.nodes}) < len(self.nodes):
            raise ValueError("two nodes have the same id")

    def node(self, node_id: str) -> NodeDef | None:
        return next((node for node in self.nodes if node.id == node_id), None)


class NpcDef(Definition, frozen=True, kw_only=True):
    """Somebody of the world; where it stands is said by the map of its zone."""

    id: Id
    name: LocalText
    title: LocalText
    dialogue: Id
