"""Make an event so. `apply` trusts its events, looks nothing up and never fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from aether.protocol.combat_values import ClientSeed, CombatantView, Field, SkillUse

from . import events as e
from .state import Battle, Build, Combatant, RuleUse, StreamIndex


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
    return _changed(battle, battle.of(event.who), cell=event.cell, began_at=event.cell)


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
    combatant = battle.of(event.who)
    battle = _changed(battle, combatant, turns=event.turns, began_at=combatant.cell, luck=())
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
    combatant = battle.of(event.who)
    return _changed(
        battle,
        combatant,
        cell=event.path[-1] if event.path else combatant.cell,
        mp=event.mp,
        obstructed=combatant.turns if event.stopped == "obstructed" else combatant.obstructed,
    )


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
        replace(
            effect,
            value=event.value,
            stacks=event.stacks,
            until=event.until,
            is_waiting=event.is_waiting,
        )
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
    return _changed(battle, battle.of(event.who), is_alive=False, is_hidden=False, hp=0, effects=())


def _revived(battle: Battle, event: e.Revived) -> Battle:
    return _changed(battle, battle.of(event.who), is_alive=True, hp=event.hp, ap=0, mp=0)


def _summoned(battle: Battle, event: e.Summoned) -> Battle:
    """The place in the order keeps pointing at whose turn it was."""
    cursor, timeline = battle.cursor, battle.timeline
    at = event.timeline.index(timeline[cursor]) if 0 <= cursor < len(timeline) else cursor
    return _noted(
        battle,
        combatants=(*battle.combatants, _as_combatant(event.combatant, is_linked=event.is_linked)),
        builds=(*battle.builds, _as_build(event.combatant)),
        timeline=event.timeline,
        cursor=at,
    )


def _joined(battle: Battle, event: e.Joined) -> Battle:
    joined = replace(_as_combatant(event.combatant, is_linked=False), is_ready=False)
    return _noted(
        battle,
        combatants=(*battle.combatants, joined),
        builds=(*battle.builds, _as_build(event.combatant)),
    )


def _as_combatant(seen: CombatantView, *, is_linked: bool) -> Combatant:
    return Combatant(
        id=seen.id,
        slot=seen.slot,
        team=seen.team,
        cell=seen.cell,
        hp=seen.hp,
        hp_max=seen.hp_max,
        ap=seen.ap,
        mp=seen.mp,
        controller=seen.controller,
        is_ready=True,
        effects=seen.effects,
        uses=seen.uses,
        owner=seen.owner,
        is_linked=is_linked,
        seen_at=seen.cell,
        began_at=seen.cell,
    )


def _as_build(seen: CombatantView) -> Build:
    return Build(
        kind=seen.kind,
        ref=seen.ref,
        name=seen.name,
        level=seen.level,
        hp_max=seen.hp_max,
        stats=seen.stats,
        skills=seen.skills,
        team=seen.team,
        character_id=seen.character_id,
        id=seen.id,
        slot=seen.slot,
    )


def _vanished(battle: Battle, event: e.Vanished) -> Battle:
    combatant = battle.of(event.who)
    return _changed(battle, combatant, is_hidden=True, seen_at=combatant.cell)


def _appeared(battle: Battle, event: e.Appeared) -> Battle:
    return _changed(battle, battle.of(event.who), is_hidden=False)


def _glimpsed(battle: Battle, event: e.Glimpsed) -> Battle:
    return _changed(battle, battle.of(event.who), seen_at=event.cell)


def _field_laid(battle: Battle, event: e.FieldLaid) -> Battle:
    field = event.field
    counted = battle.effects_created if field.kind == "trap" else max(battle.effects_created, field.id)
    return _noted(battle, fields=(*battle.fields, field), effects_created=counted)


def _field_fired(battle: Battle, event: e.FieldFired) -> Battle:
    if event.field.kind == "glyph":
        return _noted(battle)
    return _noted(battle, fields=_without(battle, event.field.id, event.field.kind))


def _field_revealed(battle: Battle, event: e.FieldRevealed) -> Battle:
    fields = _without(battle, event.field.id, event.field.kind)
    return _noted(battle, fields=(*fields, event.field))


def _field_ended(battle: Battle, event: e.FieldEnded) -> Battle:
    return _noted(battle, fields=_without(battle, event.field_id, event.kind))


def _without(battle: Battle, field_id: int, kind: str) -> tuple[Field, ...]:
    return tuple(field for field in battle.fields if (field.id, field.kind) != (field_id, kind))


def _cooldown_changed(battle: Battle, event: e.CooldownChanged) -> Battle:
    combatant = battle.of(event.who)
    old = next((use for use in combatant.uses if use.skill == event.skill), None)
    use = SkillUse(event.skill, 0, 0, 0, (), 0) if old is None else old
    others = [each for each in combatant.uses if each.skill != event.skill]
    uses = sorted([*others, replace(use, ready_at=event.ready_at)], key=lambda each: each.skill)
    return _changed(battle, combatant, uses=tuple(uses))


def _rule_followed(battle: Battle, event: e.RuleFollowed) -> Battle:
    combatant = battle.of(event.who)
    others = tuple(use for use in combatant.rules if use.rule != event.rule)
    rules = (*others, RuleUse(event.rule, combatant.turns))
    return _changed(battle, combatant, rules=rules, phase=event.phase)


def _fled(battle: Battle, event: e.Fled) -> Battle:
    combatant = battle.of(event.who)
    return _changed(battle, combatant, is_alive=False, has_fled=True, is_hidden=False, hp=0, effects=())


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
    if event.why == "rule":
        owner = battle.of(battle.turn_owner)
        battle = replace(_changed(battle, owner, luck=(*owner.luck, event.value)), events=battle.events)
    streams, now = battle.streams, StreamIndex(event.stream, event.next_index)
    for at, known in enumerate(streams):
        if known.stream == event.stream:
            return _noted(battle, streams=(*streams[:at], now, *streams[at + 1 :]))
    return _noted(battle, streams=tuple(sorted((*streams, now), key=lambda known: known.stream)))


def _unmoving(battle: Battle, _event: e.EffectResisted | e.Collided | e.Said) -> Battle:
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
    e.Revived: _revived,
    e.Summoned: _summoned,
    e.Joined: _joined,
    e.Vanished: _vanished,
    e.Appeared: _appeared,
    e.Glimpsed: _glimpsed,
    e.FieldLaid: _field_laid,
    e.FieldFired: _field_fired,
    e.FieldRevealed: _field_revealed,
    e.FieldEnded: _field_ended,
    e.CooldownChanged: _cooldown_changed,
    e.Said: _unmoving,
    e.RuleFollowed: _rule_followed,
    e.Fled: _fled,
    e.ForfeitVoted: _forfeit_voted,
    e.ConnectionChanged: _connection_changed,
    e.TurnSkipped: _turn_skipped,
    e.ControllerChanged: _controller_changed,
    e.BattleEnded: _battle_ended,
    e.Rolled: _rolled,
}
