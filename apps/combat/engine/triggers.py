"""What triggers wait for: which events are moments to whom, and in which order triggers answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from aether.protocol.combat_values import LastingEffect

from . import events as e
from .addresses import trigger_of
from .definitions import Moment, Rulebook, Trigger
from .state import Battle


class Occasion(NamedTuple):
    """Something that happened to `who`; `other` had a part in it."""

    on: Moment
    who: int
    other: int


class Answer(NamedTuple):
    bearer: int
    effect: LastingEffect
    other: int


def noticed(before: Battle, after: Battle, event: e.Event, rulebook: Rulebook) -> list[Answer]:
    """Return the triggers that answer to an event: by priority, then slot, then age."""
    found = _OCCASIONS.get(type(event))
    return [] if found is None else answers(before, after, found(before, event), rulebook)


def answers(before: Battle, after: Battle, occasions: Iterable[Occasion], rulebook: Rulebook) -> list[Answer]:
    """Return the triggers that answer to what happened. Who just died still answers to that, then no more."""
    ranked = []
    for on, who, other in occasions:
        bearer = before.find(who)
        if bearer is None or not bearer.is_alive:
            continue
        for effect in bearer.effects:
            if effect.kind == "trigger" and effect.of == on and not effect.is_waiting:
                trigger = trigger_of(rulebook, effect.block)
                if trigger.stage == "react" and _is_crossed(trigger, before, after, who):
                    ranked.append((-trigger.priority, bearer.slot, effect.id, Answer(who, effect, other)))
    return [answer for *_, answer in sorted(ranked, key=lambda each: each[:3])]


def _is_crossed(trigger: Trigger, before: Battle, after: Battle, who: int) -> bool:
    """Tell whether hit points went below the line of a trigger just now; true for other moments."""
    if trigger.on != "hp_below":
        return True
    was, now = before.of(who), after.of(who)
    line = trigger.below_pct * before.build(was).hp_max
    return was.hp * 100 >= line > now.hp * 100


def _damaged(_before: Battle, event: e.Damaged) -> list[Occasion]:
    met = [Occasion("damage_taken", event.who, event.by), Occasion("hp_below", event.who, event.by)]
    return [*met, Occasion("damage_dealt", event.by, event.who)] if event.by else met


def _cast(_before: Battle, event: e.SkillCast) -> list[Occasion]:
    return [Occasion("cast", event.who, event.target), Occasion("hp_below", event.who, 0)]


def _died(before: Battle, event: e.Died) -> list[Occasion]:
    team = before.of(event.who).team
    allies = [each.id for each in before.combatants if each.team == team and each.id != event.who]
    occasions = [Occasion("death", event.who, event.by)]
    occasions += [Occasion("ally_death", ally, event.who) for ally in allies]
    return [*occasions, Occasion("kill", event.by, event.who)] if event.by else occasions


def _displaced(_before: Battle, event: e.Displaced) -> list[Occasion]:
    on: Moment = "pushed" if event.cause in ("push", "pull") else "moved"
    return [Occasion(on, event.who, event.by)]


def _round(before: Battle, _event: e.RoundStarted) -> list[Occasion]:
    return [Occasion("round_start", each.id, 0) for each in before.combatants]


def _expired(_before: Battle, event: e.EffectEnded) -> list[Occasion]:
    return [Occasion("effect_expired", event.who, 0)] if event.why == "expired" else []


_OCCASIONS: dict[type, Callable[[Battle, Any], list[Occasion]]] = {
    e.RoundStarted: _round,
    e.TurnStarted: lambda _, event: [Occasion("turn_start", event.who, 0)],
    e.SkillCast: _cast,
    e.Damaged: _damaged,
    e.Healed: lambda _, event: [Occasion("heal_taken", event.who, event.by)],
    e.Died: _died,
    e.Moved: lambda _, event: [Occasion("moved", event.who, 0)] if event.path else [],
    e.Displaced: _displaced,
    e.Collided: lambda _, event: [Occasion("collided", event.who, event.struck)],
    e.EffectApplied: lambda _, event: [Occasion("effect_applied", event.who, event.effect.source)],
    e.EffectEnded: _expired,
}
