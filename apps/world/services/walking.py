"""Walking and gestures: soft state, in Redis alone, timed and told by the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from aether.kernel import clock
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, StaleError
from aether.kernel.together import Together
from aether.protocol.base import Cell
from aether.protocol.world import Emoted, PlayerWalked, Walk
from apps.world import ground, positions
from apps.world.barriers import closed_cells
from apps.world.errors import InBattleError, NotInWorldError
from apps.world.models import CharacterPlace
from apps.world.positions import Known, Position, Step
from apps.world.rules.walking import STEP_MS, walking_now
from apps.world.services import showing
from apps.world.services.paths import way_on
from apps.world.services.resting import rest

ATTEMPTS = 3
RESTING = "sit"
TOGETHER_S = 0.01
"""A walk can wait for company: it is told with the next tick anyway."""


class _Wish(NamedTuple):
    character_id: int
    path: Sequence[Cell]


async def move(*, character_id: int, path: Sequence[Cell]) -> Walk:
    """Walk along a path, from the cell that the character stands on or is about to reach."""
    wish = _Wish(character_id, path)
    for _ in range(ATTEMPTS):
        try:
            walk = await _walk_together(wish)
        except NotInWorldError:
            # Redis has forgotten: what the database last kept holds.
            if not await in_database_thread(_restore, character_id):
                raise
            continue
        if walk is not None:
            return walk
    raise StaleError


async def emote(*, character_id: int, gesture: str) -> None:
    """Show a gesture to everybody in the zone copy."""
    known = await positions.read(character_id)
    if known is None and await in_database_thread(_restore, character_id):
        known = await positions.read(character_id)
    if known is None:
        raise NotInWorldError
    await positions.announce(known[1].instance, Emoted(id=character_id, emote=gesture))
    if gesture == RESTING:
        await in_database_thread(partial(rest, character_id=character_id))


async def _walk_all(wishes: Sequence[_Wish]) -> list[Walk | GameError | None]:
    """Let everybody walk who may; None for those whose position has changed meanwhile."""
    known = await positions.read_all([wish.character_id for wish in wishes])
    copies = {(position.zone, position.instance) for _, position in known.values()}
    closed = {instance: await closed_cells(zone, instance) for zone, instance in copies}
    answers: list[Walk | GameError | None] = []
    steps: dict[int, Step] = {}
    for at, wish in enumerate(wishes):
        try:
            walk, step = _step(known.get(wish.character_id), wish, closed)
        except GameError as refusal:
            answers.append(refusal)
            continue
        answers.append(walk)
        steps[at] = step
        known[wish.character_id] = (step.becomes, step.position)
    for at, is_done in zip(steps, await positions.replace_all(list(steps.values())), strict=True):
        if not is_done:
            answers[at] = None
    return answers


_walk_together = Together(_walk_all, every_s=TOGETHER_S)


def _step(known: Known | None, wish: _Wish, closed: Mapping[str, frozenset[Cell]]) -> tuple[Walk, Step]:
    if known is None:
        raise NotInWorldError
    was, position = known
    walk = _walk(position, wish.path, closed[position.instance])
    walked = PlayerWalked(
        id=wish.character_id, path=walk.path, started_at=walk.started_at, step_ms=walk.step_ms
    )
    seen = replace(
        position.seen,
        cell=walk.path[-1],
        path=walk.path,
        started_at=walk.started_at,
        step_ms=walk.step_ms,
    )
    return walk, positions.step(was, replace(position, seen=seen), walked)


def _walk(position: Position, path: Sequence[Cell], closed: frozenset[Cell]) -> Walk:
    seen = position.seen
    if seen.is_in_battle:
        raise InBattleError
    now = walking_now(seen.path or [seen.cell], seen.started_at, seen.step_ms, clock.now())
    cells = way_on(path, now.stands, ground.map_of(position.zone), closed)
    return Walk(path=[*now.path, *cells], started_at=now.started_at, step_ms=STEP_MS)


def _restore(character_id: int) -> bool:
    """Show a character where the database has last kept it, if it is in the world."""
    place = CharacterPlace.objects.filter(character_id=character_id, is_present=True).first()
    if place is None:
        return False
    showing.show(place)
    return True
