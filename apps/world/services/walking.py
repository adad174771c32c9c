"""Walking and gestures: soft state, in Redis alone, timed and told by the server."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from aether.kernel import clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import StaleError
from aether.protocol.base import Cell
from aether.protocol.world import Emoted, PlayerWalked, Walk
from apps.world import ground, positions
from apps.world.errors import InBattleError, NotInWorldError
from apps.world.models import CharacterPlace
from apps.world.positions import Position
from apps.world.rules.walking import STEP_MS, walking_now
from apps.world.services import showing
from apps.world.services.paths import way_on

ATTEMPTS = 3


async def move(*, character_id: int, path: Sequence[Cell]) -> Walk:
    """Walk along a path, from the cell that the character stands on or is about to reach."""
    for _ in range(ATTEMPTS):
        kept, position = await _known(character_id)
        walk = _walk(position, path)
        seen = replace(
            position.seen,
            cell=walk.path[-1],
            path=walk.path,
            started_at=walk.started_at,
            step_ms=walk.step_ms,
        )
        walked = PlayerWalked(
            id=character_id, path=walk.path, started_at=walk.started_at, step_ms=walk.step_ms
        )
        if await positions.replace(kept, replace(position, seen=seen), walked):
            return walk
    raise StaleError


async def emote(*, character_id: int, gesture: str) -> None:
    """Show a gesture to everybody in the zone copy."""
    _, position = await _known(character_id)
    await positions.announce(position.instance, Emoted(id=character_id, emote=gesture))


def _walk(position: Position, path: Sequence[Cell]) -> Walk:
    seen = position.seen
    if seen.is_in_battle:
        raise InBattleError
    now = walking_now(seen.path or [seen.cell], seen.started_at, seen.step_ms, clock.now())
    cells = way_on(path, now.stands, ground.map_of(position.zone))
    return Walk(path=[*now.path, *cells], started_at=now.started_at, step_ms=STEP_MS)


async def _known(character_id: int) -> tuple[bytes, Position]:
    """Return where a character is; where Redis has forgotten, what the database last kept."""
    found = await positions.read(character_id)
    if found is None:
        await in_database_thread(_restore, character_id)
        found = await positions.read(character_id)
    if found is None:
        raise NotInWorldError
    return found


def _restore(character_id: int) -> None:
    place = CharacterPlace.objects.filter(character_id=character_id, is_present=True).first()
    if place is not None:
        showing.show(place)
