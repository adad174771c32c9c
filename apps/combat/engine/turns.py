"""The timeline and the phases of a turn, T0 to T8."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel.rng import WORD_RANGE
from aether.protocol.combat_values import Anchor, LastingEffect

from . import events as e
from .bosses import roll_luck
from .enduring import end_effect
from .fields import expire_fields, fire_for
from .hurting import Blow, heal, hurt, pure
from .outcome import end_by_cap
from .resolution import Resolution
from .state import Battle, Combatant, state_hash
from .stats import CAPS, has_state, stat
from .unfolding import settle

ROUND_CAP = 40
SURGE_FROM_ROUND = 20
SURGE_PCT = 5


def start_fight(r: Resolution) -> None:
    """Order everybody, then open the first turn."""
    tie_breaks = {
        combatant_id: r.below(WORD_RANGE, stream="order", why="order")
        for combatant_id in sorted(combatant.id for combatant in r.battle.combatants)
    }
    timeline = timeline_of(r.battle, tie_breaks, is_strict=r.rulebook.rules.timeline == "strict")
    r.emit(e.FightStarted(timeline))
    r.emit(e.RoundStarted(1))
    advance(r)


def timeline_of(battle: Battle, tie_breaks: dict[int, int], *, is_strict: bool = False) -> tuple[int, ...]:
    """Order each team by initiative, let the best head start, then alternate one per team.

    In a strict order, teams do not count.
    """

    def rank(combatant: Combatant) -> tuple[int, int, int]:
        return -stat(battle, combatant, "initiative"), tie_breaks[combatant.id], combatant.id

    ranked = sorted(battle.combatants, key=rank)
    if is_strict:
        return tuple([each.id for each in ranked])
    teams = [[each.id for each in ranked if each.team == team] for team in (0, 1)]
    first = ranked[0].team
    queues = [teams[first], teams[1 - first]]
    order: list[int] = []
    while any(queues):
        for queue in queues:
            if queue:
                order.append(queue.pop(0))
    return tuple(order)


def advance(r: Resolution) -> None:
    """T8: go along the timeline until somebody may act or the battle is over."""
    while not r.is_over:
        position = r.battle.cursor + 1
        if position == len(r.battle.timeline):
            if r.battle.round >= ROUND_CAP:
                end_by_cap(r)
                return
            r.emit(e.RoundStarted(r.battle.round + 1))
            settle(r)
            continue
        who = r.battle.timeline[position]
        if not r.of(who).is_alive:
            _pass_tombstone(r, who)
        elif _begin_turn(r, who):
            return
        else:
            _finish(r, who)


def end_turn(r: Resolution, who: int) -> None:
    """T6 to T8: close the turn of `who`, alive or not, and go on to the next who may act."""
    _finish(r, who)
    advance(r)


def _pass_tombstone(r: Resolution, who: int) -> None:
    turns = r.of(who).turns + 1
    r.emit(e.TombstonePassed(who, turns))
    _expire(r, who, "caster")
    expire_fields(r, who)
    settle(r)


def _begin_turn(r: Resolution, who: int) -> bool:
    """T0 to T4; tell whether the combatant may act."""
    beginning = r.of(who)
    r.emit(e.TurnStarted(who, r.battle.turn + 1, beginning.turns + 1))
    _expire(r, who, "caster")
    expire_fields(r, who)
    _refill(r, who)
    fire_for(r, who, "start")
    _tick(r, beginning)
    settle(r)
    combatant = r.of(who)
    if r.is_over or not combatant.is_alive or has_state(combatant, "stun"):
        return False
    roll_luck(r, who)
    return True


def _refill(r: Resolution, who: int) -> None:
    combatant = r.of(who)
    ap = _within("ap_max", stat(r.battle, combatant, "ap_max") - combatant.ap_debt)
    mp = _within("mp_max", stat(r.battle, combatant, "mp_max") - combatant.mp_debt)
    r.emit(e.PointsChanged(who, ap=ap, mp=mp, ap_debt=0, mp_debt=0, is_hidden=combatant.is_hidden))


def _within(cap: str, points: int) -> int:
    low, high = CAPS[cap]
    return min(max(points, low), high)


def _tick(r: Resolution, beginning: Combatant) -> None:
    """T3: what burns and what heals over time, oldest first; what was laid since the turn began waits."""
    if not beginning.effects:
        return
    who, older = beginning.id, {effect.id for effect in beginning.effects}
    for effect in r.of(who).effects:
        if effect.is_waiting or effect.id not in older or r.of(who).hp == 0:
            continue
        amount = effect.value * effect.stacks
        if effect.kind == "hot":
            heal(r, who, by=effect.source, amount=amount)
        elif effect.kind == "dot":
            hurt(r, who, _burn(effect, amount))


def _burn(effect: LastingEffect, amount: int) -> Blow:
    return Blow(
        by=effect.source,
        cause="dot",
        element=effect.of,  # type: ignore[arg-type]  # a dot's `of` is always an element
        base=effect.value,
        raw=amount,
        pierce_pct=effect.pierce_pct,
    )


def _finish(r: Resolution, who: int) -> None:
    """T6 and T7."""
    if r.is_over:
        return
    if r.of(who).is_alive:
        r.notice("turn_end", who)
        fire_for(r, who, "end")
    _expire(r, who, "bearer")
    if r.battle.round >= SURGE_FROM_ROUND and r.of(who).is_alive:
        start = r.battle.build(r.of(who)).hp_max
        amount = start * SURGE_PCT * (r.battle.round - SURGE_FROM_ROUND + 1) // 100
        hurt(r, who, pure(0, "surge", amount))
    settle(r)
    if not r.is_over:
        r.emit(e.TurnEnded(who, r.battle.turn, state_hash(r.battle)))


def _expire(r: Resolution, anchor_id: int, anchor: Anchor) -> None:
    """End all effects whose time has come at this combatant's place, oldest first."""
    turns = r.of(anchor_id).turns
    due = [
        (effect.id, bearer, effect)
        for bearer, effect in _all_effects(r.battle)
        if effect.anchor_id == anchor_id and effect.anchor == anchor and effect.until <= turns
    ]
    for _, bearer, effect in sorted(due, key=lambda item: item[0]):
        if any(left.id == effect.id for left in r.of(bearer).effects):
            end_effect(r, bearer, effect, "expired")


def _all_effects(battle: Battle) -> Iterator[tuple[int, LastingEffect]]:
    for combatant in battle.combatants:
        for effect in combatant.effects:
            yield combatant.id, effect
