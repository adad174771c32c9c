"""Winning and losing: who is left, what giving up means, what the fallen are worth, what was used up."""

from __future__ import annotations

import msgspec

from aether.protocol.combat_values import EndReason, Result

from . import events as e
from .definitions import Rulebook
from .goals import MEMBERS, both_stand, is_done, is_lost, stands
from .resolution import Resolution
from .state import Battle, Combatant
from .stats import monster_xp

NOBODY = -1
FORFEIT_FROM_ROUND = 2


class Spoil(msgspec.Struct, frozen=True, kw_only=True):
    """One fallen monster: what it pays to those who won."""

    monster: str
    level: int
    xp: int
    loot: str


def other_team(team: int) -> int:
    return 1 - team


def end(r: Resolution, *, winner: int, reason: EndReason) -> None:
    r.emit(e.BattleEnded(winner, reason, results_of(r.battle, winner)))


def results_of(battle: Battle, winner: int) -> tuple[Result, ...]:
    """Return one result for each who began or joined the battle; who fled has lost, whoever wins."""
    results = []
    for combatant in battle.combatants[: battle.entrants]:
        if combatant.has_fled:
            results.append(Result(combatant.id, "loss"))
        elif winner == NOBODY:
            results.append(Result(combatant.id, "draw"))
        else:
            results.append(Result(combatant.id, "win" if combatant.team == winner else "loss"))
    return tuple(results)


def check_victory(r: Resolution) -> None:
    """End the battle when a team has lost or has done what it came for.

    Both at once: the attacker loses in PvE, in PvP it is a draw.
    """
    battle = r.battle
    if not battle.header.objectives and both_stand(battle):
        return
    lost = [team for team in (0, 1) if is_lost(battle, team)]
    if len(lost) == 1:
        standing = stands(battle, lost[0])
        end(r, winner=other_team(lost[0]), reason="objective" if standing else "eliminated")
    elif lost:
        is_pve = battle.header.mode == "pve"
        winner = other_team(battle.header.attackers) if is_pve else NOBODY
        end(r, winner=winner, reason="eliminated")
    elif battle.phase == "fighting":
        done = [team for team in (0, 1) if is_done(battle, team)]
        if done:
            end(r, winner=done[0] if len(done) == 1 else NOBODY, reason="objective")


def end_by_cap(r: Resolution) -> None:
    """The last round is over: humans lose in PvE; in PvP the healthier team wins."""
    battle = r.battle
    if battle.header.mode == "pve":
        humans = {build.team for build in battle.header.builds if build.character_id is not None}
        losers = battle.header.attackers if len(humans) != 1 else humans.pop()
        end(r, winner=other_team(losers), reason="round_cap")
        return
    health = [0, 0]
    for combatant in battle.combatants:
        if battle.build(combatant).kind in MEMBERS:
            health[combatant.team] += combatant.hp * 10_000 // battle.build(combatant).hp_max
    winner = NOBODY if health[0] == health[1] else int(health[1] > health[0])
    end(r, winner=winner, reason="round_cap")


def spoils(battle: Battle, rulebook: Rulebook) -> tuple[Spoil, ...]:
    """Return what the fallen monsters are worth, in slot order; a draw from outside or practice, nothing."""
    if battle.header.is_practice or battle.end_reason in ("engine_fault", "staff"):
        return ()
    builds = [battle.build(each) for each in battle.combatants if not each.is_alive]
    fallen = [(build, rulebook.monsters[build.ref]) for build in builds if build.kind == "monster"]
    return tuple(
        Spoil(
            monster=build.ref,
            level=build.level,
            xp=monster_xp(monster, build.level),
            loot=monster.loot,
        )
        for build, monster in fallen
        if monster.loot is not None
    )


def used_up(battle: Battle, combatant: Combatant) -> dict[str, int]:
    """Return what somebody has used of what it brought; a battle broken off from outside takes nothing."""
    if battle.end_reason in ("engine_fault", "staff"):
        return {}
    casts = {use.skill: use.fight_uses for use in combatant.uses if use.fight_uses}
    return {
        slot.item: casts[slot.id] for slot in battle.build(combatant).skills if slot.item and slot.id in casts
    }
