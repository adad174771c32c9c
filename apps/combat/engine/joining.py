"""Coming into a battle while sides still place themselves: one more member of a team of humans."""

from __future__ import annotations

from msgspec.structs import replace

from . import events as e
from .inputs import Join
from .opening import entered, seen_entering
from .refusals import NoRoom, NotAllowed, WrongPhase
from .resolution import Resolution
from .state import Battle, Build


def join(r: Resolution, intent: Join) -> None:
    """Let somebody in on the first free cell of the side; refuse once the fight has begun."""
    battle, build = r.battle, intent.build
    if battle.phase != "placement":
        raise WrongPhase
    if not _may_join(battle, build):
        raise NotAllowed
    cells = battle.header.placement[build.team]
    cell = next((cell for cell in cells if battle.standing_on(cell) is None), None)
    if cell is None:
        raise NoRoom(team=build.team)
    build = replace(build, id=r.fresh_joiner_id(), slot=len(battle.combatants))
    combatant = entered(build, cell, r.rulebook)
    r.emit(e.Joined(seen_entering(build, combatant)))


def _may_join(battle: Battle, build: Build) -> bool:
    """Tell if it is somebody new, who comes to others that people play."""
    if build.character_id is None or battle.of_character(build.character_id) is not None:
        return False
    return any(known.team == build.team and known.character_id is not None for known in battle.header.builds)
