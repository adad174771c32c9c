"""Make an event so. `apply` trusts its events, looks nothing up and never fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from aether.protocol.combat_events import ClientSeed, SkillUse

from . import events as e
from .state import Battle, Combatant, StreamIndex


def apply(battle: Battle, event: e.Event) -> Battle:
    """Return the battle after an event."""
    return _APPLIED[type(event)](battle, event)


def fold(battle: Battle, events: Iterable[e.Event]) -> Battle:
    """Return the battle after several events."""
    return reduce(apply, events, battle)


def _changed(battle: Battle, combatant: Combatant, **changes: Any) -> Battle:
    slot, others = combatant.slot, battle.combatants
    combatants = (*others[:slot], replace(combatant, **changes), *others[slot + 1 :])
    return replace(battle, combatants=combatants, events=battle.events + 1)


def _noted(battle: Battle, **changes: Any) -> Battle:
    return replace(battle, events=battle.events + 1, **changes)


def _placed(battle: Battle, event: e.Placed) -> Battle:
    return _changed(battle, battle.of(event.who), cell=event.cell)


def _readied(battle: Battle, event: e.Readied) -> Battle:
    combatant = battle.of(event.who)
    character_id = battle.build(combatant).character_id
    battle = _changed(battle, combatant, is_ready=True)
    if character_id is None:
        return battle
    seeds = (*battle.client_seeds, ClientSeed(character_id, event.seed))
    ordered = tuple(sorted(seeds, key=lambda seed: seed.character_id))
    return replace(battle, client_seeds=ordered)


def _fight_started(battle: Battle, event: e.FightStarted) -> Battle:
    return _noted(battle, phase="fighting", timeline=event.timeline, cursor=-1)


def _round_started(battle: Battle, event: e.RoundStarted) -> Battle:
    return _noted(battle, round=event.round, cursor=-1)


def _turn_started(battle: Battle, event: e.TurnStarted) -> Battle:
    battle = _changed(battle, battle.of(event.who), turns=event.turns)
    cursor = battle.timeline.index(event.who)
    return replace(battle, turn=event.turn, turn_owner=event.who, cursor=cursor)


def _tombstone_passed(battle: Battle, event: e.TombstonePassed) -> Battle:
    battle = _changed(battle, battle.of(event.who), turns=event.turns)
    return replace(battle, cursor=battle.timeline.index(event.who))


def _turn_ended(battle: Battle, _event: e.TurnEnded) -> Battle:
    return _noted(battle, turn_owner=0)


def _points_changed(battle: Battle, event: e.PointsChanged) -> Battle:
    return _changed(
        battle,
        battle.of(event.who),
        ap=event.ap,
        mp=event.mp,
        ap_debt=event.ap_debt,
        mp_debt=event.mp_debt,
    )


def _moved(battle: Battle, event: e.Moved) -> Battle:
    return _changed(battle, battle.of(event.who), cell=event.path[-1], mp=event.mp)


def _skill_cast(battle: Battle, event: e.SkillCast) -> Battle:
    combatant = battle.of(event.who)
    uses = [use for use in combatant.uses if use.skill != event.skill]
    uses.append(_used(combatant, event))
    return _changed(
        battle,
        combatant,
        ap=event.ap,
        mp=event.mp,
        hp=event.hp,
        uses=tuple(sorted(uses, key=lambda use: use.skill)),
    )


def _used(combatant: Combatant, event: e.SkillCast) -> SkillUse:
    previous = next((use for use in combatant.uses if use.skill == event.skill), None)
    is_again = previous is not None and previous.turn == combatant.turns
    targets = previous.turn_targets if previous is not None and is_again else ()
    return SkillUse(
        skill=event.skill,
        ready_at=event.ready_at,
        turn=combatant.turns,
        turn_uses=1 + (previous.turn_uses if previous is not None and is_again else 0),
        turn_targets=(*targets, event.target) if event.target else targets,
        fight_uses=1 + (previous.fight_uses if previous is not None else 0),
    )


def _damaged(battle: Battle, event: e.Damaged) -> Battle:
    return _changed(battle, battle.of(event.who), hp=event.hp, hp_max=event.hp_max)


def _healed(battle: Battle, event: e.Healed) -> Battle:
    return _changed(battle, battle.of(event.who), hp=event.hp)


def _effect_applied(battle: Battle, event: e.EffectApplied) -> Battle:
    combatant = battle.of(event.who)
    battle = _changed(battle, combatant, effects=(*combatant.effects, event.effect))
    return replace(battle, effects_created=max(battle.effects_created, event.effect.id))


def _effect_changed(battle: Battle, event: e.EffectChanged) -> Battle:
    combatant = battle.of(event.who)
    effects = tuple(
        replace(effect, value=event.value, stacks=event.stacks, until=event.until)
        if effect.id == event.effect_id
        else effect
        for effect in combatant.effects
    )
    return _changed(battle, combatant, effects=effects)


def _effect_ended(battle: Battle, event: e.EffectEnded) -> Battle:
    combatant = battle.of(event.who)
    left = tuple(effect for effect in combatant.effects if effect.id != event.effect_id)
    return _changed(battle, combatant, effects=left)


def _displaced(battle: Battle, event: e.Displaced) -> Battle:
    return _changed(battle, battle.of(event.who), cell=event.path[-1])


def _died(battle: Battle, event: e.Died) -> Battle:
    return _changed(battle, battle.of(event.who), is_alive=False, hp=0, effects=())


def _fled(battle: Battle, event: e.Fled) -> Battle:
    combatant = battle.of(event.who)
    return _changed(battle, combatant, is_alive=False, has_fled=True, hp=0, effects=())


def _forfeit_voted(battle: Battle, event: e.ForfeitVoted) -> Battle:
    return _noted(battle, forfeit_votes=(*battle.forfeit_votes, event.who))


def _connection_changed(battle: Battle, event: e.ConnectionChanged) -> Battle:
    return _changed(battle, battle.of(event.who), is_connected=event.is_connected)


def _turn_skipped(battle: Battle, event: e.TurnSkipped) -> Battle:
    return _changed(battle, battle.of(event.who), skipped=event.skipped)


def _controller_changed(battle: Battle, event: e.ControllerChanged) -> Battle:
    return _changed(battle, battle.of(event.who), controller=event.controller)


def _battle_ended(battle: Battle, event: e.BattleEnded) -> Battle:
    return _noted(
        battle,
        phase="ended",
        turn_owner=0,
        winner=event.winner,
        end_reason=event.reason,
        results=event.results,
    )


def _rolled(battle: Battle, event: e.Rolled) -> Battle:
    streams, now = battle.streams, StreamIndex(event.stream, event.next_index)
    for at, known in enumerate(streams):
        if known.stream == event.stream:
            return _noted(battle, streams=(*streams[:at], now, *streams[at + 1 :]))
    return _noted(battle, streams=tuple(sorted((*streams, now), key=lambda known: known.stream)))


def _unmoving(battle: Battle, _event: e.EffectResisted | e.Collided) -> Battle:
    return _noted(battle)


_APPLIED: dict[type, Callable[[Battle, Any], Battle]] = {
    e.Placed: _placed,
    e.Readied: _readied,
    e.FightStarted: _fight_started,
    e.RoundStarted: _round_started,
    e.TurnStarted: _turn_started,
    e.TombstonePassed: _tombstone_passed,
    e.TurnEnded: _turn_ended,
    e.PointsChanged: _points_changed,
    e.Moved: _moved,
    e.SkillCast: _skill_cast,
    e.Damaged: _damaged,
    e.Healed: _healed,
    e.EffectApplied: _effect_applied,
    e.EffectChanged: _effect_changed,
    e.EffectEnded: _effect_ended,
    e.EffectResisted: _unmoving,
    e.Displaced: _displaced,
    e.Collided: _unmoving,
    e.Died: _died,
    e.Fled: _fled,
    e.ForfeitVoted: _forfeit_voted,
    e.ConnectionChanged: _connection_changed,
    e.TurnSkipped: _turn_skipped,
    e.ControllerChanged: _controller_changed,
    e.BattleEnded: _battle_ended,
    e.Rolled: _rolled,
}
