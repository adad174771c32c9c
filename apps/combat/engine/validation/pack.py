"""The checks of a whole pack: every part by itself, then what hangs together."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions import CombatPack, Summon
from .bounds import unbounded
from .fighters import class_findings, monster_findings
from .items import item_findings
from .nesting import every_effect
from .problems import Problem, located
from .skills import skill_findings


def validate(pack: CombatPack) -> list[Problem]:
    """Return everything that is wrong with a pack, in a stable order."""
    problems: list[Problem] = []
    for skill_id, skill in sorted(pack.skills.items()):
        problems += located("skills", skill_id, skill_findings(pack, skill))
        problems += located("skills", skill_id, unbounded(skill))
    for class_id, definition in sorted(pack.classes.items()):
        problems += located("classes", class_id, class_findings(pack, definition))
    for monster_id, monster in sorted(pack.monsters.items()):
        problems += located("monsters", monster_id, monster_findings(pack, monster))
    for item_id in sorted(pack.items):
        problems += located("items", item_id, item_findings(pack, item_id))
    return [*problems, *_unreachable(pack), *_endless_summons(pack), *_rival_rules(pack), *_unheard_of(pack)]


def _rival_rules(pack: CombatPack) -> Iterator[Problem]:
    for battle_id in sorted(pack.battle)[1:]:
        yield Problem("battle", battle_id, ("id",), "battles go by one document alone")


def _unheard_of(pack: CombatPack) -> Iterator[Problem]:
    """Tags that a profile goes by and no skill has: most often a word that is written wrong."""
    known = {tag for skill in pack.skills.values() for tag in skill.ai_tags}
    for profile_id, profile in sorted(pack.ai.items()):
        for tag in sorted(set(profile.prefers) - known):
            yield Problem("ai", profile_id, ("prefers", tag), f"no skill has {tag!r} among its ai_tags")


def _unreachable(pack: CombatPack) -> Iterator[Problem]:
    """Content that nobody can ever meet is a mistake: most often a name that is written wrong."""
    known = {skill for each in pack.classes.values() for skill in each.skills}
    known |= {skill for each in pack.monsters.values() for skill in each.skills}
    known |= {item.skill for item in pack.items.values()}
    for skill_id in sorted(set(pack.skills) - known):
        yield Problem("skills", skill_id, ("id",), "no class, no monster and no item knows this skill")


def _endless_summons(pack: CombatPack) -> Iterator[Problem]:
    """Refuse monsters that call monsters that call them again."""
    calls = {
        monster_id: {called for skill in monster.skills for called in summoned_by(pack, skill)}
        for monster_id, monster in pack.monsters.items()
    }
    for monster_id in sorted(calls):
        seen: set[str] = set()
        frontier = set(calls[monster_id])
        while frontier:
            seen |= frontier
            frontier = {further for each in frontier for further in calls.get(each, ())} - seen
        if monster_id in seen:
            yield Problem("monsters", monster_id, ("skills",), "it calls monsters that call it again")


def summoned_by(pack: CombatPack, skill_id: str) -> Iterator[str]:
    skill = pack.skills.get(skill_id)
    for rank in skill.ranks if skill is not None else ():
        for effect in every_effect(rank.effects):
            if isinstance(effect, Summon):
                yield effect.monster
