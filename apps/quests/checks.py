"""Checks of quest content as a whole: references resolve, every node is reached and ends, quests complete."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from aether.kernel.conditions import Condition, leaves, unknown_in
from aether.kernel.content import Pack, Problem
from aether.kernel.effects import unknown_in as unknown_in_effects
from apps.quests.definitions import DialogueDef, NodeDef, NpcDef, QuestDef
from apps.quests.exploring import explore
from apps.quests.rules.reachability import Reached, may_hold, reached
from apps.world.definitions import ZoneDef
from apps.world.dungeons import DungeonDef
from apps.world.things import ObjectDef

REFERENCES = {"dungeon": "dungeons", "monster": "monsters", "item": "items", "npc": "npcs", "zone": "zones"}
"""Fields of events that name a document, and the folder that it is in."""


def check_quests(pack: Pack) -> Iterator[Problem]:
    """Yield every problem of quests, dialogues and NPCs."""
    is_placed = bool(pack.all(ZoneDef))
    found = reached(
        pack.all(QuestDef),
        pack.all(DialogueDef),
        () if is_placed else _flags_of_things(pack),
        partial(explore, pack) if is_placed else None,
    )
    if is_placed:
        yield from _check_ways(pack, found)
        yield from _check_monsters(pack, found)
    for npc in pack.all(NpcDef).values():
        if npc.dialogue not in pack.all(DialogueDef):
            yield Problem(pack.where("npcs", npc.id, "dialogue"), f"there is no dialogue `{npc.dialogue}`")
    for quest in pack.all(QuestDef).values():
        yield from _check_quest(pack, quest, found)
    for dialogue in pack.all(DialogueDef).values():
        yield from _check_dialogue(pack, dialogue, found)


def _flags_of_things(pack: Pack) -> Iterator[str]:
    """Yield the flags that things of the world set."""
    for thing in pack.raw("objects").values():
        for transition in thing.get("transitions", []):
            for effect in transition.get("effects", []):
                if "flag" in effect:
                    yield effect["flag"]["key"]


def _check_ways(pack: Pack, found: Reached) -> Iterator[Problem]:
    """Yield the exits and things that ask for what nobody can ever have."""
    for zone in pack.all(ZoneDef).values():
        for name, rule in zone.exits.items():
            if not may_hold(rule.condition, found):
                where = pack.where("zones", zone.id, "exits", name)
                yield Problem(
                    where,
                    f"no fresh character can ever pass `{name}`: {_out_of_reach(rule.condition, found)}",
                )
    for definition in pack.all(ObjectDef).values():
        if not may_hold(definition.seen_if, found):
            where = pack.where("objects", definition.id, "seen_if")
            message = _out_of_reach(definition.seen_if, found)
            yield Problem(where, f"no fresh character can ever see it: {message}")
        for number, each in enumerate(definition.transitions):
            if not may_hold(each.condition, found):
                where = pack.where("objects", definition.id, "transitions", number)
                message = _out_of_reach(each.condition, found)
                yield Problem(where, f"no fresh character can ever do it: {message}")


def _check_monsters(pack: Pack, found: Reached) -> Iterator[Problem]:
    """Yield the monsters that nobody ever meets: most often a name that is written wrong."""
    assert found.world is not None
    monsters, skills = pack.raw("monsters"), pack.raw("skills")
    met = found.world.monsters | set(_allies_in(pack, found.world.dungeons))
    casters = [*pack.raw("classes").values(), *(monsters.get(each, {}) for each in met)]
    while casters:
        known = [skills.get(skill) for skill in casters.pop().get("skills", ())]
        called = set(_called_in(known)) - met
        met |= called
        casters += [monsters.get(each, {}) for each in called]
    for monster in sorted(set(monsters) - met):
        yield Problem(pack.where("monsters", monster), "no zone, dungeon, talk, thing or skill brings it")


def _allies_in(pack: Pack, dungeons: set[str]) -> Iterator[str]:
    for dungeon in pack.all(DungeonDef).values():
        if dungeon.id in dungeons:
            for _, encounter in dungeon.encounters():
                yield from (ally.monster for ally in encounter.allies)


def _called_in(value: Any) -> Iterator[str]:
    """Yield the monsters that a part of a skill calls into battle, however deep inside."""
    if isinstance(value, list):
        for each in value:
            yield from _called_in(each)
    elif isinstance(value, dict):
        if value.get("type") == "summon" and isinstance(value.get("monster"), str):
            yield value["monster"]
        for each in value.values():
            yield from _called_in(each)


def _out_of_reach(condition: Condition | None, found: Reached) -> str:
    """Name what a condition asks for that nobody can reach."""
    missing = [leaf.said for leaf in leaves(condition) if not may_hold(leaf, found)]
    return ", ".join(
        f"{kind} `{getattr(said, 'id', None) or getattr(said, 'exit', None) or getattr(said, 'key', said)}`"
        for kind, said in missing
    )


def _check_quest(pack: Pack, quest: QuestDef, found: Reached) -> Iterator[Problem]:
    where = pack.where("quests", quest.id)
    if quest.giver not in pack.all(NpcDef):
        yield Problem(pack.where("quests", quest.id, "giver"), f"there is no NPC `{quest.giver}`")
    if (quest.id, "completed") not in found.states:
        yield Problem(where, "no fresh character can ever complete it")
    for message in unknown_in_effects(pack, quest.rewards):
        yield Problem(pack.where("quests", quest.id, "rewards"), message)
    for message in unknown_in(pack, quest.condition):
        yield Problem(pack.where("quests", quest.id, "if"), message)
    yield from _check_objectives(pack, quest)


def _check_objectives(pack: Pack, quest: QuestDef) -> Iterator[Problem]:
    for number, step in enumerate(quest.steps):
        for position, objective in enumerate(step.objectives):
            for name, value in objective.where.items():
                at = pack.where("quests", quest.id, "steps", number, "objectives", position)
                folder = REFERENCES.get(name)
                if folder and pack.raw(folder) and value not in pack.raw(folder):
                    yield Problem(at, f"there is no `{value}` in {folder}")
                zone = objective.where.get("zone")
                if name == "object" and value not in _things(pack, zone):
                    yield Problem(at, f"no map of {zone or 'any zone'} has a thing `{value}`")


def _things(pack: Pack, zone: str | int | None) -> set[str]:
    """Return the ids of the things on the map of a zone, or on any."""
    maps = {each.get("map") for name, each in pack.raw("zones").items() if zone in (None, name)}
    drawn = [pack.raw("maps").get(name, {}) for name in maps]
    return {thing["id"] for each in drawn for thing in each.get("objects", [])}


def _check_dialogue(pack: Pack, dialogue: DialogueDef, found: Reached) -> Iterator[Problem]:
    at_start = pack.where("dialogues", dialogue.id, "start")
    for start in dialogue.start:
        if dialogue.node(start.node) is None:
            yield Problem(at_start, f"there is no node `{start.node}`")
    if dialogue.start[-1].condition is not None:
        yield Problem(at_start, "the last start has no condition")
    ending = _ending_nodes(dialogue)
    for number, node in enumerate(dialogue.nodes):
        where = pack.where("dialogues", dialogue.id, "nodes", number)
        if (dialogue.id, node.id) not in found.nodes:
            yield Problem(where, f"nobody ever comes to the node `{node.id}`")
        if node.id not in ending:
            yield Problem(where, f"the talk never ends from the node `{node.id}`")
        for message in _unknown_in_node(pack, dialogue, node):
            yield Problem(where, message)


def _ending_nodes(dialogue: DialogueDef) -> set[str]:
    """Return the nodes from which options that are always there lead to an end."""
    ending: set[str] = set()
    before = -1
    while len(ending) != before:
        before = len(ending)
        for node in dialogue.nodes:
            always = [option for option in node.options if option.condition is None]
            if any(option.end or option.goto in ending for option in always):
                ending.add(node.id)
    return ending


def _unknown_in_node(pack: Pack, dialogue: DialogueDef, node: NodeDef) -> Iterator[str]:
    for option in node.options:
        if option.goto and dialogue.node(option.goto) is None:
            yield f"there is no node `{option.goto}`"
        yield from unknown_in_effects(pack, option.effects)
        yield from unknown_in(pack, option.condition)
