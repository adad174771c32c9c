"""Stats: what a build starts with, and what a combatant has after its effects, clamped to the caps."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from aether.protocol.combat_values import SkillSlot

from .definitions import MonsterDef, Rulebook, SkillDef
from .state import Battle, Build, Combatant

ELEMENTS = ("stone", "ember", "gale", "tide")
ALLOCATABLE = ("vigor", *ELEMENTS, "focus")
POINTS_PER_LEVEL = 5
AP_BASE, MP_BASE = 6, 3

CAPS: dict[str, tuple[int, int]] = {
    "ap_max": (0, 12),
    "mp_max": (0, 8),
    "summon_max": (0, 6),
    "range": (-3, 3),
    "crit_bp": (0, 7500),
    "dodge_bp": (0, 3000),
}
# With amounts up to 20,000 and every stat within these, no product of the damage pipeline passes 2^53.
CAP = 10_000
_WITHIN = (-CAP, CAP)

STATS = frozenset(
    [
        *ALLOCATABLE,
        *(
            f"{prefix}_{element}"
            for prefix in ("power", "flat", "res_flat", "res_pct")
            for element in ELEMENTS
        ),
        *("power_all", "flat_all", "res_pct_all", "out_pct", "in_pct", "heal_out_pct", "heal_in_pct"),
        *("crit_bp", "dodge_bp", "accuracy_bp", "pierce_pct", "range", "grip", "evade", "focus_atk"),
        *("resolve", "initiative", "ap_max", "mp_max", "summon_max", "luck_pct", "weight_max", "hp_max"),
    ]
)
"""Every stat that content and equipment may name."""

MODIFIABLE = STATS - {"vigor", *ELEMENTS, "initiative", "luck_pct", "weight_max", "hp_max"}
"""Stats that effects may change: the others have done their work when the battle begins."""

Stats = Mapping[str, int]


def stat(battle: Battle, combatant: Combatant, name: str) -> int:
    """Return an effective stat: the build's plus what effects add, within its caps."""
    value = battle.builds[combatant.slot].stats.get(name, 0)
    for effect in combatant.effects:
        if effect.of == name and effect.kind == "mod" and not effect.is_waiting:
            value += effect.value * effect.stacks
    low, high = CAPS.get(name, _WITHIN)
    return value if low <= value <= high else (low if value < low else high)


def has_state(combatant: Combatant, state: str) -> bool:
    return any(effect.of == state and effect.kind == "state" for effect in combatant.effects)


def build_character(
    class_id: str,
    *,
    character_id: int,
    name: str,
    level: int,
    bonuses: Stats,
    rulebook: Rulebook,
) -> Build:
    """Return a character's build; `bonuses` sums allocated points and equipment, by stat."""
    definition = rulebook.classes[class_id]
    given = _added(definition.stats, bonuses)
    hp_max = definition.hp0 + definition.hp_lv * (level - 1)
    skills = [rulebook.skills[skill] for skill in definition.skills]
    return Build(
        kind="character",
        ref=class_id,
        name=name,
        level=level,
        hp_max=max(1, hp_max + 3 * given.get("vigor", 0) + given.get("hp_max", 0)),
        stats=_derived(given, initiative=definition.init, ap=AP_BASE, mp=MP_BASE),
        skills=_slots([skill for skill in skills if skill.unlock <= level], level),
        character_id=character_id,
    )


def carrying(build: Build, held: Mapping[str, int], rulebook: Rulebook) -> Build:
    """Return a build with the items that it brings: of each so many as it holds and may carry."""
    slots = tuple(
        SkillSlot(
            id=use.skill,
            rank=rank_at(rulebook.skills[use.skill], build.level),
            item=item,
            uses=min(held[item], use.carried_max),
        )
        for item, use in sorted(rulebook.items.items())
        if held.get(item, 0) > 0
    )
    return replace(build, skills=(*build.skills, *slots))


def brought(build: Build) -> dict[str, int]:
    """Return the items that a build brings, with how many."""
    return {slot.item: slot.uses for slot in build.skills if slot.item}


def build_monster(
    monster_id: str, *, level: int, rulebook: Rulebook, team: int = 1, hp_pct: int = 100
) -> Build:
    """Return a monster's build, with so much of its life; a level outside its range is brought inside."""
    definition = rulebook.monsters[monster_id]
    level = min(max(level, definition.level[0]), definition.level[1])
    hp_max = (definition.hp.base + definition.hp.per_level * level) * definition.hp.mult_pct // 100
    hp_max = hp_max * hp_pct // 100
    return Build(
        kind="monster",
        ref=monster_id,
        name=definition.name.en,
        level=level,
        hp_max=max(1, hp_max),
        stats=_derived(definition.stats, initiative=definition.init, ap=definition.ap, mp=definition.mp),
        skills=_slots([rulebook.skills[skill] for skill in definition.skills], level),
        team=team,
    )


def monster_xp(definition: MonsterDef, level: int) -> int:
    return definition.xp + definition.xp_per_level * (level - definition.level[0])


def _derived(given: Stats, *, initiative: int, ap: int, mp: int) -> dict[str, int]:
    stats = dict(given)
    stats["initiative"] = initiative + given.get("initiative", 0)
    stats["initiative"] += sum(given.get(element, 0) for element in ELEMENTS) // 4
    for element in ELEMENTS:
        stats[f"power_{element}"] = given.get(element, 0) + given.get(f"power_{element}", 0)
    for name, source, share in (("grip", "stone", 10), ("evade", "gale", 10)):
        stats[name] = max(0, given.get(source, 0)) // share + given.get(name, 0)
    for name in ("focus_atk", "resolve"):
        stats[name] = max(0, given.get("focus", 0)) // 5 + given.get(name, 0)
    stats["ap_max"] = ap + given.get("ap_max", 0)
    stats["mp_max"] = mp + given.get("mp_max", 0)
    stats["summon_max"] = 1 + given.get("summon_max", 0)
    return {name: stats[name] for name in sorted(stats) if stats[name]}


def _added(one: Stats, other: Stats) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {*one, *other}}


def _slots(skills: list[SkillDef], level: int) -> tuple[SkillSlot, ...]:
    return tuple(SkillSlot(id=skill.id, rank=rank_at(skill, level)) for skill in skills)


def rank_at(skill: SkillDef, level: int) -> int:
    """Return the index of the highest rank that a level allows."""
    return max((at for at, rank in enumerate(skill.ranks) if rank.level <= level), default=0)
