"""Semantic checks of combat content: what types alone cannot say. Call before content is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from .definitions import (
    AXIS_SHAPES,
    AnyEffect,
    ClassDef,
    CombatPack,
    Dash,
    Dot,
    Hot,
    Mod,
    MonsterDef,
    Rollable,
    Shield,
    SkillDef,
    Teleport,
)
from .stats import STATS


class Problem(msgspec.Struct, frozen=True):
    """What is wrong where: the folder, the id, the keys inside the document, and a sentence."""

    kind: str
    id: str
    keys: tuple[str | int, ...]
    message: str

    @property
    def path(self) -> str:
        """Return the keys as people write them: `ranks[0].effects[1].min`."""
        parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return "".join(parts).removeprefix(".")


Keys = tuple[str | int, ...]
Finding = tuple[Keys, str]


def validate(pack: CombatPack) -> list[Problem]:
    """Return everything that is wrong with a pack, in a stable order."""
    problems: list[Problem] = []
    for skill_id, skill in sorted(pack.skills.items()):
        problems += _located("skills", skill_id, _skill(pack, skill))
    for class_id, definition in sorted(pack.classes.items()):
        problems += _located("classes", class_id, _class(pack, definition))
    for monster_id, monster in sorted(pack.monsters.items()):
        problems += _located("monsters", monster_id, _monster(pack, monster))
    return problems


def _located(kind: str, content_id: str, findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(kind, content_id, keys, message) for keys, message in findings]


def _skill(pack: CombatPack, skill: SkillDef) -> Iterator[Finding]:
    if skill.class_ is not None and skill.class_ not in pack.classes:
        yield ("class",), f"there is no class {skill.class_!r}"
    yield from _aim(skill)
    if skill.ap == 0 and not skill.limits.per_turn:
        yield ("limits",), "a skill without action points needs a limit per turn"
    yield from _ranks(skill)
    for at, rank in enumerate(skill.ranks):
        for number, effect in enumerate(rank.effects):
            for keys, message in _effect(skill, effect):
                yield ("ranks", at, "effects", number, *keys), message


def _aim(skill: SkillDef) -> Iterator[Finding]:
    if skill.range.min > skill.range.max:
        yield ("range",), "min is above max"
    if isinstance(skill.shape, AXIS_SHAPES) and not skill.range.axis:
        yield ("range", "axis"), "shapes line, bar and cone need axis: true"
    if isinstance(skill.shape, AXIS_SHAPES) and skill.range.min == 0:
        yield ("range", "min"), "shapes line, bar and cone need a direction: min must be 1 or more"


def _ranks(skill: SkillDef) -> Iterator[Finding]:
    if skill.ranks[0].level != 1:
        yield ("ranks", 0, "level"), "the first rank must be of level 1"
    for at, (lower, higher) in enumerate(pairwise(skill.ranks), start=1):
        if higher.level <= lower.level:
            yield ("ranks", at, "level"), "levels of ranks must rise"


def _effect(skill: SkillDef, effect: AnyEffect) -> Iterator[Finding]:
    match effect:
        case Rollable(min=low, max=high):
            yield from _amounts((low, high), effect.crit)
        case Shield() | Dot() | Hot():
            yield from _amounts(effect.amount, effect.crit)
        case Mod(stat=stat) if stat not in STATS:
            yield ("stat",), f"there is no stat {stat!r}"
        case Dash() if not skill.range.axis:
            yield (), "dash needs range.axis: true"
        case Teleport() if skill.target != ("free_cell",):
            yield (), "teleport needs target: [free_cell]"
        case _:
            pass


def _amounts(normal: tuple[int, int], crit: tuple[int, int] | None) -> Iterator[Finding]:
    if normal[0] > normal[1]:
        yield (), "the lower amount is above the higher"
    if crit is None:
        return
    if crit[0] > crit[1]:
        yield ("crit",), "the lower amount is above the higher"
    if crit[0] < normal[0] or crit[1] < normal[1]:
        yield ("crit",), "a critical amount is below the normal one"


def _class(pack: CombatPack, definition: ClassDef) -> Iterator[Finding]:
    yield from _stats(definition.stats)
    for at, skill_id in enumerate(definition.skills):
        skill = pack.skills.get(skill_id)
        if skill is None:
            yield ("skills", at), f"there is no skill {skill_id!r}"
        elif skill.class_ != definition.id:
            yield ("skills", at), f"skill {skill_id!r} is not of this class"


def _monster(pack: CombatPack, monster: MonsterDef) -> Iterator[Finding]:
    yield from _stats(monster.stats)
    if monster.level[0] > monster.level[1]:
        yield ("level",), "the lower level is above the higher"
    if monster.ai.profile not in pack.ai:
        yield ("ai", "profile"), f"there is no profile {monster.ai.profile!r}"
    if monster.ai.band[0] > monster.ai.band[1]:
        yield ("ai", "band"), "the nearer end is beyond the farther"
    for at, skill_id in enumerate(monster.skills):
        if skill_id not in pack.skills:
            yield ("skills", at), f"there is no skill {skill_id!r}"


def _stats(stats: dict[str, int]) -> Iterator[Finding]:
    for name in sorted(stats):
        if name not in STATS:
            yield ("stats", name), f"there is no stat {name!r}"
