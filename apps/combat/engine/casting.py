"""Casting a skill: what may be cast where, and the order in which a cast unfolds."""

from __future__ import annotations

from aether.protocol.combat_events import Cell, SkillUse

from . import events as e
from .board import distance, is_on, is_seen, is_walkable
from .definitions import Single, SkillDef, Target
from .effects import HANDLERS
from .hurting import bury_the_dead
from .refusals import (
    LimitReached,
    NoLineOfSight,
    NotEnoughAp,
    NotEnoughHp,
    NotEnoughMp,
    NotOnAxis,
    OffBoard,
    OnCooldown,
    OutOfRange,
    RequirementUnmet,
    Silenced,
    UnknownSkill,
    WrongTarget,
)
from .resolution import Resolution
from .scene import Scene, Struck, passes
from .shapes import centre_of, covers, is_on_axis
from .state import Battle, Combatant
from .stats import has_state, stat

_UNUSED = SkillUse("", 0, 0, 0, (), 0)


def cast(r: Resolution, who: int, skill_id: str, cell: Cell) -> None:
    """Check, pay, then unfold each effect in order."""
    caster = r.of(who)
    rank = known_rank(r, caster, skill_id)
    skill = r.rulebook.skills[skill_id]
    check_usable(r.battle, caster, skill)
    check_aim(r.battle, caster, skill, cell)
    target = r.battle.standing_on(cell)
    check_target_limit(caster, skill, target)
    scene = _pay(r, caster, skill, cell)
    _unfold(r, scene, rank)


def known_rank(r: Resolution, caster: Combatant, skill_id: str) -> int:
    for slot in r.battle.build(caster).skills:
        if slot.id == skill_id:
            return slot.rank
    raise UnknownSkill


def check_usable(battle: Battle, caster: Combatant, skill: SkillDef) -> None:
    """Refuse what the caster cannot cast now, wherever it aims."""
    if skill.ap > 0 and "basic" not in skill.tags and has_state(caster, "silence"):
        raise Silenced
    if caster.ap < skill.ap:
        raise NotEnoughAp(left=caster.ap, needed=skill.ap)
    if caster.mp < skill.mp:
        raise NotEnoughMp(left=caster.mp, needed=skill.mp)
    if caster.hp <= hp_cost(caster, skill):
        raise NotEnoughHp
    for need in skill.requires:
        if has_state(caster, need.state) != need.present:
            raise RequirementUnmet
    _check_limits(caster, skill)


def _check_limits(caster: Combatant, skill: SkillDef) -> None:
    use = use_of(caster, skill.id)
    if use.ready_at > caster.turns:
        raise OnCooldown(turns=use.ready_at - caster.turns)
    limits = skill.limits
    if limits.per_turn and use.turn == caster.turns and use.turn_uses >= limits.per_turn:
        raise LimitReached(limit="per_turn")
    if limits.per_fight and use.fight_uses >= limits.per_fight:
        raise LimitReached(limit="per_fight")


def check_target_limit(caster: Combatant, skill: SkillDef, target: Combatant | None) -> None:
    use = use_of(caster, skill.id)
    if target is None or not skill.limits.per_target or use.turn != caster.turns:
        return
    if use.turn_targets.count(target.id) >= skill.limits.per_target:
        raise LimitReached(limit="per_target")


def check_aim(battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell) -> None:
    """Refuse a cell that the caster cannot aim at from where it stands."""
    board, reach = battle.header.board, skill.range
    if not is_on(board, cell):
        raise OffBoard
    away = distance(caster.cell, cell)
    if not reach.min <= away <= range_of(battle, caster, skill):
        raise OutOfRange
    if reach.axis and not is_on_axis(caster.cell, cell):
        raise NotOnAxis
    if not _is_target(battle, caster, skill, cell):
        raise WrongTarget
    if reach.los and away > 1 and not is_seen(board, caster.cell, cell, blockers(battle)):
        raise NoLineOfSight


def range_of(battle: Battle, caster: Combatant, skill: SkillDef) -> int:
    reach = skill.range
    bonus = stat(battle, caster, "range") if reach.modifiable else 0
    return max(reach.min, reach.max + bonus)


def blockers(battle: Battle) -> set[Cell]:
    """Return the cells where somebody whom everybody sees stands in the way."""
    return {combatant.cell for combatant in battle.combatants if combatant.is_alive}


def hp_cost(caster: Combatant, skill: SkillDef) -> int:
    return caster.hp_max * skill.hp_pct // 100


def use_of(caster: Combatant, skill_id: str) -> SkillUse:
    for use in caster.uses:
        if use.skill == skill_id:
            return use
    return _UNUSED


def _is_target(battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell) -> bool:
    standing = battle.standing_on(cell)
    return any(_fits(battle, caster, wanted, cell, standing) for wanted in skill.target)


def _fits(battle: Battle, caster: Combatant, wanted: Target, cell: Cell, standing: Combatant | None) -> bool:
    if wanted == "cell":
        return True
    if wanted == "free_cell":
        return standing is None and is_walkable(battle.header.board, cell)
    return standing is not None and passes(wanted, caster, standing)


def _pay(r: Resolution, caster: Combatant, skill: SkillDef, cell: Cell) -> Scene:
    """Take the costs and fix what the cast meets; one roll decides whether it is critical."""
    crit_bp = min(max(skill.crit_bp + stat(r.battle, caster, "crit_bp"), 0), 7_500)
    is_crit = r.chance(crit_bp, why="crit")
    target = r.battle.standing_on(cell)
    cooldown = skill.limits.cooldown
    r.emit(
        e.SkillCast(
            who=caster.id,
            skill=skill.id,
            cell=cell,
            target=target.id if target is not None else 0,
            is_crit=is_crit,
            ap=caster.ap - skill.ap,
            mp=caster.mp - skill.mp,
            hp=caster.hp - hp_cost(caster, skill),
            ready_at=caster.turns + cooldown if cooldown else 0,
        )
    )
    return Scene(
        caster=caster.id,
        skill=skill,
        origin=cell,
        struck=covered(r.battle, caster, skill, cell),
        is_crit=is_crit,
        level=r.battle.build(caster).level,
        dodged=set(),
    )


def covered(battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell) -> tuple[Struck, ...]:
    """Return who is inside the shape of a cast, nearest to its centre first, then by slot."""
    if isinstance(skill.shape, Single):
        standing = battle.standing_on(cell)
        return () if standing is None else (Struck(standing.id, 0),)
    centre = centre_of(skill.shape, origin=cell, caster=caster.cell)
    inside = [
        (distance(each.cell, cell), each.slot, each.id)
        for each in battle.combatants
        if each.is_alive
        and covers(skill.shape, each.cell, origin=cell, caster=caster.cell)
        and (not skill.area_los or is_seen(battle.header.board, centre, each.cell))
    ]
    return tuple(Struck(who, away) for away, _, who in sorted(inside))


def _unfold(r: Resolution, scene: Scene, rank: int) -> None:
    for effect in scene.skill.ranks[rank].effects:
        HANDLERS[type(effect)](r, scene, effect)
        bury_the_dead(r, by=scene.caster)
        if r.is_over:
            return
