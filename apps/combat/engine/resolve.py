"""The rules of battle: `resolve` decides what an input causes, and is the only one that may refuse.

A refusal changes nothing: no state, no dice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from aether.kernel.rng import SEED_BYTES_MAX

from . import events as e
from . import inputs as i
from .bosses import follow
from .casting import cast
from .definitions import Rulebook
from .dice import Dice
from .hurting import bury_orphans, clear_ground
from .joining import join
from .outcome import FORFEIT_FROM_ROUND, NOBODY, check_victory, end, other_team
from .refusals import (
    AlreadyReady,
    BadSeed,
    CellTaken,
    NotAlive,
    NotAllowed,
    NotPlaceable,
    NotYourTurn,
    TooEarly,
    UnknownCombatant,
    WrongPhase,
)
from .resolution import EngineFaultError, Resolution
from .state import Battle, Combatant
from .turns import end_turn, start_fight
from .unfolding import settle
from .walking import walk

SKIPS_BEFORE_AFK = 2


class Step(NamedTuple):
    battle: Battle
    events: tuple[e.Event, ...]


def step(battle: Battle, actor: int, intent: i.Input, rulebook: Rulebook, dice: Dice) -> Step:
    """Return the battle after an input, and the events that led there. Raise `Refusal` or change it."""
    r = Resolution(battle, rulebook, dice)
    try:
        _DECIDED[type(intent)](r, actor, intent)
    except EngineFaultError:
        r = Resolution(battle, rulebook, dice)
        end(r, winner=NOBODY, reason="engine_fault")
    return Step(r.battle, tuple(r.events))


def resolve(
    battle: Battle, actor: int, intent: i.Input, rulebook: Rulebook, dice: Dice
) -> tuple[e.Event, ...]:
    """Return the events that an input causes."""
    return step(battle, actor, intent, rulebook, dice).events


def _place(r: Resolution, actor: int, intent: i.Place) -> None:
    combatant = _placing(r, actor)
    if intent.cell not in r.battle.header.placement[combatant.team]:
        raise NotPlaceable
    standing = r.battle.standing_on(intent.cell)
    if standing is not None and standing.id != actor:
        raise CellTaken
    r.emit(e.Placed(actor, intent.cell))


def _ready(r: Resolution, actor: int, intent: i.Ready) -> None:
    _placing(r, actor)
    r.emit(e.Readied(actor, _checked_seed(intent.seed)))
    _start_when_all_are_ready(r)


def _start_when_all_are_ready(r: Resolution) -> None:
    if all(combatant.is_ready or not combatant.is_alive for combatant in r.battle.combatants):
        start_fight(r)


def _placement_timeout(r: Resolution, actor: int, _intent: i.PlacementTimeout) -> None:
    _by_system(actor)
    _in_phase(r, "placement")
    for combatant in r.battle.combatants:
        if not combatant.is_ready:
            r.emit(e.Readied(combatant.id, ""))
    start_fight(r)


def _join(r: Resolution, actor: int, intent: i.Join) -> None:
    _by_system(actor)
    join(r, intent)


def _move(r: Resolution, actor: int, intent: i.Move) -> None:
    who = _deciding(r, actor, intent)
    walk(r, who, intent.path)
    settle(r)
    _end_if_fallen(r, who)


def _cast(r: Resolution, actor: int, intent: i.Cast) -> None:
    who = _deciding(r, actor, intent)
    cast(r, who, intent.skill, intent.cell)
    _end_if_fallen(r, who)


def _follow(r: Resolution, actor: int, intent: i.Follow) -> None:
    """A row of a monster's rules; only the house may choose one, which acts as the monster itself."""
    acting = _acting(r, actor)
    if acting.id != actor or not r.battle.is_automatic(acting):
        raise NotAllowed
    follow(r, acting.id, intent)
    _end_if_fallen(r, acting.id)


def _end_if_fallen(r: Resolution, who: int) -> None:
    if not r.is_over and not r.of(who).is_alive:
        end_turn(r, who)


def _end_turn(r: Resolution, actor: int, intent: i.EndTurn) -> None:
    end_turn(r, _deciding(r, actor, intent))


def _deciding(r: Resolution, actor: int, intent: i.Decision) -> int:
    """Return who acts. What a machine drew to decide is drawn again here, so that it leaves its receipt."""
    acting = _acting(r, actor)
    if intent.among:
        if acting.id != actor or not r.battle.is_automatic(acting):
            raise NotAllowed
        stream, why = i.CHOICE
        r.below(intent.among, stream=stream, why=why)
    return acting.id


def _turn_timeout(r: Resolution, actor: int, _intent: i.TurnTimeout) -> None:
    _by_system(actor)
    _in_phase(r, "fighting")
    owner = r.of(r.battle.turn_owner)
    if owner.controller == "human" and not owner.is_connected:
        r.emit(e.TurnSkipped(owner.id, owner.skipped + 1))
        if owner.skipped + 1 >= SKIPS_BEFORE_AFK:
            r.emit(e.ControllerChanged(owner.id, "afk"))
    end_turn(r, owner.id)


