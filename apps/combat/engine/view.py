"""What an audience may see of a battle. Nothing else turns a battle into something to send.

Audiences: `team:0`, `team:1`, `spectator`, `omniscient` (GM and replay).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NewType

from msgspec.structs import replace

from aether.protocol.combat_events import Reveal
from aether.protocol.combat_values import BattleView, CombatantView, Field

from . import events as e
from .dice import seeds_logged
from .state import Battle, Combatant, Header

Audience = NewType("Audience", str)
SPECTATOR = Audience("spectator")
OMNISCIENT = Audience("omniscient")
_TEAMS = (Audience("team:0"), Audience("team:1"))


def audiences(battle: Battle) -> tuple[Audience, ...]:
    """Return every audience that humans may belong to while the battle runs."""
    teams = {build.team for build in battle.header.builds if build.character_id is not None}
    return (*(_TEAMS[team] for team in sorted(teams)), SPECTATOR)


def audience_of(battle: Battle, character_id: int) -> Audience:
    """Return a character's audience: its team, or the spectators."""
    combatant = battle.of_character(character_id)
    return SPECTATOR if combatant is None else _TEAMS[combatant.team]


def view(battle: Battle, audience: Audience) -> BattleView:
    """Return the whole battle as an audience sees it."""
    header = battle.header
    return BattleView(
        battle_id=header.battle_id,
        mode=header.mode,
        phase=battle.phase,
        round=battle.round,
        turn=battle.turn,
        turn_owner=battle.turn_owner,
        timeline=battle.timeline,
        board=header.board,
        placement=header.placement,
        combatants=tuple(_combatant(battle, each, audience) for each in battle.combatants),
        forfeit_votes=tuple(who for who in battle.forfeit_votes if _is_own(battle, who, audience)),
        winner=battle.winner,
        end_reason=battle.end_reason,
        results=battle.results,
        commitment=header.commitment,
        fields=tuple(field for field in battle.fields if _knows(field, audience)),
        objectives=header.objectives,
    )


def view_event(event: e.Event, battle: Battle, audience: Audience) -> e.Event | None:
    """Return an event as an audience sees it, or None when it must not know of it."""
    redacted = _REDACTED.get(type(event))
    if redacted is None or audience == OMNISCIENT:
        return event
    return redacted(event, battle, audience)


def view_events(events: Iterable[e.Event], battle: Battle, audience: Audience) -> list[e.Event]:
    """Return what an audience sees of some events; each one takes one number of its stream."""
    seen = []
    for event in events:
        shown = view_event(event, battle, audience)
        if shown is not None:
            seen.append(shown)
    return seen


def reveal(header: Header, events: Sequence[e.Event], *, server_seed: bytes, log_hash: str) -> Reveal:
    """Return what proves the dice fair. `events` are all of the battle; call after its end only."""
    if not any(isinstance(event, e.BattleEnded) for event in events):
        raise ValueError("the dice of a running battle stay secret")
    return Reveal(
        battle_id=header.battle_id,
        content_hash=header.content_hash,
        commitment=header.commitment,
        server_seed=server_seed.hex(),
        client_seeds=seeds_logged(header, events),
        rolls=tuple(event for event in events if isinstance(event, e.Rolled)),
        log_hash=log_hash,
    )


def known_to(battle: Battle, team: int) -> Battle:
    """Return the battle with all blanked that a team does not know; what its AI decides from.

    Who is unseen is not there at all: it counts as fallen where it was seen last.
    """
    combatants = tuple(each if each.team == team else _as_known(each) for each in battle.combatants)
    fields = tuple(field for field in battle.fields if _knows(field, _TEAMS[team]))
    return replace(battle, combatants=combatants, fields=fields, streams=(), client_seeds=())


def _as_known(other: Combatant) -> Combatant:
    if not other.is_hidden:
        return replace(other, uses=(), rules=(), luck=())
    return replace(other, uses=(), rules=(), luck=(), cell=other.seen_at, mp=0, is_alive=False)


def _knows(field: Field, audience: Audience) -> bool:
    is_open = field.kind == "glyph" or field.is_revealed
    return is_open or audience == OMNISCIENT or audience == _TEAMS[field.team]


def _is_own(battle: Battle, who: int, audience: Audience) -> bool:
    return audience == OMNISCIENT or audience == _TEAMS[battle.of(who).team]


def _without_seed(event: e.Readied, _battle: Battle, _audience: Audience) -> e.Event:
    return replace(event, seed="")


