"""Live positions in Redis: who stands where in which zone copy, and what has changed since the last tick.

A character's position and the change that tells it are written together, so that changes are told in
the order in which they happened. All of it can be rebuilt from the checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple, cast

import msgspec
import structlog
from msgspec.structs import replace
from redis.exceptions import RedisError

from aether.kernel.live import aredis, redis
from aether.kernel.transactions import read_before
from aether.protocol.world import (
    Emoted,
    GatherBegan,
    NodeChanged,
    ObjectMoved,
    PlayerCame,
    PlayerLeft,
    PlayerSeen,
    PlayerWalked,
)

logger = structlog.get_logger(__name__)

CHANGES_LAPSE_S = 60
"""Nobody ticks this zone copy: who looks at it later gets a snapshot anyway."""

TRIES = 10

Change = PlayerCame | PlayerWalked | PlayerLeft | Emoted

# For each character three arguments: its position as it was read, the new one, and what to tell.
_REPLACE = """
local kept, now, writes, told, answers = redis.call('MGET', unpack(KEYS, 2)), {}, {}, {}, {}
for i = 1, #kept do now[KEYS[i + 1]] = kept[i] end
for i = 1, #kept do
  local key, becomes = KEYS[i + 1], ARGV[3 * i]
  answers[i] = now[key] == ARGV[3 * i - 1] and 1 or 0
  if answers[i] == 1 then
    now[key] = becomes
    writes[#writes + 1] = key
    writes[#writes + 1] = becomes
    told[#told + 1] = ARGV[3 * i + 1]
  end
end
if #told > 0 then
  redis.call('MSET', unpack(writes))
  redis.call('RPUSH', KEYS[1], unpack(told))
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return answers
"""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a character is, as everybody in its zone copy sees it."""

    zone: str
    instance: str
    seen: PlayerSeen


class GroupChanged(msgspec.Struct, frozen=True, tag_field="c", tag="group_row"):
    """A monster group changed: whoever ticks the zone tells how it stands by then."""

    id: int


Pending = Change | GroupChanged | NodeChanged | ObjectMoved | GatherBegan


def place(*standing: Position, left: Collection[str] = ()) -> None:
    """Put characters where they are from now on, and tell their zone copies. From a thread, after commit.

    They are gone from the copies that they have `left` in the same moment.
    """
    pipe = redis().pipeline()
    for instance in left:
        pipe.srem(_in(instance), *(position.seen.id for position in standing))
        _announce(pipe, instance, *(PlayerLeft(id=position.seen.id) for position in standing))
    for instance in {position.instance for position in standing}:
        here = [position for position in standing if position.instance == instance]
        pipe.mset({_at(position.seen.id): msgspec.json.encode(position) for position in here})
        pipe.sadd(_in(instance), *(position.seen.id for position in here))
        _announce(pipe, instance, *(PlayerCame(player=position.seen) for position in here))
    pipe.execute()


def remove(character_id: int, instance: str) -> None:
    """Take a character out of a zone copy, and tell. From a thread, after commit."""
    pipe = redis().pipeline()
    pipe.srem(_in(instance), character_id)
    _announce(pipe, instance, PlayerLeft(id=character_id))
    pipe.execute()
    found = find(character_id)
    if found is not None and found.instance == instance:
        redis().delete(_at(character_id))


def change_looks(character_id: int, change: Callable[[PlayerSeen], PlayerSeen]) -> None:
    """Change how a character looks, wherever it is by now, and tell. From a thread, after commit."""
    for _ in range(TRIES):
        was = cast("bytes | None", redis().get(_at(character_id)))
        position = _decoded(was)
        if was is None or position is None:
            return
        changed = replace(position, seen=change(position.seen))
        keys, arguments = _replacing(position.instance, [step(was, changed, PlayerCame(player=changed.seen))])
        if cast("list[int]", redis().eval(_REPLACE, len(keys), *keys, *arguments)) == [1]:
            return
    logger.warning("a character never stands still enough to change its looks", character=character_id)


def announce_groups(instance: str, group_ids: Iterable[int]) -> None:
    """Have the zone copy told how these groups stand. From a thread, after commit."""
    pipe = redis().pipeline()
    _announce(pipe, instance, *map(GroupChanged, group_ids))
    pipe.execute()


def announce_later(instance: str, change: NodeChanged | ObjectMoved | GatherBegan) -> None:
    """Have the zone copy told something of its nodes and things. From a thread, after commit."""
    pipe = redis().pipeline()
    _announce(pipe, instance, change)
    pipe.execute()


def find(character_id: int) -> Position | None:
    """Return where a character is, if it is shown anywhere. From a thread."""
    return find_all([character_id]).get(character_id)


def find_all(character_ids: Iterable[int]) -> dict[int, Position]:
    """Return where characters are, as far as they are shown anywhere. From a thread.

    Without Redis nobody is anywhere: checkpoints hold.
    """
    return read_before("position", character_ids, _find_all)


def _find_all(wanted: list[int]) -> dict[int, Position]:
    if not wanted:
        return {}
    try:
        kept = cast("list[bytes | None]", redis().mget([_at(character_id) for character_id in wanted]))
    except RedisError as error:
        logger.warning("positions cannot be read", characters=wanted, error=repr(error))
        return {}
    return {
        character_id: position
        for character_id, position in zip(wanted, map(_decoded, kept), strict=True)
        if position is not None
    }


Known = tuple[bytes, Position]
"""A position, with what `replace_all` asks for: as it was read."""


class Step(NamedTuple):
    """A position that is to change from how it was read, and what is told of it."""

    was: bytes
    becomes: bytes
    position: Position
    change: Change


async def read(character_id: int) -> Known | None:
    """Return where a character is."""
    return (await read_all([character_id])).get(character_id)


async def read_all(character_ids: Collection[int]) -> dict[int, Known]:
    """Return where characters are, of those who are shown anywhere."""
    wanted = sorted(set(character_ids))
    kept = cast("list[bytes | None]", await aredis().mget([_at(who) for who in wanted]))
    found = ((who, row, _decoded(row)) for who, row in zip(wanted, kept, strict=True))
    return {who: (row, position) for who, row, position in found if row and position}


def step(was: bytes, position: Position, change: Change) -> Step:
    """Return how a position changes."""
    return Step(was, msgspec.json.encode(position), position, change)


async def replace_all(steps: Sequence[Step]) -> list[bool]:
    """Change the positions that are still as they were read, and tell; return which ones were.

    Steps of one character are taken one after the other.
    """
    answers = [False] * len(steps)
    for instance in {step.position.instance for step in steps}:
        at = [n for n, step in enumerate(steps) if step.position.instance == instance]
        for n, written in zip(at, await _replace_in(instance, [steps[n] for n in at]), strict=True):
            answers[n] = bool(written)
    return answers


async def _replace_in(instance: str, steps: list[Step]) -> list[int]:
    keys, arguments = _replacing(instance, steps)
    return cast("list[int]", await cast(Any, aredis().eval(_REPLACE, len(keys), *keys, *arguments)))


def _replacing(instance: str, steps: list[Step]) -> tuple[list[str], list[bytes | int]]:
    """Return the keys and arguments of `_REPLACE`."""
    keys = [_changes(instance), *(_at(step.position.seen.id) for step in steps)]
    arguments: list[bytes | int] = [CHANGES_LAPSE_S]
    for step in steps:
        arguments += (step.was, step.becomes, msgspec.json.encode(step.change))
    return keys, arguments


async def announce(instance: str, change: Change) -> None:
    """Tell a zone copy something that changes no position."""
    pipe = aredis().pipeline()
    _announce(pipe, instance, change)
    await pipe.execute()


async def take_changes(instances: Sequence[str]) -> dict[str, list[Pending]]:
    """Return what happened in copies since the last time, oldest first; only one process asks for a copy."""
    pipe = aredis().pipeline()
    for instance in instances:
        pipe.lrange(_changes(instance), 0, -1)
    pipe.delete(*map(_changes, instances))
    *taken, _ = await pipe.execute()
    return {
        instance: [msgspec.json.decode(row, type=Pending) for row in rows]
        for instance, rows in zip(instances, taken, strict=True)
    }


def everybody(instance: str) -> list[PlayerSeen]:
    """Return who is in a zone copy, ids ascending. From a thread."""
    return read_before("everybody", [instance], lambda _: {instance: roll(instance).here})[instance]


class Roll(NamedTuple):
    """Who is in a zone copy, and who is listed there and stands elsewhere: it was never told that it left."""

    here: list[PlayerSeen]
    strays: list[int]


def roll(instance: str) -> Roll:
    """Return who is in a zone copy as its list says, ids ascending. From a thread."""
    members = sorted(int(member) for member in cast("set[bytes]", redis().smembers(_in(instance))))
    if not members:
        return Roll([], [])
    kept = cast("list[bytes | None]", redis().mget([_at(member) for member in members]))
    found = [_decoded(row) for row in kept]
    here = [position.seen for position in found if position is not None and position.instance == instance]
    return Roll(here, sorted(set(members) - {seen.id for seen in here}))


async def count(instance: str) -> int:
    """Return how many characters are in a zone copy."""
    return int(await cast(Any, aredis().scard(_in(instance))))


def _announce(pipe: Any, instance: str, *changes: Pending) -> None:
    pipe.rpush(_changes(instance), *map(msgspec.json.encode, changes))
    pipe.expire(_changes(instance), CHANGES_LAPSE_S)


def _decoded(kept: bytes | None) -> Position | None:
    return msgspec.json.decode(kept, type=Position) if kept else None


def _at(character_id: int) -> str:
    return f"world:at:{character_id}"


def _in(instance: str) -> str:
    return f"world:in:{instance}"


def _changes(instance: str) -> str:
    return f"world:changes:{instance}"