def _forfeit(r: Resolution, actor: int, _intent: i.Forfeit) -> None:
    """PvE: one flees alone. PvP: alone at once, as a team by the majority of connected humans."""
    combatant = _human(r, actor)
    if r.battle.phase == "ended":
        raise WrongPhase
    if r.battle.header.mode == "pve":
        _flee(r, combatant)
        return
    if len(_humans_of(r, combatant.team)) > 1:
        _vote(r, combatant)
    else:
        end(r, winner=other_team(combatant.team), reason="forfeit")


def _flee(r: Resolution, combatant: Combatant) -> None:
    if not combatant.is_alive:
        raise NotAlive
    if combatant.is_hidden:
        # Like the dying: a view of who has fled shows where it fell, so those who watch have to know.
        r.emit(e.Appeared(combatant.id, combatant.cell, combatant.mp))
    r.emit(e.Fled(combatant.id))
    clear_ground(r, combatant.id)
    bury_orphans(r)
    check_victory(r)
    if r.battle.phase == "placement":
        _start_when_all_are_ready(r)
    else:
        # Its own turn, or that of a summon that went with it.
        _end_if_fallen(r, r.battle.turn_owner)


def _vote(r: Resolution, combatant: Combatant) -> None:
    if r.battle.round < FORFEIT_FROM_ROUND:
        raise TooEarly
    if combatant.id in r.battle.forfeit_votes:
        raise NotAllowed
    r.emit(e.ForfeitVoted(combatant.id))
    _count_votes(r, combatant.team)


def _count_votes(r: Resolution, team: int) -> None:
    """Let a team give up once most of its connected humans want to; who comes or goes changes how many."""
    connected = [each.id for each in _humans_of(r, team) if each.is_connected]
    votes = [who for who in r.battle.forfeit_votes if who in connected]
    if not r.is_over and 2 * len(votes) > len(connected):
        end(r, winner=other_team(team), reason="forfeit")


def _humans_of(r: Resolution, team: int) -> list[Combatant]:
    return [each for each in r.battle.combatants if each.team == team and _is_human(r, each)]


def _disconnect(r: Resolution, actor: int, intent: i.Disconnect) -> None:
    _by_system(actor)
    if not _human(r, intent.who).is_connected:
        raise NotAllowed
    r.emit(e.ConnectionChanged(intent.who, is_connected=False))
    _count_votes(r, _human(r, intent.who).team)


def _reconnect(r: Resolution, actor: int, intent: i.Reconnect) -> None:
    """Whoever comes back decides again at once: each choice of the AI was an input of its own."""
    _by_system(actor)
    combatant = _human(r, intent.who)
    if combatant.is_connected:
        raise NotAllowed
    r.emit(e.ConnectionChanged(intent.who, is_connected=True))
    if combatant.skipped:
        r.emit(e.TurnSkipped(intent.who, 0))
    if combatant.controller == "afk":
        r.emit(e.ControllerChanged(intent.who, "human"))
    _count_votes(r, combatant.team)


def _abandon(r: Resolution, actor: int, intent: i.Abandon) -> None:
    _by_system(actor)
    if r.battle.phase == "ended":
        raise WrongPhase
    if intent.team not in (0, 1):
        raise NotAllowed
    end(r, winner=other_team(intent.team), reason="abandoned")


def _by_system(actor: int) -> None:
    if actor != i.SYSTEM:
        raise NotAllowed


def _in_phase(r: Resolution, phase: str) -> None:
    if r.battle.phase != phase:
        raise WrongPhase


def _known(r: Resolution, actor: int) -> Combatant:
    combatant = r.battle.find(actor)
    if combatant is None:
        raise UnknownCombatant
    return combatant


def _human(r: Resolution, actor: int) -> Combatant:
    combatant = _known(r, actor)
    if not _is_human(r, combatant):
        raise NotAllowed
    return combatant


def _is_human(r: Resolution, combatant: Combatant) -> bool:
    return r.battle.build(combatant).character_id is not None


def _placing(r: Resolution, actor: int) -> Combatant:
    combatant = _human(r, actor)
    _in_phase(r, "placement")
    if combatant.is_ready:
        raise AlreadyReady
    if not combatant.is_alive:
        raise NotAlive
    return combatant


def _acting(r: Resolution, actor: int) -> Combatant:
    combatant = _known(r, actor)
    _in_phase(r, "fighting")
    if not combatant.is_alive:
        raise NotAlive
    owner = r.battle.turn_owner
    if owner == actor:
        return combatant
    acting = r.battle.find(owner)
    if acting is None or acting.controller != "owner" or acting.owner != actor:
        raise NotYourTurn
    return acting


def _checked_seed(seed: str) -> str:
    try:
        given = bytes.fromhex(seed)
    except ValueError:
        raise BadSeed from None
    if len(given) > SEED_BYTES_MAX:
        raise BadSeed
    return given.hex()


_DECIDED: dict[type[i.BattleInput], Callable[[Resolution, int, Any], None]] = {
    i.Place: _place,
    i.Ready: _ready,
    i.PlacementTimeout: _placement_timeout,
    i.Join: _join,
    i.Move: _move,
    i.Cast: _cast,
    i.EndTurn: _end_turn,
    i.Follow: _follow,
    i.TurnTimeout: _turn_timeout,
    i.Forfeit: _forfeit,
    i.Disconnect: _disconnect,
    i.Reconnect: _reconnect,
    i.Abandon: _abandon,
}
