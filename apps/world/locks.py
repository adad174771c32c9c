"""What the exits and things of the content ask, so that only what can change an answer is told anew."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from aether.kernel import content
from aether.kernel.conditions import Condition, Situation, Topic, holds, leaves, may_change
from aether.kernel.content import Pack
from aether.kernel.facts.types import Fact, FlagSet, HoldingsChanged, QuestMoved, SkillReached
from apps.world import ground
from apps.world.definitions import ZoneDef
from apps.world.things import ObjectDef

MOMENT = frozenset({"time", "weather", "event_active"})
"""The questions that have one answer for all in a zone, and another one by and by."""


def asks_for_holdings(fact: HoldingsChanged) -> bool:
    return not _asked("holdings").isdisjoint(fact.items)


def asks_for_quest(fact: QuestMoved) -> bool:
    return fact.quest in _asked("quest")


def asks_for_flag(fact: FlagSet) -> bool:
    return not _asked("flag").isdisjoint(fact.keys)


def asks_for_profession(fact: SkillReached) -> bool:
    return fact.profession in _asked("profession")


def is_asked_anywhere(fact: Fact) -> bool:
    """Tell if an exit or a thing anywhere asks for what can be another by what happened: the fact's topic."""
    topic = cast("Topic", fact.type_name)
    return any(may_change(leaf, topic) for leaf in _leaves_in(content.current()))


def is_asked_in(zone: str, topic: Topic) -> bool:
    """Tell if an exit or a thing of a zone asks for what something that happens can change."""
    return any(may_change(condition, topic) for condition in _conditions_in(zone))


def answers_of_the_moment(zone: str, here: Situation) -> tuple[bool, ...]:
    """Return what time, weather and events answer to whatever the exits and things of a zone ask of them."""
    asked = (leaf for condition in _conditions_in(zone) for leaf in leaves(condition))
    return tuple(holds(leaf, here) for leaf in asked if leaf.said[0] in MOMENT)


def _conditions_in(zone: str) -> Iterator[Condition | None]:
    yield from (rule.condition for rule in ground.zone_of(zone).exits.values())
    for thing in ground.map_of(zone).objects:
        yield from ground.definition_of(thing).conditions


def _asked(kind: str) -> frozenset[str]:
    return _names_in(content.current()).get(kind, frozenset())


@lru_cache(maxsize=2)
def _names_in(pack: Pack) -> dict[str, frozenset[str]]:
    """Return what the leaves of each kind name; `holdings` are possessions, however they are asked for."""
    found: dict[str, set[str]] = {}
    for leaf in _leaves_in(pack):
        kind, said = leaf.said
        kind = "holdings" if kind in ("has_item", "equipped", "currency") else kind
        name = said if isinstance(said, str) else getattr(said, "id", None) or getattr(said, "key", "")
        found.setdefault(kind, set()).add(str(name))
    return {kind: frozenset(names) for kind, names in found.items()}


@lru_cache(maxsize=2)
def _leaves_in(pack: Pack) -> tuple[Condition, ...]:
    asked = [rule.condition for zone in pack.all(ZoneDef).values() for rule in zone.exits.values()]
    asked += [each for definition in pack.all(ObjectDef).values() for each in definition.conditions]
    return tuple(leaf for condition in asked for leaf in leaves(condition))
