"""The checks of items that are used in battle."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions import CombatPack
from .problems import Finding

_SKILL = ("battle", "skill")


def item_findings(pack: CombatPack, item_id: str) -> Iterator[Finding]:
    """A skill is that of one item alone: whoever casts it uses up that item and nothing else."""
    skill_id = pack.items[item_id].skill
    skill = pack.skills.get(skill_id)
    if skill is None:
        yield _SKILL, f"there is no skill {skill_id!r}"
        return
    if skill.class_ is not None:
        yield _SKILL, f"skill {skill_id!r} is of the class {skill.class_!r}"
    if skill.unlock > 1:
        yield _SKILL, f"skill {skill_id!r} has an `unlock`, and an item is for every level"
    for monster_id, monster in sorted(pack.monsters.items()):
        if skill_id in monster.skills:
            yield _SKILL, f"the monster {monster_id!r} knows the skill {skill_id!r}"
    for other_id, other in sorted(pack.items.items()):
        if other_id < item_id and other.skill == skill_id:
            yield _SKILL, f"the item {other_id!r} has the skill {skill_id!r} already"
