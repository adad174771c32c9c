"""The rules that a monster has of its own: their luck, when a row holds, and what it does."""

from __future__ import annotations

from aether.protocol.combat_values import Cell

from . import events as e
from .casting import cast
from .definitions import Rulebook, RuleDef
from .inputs import Follow
from .refusals import NotAllowed
from .resolution import Resolution
from .state import Battle, Combatant

CHANCE = 10_000
"""What luck is a part of."""


def rules_of(battle: Battle, who: Combatant, rulebook: Rulebook) -> tuple[RuleDef, ...]:
    """Return the rows of a monster's own rules; characters have none."""
    monster = rulebook.monsters.get(battle.build(who).ref)
    return monster.ai.rules if monster is not None else ()


def roll_luck(r: Resolution, who: int) -> None:
    """Roll for every row as a turn begins, whatever its chance; asking again in the turn changes nothing."""
    for _ in rules_of(r.battle, r.of(who), r.rulebook):
        r.below(CHANCE, stream="ai", why="rule")


def is_due(battle: Battle, who: Combatant, rule: RuleDef, number: int) -> bool:
    """Tell whether a row has its luck, holds now, and was not followed already as often as it may be."""
    if number >= len(who.luck) or who.luck[number] >= rule.chance_bp:
        return False
    used = next((use.turns for use in who.rules if use.rule == number), None)
    if used is not None and (rule.once or used == who.turns or who.turns - used < rule.cooldown):
        return False
    when = rule.when
    if when.phases and who.phase not in when.phases:
        return False
    if when.hp_below_pct is not None and who.hp * 100 >= battle.build(who).hp_max * when.hp_below_pct:
        return False
    fallen = sum(
        not each.is_alive and each.team == who.team and battle.build(each).kind != "object"
        for each in battle.combatants
    )
    return battle.round >= when.round_from and fallen >= when.allies_fallen


def follow(r: Resolution, who: int, intent: Follow) -> None:
    """Do what a row says, in its order; its skill is cast like any other, and may be refused."""
    monster = r.of(who)
    rules = rules_of(r.battle, monster, r.rulebook)
    if not 0 <= intent.rule < len(rules) or not is_due(r.battle, monster, rules[intent.rule], intent.rule):
        raise NotAllowed
    rule = rules[intent.rule]
    phase = next((do.phase for do in rule.do if do.phase is not None), monster.phase)
    r.emit(e.RuleFollowed(who, intent.rule, phase))
    for do in rule.do:
        if do.say is not None:
            r.emit(e.Said(who, do.say))
        if do.cast is not None and not r.is_over and r.of(who).is_alive:
            cast(r, who, do.cast, _aim(r.of(who), do.at, intent.cell))


def _aim(monster: Combatant, at: str, chosen: Cell) -> Cell:
    return monster.cell if at == "self" else chosen
