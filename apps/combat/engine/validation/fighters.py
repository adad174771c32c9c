"""The checks of classes and monsters."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions import ClassDef, CombatPack, MonsterDef, RuleDef
from ..stats import STATS
from .problems import Finding, under


def class_findings(pack: CombatPack, definition: ClassDef) -> Iterator[Finding]:
    yield from _stats(definition.stats)
    for at, skill_id in enumerate(definition.skills):
        skill = pack.skills.get(skill_id)
        if skill is None:
            yield ("skills", at), f"there is no skill {skill_id!r}"
        elif skill.class_ != definition.id:
            yield ("skills", at), f"skill {skill_id!r} is not of this class"


def monster_findings(pack: CombatPack, monster: MonsterDef) -> Iterator[Finding]:
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
    yield from _own_rules(monster)


def _own_rules(monster: MonsterDef) -> Iterator[Finding]:
    for at, skill_id in enumerate(monster.ai.reserved):
        if skill_id not in monster.skills:
            yield ("ai", "reserved", at), f"it does not know the skill {skill_id!r}"
    for at, rule in enumerate(monster.ai.rules):
        yield from under(("ai", "rules", at), _rule(monster, rule))


def _rule(monster: MonsterDef, rule: RuleDef) -> Iterator[Finding]:
    if sum(do.cast is not None for do in rule.do) > 1:
        yield ("do",), "a row casts one skill at most"
    for number, do in enumerate(rule.do):
        if do.say is not None and do.say not in monster.lines:
            yield ("do", number, "say"), f"it has no line {do.say!r}"
        if do.cast is not None and do.cast not in monster.skills:
            yield ("do", number, "cast"), f"it does not know the skill {do.cast!r}"
        if do.say is None and do.cast is None and do.phase is None:
            yield ("do", number), "it does nothing: say, phase or cast"


def _stats(stats: dict[str, int]) -> Iterator[Finding]:
    for name in sorted(stats):
        if name not in STATS:
            yield ("stats", name), f"there is no stat {name!r}"