def _without_hash(event: e.TurnEnded, _battle: Battle, _audience: Audience) -> e.Event:
    return replace(event, state_hash="")


def _as_shown(event: e.SkillCast, battle: Battle, audience: Audience) -> e.Event:
    """Others see no cooldown; a covert cast, or one that meets somebody unseen, where it seems to be.

    There it meets nobody: whom it met would tell where it was aimed.
    """
    is_plain = not event.ready_at and event.shown is None and not event.is_hidden
    if is_plain or _is_own(battle, event.who, audience):
        return event
    cell, target = (event.cell, event.target) if event.shown is None else (event.shown, 0)
    mp = 0 if event.is_hidden else event.mp
    return replace(event, ready_at=0, cell=cell, target=target, shown=None, mp=mp)


def _without_movement(event: e.PointsChanged, battle: Battle, audience: Audience) -> e.Event:
    is_plain = not event.is_hidden or _is_own(battle, event.who, audience)
    return event if is_plain else replace(event, mp=0)


def _without_points(event: e.Vanished, battle: Battle, audience: Audience) -> e.Event:
    return event if _is_own(battle, event.who, audience) else replace(event, mp=0)


def _unless_hidden(
    event: e.Moved | e.Displaced | e.Collided, battle: Battle, audience: Audience
) -> e.Event | None:
    return None if event.is_hidden and not _is_own(battle, event.who, audience) else event


def _without_skills(event: e.Summoned | e.Joined, _battle: Battle, audience: Audience) -> e.Event:
    seen = event.combatant
    if audience in (OMNISCIENT, _TEAMS[seen.team]):
        return event
    return replace(event, combatant=replace(seen, skills=(), uses=()))


def _if_known(event: e.FieldLaid, _battle: Battle, audience: Audience) -> e.Event | None:
    return event if _knows(event.field, audience) else None


def _if_open(event: e.FieldEnded, _battle: Battle, audience: Audience) -> e.Event | None:
    is_known = not event.is_hidden or audience in (OMNISCIENT, _TEAMS[event.team])
    return event if is_known else None


def _to_own_team(
    event: e.ForfeitVoted | e.CooldownChanged, battle: Battle, audience: Audience
) -> e.Event | None:
    return event if _is_own(battle, event.who, audience) else None


def _to_nobody(_event: e.Rolled, _battle: Battle, _audience: Audience) -> None:
    return None


_REDACTED: dict[type, Callable[[Any, Battle, Audience], e.Event | None]] = {
    e.Readied: _without_seed,
    e.TurnEnded: _without_hash,
    e.SkillCast: _as_shown,
    e.PointsChanged: _without_movement,
    e.Vanished: _without_points,
    e.Moved: _unless_hidden,
    e.Displaced: _unless_hidden,
    e.Collided: _unless_hidden,
    e.Summoned: _without_skills,
    e.Joined: _without_skills,
    e.FieldLaid: _if_known,
    e.FieldEnded: _if_open,
    e.CooldownChanged: _to_own_team,
    e.ForfeitVoted: _to_own_team,
    e.Rolled: _to_nobody,
}
"""What is not for everybody; all other events are shown as they are."""


def _combatant(battle: Battle, combatant: Combatant, audience: Audience) -> CombatantView:
    build = battle.build(combatant)
    is_own = _is_own(battle, combatant.id, audience)
    is_shown = is_own or not combatant.is_hidden
    return CombatantView(
        id=combatant.id,
        slot=combatant.slot,
        team=combatant.team,
        kind=build.kind,
        ref=build.ref,
        name=build.name,
        level=build.level,
        character_id=build.character_id,
        controller=combatant.controller,
        is_connected=combatant.is_connected,
        is_ready=combatant.is_ready,
        is_alive=combatant.is_alive,
        has_fled=combatant.has_fled,
        cell=combatant.cell if is_shown else combatant.seen_at,
        hp=combatant.hp,
        hp_max=combatant.hp_max,
        ap=combatant.ap,
        mp=combatant.mp if is_shown else 0,
        ap_debt=combatant.ap_debt,
        mp_debt=combatant.mp_debt,
        turns=combatant.turns,
        skipped=combatant.skipped,
        stats=build.stats,
        effects=combatant.effects,
        skills=build.skills if is_own else (),
        uses=combatant.uses if is_own else (),
        owner=combatant.owner,
        is_hidden=combatant.is_hidden,
        phase=combatant.phase,
        began_at=combatant.began_at if is_own and build.skills else None,
        hp_full=build.hp_max,
    )
