"""The client's reducer, written in Python: a snapshot and the events after it give the next snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from aether.protocol.combat_values import BattleView, Cell, CombatantView, Field, SkillUse
from apps.combat.engine import events as e


def project(view: BattleView, event: Any) -> BattleView:
    """Return the snapshot after an event; only assigns what the event says."""
    if type(event) in BATTLE:
        view = BATTLE[type(event)](view, event)
    if type(event) in COMBATANT:
        change = COMBATANT[type(event)]
        combatants = tuple(
            replace(each, **change(each, event)) if each.id == event.who else each for each in view.combatants
        )
        view = replace(view, combatants=combatants)
    return view


BATTLE: dict[type, Callable[[BattleView, Any], BattleView]] = {
    e.FightStarted: lambda view, event: replace(view, phase="fighting", timeline=event.timeline),
    e.RoundStarted: lambda view, event: replace(view, round=event.round),
    e.TurnStarted: lambda view, event: replace(view, turn=event.turn, turn_owner=event.who),
    e.TurnEnded: lambda view, _: replace(view, turn_owner=0),
    e.Summoned: lambda view, event: replace(entered(view, event.combatant), timeline=event.timeline),
    e.Joined: lambda view, event: entered(view, event.combatant),
    e.FieldLaid: lambda view, event: replace(view, fields=(*view.fields, event.field)),
    e.FieldFired: lambda view, event: view if event.field.kind == "glyph" else without(view, event.field),
    e.FieldRevealed: lambda view, event: replace(
        view, fields=(*without(view, event.field).fields, event.field)
    ),
    e.FieldEnded: lambda view, event: replace(
        view,
        fields=tuple(
            field for field in view.fields if (field.id, field.kind) != (event.field_id, event.kind)
        ),
    ),
    e.ForfeitVoted: lambda view, event: replace(view, forfeit_votes=(*view.forfeit_votes, event.who)),
    e.BattleEnded: lambda view, event: replace(
        view,
        phase="ended",
        turn_owner=0,
        winner=event.winner,
        end_reason=event.reason,
        results=event.results,
    ),
}


def entered(view: BattleView, combatant: CombatantView) -> BattleView:
    began = replace(combatant, **beginning(combatant, combatant.cell))
    return replace(view, combatants=(*view.combatants, began))


def beginning(mine: CombatantView, cell: Cell) -> dict[str, Any]:
    """Whoever's skills are known belongs to the own team: where its turn began is known as well."""
    return {"began_at": cell if mine.skills else None}


def without(view: BattleView, gone: Field) -> BattleView:
    left = (field for field in view.fields if (field.id, field.kind) != (gone.id, gone.kind))
    return replace(view, fields=tuple(left))


def cooldown(mine: CombatantView, event: e.CooldownChanged) -> dict[str, Any]:
    old = next((use for use in mine.uses if use.skill == event.skill), None)
    use = replace(old or SkillUse(event.skill, 0, 0, 0, (), 0), ready_at=event.ready_at)
    others = [each for each in mine.uses if each.skill != event.skill]
    return {"uses": tuple(sorted([*others, use], key=lambda each: each.skill))}


def cast(mine: CombatantView, event: e.SkillCast) -> dict[str, Any]:
    changes: dict[str, Any] = {"ap": event.ap, "mp": event.mp, "hp": event.hp}
    if mine.skills:
        changes["uses"] = used(mine, event)
    return changes


def used(mine: CombatantView, event: e.SkillCast) -> tuple[SkillUse, ...]:
    old = next((use for use in mine.uses if use.skill == event.skill), None)
    again = old if old is not None and old.turn == mine.turns else None
    targets = again.turn_targets if again else ()
    new = SkillUse(
        skill=event.skill,
        ready_at=event.ready_at,
        turn=mine.turns,
        turn_uses=1 + (again.turn_uses if again else 0),
        turn_targets=(*targets, event.target) if event.target else targets,
        fight_uses=1 + (old.fight_uses if old else 0),
    )
    others = [use for use in mine.uses if use.skill != event.skill]
    return tuple(sorted([*others, new], key=lambda use: use.skill))


def effect_changed(mine: CombatantView, event: e.EffectChanged) -> dict[str, Any]:
    changed = {
        "value": event.value,
        "stacks": event.stacks,
        "until": event.until,
        "is_waiting": event.is_waiting,
    }
    effects = (replace(each, **changed) if each.id == event.effect_id else each for each in mine.effects)
    return {"effects": tuple(effects)}


def effect_ended(mine: CombatantView, event: e.EffectEnded) -> dict[str, Any]:
    return {"effects": tuple(each for each in mine.effects if each.id != event.effect_id)}


COMBATANT: dict[type, Callable[[CombatantView, Any], dict[str, Any]]] = {
    e.Placed: lambda mine, event: {"cell": event.cell, **beginning(mine, event.cell)},
    e.Readied: lambda *_: {"is_ready": True},
    e.TurnStarted: lambda mine, event: {"turns": event.turns, **beginning(mine, mine.cell)},
    e.TombstonePassed: lambda _, event: {"turns": event.turns},
    e.PointsChanged: lambda _, event: {
        "ap": event.ap,
        "mp": event.mp,
        "ap_debt": event.ap_debt,
        "mp_debt": event.mp_debt,
    },
    e.Moved: lambda mine, event: {"cell": event.path[-1] if event.path else mine.cell, "mp": event.mp},
    e.SkillCast: cast,
    e.Damaged: lambda _, event: {"hp": event.hp, "hp_max": event.hp_max},
    e.Healed: lambda _, event: {"hp": event.hp},
    e.EffectApplied: lambda mine, event: {"effects": (*mine.effects, event.effect)},
    e.EffectChanged: effect_changed,
    e.EffectEnded: effect_ended,
    e.Displaced: lambda _, event: {"cell": event.path[-1]},
    e.Died: lambda *_: {"is_alive": False, "is_hidden": False, "hp": 0, "effects": ()},
    e.Revived: lambda _, event: {"is_alive": True, "hp": event.hp, "ap": 0, "mp": 0},
    e.Vanished: lambda _, event: {"is_hidden": True, "mp": event.mp},
    e.Appeared: lambda _, event: {"is_hidden": False, "cell": event.cell, "mp": event.mp},
    e.Glimpsed: lambda _, event: {"cell": event.cell},
    e.CooldownChanged: cooldown,
    e.RuleFollowed: lambda _, event: {"phase": event.phase},
    e.Fled: lambda *_: {
        "is_alive": False,
        "has_fled": True,
        "is_hidden": False,
        "hp": 0,
        "effects": (),
    },
    e.ConnectionChanged: lambda _, event: {"is_connected": event.is_connected},
    e.TurnSkipped: lambda _, event: {"skipped": event.skipped},
    e.ControllerChanged: lambda _, event: {"controller": event.controller},
}
