"""What a fresh character can reach: a search over what may ever become true, never too strict.

Levels, money and skill are taken to be reachable; states of quests and flags are not, nor zones, items,
monsters and things where the world is known, until something that is reachable itself brings them about.
What this search does not reach, nobody can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from aether.kernel.conditions import Condition
from aether.kernel.effects import Effect
from apps.quests.definitions import DialogueDef, ObjectiveDef, OptionDef, QuestDef


@dataclass(slots=True)
class World:
    """What a fresh character can come to, own, fight, use (as zone and id), clear and talk to."""

    zones: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    monsters: set[str] = field(default_factory=set)
    things: set[tuple[str, str]] = field(default_factory=set)
    dungeons: set[str] = field(default_factory=set)
    dialogues: set[str] = field(default_factory=set)
    npcs: set[str] = field(default_factory=set)

    def count(self) -> int:
        beings = len(self.monsters) + len(self.dialogues) + len(self.npcs)
        return len(self.zones) + len(self.items) + len(self.things) + len(self.dungeons) + beings


@dataclass(slots=True)
class Reached:
    """States as (quest, state), flags by key, nodes as (dialogue, node), all of the world by its ids.

    `failing` are quests that something fails; `recipes` and `exits` (zone, exit) what effects unlock.
    """

    world: World | None = None
    states: set[tuple[str, str]] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    nodes: set[tuple[str, str]] = field(default_factory=set)
    advanced: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    recipes: set[str] = field(default_factory=set)
    exits: set[tuple[str, str]] = field(default_factory=set)

    def count(self) -> int:
        own = len(self.states) + len(self.flags) + len(self.nodes) + len(self.advanced) + len(self.failing)
        own += len(self.recipes) + len(self.exits)
        return own + (self.world.count() if self.world else 0)


def reached(
    quests: Mapping[str, QuestDef],
    dialogues: Mapping[str, DialogueDef],
    flags: Iterable[str] = (),
    explore: Callable[[Reached], None] | None = None,
) -> Reached:
    """Return everything that can be reached from nothing but the `flags` that the world itself may set.

    `explore` adds to the world what can be reached with what is found; without it all of it is within reach.
    """
    world = None if explore is None else World()
    found = Reached(world=world, states={(quest, "locked") for quest in quests}, flags=set(flags))
    before = -1
    while found.count() != before:
        before = found.count()
        if explore is not None:
            explore(found)
        for quest in quests.values():
            _grow_quest(quest, found)
        for dialogue in dialogues.values():
            _grow_dialogue(dialogue, quests, found)
    return found


def may_hold(condition: Condition | None, found: Reached) -> bool:
    """Tell if a condition can ever be true with what is reached."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(may_hold(child, found) for child in condition.all)
    if condition.any is not None:
        return any(may_hold(child, found) for child in condition.any)
    if condition.quest is not None:
        return (condition.quest.id, condition.quest.state) in found.states
    if condition.unlocked is not None:
        return condition.unlocked.names in found.exits
    if found.world is not None and not _is_in(found.world, condition):
        return False
    if condition.flag is not None and condition.flag.of == "character":
        return condition.flag.key in found.flags or condition.flag.value <= 0 or condition.flag.op == "<="
    return True


def _is_in(world: World, condition: Condition) -> bool:
    """Tell if the world has what a leaf asks for; other leaves ask nothing of it."""
    if condition.has_item is not None:
        return condition.has_item.id in world.items
    if condition.equipped is not None:
        return condition.equipped in world.items
    return condition.zone is None or condition.zone in world.zones


def _may_be_met(objective: ObjectiveDef, found: Reached) -> bool:
    """Tell if the events that an objective counts can ever happen, as far as the world says."""
    world, where = found.world, objective.where
    if world is None:
        return True
    if "object" in where:
        return any(
            thing == where["object"] and where.get("zone", zone) == zone for zone, thing in world.things
        )
    known: dict[str, set[str]] = {
        "zone": world.zones,
        "item": world.items,
        "monster": world.monsters,
        "npc": world.npcs,
        "dungeon": world.dungeons,
    }
    return all(value in known[name] for name, value in where.items() if name in known)


def _grow_quest(quest: QuestDef, found: Reached) -> None:
    if may_hold(quest.condition, found):
        found.states.add((quest.id, "available"))
    if (quest.id, "active") in found.states:
        found.states.add((quest.id, "abandoned"))
        if quest.id in found.failing:
            found.states.add((quest.id, "failed"))
        objectives = (objective for step in quest.steps for objective in step.objectives)
        if quest.id not in found.advanced and not all(_may_be_met(each, found) for each in objectives):
            return
        found.states.add((quest.id, "ready"))
        if quest.ready is None:
            _complete(quest, found)


def _grow_dialogue(dialogue: DialogueDef, quests: Mapping[str, QuestDef], found: Reached) -> None:
    if found.world is not None and dialogue.id not in found.world.dialogues:
        return
    for start in dialogue.start:
        if may_hold(start.condition, found):
            found.nodes.add((dialogue.id, start.node))
    for node in dialogue.nodes:
        if (dialogue.id, node.id) in found.nodes:
            for option in node.options:
                if may_hold(option.condition, found):
                    _grow_option(dialogue, option, quests, found)


def _grow_option(
    dialogue: DialogueDef, option: OptionDef, quests: Mapping[str, QuestDef], found: Reached
) -> None:
    for effect in option.effects:
        gather(effect, found)
        _grow_effect(effect, quests, found)
    if option.goto:
        found.nodes.add((dialogue.id, option.goto))


def _grow_effect(effect: Effect, quests: Mapping[str, QuestDef], found: Reached) -> None:
    if effect.advance:
        found.advanced.add(effect.advance)
    if effect.start and (effect.start, "available") in found.states:
        found.states.add((effect.start, "active"))
    if effect.complete and (effect.complete, "ready") in found.states and effect.complete in quests:
        _complete(quests[effect.complete], found)


def gather(effect: Effect, found: Reached) -> None:
    """Add what an effect brings within reach: flags, failed quests, what is unlocked, items and foes."""
    if effect.flag is not None:
        found.flags.add(effect.flag.key)
    if effect.fail is not None:
        found.failing.add(effect.fail)
    if effect.unlock is not None:
        found.recipes.update(filter(None, [effect.unlock.recipe]))
        found.exits.update([(effect.unlock.exit.zone, effect.unlock.exit.exit)] if effect.unlock.exit else [])
    if found.world is not None:
        attached = effect.mail.items if effect.mail is not None else ()
        given = (effect.give, *attached)
        found.world.items.update(stack.item for stack in given if stack is not None)
        found.world.monsters.update(foe.monster for foe in effect.start_battle or ())


def _complete(quest: QuestDef, found: Reached) -> None:
    found.states.add((quest.id, "completed"))
    for reward in quest.rewards:
        gather(reward, found)
