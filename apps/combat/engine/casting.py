"""Casting a skill: what may be cast where, and the order in which a cast unfolds."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from aether.protocol.combat_values import Cell, SkillUse

from . import events as e
from .board import distance, is_on, is_seen, is_walkable, within
from .conditions import holds
from .definitions import (
    AnyEffect,
    If,
    RandomOf,
    Single,
    SkillDef,
    Summon,
    Target,
    Trigger,
    groups_within,
)
from .effects.ground import may_summon
from .enduring import break_invisibility
from .refusals import (
    LimitReached,
    NoLineOfSight,
    NoneLeft,
    NotEnoughAp,
    NotEnoughHp,
    NotEnoughMp,
    NotOnAxis,
    OffBoard,
    OnCooldown,
    OutOfRange,
    Refusal,
    RequirementUnmet,
    Silenced,
    Taunted,
    UnknownSkill,
    WrongTarget,
)
from .resolution import Resolution
from .scene import Scene, Struck, passes, struck_by
from .shapes import is_on_axis
from .state import Battle, Combatant
from .stats import has_state, stat
from .unfolding import run, settle

_UNUSED = SkillUse("", 0, 0, 0, (), 0)


def cast(r: Resolution, who: int, skill_id: str, cell: Cell) -> None:
    """Check, pay, then unfold each effect in order."""
    caster = r.of(who)
    rank = known_rank(r.battle, caster, skill_id)
    skill = as_known(caster, r.rulebook.skills[skill_id])
    check_usable(r.battle, caster, skill)
    check_aim(r.battle, caster, skill, cell)
    check_target_limit(caster, skill, r.battle.seen_on(cell, caster.team))
    check_taunt(r.battle, caster, skill, cell)
    check_summons(r.battle, caster, skill, rank)
    if caster.is_hidden and skill.breaks_invisibility:
        break_invisibility(r, who)
    scene = _pay(r, r.of(who), skill, cell, rank)
    run(r, scene, skill.ranks[rank].effects)
    settle(r, by=who)


def as_known(caster: Combatant, skill: SkillDef) -> SkillDef:
    """Return a skill with the numbers that effects on its caster have changed."""
    for effect in caster.effects:
        if effect.kind == "skill_mod" and not effect.is_waiting:
            of, number = effect.of.split(".")
            if of == skill.id:
                skill = _changed(skill, number, effect.value * effect.stacks)
    return skill


def _changed(skill: SkillDef, number: str, delta: int) -> SkillDef:
    match number:
        case "range":
            reach = skill.range
            return replace(skill, range=replace(reach, max=max(reach.min, reach.max + delta)))
        case "cooldown":
            limits = skill.limits
            return replace(skill, limits=replace(limits, cooldown=max(0, limits.cooldown + delta)))
        case "per_turn" | "per_target" | "per_fight":
            limit = getattr(skill.limits, number)
            # 0 is no limit: it stays none, and no limit becomes it.
            changed = max(1, limit + delta) if limit else 0
            return replace(skill, limits=replace(skill.limits, **{number: changed}))
        case "ap":
            # What is for nothing and without a limit a machine would cast for ever.
            least = 0 if skill.limits.per_turn or not skill.ap else 1
            return replace(skill, ap=max(least, skill.ap + delta))
        case _:
            return replace(skill, **{number: max(0, getattr(skill, number) + delta)})


def known_rank(battle: Battle, caster: Combatant, skill_id: str) -> int:
    for slot in battle.build(caster).skills:
        if slot.id == skill_id:
            return slot.rank
    raise UnknownSkill


def check_usable(battle: Battle, caster: Combatant, skill: SkillDef) -> None:
    """Refuse what the caster cannot cast now, wherever it aims."""
    if caster.uses:
        _check_left(battle, caster, skill)
    if caster.effects and skill.ap > 0 and "basic" not in skill.tags and has_state(caster, "silence"):
        raise Silenced
    if caster.ap < skill.ap:
        raise NotEnoughAp(left=caster.ap, needed=skill.ap)
    if caster.mp < skill.mp:
        raise NotEnoughMp(left=caster.mp, needed=skill.mp)
    if caster.hp <= hp_cost(caster, skill):
        raise NotEnoughHp
    for need in skill.requires:
        if not holds(need, caster, caster):
            raise RequirementUnmet
    _check_limits(caster, skill)


def _check_left(battle: Battle, caster: Combatant, skill: SkillDef) -> None:
    used = use_of(caster, skill.id).fight_uses
    if used and any(slot.id == skill.id and 0 < slot.uses <= used for slot in battle.build(caster).skills):
        raise NoneLeft


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
    if target is not None and is_spent_on(caster, skill, target):
        raise LimitReached(limit="per_target")


def is_spent_on(caster: Combatant, skill: SkillDef, target: Combatant) -> bool:
    """Tell whether a skill has met somebody as often as it may in a turn."""
    limit = skill.limits.per_target
    if not limit:
        return False
    use = use_of(caster, skill.id)
    return use.turn == caster.turns and use.turn_targets.count(target.id) >= limit


def check_summons(battle: Battle, caster: Combatant, skill: SkillDef, rank: int) -> None:
    for effect in skill.ranks[rank].effects:
        if isinstance(effect, Summon) and not may_summon(battle, caster):
            raise LimitReached(limit="summon_max")


def check_taunt(
    battle: Battle,
    caster: Combatant,
    skill: SkillDef,
    cell: Cell,
    known: dict[tuple[str, Cell, int], bool] | None = None,
) -> None:
    """Whoever is taunted has to meet the taunter with what it aims at enemies, where that is possible.

    Nobody aims at who is unseen: a refusal that counted those would tell where they are. Whoever asks again
    and again about one moment keeps in `known` which skill can meet whom from where.
    """
    known = {} if known is None else known
    taunters = taunters_of(battle, caster) if caster.effects else []
    if not taunters or not meets_enemies(skill.ranks[known_rank(battle, caster, skill.id)].effects):
        return
    for taunter in taunters:
        met = [battle.of(struck.who) for struck in covered(battle, caster, skill, cell)]
        enemies = {each.id for each in met if each.team != caster.team and not each.is_hidden}
        if not enemies or taunter.id in enemies:
            continue
        key = (skill.id, caster.cell, taunter.id)
        if key not in known:
            known[key] = _may_meet(battle, caster, skill, taunter)
        if known[key]:
            raise Taunted


def meets_enemies(effects: Iterable[AnyEffect]) -> bool:
    """Tell whether some effect, however deep inside another, lets enemies through."""
    for effect in effects:
        groups = () if isinstance(effect, Trigger) else groups_within(effect)
        is_filtered = effect.filter not in ("enemy", "any") and not isinstance(effect, If | RandomOf)
        if not is_filtered and (not groups or any(map(meets_enemies, groups))):
            return True
    return False


def taunters_of(battle: Battle, caster: Combatant) -> list[Combatant]:
    taunts = [effect for effect in caster.effects if effect.kind == "state" and effect.of == "taunt"]
    sources = [battle.of(taunt.source) for taunt in taunts]
    return [each for each in sources if each.is_alive and not each.is_hidden and each.team != caster.team]


def _may_meet(battle: Battle, caster: Combatant, skill: SkillDef, taunter: Combatant) -> bool:
    """Tell whether some legal aim of a skill covers the taunter; its own cell is the likeliest."""
    cells = [taunter.cell]
    if not isinstance(skill.shape, Single):
        cells += within(caster.cell, range_of(battle, caster, skill))
    return any(
        is_legal(battle, caster, skill, cell)
        and taunter.id in [struck.who for struck in covered(battle, caster, skill, cell)]
        for cell in cells
    )


def is_legal(battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell) -> bool:
    """Tell whether a skill that may be cast now may be cast at a cell."""
    try:
        check_aim(battle, caster, skill, cell)
        check_target_limit(caster, skill, battle.seen_on(cell, caster.team))
    except Refusal:
        return False
    return True


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
    if not is_target(battle, caster, skill, cell, battle.seen_on(cell, caster.team)):
        raise WrongTarget
    if reach.los and away > 1 and not is_seen(board, caster.cell, cell, blockers(battle)):
        raise NoLineOfSight


def range_of(battle: Battle, caster: Combatant, skill: SkillDef) -> int:
    reach = skill.range
    if not reach.modifiable:
        return reach.max
    return max(reach.min, reach.max + stat(battle, caster, "range"))


def blockers(battle: Battle) -> set[Cell]:
    """Return the cells where somebody whom everybody sees stands in the way; who is unseen never blocks."""
    return {each.cell for each in battle.combatants if each.is_alive and not each.is_hidden}


def hp_cost(caster: Combatant, skill: SkillDef) -> int:
    return caster.hp_max * skill.hp_pct // 100


def use_of(caster: Combatant, skill_id: str) -> SkillUse:
    for use in caster.uses:
        if use.skill == skill_id:
            return use
    return _UNUSED


def is_target(
    battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell, standing: Combatant | None
) -> bool:
    """Tell whether a skill can be aimed at a cell and at who is seen there."""
    return any(_fits(battle, caster, wanted, cell, standing) for wanted in skill.target)


def _fits(battle: Battle, caster: Combatant, wanted: Target, cell: Cell, standing: Combatant | None) -> bool:
    match wanted:
        case "cell":
            return True
        case "free_cell":
            return standing is None and is_walkable(battle.header.board, cell)
        case "corpse":
            corpse = battle.corpse_on(cell)
            return standing is None and corpse is not None and corpse.team == caster.team
    if standing is None or not passes(wanted, caster, standing):
        return False
    return standing.id == caster.id or not (standing.effects and has_state(standing, "untargetable"))


def _pay(r: Resolution, caster: Combatant, skill: SkillDef, cell: Cell, rank: int) -> Scene:
    """Take the costs and fix what the cast meets; one roll decides whether it is critical."""
    crit_bp = min(max(skill.crit_bp + stat(r.battle, caster, "crit_bp"), 0), 7_500)
    is_crit = r.chance(crit_bp, why="crit")
    target = r.battle.seen_on(cell, caster.team)
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
            shown=_shown(caster, skill, cell, target),
            is_hidden=caster.is_hidden,
        )
    )
    return Scene(
        caster=caster.id,
        skill=skill,
        rank=rank,
        origin=cell,
        struck=covered(r.battle, caster, skill, cell),
        is_crit=is_crit,
        level=r.battle.build(caster).level,
    )


def _shown(caster: Combatant, skill: SkillDef, cell: Cell, target: Combatant | None) -> Cell | None:
    """Return where others see the cast, if that is not where it is aimed."""
    if skill.covert:
        return caster.seen_at if caster.is_hidden else caster.cell
    return target.seen_at if target is not None and target.is_hidden else None


def covered(battle: Battle, caster: Combatant, skill: SkillDef, cell: Cell) -> tuple[Struck, ...]:
    """Return who is inside the shape of a cast, nearest to its centre first, then by slot."""
    if "corpse" in skill.target:
        corpse = battle.corpse_on(cell)
        if corpse is not None and battle.standing_on(cell) is None:
            return (Struck(corpse.id, 0),)
    return struck_by(battle, skill.shape, origin=cell, caster=caster.cell, area_los=skill.area_los)
