"""What a fresh character can reach: a search over what may ever become true, never too strict.

Levels, zones and possessions are taken to be reachable; states of quests and flags are not, until
something that is reachable itself brings them about. What this search does not reach, nobody can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aether.kernel.conditions import Condition
from aether.kernel.effects import Effect
from apps.quests.definitions import DialogueDef, OptionDef, QuestDef


@dataclass(slots=True)
class Reached:
    """States as (quest, state), flags by key, nodes as (dialogue, node)."""

    states: set[tuple[str, str]] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    nodes: set[tuple[str, str]] = field(default_factory=set)

    def count(self) -> int:
        return len(self.states) + len(self.flags) + len(self.nodes)


def reached(
    quests: Mapping[str, QuestDef], dialogues: Mapping[str, DialogueDef], flags: Iterable[str] = ()
) -> Reached:
    """Return everything that can be reached from nothing but the `flags` that the world itself may set."""
    found = Reached(states={(quest, "locked") for quest in quests}, flags=set(flags))
    before = -1
    while found.count() != before:
        before = found.count()
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
    if condition.flag is not None and condition.flag.of == "character":
        return condition.flag.key in found.flags or condition.flag.value <= 0 or condition.flag.op == "<="
    return True


def _grow_quest(quest: QuestDef, found: Reached) -> None:
    if may_hold(quest.condition, found):
        found.states.add((quest.id, "available"))
    if (quest.id, "active") in found.states:
        found.states.add((quest.id, "abandoned"))
        found.states.add((quest.id, "ready"))
        if quest.ready is None:
            _complete(quest, found)


def _grow_dialogue(dialogue: DialogueDef, quests: Mapping[str, QuestDef], found: Reached) -> None:
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
        _grow_effect(effect, quests, found)
    if option.goto:
        found.nodes.add((dialogue.id, option.goto))


def _grow_effect(effect: Effect, quests: Mapping[str, QuestDef], found: Reached) -> None:
    if effect.flag is not None:
        found.flags.add(effect.flag.key)
    if effect.start and (effect.start, "available") in found.states:
        found.states.add((effect.start, "active"))
    if effect.complete and (effect.complete, "ready") in found.states and effect.complete in quests:
        _complete(quests[effect.complete], found)


def _complete(quest: QuestDef, found: Reached) -> None:
    found.states.add((quest.id, "completed"))
    found.flags.update(reward.flag.key for reward in quest.rewards if reward.flag is not None)
